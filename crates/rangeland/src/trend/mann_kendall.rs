//! Mann-Kendall test of a monotonic trend.

use super::TrendError;
use crate::numeric::normal;

/// Mann-Kendall statistics of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannKendall {
    /// Number of values.
    pub n: usize,
    /// Number of rising pairs less number of falling pairs.
    pub s: i64,
    /// Variance of `s` under no trend, corrected for ties.
    pub var_s: f64,
    /// Standard normal statistic with continuity correction; 0 when `s` is 0.
    pub z: f64,
    /// Two-sided p value.
    pub p: f64,
    /// Kendall's tau-a, `s` over the number of pairs.
    pub tau: f64,
}

impl MannKendall {
    /// The statistic without continuity or tie correction, `tau * 3 sqrt(n(n-1)) / sqrt(2(2n+5))`, as SEPAL takes it.
    #[must_use]
    pub fn z_uncorrected(&self) -> f64 {
        let n = self.n as f64;
        self.tau * 3.0 * (n * (n - 1.0)).sqrt() / (2.0 * (2.0 * n + 5.0)).sqrt()
    }
}

/// Mann-Kendall test of values in the order of time (Mann 1945, Kendall 1975).
///
/// `S = sum over j<k of sgn(x_k - x_j)`, where equal values count 0;
/// `Var(S) = [n(n-1)(2n+5) - sum over tied groups of t(t-1)(2t+5)] / 18`; `Z = (S -+ 1) / sqrt(Var S)`, 0 for S = 0.
///
/// # Errors
/// With fewer than two values or one that is not finite.
///
/// ```
/// use belcheer_rangeland::trend::mann_kendall;
/// let flat = mann_kendall(&[1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0, 1.0, 1.0])?;
/// assert_eq!((flat.s, flat.z, flat.p), (0, 0.0, 1.0));
/// # Ok::<(), belcheer_rangeland::trend::TrendError>(())
/// ```
pub fn mann_kendall(values: &[f64]) -> Result<MannKendall, TrendError> {
    mann_kendall_in(values, &mut Vec::new())
}

/// [`mann_kendall`] with room for a sorted copy that the caller keeps.
///
/// # Errors
/// As [`mann_kendall`].
pub fn mann_kendall_in(values: &[f64], room: &mut Vec<f64>) -> Result<MannKendall, TrendError> {
    if values.len() < 2 {
        return Err(TrendError::TooFew { found: values.len() });
    }
    if !values.iter().all(|v| v.is_finite()) {
        return Err(TrendError::NotFinite);
    }
    let s = rising_less_falling(values);
    room.clear();
    room.extend_from_slice(values);
    room.sort_unstable_by(f64::total_cmp);
    let tied: f64 = room.chunk_by(|a, b| a == b).map(|group| spread(group.len())).sum();
    let n = values.len();
    let var_s = variance(n, tied);
    let (z, p) = z_and_p(n, s, tied);
    let tau = s as f64 / (0.5 * n as f64 * (n as f64 - 1.0));
    Ok(MannKendall { n, s, var_s, z, p, tau })
}

fn variance(n: usize, tied: f64) -> f64 {
    (spread(n) - tied) / 18.0
}

/// `Z` and its two-sided p from `n`, `S` and the sum of `t(t-1)(2t+5)` over tied groups.
pub(super) fn z_and_p(n: usize, s: i64, tied: f64) -> (f64, f64) {
    let z = if s == 0 { 0.0 } else { (s - s.signum()) as f64 / variance(n, tied).sqrt() };
    (z, normal::two_sided_p(z))
}

fn rising_less_falling(values: &[f64]) -> i64 {
    let mut s = 0;
    for (j, earlier) in values.iter().enumerate() {
        let after = values.get(j + 1..).unwrap_or_default();
        s += after.iter().map(|later| i64::from(later > earlier) - i64::from(later < earlier)).sum::<i64>();
    }
    s
}

/// `t(t-1)(2t+5)`; exact for any series whose pairs can be counted.
fn spread(t: usize) -> f64 {
    let t = t as f64;
    t * (t - 1.0) * (2.0 * t + 5.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_values_are_no_trend() {
        let constant = mann_kendall(&[0.3; 12]).unwrap();
        assert_eq!((constant.s, constant.var_s, constant.z, constant.p), (0, 0.0, 0.0, 1.0));
        let zeros = mann_kendall(&[0.0, -0.0, 0.0]).unwrap();
        assert_eq!((zeros.s, zeros.var_s), (0, 0.0));
        assert_eq!(mann_kendall(&[1.0]), Err(TrendError::TooFew { found: 1 }));
    }

    proptest! {
        #[test]
        fn reversing_time_reverses_the_sign(values in prop::collection::vec(-5..5_i32, 2..40)) {
            let forward: Vec<f64> = values.iter().map(|v| f64::from(*v)).collect();
            let backward: Vec<f64> = forward.iter().rev().copied().collect();
            let (one, two) = (mann_kendall(&forward).unwrap(), mann_kendall(&backward).unwrap());
            prop_assert_eq!((one.s, one.z, one.p, one.var_s), (-two.s, -two.z, two.p, two.var_s));
            prop_assert!((0.0..=1.0).contains(&one.p) && one.tau.abs() <= 1.0 && one.var_s >= 0.0);
        }

        #[test]
        fn a_monotone_change_of_scale_changes_nothing(values in prop::collection::vec(-50..50_i32, 2..40)) {
            let plain: Vec<f64> = values.iter().map(|v| f64::from(*v)).collect();
            let scaled: Vec<f64> = plain.iter().map(|v| v.powi(3) * 7.0 + 1.0).collect();
            prop_assert_eq!(mann_kendall(&plain).unwrap(), mann_kendall(&scaled).unwrap());
        }
    }
}
