//! Whether a change is shown to be smaller than a margin: two one-sided tests, in the unit of the effect.
//!
//! "Not significant" is no proof of stability; a change is stable when both "at least +eps worse" and "at least +eps
//! better" are rejected (Schuirmann 1987). At 5 % each this equals: the 90 % interval lies inside (-eps, +eps).

use serde::{Deserialize, Serialize};

use crate::{estimate::Estimate, student::t_two_sided_p};

/// The outcome of an equivalence test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Equivalence {
    /// The larger of the two one-sided p-values; `None` when it cannot be formed.
    pub p: Option<f64>,
    /// Whether the interval lies inside the margin.
    pub equivalent: bool,
}

/// Tests whether an estimate is equivalent to no change within `(-epsilon, +epsilon)`.
///
/// ```
/// # use belcheer_verification::{Estimate, TestSettings, equivalence};
/// # let settings = TestSettings { confidence: 0.90, mdc_alpha: 0.05, power: 0.80, lag1_threshold: 0.2, lag1_pairs_min: 5, noisier_p: 0.2 };
/// let estimate = Estimate::new(1.0, 1.0, f64::INFINITY, &settings).unwrap();
/// assert!(equivalence(&estimate, 3.0).equivalent);      // 1 + 1.645 < 3
/// assert!(!equivalence(&estimate, 2.5).equivalent);     // 1 + 1.645 > 2.5
/// ```
#[must_use]
pub fn equivalence(estimate: &Estimate, epsilon: f64) -> Equivalence {
    let one_sided = |distance: f64| {
        if estimate.se > 0.0 {
            let half = 0.5 * t_two_sided_p(distance / estimate.se, estimate.df)?;
            Some(if distance > 0.0 { half } else { 1.0 - half })
        } else {
            Some(if distance > 0.0 { 0.0 } else { 1.0 })
        }
    };
    let below = one_sided(epsilon - estimate.effect);
    let above = one_sided(epsilon + estimate.effect);
    let p = below.zip(above).map(|(b, a)| b.max(a));
    Equivalence { p, equivalent: inside_margin(estimate.ci_low, estimate.ci_high, epsilon) }
}

/// Whether an interval lies strictly inside `(-epsilon, +epsilon)`.
#[must_use]
pub fn inside_margin(ci_low: f64, ci_high: f64, epsilon: f64) -> bool {
    ci_low > -epsilon && ci_high < epsilon && ci_low <= ci_high
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::estimate::tests::SETTINGS;

    proptest! {
        #[test]
        fn the_p_value_and_the_interval_agree(effect in -3.0_f64..3.0, se in 0.01_f64..2.0, df in 2.0_f64..40.0) {
            let estimate = Estimate::new(effect, se, df, &SETTINGS).unwrap();
            let test = equivalence(&estimate, 1.0);
            let p = test.p.unwrap();
            prop_assume!((p - 0.05).abs() > 1e-9);
            prop_assert_eq!(test.equivalent, p < 0.05, "p {}", p);
        }
    }

    #[test]
    fn no_variation_at_no_change_is_equivalent() {
        let still = Estimate::new(0.0, 0.0, 5.0, &SETTINGS).unwrap();
        assert_eq!(equivalence(&still, 0.1), Equivalence { p: Some(0.0), equivalent: true });
        assert!(!inside_margin(f64::NAN, 0.0, 1.0));
    }
}
