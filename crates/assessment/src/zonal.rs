//! Statistics of any rasters over any zones, as one tidy table.
//!
//! Files are the user's own: each is converted behind the door to our one form first, and read from that.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use belcheer_domain::{Crs, Finding, Severity};
use belcheer_door::Door;
use belcheer_raster_ingest::{ConvertOptions, IngestRasterError, Purpose, convert};
use belcheer_vector_ingest::{IngestError, ZoneJob, read_zones};
use belcheer_zonal::{
    Accumulator, Block, Column, CoverRule, Coverage, Grid, StatisticSet, Weights, accumulate, coverage_by,
};
use geo_types::MultiPolygon;
use rayon::prelude::*;

use crate::error::AssessmentError;
use crate::frame::grid_of;
use crate::raster::StoredRaster;
use crate::table::Table;
use crate::watch::Watch;

/// Cells of a raster that are held in memory at once.
const CELLS_IN_FLIGHT: usize = 1 << 24;

/// What weights cells beside the covered fraction.
#[derive(Debug, Clone, PartialEq)]
pub enum Weighting {
    /// Nothing.
    None,
    /// The cell's area, square metres: ellipsoidal for degrees, planar otherwise.
    Area,
    /// The first band of another raster on the same grid.
    Raster(PathBuf),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ZonalRequest {
    /// The rasters.
    pub rasters: Vec<PathBuf>,
    /// The zones; the wanted coordinate system is filled in raster by raster.
    pub zones: ZoneJob,
    /// The statistics.
    pub statistics: StatisticSet,
    /// The weights.
    pub weighting: Weighting,
    /// Which cells a zone takes.
    pub rule: CoverRule,
    /// Coordinate system of rasters that declare none.
    pub crs_epsg: Option<u32>,
    /// Whether the table is to carry the zones' polygons.
    pub with_shapes: bool,
}

/// The answer: a table, with the zones' polygons (longitude, latitude) where asked for, and findings.
#[derive(Debug)]
pub struct ZonalAnswer {
    /// `id`, then `raster` and `band` when there are several, then a column a statistic.
    pub table: Table,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// One row before it becomes part of the table.
struct Row {
    zone: usize,
    raster: String,
    band: u32,
    values: Vec<Column>,
}

/// The zones on one grid, kept for every raster that shares it.
struct Laid {
    crs: Crs,
    grid: Grid,
    covers: Vec<Coverage>,
}

/// Computes the statistics; conversions go to `scratch` and are removed with it.
///
/// # Errors
/// When a file is refused, a coordinate system is missing, or weights are asked for and not given.
pub fn zonal_statistics(
    door: &Door,
    request: &ZonalRequest,
    scratch: &Path,
    watch: &dyn Watch,
) -> Result<ZonalAnswer, AssessmentError> {
    if request.statistics.needs_weights() && request.weighting == Weighting::None {
        return Err(AssessmentError::Refused(
            "a weighted statistic needs weights; give --weights RASTER or --weights area".to_owned(),
        ));
    }
    let mut findings = Vec::new();
    let weights = match &request.weighting {
        Weighting::Raster(path) => Some(converted(door, request, path, scratch, "weights", &mut findings)?),
        Weighting::None | Weighting::Area => None,
    };
    let mut laid: Vec<Laid> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    let total = request.rasters.len() as u64;
    for (number, path) in request.rasters.iter().enumerate() {
        watch.step("zonal statistics", number as u64, total);
        let raster = converted(door, request, path, scratch, &number.to_string(), &mut findings)?;
        let grid = grid_of(&raster.meta).map_err(|e| zones_error(&raster.name, e))?;
        let known = laid.iter().position(|l| l.grid == grid && l.crs == raster.meta.crs);
        let place = match known {
            Some(place) => place,
            None => {
                let (zone_ids, shapes) = zones_in(door, request, &raster.meta.crs, &mut findings)?;
                let covers: Result<Vec<_>, _> =
                    shapes.par_iter().map(|shape| coverage_by(&grid, shape, request.rule)).collect();
                ids = zone_ids;
                laid.push(Laid {
                    crs: raster.meta.crs.clone(),
                    grid,
                    covers: covers.map_err(|e| zones_error(&raster.name, e))?,
                });
                laid.len() - 1
            }
        };
        let on = &laid[place];
        outside_findings(on, &ids, &raster.name, &mut findings);
        for band in 1..=raster.meta.bands {
            let sums = band_sums(request, on, &raster, band, weights.as_ref())?;
            rows.extend(sums.into_iter().enumerate().map(|(zone, sum)| Row {
                zone,
                raster: raster.name.clone(),
                band,
                values: request.statistics.statistics().iter().map(|s| sum.column(s)).collect(),
            }));
        }
    }
    watch.step("zonal statistics", total, total);
    let mut table = table(request, &ids, &rows, rows.len() > ids.len());
    if request.with_shapes {
        let (_, shapes) = zones_in(door, request, &crate::frame::wgs84(), &mut Vec::new())?;
        table.geometry =
            Some(rows.iter().map(|r| shapes.get(r.zone).cloned().unwrap_or(MultiPolygon(Vec::new()))).collect());
    }
    Ok(ZonalAnswer { table, findings })
}

fn zones_error(name: &str, error: impl ToString) -> AssessmentError {
    AssessmentError::Zones { name: name.to_owned(), reason: error.to_string() }
}

fn converted(
    door: &Door,
    request: &ZonalRequest,
    path: &Path,
    scratch: &Path,
    stem: &str,
    findings: &mut Vec<Finding>,
) -> Result<StoredRaster, AssessmentError> {
    let out = scratch.join(format!("{stem}.tif"));
    let options =
        ConvertOptions { purpose: Purpose::ReadOnce, crs_epsg: request.crs_epsg, ..ConvertOptions::default() };
    let done = convert(door, path, &out, &options).map_err(|error| match error {
        IngestRasterError::Refused(refusal) => AssessmentError::Refused(refusal.to_string()),
        unread @ IngestRasterError::Source { .. } => AssessmentError::Refused(unread.to_string()),
        other => AssessmentError::Output(other.to_string()),
    })?;
    findings.extend(done.findings);
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = object_store::local::LocalFileSystem::new_with_prefix(scratch)
        .map_err(|e| AssessmentError::Output(e.to_string()))?;
    let location = object_store::path::Path::from(format!("{stem}.tif"));
    StoredRaster::open(Arc::new(folder), location, &name, done.output_digest, done.meta)
}

/// Identifiers and polygons of the zones in a raster's coordinate system.
fn zones_in(
    door: &Door,
    request: &ZonalRequest,
    crs: &Crs,
    findings: &mut Vec<Finding>,
) -> Result<(Vec<String>, Vec<MultiPolygon<f64>>), AssessmentError> {
    // an unregistered system in degrees is taken for WGS 84; the raster's finding says so
    let target = match (crs.epsg, crs.geographic) {
        (Some(number), _) => format!("EPSG:{number}"),
        (None, true) => "EPSG:4326".to_owned(),
        (None, false) => crs.wkt.clone(),
    };
    let job = ZoneJob { target_crs: Some(target), ..request.zones.clone() };
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

fn outside_findings(on: &Laid, ids: &[String], raster: &str, findings: &mut Vec<Finding>) {
    let outside: Vec<&str> =
        on.covers.iter().zip(ids).filter(|(cover, _)| cover.is_empty()).map(|(_, id)| id.as_str()).collect();
    if let Some(first) = outside.first() {
        let n = outside.len();
        findings.push(Finding::new("zone_outside_raster", Severity::Warning, raster).at(*first).count(n as u64).text(
            format!("{n} zones, {first} among them, lie outside the raster; their cells are empty"),
            format!("{n} бүс ({first} гэх мэт) растерын гадна байгаа тул утга нь хоосон"),
        ));
    }
}

fn band_sums(
    request: &ZonalRequest,
    on: &Laid,
    raster: &StoredRaster,
    band: u32,
    weights: Option<&StoredRaster>,
) -> Result<Vec<Accumulator>, AssessmentError> {
    let mut sums: Vec<Accumulator> = on.covers.iter().map(|_| Accumulator::new(&request.statistics)).collect();
    let by_row: Vec<f64> = match (&request.weighting, on.crs.geographic) {
        (Weighting::Area, true) => belcheer_zonal::row_cell_areas_m2(&on.grid),
        (Weighting::Area, false) => vec![on.grid.dx() * on.grid.dy(); on.grid.rows()],
        _ => Vec::new(),
    };
    if let Some(weights) = weights
        && grid_of(&weights.meta).ok().as_ref() != Some(&on.grid)
    {
        return Err(AssessmentError::Refused(format!(
            "the weights {} are not on the grid of {}; bring both to one grid first",
            weights.name, raster.name
        )));
    }
    let (cols, step) = (on.grid.cols(), (CELLS_IN_FLIGHT / on.grid.cols().max(1)).max(1));
    let mut first = 0;
    while first < on.grid.rows() {
        let rows = step.min(on.grid.rows() - first);
        let (values, valid) = raster.read_block(band, first, rows)?;
        let block = block((first, rows, cols), &values, valid.as_deref(), &raster.name)?;
        let weight_values = weights.map(|w| w.read_block(1, first, rows)).transpose()?;
        let weight_block = match &weight_values {
            Some((values, valid)) => Some(self::block((first, rows, cols), values, valid.as_deref(), "weights")?),
            None => None,
        };
        sums.par_iter_mut().zip(&on.covers).for_each(|(sum, cover)| {
            let weighting = match (&weight_block, by_row.is_empty()) {
                (Some(block), _) => Weights::Cells(block),
                (None, false) => Weights::ByRow(&by_row),
                (None, true) => Weights::None,
            };
            accumulate(sum, cover, &block, weighting);
        });
        first += rows;
    }
    Ok(sums)
}

fn block<'a>(
    (first, rows, cols): (usize, usize, usize),
    values: &'a [f64],
    valid: Option<&'a [bool]>,
    name: &str,
) -> Result<Block<'a, f64>, AssessmentError> {
    Block::new((first, 0), (rows, cols), values, valid)
        .map_err(|e| AssessmentError::Raster { name: name.to_owned(), reason: e.to_string() })
}

fn table(request: &ZonalRequest, ids: &[String], rows: &[Row], several: bool) -> Table {
    let mut table = Table::default().text("id", rows.iter().map(|r| ids.get(r.zone).cloned()));
    if several {
        table = table
            .text("raster", rows.iter().map(|r| Some(r.raster.clone())))
            .int("band", rows.iter().map(|r| Some(i64::from(r.band))));
    }
    for (at, statistic) in request.statistics.statistics().iter().enumerate() {
        let name = statistic.column_name();
        let column = |row: &Row| row.values.get(at).cloned().unwrap_or(Column::Missing);
        if rows.iter().any(|r| matches!(column(r), Column::Shares(_))) {
            // one column a distinct value, over all zones; a value that a zone lacks has share 0 there
            let mut classes: BTreeMap<i64, f64> = BTreeMap::new();
            for row in rows {
                if let Column::Shares(shares) = column(row) {
                    classes.extend(shares.iter().map(|(value, _)| (order(*value), *value)));
                }
            }
            for value in classes.values() {
                let share = |row: &Row| match column(row) {
                    Column::Shares(shares) if !shares.is_empty() => {
                        Some(shares.iter().find(|(v, _)| v == value).map_or(0.0, |(_, share)| *share))
                    }
                    _ => None,
                };
                table = table.float(&format!("{name}_{value}"), rows.iter().map(share));
            }
        } else if rows.iter().any(|r| matches!(column(r), Column::List(_))) {
            table = table.text(&name, rows.iter().map(|r| list_text(&column(r))));
        } else {
            table = table.float(
                &name,
                rows.iter().map(|r| match column(r) {
                    Column::Number(value) => Some(value),
                    _ => None,
                }),
            );
        }
    }
    table
}

/// A whole number that sorts as the real number does.
fn order(value: f64) -> i64 {
    let bits = value.to_bits().cast_signed();
    if bits < 0 { i64::MIN.wrapping_sub(bits).wrapping_sub(1) } else { bits }
}

/// A list of numbers in one cell, by semicolon; a missing one is empty.
fn list_text(column: &Column) -> Option<String> {
    match column {
        Column::List(values) => {
            let words: Vec<String> = values.iter().map(|v| v.map(|x| x.to_string()).unwrap_or_default()).collect();
            Some(words.join(";"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn classes_sort_as_numbers() {
        let mut values = [3.0, -2.5, 0.0, 11.0, -7.0];
        values.sort_by_key(|v| order(*v));
        assert_eq!(values, [-7.0, -2.5, 0.0, 3.0, 11.0]);
    }
}
