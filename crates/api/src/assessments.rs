//! Assessments that are public or were replaced, drafts for those who may see them, and the difference between two of them.

mod rows;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use belcheer_assessment::diff::{DiffRow, InputChange, diff, input_changes, setting_changes};
use belcheer_catalog::{PublicationAction, PublicationEvent};
use belcheer_domain::{Digest, Indicator, SoumCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::cycles::Period;
use crate::identity::Caller;
use crate::links;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::state::ApiState;

pub(crate) use rows::{__path_assessment_findings, __path_assessment_soums, assessment_findings, assessment_soums};

/// An assessment: what it was made of and what it says in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessmentBody {
    /// The assessment's id: the digest of scheme, inputs, parameters and method versions.
    #[schema(value_type = String)]
    id: Digest,
    /// Scheme and version.
    scheme: String,
    /// Digest of the scheme document.
    #[schema(value_type = String)]
    scheme_digest: Digest,
    /// The cycle it was made for.
    cycle: String,
    /// Frozen baseline.
    baseline: Period,
    /// Reporting period.
    reporting: Period,
    /// Seed of every random stream.
    seed: u64,
    /// Methods with their versions.
    methods: Vec<String>,
    /// Named parameter sets.
    parameter_sets: Vec<String>,
    /// Every input by kind, name and digest.
    inputs: Vec<AssessmentInput>,
    /// How many soums have each status.
    statuses: BTreeMap<&'static str, usize>,
    /// Every publication and withdrawal of it.
    publications: Vec<PublicationBody>,
}

/// An input of an assessment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessmentInput {
    kind: String,
    name: String,
    #[schema(value_type = String)]
    digest: Digest,
    href: String,
}

/// A publication or withdrawal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicationBody {
    /// The cycle.
    cycle: String,
    /// `publish` or `withdraw`.
    action: &'static str,
    /// When, RFC 3339.
    at: String,
}

/// The difference between two assessments.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiffBody {
    /// The earlier one.
    #[schema(value_type = String)]
    before: Digest,
    /// The later one.
    #[schema(value_type = String)]
    after: Digest,
    /// Inputs and settings that differ.
    changes: Vec<ChangeBody>,
    /// Values that differ.
    rows: Vec<DiffRowBody>,
    /// Both assessments.
    links: [String; 2],
}

/// An input or setting that differs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeBody {
    /// Its kind, such as `raster` or `livestock`.
    kind: String,
    /// What to call it.
    name: String,
    /// `added`, `removed` or `changed`.
    how: &'static str,
    /// Soums whose records differ; empty where it concerns all.
    #[schema(value_type = Vec<String>)]
    soums: Vec<SoumCode>,
    /// Years of what differs.
    years: Vec<i32>,
}

/// One value that differs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiffRowBody {
    /// The soum.
    #[schema(value_type = String)]
    au2: SoumCode,
    /// The indicator; absent for what is said of the soum as a whole.
    #[schema(value_type = Option<String>)]
    indicator: Option<Indicator>,
    /// The column.
    field: &'static str,
    /// Before; absent = missing.
    before: Option<String>,
    /// After; absent = missing.
    after: Option<String>,
    /// After less before, for numbers.
    difference: Option<f64>,
    /// Because of which inputs, nearest first.
    because: Vec<String>,
}

/// An assessment that is public or was replaced; with a key of an analyst, reviewer or operator also a draft.
#[utoipa::path(get, path = "/v1/assessments/{assessment}", tag = "method",
    params(("assessment" = String, Path, description = "The assessment's id, `sha256:` and 64 hexadecimal digits")),
    responses((status = 200, body = AssessmentBody), Refusals))]
pub(crate) async fn show_assessment(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    let Visible { id, events, published } = visible(&state, &caller, &id).await?;
    let result = state.result(id).await?;
    let manifest = &result.manifest;
    let mut statuses = BTreeMap::new();
    for soum in &result.soums {
        *statuses.entry(soum.status.as_str()).or_default() += 1;
    }
    let input = |i: &belcheer_assessment::result::InputRef| AssessmentInput {
        kind: i.kind.clone(),
        name: i.name.clone(),
        digest: i.digest,
        href: links::dataset(i.digest),
    };
    let body = AssessmentBody {
        id,
        scheme: manifest.scheme.clone(),
        scheme_digest: manifest.scheme_digest,
        cycle: manifest.cycle.clone(),
        baseline: manifest.baseline.into(),
        reporting: manifest.reporting.into(),
        seed: manifest.seed,
        methods: manifest.methods.clone(),
        parameter_sets: manifest.parameter_sets.clone(),
        inputs: manifest.inputs.iter().map(input).collect(),
        statuses,
        publications: events,
    };
    Ok(answer(published, body))
}

