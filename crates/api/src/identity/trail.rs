//! The audit trail over HTTP, for operators.

use axum::Json;
use axum::extract::State;
use belcheer_catalog::AuditFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Problem, Refusals};
use crate::query::{Checked, Page, given};
use crate::state::ApiState;

/// Part of the trail.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditList {
    /// The entries, newest first.
    entries: Vec<AuditBody>,
    /// What to give as `before` for the next, older page; absent when there is none.
    before: Option<u64>,
}

/// One entry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditBody {
    /// Its place in the trail.
    seq: u64,
    /// Who: `key:<id>`, `user:<name>`, `cli:<name>`; empty in the oldest entries.
    actor: String,
    /// What was done.
    #[schema(example = "publish")]
    action: String,
    /// To what.
    subject: String,
    /// Particulars.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
    /// When, RFC 3339.
    at: String,
}

/// Which entries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Only by this actor.
    #[param(example = "cli:bat")]
    actor: Option<String>,
    /// Only this action.
    #[param(example = "key_issue")]
    action: Option<String>,
    /// Only of this subject.
    subject: Option<String>,
    /// Only entries before this place of the trail.
    #[param(value_type = Option<u64>)]
    before: Option<String>,
    /// At most so many entries, 1 to 1000; 500 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
}

/// Who did what, newest first.
#[utoipa::path(get, path = "/v1/audit", tag = "access", params(AuditQuery),
    responses((status = 200, body = AuditList), Refusals))]
pub(crate) async fn show_audit(
    State(state): State<ApiState>,
    Checked(query): Checked<AuditQuery>,
) -> Result<Json<AuditList>, Problem> {
    let limit = Page::of(query.limit.as_ref(), None)?.limit;
    let word = |word: &Option<String>| given(word.as_ref()).unwrap_or("").to_owned();
    let number = |text: &str| {
        text.parse().map_err(|_| Problem::bad_parameter("before", text, ("сөрөг биш бүхэл тоо", "a whole number")))
    };
    let filter = AuditFilter {
        actor: word(&query.actor),
        action: word(&query.action),
        subject: word(&query.subject),
        before: given(query.before.as_ref()).map(number).transpose()?,
    };
    // one more than asked for tells whether there is another page
    let asked = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let mut entries = state.catalog().audit_entries(&filter, asked).await?;
    let more = entries.len() > limit;
    entries.truncate(limit);
    let before = entries.last().filter(|_| more).map(|entry| entry.seq);
    let body = |e: belcheer_catalog::AuditEntry| AuditBody {
        seq: e.seq,
        actor: e.actor,
        action: e.action,
        subject: e.subject,
        detail: e.detail,
        at: e.at,
    };
    Ok(Json(AuditList { entries: entries.into_iter().map(body).collect(), before }))
}
