//! The analyst's desk: a script fills it.

use axum::http::HeaderMap;
use axum::response::{Html, Response};
use maud::html;

use crate::assets;
use crate::lang::Lang;
use crate::pages::{PageQuery, in_language, layout};
use crate::problem::{PageProblem, PageRefusals, Problem};
use crate::query::Checked;

const SOURCE: &str = "src/desk.ts";

/// The page.
pub(super) fn page(lang: Lang) -> Html<String> {
    let title = lang.pick("Шинжээчийн ширээ", "Analyst's desk");
    let main = html! {
        main id="main" {
            h1 { (title) }
            div id="desk" data-lang=(lang.tag()) {
                noscript {
                    p { (lang.pick(
                        "Энэ хуудсанд скрипт хэрэгтэй. Скриптгүйгээр belcheer ingest, belcheer assess тушаалуудыг ашиглана уу.",
                        "This page needs scripts. Without them use the commands belcheer ingest and belcheer assess.",
                    )) }
                }
                @if assets::entry(SOURCE).is_none() {
                    p { (lang.pick(
                        "Энэ программыг вэб хэсэггүйгээр бүтээсэн байна; make web тушаалаар бүтээгээд дахин угсарна уу.",
                        "This program was built without its web application; run make web and build again.",
                    )) }
                }
            }
        }
    };
    layout::framed(title, "/desk", lang, SOURCE, &main)
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
    Ok(in_language(page(lang), lang))
}
