//! What a soum would need for a given change to be detected: years, plots, points.
//!
//! Years come from the soum's own between-year noise, plots and points from the spread of their changes within soums.
//! With a map that explains part of that spread (a share R²), fewer are needed: `sd sqrt(1 - R²)`.

use std::collections::BTreeMap;

use belcheer_domain::{Indicator, SoumCode, Years};
use belcheer_verification::{points_needed, years_needed};

use crate::assess::{Request, gather};
use crate::blocks::Execution;
use crate::error::AssessmentError;
use crate::evidence::{Measured, mean};
use crate::inputs::Inputs;
use crate::table::Table;
use crate::watch::Watch;

/// Smallest yield in a logarithm, kg/ha: smaller ones are traces.
const YIELD_FLOOR_KG_HA: f64 = 5.0;
/// Fewest changes of plots for a spread to be stated.
const CHANGES_MIN: usize = 30;

/// What one indicator of one soum would need.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerRow {
    /// The soum.
    pub au2: SoumCode,
    /// Its name.
    pub name: Option<String>,
    /// The indicator.
    pub indicator: Indicator,
    /// Unit of changes.
    pub unit: String,
    /// The change to detect.
    pub change: f64,
    /// The change that today's design would detect.
    pub mdc: Option<f64>,
    /// Years with data in the baseline and in the reporting period.
    pub years: (usize, usize),
    /// Reporting years missing; `None` when ten more would not do, or nothing is known.
    pub more_years: Option<usize>,
    /// Plots or points there are.
    pub points: Option<u32>,
    /// Plots or points needed in all, without a map.
    pub points_needed: Option<usize>,
    /// The same with a map that explains the share asked for.
    pub points_needed_with_map: Option<usize>,
}

/// The change asked for and the share of the spread that a map explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerRequest {
    /// The change to detect, in the indicator's unit; `None` = twice the margin, as the scheme asks.
    pub change: Option<f64>,
    /// Only this indicator.
    pub indicator: Option<Indicator>,
    /// Share of the variance within soums that a map explains, 0 to 1.
    pub map_r2: f64,
}

/// What every soum would need.
///
/// # Errors
/// When the request does not fit the inputs, or a raster cannot be read.
pub fn power(
    inputs: &Inputs,
    request: &Request,
    asked: &PowerRequest,
    execution: &Execution<'_>,
    watch: &dyn Watch,
) -> Result<Vec<PowerRow>, AssessmentError> {
    let evidence = gather(inputs, request, execution, watch)?;
    let plot_sd = plot_change_sd(inputs, request.baseline, request.reporting);
    let decision = &request.scheme.decision;
    let mut rows = Vec::new();
    for (indicator, _, by_soum) in &evidence.measured {
        if asked.indicator.is_some_and(|only| only != *indicator) {
            continue;
        }
        let rule = request.scheme.rule(*indicator)?;
        let change = asked.change.unwrap_or(decision.mdc_multiple_max * rule.epsilon);
        for (soum, found) in by_soum {
            if !request.soums.is_empty() && !request.soums.contains(soum) {
                continue;
            }
            let mdc = found.estimate.map(|e| e.mdc);
            let (alpha, power) = (decision.mdc_alpha, decision.power);
            let more_years = mdc.and_then(|m| years_needed(m, change, found.years.0, found.years.1, alpha, power));
            let spread = spread(*indicator, found, plot_sd, change);
            let needed = |r2: f64| {
                spread.and_then(|(sd, target)| points_needed(sd * (1.0 - r2).sqrt(), target, alpha, power, 0))
            };
            rows.push(PowerRow {
                au2: *soum,
                name: inputs.soums.get(soum).and_then(|s| s.name_mn.clone().or_else(|| s.name_en.clone())),
                indicator: *indicator,
                unit: rule.unit.clone(),
                change,
                mdc,
                years: found.years,
                more_years,
                points: found.n_plots,
                points_needed: needed(0.0),
                points_needed_with_map: needed(asked.map_r2),
            });
        }
    }
    rows.sort_by_key(|r| (r.au2, r.indicator));
    Ok(rows)
}

/// Spread of changes between points and the change to detect, on the scale of the points.
fn spread(indicator: Indicator, found: &Measured, plot_sd: Option<f64>, change: f64) -> Option<(f64, f64)> {
    match indicator {
        Indicator::I1 => plot_sd.map(|sd| (sd, (1.0 + change / 100.0).ln())),
        Indicator::I2 => found.points.map(|(sd, _)| (sd, change)),
        _ => None,
    }
}

/// Standard deviation within soums of the change of ln yield of plots between two periods; `None` with few plots.
#[must_use]
pub fn plot_change_sd(inputs: &Inputs, baseline: Years, reporting: Years) -> Option<f64> {
    let mut plots: BTreeMap<(SoumCode, &str), BTreeMap<i32, f64>> = BTreeMap::new();
    for plot in &inputs.plots {
        if let (Some(soum), Some(kg_ha)) = (plot.au2, plot.biomass_kg_ha) {
            plots.entry((soum, &plot.plot)).or_default().insert(plot.year, kg_ha.max(YIELD_FLOOR_KG_HA).ln());
        }
    }
    let mut changes: BTreeMap<SoumCode, Vec<f64>> = BTreeMap::new();
    for ((soum, _), years) in &plots {
        let of = |span: Years| -> Option<f64> {
            let values: Vec<f64> = years.range(span.first..=span.last).map(|(_, v)| *v).collect();
            mean(&values).filter(|_| values.len() >= 3)
        };
        if let (Some(before), Some(after)) = (of(baseline), of(reporting)) {
            changes.entry(*soum).or_default().push(after - before);
        }
    }
    let (mut squares, mut free, mut count) = (0.0, 0_usize, 0_usize);
    for of_soum in changes.values().filter(|c| c.len() >= 2) {
        let centre = mean(of_soum)?;
        squares += of_soum.iter().map(|c| (c - centre).powi(2)).sum::<f64>();
        free += of_soum.len() - 1;
        count += of_soum.len();
    }
    (count >= CHANGES_MIN).then(|| (squares / free as f64).sqrt())
}

/// The needs as a table.
#[must_use]
pub fn power_table(rows: &[PowerRow]) -> Table {
    let whole = |n: Option<usize>| n.and_then(|n| i64::try_from(n).ok());
    Table::default()
        .text("au2", rows.iter().map(|r| Some(r.au2.to_string())))
        .text("name", rows.iter().map(|r| r.name.clone()))
        .text("indicator", rows.iter().map(|r| Some(r.indicator.as_str())))
        .text("unit", rows.iter().map(|r| Some(r.unit.as_str())))
        .float("change", rows.iter().map(|r| Some(r.change)))
        .float("mdc", rows.iter().map(|r| r.mdc))
        .text("detectable", rows.iter().map(|r| r.mdc.map(|m| if m <= r.change { "yes" } else { "no" })))
        .int("baseline_years", rows.iter().map(|r| whole(Some(r.years.0))))
        .int("reporting_years", rows.iter().map(|r| whole(Some(r.years.1))))
        .int("more_reporting_years", rows.iter().map(|r| whole(r.more_years)))
        .int("points", rows.iter().map(|r| r.points.map(i64::from)))
        .int("points_needed", rows.iter().map(|r| whole(r.points_needed)))
        .int("points_needed_with_map", rows.iter().map(|r| whole(r.points_needed_with_map)))
}
