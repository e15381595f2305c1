//! Webhooks: addresses that operators name and that are told of publications, withdrawals and retractions.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use belcheer_catalog::{Delivery, Webhook};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::now;
use crate::desk::body;
use crate::identity::Caller;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::state::ApiState;

/// Bytes of a secret.
const SECRET_BYTES: usize = 32;

/// Where to tell.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWebhookBody {
    /// An `https` address; `http` only on this machine.
    #[schema(max_length = 500, example = "https://platform.example/belcheer")]
    address: String,
}

/// An address that is told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookBody {
    /// Its name.
    id: String,
    /// Where to.
    address: String,
    /// Whether it is told anything.
    active: bool,
    /// Who added it.
    actor: String,
    /// When, RFC 3339.
    created_at: String,
    /// The secret that signs what is sent; shown when it is made, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// What an address was told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryBody {
    /// The same however often it is told.
    id: String,
    /// What happened.
    event: String,
    /// `waiting`, `delivered` or `given_up`.
    state: &'static str,
    /// How often it was told.
    attempts: u64,
    /// What the address said last.
    said: String,
    /// When the event happened, RFC 3339.
    created_at: String,
}

/// The addresses.
#[utoipa::path(get, path = "/v1/webhooks", tag = "access", responses((status = 200, body = Vec<WebhookBody>), Refusals))]
pub(crate) async fn list_webhooks(
    State(state): State<ApiState>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Json<Vec<WebhookBody>>, Problem> {
    let held = state.catalog().webhooks().await?;
    Ok(Json(held.into_iter().map(|webhook| WebhookBody::of(webhook, None)).collect()))
}

/// Adds an address. What is sent there is signed with HMAC-SHA-256 by the secret in the answer (docs/service.md).
#[utoipa::path(post, path = "/v1/webhooks", tag = "access", request_body = NewWebhookBody,
    responses((status = 201, body = WebhookBody), Refusals))]
pub(crate) async fn add_webhook(
    State(state): State<ApiState>,
    caller: Caller,
    Checked(NoQuery {}): Checked<NoQuery>,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let said: NewWebhookBody = body(&bytes)?;
    if !may_be_told(&said.address) {
        return Err(Problem::webhook_address());
    }
    let mut secret = [0; SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(|error| {
        tracing::error!(%error, "the machine gives no random bytes");
        Problem::internal()
    })?;
    let webhook = Webhook {
        id: Uuid::new_v4().simple().to_string(),
        address: said.address,
        secret: BASE64_URL_SAFE_NO_PAD.encode(secret),
        active: true,
        actor: caller.id.to_string(),
        created_at: now(),
    };
    state.catalog().add_webhook(&webhook).await?;
    let detail = json!({ "address": webhook.address });
    state.catalog().audit(&caller.id, "webhook_added", &webhook.id, &detail, &webhook.created_at).await?;
    let location = format!("/v1/webhooks/{}", webhook.id);
    let secret = Some(webhook.secret.clone());
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(WebhookBody::of(webhook, secret))).into_response())
}

/// Tells an address nothing more.
#[utoipa::path(delete, path = "/v1/webhooks/{id}", tag = "access",
    params(("id" = String, Path, description = "The webhook")),
    responses((status = 204, description = "It is told nothing more"), Refusals))]
pub(crate) async fn silence_webhook(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<StatusCode, Problem> {
    if !state.catalog().silence_webhook(&id).await? {
        return Err(Problem::unknown_webhook());
    }
    state.catalog().audit(&caller.id, "webhook_silenced", &id, &json!({}), &now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an address was told last, newest first, at most 100.
#[utoipa::path(get, path = "/v1/webhooks/{id}/deliveries", tag = "access",
    params(("id" = String, Path, description = "The webhook")),
    responses((status = 200, body = Vec<DeliveryBody>), Refusals))]
pub(crate) async fn webhook_deliveries(
    State(state): State<ApiState>,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Json<Vec<DeliveryBody>>, Problem> {
    if !state.catalog().webhooks().await?.iter().any(|webhook| webhook.id == id) {
        return Err(Problem::unknown_webhook());
    }
    let told = state.catalog().deliveries(&id, 100).await?;
    Ok(Json(told.into_iter().map(DeliveryBody::from).collect()))
}

/// Whether an address is one that may be told: `https`, or `http` on this machine; no user names in it.
fn may_be_told(address: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(address) else { return false };
    let near = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let plain = url.username().is_empty() && url.password().is_none();
    plain && address.len() <= 500 && (url.scheme() == "https" || (url.scheme() == "http" && near))
}

impl WebhookBody {
    fn of(webhook: Webhook, secret: Option<String>) -> Self {
        let Webhook { id, address, active, actor, created_at, .. } = webhook;
        Self { id, address, active, actor, created_at, secret }
    }
}

impl From<Delivery> for DeliveryBody {
    fn from(d: Delivery) -> Self {
        let state = d.state.as_str();
        Self { id: d.id, event: d.event, state, attempts: d.attempts, said: d.said, created_at: d.created_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_keep_secrets_are_told() {
        for good in ["https://platform.example/hook", "http://127.0.0.1:9/hook", "http://localhost/x"] {
            assert!(may_be_told(good), "{good}");
        }
        for bad in ["http://platform.example/", "ftp://a/", "file:///etc/passwd", "https://u:p@a/", "no", ""] {
            assert!(!may_be_told(bad), "{bad}");
        }
    }
}
