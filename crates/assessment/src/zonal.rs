//! Statistics of any rasters over any zones, as one tidy table.
//!
//! Files are the user's own: a raster that is fully understood is read where it lies, any other is converted behind
//! the door first. Zones are laid on a grid once for all rasters that share it.

mod ahead;
pub(crate) mod ground;
mod request;
mod rows;
pub(crate) mod source;
mod table;
mod tiles;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use belcheer_domain::Finding;
use belcheer_door::Door;
use belcheer_zonal::{Column, TileLayout};
use geo_types::MultiPolygon;

use crate::error::AssessmentError;
use crate::frame::grid_of;
use crate::raster::StoredRaster;
use crate::watch::Watch;
use ahead::Ahead;
use ground::{Laid, note_outside, zones_in};
pub use request::{Weighting, ZonalAnswer, ZonalRequest};
use table::{Row, table};

/// Computes the statistics; what must be written on the way goes to `scratch` and is removed with it.
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
    let open = |path: &Path, stem: &str, findings: &mut Vec<Finding>| {
        source::open(door, (path, None), request.crs_epsg, (scratch, stem), findings)
    };
    let weights = match &request.weighting {
        Weighting::Raster(path) => Some(open(path, "weights", &mut findings)?),
        Weighting::None | Weighting::Area => None,
    };
    let mut laid: Vec<Laid> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    let mut ahead = Ahead::default();
    let total = request.rasters.len() as u64;
    for (number, path) in request.rasters.iter().enumerate() {
        watch.step("zonal statistics", number as u64, total);
        let raster = open(path, &number.to_string(), &mut findings)?;
        let grid = grid_of(&raster.meta).map_err(|e| zones_error(&raster.name, e))?;
        let place = match laid.iter().position(|l| l.is_on(&grid, &raster.meta.crs)) {
            Some(place) => place,
            None => {
                let (read, decoded) =
                    meanwhile(&raster, request, || zones_in(door, &request.zones, &raster.meta.crs, &mut findings));
                let (zone_ids, shapes) = read?;
                (ids, ahead) = (zone_ids, decoded);
                laid.push(Laid::new(raster.meta.crs.clone(), grid, request.rule, shapes));
                laid.len() - 1
            }
        };
        if let Some(ground) = laid.get_mut(place) {
            let given = (&raster, &std::mem::take(&mut ahead));
            raster_rows(request, ground, given, weights.as_ref(), (&ids, &mut rows, &mut findings))?;
        }
    }
    watch.step("zonal statistics", total, total);
    let mut table = table(&request.statistics, &ids, &rows, rows.len() > ids.len());
    if request.with_shapes {
        let (_, shapes) = zones_in(door, &request.zones, &crate::frame::wgs84(), &mut Vec::new())?;
        table.geometry =
            Some(rows.iter().map(|r| shapes.get(r.zone).cloned().unwrap_or(MultiPolygon(Vec::new()))).collect());
    }
    Ok(ZonalAnswer { table, findings })
}

/// Does something that leaves the other threads idle, while one of them decodes tiles of the raster.
fn meanwhile<T: Send>(raster: &StoredRaster, request: &ZonalRequest, busy: impl FnOnce() -> T + Send) -> (T, Ahead) {
    let stop = AtomicBool::new(request.needs_rows());
    let busy = || {
        let done = busy();
        stop.store(true, Ordering::Relaxed);
        done
    };
    // with one thread the second begins when the first has ended, and stops at once
    rayon::join(busy, || Ahead::decode(raster, &stop))
}

/// Adds the rows of all bands of one raster.
fn raster_rows(
    request: &ZonalRequest,
    ground: &mut Laid,
    (raster, ahead): (&StoredRaster, &Ahead),
    weights: Option<&StoredRaster>,
    (ids, rows, findings): (&[String], &mut Vec<Row>, &mut Vec<Finding>),
) -> Result<(), AssessmentError> {
    let set = &request.statistics;
    let failed = |e| zones_error(&raster.name, e);
    let mut add = |band, zones: Vec<Vec<Column>>| {
        let row = |(zone, values)| Row { zone, raster: raster.name.clone(), band, values };
        rows.extend(zones.into_iter().enumerate().map(row));
    };
    if request.needs_rows() {
        let (grid, geographic) = (ground.grid, ground.crs.geographic);
        let covers = ground.covers().map_err(failed)?;
        note_outside(|zone| covers.get(zone).is_none_or(|cover| cover.is_empty()), ids, &raster.name, findings);
        let on = rows::Ground { grid: &grid, covers, geographic };
        for band in 1..=raster.meta.bands {
            let sums = rows::band_sums(request, &on, raster, band, weights)?;
            add(band, sums.iter().map(|sum| set.statistics().iter().map(|s| sum.column(s)).collect()).collect());
        }
        return Ok(());
    }
    let size = raster.cog().block_size(0).ok_or_else(|| zones_error(&raster.name, "it has no image"))?;
    let index = ground.index(TileLayout { tile_rows: size.rows, tile_cols: size.cols }).map_err(failed)?;
    note_outside(|zone| index.is_outside(zone), ids, &raster.name, findings);
    for band in 1..=raster.meta.bands {
        add(band, tiles::band_columns(set, index, raster, band, ahead)?);
    }
    Ok(())
}

fn zones_error(name: &str, error: impl ToString) -> AssessmentError {
    AssessmentError::Zones { name: name.to_owned(), reason: error.to_string() }
}
