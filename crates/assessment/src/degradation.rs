//! SDG 15.3.1 of every cell: productivity, land cover and soil organic carbon, as rasters, areas and a summary.
//!
//! Yearly rasters are read tile by tile, once; of each cell eleven bytes are kept. Reference productivity is that of
//! the whole raster, never of one zone: give rasters of the whole country. Threads and tile sizes change no byte.

mod areas;
mod classes;
mod climate;
pub(crate) mod inputs;
mod layers;
mod productivity;
mod summary;

use std::path::{Path, PathBuf};

use belcheer_domain::{Finding, Severity, Years};
use belcheer_door::Door;
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::climate::{ClimateAdjustment, SensorBreaks};
use belcheer_rangeland::degradation::{
    GpgRules, Integration, LandCoverCrosswalk, LandCoverMatrix, Packed, Performance, ProductivityLut,
    ReferenceProductivity, TrendsEarthRules,
};
use belcheer_rangeland::soil_organic_carbon::SocFactors;
use belcheer_vector_ingest::ZoneJob;
use rayon::prelude::*;

use crate::error::AssessmentError;
use crate::frame::grid_of;
use crate::watch::Watch;
use climate::Precipitation;
use inputs::Inputs;

/// How trend and state are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Good Practice Guidance version 2: Mann-Kendall Z with ties and continuity, two-sided; state by z score.
    Gpg,
    /// Trends.Earth, with its table, dead bands and decile classes.
    TrendsEarth,
}

impl Mode {
    /// The method's id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Gpg => "sdg1531.gpg_v2",
            Self::TrendsEarth => "sdg1531.trends_earth",
        }
    }
}

/// A raster, or one band or layer of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RasterBand {
    /// The file.
    pub path: PathBuf,
    /// Its layer, of a netCDF or HDF file: the name or the end of it.
    pub layer: Option<String>,
    /// Its band, from 1.
    pub band: u32,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct DegradationRequest {
    /// Vegetation index: one raster a year, or one raster with a band a year.
    pub index: Vec<PathBuf>,
    /// The years.
    pub years: Years,
    /// How trend and state are judged.
    pub mode: Mode,
    /// Name of the look-up table of productivity.
    pub lut: String,
    /// Factor from stored number to index value, where the files do not declare it.
    pub scale: Option<f64>,
    /// Recent years that state compares with those before.
    pub recent_years: usize,
    /// Fewest valid years of a cell with a trend.
    pub years_min: u16,
    /// Land cover of the first and of the last year.
    pub land_cover: [RasterBand; 2],
    /// Name of the crosswalk that folds its codes.
    pub legend: String,
    /// Name of the transition matrix in use; the other built-in one is shown beside it.
    pub matrix: String,
    /// Units of like land for reference productivity; first land cover alone, or with `soil`, where not given.
    pub units: Option<RasterBand>,
    /// Soil codes, which make units with land cover.
    pub soil: Option<RasterBand>,
    /// Soil organic carbon: one stock, changed by land cover, or the stocks of first and last year.
    pub soil_carbon: Vec<RasterBand>,
    /// Precipitation by year, taken out of the trend (RESTREND); on its own grid; empty for the trend as it is.
    pub precipitation: Vec<PathBuf>,
    /// Climate of the cropland factor.
    pub climate: String,
    /// Water, wherever it is not 0; last land cover where not given.
    pub water: Option<RasterBand>,
    /// Indicator of a baseline (-1, 0, 1), for status.
    pub baseline: Option<RasterBand>,
    /// Soums or other zones for the table of areas.
    pub zones: Option<ZoneJob>,
    /// Coordinate system of rasters that declare none.
    pub crs_epsg: Option<u32>,
    /// The folder to write into; made if it is not there.
    pub output: PathBuf,
}

/// The constants of a run.
struct Constants {
    gpg: GpgRules,
    trends_earth: TrendsEarthRules,
    lut: ProductivityLut,
    legend: LandCoverCrosswalk,
    matrices: [LandCoverMatrix; 2],
    soil: SocFactors,
    adjustment: ClimateAdjustment,
    breaks: SensorBreaks,
}

