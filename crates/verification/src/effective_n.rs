//! Effective numbers of observations under clustering and under serial correlation, dimensionless.

use std::collections::BTreeMap;

use crate::sums::sum;

/// The design effect of clusters of `n` observations with intra-cluster correlation `rho`, and the effective n.
///
/// `deff = 1 + (n - 1) rho`, `n_eff = n / deff` (Kish 1965). `n` may be an average, so it is a real number.
/// A negative correlation is taken as 0: clustering is never credited with more than the observations made.
///
/// ```
/// let (deff, n_eff) = belcheer_verification::design_effect(5.0, 0.5);
/// assert_eq!(deff, 3.0);
/// assert!((n_eff - 5.0 / 3.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn design_effect(n: f64, rho: f64) -> (f64, f64) {
    let deff = 1.0 + (n - 1.0).max(0.0) * rho.clamp(0.0, 1.0);
    (deff, n / deff)
}

/// The effective number of `n` years with lag-1 correlation `r`: `n (1 - r) / (1 + r)` (Bartlett 1935).
///
/// A negative `r` leaves `n`; `r` above 0.99 is taken as 0.99.
#[must_use]
pub fn ar1_effective_n(n: f64, r: f64) -> f64 {
    let r = r.clamp(0.0, 0.99);
    n * (1.0 - r) / (1.0 + r)
}

/// The lag-1 correlation of yearly residuals about their period's mean, pooled over periods.
///
/// `r = (mean of e_t e_{t+1} over pairs) / (mean of e_t²)`; a pair is two consecutive years of one period, so the
/// step between periods does not count as persistence. `None` with fewer than `pairs_min` pairs or no variance.
#[must_use]
pub fn lag1_correlation(periods: &[&BTreeMap<i32, f64>], pairs_min: usize) -> Option<f64> {
    let (mut products, mut squares) = (Vec::new(), Vec::new());
    for period in periods {
        let n = period.len() as f64;
        let centre = sum(period.values().copied()) / n;
        for (year, value) in *period {
            squares.push((value - centre).powi(2));
            if let Some(next) = year.checked_add(1).and_then(|y| period.get(&y)) {
                products.push((value - centre) * (next - centre));
            }
        }
    }
    if products.len() < pairs_min.max(1) {
        return None;
    }
    let spread = sum(squares.iter().copied()) / squares.len() as f64;
    let r = sum(products.iter().copied()) / products.len() as f64 / spread;
    r.is_finite().then_some(r.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answer_22() {
        let (deff, n_eff) = design_effect(4.5, 0.35);
        assert!((deff - 2.225).abs() < 1e-12);
        assert!((n_eff / 2.022_471_91 - 1.0).abs() < 1e-6);
        assert!((ar1_effective_n(20.0, 0.4) / 8.571_428_571 - 1.0).abs() < 1e-6);
        assert_eq!(ar1_effective_n(20.0, -0.4), 20.0);
    }

    #[test]
    fn alternating_years_have_negative_and_slow_swings_positive_correlation() {
        let series = |f: fn(i32) -> f64| (2001..=2012).map(|y| (y, f(y))).collect::<BTreeMap<_, _>>();
        let alternating = series(|y| f64::from(y % 2));
        let slow = series(|y| f64::from(i32::from(y > 2006)));
        assert!(lag1_correlation(&[&alternating], 5).unwrap() < -0.9);
        assert!(lag1_correlation(&[&slow], 5).unwrap() > 0.7);
        assert_eq!(lag1_correlation(&[&series(|_| 1.0)], 5), None);
        assert_eq!(lag1_correlation(&[&alternating], 12), None);
    }
}
