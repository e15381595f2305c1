//! An annual vegetation metric from the granules of one year: usable observations, 16-day composites, one value a cell.
//!
//! Read and written window by window. Of the observations of 16 days the largest index stands (maximum value
//! composite); what a missing composite means is said by [`GrowingSeasons`].

mod granule;
mod index;
mod weather;

use std::path::{Path, PathBuf};

use belcheer_domain::{Finding, PixelType, RasterMeta, Severity};
use belcheer_door::Door;
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::annual_metric::{AnnualMetric, GrowingSeason, GrowingSeasons};
use belcheer_raster_ingest::{CellWindow, write_geotiff_by_window};
use rayon::prelude::*;

use crate::degradation::RasterBand;
use crate::degradation::inputs::{Opener, SIDE};
use crate::error::AssessmentError;
use crate::watch::Watch;
use granule::Granule;
pub use index::Index;
pub use weather::{SeasonWeatherKind, SeasonWeatherRequest, season_weather};

/// Days of a composite.
const COMPOSITE_DAYS: u16 = 16;
/// The bands of the result.
const BANDS: [&str; 2] = ["index", "composites"];

/// Whose granules they are, with what of each granule is given, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensor {
    /// MODIS MOD13: the index and VI Quality, or the HDF file that holds both.
    Mod13,
    /// Sentinel-2 Level 2A: the reflectances of the index and the scene classification.
    Sentinel2,
    /// Landsat Collection 2 Level 2: the reflectances of the index and `QA_PIXEL`.
    Landsat,
}

/// What is made of a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Metric {
    /// Largest index of 15 July to 31 August.
    Peak,
    /// Mean of May to September.
    MeanGrowingSeason,
    /// Sum over April to October above the index of bare soil.
    IntegralGrowingSeason {
        /// Index of bare soil.
        base: f64,
    },
    /// Mean of the calendar year, as Trends.Earth takes it.
    TrendsEarthAnnual,
}

