//! Trend, state and mean of a part of the grid, by either mode.

use belcheer_cog::CogError;
use belcheer_domain::{Finding, Severity};
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::climate::{Adjusted, CellAdjustment};
use belcheer_rangeland::degradation::{
    DegradationClass, MISSING, ProductivityBlock, StateScore, TrendsEarthBlock, state_class, trend_class,
};
use belcheer_rangeland::trend::{BlockTrend, KendallTable, Plane, TrendBlock, TrendLevel};
use belcheer_raster_ingest::CellWindow;

use super::climate::Precipitation;
use super::{Constants, DegradationRequest, Mode, note};
use crate::by_type::by_type;
use crate::error::AssessmentError;
use crate::frame::grid_of;
use crate::trend::compute::{Stored, YearValues, read_raw};
use crate::trend::series::YearBand;

/// What NDVI is multiplied by in Trends.Earth.
const WHOLE: f64 = 10_000.0;
/// Years of the state's baseline in the Good Practice Guidance.
const GPG_BASELINE_YEARS: usize = 13;

/// What is known of the productivity of a part.
#[derive(Default)]
pub(super) struct Metrics {
    pub trend: Vec<Option<DegradationClass>>,
    pub state: Vec<Option<DegradationClass>>,
    pub mean: Vec<f32>,
    /// How far weather was taken out of the trend; empty where that was not asked for.
    pub climate: Vec<Adjusted>,
    /// Sums and numbers of a sample of cells that have every year, by year.
    pub sample: Vec<(f64, u64)>,
    /// Values that no index can have.
    pub impossible: u64,
}

/// Room that is used again.
#[derive(Default)]
pub(super) struct Room {
    planes: Vec<Vec<i16>>,
    reals: Vec<Vec<f64>>,
    block: ProductivityBlock,
    trend: TrendBlock,
}

enum Way {
    Gpg(BlockTrend),
    TrendsEarth(TrendsEarthBlock),
}

/// Judges parts of a series.
pub(super) struct Judge<'a> {
    series: &'a [YearBand<'a>],
    constants: &'a Constants,
    scale: Option<f64>,
    recent: usize,
    way: Way,
    rain: Option<&'a Precipitation>,
}

/// Rows between those of which the mean of each year is taken, which sensor breaks are sought in.
const SAMPLE_ROWS: usize = 16;

