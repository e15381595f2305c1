//! The page of all soums: what to look for, the map, the list.

mod order;

use std::collections::HashMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Html, Response};
use belcheer_assessment::result::SoumRow;
use belcheer_domain::{Class, Indicator, SoumCode, Status, aimag_of};
use maud::{Markup, html};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::lang::Lang;
use crate::pages::map::{By, coloured};
use crate::pages::{in_language, language, layout, number::fixed, parts};
use crate::places::Places;
use crate::problem::{PageProblem, PageRefusals, Problem};
use crate::query::{Checked, given};
use crate::soums::Filter;
use crate::state::{ApiState, Published};
use crate::words;

/// The page while nothing is published.
pub(crate) fn empty(lang: Lang) -> Html<String> {
    let content = html! {
        p { (lang.pick("Үр дүн хараахан нийтлээгүй байна.", "No assessment is published yet.")) }
        p { (lang.pick("Дараагийн алхам:", "Next step:")) " " code { "belcheer assess" } ", " code { "belcheer publish" } }
    };
    layout::page(lang.pick("Сумдын баталгаажуулалт", "Verification of soums"), "/", lang, &content)
}

/// What the page shows.
pub(super) struct Country<'a> {
    /// The cycle and its result.
    pub(super) published: &'a Published,
    /// The names of all cycles.
    pub(super) cycles: Vec<String>,
    /// The soums, and whether each meets the conditions.
    pub(super) soums: Vec<(&'a SoumRow, bool)>,
    /// What each indicator says of them.
    pub(super) classes: Classes,
    /// Where the soums lie.
    pub(super) places: &'a Places,
    /// What was asked for.
    pub(super) asked: Conditions,
}

/// The conditions of a page, as written.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    /// Part of a name or code.
    pub(super) q: String,
    /// An aimag's number.
    pub(super) aimag: String,
    /// A status.
    pub(super) status: String,
    /// What the map is coloured by.
    pub(super) by: By,
    /// The column by which the list is ordered; by code when empty.
    pub(super) sort: String,
}

/// The page of a cycle's soums: what to look for, the map, the list.
pub(super) fn page(country: &Country<'_>, lang: Lang) -> Html<String> {
    let cycle = &country.published.cycle;
    let manifest = &country.published.result.manifest;
    let content = html! {
        p {
            (lang.pick("Мөчлөг", "Cycle")) " " strong { (cycle.cycle) } ": "
            (lang.pick("тайлангийн хугацаа", "reporting period")) " " (parts::span(manifest.reporting.into()))
            ", " (lang.pick("суурь түвшин", "baseline")) " " (parts::span(manifest.baseline.into()))
            ". " (lang.pick("Нийтэлсэн", "Published")) " " (parts::day(&cycle.published_at)) "."
        }
        (counts(&country.published.result.soums, lang))
        (filters(country, lang))
        (drawing(country, lang))
        (list(country, lang))
    };
    let address = format!("/?cycle={}", cycle.cycle);
    layout::page(lang.pick("Сумдын баталгаажуулалт", "Verification of soums"), &address, lang, &content)
}

fn counts(soums: &[SoumRow], lang: Lang) -> Markup {
    html! {
        table class="counts" {
            caption { (lang.pick("Сумдын тоо, төлвөөр", "Soums by status")) }
            thead { tr {
                th scope="col" { (lang.pick("Төлөв", "Status")) }
                th scope="col" class="n" { (lang.pick("Сум", "Soums")) }
            } }
            tbody {
                @for status in Status::ALL {
                    tr {
                        th scope="row" { (parts::status(*status, lang)) }
                        td class="n" { (soums.iter().filter(|s| s.status == *status).count()) }
                    }
                }
            }
        }
    }
}

/// The form; it works without scripts, too.
fn filters(country: &Country<'_>, lang: Lang) -> Markup {
    let asked = &country.asked;
    let by = asked.by;
    let mut aimags: Vec<u8> = country.published.result.soums.iter().map(|row| row.au2.aimag_number()).collect();
    aimags.sort_unstable();
    aimags.dedup();
    html! {
        form id="filters" method="get" action="/" role="search" {
            label { (lang.pick("Хайх", "Search")) " "
                input type="search" name="q" value=(asked.q) placeholder=(lang.pick("сумын нэр эсвэл код", "name or code")) autocomplete="off";
            }
            label { (lang.pick("Аймаг", "Aimag")) " "
                select name="aimag" {
                    option value="" { (lang.pick("бүгд", "all")) }
                    @for number in aimags {
                        option value=(format!("{number:02}")) selected[asked.aimag == format!("{number:02}")] {
                            (aimag_name(country, number, lang))
                        }
                    }
                }
            }
            label { (lang.pick("Төлөв", "Status")) " "
                select name="status" {
                    option value="" { (lang.pick("бүгд", "all")) }
                    @for status in Status::ALL {
                        option value=(status.as_str()) selected[asked.status == status.as_str()] { (words::status(*status).get(lang)) }
                    }
                }
            }
            label { (lang.pick("Мөчлөг", "Cycle")) " "
                select name="cycle" {
                    @for cycle in &country.cycles {
                        option value=(cycle) selected[*cycle == country.published.cycle.cycle] { (cycle) }
                    }
                }
            }
            label { (lang.pick("Өнгө", "Colour")) " "
                select name="by" {
                    @for one in By::all() { option value=(one.as_str()) selected[one == by] { (one.name(lang)) } }
                }
            }
            noscript {
                label { (lang.pick("Эрэмбэ", "Order")) " "
                    select name="sort" {
                        option value="" {}
                        @for (key, name) in order::columns(lang) { option value=(key) selected[asked.sort == key] { (name) } }
                    }
                }
            }
            input type="hidden" name="lang" value=(lang.tag());
            button { (lang.pick("Харуулах", "Show")) }
        }
    }
}

