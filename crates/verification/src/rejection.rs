//! How often a test calls something changed: rejection rates on splits of years with and without a possible change.
//!
//! A test is believed where nothing can have changed: years dealt alternately into two halves differ by chance alone, so
//! that a test at 5 % may reject about 5 % of the time. Three tests are compared:
//!
//! - *independent*: every plot-year its own observation, Student's t with pooled variance. It is what is often done, and
//!   wrong: plots of a year share its weather.
//! - *year-clustered*: Student's t on yearly means.
//! - *shipped*: as assessments test, [`crate::yearly_change`]: it also allows for unequal variances and for persistence.

mod clustered;

use std::collections::BTreeMap;

pub use clustered::{Clustered, PlotYear, clustered_rejections};

use crate::{
    ChangeError, Estimate, TestSettings, change, persistent_change_of_years,
    sums::{mean, variance},
};

/// Values of one unit by year; one value a year, or one a plot.
pub type ByYear = BTreeMap<i32, Vec<f64>>;

/// How many units were tested, and for how many "no change" was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rejections {
    /// Units tested.
    pub tested: usize,
    /// Units called changed.
    pub rejected: usize,
}

impl Rejections {
    /// Counts one test; without a p the unit was not tested.
    pub fn count(&mut self, p: Option<f64>, level: f64) {
        if let Some(p) = p {
            self.tested += 1;
            self.rejected += usize::from(p < level);
        }
    }

    /// Share rejected; `None` when nothing was tested.
    #[must_use]
    pub fn rate(self) -> Option<f64> {
        (self.tested > 0).then(|| self.rejected as f64 / self.tested as f64)
    }
}

/// Student's t-test of two samples with one variance, values independent of each other.
///
/// `se² = s²(1/n_1 + 1/n_2)`, `s²` pooled, `df = n_1 + n_2 - 2` (Student 1908).
///
/// # Errors
/// When a sample has fewer than two values or a value is not finite.
///
/// ```
/// # use belcheer_verification::{TestSettings, pooled};
/// # let settings = TestSettings { confidence: 0.90, mdc_alpha: 0.05, power: 0.80, lag1_threshold: 0.2, lag1_pairs_min: 5, noisier_p: 0.2 };
/// let found = pooled(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0], &settings).unwrap();
/// assert_eq!((found.effect, found.df), (3.0, 4.0));
/// assert!((found.se - 0.8164966).abs() < 1e-6);
/// ```
pub fn pooled(first: &[f64], second: &[f64], settings: &TestSettings) -> Result<Estimate, ChangeError> {
    if first.iter().chain(second).any(|v| !v.is_finite()) {
        return Err(ChangeError::NotFinite);
    }
    let spread_1 = variance(first).ok_or(ChangeError::TooFewBaselineYears { found: first.len() })?;
    let spread_2 = variance(second).ok_or(ChangeError::TooFewReportingYears { found: second.len() })?;
    let (n_1, n_2) = (first.len() as f64, second.len() as f64);
    let df = n_1 + n_2 - 2.0;
    let common = ((n_1 - 1.0) * spread_1 + (n_2 - 1.0) * spread_2) / df;
    let (Some(mean_1), Some(mean_2)) = (mean(first), mean(second)) else { return Err(ChangeError::NoValues) };
    let se = (common * (1.0 / n_1 + 1.0 / n_2)).sqrt();
    Estimate::new(mean_2 - mean_1, se, df, settings).ok_or(ChangeError::NotFinite)
}

/// Years dealt alternately into two halves, in order: no steady change and no shift can tell them apart.
///
/// ```
/// let (first, second) = belcheer_verification::interleaved(&[2008, 2009, 2010, 2011, 2012, 2016, 2017, 2018, 2019, 2020]);
/// assert_eq!(first, [2008, 2010, 2012, 2017, 2019]);
/// assert_eq!(second, [2009, 2011, 2016, 2018, 2020]);
/// ```
#[must_use]
pub fn interleaved(years: &[i32]) -> (Vec<i32>, Vec<i32>) {
    let half = |odd: usize| years.iter().enumerate().filter(|(at, _)| at % 2 == odd).map(|(_, y)| *y).collect();
    (half(0), half(1))
}

