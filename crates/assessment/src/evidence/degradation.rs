//! I4: land degradation status (SDG 15.3.1), change of the share of rangeland that is degraded, points.
//!
//! Productivity is judged cell by cell over sixteen years that end with the period: trend (Mann-Kendall), state (three
//! years against the thirteen before) and performance (against the 90th percentile of its zone and land cover in the
//! whole country), combined by the scheme's look-up table. Land cover is judged by the scheme's transition matrix; one
//! out, all out. Soil organic carbon does not move without a change of land cover and is left out as not informative.
//!
//! Cells carry the climate-adjusted series of I1: what weather and zone-wide years did to the soum is taken out of each
//! of its cells. The interval stands on statistical cells of about 16 km as clusters; it holds what differs from place
//! to place, not errors of the map itself, for which reference samples are needed.

mod ledger;
mod pixel;

use std::collections::BTreeMap;

use belcheer_domain::{NaturalZone, SoumCode, Tier, Years};
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::degradation::{ProductivityLut, ProductivityTable};
use belcheer_verification::{Better, Estimate, Reason, TestSettings, WeatherPanel};
use rayon::prelude::*;

use super::{BySoum, Facts, Measured};
use crate::calibration::Calibration;
use crate::error::AssessmentError;
use crate::frame::{Frame, Membership};
use crate::land_cover::ClassGrid;
use crate::parameters::ParameterSets;
use crate::raster::StoredRaster;
use ledger::{CellShares, Ledger};
use pixel::{Judge, Pixel};

/// Method and version.
pub const METHOD: &str = "i4.degradation_status@1";

/// Look-up tables in use, told side by side: another than the scheme's might have been chosen to pass.
const TABLES: [&str; 3] = ["gpg_v1", "gpg_v2_sepal", "te_3class"];

/// Years of a productivity period: thirteen of state baseline and three recent ones.
pub const PERIOD_YEARS: i32 = 16;
/// Cells of all years of a block that are held in memory at once.
const CELLS_IN_FLIGHT: usize = 1 << 24;

/// What the indicator is computed from.
#[derive(Debug)]
pub struct Degradation<'a> {
    /// The vegetation grid with the soums and the rangeland mask on it.
    pub frame: &'a Frame,
    /// Yearly vegetation on that grid.
    pub series: &'a BTreeMap<i32, &'a StoredRaster>,
    /// The weather panel of I1.
    pub panel: &'a WeatherPanel,
    /// Zone by soum.
    pub zones: &'a BTreeMap<SoumCode, NaturalZone>,
    /// Whether the metric follows biomass, by zone.
    pub calibration: &'a Calibration,
    /// Land cover at the first year and the end of the baseline period, and at the end of the reporting period.
    pub cover: Option<[ClassGrid; 3]>,
    /// Parameter sets of the scheme.
    pub sets: &'a ParameterSets,
}

/// The sixteen years that end with a period.
#[must_use]
pub fn productivity_years(period: Years) -> Years {
    Years { first: period.last - PERIOD_YEARS + 1, last: period.last }
}

/// The indicator by soum.
///
/// # Errors
/// When a raster cannot be read.
pub fn measure(
    from: &Degradation<'_>,
    baseline: Years,
    reporting: Years,
    settings: &TestSettings,
) -> Result<BySoum, AssessmentError> {
    let judge = Judge::new(from, productivity_years(baseline), productivity_years(reporting));
    let pixels = survey(from, &judge)?;
    let references = ledger::references(&pixels, &judge);
    let table = from.sets.productivity.table();
    let known = TABLES.map(ProductivityLut::by_name).into_iter().flatten();
    let others: Vec<ProductivityTable> = known.map(|lut| lut.table()).collect();
    let of_soum = |(soum, pixels): (&SoumCode, &Vec<Pixel>)| {
        let ledger = Ledger::of(pixels, &judge, &table, &references);
        let by_table = others.iter().filter_map(|table| Ledger::of(pixels, &judge, table, &references).shares());
        // positive = better, as the indicator
        let effects: Vec<f64> = by_table.map(|(before, after)| 100.0 * (before - after)).collect();
        let measured = one(from, *soum, &ledger, &judge, settings);
        let facts = Facts { by_table: spread(&effects), ..measured.facts };
        (*soum, Measured { facts, ..measured })
    };
    Ok(pixels.par_iter().map(of_soum).collect())
}

/// Smallest and largest of some numbers.
fn spread(numbers: &[f64]) -> Option<(f64, f64)> {
    let low = numbers.iter().copied().min_by(f64::total_cmp)?;
    Some((low, numbers.iter().copied().max_by(f64::total_cmp)?))
}

