//! Adjusted p-values for many soums tested at once, dimensionless; one call per indicator and cycle.
//!
//! A missing p (no test was possible) stays missing and does not count among the m tests.

/// p-values adjusted after Benjamini & Hochberg (1995): `min over j >= i of m p_(j) / j`.
///
/// Rejecting where the result is at most q keeps the expected share of false discoveries at q or below under
/// independence and under the positive dependence that neighbouring soums show. Ties receive equal values.
///
/// ```
/// use belcheer_verification::benjamini_hochberg;
/// assert_eq!(benjamini_hochberg(&[Some(0.01), None, Some(0.5)]), [Some(0.02), None, Some(0.5)]);
/// ```
#[must_use]
pub fn benjamini_hochberg(p: &[Option<f64>]) -> Vec<Option<f64>> {
    step_up(p, |_| 1.0)
}

/// p-values adjusted after Benjamini & Yekutieli (2001), valid under any dependence: BH times `sum of 1/i, i = 1..m`.
#[must_use]
pub fn benjamini_yekutieli(p: &[Option<f64>]) -> Vec<Option<f64>> {
    step_up(p, |m| (1..=m).map(|i| 1.0 / i as f64).sum())
}

fn step_up(p: &[Option<f64>], penalty: impl Fn(usize) -> f64) -> Vec<Option<f64>> {
    let valid = |p: &Option<f64>| p.filter(|p| (0.0..=1.0).contains(p));
    let mut tests: Vec<(usize, f64)> = p.iter().enumerate().filter_map(|(i, p)| valid(p).map(|p| (i, p))).collect();
    tests.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let m = tests.len();
    let factor = penalty(m) * m as f64;
    let mut adjusted = vec![None; p.len()];
    let mut smallest = 1.0_f64;
    for (rank, (index, p)) in tests.into_iter().enumerate().rev() {
        smallest = smallest.min(factor * p / (rank + 1) as f64);
        if let Some(slot) = adjusted.get_mut(index) {
            *slot = Some(smallest);
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const P: [f64; 10] = [0.001, 0.008, 0.012, 0.020, 0.041, 0.045, 0.20, 0.35, 0.60, 0.90];

    fn rejections(adjusted: &[Option<f64>], q: f64) -> usize {
        adjusted.iter().flatten().filter(|p| **p <= q).count()
    }

    #[test]
    fn known_answer_21() {
        let p: Vec<_> = P.iter().copied().map(Some).collect();
        let adjusted = benjamini_hochberg(&p);
        let expected = [0.01, 0.04, 0.04, 0.05, 0.075, 0.075, 0.285_714_3, 0.4375, 0.666_666_7, 0.9];
        for (a, e) in adjusted.iter().zip(expected) {
            assert!((a.unwrap() / e - 1.0).abs() < 1e-6, "{a:?} {e}");
        }
        assert_eq!((rejections(&adjusted, 0.10), rejections(&adjusted, 0.05)), (6, 4));
        assert_eq!(rejections(&benjamini_yekutieli(&p), 0.10), 1);
    }

    #[test]
    fn missing_and_impossible_values_are_not_counted() {
        assert_eq!(benjamini_hochberg(&[]), []);
        assert_eq!(benjamini_hochberg(&[None, Some(f64::NAN), Some(0.3), Some(-1.0)]), [None, None, Some(0.3), None]);
    }

    proptest! {
        #[test]
        fn order_of_soums_does_not_matter(p in prop::collection::vec(prop::option::of(0.0_f64..=1.0), 0..40)) {
            let mut reversed: Vec<_> = p.iter().rev().copied().collect();
            reversed = benjamini_hochberg(&reversed);
            reversed.reverse();
            let adjusted = benjamini_hochberg(&p);
            prop_assert_eq!(&adjusted, &reversed);
            for (a, p) in adjusted.iter().zip(&p) {
                prop_assert_eq!(a.is_some(), p.is_some());
                prop_assert!(a.unwrap_or(1.0) + 1e-12 >= p.unwrap_or(0.0) && a.unwrap_or(0.0) <= 1.0);
            }
        }
    }
}
