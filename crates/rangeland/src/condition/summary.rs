//! Condition of an area from its assessed points: healthy and severe share together, with the mean class index.
//!
//! One of the two alone hides a decline: between 2014 and 2016 the degraded share of the country fell while the heavily
//! degraded share rose.

use belcheer_domain::RecoveryClass;

use crate::recovery::{Interval, RecoveryShares, wilson};

/// What the points of an area say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    /// Assessed points.
    pub assessed: u64,
    /// Points that nobody assessed; they count neither as good nor as bad.
    pub not_assessed: u64,
    /// Shares of classes I to V.
    pub shares: RecoveryShares,
    /// Classes I and II, with its Wilson interval.
    pub healthy: Interval,
    /// Classes IV and V, with its Wilson interval.
    pub severe: Interval,
    /// Mean class index (RCI), 1 to 5; lower is better.
    pub mean_class_index: f64,
}

impl Condition {
    /// Whether it is worse than before in healthy share or in severity, by the shares themselves.
    #[must_use]
    pub fn is_worse_than(&self, before: &Self) -> bool {
        self.healthy.share < before.healthy.share || self.severe.share > before.severe.share
    }
}

/// Condition from the classes of points, `None` for a point that was not assessed.
///
/// `design_effect` is how much less a point tells than an independent one (1 = none); the intervals use `n` over it.
/// `None` when no point was assessed or the confidence lies outside 0..1.
///
/// ```
/// use belcheer_domain::RecoveryClass;
/// use belcheer_rangeland::condition::condition;
/// let points = [Some(1), Some(1), Some(2), Some(5), None].map(|n| n.and_then(RecoveryClass::new));
/// let found = condition(points, 1.0, 0.9).expect("assessed points");
/// assert_eq!((found.healthy.share, found.severe.share, found.mean_class_index), (0.75, 0.25, 2.25));
/// assert_eq!((found.assessed, found.not_assessed), (4, 1));
/// ```
#[must_use]
pub fn condition(
    points: impl IntoIterator<Item = Option<RecoveryClass>>,
    design_effect: f64,
    confidence: f64,
) -> Option<Condition> {
    let points: Vec<Option<RecoveryClass>> = points.into_iter().collect();
    let (shares, assessed) = RecoveryShares::of_points(points.iter().flatten().copied())?;
    let n = assessed as f64 / design_effect;
    Some(Condition {
        assessed,
        not_assessed: points.len() as u64 - assessed,
        shares,
        healthy: wilson(shares.healthy(), n, confidence)?,
        severe: wilson(shares.severe(), n, confidence)?,
        mean_class_index: shares.mean_class_index(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_of_the_degraded_share_does_not_hide_severity() {
        let of = |counts: [usize; 5]| {
            let points = (1..=5).zip(counts).flat_map(|(class, n)| std::iter::repeat_n(RecoveryClass::new(class), n));
            condition(points, 1.0, 0.9).unwrap()
        };
        let (before, after) = (of([35, 20, 27, 10, 8]), of([42, 14, 21, 13, 10]));
        assert!(after.shares.altered() < before.shares.altered());
        assert!(after.severe.share > before.severe.share && after.is_worse_than(&before));
        assert!(!before.is_worse_than(&before));
        assert_eq!(condition([None], 1.0, 0.9), None);
        assert_eq!(condition([RecoveryClass::new(1)], f64::NAN, 0.9), None);
    }
}