/// What changed between two assessments that are public or were replaced, by how much, and because of which input.
#[utoipa::path(get, path = "/v1/assessments/{assessment}/diff/{other}", tag = "method",
    params(("assessment" = String, Path, description = "The earlier assessment's id"), ("other" = String, Path, description = "The later assessment's id")),
    responses((status = 200, body = DiffBody), Refusals))]
pub(crate) async fn show_diff(
    State(state): State<ApiState>,
    caller: Caller,
    Path((id, id2)): Path<(String, String)>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    let (first, second) = (visible(&state, &caller, &id).await?, visible(&state, &caller, &id2).await?);
    let (before, after, published) = (first.id, second.id, first.published && second.published);
    let (a, b) = (state.result(before).await?, state.result(after).await?);
    let mut changes = setting_changes(&a, &b);
    let inputs = input_changes(state.catalog(), &a.manifest.inputs, &b.manifest.inputs).await;
    changes.extend(inputs.map_err(|error| {
        tracing::error!(%error, "inputs of two assessments cannot be compared");
        Problem::internal()
    })?);
    let rows = diff(&a, &b, &changes).into_iter().map(DiffRowBody::from).collect();
    let changes = changes.into_iter().map(ChangeBody::from).collect();
    let links = [links::assessment(before), links::assessment(after)];
    Ok(answer(published, DiffBody { before, after, changes, rows, links }))
}

/// An assessment that a caller may see.
struct Visible {
    id: Digest,
    events: Vec<PublicationBody>,
    /// Whether everybody may.
    published: bool,
}

/// An assessment with its publications. To most callers a draft is as unknown as none, and so is what was taken back; those
/// who see drafts see them of the soums that they may act on.
async fn visible(state: &ApiState, caller: &Caller, text: &str) -> Result<Visible, Problem> {
    let id: Digest = text.parse().map_err(|_| Problem::unknown_assessment(text))?;
    let mut events = Vec::new();
    let mut published = false;
    for cycle in state.ever_named().await? {
        let of_cycle: Vec<PublicationEvent> =
            state.catalog().history(&cycle).await?.into_iter().filter(|e| e.assessment == id).collect();
        published |= of_cycle.last().is_some_and(|e| e.action == PublicationAction::Publish);
        events.extend(of_cycle.into_iter().map(PublicationBody::from));
    }
    if published || (caller.sees_drafts() && covers(state, caller, id).await?) {
        return Ok(Visible { id, events, published });
    }
    Err(Problem::unknown_assessment(text))
}

/// Whether an assessment is held, and every soum of it is the caller's.
async fn covers(state: &ApiState, caller: &Caller, id: Digest) -> Result<bool, Problem> {
    if state.catalog().assessment(id).await?.is_none() {
        return Ok(false);
    }
    Ok(state.result(id).await?.soums.iter().all(|soum| caller.soums.covers(soum.au2)))
}

/// An answer that nobody may keep when it holds a draft.
fn answer(published: bool, body: impl Serialize) -> Response {
    if published {
        return Json(body).into_response();
    }
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

impl From<PublicationEvent> for PublicationBody {
    fn from(event: PublicationEvent) -> Self {
        let action = match event.action {
            PublicationAction::Publish => "publish",
            PublicationAction::Withdraw => "withdraw",
        };
        Self { cycle: event.cycle, action, at: event.at }
    }
}

impl From<InputChange> for ChangeBody {
    fn from(change: InputChange) -> Self {
        Self {
            kind: change.kind,
            name: change.name,
            how: change.how,
            soums: change.soums.into_keys().collect(),
            years: change.years.into_iter().collect(),
        }
    }
}

impl From<DiffRow> for DiffRowBody {
    fn from(row: DiffRow) -> Self {
        let DiffRow { au2, indicator, field, before, after, difference, because } = row;
        Self { au2, indicator, field, before, after, difference, because }
    }
}
