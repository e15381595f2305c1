//! Data sets after they were taken in: terms, retraction, supersession, and the data themselves where terms allow.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use belcheer_catalog::{
    AssessmentRecord, CatalogError, DatasetAction, DatasetEvent, DatasetKind, DatasetRecord, Role, Terms, Visibility,
};
use belcheer_domain::Digest;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::now;
use crate::desk::body;
use crate::desk::files::hand_out;
use crate::identity::Caller;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::state::ApiState;

/// Under which terms a data set may be used.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TermsBody {
    /// The licence, such as `CC-BY-4.0`; empty when it is not known.
    #[schema(max_length = 200)]
    pub(crate) licence: String,
    /// Whom to name.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub(crate) attribution: String,
    /// Who may be handed the data: `public`, `platform` or `private`.
    #[schema(value_type = String, pattern = "^(public|platform|private)$")]
    pub(crate) visibility: Visibility,
}

/// Why a data set is used no more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetractBody {
    /// Why, in words for readers of the assessments it was used in.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
    /// The data set that takes its place; without it the data set is retracted.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    successor: Option<Digest>,
}

/// What the end of a data set touches.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TouchedBody {
    /// The data set.
    #[schema(value_type = String)]
    dataset: Digest,
    /// `supersede` or `retract`.
    action: &'static str,
    /// The assessments made from it; they stay as they are until a reviewer withdraws or replaces them.
    assessments: Vec<TouchedAssessment>,
}

/// An assessment that was made from a data set.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TouchedAssessment {
    /// Its id.
    #[schema(value_type = String)]
    pub(crate) id: Digest,
    /// The cycle it was made for.
    pub(crate) cycle: String,
    /// The cycles for which it is public now.
    pub(crate) published: Vec<String>,
}

/// Who may be handed a data set about which nothing was said: places of plots and photo points to nobody outside.
pub(crate) fn usual_visibility(kind: DatasetKind) -> Visibility {
    match kind {
        DatasetKind::BiomassPlots | DatasetKind::PhotoPoints => Visibility::Private,
        _ => Visibility::Platform,
    }
}

/// Whether a role may be handed data.
fn handed_to(role: Role, visibility: Visibility) -> bool {
    match visibility {
        Visibility::Public => true,
        Visibility::Platform => role != Role::Public,
        Visibility::Private => matches!(role, Role::Analyst | Role::Reviewer | Role::Operator),
    }
}

async fn held(state: &ApiState, text: &str) -> Result<DatasetRecord, Problem> {
    let digest: Digest = text.parse().map_err(|_| Problem::malformed_digest(text))?;
    state.catalog().dataset(digest).await?.ok_or_else(Problem::unknown_dataset)
}

/// The assessments made from a data set, with the cycles for which they are public.
pub(crate) async fn touched(state: &ApiState, made: Vec<AssessmentRecord>) -> Result<Vec<TouchedAssessment>, Problem> {
    let cycles = state.cycles().await?;
    let one = |record: AssessmentRecord| TouchedAssessment {
        published: cycles.iter().filter(|c| c.assessment == record.id).map(|c| c.cycle.clone()).collect(),
        id: record.id,
        cycle: record.cycle,
    };
    Ok(made.into_iter().map(one).collect())
}

/// The data themselves: a raster as GeoTIFF, everything else as Zstandard-compressed JSON.
#[utoipa::path(get, path = "/v1/datasets/{digest}/file", tag = "data",
    params(("digest" = String, Path, description = "The data set")),
    responses((status = 200, description = "The data", content((Vec<u8> = "image/tiff"), (Vec<u8> = "application/zstd"))),
        (status = 403, description = "Its terms do not allow that"), Refusals))]
pub(crate) async fn dataset_file(
    State(state): State<ApiState>,
    caller: Caller,
    Path(digest): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    let record = held(&state, &digest).await?;
    let terms = state.catalog().terms(record.digest).await?;
    let visibility = terms.map_or_else(|| usual_visibility(record.kind), |terms| terms.visibility);
    if !handed_to(caller.role, visibility) {
        return Err(Problem::not_handed_out(visibility.as_str()));
    }
    let short = record.digest.hex();
    let stem = format!("{}-{}", record.kind, short.get(..12).unwrap_or(&short));
    match record.kind {
        DatasetKind::Raster => hand_out(&state, record.blob, &format!("{stem}.tif"), "image/tiff").await,
        _ => hand_out(&state, record.blob, &format!("{stem}.json.zst"), "application/zstd").await,
    }
}

/// Says under which terms a data set may be used; what was said before stays on record.
#[utoipa::path(post, path = "/v1/datasets/{digest}/terms", tag = "data", request_body = TermsBody,
    params(("digest" = String, Path, description = "The data set")),
    responses((status = 204, description = "Said"), Refusals))]
pub(crate) async fn set_terms(
    State(state): State<ApiState>,
    caller: Caller,
    Path(digest): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
    bytes: Bytes,
) -> Result<StatusCode, Problem> {
    let said: TermsBody = body(&bytes)?;
    let record = held(&state, &digest).await?;
    let terms = Terms {
        licence: said.licence,
        attribution: said.attribution,
        visibility: said.visibility,
        actor: caller.id.to_string(),
        at: now(),
    };
    state.catalog().set_terms(record.digest, &terms).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Retracts a data set, or has another one take its place: no later assessment uses it. The answer names the assessments
/// made from it.
#[utoipa::path(post, path = "/v1/datasets/{digest}/retract", tag = "data", request_body = RetractBody,
    params(("digest" = String, Path, description = "The data set")),
    responses((status = 200, body = TouchedBody), (status = 409, description = "It is used no more already"), Refusals))]
pub(crate) async fn retract(
    State(state): State<ApiState>,
    caller: Caller,
    Path(digest): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
    bytes: Bytes,
) -> Result<Json<TouchedBody>, Problem> {
    let said: RetractBody = body(&bytes)?;
    let record = held(&state, &digest).await?;
    let action = if said.successor.is_some() { DatasetAction::Supersede } else { DatasetAction::Retract };
    let event = DatasetEvent {
        dataset: record.digest,
        action,
        successor: said.successor,
        reason: said.reason,
        actor: caller.id.to_string(),
        at: now(),
    };
    let made = match state.catalog().end_dataset(&event).await {
        Err(CatalogError::DatasetGone { .. }) => return Err(Problem::dataset_gone()),
        Err(CatalogError::UnknownDataset { .. }) => return Err(Problem::unknown_dataset()),
        other => other?,
    };
    let assessments = touched(&state, made).await?;
    Ok(Json(TouchedBody { dataset: record.digest, action: action.as_str(), assessments }))
}