/// Nothing measured for any soum, for one reason.
#[must_use]
pub fn nothing(soums: impl Iterator<Item = SoumCode>, reason: Reason) -> BySoum {
    soums.map(|code| (code, Measured::nothing("percent_degraded", vec![reason]))).collect()
}

/// Every assessed cell of every soum, judged but for performance, which needs the whole country first.
fn survey(from: &Degradation<'_>, judge: &Judge<'_>) -> Result<BTreeMap<SoumCode, Vec<Pixel>>, AssessmentError> {
    let frame = from.frame;
    let mut pixels: Vec<(SoumCode, Vec<Pixel>)> = frame.zones.keys().map(|code| (*code, Vec::new())).collect();
    let step = frame.rows_in_flight(CELLS_IN_FLIGHT / from.series.len().max(1));
    let mut first = 0;
    while first < frame.grid.rows() {
        let rows = step.min(frame.grid.rows() - first);
        let mut years = Vec::with_capacity(from.series.len());
        for year in judge.span().iter() {
            years.push(from.series.get(&year).map(|raster| raster.read_rows(1, first, rows)).transpose()?);
        }
        pixels.par_iter_mut().for_each(|(code, kept)| {
            let (Some(coverage), Some(adjust)) = (frame.zones.get(code), judge.adjustment(*code)) else { return };
            let mut scratch = pixel::Scratch::default();
            for span in coverage.spans_of_rows(first as u32, (first + rows) as u32) {
                let row = span.row as usize;
                let weight_ha = frame.cell_area_ha(row) * span.fraction;
                for col in span.col_start as usize..span.col_end as usize {
                    if frame.membership(row, col) != Membership::Inside {
                        continue;
                    }
                    let at = (row - first) * frame.grid.cols() + col;
                    let place = row * frame.grid.cols() + col;
                    let cell = frame.statistical_cell(row, col);
                    scratch.series.clear();
                    let of_year = |values: &Option<Vec<Option<f64>>>| values.as_ref()?.get(at).copied().flatten();
                    scratch.series.extend(years.iter().map(of_year));
                    kept.push(judge.pixel(&adjust, place, cell, weight_ha, &mut scratch));
                }
            }
        });
        first += rows;
    }
    Ok(pixels.into_iter().collect())
}

fn one(
    from: &Degradation<'_>,
    soum: SoumCode,
    ledger: &Ledger,
    judge: &Judge<'_>,
    settings: &TestSettings,
) -> Measured {
    let unit = "percent_degraded";
    let Some((before, after)) = ledger.shares() else {
        let reason = judge.shortage().unwrap_or(Reason::CoverageBelowMinimum);
        return Measured::nothing(unit, vec![reason]);
    };
    let estimate = clustered(&ledger.cells, settings).map(|e| e.scaled(100.0).improvement_signed(Better::Lower));
    let calibrated = from.zones.get(&soum).is_some_and(|zone| from.calibration.holds(*zone));
    Measured {
        estimate,
        noise_floor: None,
        raw_effect: None,
        baseline_value: Some(100.0 * before),
        reporting_value: Some(100.0 * after),
        value_unit: unit,
        years: (0, 0),
        tier: if calibrated { Tier::T2 } else { Tier::T1 },
        coverage: ledger.coverage(),
        n_plots: None,
        n_eff: Some(ledger.cells.len() as f64),
        reasons: if estimate.is_none() { vec![Reason::NotComputed] } else { Vec::new() },
        flags: Vec::new(),
        yearly: None,
        points: None,
        facts: Facts::default(),
    }
}

/// Change of the degraded share with statistical cells as clusters, weighted by area.
///
/// `effect = sum(w d) / sum(w)`, `se^2 = C/(C-1) sum((w (d - effect))^2) / sum(w)^2`, `df = C - 1` (Cochran 1977, ratio
/// estimator of clusters of unequal size).
fn clustered(cells: &BTreeMap<(i32, i32), CellShares>, settings: &TestSettings) -> Option<Estimate> {
    let count = cells.len() as f64;
    let weight: f64 = cells.values().map(|c| c.weight_ha).sum();
    if cells.len() < 2 || weight <= 0.0 {
        return None;
    }
    let effect = cells.values().map(|c| c.after_ha - c.before_ha).sum::<f64>() / weight;
    let squares: f64 = cells.values().map(|c| (c.after_ha - c.before_ha - c.weight_ha * effect).powi(2)).sum();
    let se = (count / (count - 1.0) * squares).sqrt() / weight;
    Estimate::new(effect, se, count - 1.0, settings)
}
