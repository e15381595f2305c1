//! The tables of indicators and of stocking.

use belcheer_domain::Indicator;
use maud::{Markup, html};

use crate::lang::Lang;
use crate::pages::{
    chart,
    number::{fixed, signed},
    parts,
};
use crate::verification::{IndicatorBody, StockingBody, VerificationBody};
use crate::words;

/// The columns of the indicators, after the indicator itself; on a phone each names its own line of a card.
const COLUMNS: [(&str, &str); 7] = [
    ("Дүгнэлт", "Class"),
    ("Өөрчлөлт [90\u{a0}% завсар]", "Change [90\u{a0}% interval]"),
    ("Илрүүлж болох хамгийн бага өөрчлөлт", "Minimum detectable change"),
    ("Тэнцүүгийн хязгаар", "Margin"),
    ("Нотолгооны зэрэглэл", "Tier"),
    ("Суурь → тайлан", "Baseline → reporting"),
    ("Шалтгаан, дараагийн алхам", "Reasons, next step"),
];
/// Those that hold numbers.
const NUMBERS: [&str; 4] =
    ["Change [90\u{a0}% interval]", "Minimum detectable change", "Margin", "Baseline → reporting"];

/// The indicators: change, interval, minimum detectable change, tier and reasons.
pub(crate) fn indicators(found: &VerificationBody, lang: Lang) -> Markup {
    html! {
        h2 { (lang.pick("Шалгуур үзүүлэлт", "Indicators")) }
        table class="loose cards" {
            caption { (lang.pick("Өөрчлөлт нэмэх тэмдэгтэй бол сайжирсан", "A change above zero is for the better")) }
            thead { tr {
                th scope="col" { (lang.pick("Үзүүлэлт", "Indicator")) }
                @for (mn, en) in COLUMNS { th scope="col" class=[NUMBERS.contains(&en).then_some("n")] { (lang.pick(mn, en)) } }
            } }
            tbody { @for indicator in &found.indicators { (indicator_row(indicator, lang)) } }
        }
    }
}

fn indicator_row(row: &IndicatorBody, lang: Lang) -> Markup {
    let digits = digits(row.indicator);
    let unit = words::unit(&row.unit);
    let unit = unit.get(lang);
    let label = |place: usize| COLUMNS.get(place).map_or("", |(mn, en)| lang.pick(mn, en));
    html! {
        tr {
            th scope="row" { (row.indicator) " " (row.indicator_text.get(lang)) }
            td data-label=(label(0)) { (parts::class(row.class, lang)) }
            td data-label=(label(1)) class="n" { (change(row, digits)) @if row.effect.is_some() { " " (unit) } }
            td data-label=(label(2)) class="n" { @if let Some(mdc) = row.mdc { (fixed(mdc, digits)) " " (unit) } @else { "-" } }
            td data-label=(label(3)) class="n" { "±" (fixed(row.epsilon, digits)) " " (unit) }
            td data-label=(label(4)) { (row.tier) }
            td data-label=(label(5)) class="n" { (levels(row, lang)) }
            td data-label=(label(6)) {
                @if !row.reasons.is_empty() {
                    ul { @for reason in &row.reasons { li { (reason.text.get(lang)) } } }
                }
                @if let Some(next) = &row.resolution { p { "→ " (next.get(lang)) } }
                a href=(row.method_href) { (row.method_id) }
            }
        }
    }
}

/// A change with its interval, unit and minimum detectable change.
pub(crate) fn change_in_words(row: &IndicatorBody, lang: Lang) -> Markup {
    let digits = digits(row.indicator);
    let unit = words::unit(&row.unit);
    html! {
        (change(row, digits)) @if row.effect.is_some() { " " (unit.get(lang)) }
        @if let Some(mdc) = row.mdc {
            "; " (lang.pick("илрүүлж болох хамгийн бага", "minimum detectable")) " " (fixed(mdc, digits))
        }
    }
}

/// Digits that the unit of an indicator deserves.
fn digits(indicator: Indicator) -> usize {
    match indicator {
        Indicator::I3 | Indicator::I5 => 2,
        _ => 1,
    }
}

