//! Files of results, handed out.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use belcheer_domain::Digest;

use crate::desk::jobs::own;
use crate::identity::Caller;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::requests::ResultFile;
use crate::state::ApiState;

/// A file of a job's result.
#[utoipa::path(get, path = "/v1/jobs/{id}/files/{name}", tag = "work",
    params(("id" = String, Path, description = "The job"), ("name" = String, Path, description = "The file")),
    responses((status = 200, description = "The file", content((Vec<u8> = "text/csv"), (Vec<u8> = "application/zip"))), Refusals))]
pub(crate) async fn job_file(
    State(state): State<ApiState>,
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    let job = own(&state, &caller, &id).await?;
    let files = job.result.as_ref().and_then(|r| r.get("files")).cloned().unwrap_or_default();
    let files: Vec<ResultFile> = serde_json::from_value(files).unwrap_or_default();
    let file = files.into_iter().find(|file| file.name == name).ok_or_else(Problem::unknown_job)?;
    hand_out(&state, file.digest, &file.name, &file.media_type).await
}

/// A blob as a download, passed on as it is read.
pub(crate) async fn hand_out(
    state: &ApiState,
    digest: Digest,
    name: &str,
    media_type: &str,
) -> Result<Response, Problem> {
    let (length, stream) = state.catalog().blob_stream(digest).await?;
    let mut response = Body::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    for (header, value) in [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", plain(name))),
        (header::ETAG, format!("\"{}\"", digest.hex())),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(header, value);
        }
    }
    Ok(response)
}

/// A name that can stand in a header.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect()
}
