//! Plain pages for people: rendered here, no script, readable without the style sheet.

#![expect(unused_qualifications, reason = "utoipa writes them into the operations")]

mod country;
mod layout;
mod number;
mod parts;
mod soum;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::lang::Lang;
use crate::problem::{PageProblem, PageRefusals, Problem};
use crate::query::{Checked, given};
use crate::soums::SoumSummary;
use crate::state::ApiState;
use crate::verification;

pub(crate) use layout::refusal;

/// How to show a page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Language, `mn` or `en`; the one of `Accept-Language` when absent, and Mongolian when that names neither.
    #[param(pattern = "^(mn|en)?$")]
    lang: Option<String>,
    /// The cycle; the latest when absent.
    #[param(example = "2024")]
    cycle: Option<String>,
}

impl PageQuery {
    fn lang(&self, headers: &HeaderMap) -> Result<Lang, Problem> {
        match given(self.lang.as_ref()) {
            None => Ok(Lang::named(headers).unwrap_or(Lang::Mn)),
            Some(tag) => {
                Lang::of_tag(tag).ok_or_else(|| Problem::bad_parameter("lang", tag, ("mn эсвэл en", "mn or en")))
            }
        }
    }
}

/// The language that an address or else `Accept-Language` names; Mongolian when neither does.
pub(crate) fn lang_of(uri: &Uri, headers: &HeaderMap) -> Lang {
    let tags = uri.query().unwrap_or("").split('&').filter_map(|pair| pair.strip_prefix("lang="));
    tags.filter_map(Lang::of_tag).next().or_else(|| Lang::named(headers)).unwrap_or(Lang::Mn)
}

/// A page, with its language told.
fn in_language(page: Html<String>, lang: Lang) -> Response {
    ([(header::CONTENT_LANGUAGE, lang.tag())], page).into_response()
}

/// The soums of the latest cycle by aimag, with their status.
#[utoipa::path(get, path = "/", tag = "pages", params(PageQuery),
    responses((status = 200, description = "A page", content_type = "text/html", body = String), PageRefusals))]
pub(crate) async fn country_page(
    State(state): State<ApiState>,
    query: Result<Checked<PageQuery>, Problem>,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let Checked(query) = query?;
    let lang = query.lang(&headers)?;
    let published = match state.published(given(query.cycle.as_ref())).await {
        Err(problem) if problem.code == "nothing_published" => return Ok(in_language(country::empty(lang), lang)),
        other => other?,
    };
    let cycle = published.cycle.cycle.as_str();
    let soums: Vec<SoumSummary> = published.result.soums.iter().map(|row| SoumSummary::new(row, cycle)).collect();
    Ok(in_language(country::page(&published, &soums, lang), lang))
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
    Ok(in_language(soum::page(&found, lang), lang))
}

/// The style sheet of the pages.
#[utoipa::path(get, path = "/style.css", tag = "pages",
    responses((status = 200, description = "The style sheet", content_type = "text/css", body = String)))]
pub(crate) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../data/style.css"))
}