impl Constants {
    fn named(request: &DegradationRequest) -> Result<Self, AssessmentError> {
        let refused = |e: belcheer_rangeland::SetError| AssessmentError::ParameterSet(e.to_string());
        if request.mode == Mode::TrendsEarth && !request.precipitation.is_empty() {
            return Err(AssessmentError::Refused(
                "precipitation is taken out of the trend by the Good Practice Guidance only; leave out --mode trends-earth"
                    .to_owned(),
            ));
        }
        let matrix = matrix_named(&request.matrix)?;
        let other = if matrix.id == "mn_pastoral" { "unccd_default" } else { "mn_pastoral" };
        let soil = SocFactors::by_name("soc_unccd_1").map_err(refused)?;
        if !soil.crop_factor.contains_key(&request.climate) {
            let known: Vec<&str> = soil.crop_factor.keys().map(String::as_str).collect();
            return Err(AssessmentError::ParameterSet(format!(
                "no cropland factor for the climate {:?}; choose one of {}",
                request.climate,
                known.join(", ")
            )));
        }
        Ok(Self {
            gpg: GpgRules::by_name("gpg_v2").map_err(refused)?,
            trends_earth: TrendsEarthRules::by_name("trends_earth").map_err(refused)?,
            lut: ProductivityLut::by_name(&request.lut).map_err(refused)?,
            legend: LandCoverCrosswalk::by_name(&request.legend).map_err(refused)?,
            matrices: [matrix, LandCoverMatrix::by_name(other).map_err(refused)?],
            soil,
            adjustment: ClimateAdjustment::by_name("climate_adjustment_1").map_err(refused)?,
            breaks: SensorBreaks::by_name("sensor_breaks_1").map_err(refused)?,
        })
    }

    /// Id and version of every set that the run uses.
    fn labels(&self, request: &DegradationRequest) -> Vec<String> {
        let rules = match request.mode {
            Mode::Gpg => self.gpg.label(),
            Mode::TrendsEarth => self.trends_earth.label(),
        };
        let matrices = self.matrices.each_ref().map(ParameterSet::label);
        let [matrix, other] = matrices;
        let mut labels = vec![rules, self.lut.label(), self.legend.label(), matrix, other, self.soil.label()];
        labels.push(self.breaks.label());
        if !request.precipitation.is_empty() {
            labels.push(self.adjustment.label());
        }
        labels
    }
}

/// The matrix of a name, or of a file of the caller (its name ends in .toml).
fn matrix_named(name: &str) -> Result<LandCoverMatrix, AssessmentError> {
    let refused = |e: belcheer_rangeland::SetError| AssessmentError::ParameterSet(e.to_string());
    if Path::new(name).extension().is_none_or(|ending| ending != "toml") {
        return LandCoverMatrix::by_name(name).map_err(refused);
    }
    let text = std::fs::read_to_string(name)
        .map_err(|e| AssessmentError::Refused(format!("the matrix {name} cannot be read: {e}")))?;
    LandCoverMatrix::from_toml(&text).map_err(refused)
}

/// What is known of every cell after the rasters were read.
struct Cells {
    packed: Vec<Packed>,
    mean: Vec<f32>,
    unit: Vec<u16>,
}

/// Unit of a cell that is in none.
const NO_UNIT: u16 = u16::MAX;

/// What a run would do and need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DegradationPlan {
    /// Cells.
    pub cells: u64,
    /// Years that were found.
    pub years: usize,
    /// Memory at its highest, bytes, about.
    pub memory_bytes: u64,
    /// What was noticed on the way.
    pub findings: Vec<Finding>,
}

/// Bytes kept of each cell, with what is gathered for the reference productivity.
const CELL_BYTES: u64 = 4 + 4 + 2 + 4 + 4;

