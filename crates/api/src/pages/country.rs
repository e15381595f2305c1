//! The page of all soums, by aimag.

use std::collections::BTreeMap;

use axum::response::Html;
use belcheer_domain::{Status, aimag_of};
use maud::{Markup, html};

use crate::lang::Lang;
use crate::pages::{layout, number::fixed, parts};
use crate::soums::SoumSummary;
use crate::state::Published;

/// The page while nothing is published.
pub(crate) fn empty(lang: Lang) -> Html<String> {
    let content = html! {
        p { (lang.pick("Үр дүн хараахан нийтлээгүй байна.", "No assessment is published yet.")) }
        p { (lang.pick("Дараагийн алхам:", "Next step:")) " " code { "belcheer assess" } ", " code { "belcheer publish" } }
    };
    layout::page(lang.pick("Сумдын баталгаажуулалт", "Verification of soums"), "/", lang, &content)
}

/// The page of a cycle's soums.
pub(crate) fn page(published: &Published, soums: &[SoumSummary], lang: Lang) -> Html<String> {
    let cycle = &published.cycle;
    let manifest = &published.result.manifest;
    let mut aimags: BTreeMap<(u8, &str), Vec<&SoumSummary>> = BTreeMap::new();
    for soum in soums {
        aimags.entry((soum.au2.aimag_number(), &soum.aimag)).or_default().push(soum);
    }
    let content = html! {
        p {
            (lang.pick("Мөчлөг", "Cycle")) " " strong { (cycle.cycle) } ": "
            (lang.pick("тайлангийн хугацаа", "reporting period")) " " (parts::span(manifest.reporting.into()))
            ", " (lang.pick("суурь түвшин", "baseline")) " " (parts::span(manifest.baseline.into()))
            ". " (lang.pick("Нийтэлсэн", "Published")) " " (cycle.published_at) "."
        }
        (counts(soums, lang))
        @for ((_, name), members) in &aimags { (aimag(name, members, cycle.cycle.as_str(), lang)) }
    };
    let address = format!("/?cycle={}", cycle.cycle);
    layout::page(lang.pick("Сумдын баталгаажуулалт", "Verification of soums"), &address, lang, &content)
}

fn counts(soums: &[SoumSummary], lang: Lang) -> Markup {
    html! {
        table {
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

fn aimag(name: &str, soums: &[&SoumSummary], cycle: &str, lang: Lang) -> Markup {
    let english = soums.first().and_then(|s| aimag_of(s.au2)).filter(|a| a.mn == name).map(|a| a.en);
    let shown = lang.pick(name, english.unwrap_or(name));
    html! {
        h2 { (shown) }
        table {
            caption { (shown) ", " (soums.len()) " " (lang.pick("сум", "soums")) }
            thead { tr {
                th scope="col" { (lang.pick("Код", "Code")) }
                th scope="col" { (lang.pick("Сум", "Soum")) }
                th scope="col" { (lang.pick("Төлөв", "Status")) }
                th scope="col" class="n" { (lang.pick("Оноо 0-100 [90 %]", "Score 0-100 [90 %]")) }
                th scope="col" class="n" { (lang.pick("Бэлчээр, га", "Rangeland, ha")) }
                th scope="col" class="n" { (lang.pick("Үзүүлэлт", "Indicators")) }
                th scope="col" class="n" { (lang.pick("Тэмдэглэл", "Findings")) }
            } }
            tbody { @for soum in soums { (row(soum, cycle, lang)) } }
        }
    }
}

fn row(soum: &SoumSummary, cycle: &str, lang: Lang) -> Markup {
    html! {
        tr {
            td { (soum.au2) }
            th scope="row" {
                a href={ "/soums/" (soum.au2) "?cycle=" (cycle) "&lang=" (lang.tag()) } {
                    (parts::name(soum.name_mn.as_deref(), soum.name_en.as_deref(), soum.au2, lang))
                }
            }
            td { (parts::status(soum.status, lang)) }
            td class="n" { (parts::score(soum.score, soum.score_ci90_low, soum.score_ci90_high)) }
            td class="n" { @if let Some(area) = soum.rangeland_area_ha { (fixed(area, 0)) } @else { "-" } }
            td class="n" { (soum.indicators_used) "/5" }
            td class="n" { (soum.findings) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn every_status_has_its_words_on_the_page() {
        let page = counts(&[], Lang::Mn).into_string();
        for status in Status::ALL {
            assert!(page.contains(&words::status(*status).mn));
        }
    }
}
