//! Uploads by the tus protocol 1.0.0: core, creation, checksum, expiration and termination.
//!
//! What is acknowledged with 204 is on disk and counted. A piece whose connection is cut is kept as far as it came,
//! unless it had a checksum. A second writer of the same upload takes over: the first one is told to stop, so that a
//! client whose line broke need not wait.

mod checksum;
mod metadata;
mod turns;

use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use belcheer_catalog::{CatalogError, NewUpload, Upload, UploadState};
use futures::StreamExt;
use serde::Serialize;
use serde_json::json;
use tokio::time::timeout;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::{http_date, in_days, now};
use crate::desk::{self, drafts::inspect};
use crate::identity::Caller;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::state::ApiState;
use checksum::Checksum;
use metadata::Metadata;
pub(crate) use turns::Turns;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,checksum,expiration,termination";
const ALGORITHMS: &str = "sha1,sha256";
const OFFSET_STREAM: &str = "application/offset+octet-stream";

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const TUS_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// A piece is taken as cut off when nothing comes for so long, or too little over such a time.
pub(crate) const IDLE: Duration = Duration::from_secs(60);
/// The least that counts as coming, bytes a second over [`IDLE`]: the poorest line does more.
pub(crate) const RATE_MIN: u64 = 1024;

/// How an upload stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UploadBody {
    /// The upload, and later the draft.
    id: String,
    /// The file's name.
    file_name: String,
    /// Bytes in all.
    length: u64,
    /// Bytes that are here for good.
    received: u64,
    /// `receiving`, `received`, `accepted`, `discarded` or `expired`.
    state: &'static str,
    /// When it is given up if it is not finished, RFC 3339.
    expires_at: String,
    /// What it became once all bytes are there.
    draft: String,
}

/// What the service takes by tus.
#[utoipa::path(options, path = "/uploads", tag = "uploads",
    responses((status = 204, description = "Version, extensions and limits in the headers Tus-*")))]
pub(crate) async fn tus_options(State(state): State<ApiState>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert(TUS_VERSION, HeaderValue::from_static(VERSION));
    headers.insert(TUS_EXTENSION, HeaderValue::from_static(EXTENSIONS));
    headers.insert(TUS_CHECKSUM_ALGORITHM, HeaderValue::from_static(ALGORITHMS));
    headers.insert(TUS_MAX_SIZE, HeaderValue::from(state.settings().upload_bytes_max));
    response
}

/// Begins an upload: `Upload-Length` bytes, and in `Upload-Metadata` at least `filename`; options of the draft may be
/// given there, too (`kind`, `product`, `date`, `level`, `table`, ...).
#[utoipa::path(post, path = "/uploads", tag = "uploads",
    params(("tus-resumable" = String, Header, description = "1.0.0"),
        ("upload-length" = u64, Header, description = "Bytes in all"),
        ("upload-metadata" = String, Header, description = "Pairs of key and base64 by comma; filename is needed")),
    responses((status = 201, description = "Its address in Location", headers(("location" = String))), Refusals))]
pub(crate) async fn begin_upload(
    State(state): State<ApiState>,
    caller: Caller,
    Checked(NoQuery {}): Checked<NoQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check_version(&headers)?;
    let length = number(&headers, &UPLOAD_LENGTH)?.ok_or_else(|| Problem::tus_header("Upload-Length"))?;
    let most = state.settings().upload_bytes_max;
    if length > most {
        return Err(Problem::upload_too_large(length, most));
    }
    let metadata = Metadata::parse(headers.get(UPLOAD_METADATA))?;
    check_quota(&state, &caller, length).await?;
    let upload = NewUpload {
        id: Uuid::new_v4().to_string(),
        owner: caller.id.to_string(),
        file_name: metadata.file_name.clone(),
        meta: json!(metadata.pairs),
        length,
        options: json!(metadata.options),
        at: now(),
        expires_at: in_days(state.settings().upload_days),
    };
    state.catalog().begin_upload(&upload).await?;
    let detail = json!({ "file_name": upload.file_name, "length": length });
    state.catalog().audit(&caller.id, "upload_begun", &upload.id, &detail, &now()).await?;
    if length == 0 {
        let held = required(&state, &upload.id).await?;
        finish(&state, &held).await?;
    }
    let mut response = StatusCode::CREATED.into_response();
    let headers = response.headers_mut();
    put(headers, header::LOCATION, &format!("/uploads/{}", upload.id));
    put(headers, UPLOAD_OFFSET, "0");
    expires(headers, &upload.expires_at);
    Ok(tus(response))
}

