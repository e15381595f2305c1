//! Drafts: uploads that are all there, seen, corrected, and accepted as data sets.

#![expect(unused_qualifications, reason = "utoipa writes them into the operations")]

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use belcheer_catalog::{JobFilter, JobState, Lane, Role, Upload, UploadState, Visibility};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::clock::now;
use crate::desk::jobs::{JobBody, accepted, bounded};
use crate::desk::{ask, body};
use crate::identity::Caller;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery, given};
use crate::requests::{DraftOptions, kind};
use crate::state::ApiState;
use crate::uploads::own;

/// A draft: a file, what its owner says of it, and what was seen in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DraftBody {
    /// The draft; the same as the upload's.
    id: String,
    /// The file's name.
    file_name: String,
    /// Its bytes.
    length: u64,
    /// `receiving`, `inspecting`, `needs_input`, `ready`, `refused`, `failed`, `accepted`, `discarded` or `expired`.
    #[schema(pattern = "^(receiving|inspecting|needs_input|ready|refused|failed|accepted|discarded|expired)$")]
    state: String,
    /// What its owner says.
    #[schema(value_type = DraftOptions)]
    options: Value,
    /// What was seen: kind, content, extent on longitude and latitude, findings, what is still to be said.
    #[schema(value_type = Option<Object>)]
    preview: Option<Value>,
    /// The data sets that it became.
    #[schema(value_type = Vec<String>)]
    datasets: Vec<belcheer_domain::Digest>,
    /// The job at work on it, or the last one.
    job: Option<JobBody>,
    /// Who uploaded it.
    owner: String,
    /// When it was begun, RFC 3339.
    created_at: String,
    /// When it changed last, RFC 3339.
    changed_at: String,
}

/// Drafts, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DraftList {
    /// The drafts.
    drafts: Vec<DraftBody>,
    /// The address of the next page.
    next: Option<String>,
}

/// Which drafts to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DraftsQuery {
    /// At most so many, 1 to 100; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<String>,
    /// Only those before this place; an answer's `next` gives it.
    #[param(value_type = Option<u64>)]
    before: Option<String>,
}

/// Under which terms a draft is accepted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AcceptBody {
    /// The licence, such as `CC-BY-4.0`; empty when it is not known.
    #[schema(max_length = 200)]
    licence: String,
    /// Whom to name.
    #[schema(max_length = 500)]
    attribution: String,
    /// Who may be handed the data: `public`, `platform` or `private`; when absent `private` for plots and photo points,
    /// `platform` for everything else.
    #[schema(value_type = Option<String>, pattern = "^(public|platform|private)$")]
    visibility: Option<Visibility>,
    /// Take a raster in although product, date or scale are not known; statistics may use it, assessments not.
    incomplete: bool,
}

/// Has a draft looked at, as it stands now.
pub(crate) async fn inspect(state: &ApiState, id: &str, owner: &str) -> Result<(), Problem> {
    ask(state, kind::INSPECT, Lane::Short, (id, owner), json!({})).await.map(drop)
}

async fn draft(state: &ApiState, upload: &Upload) -> Result<DraftBody, Problem> {
    let filter = JobFilter { subject: &upload.id, ..JobFilter::default() };
    let job = state.catalog().jobs(&filter, 0, 1).await?.into_iter().next();
    let seen = upload.preview.as_ref().and_then(|p| p.get("state")).and_then(Value::as_str);
    let failed = job.as_ref().is_some_and(|job| job.state == JobState::Failed);
    let word = match (upload.state, seen) {
        (UploadState::Received, Some(seen)) => seen.to_owned(),
        (UploadState::Received, None) if failed => "failed".to_owned(),
        (UploadState::Received, None) => "inspecting".to_owned(),
        (other, _) => other.to_string(),
    };
    Ok(DraftBody {
        id: upload.id.clone(),
        file_name: upload.file_name.clone(),
        length: upload.length,
        state: word,
        options: upload.options.clone(),
        preview: upload.preview.clone(),
        datasets: upload.datasets.clone(),
        job: job.as_ref().map(JobBody::new),
        owner: upload.owner.clone(),
        created_at: upload.created_at.clone(),
        changed_at: upload.changed_at.clone(),
    })
}

/// The caller's uploads and drafts; all of them for reviewers and operators.
#[utoipa::path(get, path = "/v1/drafts", tag = "uploads", params(DraftsQuery),
    responses((status = 200, body = DraftList), Refusals))]