fn aimag_name(country: &Country<'_>, number: u8, lang: Lang) -> String {
    let row = country.published.result.soums.iter().find(|row| row.au2.aimag_number() == number);
    row.map_or_else(|| format!("{number:02}"), |row| aimag_of_row(row, lang))
}

fn aimag_of_row(row: &SoumRow, lang: Lang) -> String {
    let english = aimag_of(row.au2).filter(|a| a.mn == row.aimag).map(|a| a.en);
    lang.pick(&row.aimag, english.unwrap_or(&row.aimag)).to_owned()
}

/// The map as a drawing, in whose place scripts put one that moves.
fn drawing(country: &Country<'_>, lang: Lang) -> Markup {
    let cycle = country.published.cycle.cycle.as_str();
    let by = country.asked.by;
    let tiles = format!("/collections/verification/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}?cycle={cycle}");
    html! {
        @if let Some([west, south, east, north]) = bounds(country.places) {
            figure class="map" {
                img id="picture" loading="lazy" width="960" height="500" src={ "/map.svg?cycle=" (cycle) "&by=" (by.as_str()) "&lang=" (lang.tag()) }
                    alt={ (lang.pick("Сумдын газрын зураг: ", "Map of soums: ")) (by.name(lang)) "; " (lang.pick("ижил мэдээлэл доорх хүснэгтэд бий", "the table below tells the same")) };
                div id="map" hidden data-tiles=(tiles) data-layer="verification" data-bounds={ (west) "," (south) "," (east) "," (north) } data-rasters="/v1/rasters" data-cycle=(cycle) {}
                div id="legend" {}
            }
        }
    }
}

fn list(country: &Country<'_>, lang: Lang) -> Markup {
    let classes = &country.classes;
    let cycle = country.published.cycle.cycle.as_str();
    html! {
        p id="count" aria-live="polite" { (country.soums.iter().filter(|(_, shown)| *shown).count()) " / " (country.published.result.soums.len()) " " (lang.pick("сум", "soums")) }
        div class="wide" tabindex="0" role="region" aria-label=(lang.pick("Сумдын хүснэгт", "Table of soums")) {
            table id="soums" {
                caption { (lang.pick("Сумд", "Soums")) }
                thead { tr {
                    th scope="col" data-key="code" { (lang.pick("Код", "Code")) }
                    th scope="col" data-key="name" { (lang.pick("Сум", "Soum")) }
                    th scope="col" data-key="aimag" { (lang.pick("Аймаг", "Aimag")) }
                    th scope="col" data-key="status" { (lang.pick("Төлөв", "Status")) }
                    th scope="col" class="n" data-key="score" { (lang.pick("Оноо 0-100 [90 %]", "Score 0-100 [90 %]")) }
                    @for indicator in Indicator::ALL {
                        th scope="col" data-key=(indicator.as_str()) title=(words::indicator(*indicator).get(lang)) { (indicator) }
                    }
                    th scope="col" class="n" data-key="area" { (lang.pick("Бэлчээр, га", "Rangeland, ha")) }
                    th scope="col" class="n" data-key="findings" { (lang.pick("Тэмдэглэл", "Findings")) }
                } }
                tbody { @for (soum, shown) in &country.soums { (row(soum, *shown, at(country.places, soum.au2), classes, cycle, lang)) } }
            }
        }
    }
}

type Classes = HashMap<(SoumCode, Indicator), Class>;

fn classes(published: &Published) -> Classes {
    published.result.indicators.iter().map(|row| ((row.au2, row.indicator), row.class)).collect()
}

