//! Entity tags: what a reader holds already is not sent again.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use belcheer_domain::Digest;

use crate::problem::Problem;

/// Marks the tag of a compressed body: a strong tag stands for exact bytes.
const GZIP_SUFFIX: &str = "-gzip";

/// Tags every successful answer to GET and HEAD with the SHA-256 of its body, and answers 304 when the reader holds it.
pub(crate) async fn conditional(request: Request, next: Next) -> Response {
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    let served_by_v1 = request.uri().path().starts_with("/v1/");
    let held: Vec<HeaderValue> = request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect();
    let response = next.run(request).await;
    if !reads || response.status() != StatusCode::OK || response.headers().contains_key(header::CACHE_CONTROL) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        tracing::error!("the body of an answer could not be read");
        return Problem::internal().into_response();
    };
    let tag = Digest::of(&bytes).hex();
    let cache = if served_by_v1 { "public, max-age=60" } else { "no-cache" };
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    parts.headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Accept-Encoding"));
    if let Ok(value) = HeaderValue::from_str(&format!("\"{tag}\"")) {
        parts.headers.insert(header::ETAG, value);
    }
    if held.iter().filter_map(|v| v.to_str().ok()).any(|value| holds(value, &tag)) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Whether an `If-None-Match` names a tag, in whatever encoding.
fn holds(header: &str, tag: &str) -> bool {
    header.split(',').map(str::trim).any(|candidate| {
        let candidate = candidate.strip_prefix("W/").unwrap_or(candidate).trim_matches('"');
        candidate == "*" || candidate.strip_suffix(GZIP_SUFFIX).unwrap_or(candidate) == tag
    })
}

/// Gives a compressed answer a tag of its own.
pub(crate) async fn tag_encoding(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(tag) = response.headers().get(header::CONTENT_ENCODING).and_then(|_| own_tag(response.headers())) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn own_tag(headers: &HeaderMap) -> Option<HeaderValue> {
    let tag = headers.get(header::ETAG)?.to_str().ok()?.trim_matches('"');
    HeaderValue::from_str(&format!("\"{tag}{GZIP_SUFFIX}\"")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_among_others() {
        assert!(holds("\"a\", W/\"b\"", "b") && holds("\"b-gzip\"", "b") && holds("*", "b"));
        assert!(!holds("\"a\"", "b") && !holds("", "b"));
    }
}
