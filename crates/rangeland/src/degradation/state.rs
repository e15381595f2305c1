//! Productivity state: recent years against the years before.

use super::{DegradationClass, GpgRules, TrendsEarthRules};
use crate::{
    numeric::{mean, quantile_sorted, sum},
    trend::TrendLevel,
};

/// State of the Good Practice Guidance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StateScore {
    /// Mean of the baseline.
    pub mean: f64,
    /// Standard deviation of the baseline.
    pub sd: f64,
    /// `(mean of the recent years - mean) / (sd / sqrt(number of recent years))`.
    pub z: f64,
    /// Level of `z`.
    pub level: TrendLevel,
}

impl StateScore {
    /// State by GPG v2: the z score of the mean of the last three years against the thirteen before.
    ///
    /// The baseline's standard deviation has the divisor n, or n - 1 where the rules say so. `None` when fewer years are
    /// valid than the rules ask, a value is not finite, or the baseline does not vary.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, degradation::{GpgRules, StateScore}};
    /// let rules = GpgRules::by_name("gpg_v2")?;
    /// let baseline = [0.30, 0.34].repeat(6).into_iter().map(Some).collect::<Vec<_>>();
    /// let recent = [Some(0.30), Some(0.30), Some(0.30)];
    /// let state = StateScore::of(&baseline, &recent, &rules).expect("enough years");
    /// assert!((state.z - (-0.02 / (0.02 / 3.0_f64.sqrt()))).abs() < 1e-9);
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn of(baseline: &[Option<f64>], recent: &[Option<f64>], rules: &GpgRules) -> Option<Self> {
        let before = || baseline.iter().flatten().copied();
        let now = || recent.iter().flatten().copied();
        let (n_before, n_now) = (before().count(), now().count());
        if n_before < rules.state_baseline_years_min || n_now < rules.state_recent_years_min {
            return None;
        }
        let first = before().next()?;
        if before().all(|v| v == first) {
            return None; // rounding of the mean would stand for a deviation
        }
        let centre = sum(before()) / n_before as f64;
        let divisor = n_before - usize::from(rules.state_sample_sd);
        let sd = (sum(before().map(|v| (v - centre).powi(2))) / divisor as f64).sqrt();
        let z = (sum(now()) / n_now as f64 - centre) / (sd / (n_now as f64).sqrt());
        if !z.is_finite() {
            return None;
        }
        Some(Self { mean: centre, sd, z, level: TrendLevel::of(z, rules)? })
    }

    /// The class of the sub-indicator.
    #[must_use]
    pub fn class(&self) -> DegradationClass {
        self.level.class()
    }
}

/// State of Trends.Earth: decile classes of the baseline and of the recent years.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StateClasses {
    /// Decile class of the baseline's mean, 1 to 10.
    pub baseline_class: u8,
    /// Decile class of the recent mean, 1 to 10.
    pub recent_class: u8,
    /// Difference of the means, in units of the values.
    pub difference: f64,
    /// What it means.
    pub class: DegradationClass,
}

impl StateClasses {
    /// State by Trends.Earth, for values of NDVI times 10,000.
    ///
    /// The baseline is extended by its minimum less, and its maximum plus, five percent of its range. A mean is of class
    /// 1 plus the number of deciles of that set (linear interpolation) it lies above. Two classes down is degraded, two
    /// up improved; a difference of means of at most 100 is stable. `None` without a valid baseline or recent year.
    #[must_use]
    pub fn of(baseline: &[Option<f64>], recent: &[Option<f64>], rules: &TrendsEarthRules) -> Option<Self> {
        let valid = |values: &[Option<f64>]| -> Vec<f64> {
            values.iter().flatten().copied().filter(|v| v.is_finite()).collect()
        };
        let mut set = valid(baseline);
        let before = mean(&set)?;
        let now = mean(&valid(recent))?;
        set.sort_unstable_by(f64::total_cmp);
        let (low, high) = (*set.first()?, *set.last()?);
        let margin = (high - low) * rules.state_extension;
        set.insert(0, low - margin);
        set.push(high + margin);
        let deciles: Vec<f64> = (1..=9).filter_map(|tenth| quantile_sorted(&set, f64::from(tenth) / 10.0)).collect();
        let class_of = |value: f64| 1 + deciles.iter().filter(|decile| value > **decile).count() as u8;
        let (baseline_class, recent_class) = (class_of(before), class_of(now));
        let difference = now - before;
        let step = if difference.abs() <= rules.state_difference_floor {
            0
        } else {
            i16::from(recent_class) - i16::from(baseline_class)
        };
        let class = Self::class_of_difference(step, rules)?;
        Some(Self { baseline_class, recent_class, difference, class })
    }

    /// What a difference of decile classes means: two or more count. `None` below -10, which is how the band's missing
    /// value is told there.
    #[must_use]
    pub fn class_of_difference(difference: i16, rules: &TrendsEarthRules) -> Option<DegradationClass> {
        let step = i16::from(rules.state_class_step);
        match difference {
            d if f64::from(d) < rules.state_code_valid_from => None,
            d if d <= -step => Some(DegradationClass::Degraded),
            d if d >= step => Some(DegradationClass::Improved),
            _ => Some(DegradationClass::Stable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn too_few_or_constant_years_have_no_state() {
        let rules = GpgRules::by_name("gpg_v2").unwrap();
        let three = [Some(0.3); 3];
        for value in [0.1, 0.3, 0.7] {
            assert_eq!(StateScore::of(&[Some(value); 13], &three, &rules), None);
        }
        let varied: Vec<_> = (0..13).map(|i| (i > 3).then_some(0.3 + 0.01 * f64::from(i % 3))).collect();
        assert_eq!(StateScore::of(&varied, &three, &rules), None);
        let varied: Vec<_> = (0..13).map(|i| (i > 2).then_some(0.3 + 0.01 * f64::from(i % 3))).collect();
        assert!(StateScore::of(&varied, &three, &rules).is_some());
        assert_eq!(StateScore::of(&varied, &[Some(0.3), None, Some(0.3)], &rules), None);
    }

    #[test]
    fn small_differences_and_missing_values_of_trends_earth() {
        let rules = TrendsEarthRules::by_name("trends_earth").unwrap();
        let baseline: Vec<_> = (0..13).map(|i| Some(3000.0 + 10.0 * f64::from(i))).collect();
        let down = StateClasses::of(&baseline, &[Some(2990.0)], &rules).unwrap();
        assert_eq!((down.baseline_class, down.recent_class, down.class), (5, 1, DegradationClass::Stable));
        let up = StateClasses::of(&baseline, &[Some(3300.0), None], &rules).unwrap();
        assert_eq!((up.recent_class, up.class), (10, DegradationClass::Improved));
        assert_eq!(StateClasses::of(&baseline, &[None, None], &rules), None);
        assert_eq!(StateClasses::class_of_difference(-11, &rules), None);
        assert_eq!(StateClasses::of(&[], &[Some(3000.0)], &rules), None);
    }
}