impl<'a> Judge<'a> {
    pub fn new(
        request: &DegradationRequest,
        constants: &'a Constants,
        series: &'a [YearBand<'a>],
        rain: Option<&'a Precipitation>,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, AssessmentError> {
        let years: Vec<i32> = series.iter().map(|of| of.year).collect();
        let refused = |e: belcheer_rangeland::trend::TrendError| AssessmentError::Refused(e.to_string());
        let (recent, years_min) = (request.recent_years, request.years_min);
        let way = match request.mode {
            Mode::Gpg => {
                let needed = GPG_BASELINE_YEARS + recent;
                if years.len() < needed {
                    let name = series.first().map_or("", |of| of.raster.name.as_str());
                    findings.push(note(
                        "state_needs_more_years",
                        Severity::Error,
                        name,
                        1,
                        format!(
                            "productivity state needs {needed} years, {} were given; it is unknown everywhere",
                            years.len()
                        ),
                        format!("бүтээмжийн төлөвт {needed} жил хэрэгтэй, {} жил өгсөн тул тодорхойгүй", years.len()),
                    ));
                }
                Way::Gpg(BlockTrend::new(&years, years_min).map_err(refused)?)
            }
            Mode::TrendsEarth => {
                let rules = &constants.trends_earth;
                let table = KendallTable::by_name(&rules.kendall_table)
                    .map_err(|e| AssessmentError::ParameterSet(e.to_string()))?;
                Way::TrendsEarth(TrendsEarthBlock::new(&years, recent, years_min, rules, &table).map_err(refused)?)
            }
        };
        Ok(Self { series, constants, scale: request.scale, recent, way, rain })
    }

    /// The years of the series.
    pub fn years(&self) -> Vec<i32> {
        self.series.iter().map(|of| of.year).collect()
    }

    /// The productivity of a part.
    pub fn judge(&self, part: CellWindow, room: &mut Room) -> Result<Metrics, AssessmentError> {
        match &self.way {
            Way::TrendsEarth(block) => self.trends_earth(block, part, room),
            Way::Gpg(trend) => self.gpg(trend, part, room),
        }
    }

    fn trends_earth(
        &self,
        block: &TrendsEarthBlock,
        part: CellWindow,
        room: &mut Room,
    ) -> Result<Metrics, AssessmentError> {
        let mut impossible = 0;
        room.planes.resize_with(self.series.len(), Vec::new);
        for (of, plane) in self.series.iter().zip(&mut room.planes) {
            let pixel_type = of.raster.cog().pixel_type();
            impossible +=
                by_type!(pixel_type, whole_numbers(of, part, self.scaling(of), plane)).map_err(|e| failed(of, &e))?;
        }
        let planes: Vec<&[i16]> = room.planes.iter().map(Vec::as_slice).collect();
        let found = &mut room.block;
        block.run(&planes, found).map_err(|e| AssessmentError::Output(e.to_string()))?;
        let rules = &self.constants.trends_earth;
        let sample = sample(part, planes.len(), |year, cell| {
            Some(planes[year][cell]).filter(|word| *word != MISSING).map(|word| f64::from(word) / WHOLE)
        });
        Ok(Metrics {
            sample,
            climate: Vec::new(),
            trend: found.trend.iter().map(|code| trend_class(*code)).collect(),
            state: found.state.iter().map(|code| state_class(*code, rules)).collect(),
            mean: (0..found.n.len()).map(|cell| found.mean(cell).map_or(f32::NAN, |mean| mean as f32)).collect(),
            impossible,
        })
    }

    fn gpg(&self, trend: &BlockTrend, part: CellWindow, room: &mut Room) -> Result<Metrics, AssessmentError> {
        let mut impossible = 0;
        room.reals.resize_with(self.series.len(), Vec::new);
        room.planes.resize_with(self.series.len(), Vec::new);
        // numbers that are whole in units of 0.0001 go the fast way, and say the same
        let fast = self.series.iter().all(|of| by_type!(of.raster.cog().pixel_type(), is_words(self.scaling(of))));
        let rules = &self.constants.gpg;
        let trends = &mut room.trend;
        let failed_trend = |e: belcheer_rangeland::trend::TrendError| AssessmentError::Output(e.to_string());
        for (of, (words, reals)) in self.series.iter().zip(room.planes.iter_mut().zip(&mut room.reals)) {
            let (pixel_type, scaling) = (of.raster.cog().pixel_type(), self.scaling(of));
            impossible += if fast {
                let bad = by_type!(pixel_type, whole_numbers(of, part, scaling, words)).map_err(|e| failed(of, &e))?;
                reals.clear();
                reals.extend(words.iter().map(|w| if *w == MISSING { f64::NAN } else { f64::from(*w) / WHOLE }));
                bad
            } else {
                by_type!(pixel_type, physical(of, part, scaling, reals)).map_err(|e| failed(of, &e))?
            };
        }
        if fast {
            let plane = |values| Plane { values, nodata: Some(MISSING), valid: None };
            trend.run(&room.planes.iter().map(|v| plane(v.as_slice())).collect::<Vec<_>>(), trends)
        } else {
            let plane = |values| Plane { values, nodata: None, valid: None };
            trend.run(&room.reals.iter().map(|v| plane(v.as_slice())).collect::<Vec<_>>(), trends)
        }
        .map_err(failed_trend)?;
        let cells = trends.n.len();
        let reals = &room.reals;
        let sample = sample(part, reals.len(), |year, cell| Some(reals[year][cell]).filter(|v| v.is_finite()));
        let mut metrics = Metrics { impossible, sample, ..Metrics::default() };
        let mut weather = self.weather(part)?;
        let mut series = vec![None; self.series.len()];
        for cell in 0..cells {
            for (value, plane) in series.iter_mut().zip(&room.reals) {
                *value = Some(plane[cell]).filter(|v| v.is_finite());
            }
            let mut z = trends.is_known(cell).then(|| trends.z[cell]);
            if let Some(weather) = &mut weather {
                let (how, residual) = weather.z(cell, &series);
                // a cell that is too poor in years for a trend is not made richer by the weather
                z = z.map(|raw| residual.unwrap_or(raw));
                metrics.climate.push(how);
            }
            let level = z.and_then(|z| TrendLevel::of(z, rules));
            metrics.trend.push(level.map(TrendLevel::class));
            let split = series.len().saturating_sub(self.recent);
            let state = split
                .checked_sub(GPG_BASELINE_YEARS)
                .and_then(|first| StateScore::of(&series[first..split], &series[split..], rules));
            metrics.state.push(state.map(|state| state.class()));
            let (n, sum) = series.iter().flatten().fold((0_u32, 0.0), |(n, sum), v| (n + 1, sum + v));
            metrics.mean.push(if n == 0 { f32::NAN } else { (sum / f64::from(n)) as f32 });
        }
        Ok(metrics)
    }

    /// What is needed to take the weather out of a part's trends.
    fn weather(&self, part: CellWindow) -> Result<Option<PartWeather<'_>>, AssessmentError> {
        let (Some(rain), Some(first)) = (self.rain, self.series.first()) else { return Ok(None) };
        let meta = &first.raster.meta;
        let grid = grid_of(meta)
            .map_err(|e| AssessmentError::Zones { name: first.raster.name.clone(), reason: e.to_string() })?;
        let cells = rain.cells_of(&grid, &meta.crs, part)?;
        let adjustment = CellAdjustment::new(&self.constants.adjustment);
        Ok(Some(PartWeather { rain, cells, adjustment, years: Vec::new() }))
    }

    fn scaling(&self, of: &YearBand<'_>) -> (f64, f64) {
        let (scale, offset) = (of.raster.meta.scale, of.raster.meta.offset.unwrap_or(0.0));
        (self.scale.or(scale).unwrap_or(1.0), offset)
    }
}