fn change(row: &IndicatorBody, digits: usize) -> String {
    match (row.effect, row.ci90_low, row.ci90_high) {
        (Some(effect), Some(low), Some(high)) => {
            format!("{} [{}; {}]", signed(effect, digits), signed(low, digits), signed(high, digits))
        }
        (Some(effect), _, _) => signed(effect, digits),
        (None, _, _) => "-".to_owned(),
    }
}

fn levels(row: &IndicatorBody, lang: Lang) -> String {
    let one = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |v| fixed(v, 2));
    match (row.baseline_value, row.reporting_value) {
        (None, None) => "-".to_owned(),
        (before, after) => format!("{} → {} {}", one(before), one(after), words::unit(&row.value_unit).get(lang)),
    }
}

/// Livestock against capacity.
pub(crate) fn stocking(found: &VerificationBody, lang: Lang) -> Markup {
    html! {
        @if !found.stocking.is_empty() {
            h2 { (lang.pick("Мал ба бэлчээрийн даац", "Livestock and carrying capacity")) }
            div class="charts" { @for season in seasons(&found.stocking) { (chart::stocking(&found.stocking, season, lang)) } }
            details {
                summary { (lang.pick("Бүх жил, улирлаар", "All years by season")) }
                table {
                    caption { (lang.pick("ХТ: хонин толгой", "SFU: sheep forage units")) }
                    thead { tr {
                        th scope="col" { (lang.pick("Жил", "Year")) }
                        th scope="col" { (lang.pick("Улирал", "Season")) }
                        th scope="col" class="n" { (lang.pick("Мал, ХТ", "Livestock, SFU")) }
                        th scope="col" class="n" { (lang.pick("Даац, ХТ", "Capacity, SFU")) }
                        th scope="col" class="n" { (lang.pick("Харьцаа [90 %]", "Ratio [90 %]")) }
                        th scope="col" { (lang.pick("Ангилал", "Class")) }
                        th scope="col" class="n" { (lang.pick("Үлдэгдэл, ХТ", "Balance, SFU")) }
                        th scope="col" class="n" { (lang.pick("Ургац, кг/га", "Yield, kg/ha")) }
                        th scope="col" class="n" { (lang.pick("Талбай, га", "Area, ha")) }
                    } }
                    tbody { @for row in &found.stocking { (stocking_row(row, lang)) } }
                }
            }
        }
    }
}

/// The seasons of use, each once, in the order met.
fn seasons(rows: &[StockingBody]) -> Vec<&str> {
    let mut seasons: Vec<&str> = Vec::new();
    for row in rows {
        if !seasons.contains(&row.season.as_str()) {
            seasons.push(&row.season);
        }
    }
    seasons
}

fn stocking_row(row: &StockingBody, lang: Lang) -> Markup {
    let whole = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |v| fixed(v, 0));
    html! {
        tr {
            th scope="row" { (row.year) }
            td { (words::season(&row.season).get(lang)) }
            td class="n" { (fixed(row.sfu, 0)) }
            td class="n" { (whole(row.capacity_sfu)) }
            td class="n" { (ratio(row)) }
            td { @if let Some(class) = &row.class_text { (class.get(lang)) } }
            td class="n" { (row.balance_sfu.map_or_else(|| "–".to_owned(), |v| signed(v, 0))) }
            td class="n" { (whole(row.yield_kg_ha)) }
            td class="n" { (whole(row.area_ha)) }
        }
    }
}

/// The stocking ratio with its interval; a dash where no capacity is known.
fn ratio(row: &StockingBody) -> String {
    match (row.ratio, row.ratio_ci90_low, row.ratio_ci90_high) {
        (Some(ratio), Some(low), Some(high)) => format!("{} [{}; {}]", fixed(ratio, 2), fixed(low, 2), fixed(high, 2)),
        (Some(ratio), ..) => fixed(ratio, 2),
        (None, ..) => "–".to_owned(),
    }
}
