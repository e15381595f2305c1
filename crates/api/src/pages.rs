//! Pages for people: rendered here, whole without scripts, readable without the style sheet.

#![expect(unused_qualifications, reason = "utoipa writes them into the operations")]

mod chart;
mod compare;
mod country;
mod desk;
mod docs;
mod layout;
mod map;
mod number;
mod parts;
mod soum;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::lang::Lang;
use crate::pages::country::{Conditions, Country};
use crate::pages::map::By;
use crate::problem::{PageProblem, PageRefusals, Problem, Refusals};
use crate::query::{Checked, given};
use crate::soums::{Filter, groups, history};
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
        language(self.lang.as_ref(), headers)
    }
}

fn language(said: Option<&String>, headers: &HeaderMap) -> Result<Lang, Problem> {
    match given(said) {
        None => Ok(Lang::named(headers).unwrap_or(Lang::Mn)),
        Some(tag) => Lang::of_tag(tag).ok_or_else(|| Problem::bad_parameter("lang", tag, ("mn эсвэл en", "mn or en"))),
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
    /// The column by which scripts sort the table.
    #[param(pattern = "^(code|name|aimag|status|score|I1|I2|I3|I4|I5|area|findings)?$")]
    #[serde(rename = "sort")]
    _sort: Option<String>,
    /// `desc` when they sort from the highest down.
    #[param(pattern = "^(asc|desc)?$")]
    #[serde(rename = "dir")]
    _dir: Option<String>,
}

impl CountryQuery {
    fn by(&self) -> Result<Option<By>, Problem> {
        let words = "status, score, I1, I2, I3, I4, I5";
        given(self.by.as_ref())
            .map(|word| By::of(word).ok_or_else(|| Problem::bad_parameter("by", word, (words, words))))
            .transpose()
    }
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
        Err(problem) if problem.code == "nothing_published" => return Ok(in_language(country::empty(lang), lang)),
        other => other?,
    };
    let (by, places) = (query.by()?, state.places().await?);
    let text = |said: &Option<String>| given(said.as_ref()).unwrap_or_default().to_owned();
    let asked = Conditions { q: text(&query.q), aimag: text(&query.aimag), status: text(&query.status), by };
    let filter =
        Filter::read(given(query.status.as_ref()), given(query.aimag.as_ref()), None, given(query.q.as_ref()))?;
    let country = Country {
        published: &published,
        cycles: state.cycles().await?.into_iter().map(|cycle| cycle.cycle).collect(),
        soums: published.result.soums.iter().map(|row| (row, filter.passes(row, &places))).collect(),
        places: &places,
        asked,
    };
    Ok(in_language(country::page(&country, lang), lang))
}

/// How to draw the map.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MapQuery {
    /// Language, `mn` or `en`, as of pages.
    #[param(pattern = "^(mn|en)?$")]
    lang: Option<String>,
    /// The cycle; the latest when absent.
    #[param(example = "2024")]
    cycle: Option<String>,
    /// What it is coloured by; the status when absent.
    #[param(pattern = "^(status|score|I1|I2|I3|I4|I5)?$")]
    by: Option<String>,
}

/// The map of all soums as a drawing with its legend.
#[utoipa::path(get, path = "/map.svg", tag = "pages", params(MapQuery),
    responses((status = 200, description = "The drawing", content_type = "image/svg+xml", body = String), Refusals))]
pub(crate) async fn map_drawing(
    State(state): State<ApiState>,
    Checked(query): Checked<MapQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let lang = language(query.lang.as_ref(), &headers)?;
    let words = "status, score, I1, I2, I3, I4, I5";
    let by = match given(query.by.as_ref()) {
        None => By::Status,
        Some(word) => By::of(word).ok_or_else(|| Problem::bad_parameter("by", word, (words, words)))?,
    };
    let published = state.published(given(query.cycle.as_ref())).await?;
    let borders = state.drawn_borders(map::ZOOM).await?;
    let drawing = map::country(&borders, &published, by, lang).into_string();
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_LANGUAGE, lang.tag())], drawing).into_response())
}

/// The analyst's desk: uploads, drafts, assessments. What it shows is asked for with the analyst's own key.
#[utoipa::path(get, path = "/desk", tag = "pages", params(PageQuery),
    responses((status = 200, description = "A page", content_type = "text/html", body = String), PageRefusals))]
pub(crate) async fn desk_page(
    query: Result<Checked<PageQuery>, Problem>,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let Checked(query) = query?;
    let lang = query.lang(&headers)?;
    Ok(in_language(desk::page(lang), lang))
}

/// For researchers: how to read the results from QGIS, R, Python and the shell.
#[utoipa::path(get, path = "/docs", tag = "pages", params(PageQuery),
    responses((status = 200, description = "A page", content_type = "text/html", body = String), PageRefusals))]
pub(crate) async fn docs_page(
    State(state): State<ApiState>,
    query: Result<Checked<PageQuery>, Problem>,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let Checked(query) = query?;
    let lang = query.lang(&headers)?;
    Ok(in_language(docs::page(state.settings().https, &headers, lang), lang))
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
    let (borders, history) = (state.drawn_borders(map::ZOOM).await?, history(&state, found.au2).await?);
    let (published, row) = state.published_soum(found.au2, Some(&found.cycle)).await?;
    let groups = groups(&published.result, &row);
    Ok(in_language(soum::page(&found, &groups, &history, &borders, lang), lang))
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
    Ok(soum::report(&found, &borders, lang).0)
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
    Ok(in_language(compare::page([&one, &other], lang), lang))
}

/// The style sheet of the pages.
#[utoipa::path(get, path = "/style.css", tag = "pages",
    responses((status = 200, description = "The style sheet", content_type = "text/css", body = String)))]
pub(crate) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../data/style.css"))
}
