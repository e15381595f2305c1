//! Two verdicts side by side: two soums, or two cycles of one.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Html, Response};
use belcheer_domain::Indicator;
use maud::{Markup, html};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::lang::Lang;
use crate::pages::{in_language, language, layout, parts, soum};
use crate::problem::{PageProblem, PageRefusals, Problem};
use crate::query::{Checked, given};
use crate::state::ApiState;
use crate::verification::{self, IndicatorBody, VerificationBody};
use crate::words;

/// The page.
pub(super) fn page(two: [&VerificationBody; 2], lang: Lang) -> Html<String> {
    let title = lang.pick("Харьцуулалт", "Comparison");
    let content = html! {
        @if two[0].method.scheme_digest != two[1].method.scheme_digest {
            p class="sentence" { (lang.pick(
                "Хоёр дүгнэлтийг өөр дүрмээр гаргасан тул шууд харьцуулж болохгүй.",
                "The two verdicts were reached by different rules; they cannot be compared directly.",
            )) }
        }
        div class="wide" tabindex="0" role="region" aria-label=(title) {
            table class="loose beside" {
                caption { (lang.pick("Өөрчлөлт нэмэх тэмдэгтэй бол сайжирсан; хаалтанд 90 % завсар", "A change above zero is for the better; 90 % interval in brackets")) }
                thead { tr {
                    td {}
                    @for one in two {
                        th scope="col" {
                            a href={ "/soums/" (one.au2) "?cycle=" (one.cycle) "&lang=" (lang.tag()) } { (soum::title(one, lang)) }
                            br; (one.cycle) ": " (parts::span(one.reporting))
                        }
                    }
                } }
                tbody {
                    (row(lang.pick("Төлөв", "Status"), two.map(|one| parts::status(one.status, lang))))
                    (row(lang.pick("Оноо 0-100 [90 %]", "Score 0-100 [90 %]"), two.map(|one| html! { (parts::score(one.score, one.score_ci90_low, one.score_ci90_high)) })))
                    (row(lang.pick("Суурь түвшин", "Baseline"), two.map(|one| html! { (parts::span(one.baseline)) })))
                    @for indicator in Indicator::ALL {
                        (row(&format!("{indicator} {}", words::indicator(*indicator).get(lang)), two.map(|one| cell(one, *indicator, lang))))
                    }
                }
            }
        }
    };
    let address =
        format!("/compare?a={}&b={}&cycle_a={}&cycle_b={}", two[0].au2, two[1].au2, two[0].cycle, two[1].cycle);
    layout::page(title, &address, lang, &content)
}

fn row(label: &str, cells: [Markup; 2]) -> Markup {
    html! { tr { th scope="row" { (label) } @for cell in cells { td { (cell) } } } }
}

fn cell(found: &VerificationBody, indicator: Indicator, lang: Lang) -> Markup {
    let row: Option<&IndicatorBody> = found.indicators.iter().find(|row| row.indicator == indicator);
    html! {
        @if let Some(row) = row {
            (parts::class(row.class, lang)) br;
            (soum::change(row, lang))
        } @else { "-" }
    }
}

/// Which two verdicts to compare.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CompareQuery {
    /// The first soum's code.
    #[param(value_type = String, pattern = "^0(1[1-9]|[2-9][0-9])(0[1-9]|[1-9][0-9])$", example = "06404")]
    a: Option<String>,
    /// The second soum's code; the first one when absent.
    #[param(pattern = "^(0(1[1-9]|[2-9][0-9])(0[1-9]|[1-9][0-9]))?$")]
    b: Option<String>,
    /// The first cycle; the latest when absent.
    cycle_a: Option<String>,
    /// The second cycle; the latest when absent.
    cycle_b: Option<String>,
    /// Language, `mn` or `en`, as of other pages.
    #[param(pattern = "^(mn|en)?$")]
    lang: Option<String>,
}

/// Two verdicts side by side: two soums, or two cycles of one.
#[utoipa::path(get, path = "/compare", tag = "pages", params(CompareQuery),
    responses((status = 200, description = "A page", content_type = "text/html", body = String), PageRefusals))]
pub(crate) async fn compare_page(
    State(state): State<ApiState>,
    query: Result<Checked<CompareQuery>, Problem>,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let Checked(query) = query?;
    let lang = language(query.lang.as_ref(), &headers)?;
    let first = given(query.a.as_ref()).unwrap_or_default();
    let second = given(query.b.as_ref()).unwrap_or(first);
    let one = verification::find(&state, first, given(query.cycle_a.as_ref())).await?;
    let other = verification::find(&state, second, given(query.cycle_b.as_ref())).await?;
    Ok(in_language(page([&one, &other], lang), lang))
}
