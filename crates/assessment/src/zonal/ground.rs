//! The zones on one grid, laid once for every raster that shares it.

use belcheer_domain::{Crs, Finding, Severity};
use belcheer_door::Door;
use belcheer_vector_ingest::{IngestError, ZoneJob, read_zones};
use belcheer_zonal::{CoverRule, Coverage, CoverageError, Grid, TileIndex, TileLayout, ZoneTiles, coverage_by};
use geo_types::MultiPolygon;
use rayon::prelude::*;

use crate::error::AssessmentError;

/// The zones on one grid.
pub(super) struct Laid {
    pub crs: Crs,
    pub grid: Grid,
    rule: CoverRule,
    shapes: Vec<MultiPolygon<f64>>,
    /// By the tiles of the raster read last.
    index: Option<TileIndex>,
    covers: Option<Vec<Coverage>>,
}

impl Laid {
    pub fn new(crs: Crs, grid: Grid, rule: CoverRule, shapes: Vec<MultiPolygon<f64>>) -> Self {
        Self { crs, grid, rule, shapes, index: None, covers: None }
    }

    /// Whether a raster lies on this grid.
    pub fn is_on(&self, grid: &Grid, crs: &Crs) -> bool {
        let same_crs = match (self.crs.epsg, crs.epsg) {
            (Some(own), Some(other)) => own == other,
            _ => self.crs == *crs,
        };
        self.grid == *grid && same_crs
    }

    /// Which cells of each tile the zones cover; kept until another layout is asked for.
    ///
    /// # Errors
    /// When a coordinate is not usable.
    pub fn index(&mut self, layout: TileLayout) -> Result<&TileIndex, CoverageError> {
        if let Some(index) = self.index.take_if(|index| index.layout() == layout) {
            return Ok(self.index.insert(index));
        }
        self.index = None;
        let cut = |shape: &MultiPolygon<f64>| {
            coverage_by(&self.grid, shape, self.rule).map(|cover| ZoneTiles::cut(&cover, layout))
        };
        let zones = self.shapes.par_iter().map(cut).collect::<Result<Vec<_>, _>>()?;
        Ok(self.index.insert(TileIndex::new(layout, zones)))
    }

    /// The zones' coverage by itself.
    ///
    /// # Errors
    /// When a coordinate is not usable.
    pub fn covers(&mut self) -> Result<&[Coverage], CoverageError> {
        if let Some(covers) = self.covers.take() {
            return Ok(self.covers.insert(covers));
        }
        let cover = |shape: &MultiPolygon<f64>| coverage_by(&self.grid, shape, self.rule);
        let covers = self.shapes.par_iter().map(cover).collect::<Result<Vec<_>, _>>()?;
        Ok(self.covers.insert(covers))
    }
}

/// Identifiers and polygons of the zones in a raster's coordinate system.
///
/// # Errors
/// When the file is refused, or the reader fails.
pub(crate) fn zones_in(
    door: &Door,
    zones: &ZoneJob,
    crs: &Crs,
    findings: &mut Vec<Finding>,
) -> Result<(Vec<String>, Vec<MultiPolygon<f64>>), AssessmentError> {
    // an unregistered system in degrees is taken for WGS 84; the raster's finding says so
    let target = if crs.epsg.is_none() && crs.geographic { "EPSG:4326".to_owned() } else { crs.definition() };
    let job = ZoneJob { target_crs: Some(target), ..zones.clone() };
    let name = job.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let zones = read_zones(door, &job).map_err(|error| match error {
        IngestError::Refused(refusal) => AssessmentError::Refused(refusal.to_string()),
        IngestError::Door(door) => match door.as_refusal(&name) {
            Some(refusal) => AssessmentError::Refused(refusal.to_string()),
            None => AssessmentError::Output(door.to_string()),
        },
        other => AssessmentError::Output(other.to_string()),
    })?;
    findings.extend(zones.findings);
    Ok(zones.zones.into_iter().map(|z| (z.id, z.geometry)).unzip())
}

/// A finding when zones cover no cell of a raster.
pub(super) fn note_outside(outside: impl Fn(usize) -> bool, ids: &[String], raster: &str, findings: &mut Vec<Finding>) {
    let outside: Vec<&str> =
        ids.iter().enumerate().filter(|(zone, _)| outside(*zone)).map(|(_, id)| id.as_str()).collect();
    if let Some(first) = outside.first() {
        let n = outside.len();
        findings.push(Finding::new("zone_outside_raster", Severity::Warning, raster).at(*first).count(n as u64).text(
            format!("{n} zones, {first} among them, lie outside the raster; their cells are empty"),
            format!("{n} бүс ({first} гэх мэт) растерын гадна байгаа тул утга нь хоосон"),
        ));
    }
}
