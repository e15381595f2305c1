//! The page of one soum: the sentence, why, the evidence and what it rests on.

mod evidence;
mod sources;

use axum::response::Html;
use maud::{Markup, html};

use crate::borders::Borders;
use crate::lang::Lang;
use crate::pages::{chart, layout, map, number::fixed, parts};
use crate::verification::VerificationBody;

/// The page of a verification.
pub(crate) fn page(found: &VerificationBody, borders: &Borders, lang: Lang) -> Html<String> {
    let name = parts::name(found.name_mn.as_deref(), found.name_en.as_deref(), found.au2, lang);
    let title = format!("{name} ({}), {}", found.au2, found.aimag);
    let content = html! {
        div class="first" {
            div {
                p class="sentence" { (found.sentence.get(lang)) }
                (verdict(found, lang))
            }
            (map::locator(borders, found.au2, lang.pick("Сумын байрлал", "Where the soum lies")))
        }
        button type="button" data-print hidden { (lang.pick("Хэвлэх", "Print")) }
        (reasons(found, lang))
        (evidence::indicators(found, lang))
        (chart::changes(&found.indicators, lang))
        (evidence::stocking(found, lang))
        (review(found, lang))
        (sources::findings(found, lang))
        (sources::inputs(found, lang))
        (sources::method(found, lang))
    };
    let address = format!("/soums/{}?cycle={}", found.au2, found.cycle);
    layout::page(&title, &address, lang, &content)
}

fn verdict(found: &VerificationBody, lang: Lang) -> Markup {
    html! {
        dl {
            dt { (lang.pick("Төлөв", "Status")) }
            dd { (parts::status(found.status, lang)) }
            dt { (lang.pick("Оноо, 0-100 [90 % итгэмжит завсар]", "Score, 0-100 [90 % interval]")) }
            dd { (parts::score(found.score, found.score_ci90_low, found.score_ci90_high)) }
            dt { (lang.pick("Мөчлөг", "Cycle")) }
            dd {
                (found.cycle) ": " (parts::span(found.reporting)) ", "
                (lang.pick("суурь түвшин", "baseline")) " " (parts::span(found.baseline))
            }
            dt { (lang.pick("Нутаг дэвсгэр, км²", "Area, km²")) }
            dd { (fixed(found.area_km2, 0)) }
            dt { (lang.pick("Үнэлсэн бэлчээр, га", "Assessed rangeland, ha")) }
            dd { @if let Some(area) = found.rangeland_area_ha { (fixed(area, 0)) } @else { "-" } }
            dt { (lang.pick("Нийтэлсэн", "Published")) }
            dd { (parts::day(&found.published_at)) }
        }
    }
}

fn reasons(found: &VerificationBody, lang: Lang) -> Markup {
    html! {
        @if !found.reasons.is_empty() {
            h2 { (lang.pick("Яагаад", "Why")) }
            ul { @for reason in &found.reasons { li { (reason.text.get(lang)) " " code { (reason.code) } } } }
        }
        @if let Some(text) = &found.would_change {
            h2 { (lang.pick("Дүгнэлтийг юу өөрчлөх вэ", "What would change the verdict")) }
            p { (text.get(lang)) }
        }
    }
}

/// The reviewer's sheet, folded: it is long.
fn review(found: &VerificationBody, lang: Lang) -> Markup {
    html! {
        details {
            summary { (lang.pick("Хянагчийн хуудас: эсэргүүцэл бүрд юу хариулах вэ", "Reviewer's sheet: how each attack is met")) }
            table {
                caption { (lang.pick("Эсэргүүцэл ба хариу", "Attacks and defences")) }
                tr {
                    th scope="col" { (lang.pick("Дугаар", "No.")) }
                    th scope="col" { (lang.pick("Эсэргүүцэл", "Attack")) }
                    th scope="col" { (lang.pick("Хариу", "What meets it")) }
                    th scope="col" { (lang.pick("Байдал", "State")) }
                    th scope="col" { (lang.pick("Тоо", "Number")) }
                }
                @for row in &found.review {
                    tr {
                        th scope="row" { (row.attack) }
                        td { (row.attack_text.get(lang)) }
                        td { (row.defence_text.get(lang)) }
                        td { code { (row.defence) } }
                        td { @if let Some(number) = row.number { (fixed(number, 2)) } @if let Some(unit) = &row.unit { " " (unit) } }
                    }
                }
            }
        }
    }
}
