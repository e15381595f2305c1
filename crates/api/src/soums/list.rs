//! The soums of a cycle, with status and score.

#![expect(unused_qualifications, reason = "utoipa writes them into the operations")]

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use belcheer_assessment::result::SoumRow;
use belcheer_domain::{Digest, SoumCode, Status};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::lang::Text;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, Page, given};
use crate::soums::filter::Filter;
use crate::state::ApiState;
use crate::{links, words};

/// Which soums to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SoumsQuery {
    /// The cycle; the latest when absent.
    #[param(example = "2024")]
    cycle: Option<String>,
    /// Only soums of this status.
    #[param(pattern = "^(verified_improving|verified_maintained|not_verified|insufficient_evidence)?$")]
    status: Option<String>,
    /// Only soums of this aimag: name in Mongolian or English, or code such as `64`.
    #[param(example = "Баянхонгор")]
    aimag: Option<String>,
    /// Only soums whose bounding box meets this one: west,south,east,north in degrees.
    #[param(example = "97,45,99,47")]
    bbox: Option<String>,
    /// Only soums with this text in their code or name, Cyrillic or Latin; spelling variants count as equal.
    q: Option<String>,
    /// At most so many soums, 1 to 1000; 500 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// Skip so many soums.
    #[param(value_type = Option<u32>)]
    offset: Option<String>,
}

/// A page of the soums of a cycle, by code.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct SoumList {
    /// The cycle; absent when nothing is published.
    cycle: Option<String>,
    /// The assessment.
    #[schema(value_type = Option<String>)]
    assessment: Option<Digest>,
    /// Since when it is public, RFC 3339.
    published_at: Option<String>,
    /// Soums that meet the conditions, on all pages.
    total: usize,
    /// Most soums on a page.
    limit: usize,
    /// Soums skipped.
    offset: usize,
    /// The soums.
    soums: Vec<SoumSummary>,
    /// The address of the next page, if there is one.
    next: Option<String>,
}

/// A soum with its verdict.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SoumSummary {
    /// Soum code.
    #[schema(value_type = String, example = "06404")]
    pub(crate) au2: SoumCode,
    /// Mongolian name.
    pub(crate) name_mn: Option<String>,
    /// English name.
    pub(crate) name_en: Option<String>,
    /// Aimag's name.
    pub(crate) aimag: String,
    /// Geodesic area, km2.
    pub(crate) area_km2: f64,
    /// Assessed rangeland, ha.
    pub(crate) rangeland_area_ha: Option<f64>,
    /// The verdict.
    #[schema(value_type = String, pattern = "^(verified_improving|verified_maintained|not_verified|insufficient_evidence)$")]
    pub(crate) status: Status,
    /// The verdict in words.
    pub(crate) status_text: Text,
    /// Score 0 to 100, where enough indicators have evidence.
    pub(crate) score: Option<f64>,
    /// Lower end of the score's 90 % interval.
    pub(crate) score_ci90_low: Option<f64>,
    /// Upper end of the score's 90 % interval.
    pub(crate) score_ci90_high: Option<f64>,
    /// Indicators that are not insufficient.
    pub(crate) indicators_used: u32,
    /// Findings that name this soum.
    pub(crate) findings: u32,
    /// The soum.
    pub(crate) href: String,
    /// Its verification.
    pub(crate) verification_href: String,
}

impl SoumSummary {
    /// A soum's row in a cycle.
    pub(crate) fn new(row: &SoumRow, cycle: &str) -> Self {
        Self {
            au2: row.au2,
            name_mn: row.name_mn.clone(),
            name_en: row.name_en.clone(),
            aimag: row.aimag.clone(),
            area_km2: row.area_km2,
            rangeland_area_ha: row.rangeland_area_ha,
            status: row.status,
            status_text: words::status(row.status),
            score: row.score,
            score_ci90_low: row.score_ci90.map(|c| c.0),
            score_ci90_high: row.score_ci90.map(|c| c.1),
            indicators_used: row.indicators_used,
            findings: row.findings,
            href: links::soum(row.au2),
            verification_href: links::verification(row.au2, cycle),
        }
    }
}

/// The soums of a cycle with status and score; empty while nothing is published.
#[utoipa::path(get, path = "/v1/soums", tag = "results", params(SoumsQuery),
    responses((status = 200, body = SoumList), Refusals))]
pub(crate) async fn list_soums(
    State(state): State<ApiState>,
    Checked(query): Checked<SoumsQuery>,
    uri: Uri,
) -> Result<Json<SoumList>, Problem> {
    let page = Page::of(query.limit.as_ref(), query.offset.as_ref())?;
    let filter = Filter::read(
        given(query.status.as_ref()),
        given(query.aimag.as_ref()),
        given(query.bbox.as_ref()),
        given(query.q.as_ref()),
    )?;
    let cycle = given(query.cycle.as_ref());
    if cycle.is_none() && state.cycles().await?.is_empty() {
        return Ok(Json(SoumList { limit: page.limit, offset: page.offset, ..SoumList::default() }));
    }
    let published = state.published(cycle).await?;
    let places = state.places().await?;
    let rows: Vec<&SoumRow> = published.result.soums.iter().filter(|row| filter.passes(row, &places)).collect();
    let total = rows.len();
    let name = &published.cycle.cycle;
    Ok(Json(SoumList {
        cycle: Some(name.clone()),
        assessment: Some(published.cycle.assessment),
        published_at: Some(published.cycle.published_at.clone()),
        total,
        limit: page.limit,
        offset: page.offset,
        soums: page.cut(rows).into_iter().map(|row| SoumSummary::new(row, name)).collect(),
        next: page.next(&uri, total),
    }))
}
