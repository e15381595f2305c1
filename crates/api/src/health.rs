//! Whether the program runs, and whether it can answer.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Refusals};
use crate::state::ApiState;

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthBody {
    /// `ok` or `ready`.
    #[schema(example = "ok")]
    status: &'static str,
}

fn answer(status: &'static str) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(HealthBody { status })).into_response()
}

/// The program runs.
#[utoipa::path(get, path = "/healthz", tag = "service", responses((status = 200, body = HealthBody)))]
pub(crate) async fn healthz() -> Response {
    answer("ok")
}

/// The catalog answers, so the service can.
#[utoipa::path(get, path = "/readyz", tag = "service", responses((status = 200, body = HealthBody), Refusals))]
pub(crate) async fn readyz(State(state): State<ApiState>) -> Result<Response, Problem> {
    match state.catalog().cycles().await {
        Ok(_) => Ok(answer("ready")),
        Err(_) => Err(Problem::of_status(StatusCode::SERVICE_UNAVAILABLE)),
    }
}
