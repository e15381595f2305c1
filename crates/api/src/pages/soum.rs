//! The page of one soum: the sentence, why, the evidence and what it rests on.

mod evidence;
mod groups;
mod sources;
mod years;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{Html, Response};
use maud::{Markup, html};

use crate::borders::Borders;
use crate::lang::Lang;
use crate::pages::{PageQuery, chart, in_language, layout, map, number::fixed, parts};
use crate::problem::{PageProblem, PageRefusals, Problem};
use crate::query::{Checked, given};
use crate::soums::{self, GroupBody, HistoryRow, PublicationState, SeriesBody};
use crate::state::ApiState;
use crate::verification::{self, VerificationBody};

pub(super) use evidence::change_in_words as change;

/// The page of a verification.
pub(crate) fn page(
    (found, series): (&VerificationBody, &SeriesBody),
    parts: &[GroupBody],
    history: &[HistoryRow],
    borders: &Borders,
    lang: Lang,
) -> Html<String> {
    let address = format!("/soums/{}?cycle={}", found.au2, found.cycle);
    let content = html! {
        (content(found, series, borders, lang))
        (sources::files(found, lang))
        (groups::groups(parts, lang))
        (past(found, history, lang))
        (others(found, lang))
    };
    layout::page(&title(found, lang), &address, lang, &content)
}

/// The same as one file that needs nothing else.
pub(crate) fn report(found: &VerificationBody, series: &SeriesBody, borders: &Borders, lang: Lang) -> Html<String> {
    layout::alone(&title(found, lang), lang, &content(found, series, borders, lang))
}

/// A soum's name, code and aimag.
pub(super) fn title(found: &VerificationBody, lang: Lang) -> String {
    let name = parts::name(found.name_mn.as_deref(), found.name_en.as_deref(), found.au2, lang);
    format!("{name} ({}), {}", found.au2, found.aimag)
}

fn content(found: &VerificationBody, series: &SeriesBody, borders: &Borders, lang: Lang) -> Markup {
    html! {
        div class="first" {
            div {
                p class="sentence" { (found.sentence.get(lang)) }
                (verdict(found, lang))
            }
            (map::locator(borders, found.au2, lang.pick("Сумын байрлал", "Where the soum lies")))
        }
        (reasons(found, lang))
        (evidence::indicators(found, lang))
        (chart::changes(&found.indicators, lang))
        (years::years(series, lang))
        (evidence::stocking(found, lang))
        (review(found, lang))
        (sources::findings(found, lang))
        (sources::inputs(found, lang))
        (sources::method(found, lang))
    }
}

/// What was published of the soum before, and what became of it.
fn past(found: &VerificationBody, history: &[HistoryRow], lang: Lang) -> Markup {
    let became = |row: &HistoryRow| match row.state {
        PublicationState::Current => lang.pick("хүчинтэй", "current"),
        PublicationState::Superseded => lang.pick("сольсон", "superseded"),
        PublicationState::Withdrawn => lang.pick("буцаасан", "withdrawn"),
    };
    html! {
        h2 id="history" { (lang.pick("Түүх", "History")) }
        table {
            caption { (lang.pick("Нийтэлсэн бүх дүгнэлт", "Every verdict that was published")) }
            thead { tr {
                th scope="col" { (lang.pick("Мөчлөг", "Cycle")) }
                th scope="col" { (lang.pick("Төлөв", "Status")) }
                th scope="col" class="n" { (lang.pick("Оноо 0-100 [90 %]", "Score 0-100 [90 %]")) }
                th scope="col" { (lang.pick("Нийтэлсэн", "Published")) }
                th scope="col" { (lang.pick("Байдал", "State")) }
            } }
            tbody {
                @for row in history {
                    tr {
                        th scope="row" {
                            @if row.verification_href.is_some() && row.cycle != found.cycle {
                                a href={ "/soums/" (found.au2) "?cycle=" (row.cycle) "&lang=" (lang.tag()) } { (row.cycle) } " "
                                a href={ "/compare?a=" (found.au2) "&b=" (found.au2) "&cycle_a=" (row.cycle) "&cycle_b=" (found.cycle) "&lang=" (lang.tag()) } { (lang.pick("харьцуулах", "compare")) }
                            } @else { (row.cycle) }
                        }
                        td { @if let Some(status) = row.status { (parts::status(status, lang)) } @else { "-" } }
                        td class="n" { (parts::score(row.score, row.score_ci90_low, row.score_ci90_high)) }
                        td { (parts::day(&row.published_at)) }
                        td { (became(row)) @if let Some(ended) = &row.ended_at { ", " (parts::day(ended)) } }
                    }
                }
            }
        }
    }
}

/// The way to a comparison with another soum.
fn others(found: &VerificationBody, lang: Lang) -> Markup {
    html! {
        form method="get" action="/compare" {
            input type="hidden" name="a" value=(found.au2);
            input type="hidden" name="cycle_a" value=(found.cycle);
            input type="hidden" name="cycle_b" value=(found.cycle);
            input type="hidden" name="lang" value=(lang.tag());
            label { (lang.pick("Өөр сумтай харьцуулах: код", "Compare with another soum: code")) " "
                input name="b" required pattern="0[0-9]{4}" inputmode="numeric" maxlength="5" placeholder="06404";
            }
            " " button { (lang.pick("Харьцуулах", "Compare")) }
        }
    }
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

/// One soum: its verdict and everything it rests on.
#[utoipa::path(get, path = "/soums/{au2}", tag = "pages",
    params(("au2" = String, Path, description = "Soum code, five digits with a leading zero", pattern = "^0(1[1-9]|[2-9][0-9])(0[1-9]|[1-9][0-9])$", example = "06404"), PageQuery),
    responses((status = 200, description = "A page", content_type = "text/html", body = String), PageRefusals))]
pub(crate) async fn soum_page(
    State(state): State<ApiState>,
    Path(code): Path<String>,
    query: Result<Checked<PageQuery>, Problem>,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let Checked(query) = query?;
    let lang = query.lang(&headers)?;
    let found = verification::find(&state, &code, given(query.cycle.as_ref())).await?;
    let (borders, history) = (state.drawn_borders(map::ZOOM).await?, soums::history(&state, found.au2).await?);
    let (published, row) = state.published_soum(found.au2, Some(&found.cycle)).await?;
    let (groups, series) = (soums::groups(&published.result, &row), soums::series(&published, &row));
    Ok(in_language(page((&found, &series), &groups, &history, &borders, lang), lang))
}

/// The page of a soum as one HTML file that needs nothing else, for print and mail.
///
/// # Errors
/// The reason in the language asked for: an unknown language or soum, a cycle that is not published, a catalog that
/// cannot be read.
pub async fn soum_report(state: &ApiState, soum: &str, cycle: Option<&str>, lang: &str) -> Result<String, String> {
    let lang = Lang::of_tag(lang).ok_or_else(|| "the language must be mn or en".to_owned())?;
    let told = |problem: Problem| problem.detail.get(lang).to_owned();
    let found = verification::find(state, soum, cycle).await.map_err(told)?;
    let borders = state.drawn_borders(map::ZOOM).await.map_err(told)?;
    let (published, row) = state.published_soum(found.au2, Some(&found.cycle)).await.map_err(told)?;
    Ok(report(&found, &soums::series(&published, &row), &borders, lang).0)
}
