//! The frame of every page.

use axum::response::Html;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::assets;
use crate::lang::Lang;
use crate::problem::Problem;

/// The scripts and styles of pages for everybody.
const SITE: &str = "src/site.ts";

/// A page: title, the addresses of both languages, and the content.
pub(crate) fn page(title: &str, address: &str, lang: Lang, content: &Markup) -> Html<String> {
    framed(title, address, lang, SITE, &html! { main id="main" { h1 { (title) } (content) } })
}

/// A page whose main part a script of its own fills.
pub(super) fn framed(title: &str, address: &str, lang: Lang, source: &str, main: &Markup) -> Html<String> {
    let entry = assets::entry(source);
    let other = match lang {
        Lang::Mn => Lang::En,
        Lang::En => Lang::Mn,
    };
    let joint = if address.contains('?') { "&" } else { "?" };
    let markup = html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                (head(title))
                link rel="icon" href="data:,";
                @if let Some(entry) = entry {
                    @for sheet in &entry.css { link rel="stylesheet" href={ "/" (sheet) }; }
                    script type="module" src={ "/" (entry.file) } {}
                } @else {
                    link rel="stylesheet" href="/style.css";
                }
            }
            body {
                a class="skip" href="#main" { (lang.pick("Үндсэн хэсэг рүү", "To the content")) }
                header class="site" {
                    a class="home" href={ "/?lang=" (lang.tag()) } { (lang.pick("Бэлчээр: сумын баталгаажуулалт", "Belcheer: verification by soum")) }
                    " "
                    nav aria-label=(lang.pick("Хуудсууд", "Pages")) {
                        a href={ "/desk?lang=" (lang.tag()) } { (lang.pick("Шинжээчийн ширээ", "Analyst's desk")) }
                        " "
                        a href={ "/docs?lang=" (lang.tag()) } { (lang.pick("Судлаачдад", "For researchers")) }
                    }
                    " "
                    a href={ (address) (joint) "lang=" (other.tag()) } lang=(other.tag()) hreflang=(other.tag()) {
                        (other.pick("Монгол", "English"))
                    }
                }
                (main)
                footer {
                    a href="/openapi.json" { "OpenAPI" }
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

/// What every page says of itself first.
fn head(title: &str) -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        title { (title) " - Belcheer" }
    }
}

/// A page as one file that needs nothing else: its style within it, no script, no link to a service.
pub(super) fn alone(title: &str, lang: Lang, content: &Markup) -> Html<String> {
    let markup = html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                (head(title))
                style { (PreEscaped(include_str!("../../data/style.css"))) }
            }
            body { main { h1 { (title) } (PreEscaped(unlinked(&content.0))) } }
        }
    };
    Html(markup.into_string())
}

/// Markup without its links, their words left: a file knows no service that they could lead to. Text cannot be taken for
/// a link, since `<` is written as `&lt;` in it.
fn unlinked(markup: &str) -> String {
    let mut kept = String::with_capacity(markup.len());
    for (place, part) in markup.split("<a ").enumerate() {
        let words = if place == 0 { part } else { part.split_once('>').map_or("", |(_, words)| words) };
        kept.push_str(words);
    }
    kept.replace("</a>", "")
}

/// A refusal as a page.
pub(crate) fn refusal(problem: &Problem, address: &str, lang: Lang, request_id: &str) -> Html<String> {
    let content = html! {
        p { (problem.detail.get(lang)) }
        p { a href={ "/?lang=" (lang.tag()) } { (lang.pick("Сумдын жагсаалт", "All soums")) } }
        p class="small" { (problem.status.as_u16()) " " code { (problem.code) } " " code { (request_id) } }
    };
    page(problem.title.get(lang), address, lang, &content)
}
