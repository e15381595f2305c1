//! Keys over HTTP, for operators.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use belcheer_catalog::{Action, CatalogError, KeyRecord, Role, SoumScope};
use chrono::{SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::identity::caller::Caller;
use crate::identity::issue::{IssueError, KeyRequest, issue_key};
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery, Page};
use crate::state::ApiState;

/// Days that a key lives when none are given.
const DAYS: u16 = 365;

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyBody {
    /// The part that names it.
    id: String,
    /// `analyst`, `reviewer`, `platform` or `operator`.
    role: &'static str,
    /// What it may do.
    actions: Vec<&'static str>,
    /// `all`, or a list of soum codes.
    #[schema(value_type = serde_json::Value)]
    soums: SoumScope,
    /// What it is for.
    label: String,
    /// Who holds it.
    holder: String,
    /// When it was made, RFC 3339.
    created_at: String,
    /// By whom.
    created_by: String,
    /// When it ends, RFC 3339.
    expires_at: String,
    /// Since when it counts no more.
    revoked_at: Option<String>,
    /// When it was last used, to the hour.
    last_used: Option<String>,
    /// The key that it took the place of.
    replaces: Option<String>,
    /// Whether it counts now.
    valid: bool,
}

/// The keys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyList {
    /// How many there are.
    total: usize,
    /// At most so many rows a page.
    limit: usize,
    /// Rows skipped.
    offset: usize,
    /// The keys of this page, oldest first.
    keys: Vec<KeyBody>,
    /// The address of the next page.
    next: Option<String>,
}

/// A key that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IssuedKeyBody {
    /// The key itself; it is shown here and never again.
    #[schema(example = "soum_live_<id>_<secret>")]
    key: String,
    /// What is held of it.
    record: KeyBody,
}

/// What a new key shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKeyBody {
    /// Who will hold it: the name of a user, whose role and soums it then has, or any other words.
    #[schema(example = "cashmere platform")]
    holder: String,
    /// What it is for.
    label: String,
    /// `analyst`, `reviewer`, `platform` or `operator`; needed when the holder is no user.
    #[schema(value_type = Option<String>, example = "platform")]
    role: Option<Role>,
    /// What it may do; all that the role may when absent.
    #[schema(value_type = Option<Vec<String>>)]
    actions: Option<Vec<Action>>,
    /// `all`, or a list of soum codes.
    #[schema(value_type = Option<serde_json::Value>)]
    soums: Option<SoumScope>,
    /// How many days it lives, 1 to 400; 365 when absent.
    days: Option<u16>,
}

/// Which keys to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct KeysQuery {
    /// At most so many keys, 1 to 1000; 500 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// Skip so many keys.
    #[param(value_type = Option<u32>)]
    offset: Option<String>,
}

/// Every key that is or was held; never a secret.
#[utoipa::path(get, path = "/v1/keys", tag = "access", params(KeysQuery),
    responses((status = 200, body = KeyList), Refusals))]
pub(crate) async fn list_keys(
    State(state): State<ApiState>,
    Checked(query): Checked<KeysQuery>,
    uri: Uri,
) -> Result<Json<KeyList>, Problem> {
    let page = Page::of(query.limit.as_ref(), query.offset.as_ref())?;
    let keys = state.catalog().keys().await?;
    let total = keys.len();
    let keys = page.cut(keys).into_iter().map(KeyBody::from).collect();
    Ok(Json(KeyList { total, limit: page.limit, offset: page.offset, keys, next: page.next(&uri, total) }))
}

/// Makes a key. Its text is in the answer, and nowhere else.
#[utoipa::path(post, path = "/v1/keys", tag = "access", request_body = NewKeyBody,
    responses((status = 201, body = IssuedKeyBody), Refusals))]
pub(crate) async fn add_key(
    State(state): State<ApiState>,
    caller: Caller,
    Checked(NoQuery {}): Checked<NoQuery>,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked: NewKeyBody = serde_json::from_slice(&body).map_err(|e| Problem::bad_body(&e))?;
    let request = KeyRequest {
        holder: asked.holder,
        label: asked.label,
        role: asked.role,
        actions: asked.actions.map(|actions| actions.into_iter().collect()),
        soums: asked.soums.or_else(|| (caller.soums != SoumScope::All).then(|| caller.soums.clone())),
        days: asked.days.unwrap_or(DAYS),
    };
    if request.soums.as_ref().is_some_and(|soums| !soums.within(&caller.soums)) {
        return Err(Problem::key_refused(&IssueError::WiderSoums { most: caller.soums }));
    }
    let environment = &state.identity().settings().environment;
    let issued = issue_key(state.catalog(), environment, &request, &caller.id, Utc::now())
        .await
        .map_err(|error| Problem::key_refused(&error))?;
    let location = format!("/v1/keys/{}", issued.record.id);
    let body = IssuedKeyBody { key: issued.text, record: issued.record.into() };
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(body)).into_response())
}

/// Lets a key count no more, at once.
#[utoipa::path(delete, path = "/v1/keys/{key}", tag = "access",
    params(("key" = String, Path, description = "The part that names the key")),
    responses((status = 204, description = "It counts no more"), Refusals))]
pub(crate) async fn revoke_key(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<StatusCode, Problem> {
    let at = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    let revoked = state.catalog().revoke_key(&id, &caller.id, &at).await;
    state.identity().forget();
    match revoked {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(CatalogError::UnknownKey { .. }) => Err(Problem::unknown_key(&id)),
        Err(error) => Err(error.into()),
    }
}

impl From<KeyRecord> for KeyBody {
    fn from(key: KeyRecord) -> Self {
        let valid = key.is_valid(Utc::now());
        Self {
            id: key.id,
            role: key.role.as_str(),
            actions: key.actions.iter().map(Action::as_str).collect(),
            soums: key.soums,
            label: key.label,
            holder: key.holder,
            created_at: key.created_at,
            created_by: key.created_by,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            last_used: key.last_used,
            replaces: key.replaces,
            valid,
        }
    }
}
