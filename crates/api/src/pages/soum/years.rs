//! The soum year by year: drawings, and the same as tables.

use maud::{Markup, html};

use crate::lang::Lang;
use crate::pages::chart::{drought, dzud, years as drawing};
use crate::pages::number::{fixed, signed};
use crate::soums::{ConditionsBody, IndicatorSeries, SeriesBody};
use crate::words;

/// Every indicator by year, with what the years were like.
pub(super) fn years(series: &SeriesBody, lang: Lang) -> Markup {
    html! {
        @if !series.indicators.is_empty() {
            h2 id="years" { (lang.pick("Жил жилээр", "Year by year")) }
            p class="small" {
                (lang.pick(
                    "Цэг бүр нэг жил: суурь түвшний дунджаас хэдий зөрснийг харуулна, дээшээ бол сайжирсан. Саарал зурвас: өөрчлөлтгүй байхад ч арван жилийн ес нь энэ дотор хэлбэлзэнэ. Өнгөт шугам, зурвас: тайлангийн үеийн өөрчлөлт ба 90 % завсар. I1-д тухайн жилийн цаг агаарын нөлөөг хассан. I4-ийг бүтэн үеэр дүгнэдэг тул жилийн утга байхгүй.",
                    "Each point is one year: how far it lies from the baseline's mean, upwards is better. The grey band: nine of ten single years fall in it without any change. The coloured line and band: the change of the reporting period and its 90 % interval. In I1 the weather of the year is taken out. I4 is judged over whole periods and has no single years."
                ))
            }
            @if series.conditions.iter().any(|year| drought(year, lang).is_some() || dzud(year, lang).is_some()) {
                p class="small" {
                    span class="key drought" { (lang.pick("ган (дунд ба түүнээс хүнд)", "drought (moderate or worse)")) } " "
                    span class="key dzud" { (lang.pick("зуд (том малын 10 %-иас их хорогдсон)", "dzud (more than 10 % of grown livestock lost)")) }
                }
            } @else if !series.conditions.iter().any(|year| year.drought.is_some() || year.loss_percent.is_some()) {
                p class="small" { (lang.pick("Цаг агаар, малын хорогдлын мэдээ алга тул ган, зудтай жилийг тэмдэглэсэнгүй.", "No weather and no losses of livestock are held: years of drought and dzud are not marked.")) }
            }
            div class="charts" { @for one in &series.indicators { (drawing(series, one, lang)) } }
            details {
                summary { (lang.pick("Бүх жилийн тоо", "The numbers of all years")) }
                @for one in &series.indicators { (numbers(one, lang)) }
                (conditions(&series.conditions, lang))
            }
        }
    }
}

fn numbers(one: &IndicatorSeries, lang: Lang) -> Markup {
    let (value_unit, unit) = (words::unit(&one.value_unit), words::unit(&one.unit));
    html! {
        table {
            caption { (one.indicator) " " (one.indicator_text.get(lang)) }
            thead { tr {
                th scope="col" { (lang.pick("Жил", "Year")) }
                th scope="col" class="n" { (lang.pick("Ажигласан", "Observed")) ", " (value_unit.get(lang)) " [90 %]" }
                th scope="col" class="n" { (lang.pick("Суурийн дунджаас", "From the baseline's mean")) ", " (unit.get(lang)) }
            } }
            tbody {
                @for year in &one.years {
                    tr {
                        th scope="row" { (year.year) }
                        td class="n" {
                            @if let Some(value) = year.value { (fixed(value, 3)) } @else { "–" }
                            @if let (Some(low), Some(high)) = (year.value_ci90_low, year.value_ci90_high) { " [" (fixed(low, 3)) "; " (fixed(high, 3)) "]" }
                        }
                        td class="n" { @if let Some(change) = year.change { (signed(change, 2)) } @else { "–" } }
                    }
                }
            }
        }
    }
}

fn conditions(years: &[ConditionsBody], lang: Lang) -> Markup {
    let number = |value: Option<f64>, digits: usize| value.map_or_else(|| "–".to_owned(), |v| fixed(v, digits));
    let plus = |value: Option<f64>, digits: usize| value.map_or_else(|| "–".to_owned(), |v| signed(v, digits));
    html! {
        @if !years.is_empty() {
            table {
                caption { (lang.pick("Жилүүдийн нөхцөл: зун нь 5-8 сар", "What the years were like: summer is May to August")) }
                thead { tr {
                    th scope="col" { (lang.pick("Жил", "Year")) }
                    th scope="col" class="n" { (lang.pick("Зуны тунадас, мм", "Summer rain, mm")) }
                    th scope="col" class="n" { (lang.pick("Зуны температур, °C", "Summer temperature, °C")) }
                    th scope="col" class="n" { (lang.pick("Педийн индекс", "Pedj index")) }
                    th scope="col" class="n" { "SPI" }
                    th scope="col" { (lang.pick("Ган", "Drought")) }
                    th scope="col" class="n" { (lang.pick("Зудын индекс", "Dzud index")) }
                    th scope="col" class="n" { (lang.pick("Том малын хорогдол, %", "Grown livestock lost, %")) }
                    th scope="col" class="n" { (lang.pick("Сүргийн өөрчлөлт, %", "Change of the herd, %")) }
                } }
                tbody {
                    @for year in years {
                        tr {
                            th scope="row" { (year.year) }
                            td class="n" { (number(year.precipitation_mm, 0)) }
                            td class="n" { (number(year.temperature_c, 1)) }
                            td class="n" { (plus(year.pedj, 1)) }
                            td class="n" { (plus(year.spi, 1)) }
                            td { @if let Some(text) = &year.drought_text { (text.get(lang)) } @else { "–" } }
                            td class="n" { (plus(year.dzud_index, 1)) }
                            td class="n" { (number(year.loss_percent, 0)) }
                            td class="n" { (plus(year.herd_change_percent, 0)) }
                        }
                    }
                }
            }
        }
    }
}
