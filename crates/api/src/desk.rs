//! The desk: what analysts, reviewers and operators do with the service. Everything that takes time becomes a job.

pub(crate) mod drafts;
pub(crate) mod files;
pub(crate) mod jobs;
pub(crate) mod limits;
pub(crate) mod publishing;
pub(crate) mod terms;
pub(crate) mod webhooks;
pub(crate) mod work;

use axum::body::Bytes;
use belcheer_catalog::{Job, Lane, NewJob, Role};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::clock::now;
use crate::identity::Caller;
use crate::problem::Problem;
use crate::state::ApiState;

/// Whether a caller may see what belongs to an owner: their own, and everything for reviewers and operators.
pub(crate) fn may_see(caller: &Caller, owner: &str) -> bool {
    &*caller.id == owner || matches!(caller.role, Role::Operator | Role::Reviewer)
}

/// A body as JSON of a known shape.
pub(crate) fn body<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|e| Problem::bad_body(&e))
}

/// Puts a job into its queue and wakes who does it.
pub(crate) async fn ask(
    state: &ApiState,
    kind: &str,
    lane: Lane,
    (subject, owner): (&str, &str),
    request: Value,
) -> Result<Job, Problem> {
    let job = NewJob {
        id: Uuid::new_v4().to_string(),
        kind: kind.to_owned(),
        lane,
        subject: subject.to_owned(),
        owner: owner.to_owned(),
        request,
    };
    state.catalog().add_job(&job, &now()).await?;
    state.waker().wake();
    state.catalog().job(&job.id).await?.ok_or_else(Problem::internal)
}
