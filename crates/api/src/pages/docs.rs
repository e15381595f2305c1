//! For researchers: what to copy into QGIS, R, Python and the shell.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, Response};
use maud::{Markup, html};

use crate::lang::Lang;
use crate::pages::{PageQuery, in_language, layout};
use crate::problem::{PageProblem, PageRefusals, Problem};
use crate::query::Checked;
use crate::state::ApiState;

/// The snippets, the service's own address where `{base}` stands.
const SNIPPETS: [(&str, &str, &str); 4] = [
    ("QGIS", "qgis", include_str!("../../data/snippets/qgis.txt")),
    ("Python", "python", include_str!("../../data/snippets/soums.py")),
    ("R", "r", include_str!("../../data/snippets/soums.R")),
    ("curl", "shell", include_str!("../../data/snippets/soums.sh")),
];

/// The page.
pub(super) fn page(https: bool, headers: &HeaderMap, lang: Lang) -> Html<String> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_plain(host));
    let base = format!("{}://{}", if https { "https" } else { "http" }, host.unwrap_or("127.0.0.1:8080"));
    let content = html! {
        p { (lang.pick(
            "Нийтлэгдсэн үр дүнг түлхүүргүйгээр уншина. Бүх хаяг, талбар, нэгж:",
            "What is published is read without a key. Every address, field and unit:",
        )) " " a href="/openapi.json" { "OpenAPI 3.1" } "." }
        @for (title, language, text) in SNIPPETS { (snippet(title, language, &text.replace("{base}", &base))) }
    };
    layout::page(lang.pick("Судлаачдад", "For researchers"), "/docs", lang, &content)
}

fn snippet(title: &str, language: &str, text: &str) -> Markup {
    html! {
        h2 { (title) }
        pre data-copy data-language=(language) { code { (text.trim_end()) } }
    }
}

/// Whether a host is written with nothing but letters, digits, dots, dashes, colons and brackets.
fn is_plain(host: &str) -> bool {
    host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b))
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
    Ok(in_language(page(state.settings().https, &headers, lang), lang))
}