impl Metric {
    /// The season, what is made of it, and the product where it is one that an assessment reads.
    fn of(self, index: Index) -> (&'static str, &'static str, AnnualMetric) {
        let (season, product, metric) = match self {
            Self::Peak => ("peak", "ndvi_peak", AnnualMetric::Max),
            Self::MeanGrowingSeason => ("gs_full", "ndvi_mean_gs", AnnualMetric::Mean),
            Self::IntegralGrowingSeason { base } => {
                ("gs_integral", "", AnnualMetric::Integral { base, days: f64::from(COMPOSITE_DAYS) })
            }
            Self::TrendsEarthAnnual => ("te_annual", "", AnnualMetric::Mean),
        };
        (season, if index == Index::Ndvi { product } else { "" }, metric)
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct CompositeRequest {
    /// The parts of each granule, in the order of its sensor.
    pub granules: Vec<Vec<RasterBand>>,
    /// Whose they are.
    pub sensor: Sensor,
    /// The index of every granule; of MOD13 the one that its file holds.
    pub index: Index,
    /// What is made of them.
    pub metric: Metric,
    /// The year.
    pub year: i32,
    /// Processing baseline of Sentinel-2 in hundredths, where file names do not tell it.
    pub processing_baseline: Option<u16>,
    /// Coordinate system of rasters that declare none.
    pub crs_epsg: Option<u32>,
    /// The raster to write: the metric, and how many composites were observed.
    pub output: PathBuf,
}

/// Makes the metric; what must be written on the way goes to `scratch`.
///
/// # Errors
/// When a file is refused, a granule lacks a part or a date, the parts do not share one grid, or no granule is of the
/// season.
pub fn composite(
    door: &Door,
    request: &CompositeRequest,
    scratch: &Path,
    watch: &dyn Watch,
) -> Result<Vec<Finding>, AssessmentError> {
    let rules =
        GrowingSeasons::by_name("growing_seasons_mn_1").map_err(|e| AssessmentError::ParameterSet(e.to_string()))?;
    let (season_id, product, metric) = request.metric.of(request.index);
    let season = rules.season(season_id).cloned().ok_or_else(|| AssessmentError::ParameterSet(season_id.to_owned()))?;
    let mut opener = Opener::new(door, request.crs_epsg, scratch);
    let total = request.granules.len() as u64;
    let mut granules = Vec::new();
    let mut outside = 0;
    for (number, parts) in request.granules.iter().enumerate() {
        watch.step("open granules", number as u64, total);
        let grid = granules.first().map(|first: &Granule| &first.first().raster);
        let granule = Granule::open(&mut opener, request, parts, grid)?;
        if granule.year == request.year && slot(&season, granule.day).is_some() {
            granules.push(granule);
        } else {
            outside += 1;
        }
    }
    watch.step("open granules", total, total);
    let mut findings = crate::trend::series::once_each(opener.findings);
    let Some(first) = granules.first() else {
        return Err(AssessmentError::Refused(format!(
            "none of the {total} granules is of the season {season_id} of {}; see their dates",
            request.year
        )));
    };
    tell(&granules, &season, outside, &mut findings);
    let meta = meta_of(&first.first().raster.meta, request.year, product);
    let cells = u64::from(meta.width) * u64::from(meta.height);
    let mut done = 0;
    write_geotiff_by_window(&request.output, &meta, &BANDS, |window, bands| {
        watch.step("composite", done, cells);
        done += (window.rows * window.cols) as u64;
        fill(&granules, &season, (&rules, metric), window, bands)
    })?;
    watch.step("composite", cells, cells);
    Ok(findings)
}

/// Number of the composite of a day of the year; `None` outside the season.
///
/// Composites begin on the days 1, 17, 33, ... of each year, as those of MODIS do; one is of the season when it begins
/// within it.
fn slot(season: &GrowingSeason, day: u16) -> Option<usize> {
    let begin = day.checked_sub(1)? / COMPOSITE_DAYS * COMPOSITE_DAYS + 1;
    let first = first_begin(season);
    (first..=season.last_day).contains(&begin).then(|| usize::from((begin - first) / COMPOSITE_DAYS))
}

fn first_begin(season: &GrowingSeason) -> u16 {
    (season.first_day - 1).div_ceil(COMPOSITE_DAYS) * COMPOSITE_DAYS + 1
}

fn slots(season: &GrowingSeason) -> usize {
    usize::from((season.last_day - first_begin(season)) / COMPOSITE_DAYS) + 1
}

fn tell(granules: &[Granule], season: &GrowingSeason, outside: u64, findings: &mut Vec<Finding>) {
    let name = granules.first().map_or("", |granule| granule.first().raster.name.as_str());
    if outside > 0 {
        findings.push(Finding::new("granules_outside_season", Severity::Info, name).count(outside).text(
            format!("granules of other years or outside the season {} were left out", season.id),
            format!("өөр оны эсвэл {} улирлаас гадуурх зургийг оруулаагүй", season.id),
        ));
    }
    let missing: Vec<String> = (0..slots(season))
        .filter(|at| granules.iter().all(|granule| slot(season, granule.day) != Some(*at)))
        .map(|at| (first_begin(season) + at as u16 * COMPOSITE_DAYS).to_string())
        .collect();
    if !missing.is_empty() {
        let days = missing.join(", ");
        findings.push(
            Finding::new("composites_without_granule", Severity::Warning, name).count(missing.len() as u64).text(
                format!("no granule for the 16 days from day {days} of the year; up to two in a row are interpolated"),
                format!("оны {days}-р өдрөөс эхлэх 16 хоногийн зураг алга; дараалсан хоёр хүртэлхийг интерполяцална"),
            ),
        );
    }
}

fn meta_of(given: &RasterMeta, year: i32, product: &str) -> RasterMeta {
    RasterMeta {
        scale: Some(1.0),
        offset: Some(0.0),
        product: Some(product.to_owned()).filter(|product| !product.is_empty()),
        date: Some(format!("{year:04}")),
        ..given.computed(BANDS.len() as u32, PixelType::F32, f64::NAN)
    }
}

type Part = (CellWindow, [Vec<f32>; BANDS.len()]);

fn fill(
    granules: &[Granule],
    season: &GrowingSeason,
    rules: (&GrowingSeasons, AnnualMetric),
    window: CellWindow,
    bands: &mut [Vec<f32>],
) -> Result<(), AssessmentError> {
    let tile = |row: usize, col: usize| CellWindow {
        row: window.row + row,
        col: window.col + col,
        rows: SIDE.min(window.rows - row),
        cols: SIDE.min(window.cols - col),
    };
    let tiles: Vec<CellWindow> = (0..window.rows)
        .step_by(SIDE)
        .flat_map(|row| (0..window.cols).step_by(SIDE).map(move |col| (row, col)))
        .map(|(row, col)| tile(row, col))
        .collect();
    let parts: Vec<Part> = tiles
        .par_iter()
        .map(|tile| Ok((*tile, part(granules, season, rules, *tile)?)))
        .collect::<Result<_, AssessmentError>>()?;
    for (number, band) in bands.iter_mut().enumerate() {
        band.resize(window.rows * window.cols, 0.0);
        for (tile, computed) in &parts {
            let left = tile.col - window.col;
            let rows = band.chunks_mut(window.cols).skip(tile.row - window.row);
            for (row, values) in rows.zip(computed[number].chunks(tile.cols)) {
                row[left..left + tile.cols].copy_from_slice(values);
            }
        }
    }
    Ok(())
}

/// The metric of a part, NaN where there is none, and the number of composites.
fn part(
    granules: &[Granule],
    season: &GrowingSeason,
    (rules, metric): (&GrowingSeasons, AnnualMetric),
    tile: CellWindow,
) -> Result<[Vec<f32>; BANDS.len()], AssessmentError> {
    let cells = tile.rows * tile.cols;
    let mut composites = vec![vec![f32::NAN; cells]; slots(season)];
    let mut index = Vec::new();
    for granule in granules {
        let Some(at) = slot(season, granule.day) else { continue };
        granule.index(tile, &mut index)?;
        for (largest, value) in composites[at].iter_mut().zip(&index) {
            // NaN gives way to any number
            *largest = largest.max(*value);
        }
    }
    let mut found = [Vec::with_capacity(cells), Vec::with_capacity(cells)];
    let mut year = vec![None; composites.len()];
    for cell in 0..cells {
        for (value, composite) in year.iter_mut().zip(&composites) {
            *value = Some(f64::from(composite[cell])).filter(|value| value.is_finite());
        }
        found[0].push(rules.metric(&year, metric).map_or(f32::NAN, |value| value as f32));
        found[1].push(year.iter().flatten().count() as f32);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composites_of_the_peak_begin_on_four_days() {
        let rules = GrowingSeasons::by_name("growing_seasons_mn_1").unwrap();
        let peak = rules.season("peak").unwrap();
        assert_eq!((first_begin(peak), slots(peak)), (193, 4));
        assert_eq!(
            [192, 193, 208, 209, 241, 256, 257].map(|day| slot(peak, day)),
            [None, Some(0), Some(0), Some(1), Some(3), Some(3), None]
        );
        let whole = rules.season("te_annual").unwrap();
        assert_eq!((slot(whole, 1), slot(whole, 366), slots(whole)), (Some(0), Some(22), 23));
        assert_eq!(slot(whole, 0), None);
    }
}
