//! Finishes successful answers to reads: tag, caching, compression, and 304 for what a reader holds already.

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

use axum::extract::MatchedPath;

use crate::answers::{Answer, Asked, Keepable, OfPublished};
use crate::front::reads;
use crate::problem::Problem;
use crate::state::ApiState;

/// What of the request's headers an answer may depend on.
const VARY: &str = "Accept, Accept-Encoding, Accept-Language";

/// Gives every successful answer to GET and HEAD its tag and the form asked for, 304 when the reader holds it, and keeps
/// it in memory where the route allows. An answer that says itself how it may be cached is left alone.
pub(crate) async fn conditional(State(state): State<ApiState>, mut request: Request, next: Next) -> Response {
    let reads = reads(request.method());
    let path = request.uri().path();
    let (served_by_v1, tile) = (path.starts_with("/v1/"), path.starts_with("/collections/"));
    let asked = Asked::of(request.method(), request.headers());
    let keepable = request.extensions_mut().remove::<Keepable>();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    if !reads || response.status() != StatusCode::OK || response.headers().contains_key(header::CACHE_CONTROL) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        tracing::error!("the body of an answer could not be read");
        return Problem::internal().into_response();
    };
    let cache = if served_by_v1 || tile { "public, max-age=60" } else { "no-cache" };
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    parts.headers.insert(header::VARY, HeaderValue::from_static(VARY));
    if served_by_v1 && !parts.headers.contains_key(header::CONTENT_LANGUAGE) {
        parts.headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static("mn, en"));
    }
    let answer = Arc::new(Answer::new(parts.headers, bytes, route.as_ref().map_or("none", MatchedPath::as_str)));
    if let Some(keepable) = keepable.filter(|_| parts.extensions.get::<OfPublished>().is_some()) {
        state.answers().keep(keepable, &answer);
    }
    answer.give(&asked).await
}
