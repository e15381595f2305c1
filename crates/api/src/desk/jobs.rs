//! Jobs: how far they are, and what came of them.

#![expect(unused_qualifications, reason = "utoipa writes them into the operations")]

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use belcheer_catalog::{Job, JobFilter, JobState, Role};
use futures::{Stream, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::clock::now;
use crate::desk::may_see;
use crate::identity::Caller;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery, given};
use crate::state::ApiState;

/// How often a job is looked at for those who watch it.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct JobBody {
    /// Its name.
    id: String,
    /// What is done: inspect, ingest, assess, `zonal_stats`, degradation, export.
    kind: String,
    /// `accepted`, `running`, `successful`, `failed` or `dismissed`.
    #[schema(pattern = "^(accepted|running|successful|failed|dismissed)$")]
    state: &'static str,
    /// The upload or assessment that it is about.
    subject: Option<String>,
    /// Who asked for it.
    owner: String,
    /// How often it was begun.
    attempts: u64,
    /// How far it is.
    progress: Progress,
    /// What came of it.
    #[schema(value_type = Option<Object>)]
    result: Option<Value>,
    /// Why it failed: code, and text in both languages.
    #[schema(value_type = Option<Object>)]
    problem: Option<Value>,
    /// When it was asked for, RFC 3339.
    created_at: String,
    /// When it changed last, RFC 3339.
    changed_at: String,
    /// Where to look and what to do with it.
    links: JobLinks,
}

/// How far a job is: units of the stage at hand, never all of them before its end.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Progress {
    /// What is being done.
    stage: String,
    /// Units that are done.
    done: u64,
    /// Units in all; 0 when not known.
    total: u64,
}

/// Addresses of a job.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct JobLinks {
    /// The job.
    this: String,
    /// Its changes as they happen (server-sent events).
    events: String,
    /// The files of its result.
    files: Vec<String>,
}

/// Jobs, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobList {
    /// The jobs.
    jobs: Vec<JobBody>,
    /// The address of the next page.
    next: Option<String>,
}

/// Which jobs to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobsQuery {
    /// Only those in this state.
    #[param(pattern = "^(accepted|running|successful|failed|dismissed)?$")]
    state: Option<String>,
    /// Only those of this kind.
    kind: Option<String>,
    /// Only those about this upload or assessment.
    subject: Option<String>,
    /// At most so many, 1 to 200; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// Only those before this place; an answer's `next` gives it.
    #[param(value_type = Option<u64>)]
    before: Option<String>,
}

impl JobBody {
    pub(crate) fn new(job: &Job) -> Self {
        let this = format!("/v1/jobs/{}", job.id);
        let files = job.result.as_ref().and_then(|r| r.get("files")).and_then(Value::as_array);
        let named = |file: &Value| Some(format!("{this}/files/{}", file.get("name")?.as_str()?));
        Self {
            id: job.id.clone(),
            kind: job.kind.clone(),
            state: job.state.as_str(),
            subject: Some(job.subject.clone()).filter(|s| !s.is_empty()),
            owner: job.owner.clone(),
            attempts: job.attempts,
            progress: Progress { stage: job.stage.clone(), done: job.done, total: job.total },
            result: job.result.clone(),
            problem: job.problem.clone(),
            created_at: job.created_at.clone(),
            changed_at: job.changed_at.clone(),
            links: JobLinks {
                events: format!("{this}/events"),
                files: files.into_iter().flatten().filter_map(named).collect(),
                this,
            },
        }
    }
}

/// The answer to a request that became a job.
pub(crate) fn accepted(job: &Job) -> Response {
    let body = JobBody::new(job);
    let location = body.links.this.clone();
    (StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(body)).into_response()
}

/// The caller's jobs; all of them for reviewers and operators.
#[utoipa::path(get, path = "/v1/jobs", tag = "work", params(JobsQuery),
    responses((status = 200, body = JobList), Refusals))]
pub(crate) async fn list_jobs(
    State(state): State<ApiState>,
    caller: Caller,
    Checked(query): Checked<JobsQuery>,
) -> Result<Json<JobList>, Problem> {
    let limit = bounded(given(query.limit.as_ref()), "limit", 50, 200)?;
    let before = bounded(given(query.before.as_ref()), "before", 0, i64::MAX.unsigned_abs())?;
    let wanted = given(query.state.as_ref());
    let of_state = wanted.map(str::parse::<JobState>).transpose().map_err(|_| {
        let words = ("төлөв", "accepted, running, successful, failed or dismissed");
        Problem::bad_parameter("state", wanted.unwrap_or_default(), words)
    })?;
    let sees_all = matches!(caller.role, Role::Operator | Role::Reviewer);
    let filter = JobFilter {
        owner: if sees_all { "" } else { &caller.id },
        state: of_state,
        kind: given(query.kind.as_ref()).unwrap_or_default(),
        subject: given(query.subject.as_ref()).unwrap_or_default(),
    };
    let jobs = state.catalog().jobs(&filter, before, u32::try_from(limit).unwrap_or(200)).await?;
    let full = jobs.len() as u64 == limit;
    let next = jobs.last().filter(|_| full).map(|last| format!("/v1/jobs?limit={limit}&before={}", last.sequence));
    Ok(Json(JobList { jobs: jobs.iter().map(JobBody::new).collect(), next }))
}