/// How far an upload is; HEAD gives the headers alone, as tus asks.
#[utoipa::path(get, path = "/uploads/{id}", tag = "uploads",
    params(("id" = String, Path, description = "The upload")),
    responses((status = 200, body = UploadBody, description = "Bytes received in Upload-Offset, too"), Refusals))]
pub(crate) async fn show_upload(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if headers.contains_key(TUS_RESUMABLE) {
        check_version(&headers)?;
    }
    let upload = own(&state, &caller, &id).await?;
    if matches!(upload.state, UploadState::Discarded | UploadState::Expired) {
        return Err(Problem::upload_gone());
    }
    let mut response = Json(UploadBody::from(&upload)).into_response();
    let answer = response.headers_mut();
    put(answer, UPLOAD_OFFSET, &upload.received.to_string());
    put(answer, UPLOAD_LENGTH, &upload.length.to_string());
    if let Some(said) = upload.meta.as_object() {
        let pairs = metadata::written(said);
        put(answer, UPLOAD_METADATA, &pairs);
    }
    expires(answer, &upload.expires_at);
    Ok(tus(response))
}

/// Sends the piece that begins at `Upload-Offset`; with `Upload-Checksum` it is taken whole or not at all.
#[utoipa::path(patch, path = "/uploads/{id}", tag = "uploads",
    params(("id" = String, Path, description = "The upload"),
        ("tus-resumable" = String, Header, description = "1.0.0"),
        ("upload-offset" = u64, Header, description = "Bytes received so far"),
        ("upload-checksum" = Option<String>, Header, description = "sha1 or sha256, a space, base64")),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "On disk; the new count in Upload-Offset"),
        (status = 409, description = "The piece does not begin where the upload ends; ask by HEAD"),
        (status = 460, description = "The checksum does not fit; nothing was taken"), Refusals))]
pub(crate) async fn send_piece(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let headers = &parts.headers;
    check_version(headers)?;
    if headers.get(header::CONTENT_TYPE).is_none_or(|v| v != OFFSET_STREAM) {
        return Err(Problem::tus_content_type());
    }
    let from = number(headers, &UPLOAD_OFFSET)?.ok_or_else(|| Problem::tus_header("Upload-Offset"))?;
    let checksum = headers.get(UPLOAD_CHECKSUM).map(Checksum::parse).transpose()?;
    own(&state, &caller, &id).await?;
    let turn = state.turns().take(&id).await.ok_or_else(Problem::upload_busy)?;
    // what stands in the catalog now, with this writer's turn begun
    let upload = required(&state, &id).await?;
    if matches!(upload.state, UploadState::Discarded | UploadState::Expired) {
        return Err(Problem::upload_gone());
    }
    if upload.received != from {
        return Err(Problem::upload_offset(upload.received));
    }
    let received = if upload.state == UploadState::Receiving && from < upload.length {
        take_piece(&state, &upload, from, body, checksum, &turn).await?
    } else {
        drop(body);
        from
    };
    if received == upload.length && upload.state == UploadState::Receiving {
        let whole = required(&state, &id).await?;
        finish(&state, &whole).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    put(response.headers_mut(), UPLOAD_OFFSET, &received.to_string());
    expires(response.headers_mut(), &upload.expires_at);
    Ok(tus(response))
}

/// Gives an upload or draft up.
#[utoipa::path(delete, path = "/uploads/{id}", tag = "uploads",
    params(("id" = String, Path, description = "The upload"),
        ("tus-resumable" = String, Header, description = "1.0.0")),
    responses((status = 204, description = "It is gone"), Refusals))]
