//! Change on re-visited points, in the values' unit: each point is its own control.
//!
//! ```text
//! d_i = after_i - before_i      effect = mean d      se = s_d sqrt(deff / n)      deff = 1 + (n - 1) rho      df = n/deff - 1
//! ```
//! Points of one soum share weather and observer, so their changes are correlated: `rho` is the intra-soum correlation
//! of *changes* (0.35 for five-year changes of NAMEM plots). Without it, points count as independent.

use serde::{Deserialize, Serialize};

use crate::{
    Reason,
    effective_n::design_effect,
    estimate::{Estimate, TestSettings},
    sums::{mean, variance},
};

/// A change measured on re-visited points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PairedChange {
    /// Effect, interval, test and minimum detectable change.
    pub estimate: Estimate,
    /// Points visited in both periods.
    pub points: usize,
    /// Standard deviation of the points' changes.
    pub sd: f64,
    /// Design effect applied.
    pub design_effect: f64,
    /// Effective number of points.
    pub points_effective: f64,
}

/// The mean change of points visited before and after, given as `(before, after)`.
///
/// # Errors
/// [`Reason::NoPhotoPoints`] with fewer than two points or a value that is not finite.
///
/// ```
/// # use belcheer_verification::{TestSettings, paired_change};
/// # let settings = TestSettings { confidence: 0.90, mdc_alpha: 0.05, power: 0.80, lag1_threshold: 0.2, lag1_pairs_min: 5, noisier_p: 0.2 };
/// let found = paired_change(&[(1.0, 2.0), (2.0, 4.0), (3.0, 6.0)], None, &settings).unwrap();
/// // differences 1, 2, 3: mean 2, sd 1, se 1/sqrt(3)
/// assert_eq!((found.estimate.effect, found.sd, found.estimate.df), (2.0, 1.0, 2.0));
/// ```
pub fn paired_change(pairs: &[(f64, f64)], rho: Option<f64>, settings: &TestSettings) -> Result<PairedChange, Reason> {
    let differences: Vec<f64> = pairs.iter().map(|(before, after)| after - before).collect();
    if differences.iter().any(|d| !d.is_finite()) {
        return Err(Reason::NoPhotoPoints);
    }
    let (Some(effect), Some(spread)) = (mean(&differences), variance(&differences)) else {
        return Err(Reason::NoPhotoPoints);
    };
    let n = differences.len() as f64;
    let (deff, points_effective) = design_effect(n, rho.unwrap_or(0.0));
    let se = (spread / points_effective).sqrt();
    let df = (points_effective - 1.0).max(1.0);
    let estimate = Estimate::new(effect, se, df, settings).ok_or(Reason::NotComputed)?;
    Ok(PairedChange { estimate, points: differences.len(), sd: spread.sqrt(), design_effect: deff, points_effective })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::tests::SETTINGS;

    #[test]
    fn correlated_points_count_for_fewer() {
        let pairs: Vec<(f64, f64)> = (0..10).map(|i| (0.0, f64::from(i % 3))).collect();
        let independent = paired_change(&pairs, None, &SETTINGS).unwrap();
        let clustered = paired_change(&pairs, Some(0.35), &SETTINGS).unwrap();
        assert!((clustered.design_effect - 4.15).abs() < 1e-12);
        let ratio = clustered.estimate.se / independent.estimate.se;
        assert!((ratio - 4.15_f64.sqrt()).abs() < 1e-12);
        assert_eq!(independent.estimate.effect, clustered.estimate.effect);
    }

    #[test]
    fn one_point_decides_nothing() {
        assert_eq!(paired_change(&[(1.0, 2.0)], None, &SETTINGS), Err(Reason::NoPhotoPoints));
        assert_eq!(paired_change(&[(1.0, f64::NAN), (1.0, 2.0)], None, &SETTINGS), Err(Reason::NoPhotoPoints));
    }
}