pub(crate) async fn list_drafts(
    State(state): State<ApiState>,
    caller: Caller,
    Checked(query): Checked<DraftsQuery>,
) -> Result<Json<DraftList>, Problem> {
    let limit = bounded(given(query.limit.as_ref()), "limit", 50, 100)?;
    let before = bounded(given(query.before.as_ref()), "before", 0, i64::MAX.unsigned_abs())?;
    let sees_all = matches!(caller.role, Role::Operator | Role::Reviewer);
    let owner = if sees_all { "" } else { &*caller.id };
    let uploads = state.catalog().uploads(owner, before, u32::try_from(limit).unwrap_or(100)).await?;
    let full = uploads.len() as u64 == limit;
    let next = uploads.last().filter(|_| full).map(|last| format!("/v1/drafts?limit={limit}&before={}", last.sequence));
    let mut drafts = Vec::with_capacity(uploads.len());
    for upload in &uploads {
        drafts.push(draft(&state, upload).await?);
    }
    Ok(Json(DraftList { drafts, next }))
}

/// One draft with its preview.
#[utoipa::path(get, path = "/v1/drafts/{id}", tag = "uploads",
    params(("id" = String, Path, description = "The draft")),
    responses((status = 200, body = DraftBody), Refusals))]
pub(crate) async fn show_draft(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    let upload = own(&state, &caller, &id).await?;
    let mut response = Json(draft(&state, &upload).await?).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Corrects what is said of a draft: members of the body replace those before, `null` takes one back. The file is
/// looked at again.
#[utoipa::path(patch, path = "/v1/drafts/{id}", tag = "uploads", request_body = DraftOptions,
    params(("id" = String, Path, description = "The draft")),
    responses((status = 202, body = DraftBody), Refusals))]
pub(crate) async fn correct_draft(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let upload = own(&state, &caller, &id).await?;
    let said: Map<String, Value> = body(&bytes)?;
    let mut members = upload.options.as_object().cloned().unwrap_or_default();
    for (name, value) in said {
        if value.is_null() { drop(members.remove(&name)) } else { drop(members.insert(name, value)) }
    }
    let options: DraftOptions = serde_json::from_value(Value::Object(members)).map_err(|e| Problem::bad_body(&e))?;
    if state.catalog().set_upload_options(&id, &json!(options), &now()).await?.is_none() {
        return Err(Problem::draft_closed());
    }
    inspect(&state, &id, &upload.owner).await?;
    let upload = own(&state, &caller, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(draft(&state, &upload).await?)).into_response())
}

/// Accepts a draft: a job makes data sets of it.
#[utoipa::path(post, path = "/v1/drafts/{id}/accept", tag = "uploads", request_body = AcceptBody,
    params(("id" = String, Path, description = "The draft")),
    responses((status = 202, body = JobBody), (status = 409, description = "It is not ready"), Refusals))]
pub(crate) async fn accept_draft(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let said: AcceptBody = body(&bytes)?;
    let upload = own(&state, &caller, &id).await?;
    if upload.state != UploadState::Received {
        return Err(Problem::draft_closed());
    }
    let preview = upload.preview.clone().unwrap_or_default();
    let word = preview.get("state").and_then(Value::as_str).unwrap_or("inspecting");
    let is_raster = preview.get("kind").and_then(Value::as_str) == Some("raster");
    if word != "ready" && !(word == "needs_input" && said.incomplete && is_raster) {
        let needs = preview.get("needs").and_then(Value::as_array).cloned().unwrap_or_default();
        let needs: Vec<&str> = needs.iter().filter_map(Value::as_str).collect();
        return Err(Problem::draft_not_ready(word, &needs));
    }
    let table = upload.options.get("table").and_then(Value::as_str).unwrap_or_default();
    let of_persons = matches!(table, "biomass-plots" | "photo-points" | "lm2");
    let usual = if of_persons { Visibility::Private } else { Visibility::Platform };
    let request = json!({
        "licence": said.licence,
        "attribution": said.attribution,
        "visibility": said.visibility.unwrap_or(usual),
    });
    let job = ask(&state, kind::INGEST, Lane::Short, (&id, &caller.id), request.clone()).await?;
    state.catalog().audit(&caller.id, "draft_accepted", &id, &request, &now()).await?;
    Ok(accepted(&job))
}
