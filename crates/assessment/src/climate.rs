//! What the weather did to the pasture of every soum: drought and dzud by year, and the trend that rain does not explain.
//!
//! Covariates and flags, beside the verdicts: no score is made of them. Vegetation is the yearly mean on rangeland.

mod drought;
mod residual;
mod tables;

use std::collections::BTreeMap;
use std::path::Path;

use belcheer_domain::{Finding, Scheme, Severity, SoumCode, Years};
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::climate::ClimateAdjustment;
use belcheer_rangeland::drought::SUMMER_MONTHS;

use crate::Request;
use crate::area_sums::AreaSums;
use crate::assess::ground::one_grid;
use crate::blocks::{Execution, run_blocks};
use crate::error::AssessmentError;
use crate::inputs::Inputs;
use crate::parameters::ParameterSets;
use crate::partials::{by_zone_year, prepared, soum_borders, soum_partials};
use crate::watch::Watch;

pub use drought::DroughtYear;
pub use residual::ResidualTrend;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ClimateRequest {
    /// The scheme whose rangeland mask and least coverage are used.
    pub scheme: Scheme,
    /// Years that anomalies and fitted distributions refer to; all held when absent.
    pub baseline: Option<Years>,
}

/// What was found.
#[derive(Debug)]
pub struct ClimateResult {
    /// By soum and year.
    pub years: Vec<DroughtYear>,
    /// By soum and method.
    pub trends: Vec<ResidualTrend>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Years that anomalies refer to.
    pub baseline: Years,
    /// Labels of the parameter sets.
    pub parameter_sets: String,
}

/// Yearly values of one soum.
#[derive(Debug, Default)]
struct Series {
    /// Vegetation index.
    index: BTreeMap<i32, f64>,
    /// Precipitation of the growing season, mm.
    rain_mm: BTreeMap<i32, f64>,
    /// Its mean temperature, degrees Celsius.
    temperature_c: BTreeMap<i32, f64>,
    /// Its precipitation less potential evapotranspiration, mm.
    balance_mm: BTreeMap<i32, f64>,
    /// Temperature and precipitation of months, by year and month.
    months: BTreeMap<(i32, u8), (f64, f64)>,
}

impl Series {
    fn years(&self) -> impl Iterator<Item = i32> {
        let mut years: Vec<i32> = self.index.keys().chain(self.rain_mm.keys()).copied().collect();
        years.sort_unstable();
        years.dedup();
        years.into_iter()
    }
}

/// Computes both tables from the inputs.
///
/// # Errors
/// When neither vegetation nor weather is held, a parameter set is unknown, or a raster cannot be read.
pub fn climate(
    inputs: &Inputs,
    request: &ClimateRequest,
    execution: &Execution<'_>,
    watch: &dyn Watch,
) -> Result<ClimateResult, AssessmentError> {
    let sets = ParameterSets::of(&request.scheme)?;
    let adjustment = climate_adjustment()?;
    let mut findings = Vec::new();
    let series = all_series(inputs, request, &sets, (execution, watch), &mut findings)?;
    let years = series.values().flat_map(Series::years);
    let (first, last) = years.fold((i32::MAX, i32::MIN), |(first, last), year| (first.min(year), last.max(year)));
    if first > last {
        return Err(AssessmentError::Refused(
            "neither vegetation rasters nor weather are held; ingest rasters of a vegetation product, or a table of kind weather"
                .to_owned(),
        ));
    }
    let baseline = request.baseline.unwrap_or(Years { first, last });
    absent(inputs, &series, &mut findings);
    let mut result = ClimateResult {
        years: Vec::new(),
        trends: Vec::new(),
        findings,
        baseline,
        parameter_sets: format!("{};{}", sets.drought.label(), adjustment.label()),
    };
    for (soum, of_soum) in &series {
        let losses = |year| inputs.losses_percent.get(&(*soum, year)).copied();
        result.years.extend(drought::years(*soum, of_soum, baseline, losses, (&sets.drought, &adjustment)));
        result.trends.extend(residual::trends(*soum, of_soum, &adjustment));
    }
    Ok(result)
}

/// Drought and dzud of every soum and year, against the baseline of an assessment whose vegetation is at hand.
pub(crate) fn drought_years(
    inputs: &Inputs,
    (vegetation, sets, request): (&Vegetation, &ParameterSets, &Request),
) -> Result<Vec<DroughtYear>, AssessmentError> {
    let adjustment = climate_adjustment()?;
    let mut series = weather_series(inputs);
    add_vegetation(&mut series, vegetation, request.scheme.decision.coverage_min);
    let of_soum = |(soum, of_soum): (&SoumCode, &Series)| {
        let losses = |year| inputs.losses_percent.get(&(*soum, year)).copied();
        drought::years(*soum, of_soum, request.baseline, losses, (&sets.drought, &adjustment))
    };
    Ok(series.iter().flat_map(of_soum).collect())
}

/// Vegetation by soum and year.
type Vegetation = BTreeMap<SoumCode, BTreeMap<i32, AreaSums>>;

fn climate_adjustment() -> Result<ClimateAdjustment, AssessmentError> {
    ClimateAdjustment::by_name("climate_adjustment_1").map_err(|e| AssessmentError::ParameterSet(e.to_string()))
}

fn add_vegetation(series: &mut BTreeMap<SoumCode, Series>, vegetation: &Vegetation, coverage_min: f64) {
    for (soum, years) in vegetation {
        let Some(of_soum) = series.get_mut(soum) else { continue };
        let seen = years.iter().filter(|(_, sums)| sums.coverage() >= coverage_min);
        of_soum.index.extend(seen.filter_map(|(year, sums)| Some((*year, sums.mean()?))));
    }
}

