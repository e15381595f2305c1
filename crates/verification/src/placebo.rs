//! Placebos: changes that cannot be real, against which real ones are held.

use std::collections::BTreeMap;

use crate::{Change, ChangeError, TestSettings, change};

/// The change between interleaved halves of one period's years, in the values' unit: none of it can be real.
///
/// Years are dealt in the order A B B A, so a steady trend does not look like a difference. Half the width of the
/// interval is the series' own noise floor, below which no margin makes sense.
///
/// # Errors
/// As [`change`]; four years are the fewest.
///
/// ```
/// use std::collections::BTreeMap;
/// # use belcheer_verification::{TestSettings, placebo_change};
/// # let settings = TestSettings { confidence: 0.90, mdc_alpha: 0.05, power: 0.80, lag1_threshold: 0.2, lag1_pairs_min: 5, noisier_p: 0.2 };
/// let trend: BTreeMap<i32, f64> = (2009..2017).map(|y| (y, f64::from(y))).collect();
/// assert_eq!(placebo_change(&trend, &settings).unwrap().estimate.effect, 0.0);
/// ```
pub fn placebo_change(series: &BTreeMap<i32, f64>, settings: &TestSettings) -> Result<Change, ChangeError> {
    let dealt = |second: bool| -> BTreeMap<i32, f64> {
        let chosen = series.iter().enumerate().filter(|(at, _)| matches!(at % 4, 1 | 2) == second);
        chosen.map(|(_, (year, value))| (*year, *value)).collect()
    };
    change(&dealt(false), &dealt(true), settings)
}

/// `(1 + #{|delta_j| >= |delta_T|}) / (1 + J)` for J controls (Abadie, Diamond & Hainmueller 2010).
///
/// The smallest value possible is `1/(1 + J)`: ten controls can never reach 5 %. `None` without controls or with a
/// number that is not finite.
#[must_use]
pub fn placebo_p(treated: f64, controls: &[f64]) -> Option<f64> {
    if controls.is_empty() || !treated.is_finite() || controls.iter().any(|c| !c.is_finite()) {
        return None;
    }
    let as_large = controls.iter().filter(|c| c.abs() >= treated.abs()).count();
    Some((1 + as_large) as f64 / (1 + controls.len()) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sums::mean;

    #[test]
    fn known_answer_20() {
        let controls = [0.031, 0.012, -0.004, 0.020, 0.008, -0.015, 0.003, 0.017, -0.009, 0.005];
        assert_eq!(placebo_p(0.045, &controls), Some(1.0 / 11.0));
        assert!((mean(&controls).unwrap() - 0.0068).abs() < 1e-12);
        assert_eq!(placebo_p(0.018, &controls), Some(3.0 / 11.0));
        assert_eq!(placebo_p(0.045, &[]), None);
    }
}