/// Precipitation of the cells of a part.
struct PartWeather<'a> {
    rain: &'a Precipitation,
    cells: Vec<Option<u32>>,
    adjustment: CellAdjustment,
    years: Vec<Option<f64>>,
}

impl PartWeather<'_> {
    fn z(&mut self, cell: usize, index: &[Option<f64>]) -> (Adjusted, Option<f64>) {
        self.rain.series(self.cells[cell], &mut self.years);
        self.adjustment.z(index, &self.years)
    }
}

/// Sums by year over cells of every sixteenth row that have every year.
fn sample(part: CellWindow, years: usize, value: impl Fn(usize, usize) -> Option<f64>) -> Vec<(f64, u64)> {
    let mut sums = vec![(0.0, 0); years];
    let mut of_cell = Vec::with_capacity(years);
    for row in (0..part.rows).filter(|row| (part.row + row).is_multiple_of(SAMPLE_ROWS)) {
        for cell in row * part.cols..(row + 1) * part.cols {
            of_cell.clear();
            of_cell.extend((0..years).map_while(|year| value(year, cell)));
            if of_cell.len() == years {
                sums.iter_mut().zip(&of_cell).for_each(|(sum, v)| *sum = (sum.0 + v, sum.1 + 1));
            }
        }
    }
    sums
}

fn failed(of: &YearBand<'_>, error: &CogError) -> AssessmentError {
    AssessmentError::Raster { name: of.raster.name.clone(), reason: error.to_string() }
}

/// Whether stored numbers are the index times 10,000 already.
fn is_words<T: Stored>((scale, offset): (f64, f64)) -> bool {
    T::as_words(&[]).is_some() && ((scale * WHOLE) - 1.0).abs() < 1e-9 && offset == 0.0
}

/// Reads one year as the index times 10,000; counts what no index can have and leaves it out.
fn whole_numbers<T: Stored>(
    of: &YearBand<'_>,
    part: CellWindow,
    scaling: (f64, f64),
    into: &mut Vec<i16>,
) -> Result<u64, CogError> {
    const LARGEST: i16 = WHOLE as i16;
    let mut raw = YearValues::<T>::default();
    let nodata = read_raw(of.raster, of.band, part, &mut raw)?;
    into.clear();
    match T::as_words(&raw.values) {
        Some(words) if is_words::<T>(scaling) => {
            // no such number where there is no nodata: the range check takes it out
            let none = nodata.map_or(MISSING, |nodata| nodata.real() as i16);
            into.extend(words.iter().map(|word| if *word == none { MISSING } else { *word }));
        }
        _ => {
            let (scale, offset) = (scaling.0 * WHOLE, scaling.1 * WHOLE);
            into.extend(raw.values.iter().map(|value| {
                let whole = (value.real() * scale + offset).round();
                if nodata == Some(*value) || !whole.is_finite() { MISSING } else { whole as i16 }
            }));
        }
    }
    if raw.has_valid {
        for (value, valid) in into.iter_mut().zip(&raw.valid) {
            *value = if *valid { *value } else { MISSING };
        }
    }
    let odd = |value: i16| !(-LARGEST..=LARGEST).contains(&value) && value != MISSING;
    let impossible = into.iter().map(|value| u64::from(odd(*value))).sum();
    if impossible > 0 {
        into.iter_mut().filter(|value| odd(**value)).for_each(|value| *value = MISSING);
    }
    Ok(impossible)
}

/// Reads one year as physical values; NaN is missing.
fn physical<T: Stored>(
    of: &YearBand<'_>,
    part: CellWindow,
    (scale, offset): (f64, f64),
    into: &mut Vec<f64>,
) -> Result<u64, CogError> {
    let mut raw = YearValues::<T>::default();
    let nodata = read_raw(of.raster, of.band, part, &mut raw)?;
    let mut impossible = 0;
    into.clear();
    for (cell, value) in raw.values.iter().enumerate() {
        let there = nodata != Some(*value) && (!raw.has_valid || raw.valid[cell]);
        let index = value.real() * scale + offset;
        let possible = index.abs() <= 1.0;
        impossible += u64::from(there && index.is_finite() && !possible);
        into.push(if there && possible { index } else { f64::NAN });
    }
    Ok(impossible)
}
