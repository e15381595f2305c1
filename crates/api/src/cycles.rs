//! The reporting cycles for which something is published.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use belcheer_domain::{Digest, Years};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::state::{ApiState, Published};

/// The cycles for which something is published.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CycleList {
    /// By name; the last one is the latest, which other addresses take when none is named.
    cycles: Vec<CycleBody>,
}

/// A cycle and what is published for it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CycleBody {
    /// The cycle's name.
    #[schema(example = "2024")]
    cycle: String,
    /// The assessment that is public.
    #[schema(value_type = String)]
    assessment: Digest,
    /// Since when, RFC 3339.
    published_at: String,
    /// Scheme and version.
    scheme: String,
    /// Digest of the scheme document.
    #[schema(value_type = String)]
    scheme_digest: Digest,
    /// Frozen baseline.
    baseline: Period,
    /// Reporting period.
    reporting: Period,
    /// How many soums were assessed.
    soums: usize,
    /// How many soums have each status.
    statuses: BTreeMap<&'static str, usize>,
    /// The soums of this cycle.
    soums_href: String,
}

/// Calendar years, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Period {
    /// First year.
    pub(crate) first: i32,
    /// Last year.
    pub(crate) last: i32,
}

impl From<Years> for Period {
    fn from(years: Years) -> Self {
        Self { first: years.first, last: years.last }
    }
}

impl From<Published> for CycleBody {
    fn from(published: Published) -> Self {
        let manifest = &published.result.manifest;
        let mut statuses = BTreeMap::new();
        for row in &published.result.soums {
            *statuses.entry(row.status.as_str()).or_default() += 1;
        }
        Self {
            soums_href: format!("/v1/soums?cycle={}", published.cycle.cycle),
            cycle: published.cycle.cycle,
            assessment: published.cycle.assessment,
            published_at: published.cycle.published_at,
            scheme: manifest.scheme.clone(),
            scheme_digest: manifest.scheme_digest,
            baseline: manifest.baseline.into(),
            reporting: manifest.reporting.into(),
            soums: published.result.soums.len(),
            statuses,
        }
    }
}

/// The cycles for which something is published.
#[utoipa::path(get, path = "/v1/cycles", tag = "results", responses((status = 200, body = CycleList), Refusals))]
pub(crate) async fn list_cycles(
    State(state): State<ApiState>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Json<CycleList>, Problem> {
    let cycles = state.all_published().await?.into_iter().map(CycleBody::from).collect();
    Ok(Json(CycleList { cycles }))
}