/// West, south, east, north of all soums, degrees; none without boundaries.
fn bounds(places: &Places) -> Option<[f64; 4]> {
    let widest = |a: [f64; 4], b: [f64; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
    places.values().filter_map(|place| place.bbox).reduce(widest)
}

/// Longitude and latitude of a soum's middle, for scripts.
fn at(places: &Places, au2: SoumCode) -> Option<String> {
    let [longitude, latitude] = places.get(&au2)?.centroid?;
    Some(format!("{longitude:.3},{latitude:.3}"))
}

fn row(soum: &SoumRow, shown: bool, at: Option<String>, classes: &Classes, cycle: &str, lang: Lang) -> Markup {
    let class = |indicator: Indicator| classes.get(&(soum.au2, indicator)).copied();
    let said = |indicator| class(indicator).map(Class::as_str);
    let names: Vec<&str> = [&soum.name_mn, &soum.name_en].into_iter().filter_map(Option::as_deref).collect();
    html! {
        tr hidden[!shown] data-au2=(soum.au2) data-aimag=(format!("{:02}", soum.au2.aimag_number())) data-status=(soum.status.as_str())
            data-score=[soum.score] data-area=[soum.rangeland_area_ha] data-findings=(soum.findings) data-at=[at] data-names=(names.join("|"))
            data-i1=[said(Indicator::I1)] data-i2=[said(Indicator::I2)] data-i3=[said(Indicator::I3)] data-i4=[said(Indicator::I4)] data-i5=[said(Indicator::I5)] {
            td { (soum.au2) }
            th scope="row" {
                a href={ "/soums/" (soum.au2) "?cycle=" (cycle) "&lang=" (lang.tag()) } {
                    (parts::name(soum.name_mn.as_deref(), soum.name_en.as_deref(), soum.au2, lang))
                }
            }
            td { (aimag_of_row(soum, lang)) }
            td { (parts::status(soum.status, lang)) }
            td class="n" { (parts::score(soum.score, soum.score_ci90.map(|c| c.0), soum.score_ci90.map(|c| c.1))) }
            @for indicator in Indicator::ALL { td { @if let Some(class) = class(*indicator) { (parts::class_mark(class, lang)) } } }
            td class="n" { @if let Some(area) = soum.rangeland_area_ha { (fixed(area, 0)) } @else { "-" } }
            td class="n" { (soum.findings) }
        }
    }
}

/// What the page of all soums shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CountryQuery {
    /// Language, `mn` or `en`; the one of `Accept-Language` when absent, and Mongolian when that names neither.
    #[param(pattern = "^(mn|en)?$")]
    lang: Option<String>,
    /// The cycle; the latest when absent.
    #[param(example = "2024")]
    cycle: Option<String>,
    /// Only soums with this text in their code or name, Cyrillic or Latin.
    q: Option<String>,
    /// Only soums of this aimag: two digits, or its name.
    #[param(example = "64")]
    aimag: Option<String>,
    /// Only soums of this status.
    #[param(pattern = "^(verified_improving|verified_maintained|not_verified|insufficient_evidence)?$")]
    status: Option<String>,
    /// What the map is coloured by; the status when absent.
    #[param(pattern = "^(status|score|I1|I2|I3|I4|I5)?$")]
    by: Option<String>,
    /// The column by which the list is ordered.
    #[param(pattern = "^(code|name|aimag|status|score|I1|I2|I3|I4|I5|area|findings)?$")]
    sort: Option<String>,
    /// `desc` to order from the highest down.
    #[param(pattern = "^(asc|desc)?$")]
    dir: Option<String>,
}

/// The column by which to order; none when the address names none.
fn sorted_by(said: Option<&String>) -> Result<String, Problem> {
    let word = given(said).unwrap_or_default();
    let words = "code, name, aimag, status, score, I1, I2, I3, I4, I5, area, findings";
    if word.is_empty() || order::is_column(word) {
        return Ok(word.to_owned());
    }
    Err(Problem::bad_parameter("sort", word, (words, words)))
}

/// The soums of a cycle: the map, the list, and what to look for.
#[utoipa::path(get, path = "/", tag = "pages", params(CountryQuery),
    responses((status = 200, description = "A page", content_type = "text/html", body = String), PageRefusals))]
pub(crate) async fn country_page(
    State(state): State<ApiState>,
    query: Result<Checked<CountryQuery>, Problem>,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let Checked(query) = query?;
    let lang = language(query.lang.as_ref(), &headers)?;
    let published = match state.published(given(query.cycle.as_ref())).await {
        Err(problem) if problem.code == "nothing_published" => return Ok(in_language(empty(lang), lang)),
        other => other?,
    };
    let (by, places) = (coloured(query.by.as_ref())?, state.places().await?);
    let text = |said: &Option<String>| given(said.as_ref()).unwrap_or_default().to_owned();
    let asked = Conditions {
        q: text(&query.q),
        aimag: text(&query.aimag),
        status: text(&query.status),
        by,
        sort: sorted_by(query.sort.as_ref())?,
    };
    let filter =
        Filter::read(given(query.status.as_ref()), given(query.aimag.as_ref()), None, given(query.q.as_ref()))?;
    let classes = classes(&published);
    let mut soums: Vec<_> = published.result.soums.iter().map(|row| (row, filter.passes(row, &places))).collect();
    if !asked.sort.is_empty() {
        order::order(&mut soums, &asked.sort, given(query.dir.as_ref()) == Some("desc"), &classes, lang);
    }
    let country = Country {
        published: &published,
        cycles: state.cycles().await?.into_iter().map(|cycle| cycle.cycle).collect(),
        soums,
        classes,
        places: &places,
        asked,
    };
    Ok(in_language(page(&country, lang), lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_words_on_the_page() {
        let page = counts(&[], Lang::Mn).into_string();
        for status in Status::ALL {
            assert!(page.contains(&words::status(*status).mn));
        }
    }
}
