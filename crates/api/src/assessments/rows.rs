//! What an assessment says row by row, drafts included: its soums and its findings.

use std::cmp::Reverse;

use axum::extract::{Path, State};
use axum::response::Response;
use belcheer_assessment::result::SoumRow;
use belcheer_domain::{Finding, Severity, SoumCode, Status, aimag_of};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Visible, answer, visible};
use crate::identity::Caller;
use crate::lang::Text;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery, given};
use crate::state::{ApiState, soum_code};
use crate::verification::FindingBody;
use crate::words;

/// Findings of an assessment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingsBody {
    /// How many meet the conditions.
    total: usize,
    /// The most severe first, at most as many as asked for.
    findings: Vec<FoundBody>,
}

/// A finding with the soum that it names.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundBody {
    /// The soum; absent of what concerns inputs as a whole.
    #[schema(value_type = Option<String>, example = "06404")]
    au2: Option<SoumCode>,
    /// What was noticed.
    #[serde(flatten)]
    finding: FindingBody,
}

/// Which findings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindingsQuery {
    /// Only those of this severity.
    #[param(pattern = "^(info|warning|error)?$")]
    severity: Option<String>,
    /// Only those that name this soum.
    #[param(pattern = "^(0(1[1-9]|[2-9][0-9])(0[1-9]|[1-9][0-9]))?$")]
    au2: Option<String>,
    /// How many at most, 1 to 2000; 200 when absent.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 2000)]
    limit: Option<String>,
}

/// What was noticed in an assessment, of drafts for those who may see them.
#[utoipa::path(get, path = "/v1/assessments/{assessment}/findings", tag = "work",
    params(("assessment" = String, Path, description = "The assessment's id, `sha256:` and 64 hexadecimal digits"), FindingsQuery),
    responses((status = 200, body = FindingsBody), Refusals))]
pub(crate) async fn assessment_findings(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(query): Checked<FindingsQuery>,
) -> Result<Response, Problem> {
    let severity = given(query.severity.as_ref()).map(severity_of).transpose()?;
    let au2 = given(query.au2.as_ref()).map(soum_code).transpose()?;
    let limit = given(query.limit.as_ref()).map_or(Ok(FINDINGS), limit_of)?;
    let Visible { id, published, .. } = visible(&state, &caller, &id).await?;
    let result = state.result(id).await?;
    let meets = |f: &&Finding| severity.is_none_or(|s| f.severity == s) && au2.is_none_or(|code| f.au2 == Some(code));
    let mut found: Vec<&Finding> = result.findings.iter().filter(meets).collect();
    found.sort_by_key(|finding| Reverse(finding.severity));
    let findings = found.iter().take(limit).map(|f| FoundBody { au2: f.au2, finding: FindingBody::from(*f) });
    Ok(answer(published, FindingsBody { total: found.len(), findings: findings.collect() }))
}

/// Findings told when none says how many.
const FINDINGS: usize = 200;

fn severity_of(word: &str) -> Result<Severity, Problem> {
    let all = [Severity::Info, Severity::Warning, Severity::Error];
    let words = ("info, warning, error аль нэг", "one of info, warning, error");
    all.into_iter().find(|s| s.as_str() == word).ok_or_else(|| Problem::bad_parameter("severity", word, words))
}

fn limit_of(text: &str) -> Result<usize, Problem> {
    let words = ("1-ээс 2000 хүртэл тоо", "a number from 1 to 2000");
    let number = text.parse().ok().filter(|n| (1..=2000).contains(n));
    number.ok_or_else(|| Problem::bad_parameter("limit", text, words))
}

/// The soums of an assessment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessedSoumsBody {
    /// By code.
    soums: Vec<AssessedSoumBody>,
}

/// What an assessment says of a soum, in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessedSoumBody {
    /// Soum code.
    #[schema(value_type = String, example = "06404")]
    au2: SoumCode,
    /// Mongolian name.
    name_mn: Option<String>,
    /// English name.
    name_en: Option<String>,
    /// Aimag's name, Mongolian.
    aimag: String,
    /// Its English name, where it is known.
    aimag_en: Option<&'static str>,
    /// The verdict.
    #[schema(value_type = String, pattern = "^(verified_improving|verified_maintained|not_verified|insufficient_evidence)$")]
    status: Status,
    /// The verdict in words.
    status_text: Text,
    /// Score 0 to 100, where there is one.
    score: Option<f64>,
    /// Lower end of its 90 % interval.
    score_ci90_low: Option<f64>,
    /// Upper end of its 90 % interval.
    score_ci90_high: Option<f64>,
    /// The verdict in one sentence.
    sentence: Text,
}

/// What an assessment says of its soums, of drafts for those who may see them.
#[utoipa::path(get, path = "/v1/assessments/{assessment}/soums", tag = "work",
    params(("assessment" = String, Path, description = "The assessment's id, `sha256:` and 64 hexadecimal digits")),
    responses((status = 200, body = AssessedSoumsBody), Refusals))]
pub(crate) async fn assessment_soums(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    let Visible { id, published, .. } = visible(&state, &caller, &id).await?;
    let soums = state.result(id).await?.soums.iter().map(AssessedSoumBody::from).collect();
    Ok(answer(published, AssessedSoumsBody { soums }))
}

impl From<&SoumRow> for AssessedSoumBody {
    fn from(row: &SoumRow) -> Self {
        Self {
            au2: row.au2,
            name_mn: row.name_mn.clone(),
            name_en: row.name_en.clone(),
            aimag: row.aimag.clone(),
            aimag_en: aimag_of(row.au2).filter(|aimag| aimag.mn == row.aimag).map(|aimag| aimag.en),
            status: row.status,
            status_text: words::status(row.status),
            score: row.score,
            score_ci90_low: row.score_ci90.map(|c| c.0),
            score_ci90_high: row.score_ci90.map(|c| c.1),
            sentence: Text::new(&row.sentence_mn, &row.sentence_en),
        }
    }
}