pub(crate) async fn end_upload(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check_version(&headers)?;
    own(&state, &caller, &id).await?;
    let _turn = state.turns().take(&id).await.ok_or_else(Problem::upload_busy)?;
    if !state.catalog().discard_upload(&id, &now()).await? {
        return Err(Problem::upload_gone());
    }
    state.catalog().audit(&caller.id, "upload_discarded", &id, &json!({}), &now()).await?;
    Ok(tus(StatusCode::NO_CONTENT.into_response()))
}

/// Takes what comes, and counts what came.
async fn take_piece(
    state: &ApiState,
    upload: &Upload,
    from: u64,
    body: Body,
    mut checksum: Option<Checksum>,
    turn: &turns::Turn,
) -> Result<u64, Problem> {
    let mut piece = state.catalog().upload_piece(upload, from).await?;
    let mut stream = body.into_data_stream();
    let (mut counted_from, mut came) = (Instant::now(), 0);
    let whole = loop {
        let next = tokio::select! {
            next = timeout(IDLE, stream.next()) => next,
            () = turn.asked_to_stop() => break false,
        };
        match next {
            Ok(Some(Ok(bytes))) => {
                came += bytes.len() as u64;
                if counted_from.elapsed() >= IDLE {
                    if came < RATE_MIN * IDLE.as_secs() {
                        break false;
                    }
                    (counted_from, came) = (Instant::now(), 0);
                }
                if let Some(checksum) = &mut checksum {
                    checksum.update(&bytes);
                }
                match piece.write(bytes).await {
                    Err(CatalogError::UploadTooLong) => return Err(Problem::upload_too_long(upload.length)),
                    other => other?,
                }
            }
            Ok(None) => break true,
            Ok(Some(Err(_))) | Err(_) => break false,
        }
    };
    if let Some(checksum) = checksum {
        // cut off before its end, nothing of it can be believed
        if !whole {
            return Err(Problem::piece_cut());
        }
        if !checksum.fits() {
            return Err(Problem::checksum_mismatch());
        }
    }
    let received = piece.commit(&now()).await?;
    if whole { Ok(received) } else { Err(Problem::piece_cut()) }
}

/// Makes a draft of an upload whose bytes are all there, and has it looked at.
pub(crate) async fn finish(state: &ApiState, upload: &Upload) -> Result<(), Problem> {
    state.catalog().complete_upload(upload, &now()).await?;
    inspect(state, &upload.id, &upload.owner).await
}

async fn required(state: &ApiState, id: &str) -> Result<Upload, Problem> {
    state.catalog().upload(id).await?.ok_or_else(Problem::unknown_upload)
}

/// An upload of the caller's, or any for an operator; to others it is not there.
pub(crate) async fn own(state: &ApiState, caller: &Caller, id: &str) -> Result<Upload, Problem> {
    let upload = required(state, id).await?;
    if desk::may_see(caller, &upload.owner) { Ok(upload) } else { Err(Problem::unknown_upload()) }
}

async fn check_quota(state: &ApiState, caller: &Caller, length: u64) -> Result<(), Problem> {
    let settings = state.settings();
    let used = state.catalog().upload_usage(&caller.id).await?;
    if used.uploads >= settings.uploads_max || used.bytes.saturating_add(length) > settings.upload_quota_bytes {
        return Err(Problem::quota_used(used.uploads, settings.uploads_max, used.bytes, settings.upload_quota_bytes));
    }
    Ok(())
}

fn check_version(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.get(TUS_RESUMABLE).is_some_and(|v| v == VERSION) { Ok(()) } else { Err(Problem::tus_version()) }
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let digits = value.to_str().ok().filter(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit()));
    digits.and_then(|t| t.parse().ok()).map(Some).ok_or_else(|| Problem::tus_header(name.as_str()))
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn expires(headers: &mut HeaderMap, at: &str) {
    if let Some(date) = http_date(at) {
        put(headers, UPLOAD_EXPIRES, &date);
    }
}

/// Every answer of tus names its version and is kept by nobody.
fn tus(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl From<&Upload> for UploadBody {
    fn from(upload: &Upload) -> Self {
        Self {
            id: upload.id.clone(),
            file_name: upload.file_name.clone(),
            length: upload.length,
            received: upload.received,
            state: upload.state.as_str(),
            expires_at: upload.expires_at.clone(),
            draft: format!("/v1/drafts/{}", upload.id),
        }
    }
}
