//! Writes refusals out, now that language and request id are known.

use axum::extract::Request;
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::front::REQUEST_ID;
use crate::lang::Lang;
use crate::pages;
use crate::problem::{AsPage, PROBLEM_JSON, Problem, ProblemBody};

/// The address that was asked for, without its language: a page links to itself in the other one.
fn asked(uri: &Uri) -> String {
    let kept: Vec<&str> =
        uri.query().unwrap_or("").split('&').filter(|p| !p.is_empty() && !p.starts_with("lang=")).collect();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) }
}

/// Gives every response of status 400 and above the body of a problem document, or of a page where a page was asked
/// for. Headers of the refusal, such as `Allow`, stay.
pub(crate) async fn problems(request: Request, next: Next) -> Response {
    let accepted = Lang::accepted(request.headers());
    let page_lang = pages::lang_of(request.uri(), request.headers());
    let address = asked(request.uri());
    let id = request.headers().get(REQUEST_ID).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let mut response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response.extensions_mut().remove::<Problem>().unwrap_or_else(|| Problem::of_status(status));
    let (lang, written) = if response.extensions_mut().remove::<AsPage>().is_some() {
        (page_lang, pages::refusal(&problem, &address, page_lang, &id).into_response())
    } else {
        let body = axum::Json(ProblemBody::new(&problem, accepted, &id));
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON))];
        (accepted, (kind, body).into_response())
    };
    let (written_parts, body) = written.into_parts();
    let (mut parts, _) = response.into_parts();
    for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
        parts.headers.remove(&name);
        if let Some(value) = written_parts.headers.get(&name) {
            parts.headers.insert(name, value.clone());
        }
    }
    parts.headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    parts.headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Accept-Encoding"));
    Response::from_parts(parts, body)
}
