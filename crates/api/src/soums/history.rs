//! What was ever published of a soum, what was superseded or withdrawn included.

use axum::Json;
use axum::extract::{Path, State};
use belcheer_catalog::{PublicationAction, PublicationEvent};
use belcheer_domain::{Digest, SoumCode, Status};
use serde::Serialize;
use utoipa::ToSchema;

use crate::links;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::state::{ApiState, soum_code};

/// The history of a soum.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryBody {
    /// Soum code.
    #[schema(value_type = String, example = "06404")]
    au2: SoumCode,
    /// One row per publication, by cycle and then in order of time.
    history: Vec<HistoryRow>,
}

/// One publication of a soum's result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryRow {
    /// The cycle.
    pub(crate) cycle: String,
    /// The assessment.
    #[schema(value_type = String)]
    pub(crate) assessment: Digest,
    /// When it became public, RFC 3339.
    pub(crate) published_at: String,
    /// When it ceased to be public, RFC 3339; absent while it is.
    pub(crate) ended_at: Option<String>,
    /// Whether it is public now, was replaced, or was taken back.
    pub(crate) state: PublicationState,
    /// The verdict; absent when it was taken back.
    #[schema(value_type = Option<String>)]
    pub(crate) status: Option<Status>,
    /// Score 0 to 100; absent when there was none or it was taken back.
    pub(crate) score: Option<f64>,
    /// Lower end of the score's 90 % interval.
    pub(crate) score_ci90_low: Option<f64>,
    /// Upper end of the score's 90 % interval.
    pub(crate) score_ci90_high: Option<f64>,
    /// The verification, while it is public.
    pub(crate) verification_href: Option<String>,
}

/// What became of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PublicationState {
    /// It is what is public for its cycle.
    Current,
    /// Another assessment took its place.
    Superseded,
    /// It was taken back.
    Withdrawn,
}

/// All that was published of a soum: one row per publication, superseded and withdrawn ones included.
#[utoipa::path(get, path = "/v1/soums/{au2}/history", tag = "results",
    params(("au2" = String, Path, description = "Soum code, five digits with a leading zero", pattern = "^0(1[1-9]|[2-9][0-9])(0[1-9]|[1-9][0-9])$", example = "06404")),
    responses((status = 200, body = HistoryBody), Refusals))]
pub(crate) async fn soum_history(
    State(state): State<ApiState>,
    Path(code): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Json<HistoryBody>, Problem> {
    let au2 = soum_code(&code)?;
    let history = history(&state, au2).await?;
    if history.is_empty() {
        state.require_known(au2).await?;
    }
    Ok(Json(HistoryBody { au2, history }))
}

/// Every publication of a soum, by cycle and then in order of time.
pub(crate) async fn history(state: &ApiState, au2: SoumCode) -> Result<Vec<HistoryRow>, Problem> {
    let mut history = Vec::new();
    for cycle in state.ever_named().await? {
        let events = state.catalog().history(&cycle).await?;
        for (place, event) in events.iter().enumerate() {
            if event.action == PublicationAction::Publish {
                let ended = events.get(place + 1);
                history.extend(row(state, au2, event, ended).await?);
            }
        }
    }
    Ok(history)
}

/// The row of one publication; none when its assessment did not cover the soum.
async fn row(
    state: &ApiState,
    au2: SoumCode,
    event: &PublicationEvent,
    ended: Option<&PublicationEvent>,
) -> Result<Option<HistoryRow>, Problem> {
    let result = state.result(event.assessment).await?;
    let Some(found) = result.soums.iter().find(|r| r.au2 == au2) else {
        return Ok(None);
    };
    let became = match ended.map(|e| e.action) {
        None => PublicationState::Current,
        Some(PublicationAction::Publish) => PublicationState::Superseded,
        Some(PublicationAction::Withdraw) => PublicationState::Withdrawn,
    };
    let shown = (became != PublicationState::Withdrawn).then_some(found);
    let current = became == PublicationState::Current;
    Ok(Some(HistoryRow {
        cycle: event.cycle.clone(),
        assessment: event.assessment,
        published_at: event.at.clone(),
        ended_at: ended.map(|e| e.at.clone()),
        state: became,
        status: shown.map(|r| r.status),
        score: shown.and_then(|r| r.score),
        score_ci90_low: shown.and_then(|r| r.score_ci90).map(|c| c.0),
        score_ci90_high: shown.and_then(|r| r.score_ci90).map(|c| c.1),
        verification_href: current.then(|| links::verification(au2, &event.cycle)),
    }))
}
