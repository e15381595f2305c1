//! The soums of a cycle, with status and score, in three forms.

#![expect(unused_qualifications, reason = "utoipa writes them into the operations")]

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use belcheer_assessment::result::SoumRow;
use belcheer_domain::{Digest, SoumCode, Status};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::borders::Detail;
use crate::lang::Text;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, Page, given};
use crate::soums::features::FeatureList;
use crate::soums::filter::Filter;
use crate::soums::{Format, csv, features};
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
    /// The form: `json`, `geojson` with borders, or `csv`; what `Accept` asks for when absent.
    #[param(pattern = "^(json|geojson|csv)?$")]
    f: Option<String>,
    /// Of `geojson`, how exactly borders are drawn: `simplified` by at most 0.005 degrees, or `full`; simplified when
    /// absent.
    #[param(pattern = "^(simplified|full)?$")]
    detail: Option<String>,
}

/// A page of the soums of a cycle, by code.
#[derive(Debug, Serialize, ToSchema)]
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

/// What is said of a page of soums as a whole.
#[derive(Debug, Default)]
pub(crate) struct Heading {
    /// The cycle; absent when nothing is published.
    pub(crate) cycle: Option<String>,
    /// The assessment.
    pub(crate) assessment: Option<Digest>,
    /// Since when it is public, RFC 3339.
    pub(crate) published_at: Option<String>,
    /// Soums that meet the conditions, on all pages.
    pub(crate) total: usize,
    /// Most soums on a page.
    pub(crate) limit: usize,
    /// Soums skipped.
    pub(crate) offset: usize,
    /// The address of the next page, if there is one.
    pub(crate) next: Option<String>,
}

/// A page of soums before it is written.
#[derive(Debug)]
pub(crate) struct SoumRows<'a> {
    /// What is said of the page as a whole.
    pub(crate) heading: Heading,
    /// The soums.
    pub(crate) rows: Vec<&'a SoumRow>,
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
    responses((status = 200, description = "A page of soums", content(
        (SoumList = "application/json"), (FeatureList = "application/geo+json"), (String = "text/csv"))), Refusals))]
pub(crate) async fn list_soums(
    State(state): State<ApiState>,
    Checked(query): Checked<SoumsQuery>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let page = Page::of(query.limit.as_ref(), query.offset.as_ref())?;
    let filter = Filter::read(
        given(query.status.as_ref()),
        given(query.aimag.as_ref()),
        given(query.bbox.as_ref()),
        given(query.q.as_ref()),
    )?;
    let format = Format::read(given(query.f.as_ref()), &headers)?;
    let detail = detail(given(query.detail.as_ref()))?;
    let cycle = given(query.cycle.as_ref());
    if cycle.is_none() && state.cycles().await?.is_empty() {
        let heading = Heading { limit: page.limit, offset: page.offset, ..Heading::default() };
        return write(SoumRows { heading, rows: Vec::new() }, format, detail, &state).await;
    }
    let published = state.published(cycle).await?;
    let places = state.places().await?;
    let rows: Vec<&SoumRow> = published.result.soums.iter().filter(|row| filter.passes(row, &places)).collect();
    let total = rows.len();
    let heading = Heading {
        cycle: Some(published.cycle.cycle.clone()),
        assessment: Some(published.cycle.assessment),
        published_at: Some(published.cycle.published_at.clone()),
        total,
        limit: page.limit,
        offset: page.offset,
        next: page.next(&uri, total),
    };
    write(SoumRows { heading, rows: page.cut(rows) }, format, detail, &state).await
}

impl From<SoumRows<'_>> for SoumList {
    fn from(SoumRows { heading, rows }: SoumRows<'_>) -> Self {
        let Heading { cycle, assessment, published_at, total, limit, offset, next } = heading;
        let name = cycle.as_deref().unwrap_or("");
        let soums = rows.into_iter().map(|row| SoumSummary::new(row, name)).collect();
        Self { cycle, assessment, published_at, total, limit, offset, soums, next }
    }
}

async fn write(rows: SoumRows<'_>, format: Format, detail: Detail, state: &ApiState) -> Result<Response, Problem> {
    let written: Bytes = match format {
        Format::Json => {
            return Ok(Json(SoumList::from(rows)).into_response());
        }
        Format::Csv => csv::write(&rows)?,
        Format::GeoJson => {
            let (places, borders) = (state.places().await?, state.borders().await?);
            features::write(rows, &places, &borders, detail)?
        }
    };
    Ok(([(header::CONTENT_TYPE, format.media_type())], written).into_response())
}

fn detail(text: Option<&str>) -> Result<Detail, Problem> {
    match text {
        None | Some("simplified") => Ok(Detail::Simplified),
        Some("full") => Ok(Detail::Full),
        Some(other) => Err(Problem::bad_parameter("detail", other, ("simplified эсвэл full", "simplified or full"))),
    }
}
