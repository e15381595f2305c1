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

use axum::http::{HeaderMap, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::lang::Lang;
use crate::problem::Problem;
use crate::query::given;

pub(crate) use compare::{__path_compare_page, compare_page};
pub(crate) use country::{__path_country_page, country_page};
pub(crate) use desk::{__path_desk_page, desk_page};
pub(crate) use docs::{__path_docs_page, docs_page};
pub(crate) use layout::refusal;
pub(crate) use map::{__path_map_drawing, map_drawing};
pub use soum::soum_report;
pub(crate) use soum::{__path_soum_page, soum_page};

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

/// The style sheet of the pages.
#[utoipa::path(get, path = "/style.css", tag = "pages",
    responses((status = 200, description = "The style sheet", content_type = "text/css", body = String)))]
pub(crate) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../data/style.css"))
}
