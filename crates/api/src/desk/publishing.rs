//! Publishing and withdrawing: the reviewer's decision.

#![expect(unused_qualifications, reason = "utoipa writes them into the operations")]

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use belcheer_catalog::CatalogError;
use belcheer_domain::Digest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::clock::now;
use crate::desk::body;
use crate::identity::Caller;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery, Page};
use crate::state::ApiState;

/// For which cycle.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PublishBody {
    /// The cycle; the one that the assessment was made for when absent.
    #[schema(max_length = 64)]
    cycle: Option<String>,
}

/// What is public now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublishedBody {
    /// The assessment.
    #[schema(value_type = String)]
    assessment: Digest,
    /// The cycles concerned.
    cycles: Vec<String>,
    /// What it took the place of.
    #[schema(value_type = Option<String>)]
    supersedes: Option<Digest>,
}

/// An assessment in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessmentSummary {
    /// Its id.
    #[schema(value_type = String)]
    id: Digest,
    /// The cycle it was made for.
    cycle: String,
    /// The scheme's name.
    scheme: String,
    /// When it was stored, RFC 3339.
    created_at: String,
    /// The cycles for which it is public now.
    published: Vec<String>,
}

/// Assessments, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessmentList {
    /// How many there are.
    total: usize,
    /// The assessments.
    assessments: Vec<AssessmentSummary>,
    /// The address of the next page.
    next: Option<String>,
}

/// Which assessments to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AssessmentsQuery {
    /// At most so many, 1 to 1000; 500 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// Skip so many.
    #[param(value_type = Option<u32>)]
    offset: Option<String>,
}

/// Every assessment that is held, drafts among them.
#[utoipa::path(get, path = "/v1/assessments", tag = "work", params(AssessmentsQuery),
    responses((status = 200, body = AssessmentList), Refusals))]
pub(crate) async fn list_assessments(
    State(state): State<ApiState>,
    Checked(query): Checked<AssessmentsQuery>,
    uri: axum::http::Uri,
) -> Result<Json<AssessmentList>, Problem> {
    let page = Page::of(query.limit.as_ref(), query.offset.as_ref())?;
    let held = state.catalog().assessments().await?;
    let cycles = state.cycles().await?;
    let total = held.len();
    let summary = |record: belcheer_catalog::AssessmentRecord| AssessmentSummary {
        published: cycles.iter().filter(|c| c.assessment == record.id).map(|c| c.cycle.clone()).collect(),
        id: record.id,
        cycle: record.cycle,
        scheme: record.scheme_id,
        created_at: record.created_at,
    };
    let assessments = page.cut(held).into_iter().map(summary).collect();
    Ok(Json(AssessmentList { total, assessments, next: page.next(&uri, total) }))
}

/// Makes an assessment what the service answers for a cycle.
#[utoipa::path(post, path = "/v1/assessments/{assessment}/publish", tag = "work", request_body = PublishBody,
    params(("assessment" = String, Path, description = "The assessment's id")),
    responses((status = 200, body = PublishedBody), Refusals))]
pub(crate) async fn publish(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
    bytes: Bytes,
) -> Result<Json<PublishedBody>, Problem> {
    let said: PublishBody = if bytes.is_empty() { PublishBody::default() } else { body(&bytes)? };
    let assessment: Digest = id.parse().map_err(|_| Problem::malformed_digest(&id))?;
    let record = state.catalog().assessment(assessment).await?.ok_or_else(|| Problem::unknown_assessment(&id))?;
    let cycle = said.cycle.unwrap_or(record.cycle);
    let supersedes = match state.catalog().publish(assessment, &cycle, &caller.id, &now()).await {
        Err(CatalogError::CycleName { .. }) => {
            let expected =
                ("64 хүртэл үсэг, тоо, цэг, зураас", "at most 64 letters, digits, dots, dashes, underscores");
            return Err(Problem::bad_parameter("cycle", &cycle, expected));
        }
        other => other?,
    };
    Ok(Json(PublishedBody { assessment, cycles: vec![cycle], supersedes }))
}

/// Takes a published assessment back; what was public before it does not come back by itself.
#[utoipa::path(post, path = "/v1/assessments/{assessment}/withdraw", tag = "work",
    params(("assessment" = String, Path, description = "The assessment's id")),
    responses((status = 200, body = PublishedBody), (status = 409, description = "It is not public"), Refusals))]
pub(crate) async fn withdraw(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Json<PublishedBody>, Problem> {
    let assessment: Digest = id.parse().map_err(|_| Problem::malformed_digest(&id))?;
    let cycles = match state.catalog().withdraw(assessment, &caller.id, &now()).await {
        Err(CatalogError::UnknownAssessment { .. }) => return Err(Problem::unknown_assessment(&id)),
        Err(CatalogError::NotPublished { .. }) => return Err(Problem::not_published()),
        other => other?,
    };
    Ok(Json(PublishedBody { assessment, cycles, supersedes: None }))
}
