//! Difference in differences of two groups and two periods, in the values' unit or in logs.

use serde::{Deserialize, Serialize};

/// The means of a group (treated or control) in both periods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BeforeAfter {
    /// Mean of the baseline.
    pub before: f64,
    /// Mean of the reporting period.
    pub after: f64,
}

/// `(T_after - T_before) - (C_after - C_before)`: the treated change less what controls changed anyway.
#[must_use]
pub fn difference(treated: BeforeAfter, control: BeforeAfter) -> f64 {
    (treated.after - treated.before) - (control.after - control.before)
}

/// The same on natural logs; `exp(x) - 1` is the relative difference. `None` unless all means are positive.
#[must_use]
pub fn log_difference(treated: BeforeAfter, control: BeforeAfter) -> Option<f64> {
    let means = [treated.before, treated.after, control.before, control.after];
    means
        .iter()
        .all(|m| *m > 0.0 && m.is_finite())
        .then(|| (treated.after / treated.before).ln() - (control.after / control.before).ln())
}

/// The standard error of a difference in differences of four independent means: the root of the summed squares.
///
/// Means that share years are not independent; cluster by year then.
#[must_use]
pub fn independent_se(standard_errors: [f64; 4]) -> f64 {
    standard_errors.iter().map(|se| se * se).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREATED: BeforeAfter = BeforeAfter { before: 0.300, after: 0.315 };
    const CONTROL: BeforeAfter = BeforeAfter { before: 0.310, after: 0.295 };

    #[test]
    fn known_answer_18() {
        assert!((difference(TREATED, CONTROL) - 0.030).abs() < 1e-12);
        let log = log_difference(TREATED, CONTROL).unwrap();
        assert!((log / 0.098_387_1 - 1.0).abs() < 1e-6);
        assert!((100.0 * log.exp_m1() / 10.338_983 - 1.0).abs() < 1e-6);
        assert_eq!(log_difference(BeforeAfter { before: 0.0, after: 1.0 }, CONTROL), None);
    }

    #[test]
    fn known_answer_19() {
        assert!((independent_se([0.02, 0.015, 0.018, 0.012]) / 0.033_060_55 - 1.0).abs() < 1e-6);
    }
}
