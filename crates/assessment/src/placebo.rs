//! Placebos on whatever data is loaded: how often each test finds a change where there can be none.
//!
//! - *real split*: the two periods as asked; some changes may be true.
//! - *interleaved years*: the years of both periods dealt alternately into two halves; no change can be true, and the
//!   test must reject no more often than its level.
//! - *fake programme*: soums drawn by lot (one by one, in groups, or by whole aimags) are taken for enrolled and compared
//!   with the others. No programme was there, so every contribution found is false.
//!
//! Beside them Moran's I of the soums' changes over touching soums: how far from independent soums are.

mod fake;
mod plots;
mod spatial;

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::{Indicator, SoumCode, Years};
use belcheer_verification::{ByYear, Rejections, interleaved, rejections};

use crate::assess::{Request, gather};
use crate::blocks::Execution;
use crate::contributions::{Surroundings, neighbours, stocking_ratios};
use crate::error::AssessmentError;
use crate::evidence::BySoum;
use crate::inputs::Inputs;
use crate::table::Table;
use crate::watch::Watch;
use fake::{Series, fake_programmes};

/// The level of every test.
const LEVEL: f64 = 0.05;

/// One rejection rate.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceboRow {
    /// `real_split`, `interleaved_years` or a fake programme.
    pub placebo: &'static str,
    /// The indicator; the plots' own yield stands under I1, which it calibrates.
    pub indicator: Indicator,
    /// What was tested.
    pub measure: &'static str,
    /// How it was tested; `shipped` is how assessments do.
    pub estimator: &'static str,
    /// Tests and rejections.
    pub counted: Rejections,
    /// The level that the rate is held against; a one-sided claim is made at half the two-sided level.
    pub level: f64,
    /// Moran's I with its p, in place of rejections.
    pub morans_i: Option<(f64, f64)>,
}

impl PlaceboRow {
    fn rejections(&self) -> Option<Rejections> {
        self.morans_i.is_none().then_some(self.counted)
    }
}

/// Runs every placebo that the data allows.
///
/// # Errors
/// When the request does not fit the inputs, or a raster cannot be read.
pub fn placebo(
    inputs: &Inputs,
    request: &Request,
    draws: usize,
    execution: &Execution<'_>,
    watch: &dyn Watch,
) -> Result<Vec<PlaceboRow>, AssessmentError> {
    let evidence = gather(inputs, request, execution, watch)?;
    let (first, second) = (years(request.baseline), years(request.reporting));
    let settings = &evidence.settings;
    let splits = splits(&first, &second);
    let plots = plots::by_soum(&inputs.plots);
    let mut rows = plots::rows(&plots, &splits, request.seed, settings);
    let of_plots = plots::yearly(&plots);
    let mut series =
        vec![Series { indicator: Indicator::I1, measure: plots::MEASURE, values: of_plots, persistence: None }];
    for (indicator, _, by_soum) in &evidence.measured {
        let yearly = yearly_of(by_soum);
        let persistence = by_soum.values().find_map(|m| m.yearly.as_ref()?.persistence);
        for (placebo, a, b) in &splits {
            let (a, b) = (held(&yearly, a), held(&yearly, b));
            let units: Vec<ByYear> = yearly.values().map(|s| s.iter().map(|(y, v)| (*y, vec![*v])).collect()).collect();
            let found = rejections(&units, &a, &b, usize::MAX, LEVEL, persistence, settings);
            let row = |estimator, counted| row(placebo, *indicator, "yearly_series", estimator, counted, LEVEL);
            rows.push(row("year_clustered", found.year_clustered));
            rows.push(row("shipped", found.shipped));
        }
        series.push(Series { indicator: *indicator, measure: "yearly_series", values: yearly, persistence });
    }
    let around = Surroundings {
        enrolled: BTreeSet::new(),
        neighbours: neighbours(&inputs.shapes(), inputs.soums.keys().copied()),
        zones: &evidence.zones,
        stocking_ratio: stocking_ratios(&evidence.measured),
        periods: (request.baseline, request.reporting),
    };
    for of_indicator in &series {
        rows.extend(fake_programmes(of_indicator, &around, request, draws, settings));
        rows.extend(spatial::row(of_indicator, &around, request.seed));
    }
    rows.retain(|r| r.counted.tested > 0);
    Ok(rows)
}

fn row(
    placebo: &'static str,
    indicator: Indicator,
    measure: &'static str,
    estimator: &'static str,
    counted: Rejections,
    level: f64,
) -> PlaceboRow {
    PlaceboRow { placebo, indicator, measure, estimator, counted, level, morans_i: None }
}

fn years(span: Years) -> Vec<i32> {
    span.iter().collect()
}

/// The two ways of comparing the years of both periods.
fn splits(first: &[i32], second: &[i32]) -> [(&'static str, Vec<i32>, Vec<i32>); 2] {
    let all: Vec<i32> = first.iter().chain(second).copied().collect();
    let (odd, even) = interleaved(&all);
    [("real_split", first.to_vec(), second.to_vec()), ("interleaved_years", odd, even)]
}

fn yearly_of(by_soum: &BySoum) -> BTreeMap<SoumCode, BTreeMap<i32, f64>> {
    by_soum.iter().filter_map(|(soum, m)| m.yearly.as_ref().map(|y| (*soum, y.values.clone()))).collect()
}

/// The years of a list that most soums have: a year missing everywhere must not leave every soum out.
fn held(series: &BTreeMap<SoumCode, BTreeMap<i32, f64>>, years: &[i32]) -> Vec<i32> {
    let count = |year: &i32| series.values().filter(|s| s.contains_key(year)).count();
    years.iter().copied().filter(|y| 2 * count(y) >= series.len()).collect()
}

/// The rates as a table.
#[must_use]
pub fn placebo_table(rows: &[PlaceboRow]) -> Table {
    let percent = |share: f64| (1000.0 * share).round() / 10.0;
    Table::default()
        .text("placebo", rows.iter().map(|r| Some(r.placebo)))
        .text("indicator", rows.iter().map(|r| Some(r.indicator.as_str())))
        .text("measure", rows.iter().map(|r| Some(r.measure)))
        .text("estimator", rows.iter().map(|r| Some(r.estimator)))
        .int("tested", rows.iter().map(|r| i64::try_from(r.counted.tested).ok()))
        .int("rejected", rows.iter().map(|r| i64::try_from(r.rejections()?.rejected).ok()))
        .float("rate_percent", rows.iter().map(|r| r.rejections()?.rate().map(percent)))
        .float("nominal_percent", rows.iter().map(|r| r.rejections().map(|_| percent(r.level))))
        .float("morans_i", rows.iter().map(|r| Some(r.morans_i?.0)))
        .float("morans_p", rows.iter().map(|r| Some(r.morans_i?.1)))
}
