//! The rasters that can be laid under the map.

use axum::Json;
use axum::extract::State;
use belcheer_catalog::{DatasetKind, Filter};
use belcheer_domain::{Digest, RasterMeta};
use belcheer_raster_ingest::product;
use belcheer_vector_ingest::Reprojector;
use serde::Serialize;
use utoipa::ToSchema;

use super::legends::LegendStop;
use super::rasters::shown;
use crate::lang::Text;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::state::ApiState;

/// Points along an edge that are looked at for its bounds.
const ALONG: u32 = 20;

/// The rasters that can be laid under the map.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MapRasterList {
    /// By product, then date.
    rasters: Vec<MapRaster>,
}

/// A raster with its pictures and colours.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MapRaster {
    /// The data set.
    #[schema(value_type = String)]
    digest: Digest,
    /// What it shows.
    product: String,
    /// The same in words.
    title: Text,
    /// The date that it stands for.
    period: Option<String>,
    /// The unit of values; empty for numbers without one.
    unit: String,
    /// `continuous` or `classes`.
    kind: &'static str,
    /// West, south, east, north in degrees.
    bounds: [f64; 4],
    /// The address of its tiles.
    tiles: String,
    /// Values and colours; between two of a continuous raster colours run evenly.
    legend: Vec<LegendStop>,
}

/// The rasters that can be laid under the map, with their colours.
#[utoipa::path(get, path = "/v1/rasters", tag = "tiles", responses((status = 200, body = MapRasterList), Refusals))]
pub(crate) async fn list_rasters(
    State(state): State<ApiState>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Json<MapRasterList>, Problem> {
    let mut rasters = Vec::new();
    let filter = Filter { kind: Some(DatasetKind::Raster), ..Filter::default() };
    for record in state.catalog().datasets(&filter).await? {
        let Some((meta, colours)) = shown(&state, &record).await? else { continue };
        let Some(bounds) = bounds(&meta) else { continue };
        let name = record.product.unwrap_or_default();
        rasters.push(MapRaster {
            digest: record.digest,
            title: colours.title.clone().unwrap_or_else(|| Text::new(name.clone(), name.clone())),
            unit: product(&name).map(|p| p.unit.clone()).filter(|unit| unit != "1").unwrap_or_default(),
            product: name,
            period: record.date,
            kind: if colours.classes { "classes" } else { "continuous" },
            bounds,
            tiles: format!("/collections/{}/map/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}", record.digest.hex()),
            legend: colours.stops.clone(),
        });
    }
    rasters.sort_by(|a, b| (&a.product, &a.period).cmp(&(&b.product, &b.period)));
    Ok(Json(MapRasterList { rasters }))
}

/// West, south, east and north of a raster; none where PROJ knows no way.
fn bounds(meta: &RasterMeta) -> Option<[f64; 4]> {
    let out = Reprojector::new(&meta.crs.definition(), "EPSG:4326").ok()?;
    let (width, height) = (f64::from(meta.width) * meta.dx, f64::from(meta.height) * meta.dy);
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for step in 0..=ALONG {
        let part = f64::from(step) / f64::from(ALONG);
        for (right, down) in [(part, 0.0), (part, 1.0), (0.0, part), (1.0, part)] {
            if let Ok((x, y)) = out.point(meta.x_min + right * width, meta.y_max - down * height) {
                bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
            }
        }
    }
    bounds.iter().all(|b| b.is_finite()).then_some(bounds)
}
