//! Productivity performance: a place against the best of its kind.

/// Performance of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Performance {
    /// Mean productivity over the 90th percentile of its ecological unit.
    pub ratio: f64,
    /// Whether the ratio is at or below the threshold.
    pub degraded: bool,
}

impl Performance {
    /// `ratio = mean / P90(unit)`, degraded at or below `threshold_ratio` (0.5 in GPG and Trends.Earth).
    ///
    /// The percentile belongs to the unit in the whole country, never in one soum: a soum that is poor throughout would
    /// have nothing to be compared with. `None` when a number is not finite or the percentile not positive.
    ///
    /// ```
    /// use belcheer_rangeland::degradation::Performance;
    /// assert_eq!(Performance::of(0.2, 0.4, 0.5).map(|p| (p.ratio, p.degraded)), Some((0.5, true)));
    /// assert_eq!(Performance::of(0.2, 0.0, 0.5), None);
    /// ```
    #[must_use]
    pub fn of(mean: f64, p90: f64, threshold_ratio: f64) -> Option<Self> {
        let ratio = mean / p90;
        (p90 > 0.0 && ratio.is_finite()).then_some(Self { ratio, degraded: ratio <= threshold_ratio })
    }
}
