//! Placebos on whatever data is loaded: how often each test finds a change where there can be none.
//!
//! - *real split*: the two periods as asked; some changes may be true.
//! - *interleaved years*: the years of both periods dealt alternately into two halves; no change can be true, and the
//!   test must reject no more often than its level.
//! - *fake programme*: soums drawn by lot (one by one, in groups, or by whole aimags) are taken for enrolled and compared
//!   with the others. No programme was there, so every contribution found is false.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::records::BiomassPlot;
use belcheer_domain::{Indicator, NaturalZone, SoumCode, Years};
use belcheer_verification::{
    ByYear, ContributionEvidence, Rejections, TestSettings, contribution, interleaved, monte_carlo, pooled, rejections,
    welch,
};

use crate::assess::{Evidence, Request, gather};
use crate::blocks::Execution;
use crate::error::AssessmentError;
use crate::evidence::{BySoum, mean};
use crate::inputs::Inputs;
use crate::table::Table;
use crate::watch::Watch;

/// Smallest yield in a logarithm, kg/ha: smaller ones are traces.
const YIELD_FLOOR_KG_HA: f64 = 5.0;
/// Fewest plot-years of a soum in each period for the test on plot-years.
const PLOT_YEARS_MIN: usize = 10;
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
    let plots = yields(&inputs.plots);
    let mut rows = Vec::new();
    let settings = &evidence.settings;
    let splits = splits(&first, &second);
    for (placebo, a, b) in &splits {
        let found = rejections(plots.values(), a, b, PLOT_YEARS_MIN, LEVEL, None, settings);
        let row = |estimator, counted| row(placebo, Indicator::I1, "plot_yield_ln", estimator, counted, LEVEL);
        rows.push(row("independent", found.independent));
        rows.push(row("year_clustered", found.year_clustered));
        rows.push(row("shipped", found.shipped));
    }
    let of_plots: BTreeMap<SoumCode, BTreeMap<i32, f64>> = plots
        .iter()
        .map(|(soum, years)| (*soum, years.iter().filter_map(|(y, v)| Some((*y, mean(v)?))).collect()))
        .collect();
    let mut series =
        vec![Series { indicator: Indicator::I1, measure: "plot_yield_ln", values: of_plots, persistence: None }];
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
    for of_indicator in &series {
        rows.extend(fake_programmes(of_indicator, &evidence, request, draws));
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
    PlaceboRow { placebo, indicator, measure, estimator, counted, level }
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

/// ln yield of every plot by soum and year, traces at the floor.
fn yields(plots: &[BiomassPlot]) -> BTreeMap<SoumCode, ByYear> {
    let mut by_soum: BTreeMap<SoumCode, ByYear> = BTreeMap::new();
    for plot in plots {
        if let (Some(soum), Some(kg_ha)) = (plot.au2, plot.biomass_kg_ha) {
            by_soum.entry(soum).or_default().entry(plot.year).or_default().push(kg_ha.max(YIELD_FLOOR_KG_HA).ln());
        }
    }
    by_soum
}

fn yearly_of(by_soum: &BySoum) -> BTreeMap<SoumCode, BTreeMap<i32, f64>> {
    by_soum.iter().filter_map(|(soum, m)| m.yearly.as_ref().map(|y| (*soum, y.values.clone()))).collect()
}

/// The years of a list that most soums have: a year missing everywhere must not leave every soum out.
fn held(series: &BTreeMap<SoumCode, BTreeMap<i32, f64>>, years: &[i32]) -> Vec<i32> {
    let count = |year: &i32| series.values().filter(|s| s.contains_key(year)).count();
    years.iter().copied().filter(|y| 2 * count(y) >= series.len()).collect()
}

/// Yearly values of every soum on one scale.
struct Series {
    indicator: Indicator,
    measure: &'static str,
    values: BTreeMap<SoumCode, BTreeMap<i32, f64>>,
    /// Lag-1 correlation that all soums share, where the change is formed with it.
    persistence: Option<f64>,
}

/// Contributions found where no programme was.
fn fake_programmes(series: &Series, evidence: &Evidence, request: &Request, draws: usize) -> Vec<PlaceboRow> {
    let settings = &evidence.settings;
    let (indicator, measure) = (series.indicator, series.measure);
    let changes: BTreeMap<SoumCode, f64> = series
        .values
        .iter()
        .filter_map(|(soum, values)| {
            let of = |span: Years| mean(&values.range(span.first..=span.last).map(|(_, v)| *v).collect::<Vec<_>>());
            Some((*soum, of(request.reporting)? - of(request.baseline)?))
        })
        .collect();
    let single = one_by_one(series, &evidence.zones, request, settings);
    let lots = by_lot(&changes, &evidence.zones, request.seed, indicator, draws, settings);
    let (naive, clustered) = by_aimag(&changes, request.seed, indicator, draws, settings);
    vec![
        row("fake_programme_soum", indicator, measure, "shipped", single, 0.5 * request.scheme.contribution.p_max),
        row("fake_programme_group", indicator, measure, "soums_independent", lots, LEVEL),
        row("fake_programme_aimag", indicator, measure, "soums_independent", naive, LEVEL),
        row("fake_programme_aimag", indicator, measure, "aimag_clustered", clustered, LEVEL),
    ]
}

/// Every soum in turn is taken for enrolled; a supported contribution is a false one.
fn one_by_one(
    series: &Series,
    zones: &BTreeMap<SoumCode, NaturalZone>,
    request: &Request,
    settings: &TestSettings,
) -> Rejections {
    let mut counted = Rejections::default();
    for (soum, own) in &series.values {
        // soums whose zone is not known are compared among themselves
        let zone = zones.get(soum);
        let donors: Vec<&BTreeMap<i32, f64>> = series
            .values
            .iter()
            .filter(|(other, _)| *other != soum && zones.get(other) == zone)
            .map(|(_, s)| s)
            .collect();
        let rule = &request.scheme.contribution;
        let found = contribution(own, &donors, request.baseline, request.reporting, rule, series.persistence, settings);
        let supported = found.evidence == ContributionEvidence::Supported;
        counted.count(found.estimate.map(|_| if supported { 0.0 } else { 1.0 }), LEVEL);
    }
    counted
}

/// Groups of soums of one zone by lot, a fifth of the zone each; the soums' changes are compared as independent.
fn by_lot(
    changes: &BTreeMap<SoumCode, f64>,
    zones: &BTreeMap<SoumCode, NaturalZone>,
    seed: u64,
    indicator: Indicator,
    draws: usize,
    settings: &TestSettings,
) -> Rejections {
    let mut counted = Rejections::default();
    let named: BTreeSet<Option<&NaturalZone>> = changes.keys().map(|soum| zones.get(soum)).collect();
    let mut random = monte_carlo::stream(seed, &format!("placebo/group/{indicator}"));
    for zone in named {
        let mut values: Vec<f64> = changes.iter().filter(|(s, _)| zones.get(s) == zone).map(|(_, c)| *c).collect();
        let enrolled = (values.len() / 5).max(2);
        if values.len() < 3 * enrolled {
            continue;
        }
        for _ in 0..draws {
            shuffle(&mut values, &mut random);
            let (inside, outside) = values.split_at(enrolled);
            counted.count(welch(outside, inside, settings).ok().and_then(|e| e.p), LEVEL);
        }
    }
    counted
}

/// Whole aimags by lot, three at a time: soums of an aimag share its weather, so they are not independent.
fn by_aimag(
    changes: &BTreeMap<SoumCode, f64>,
    seed: u64,
    indicator: Indicator,
    draws: usize,
    settings: &TestSettings,
) -> (Rejections, Rejections) {
    let mut aimags: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (soum, change) in changes {
        aimags.entry(soum.au1()).or_default().push(*change);
    }
    let mut groups: Vec<Vec<f64>> = aimags.into_values().collect();
    let (mut naive, mut clustered) = (Rejections::default(), Rejections::default());
    if groups.len() < 6 {
        return (naive, clustered);
    }
    let mut random = monte_carlo::stream(seed, &format!("placebo/aimag/{indicator}"));
    for _ in 0..draws {
        shuffle(&mut groups, &mut random);
        let (inside, outside) = groups.split_at(3);
        let test = |a: Vec<f64>, b: Vec<f64>| pooled(&a, &b, settings).ok().and_then(|e| e.p);
        naive.count(test(outside.concat(), inside.concat()), LEVEL);
        let means = |g: &[Vec<f64>]| g.iter().filter_map(|v| mean(v)).collect::<Vec<f64>>();
        clustered.count(test(means(outside), means(inside)), LEVEL);
    }
    (naive, clustered)
}

/// Fisher and Yates.
fn shuffle<T>(items: &mut [T], random: &mut monte_carlo::Stream) {
    for last in (1..items.len()).rev() {
        let at = (monte_carlo::uniform(random) * (last + 1) as f64) as usize;
        items.swap(last, at.min(last));
    }
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
        .int("rejected", rows.iter().map(|r| i64::try_from(r.counted.rejected).ok()))
        .float("rate_percent", rows.iter().map(|r| r.counted.rate().map(percent)))
        .float("nominal_percent", rows.iter().map(|r| Some(percent(r.level))))
}
