//! The band in which a single year of an unchanged soum falls, in the values' unit.

use std::collections::BTreeMap;

use belcheer_domain::Years;

use crate::student::t_quantile;
use crate::sums::{mean, variance};

/// Range around the baseline's mean in which one more year of the same kind falls with the given confidence, as
/// distance from that mean: `± t s sqrt(1 + 1/n)`, n baseline years (prediction interval of a normal sample).
///
/// `None` of fewer than two baseline years. A year outside tells of that year, not of a change: changes are judged over
/// periods.
///
/// ```
/// use std::collections::BTreeMap;
/// use belcheer_domain::Years;
/// let yearly = BTreeMap::from([(2015, 1.0), (2016, 2.0), (2017, 3.0), (2020, 9.0)]);
/// let band = belcheer_verification::year_band(&yearly, Years { first: 2015, last: 2017 }, 0.90).unwrap();
/// // s = 1, t(0.95; 2) = 2.920, sqrt(4/3) = 1.1547
/// assert!((band.1 - 3.3717).abs() < 1e-3 && band.0 == -band.1);
/// ```
#[must_use]
pub fn year_band(yearly: &BTreeMap<i32, f64>, baseline: Years, confidence: f64) -> Option<(f64, f64)> {
    let values: Vec<f64> = yearly.range(baseline.first..=baseline.last).map(|(_, value)| *value).collect();
    let n = values.len() as f64;
    let t = t_quantile((1.0 + confidence) / 2.0, n - 1.0)?;
    let half = t * (variance(&values)? * (1.0 + 1.0 / n)).sqrt();
    Some((-half, half))
}

/// A year's distance from the mean of the baseline years; `None` without one.
#[must_use]
pub fn from_baseline(yearly: &BTreeMap<i32, f64>, baseline: Years) -> Option<BTreeMap<i32, f64>> {
    let values: Vec<f64> = yearly.range(baseline.first..=baseline.last).map(|(_, value)| *value).collect();
    let level = mean(&values)?;
    Some(yearly.iter().map(|(year, value)| (*year, value - level)).collect())
}
