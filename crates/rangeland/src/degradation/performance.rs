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

/// Share of the values of a unit that lie below its reference productivity.
const REFERENCE_SHARE: f64 = 0.9;

/// The productivity that each unit of like land reaches at its best: the 90th percentile of its means.
///
/// Units are whatever the caller numbers: land cover by soil, or ecological site groups, over the whole country. Means
/// are added in any order; the percentile is exact (type 7) and does not depend on it.
#[derive(Debug, Clone, Default)]
pub struct ReferenceProductivity {
    means: Vec<Vec<f32>>,
}

impl ReferenceProductivity {
    /// Adds the mean of a place of a unit; numbers that are not finite are left out.
    pub fn add(&mut self, unit: u16, mean: f32) {
        let unit = usize::from(unit);
        if self.means.len() <= unit {
            self.means.resize_with(unit + 1, Vec::new);
        }
        if mean.is_finite() {
            self.means[unit].push(mean);
        }
    }

    /// The 90th percentile by unit; `None` of a unit without values. With `whole`, its whole part, as where it is kept
    /// as an integer.
    ///
    /// ```
    /// use belcheer_rangeland::degradation::ReferenceProductivity;
    /// let mut reference = ReferenceProductivity::default();
    /// for mean in 0..=10 {
    ///     reference.add(1, mean as f32);
    /// }
    /// assert_eq!(reference.percentiles(false), [None, Some(9.0)]);
    /// ```
    #[must_use]
    pub fn percentiles(mut self, whole: bool) -> Vec<Option<f64>> {
        let exact = self.means.iter_mut().map(|means| percentile(means));
        exact.map(|p90| p90.map(|p| if whole { p.floor() } else { p })).collect()
    }
}

fn percentile(means: &mut [f32]) -> Option<f64> {
    let position = means.len().checked_sub(1)? as f64 * REFERENCE_SHARE;
    let (_, lower, above) = means.select_nth_unstable_by(position.floor() as usize, f32::total_cmp);
    let lower = f64::from(*lower);
    let upper = above.iter().copied().min_by(f32::total_cmp).map_or(lower, f64::from);
    Some(lower + (position - position.floor()) * (upper - lower))
}
