//! How much a change depends on the years chosen as its baseline.
//!
//! A baseline of bad years makes any later period look good. The baseline is frozen before the result is known; beside
//! it, every other window before the reporting period is tried, and the worst is told.

use std::collections::BTreeMap;

use belcheer_domain::{BaselineRule, Years};
use serde::{Deserialize, Serialize};

use crate::{Estimate, TestSettings, sums::mean, yearly_change};

/// What other baselines would have given; effects in the series' unit, positive = better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BaselineWindows {
    /// Windows tried.
    pub windows: usize,
    /// The window with the smallest effect.
    pub worst: Years,
    /// The change against it.
    pub worst_estimate: Estimate,
    /// The window with the largest effect.
    pub best: Years,
    /// The change against it.
    pub best_estimate: Estimate,
}

/// Tries every window of the scheme's lengths that ends before the reporting period.
///
/// A window counts when it holds at least as many years with values as the shortest window is long; of equal effects the
/// earlier and shorter window stands. `None` when no window counts or the reporting period has fewer than two years.
///
/// ```
/// use std::collections::BTreeMap;
/// # use belcheer_domain::{BaselineRule, Years};
/// # use belcheer_verification::{TestSettings, baseline_windows};
/// # let settings = TestSettings { confidence: 0.90, mdc_alpha: 0.05, power: 0.80, lag1_threshold: 0.9, lag1_pairs_min: 5, noisier_p: 0.2 };
/// // ten good years, seven bad ones, five middling
/// let series: BTreeMap<i32, f64> =
///     (2001..2023).map(|y| (y, if y < 2011 { 2.0 } else if y < 2018 { 0.0 } else { 1.0 } + 0.01 * f64::from(y % 3))).collect();
/// let rule = BaselineRule { window_years_min: 7, window_years_max: 12 };
/// let found = baseline_windows(&series, Years { first: 2018, last: 2022 }, &rule, None, &settings).unwrap();
/// assert!(found.best_estimate.effect > 0.9 && found.worst_estimate.effect < -0.9);
/// assert_eq!(found.best, Years { first: 2011, last: 2017 });
/// ```
#[must_use]
pub fn baseline_windows(
    series: &BTreeMap<i32, f64>,
    reporting: Years,
    rule: &BaselineRule,
    persistence: Option<f64>,
    settings: &TestSettings,
) -> Option<BaselineWindows> {
    let first_year = *series.keys().next()?;
    let within = |span: Years| -> Vec<f64> { series.range(span.first..=span.last).map(|(_, v)| *v).collect() };
    let reported = mean(&within(reporting))?;
    let mut windows = 0;
    let mut ends: Option<((f64, Years), (f64, Years))> = None;
    for length in rule.window_years_min..=rule.window_years_max {
        let length = i32::try_from(length).ok()?;
        for first in first_year..=reporting.first - length {
            let window = Years { first, last: first + length - 1 };
            let values = within(window);
            let Some(level) = mean(&values).filter(|_| values.len() >= rule.window_years_min) else { continue };
            windows += 1;
            let effect = reported - level;
            let (worst, best) = ends.get_or_insert(((effect, window), (effect, window)));
            if effect < worst.0 {
                *worst = (effect, window);
            }
            if effect > best.0 {
                *best = (effect, window);
            }
        }
    }
    // intervals are formed for the two ends alone: they cost far more than means
    let ((_, worst), (_, best)) = ends?;
    let against = |window| Some(yearly_change(series, window, reporting, persistence, settings).ok()?.estimate);
    Some(BaselineWindows { windows, worst, worst_estimate: against(worst)?, best, best_estimate: against(best)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::tests::SETTINGS;

    const RULE: BaselineRule = BaselineRule { window_years_min: 7, window_years_max: 12 };

    #[test]
    fn every_window_is_tried() {
        let series: BTreeMap<i32, f64> = (2001..=2024).map(|y| (y, f64::from(y % 5))).collect();
        let found = baseline_windows(&series, Years { first: 2019, last: 2024 }, &RULE, None, &SETTINGS).unwrap();
        // 18 years before 2019: 12 windows of seven years, 11 of eight ... 7 of twelve
        assert_eq!(found.windows, 12 + 11 + 10 + 9 + 8 + 7);
        assert!(found.worst_estimate.effect <= found.best_estimate.effect);
    }

    #[test]
    fn a_short_series_has_no_window() {
        let series: BTreeMap<i32, f64> = (2014..=2024).map(|y| (y, f64::from(y % 5))).collect();
        assert_eq!(baseline_windows(&series, Years { first: 2019, last: 2024 }, &RULE, None, &SETTINGS), None);
        assert_eq!(baseline_windows(&BTreeMap::new(), Years { first: 2019, last: 2024 }, &RULE, None, &SETTINGS), None);
    }
}
