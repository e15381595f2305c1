//! Requests that become long jobs: assessments, exports, statistics, degradation.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use belcheer_catalog::Lane;
use belcheer_domain::Digest;
use serde_json::{Value, json};

use crate::clock::now;
use crate::desk::jobs::{JobBody, accepted};
use crate::desk::{ask, body};
use crate::identity::Caller;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::requests::{AssessmentRequest, DegradationRequest, ExportRequest, ZonalStatsRequest, kind};
use crate::state::ApiState;

/// Has soums assessed from what is held now. The result is a draft until a reviewer publishes it.
#[utoipa::path(post, path = "/v1/assessments", tag = "work", request_body = AssessmentRequest,
    responses((status = 202, body = JobBody), Refusals))]
pub(crate) async fn assess(
    State(state): State<ApiState>,
    caller: Caller,
    Checked(NoQuery {}): Checked<NoQuery>,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let request: AssessmentRequest = body(&bytes)?;
    if request.baseline.last >= request.reporting.first {
        return Err(Problem::periods_overlap());
    }
    if let Some(outside) = request.soums.iter().find(|soum| !caller.soums.covers(**soum)) {
        return Err(Problem::outside_scope(*outside));
    }
    if request.soums.is_empty() && caller.soums != belcheer_catalog::SoumScope::All {
        return Err(Problem::all_soums_outside_scope());
    }
    begin(&state, &caller, kind::ASSESS, "", json!(request)).await
}

/// Has the tables of an assessment packed into one file.
#[utoipa::path(post, path = "/v1/assessments/{assessment}/export", tag = "work",
    params(("assessment" = String, Path, description = "The assessment's id")),
    responses((status = 202, body = JobBody), Refusals))]
pub(crate) async fn export(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    let assessment: Digest = id.parse().map_err(|_| Problem::malformed_digest(&id))?;
    if state.catalog().assessment(assessment).await?.is_none() {
        return Err(Problem::unknown_assessment(&id));
    }
    begin(&state, &caller, kind::EXPORT, &id, json!(ExportRequest { assessment })).await
}

/// Has statistics of rasters over zones made, as one CSV table.
#[utoipa::path(post, path = "/v1/zonal-stats", tag = "work", request_body = ZonalStatsRequest,
    responses((status = 202, body = JobBody), Refusals))]
pub(crate) async fn zonal_stats(
    State(state): State<ApiState>,
    caller: Caller,
    Checked(NoQuery {}): Checked<NoQuery>,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let request: ZonalStatsRequest = body(&bytes)?;
    for digest in &request.rasters {
        state.catalog().dataset(*digest).await?.ok_or_else(Problem::unknown_dataset)?;
    }
    let zones = &request.zones;
    let given = [zones.level.is_some(), zones.dataset.is_some(), zones.geojson.is_some()];
    if given.iter().filter(|given| **given).count() != 1 || request.rasters.is_empty() {
        return Err(Problem::zones_of_request());
    }
    begin(&state, &caller, kind::ZONAL_STATS, "", json!(request)).await
}

/// Has SDG 15.3.1 of every cell made from rasters that are held.
#[utoipa::path(post, path = "/v1/degradation", tag = "work", request_body = DegradationRequest,
    responses((status = 202, body = JobBody), Refusals))]
pub(crate) async fn degradation(
    State(state): State<ApiState>,
    caller: Caller,
    Checked(NoQuery {}): Checked<NoQuery>,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let request: DegradationRequest = body(&bytes)?;
    for digest in &request.land_cover {
        state.catalog().dataset(*digest).await?.ok_or_else(Problem::unknown_dataset)?;
    }
    begin(&state, &caller, kind::DEGRADATION, "", json!(request)).await
}

async fn begin(
    state: &ApiState,
    caller: &Caller,
    kind: &str,
    subject: &str,
    request: Value,
) -> Result<Response, Problem> {
    let job = ask(state, kind, Lane::Long, (subject, &caller.id), request).await?;
    state.catalog().audit(&caller.id, "job_asked", &job.id, &json!({ "kind": kind }), &now()).await?;
    Ok(accepted(&job))
}
