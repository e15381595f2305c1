//! What surrounds every handler: limits, problem documents, tags and compression; before it all, the front.

mod conditional;
mod problems;

use axum::Router;
use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, DefaultPredicate, Predicate as _};

use crate::front::{Front, tell_route};
use crate::problem::Problem;
use crate::state::ApiState;

/// Surrounds routes with all of it, from the inside out, and puts the front before them.
pub(crate) fn surround(routes: Router, state: &ApiState) -> Router {
    let inner = routes
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), conditional::conditional))
        .layer(from_fn(problems::problems))
        .layer(CompressionLayer::new().gzip(true).compress_when(DefaultPredicate::new().and(is_unfinished)))
        .layer(from_fn(tell_route));
    Router::new().fallback_service(Front::before(inner, state.clone()))
}

/// Whether the form of an answer is still open: one that has its tag has its form, too.
fn is_unfinished(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ETAG)
}

fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let said = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(cause = said.unwrap_or("unknown"), "a handler panicked");
    Problem::internal().into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::routing::get;
    use belcheer_catalog::Catalog;
    use tempfile::TempDir;
    use tower::ServiceExt;

    use super::*;

    async fn surrounded(routes: Router) -> (TempDir, Router) {
        let dir = TempDir::new().unwrap();
        let state = ApiState::new(Catalog::init(dir.path()).await.unwrap());
        (dir, surround(routes, &state))
    }

    async fn ask(router: Router, path: &str) -> (StatusCode, serde_json::Value) {
        let request = Request::get(path).header(header::ACCEPT_LANGUAGE, "mn").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_panic_becomes_a_problem_that_tells_nothing() {
        async fn breaks() -> &'static str {
            panic!("/secret/path is gone")
        }
        let (_dir, router) = surrounded(Router::new().route("/breaks", get(breaks))).await;
        let (status, body) = ask(router, "/breaks").await;
        assert_eq!((status.as_u16(), body["code"].as_str()), (500, Some("internal")));
        assert!(!body.to_string().contains("secret"));
        assert_eq!(body["title"], "Дотоод алдаа");
        assert!(!body["request_id"].as_str().unwrap().is_empty());
    }
}
