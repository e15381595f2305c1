//! The analyst's desk: a script fills it.

use axum::response::Html;
use maud::html;

use crate::assets;
use crate::lang::Lang;
use crate::pages::layout;

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
