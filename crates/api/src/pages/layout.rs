//! The frame of every page.

use axum::response::Html;
use maud::{DOCTYPE, Markup, html};

use crate::lang::Lang;
use crate::problem::Problem;

/// A page: title, the addresses of both languages, and the content.
pub(crate) fn page(title: &str, address: &str, lang: Lang, content: &Markup) -> Html<String> {
    let other = match lang {
        Lang::Mn => Lang::En,
        Lang::En => Lang::Mn,
    };
    let joint = if address.contains('?') { "&" } else { "?" };
    let markup = html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " - Belcheer" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                header {
                    a href={ "/?lang=" (lang.tag()) } { (lang.pick("Бэлчээр: сумын баталгаажуулалт", "Belcheer: verification by soum")) }
                    " "
                    a href={ (address) (joint) "lang=" (other.tag()) } lang=(other.tag()) hreflang=(other.tag()) {
                        (other.pick("Монгол", "English"))
                    }
                }
                main { h1 { (title) } (content) }
                footer {
                    a href="/openapi.json" { "API" }
                    " · "
                    a href="/v1/cycles" { (lang.pick("мөчлөгүүд (JSON)", "cycles (JSON)")) }
                    " · "
                    a href="/v1/datasets" { (lang.pick("өгөгдөл (JSON)", "data sets (JSON)")) }
                }
            }
        }
    };
    Html(markup.into_string())
}

/// A refusal as a page.
pub(crate) fn refusal(problem: &Problem, lang: Lang, request_id: &str) -> Html<String> {
    let content = html! {
        p { (problem.detail.get(lang)) }
        p { a href={ "/?lang=" (lang.tag()) } { (lang.pick("Сумдын жагсаалт", "All soums")) } }
        p class="small" { (problem.status.as_u16()) " " code { (problem.code) } " " code { (request_id) } }
    };
    page(problem.title.get(lang), "/", lang, &content)
}
