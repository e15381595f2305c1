//! Theil-Sen slope and Mann-Kendall test of every cell of yearly rasters, as one raster.
//!
//! Read and written window by window: memory does not grow with the rasters. Tiles are computed in parallel and stored
//! in a fixed order, so threads change no byte.

pub(crate) mod compute;
pub(crate) mod series;

use std::path::{Path, PathBuf};

use belcheer_domain::{Finding, PixelType, Years};
use belcheer_door::Door;
use belcheer_raster_ingest::write_geotiff_by_window;

use crate::error::AssessmentError;
use crate::raster::StoredRaster;
use crate::watch::Watch;
use crate::zonal::source;
use compute::Computation;

/// The bands of a trend raster, in order.
pub const TREND_BANDS: [&str; 5] = ["slope_per_year", "mk_s", "mk_z", "mk_p", "n"];
/// Bands of one file above which interleaved bands are taken apart first: each band would decode all of them.
const INTERLEAVED_MAX: u32 = 3;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct TrendRequest {
    /// One raster a year, or one raster with a band a year.
    pub rasters: Vec<PathBuf>,
    /// The years.
    pub years: Years,
    /// Fewest valid years of a cell with a trend.
    pub years_min: u16,
    /// Coordinate system of rasters that declare none.
    pub crs_epsg: Option<u32>,
    /// Which of [`TREND_BANDS`] to write, by position.
    pub bands: Vec<usize>,
    /// The raster to write: 32-bit reals, NaN where a cell has too few years.
    pub output: PathBuf,
}

/// Computes the trends and writes them; what must be written on the way goes to `scratch` and is removed with it.
///
/// Slopes are in physical units a year: the declared scale is applied. Where years are told by the rasters' dates,
/// missing ones keep their place in time.
///
/// # Errors
/// When a file is refused, the rasters do not share one grid, or their years are not certain.
pub fn trend_raster(
    door: &Door,
    request: &TrendRequest,
    scratch: &Path,
    watch: &dyn Watch,
) -> Result<Vec<Finding>, AssessmentError> {
    let mut findings = Vec::new();
    let mut rasters = Vec::new();
    let total = request.rasters.len() as u64;
    for (number, path) in request.rasters.iter().enumerate() {
        watch.step("open rasters", number as u64, total);
        let raster = open(door, request, (path, number), scratch, &mut findings)?;
        series::on_one_grid(rasters.first(), &raster)?;
        rasters.push(raster);
    }
    watch.step("open rasters", total, total);
    let mut findings = series::once_each(findings);
    let series = series::assign(&rasters, request.years, &mut findings)?;
    let computation = Computation::new(&series, request.years_min, &request.bands)?;
    let names: Vec<&str> = request.bands.iter().filter_map(|band| TREND_BANDS.get(*band)).copied().collect();
    let given = &series.first().ok_or_else(series::no_raster)?.raster.meta;
    let meta = given.computed(names.len() as u32, PixelType::F32, f64::NAN);
    let cells = u64::from(meta.width) * u64::from(meta.height);
    let mut done = 0;
    write_geotiff_by_window(&request.output, &meta, &names, |window, bands| {
        watch.step("trend", done, cells);
        done += (window.rows * window.cols) as u64;
        computation.fill(window, bands)
    })?;
    watch.step("trend", cells, cells);
    Ok(findings)
}

fn open(
    door: &Door,
    request: &TrendRequest,
    (path, number): (&Path, usize),
    scratch: &Path,
    findings: &mut Vec<Finding>,
) -> Result<StoredRaster, AssessmentError> {
    let stem = number.to_string();
    let mut noticed = Vec::new();
    let raster = source::open(door, (path, None), request.crs_epsg, (scratch, &stem), &mut noticed)?;
    if raster.cog().is_interleaved() && raster.meta.bands > INTERLEAVED_MAX {
        let apart = format!("{stem}-apart");
        return source::converted(door, (path, None), request.crs_epsg, (scratch, &apart), &raster.name, findings);
    }
    findings.extend(noticed);
    Ok(raster)
}
