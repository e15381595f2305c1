//! What the service takes the caller for.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use belcheer_catalog::{Action, SoumScope};
use serde::Serialize;
use utoipa::ToSchema;

use crate::identity::caller::Caller;
use crate::problem::Problem;
use crate::problem::Refusals;
use crate::query::{Checked, NoQuery};
use crate::state::ApiState;

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeBody {
    /// `public`, `key:<id>` or `user:<name>`; the audit trail names changes by it.
    #[schema(example = "public")]
    id: String,
    /// `public`, `analyst`, `reviewer`, `platform` or `operator`.
    #[schema(example = "public")]
    role: &'static str,
    /// What they may do.
    actions: Vec<&'static str>,
    /// `all`, or a list of soum codes.
    #[schema(value_type = serde_json::Value)]
    soums: SoumScope,
    /// Whether they may see assessments that are not published.
    drafts: bool,
    /// When their key ends, RFC 3339.
    expires_at: Option<String>,
    /// How often they may ask.
    limits: RatesBody,
}

/// How often somebody may ask.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RatesBody {
    /// Requests a second from one address; absent = no limit.
    address_per_second: Option<u32>,
    /// Requests a second with one key or token; absent = no limit, or no key.
    key_per_second: Option<u32>,
}

/// Who the service takes you for, and what you may.
#[utoipa::path(get, path = "/v1/me", tag = "access", responses((status = 200, body = MeBody), Refusals))]
pub(crate) async fn show_me(
    State(state): State<ApiState>,
    caller: Caller,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    let settings = state.identity().settings();
    let rate = |rate: u32| (rate > 0).then_some(rate);
    let body = MeBody {
        id: caller.id.to_string(),
        role: caller.role.as_str(),
        actions: caller.actions.iter().map(Action::as_str).collect(),
        drafts: caller.sees_drafts(),
        expires_at: caller.expires_at.as_deref().map(str::to_owned),
        limits: RatesBody {
            address_per_second: rate(settings.rate_public),
            key_per_second: if caller.is_public() { None } else { rate(settings.rate_key) },
        },
        soums: caller.soums,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}