fn all_series(
    inputs: &Inputs,
    request: &ClimateRequest,
    sets: &ParameterSets,
    (execution, watch): (&Execution<'_>, &dyn Watch),
    findings: &mut Vec<Finding>,
) -> Result<BTreeMap<SoumCode, Series>, AssessmentError> {
    let mut series = weather_series(inputs);
    let Some((_, rasters)) = &inputs.vegetation else { return Ok(series) };
    let Some(first) = rasters.keys().next() else { return Ok(series) };
    let held = one_grid(rasters, *first, findings);
    let mask_year = request.baseline.map_or(i32::MAX, |years| years.last);
    let prepared = prepared(inputs, sets, &soum_borders(inputs), (&held, mask_year), execution.resume)?;
    let partials = soum_partials(&prepared, &run_blocks(execution, &prepared.store()?, watch)?);
    add_vegetation(&mut series, &by_zone_year(&partials, "vegetation"), request.scheme.decision.coverage_min);
    Ok(series)
}

/// The weather of every soum.
fn weather_series(inputs: &Inputs) -> BTreeMap<SoumCode, Series> {
    let mut series: BTreeMap<SoumCode, Series> = inputs.soums.keys().map(|code| (*code, Series::default())).collect();
    for weather in &inputs.weather {
        let Some(of_soum) = series.get_mut(&weather.au2) else { continue };
        of_soum.rain_mm.insert(weather.year, weather.precipitation_mm);
        if let Some(degrees) = weather.temperature_c {
            of_soum.temperature_c.insert(weather.year, degrees);
        }
    }
    let mut balances: BTreeMap<(SoumCode, i32), Vec<f64>> = BTreeMap::new();
    for month in &inputs.months {
        let Some(of_soum) = series.get_mut(&month.au2) else { continue };
        if let Some(degrees) = month.temperature_c {
            of_soum.months.insert((month.year, month.month), (degrees, month.precipitation_mm));
        }
        if let Some(evapotranspiration) = month.evapotranspiration_mm.filter(|_| SUMMER_MONTHS.contains(&month.month)) {
            balances.entry((month.au2, month.year)).or_default().push(month.precipitation_mm - evapotranspiration);
        }
    }
    for ((soum, year), months) in balances.into_iter().filter(|(_, months)| months.len() == SUMMER_MONTHS.len()) {
        if let Some(of_soum) = series.get_mut(&soum) {
            of_soum.balance_mm.insert(year, months.iter().sum());
        }
    }
    series
}

/// Tells what is not held, and thus which columns stay empty.
fn absent(inputs: &Inputs, series: &BTreeMap<SoumCode, Series>, findings: &mut Vec<Finding>) {
    let total = series.len() as u64;
    let mut tell = |code: &str, lacking: usize, english: &str, mongolian: &str| {
        if lacking > 0 {
            let finding = Finding::new(code, Severity::Warning, "workspace").count(lacking as u64);
            findings.push(finding.text(
                format!("{lacking} of {total} soums: {english}"),
                format!("{total} сумын {lacking}-д: {mongolian}"),
            ));
        }
    };
    let without = |lacks: fn(&Series) -> bool| series.values().filter(|s| lacks(s)).count();
    tell(
        "vegetation_absent",
        without(|s| s.index.is_empty()),
        "no vegetation, so no anomalies, VCI, VHI or residual trends",
        "ургамлын мэдээ алга тул гажил, VCI, VHI, үлдэгдэл хандлагыг тооцсонгүй",
    );
    tell(
        "weather_absent",
        without(|s| s.rain_mm.is_empty()),
        "no precipitation, so no SPI, Pedj index, rain-use efficiency or residual trends",
        "хур тунадасны мэдээ алга тул SPI, Педийн индекс, хур ашиглалтын үр ашиг, үлдэгдэл хандлагыг тооцсонгүй",
    );
    tell(
        "months_absent",
        without(|s| s.months.is_empty()),
        "no weather by month, so no dzud index; ingest a weather table with a column month",
        "сарын цаг агаарын мэдээ алга тул зудын индексийг тооцсонгүй; сар гэсэн баганатай хүснэгт оруулна уу",
    );
    if inputs.losses_percent.is_empty() {
        tell(
            "losses_absent",
            series.len(),
            "no losses of livestock are held, so destocking by death cannot be told from sale",
            "малын хорогдлын мэдээ алга тул мал хорогдсоныг зарснаас ялгах боломжгүй",
        );
    }
}

/// Writes `drought.csv`, `residual_trends.csv` and their Parquet forms.
///
/// # Errors
/// When a file cannot be written.
pub fn write_climate(folder: &Path, result: &ClimateResult, inputs: &Inputs) -> Result<(), AssessmentError> {
    std::fs::create_dir_all(folder)?;
    let tables = [("drought", result.drought_table(inputs)), ("residual_trends", result.trend_table(inputs))];
    for (name, table) in tables {
        let file = std::fs::File::create(folder.join(format!("{name}.csv")))?;
        table.write_csv(std::io::BufWriter::new(file))?;
        table.write_parquet(&folder.join(format!("{name}.parquet")))?;
    }
    let file = std::fs::File::create(folder.join("findings.csv"))?;
    crate::export::finding_table(&result.findings).write_csv(std::io::BufWriter::new(file))
}
