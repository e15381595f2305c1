//! Sums and differences of independent estimates, such as the mean of soums or a difference in differences, in their unit.
//!
//! ```text
//! effect = sum w e      se^2 = sum w^2 se^2      df = se^4 / sum((w se)^4 / df)      (Satterthwaite 1946)
//! ```
//! Estimates that share years are not independent: average them year by year first.

use crate::{Estimate, TestSettings, student::satterthwaite_df, sums::sum};

/// The weighted sum of independent estimates; `None` for none.
#[must_use]
pub fn combined(parts: &[(f64, Estimate)], settings: &TestSettings) -> Option<Estimate> {
    let variance = |(weight, estimate): &(f64, Estimate)| ((weight * estimate.se).powi(2), estimate.df);
    let variances: Vec<(f64, f64)> = parts.iter().map(variance).collect();
    let effect = sum(parts.iter().map(|(weight, estimate)| weight * estimate.effect));
    let se = sum(variances.iter().map(|(variance, _)| *variance)).sqrt();
    let df = satterthwaite_df(&variances);
    if parts.is_empty() { None } else { Estimate::new(effect, se, df, settings) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::tests::SETTINGS;

    #[test]
    fn known_answer_19() {
        // treated and control, after less before
        let means = [(1.0, 0.315, 0.02), (-1.0, 0.300, 0.015), (-1.0, 0.295, 0.018), (1.0, 0.310, 0.012)];
        let parts = means.map(|(w, mean, se)| (w, Estimate::new(mean, se, f64::INFINITY, &SETTINGS).unwrap()));
        let found = combined(&parts, &SETTINGS).unwrap();
        assert!((found.effect - 0.030).abs() < 1e-12);
        assert!((found.se / 0.033_060_55 - 1.0).abs() < 1e-6);
        assert!(found.df.is_infinite());
        assert_eq!(combined(&[], &SETTINGS), None);
    }

    #[test]
    fn degrees_of_freedom_lie_between_the_smallest_and_the_sum() {
        let part = |se, df| (0.5, Estimate::new(1.0, se, df, &SETTINGS).unwrap());
        let alike = combined(&[part(1.0, 5.0), part(1.0, 5.0)], &SETTINGS).unwrap();
        assert!((alike.df - 10.0).abs() < 1e-9 && (alike.effect - 1.0).abs() < 1e-12);
        let uneven = combined(&[part(1.0, 5.0), part(0.01, 50.0)], &SETTINGS).unwrap();
        assert!(uneven.df > 5.0 && uneven.df < 5.1);
    }
}