/// One job.
#[utoipa::path(get, path = "/v1/jobs/{id}", tag = "work", params(("id" = String, Path, description = "The job")),
    responses((status = 200, body = JobBody), Refusals))]
pub(crate) async fn show_job(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    let job = own(&state, &caller, &id).await?;
    let mut response = Json(JobBody::new(&job)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The changes of a job as they happen, one event `job` each, until it has ended.
#[utoipa::path(get, path = "/v1/jobs/{id}/events", tag = "work",
    params(("id" = String, Path, description = "The job")),
    responses((status = 200, description = "Server-sent events whose data is the job", content_type = "text/event-stream", body = Object), Refusals))]
pub(crate) async fn job_events(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    let job = own(&state, &caller, &id).await?;
    let mut response = Sse::new(changes(state, job)).keep_alive(KeepAlive::default()).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// What a watcher of a job is told next.
enum Watched {
    Next(Job),
    After(Job),
    Over,
}

fn changes(state: ApiState, job: Job) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold((state, Watched::Next(job)), |(state, watched)| async move {
        let job = match watched {
            Watched::Over => return None,
            Watched::Next(job) => job,
            Watched::After(told) => changed(&state, told).await?,
        };
        let event = Event::default().event("job").json_data(JobBody::new(&job)).ok()?;
        let next = if has_ended(&job) { Watched::Over } else { Watched::After(job) };
        Some((Ok(event), (state, next)))
    })
}

/// Waits until a job is not as it was told.
async fn changed(state: &ApiState, told: Job) -> Option<Job> {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let job = state.catalog().job(&told.id).await.ok()??;
        if job != told {
            return Some(job);
        }
    }
}

fn has_ended(job: &Job) -> bool {
    !matches!(job.state, JobState::Accepted | JobState::Running)
}

/// Cancels a job. What it has done so far stays; a resumed assessment goes on from there.
#[utoipa::path(delete, path = "/v1/jobs/{id}", tag = "work", params(("id" = String, Path, description = "The job")),
    responses((status = 200, body = JobBody), Refusals))]
pub(crate) async fn cancel_job(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Json<JobBody>, Problem> {
    own(&state, &caller, &id).await?;
    if !state.catalog().dismiss_job(&id, &now()).await? {
        return Err(Problem::job_ended());
    }
    state.catalog().audit(&caller.id, "job_cancelled", &id, &json!({}), &now()).await?;
    Ok(Json(JobBody::new(&own(&state, &caller, &id).await?)))
}

/// Puts a job that was cancelled or failed back into its queue.
#[utoipa::path(post, path = "/v1/jobs/{id}/resume", tag = "work",
    params(("id" = String, Path, description = "The job")),
    responses((status = 202, body = JobBody), Refusals))]
pub(crate) async fn resume_job(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    own(&state, &caller, &id).await?;
    if !state.catalog().resume_job(&id, &now()).await? {
        return Err(Problem::job_under_way());
    }
    state.catalog().audit(&caller.id, "job_resumed", &id, &json!({}), &now()).await?;
    state.waker().wake();
    Ok(accepted(&own(&state, &caller, &id).await?))
}

/// A job that the caller may see; to others it is not there.
pub(crate) async fn own(state: &ApiState, caller: &Caller, id: &str) -> Result<Job, Problem> {
    let job = state.catalog().job(id).await?.filter(|job| may_see(caller, &job.owner));
    job.ok_or_else(Problem::unknown_job)
}

/// A number within bounds, or what stands for none.
pub(crate) fn bounded(text: Option<&str>, name: &'static str, absent: u64, most: u64) -> Result<u64, Problem> {
    let least = absent.min(1);
    match text {
        None => Ok(absent),
        Some(t) => t.parse().ok().filter(|n| (least..=most).contains(n)).ok_or_else(|| {
            let (mn, en) = (format!("{least}-ээс {most} хүртэл бүхэл тоо"), format!("{least} to {most}"));
            Problem::bad_parameter(name, t, (&mn, &en))
        }),
    }
}