/// Opens everything and says what a run would do and need.
///
/// # Errors
/// As [`degradation`].
pub fn plan_degradation(
    door: &Door,
    request: &DegradationRequest,
    scratch: &Path,
    watch: &dyn Watch,
) -> Result<DegradationPlan, AssessmentError> {
    let constants = Constants::named(request)?;
    let mut findings = Vec::new();
    let inputs = Inputs::open(door, request, scratch, watch, &mut findings)?;
    let series = inputs.series(request, &mut findings)?;
    drop(productivity::Judge::new(request, &constants, &series, None, &mut findings)?);
    let meta = &inputs.index[0].meta;
    let cells = u64::from(meta.width) * u64::from(meta.height);
    let tile_bytes = inputs::SIDE as u64 * inputs::SIDE as u64 * (series.len() as u64 + 4) * 8;
    let memory_bytes = cells * CELL_BYTES + tile_bytes * (rayon::current_num_threads() as u64 + 1);
    Ok(DegradationPlan { cells, years: series.len(), memory_bytes, findings })
}

/// Computes the indicator and writes rasters with styles, `areas.csv` and `summary.json`; what must be written on the
/// way goes to `scratch`.
///
/// # Errors
/// When a file is refused, rasters do not share one grid, years are not certain, or a name is unknown.
pub fn degradation(
    door: &Door,
    request: &DegradationRequest,
    scratch: &Path,
    watch: &dyn Watch,
) -> Result<Vec<Finding>, AssessmentError> {
    let constants = Constants::named(request)?;
    let mut findings = Vec::new();
    let inputs = Inputs::open(door, request, scratch, watch, &mut findings)?;
    let series = inputs.series(request, &mut findings)?;
    let years: Vec<i32> = series.iter().map(|of| of.year).collect();
    let rain = match inputs.precipitation.as_slice() {
        [] => None,
        rasters => Some(Precipitation::read(rasters, request, &years, watch, &mut findings)?),
    };
    let judge = productivity::Judge::new(request, &constants, &series, rain.as_ref(), &mut findings)?;
    let meta = inputs.index.first().ok_or_else(crate::trend::series::no_raster)?.meta.clone();
    let mut cells = classes::read_all(request, &constants, &inputs, &judge, watch, &mut findings)?;
    finish(request, &constants, &mut cells);
    std::fs::create_dir_all(&request.output)?;
    let grid = grid_of(&meta)
        .map_err(|e| AssessmentError::Zones { name: inputs.index[0].name.clone(), reason: e.to_string() })?;
    let sums = areas::sum(door, request, &grid, &meta.crs, &cells.packed, &mut findings)?;
    if let Some((rain, raster)) = rain.as_ref().zip(inputs.precipitation.first()) {
        climate::tell_lost(&sums, &raster.name, rain.north(), &mut findings);
    }
    areas::table(&sums).write_csv(std::io::BufWriter::new(std::fs::File::create(request.output.join("areas.csv"))?))?;
    layers::write(request, &constants, &meta, &cells.packed, watch)?;
    summary::write(request, &constants, &inputs, &sums, &findings)?;
    Ok(findings)
}

/// Reference productivity, performance, productivity and the indicator of every cell.
fn finish(request: &DegradationRequest, constants: &Constants, cells: &mut Cells) {
    let mut reference = ReferenceProductivity::default();
    for (unit, mean) in cells.unit.iter().zip(&cells.mean) {
        if *unit != NO_UNIT {
            reference.add(*unit, *mean);
        }
    }
    let (threshold, whole) = match request.mode {
        Mode::Gpg => (constants.gpg.performance_ratio, false),
        Mode::TrendsEarth => {
            (constants.trends_earth.performance_ratio, constants.trends_earth.performance_whole_reference)
        }
    };
    let percentiles = reference.percentiles(whole);
    let integration = Integration::new(&constants.lut, !request.soil_carbon.is_empty());
    let Cells { packed, mean, unit } = cells;
    packed.par_iter_mut().zip(mean.par_iter().zip(unit.par_iter())).for_each(|(cell, (mean, unit))| {
        let p90 = percentiles.get(usize::from(*unit)).copied().flatten();
        let performance = p90.and_then(|p90| Performance::of(f64::from(*mean), p90, threshold)).map(|p| p.degraded);
        *cell = integration.finish(*cell, performance);
    });
}

/// A finding about one of the inputs.
fn note(code: &str, severity: Severity, input: &str, count: u64, english: String, mongolian: String) -> Finding {
    Finding::new(code, severity, input).count(count).text(english, mongolian)
}
