//! One soum: what it is called, where it lies, and in which cycles it has a result.

use axum::Json;
use axum::extract::{Path, State};
use belcheer_domain::{SoumCode, Status, aimag_of};
use serde::Serialize;
use utoipa::ToSchema;

use crate::links;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::state::{ApiState, soum_code};

/// A soum.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SoumBody {
    /// Soum code.
    #[schema(value_type = String, example = "06404")]
    au2: SoumCode,
    /// Mongolian name.
    name_mn: Option<String>,
    /// English name.
    name_en: Option<String>,
    /// The aimag it lies in.
    aimag: AimagBody,
    /// Geodesic area, km2.
    area_km2: Option<f64>,
    /// West, south, east, north in degrees (WGS 84); absent when no boundaries are held.
    bbox: Option<[f64; 4]>,
    /// Longitude and latitude of the centroid, degrees (WGS 84).
    centroid: Option<[f64; 2]>,
    /// Cycles in which it has a published result.
    cycles: Vec<SoumCycle>,
    /// Related addresses.
    links: SoumLinks,
}

/// An aimag.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AimagBody {
    /// Aimag code.
    #[schema(example = "064")]
    au1: String,
    /// Mongolian name.
    name_mn: Option<String>,
    /// English name.
    name_en: Option<String>,
}

/// A soum's result in one cycle.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SoumCycle {
    /// The cycle.
    cycle: String,
    /// The verdict.
    #[schema(value_type = String)]
    status: Status,
    /// The verification.
    verification_href: String,
}

/// Addresses that belong to a soum.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SoumLinks {
    /// This soum.
    #[serde(rename = "self")]
    this: String,
    /// The verification in the latest cycle with a result.
    verification: Option<String>,
    /// All that was published.
    history: String,
    /// The page for people.
    page: String,
}

/// One soum: names, place and the cycles in which it has a result.
#[utoipa::path(get, path = "/v1/soums/{au2}", tag = "results",
    params(("au2" = String, Path, description = "Soum code, five digits with a leading zero", pattern = "^0(1[1-9]|[2-9][0-9])(0[1-9]|[1-9][0-9])$", example = "06404")),
    responses((status = 200, body = SoumBody), Refusals))]
pub(crate) async fn show_soum(
    State(state): State<ApiState>,
    Path(code): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Json<SoumBody>, Problem> {
    let au2 = soum_code(&code)?;
    let places = state.places().await?;
    let place = places.get(&au2);
    let published = state.all_published().await?;
    let latest = published.iter().rev().find_map(|p| p.row(au2));
    if place.is_none() && latest.is_none() {
        return Err(Problem::unknown_soum(au2));
    }
    let cycles: Vec<SoumCycle> = published
        .iter()
        .filter_map(|p| p.row(au2).map(|row| (p.cycle.cycle.clone(), row.status)))
        .map(|(cycle, status)| SoumCycle { verification_href: links::verification(au2, &cycle), cycle, status })
        .collect();
    let name_mn = place.and_then(|p| p.name_mn.clone()).or_else(|| latest.and_then(|r| r.name_mn.clone()));
    let name_en = place.and_then(|p| p.name_en.clone()).or_else(|| latest.and_then(|r| r.name_en.clone()));
    let known = aimag_of(au2);
    let aimag = AimagBody {
        au1: au2.au1(),
        name_mn: latest.map(|r| r.aimag.clone()).or_else(|| known.map(|a| a.mn.to_owned())),
        name_en: known.map(|a| a.en.to_owned()),
    };
    let links = SoumLinks {
        this: links::soum(au2),
        verification: cycles.last().map(|c| c.verification_href.clone()),
        history: links::history(au2),
        page: links::page(au2),
    };
    Ok(Json(SoumBody {
        au2,
        name_mn,
        name_en,
        aimag,
        area_km2: place.map(|p| p.area_ha / 100.0).or_else(|| latest.map(|r| r.area_km2)),
        bbox: place.and_then(|p| p.bbox),
        centroid: place.and_then(|p| p.centroid),
        cycles,
        links,
    }))
}
