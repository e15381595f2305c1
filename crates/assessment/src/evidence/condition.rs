//! I2: pasture condition, change of the share of photo points in recovery class I or II, points.
//!
//! A soum's change is judged twice, over years and over re-visited points, and the wider interval counts. A rise of
//! the share in class IV or V keeps a soum from being called improved, whatever the healthy share does.

use std::collections::BTreeMap;

use belcheer_domain::{SoumCode, Tier, Years};
use belcheer_rangeland::recovery::wilson;
use belcheer_verification::{Estimate, Flag, Reason, TestSettings, change_between, paired_change, wider};

use super::{BySoum, Facts, Measured, Observed, Yearly, mean};
use crate::inputs::Inputs;

/// Method and version.
pub const METHOD: &str = "i2.recovery_class_change@1";

/// Fewest re-visited points for tier T3.
pub(crate) const POINTS_T3: usize = 10;

/// One soum's points: recovery class (1 to 5) by point and year.
type Visits<'a> = BTreeMap<&'a str, BTreeMap<i32, u8>>;

/// The indicator by soum.
#[must_use]
pub fn measure(inputs: &Inputs, baseline: Years, reporting: Years, settings: &TestSettings) -> BySoum {
    let mut visits: BTreeMap<SoumCode, Visits<'_>> = BTreeMap::new();
    for point in &inputs.photo_points {
        if let (Some(soum), Some(class)) = (point.au2, point.recovery_class) {
            visits.entry(soum).or_default().entry(&point.point).or_default().insert(point.year, class.number());
        }
    }
    inputs
        .soums
        .keys()
        .map(|code| {
            let measured = match visits.get(code) {
                Some(points) => one(points, baseline, reporting, settings),
                None => Measured::nothing("percent_class_1_2", vec![Reason::NoPhotoPoints]),
            };
            (*code, measured)
        })
        .collect()
}

/// 100 for class I or II, else 0.
pub(crate) fn healthy(class: u8) -> f64 {
    if class <= 2 { 100.0 } else { 0.0 }
}

/// 100 for class IV or V, else 0.
pub(crate) fn severe(class: u8) -> f64 {
    if class >= 4 { 100.0 } else { 0.0 }
}

fn one(points: &Visits<'_>, baseline: Years, reporting: Years, settings: &TestSettings) -> Measured {
    let share = yearly(points, healthy);
    let within = |span: Years| -> Vec<f64> { share.range(span.first..=span.last).map(|(_, v)| *v).collect() };
    let pairs = revisited(points, baseline, reporting);
    let by_point = paired_change(&pairs, None, settings).ok();
    let by_year = change_between(&share, baseline, reporting, settings);
    let mut reasons = Vec::new();
    let estimate: Option<Estimate> = match (by_year, by_point) {
        (Ok(years), Some(paired)) => Some(wider(years.estimate, paired.estimate)),
        (Err(error), _) => {
            reasons.push(error.reason());
            None
        }
        (Ok(_), None) => {
            reasons.push(Reason::SinglePeriod);
            None
        }
    };
    let severity = change_between(&yearly(points, severe), baseline, reporting, settings);
    let severity = severity.ok().map(|change| change.estimate.effect);
    let flags = if severity.is_some_and(|rise| rise > 0.0) { vec![Flag::SeverityWorse] } else { Vec::new() };
    let n = points.len();
    Measured {
        estimate,
        noise_floor: None,
        raw_effect: estimate.map(|e| e.effect),
        baseline_value: mean(&within(baseline)),
        reporting_value: mean(&within(reporting)),
        value_unit: "percent_class_1_2",
        years: (within(baseline).len(), within(reporting).len()),
        tier: if pairs.len() >= POINTS_T3 { Tier::T3 } else { Tier::T2 },
        coverage: Some(pairs.len() as f64 / n.max(1) as f64),
        n_plots: u32::try_from(n).ok(),
        n_eff: by_point.map(|p| p.points_effective),
        reasons,
        flags,
        points: by_point.map(|p| (p.sd, p.points)),
        yearly: Some(Yearly {
            observed: observed(points, settings.confidence),
            values: share,
            common: 0.0,
            ln_to_percent: false,
            persistence: None,
        }),
        facts: Facts { severity_change_points: severity, ..Facts::default() },
    }
}

/// Share of points in a group of classes, by year, percent.
fn yearly(points: &Visits<'_>, group: fn(u8) -> f64) -> BTreeMap<i32, f64> {
    let mut by_year: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    for visits in points.values() {
        for (year, class) in visits {
            by_year.entry(*year).or_default().push(group(*class));
        }
    }
    by_year.into_iter().filter_map(|(year, values)| mean(&values).map(|m| (year, m))).collect()
}

/// The healthy share of every year, percent, with the interval of as many independent points (Wilson 1927).
fn observed(points: &Visits<'_>, confidence: f64) -> BTreeMap<i32, Observed> {
    let share = yearly(points, healthy);
    let seen = |year: i32| points.values().filter(|visits| visits.contains_key(&year)).count() as f64;
    let interval = |year: i32, value: f64| wilson(value / 100.0, seen(year), confidence);
    share
        .into_iter()
        .map(|(year, value)| {
            let ci90 = interval(year, value).map(|found| (100.0 * found.low, 100.0 * found.high));
            (year, Observed { value, ci90 })
        })
        .collect()
}

/// Points seen in both periods: their mean healthy share before and after, percent.
fn revisited(points: &Visits<'_>, baseline: Years, reporting: Years) -> Vec<(f64, f64)> {
    points
        .values()
        .filter_map(|visits| {
            let of = |span: Years| -> Vec<f64> {
                visits.range(span.first..=span.last).map(|(_, class)| healthy(*class)).collect()
            };
            Some((mean(&of(baseline))?, mean(&of(reporting))?))
        })
        .collect()
}
