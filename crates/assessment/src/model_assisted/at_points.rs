//! In which zone each point lies, and what the map says there.

use std::collections::BTreeMap;
use std::path::Path;

use belcheer_door::Door;
use belcheer_vector_ingest::Reprojector;
use belcheer_zonal::PointIndex;

use super::ModelAssistedRequest;
use crate::error::AssessmentError;
use crate::frame::{grid_of, wgs84};
use crate::zonal::{ground::zones_in, source};

/// Where a point lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Located {
    /// In a zone, on a cell with a value.
    In { zone: usize, mapped: f64 },
    /// In no zone.
    OutsideZones,
    /// Beside the map, or on a cell without a value.
    WithoutValue,
}

/// Every point in its order.
///
/// # Errors
/// When a file is refused, or the map has several bands.
pub(super) fn located(
    door: &Door,
    request: &ModelAssistedRequest,
    scratch: &Path,
) -> Result<Vec<Located>, AssessmentError> {
    // the statistics over zones open the same files and tell what is noticed
    let mut told = Vec::new();
    let raster = source::open(door, (&request.map, None), request.crs_epsg, (scratch, "map"), &mut told)?;
    let failed = |reason: String| AssessmentError::Raster { name: raster.name.clone(), reason };
    if raster.meta.bands != 1 {
        let (name, bands) = (&raster.name, raster.meta.bands);
        return Err(AssessmentError::Refused(format!("the map {name} has {bands} bands; give a file with one")));
    }
    let grid = grid_of(&raster.meta).map_err(|e| failed(e.to_string()))?;
    let (_, shapes) = zones_in(door, &request.zones, &raster.meta.crs, &mut told)?;
    let carried = Reprojector::between(&wgs84(), &raster.meta.crs).map_err(|e| failed(e.to_string()))?;
    let places: Vec<(f64, f64)> =
        request.points.0.iter().map(|p| carried.point(p.lon, p.lat).unwrap_or((f64::NAN, f64::NAN))).collect();
    let zones = PointIndex::new(&shapes).assign(&places);
    let mut by_row: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, (x, y)) in places.iter().enumerate() {
        if let Some((row, col)) = grid.cell_at(*x, *y) {
            by_row.entry(row).or_default().push((at, col));
        }
    }
    let mut mapped: Vec<Option<f64>> = vec![None; places.len()];
    for (row, wanted) in by_row {
        let values = raster.read_rows(1, row, 1)?;
        for (at, col) in wanted {
            if let Some(slot) = mapped.get_mut(at) {
                *slot = values.get(col).copied().flatten();
            }
        }
    }
    let one = |(zone, mapped): (Option<u32>, Option<f64>)| match (zone, mapped) {
        (None, _) => Located::OutsideZones,
        (_, None) => Located::WithoutValue,
        (Some(zone), Some(mapped)) => Located::In { zone: zone as usize, mapped },
    };
    Ok(zones.into_iter().zip(mapped).map(one).collect())
}
