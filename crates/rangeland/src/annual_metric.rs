//! Annual metric of a place from the composites of one year: maximum, mean or integral over a growing season.

use serde::Deserialize;

use crate::{
    numeric::{mean, sum},
    sets::{Fault, parameter_set},
};

/// A growing season by days of the year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrowingSeason {
    /// Stable id, such as `peak`.
    pub id: String,
    /// First day of year that a composite may begin on.
    pub first_day: u16,
    /// Last day of year that a composite may begin on.
    pub last_day: u16,
}

parameter_set!(
    /// The growing seasons, and how missing composites are treated.
    GrowingSeasons, "growing season", "growing_seasons.toml" {
        /// Most composites in a row that are filled between their neighbours.
        gap_max: usize,
        /// Share of years that must be valid for a place to be used.
        valid_years_fraction: f64,
        /// The seasons.
        season: Vec<GrowingSeason>,
    }
);

/// What is made of the composites of a season.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AnnualMetric {
    /// The largest value; gaps need no filling but must not be longer than allowed.
    Max,
    /// The mean of all composites.
    Mean,
    /// `sum of (value - base) * days` over composites above the base, index days.
    Integral {
        /// Index of bare soil, such as the 5th percentile of the natural zone.
        base: f64,
        /// Days of a composite.
        days: f64,
    },
}

impl GrowingSeasons {
    fn first_fault(&self) -> Result<(), Fault> {
        let share = self.valid_years_fraction;
        Fault::unless("valid_years_fraction", share, share > 0.0 && share <= 1.0, "above 0, at most 1")?;
        self.season.iter().try_for_each(|season| {
            let ordered = season.first_day >= 1 && season.first_day < season.last_day && season.last_day <= 366;
            Fault::unless(&season.id, f64::from(season.first_day), ordered, "before the last day, within 1 to 366")
        })
    }

    /// The season of an id.
    #[must_use]
    pub fn season(&self, id: &str) -> Option<&GrowingSeason> {
        self.season.iter().find(|season| season.id == id)
    }

    /// Whether a place with so many valid years of all is used.
    #[must_use]
    pub fn is_covered(&self, valid_years: usize, years: usize) -> bool {
        years > 0 && valid_years as f64 >= self.valid_years_fraction * years as f64
    }

    /// The metric of one year from the season's composites in order; `None` is a composite that is missing.
    ///
    /// Up to two missing composites in a row (`gap_max`) are filled linearly between their neighbours; at either end of
    /// the season, where there is only one neighbour, with its value. With a longer gap, or without any value, the year
    /// has no metric. The maximum is of what was observed.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, annual_metric::{AnnualMetric, GrowingSeasons}};
    /// let rules = GrowingSeasons::by_name("growing_seasons_mn_1")?;
    /// let year = [Some(0.2), None, None, Some(0.5)]; // filled with 0.3 and 0.4
    /// let mean = rules.metric(&year, AnnualMetric::Mean).expect("a short gap");
    /// assert!((mean - 0.35).abs() < 1e-12);
    /// assert_eq!(rules.metric(&[Some(0.2), None, None, None, Some(0.5)], AnnualMetric::Mean), None);
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn metric(&self, composites: &[Option<f64>], metric: AnnualMetric) -> Option<f64> {
        let filled = self.filled(composites)?;
        match metric {
            AnnualMetric::Max => composites.iter().flatten().copied().reduce(f64::max),
            AnnualMetric::Mean => mean(&filled),
            AnnualMetric::Integral { base, days } => {
                Some(sum(filled.iter().filter(|value| **value > base).map(|value| (value - base) * days)))
            }
        }
    }

    /// The composites with short gaps filled; `None` where a gap is too long.
    #[must_use]
    pub fn filled(&self, composites: &[Option<f64>]) -> Option<Vec<f64>> {
        let mut filled: Vec<f64> = Vec::with_capacity(composites.len());
        let mut last = None;
        for (at, value) in composites.iter().enumerate() {
            let Some(value) = value.filter(|value| value.is_finite()) else { continue };
            let gap = at - filled.len();
            if gap > self.gap_max {
                return None;
            }
            let before = last.unwrap_or(value);
            let step = (value - before) / (gap + 1) as f64;
            filled.extend((1..=gap).map(|part| before + step * part as f64));
            filled.push(value);
            last = Some(value);
        }
        let gap = composites.len() - filled.len();
        let last = last.filter(|_| gap <= self.gap_max)?;
        filled.extend(std::iter::repeat_n(last, gap));
        Some(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    fn rules() -> GrowingSeasons {
        GrowingSeasons::by_name("growing_seasons_mn_1").unwrap()
    }

    #[test]
    fn short_gaps_are_filled_and_long_ones_end_the_year() {
        let filled = |values: &[Option<f64>]| rules().filled(values);
        assert_eq!(filled(&[None, Some(1.0), None, Some(3.0), None]), Some(vec![1.0, 1.0, 2.0, 3.0, 3.0]));
        assert_eq!(filled(&[None, None, None, Some(3.0)]), None);
        assert_eq!(filled(&[Some(3.0), None, None, None]), None);
        assert_eq!(filled(&[None, None]), None);
        assert_eq!(filled(&[Some(f64::NAN), Some(1.0)]), Some(vec![1.0, 1.0]));
    }

    #[test]
    fn metrics_of_a_year() {
        let year = [Some(0.1), Some(0.3), None, Some(0.5), Some(0.2)];
        assert_eq!(rules().metric(&year, AnnualMetric::Max), Some(0.5));
        assert!((rules().metric(&year, AnnualMetric::Mean).unwrap() - 0.3).abs() < 1e-12);
        let integral = AnnualMetric::Integral { base: 0.2, days: 16.0 };
        // 0.1 + 0.2 + 0.3 above the base
        assert!((rules().metric(&year, integral).unwrap() - 9.6).abs() < 1e-12);
        assert!(rules().is_covered(8, 10) && !rules().is_covered(7, 10) && !rules().is_covered(0, 0));
        assert_eq!(rules().season("peak").map(|s| (s.first_day, s.last_day)), Some((193, 241)));
    }
}