/// Rejections of the three tests over some units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Plot-years as independent.
    pub independent: Rejections,
    /// Yearly means, pooled variance.
    pub year_clustered: Rejections,
    /// As assessments test.
    pub shipped: Rejections,
}

/// Tests every unit between two lists of years at a level such as 0.05.
///
/// A unit counts for the tests on years when it has values in every year of both lists, and for the test on plot-years
/// when it has at least `plot_years_min` values in each list. `persistence` is that which all units share, where known.
#[must_use]
pub fn rejections<'a>(
    units: impl IntoIterator<Item = &'a ByYear>,
    first: &[i32],
    second: &[i32],
    plot_years_min: usize,
    level: f64,
    persistence: Option<f64>,
    settings: &TestSettings,
) -> Comparison {
    let mut found = Comparison::default();
    for values in units {
        let all =
            |years: &[i32]| -> Vec<f64> { years.iter().filter_map(|y| values.get(y)).flatten().copied().collect() };
        let means = |years: &[i32]| -> BTreeMap<i32, f64> {
            years.iter().filter_map(|y| Some((*y, mean(values.get(y)?)?))).collect()
        };
        let (plots_1, plots_2) = (all(first), all(second));
        if plots_1.len() >= plot_years_min && plots_2.len() >= plot_years_min {
            found.independent.count(pooled(&plots_1, &plots_2, settings).ok().and_then(|e| e.p), level);
        }
        let (years_1, years_2) = (means(first), means(second));
        if years_1.len() < first.len() || years_2.len() < second.len() {
            continue;
        }
        let of = |years: &BTreeMap<i32, f64>| years.values().copied().collect::<Vec<_>>();
        found.year_clustered.count(pooled(&of(&years_1), &of(&years_2), settings).ok().and_then(|e| e.p), level);
        let shipped = match persistence {
            Some(phi) => {
                let series = values.iter().filter_map(|(y, v)| Some((*y, mean(v)?))).collect();
                persistent_change_of_years(&series, (first, second), phi, settings)
            }
            None => change(&years_1, &years_2, settings),
        };
        found.shipped.count(shipped.ok().and_then(|c| c.estimate.p), level);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{estimate::tests::SETTINGS, monte_carlo};

    #[test]
    fn plots_that_share_a_year_reject_too_often_and_years_do_not() {
        let mut random = monte_carlo::stream(3, "rejection");
        let units: Vec<ByYear> = (0..600)
            .map(|_| {
                (2008..2018)
                    .map(|y| {
                        let shock = monte_carlo::standard_normal(&mut random);
                        (y, (0..5).map(|_| shock + monte_carlo::standard_normal(&mut random)).collect())
                    })
                    .collect()
            })
            .collect();
        let years: Vec<i32> = (2008..2018).collect();
        let (first, second) = interleaved(&years);
        let found = rejections(&units, &first, &second, 10, 0.05, None, &SETTINGS);
        assert_eq!((found.independent.tested, found.shipped.tested), (600, 600));
        assert!(found.independent.rate().unwrap() > 0.15);
        assert!(found.year_clustered.rate().unwrap() < 0.08 && found.shipped.rate().unwrap() < 0.07);
    }

    #[test]
    fn units_without_enough_values_are_not_tested() {
        let short: ByYear = BTreeMap::from([(2001, vec![1.0]), (2002, vec![2.0])]);
        let found = rejections([&short], &[2001, 2003], &[2002, 2004], 2, 0.05, None, &SETTINGS);
        assert_eq!(found, Comparison::default());
        assert_eq!(found.shipped.rate(), None);
    }
}
