//! Shares of the recovery classes with Wilson intervals.

use belcheer_domain::RecoveryClass;

use crate::numeric::{normal, sum};

/// A share with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The share found.
    pub share: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Interval of a share of `n` independent observations (Wilson 1927): never outside 0..=1, also for 0 or all of them.
///
/// `n` may be an effective number. `None` when it is not positive, the share is outside 0..=1 or the confidence
/// outside 0..1.
///
/// ```
/// use belcheer_rangeland::recovery::wilson;
/// let none = wilson(0.0, 10.0, 0.95).expect("a share");
/// assert!(none.low == 0.0 && (none.high - 0.27753).abs() < 1e-5);
/// ```
#[must_use]
pub fn wilson(share: f64, n: f64, confidence: f64) -> Option<Interval> {
    let valid = n.is_finite() && n > 0.0 && (0.0..=1.0).contains(&share) && confidence > 0.0 && confidence < 1.0;
    if !valid {
        return None;
    }
    let z = normal::quantile((1.0 + confidence) / 2.0);
    let z2 = z * z;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    let low = if share == 0.0 { 0.0 } else { (centre - half).clamp(0.0, share) };
    let high = if share == 1.0 { 1.0 } else { (centre + half).clamp(share, 1.0) };
    Some(Interval { share, low, high })
}

/// How points or area divide over the recovery classes; shares sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecoveryShares {
    share: [f64; 5],
}

impl RecoveryShares {
    /// Shares from weights of classes I to V, such as counts, hectares or percent, renormalised to sum to 1.
    /// `None` when they sum to nothing or one is negative or not finite.
    #[must_use]
    pub fn from_weights(weights: [f64; 5]) -> Option<Self> {
        let total = sum(weights);
        let valid = weights.iter().all(|w| w.is_finite() && *w >= 0.0) && total > 0.0 && total.is_finite();
        valid.then(|| Self { share: weights.map(|w| w / total) })
    }

    /// Shares of assessed points, each of equal weight, and how many there are. `None` without a point.
    /// A point that was not assessed must not be given.
    #[must_use]
    pub fn of_points(points: impl IntoIterator<Item = RecoveryClass>) -> Option<(Self, u64)> {
        let mut count = [0_u64; 5];
        for class in points {
            if let Some(n) = count.get_mut(usize::from(class.number()) - 1) {
                *n += 1;
            }
        }
        Some((Self::from_weights(count.map(|n| n as f64))?, count.iter().sum()))
    }

    /// Shares of classes I to V.
    #[must_use]
    pub fn shares(&self) -> [f64; 5] {
        self.share
    }

    /// Healthy share `H`: classes I and II.
    #[must_use]
    pub fn healthy(&self) -> f64 {
        (self.share[0] + self.share[1]).min(1.0)
    }

    /// Severity: classes IV and V.
    #[must_use]
    pub fn severe(&self) -> f64 {
        (self.share[3] + self.share[4]).min(1.0)
    }

    /// Altered share: all but class I.
    #[must_use]
    pub fn altered(&self) -> f64 {
        1.0 - self.share[0]
    }

    /// Mean class index (RCI), 1 to 5; lower is better.
    #[must_use]
    pub fn mean_class_index(&self) -> f64 {
        sum((1..=5).zip(self.share).map(|(class, share)| f64::from(class) * share))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_numbers_of_a_decline_are_kept() {
        let classes = [1, 1, 2, 3, 4, 5].map(|n| RecoveryClass::new(n).unwrap());
        let (shares, n) = RecoveryShares::of_points(classes).unwrap();
        assert_eq!(n, 6);
        assert!((shares.healthy() - 0.5).abs() < 1e-15);
        assert!((shares.severe() - 2.0 / 6.0).abs() < 1e-15);
        assert!((shares.altered() - 4.0 / 6.0).abs() < 1e-15);
        assert_eq!(RecoveryShares::of_points([]), None);
        assert_eq!(RecoveryShares::from_weights([1.0, f64::NAN, 0.0, 0.0, 0.0]), None);
        assert_eq!(RecoveryShares::from_weights([2.0, -1.0, 0.0, 0.0, 0.0]), None);
    }

    #[test]
    fn wilson_matches_newcombe_1998() {
        // Newcombe 1998, table I: 81 of 263 and 15 of 148, 95 percent
        for (k, n, low, high) in [(81.0, 263.0, 0.2553, 0.3662), (15.0, 148.0, 0.0624, 0.1605)] {
            let found = wilson(k / n, n, 0.95).unwrap();
            assert!((found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5, "{found:?}");
        }
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_share_and_shrinks_with_n(share in 0.0..=1.0_f64, n in 1.0..1e4_f64) {
            let small = wilson(share, n, 0.9).unwrap();
            let large = wilson(share, n * 4.0, 0.9).unwrap();
            prop_assert!(0.0 <= small.low && small.low <= share && share <= small.high && small.high <= 1.0);
            prop_assert!(large.high - large.low <= small.high - small.low);
        }

        #[test]
        fn shares_sum_to_one(weights in prop::array::uniform5(0.0..1e6_f64)) {
            prop_assume!(weights.iter().sum::<f64>() > 0.0);
            let shares = RecoveryShares::from_weights(weights).unwrap();
            prop_assert!((shares.shares().iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!((1.0 - 1e-12..=5.0 + 1e-12).contains(&shares.mean_class_index()));
        }
    }
}
