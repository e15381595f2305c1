//! Change between a baseline and a reporting period with the year as the unit of replication, in the values' unit.
//!
//! Weather is a shock that all plots and pixels of a soum share in a year, so a period has as many independent
//! observations as it has years, however many plots were clipped. The standard error therefore comes from the variance
//! *between years* in each period.
//!
//! ```text
//! effect = mean_R - mean_B          se² = s_B²/n_B + s_R²/n_R          df after Satterthwaite (1946)
//! ```
//! Welch's form (1947) is used and not the pooled one: a ten-year baseline and a three- to five-year reporting period
//! often differ in variance, and pooling then rejects too often exactly where the short period is the noisier one. The
//! price is fewer degrees of freedom, thus wider intervals, for short reporting periods.
//!
//! When yearly residuals persist (lag-1 r above the threshold), each n is replaced by `n (1 - r)/(1 + r)`.

use std::collections::BTreeMap;

use belcheer_domain::Years;
use serde::{Deserialize, Serialize};

use crate::{
    Reason,
    effective_n::{ar1_effective_n, lag1_correlation},
    estimate::{Estimate, TestSettings},
    student::satterthwaite_df,
    sums::{mean, variance},
};

/// A change between two periods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Effect, interval, test and minimum detectable change.
    pub estimate: Estimate,
    /// Mean of the baseline years.
    pub baseline_mean: f64,
    /// Mean of the reporting years.
    pub reporting_mean: f64,
    /// Baseline years with a value.
    pub baseline_years: usize,
    /// Reporting years with a value.
    pub reporting_years: usize,
    /// Lag-1 correlation of yearly residuals, where there are enough consecutive years.
    pub lag1: Option<f64>,
    /// Effective baseline years after deflation for persistence.
    pub baseline_years_effective: f64,
    /// Effective reporting years after deflation for persistence.
    pub reporting_years_effective: f64,
}

/// Why no change was formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// Neither period has a value.
    #[error("neither period has a value; ingest yearly values of both")]
    NoValues,
    /// The baseline has no value.
    #[error("the baseline has no value; ingest yearly values of the baseline")]
    NoBaseline,
    /// The reporting period has no value.
    #[error("the reporting period has no value; ingest yearly values of the reporting period")]
    NoReporting,
    /// Fewer than two baseline years.
    #[error("the baseline has {found} year; a variance between years needs at least 2")]
    TooFewBaselineYears {
        /// Years found.
        found: usize,
    },
    /// Fewer than two reporting years.
    #[error("the reporting period has {found} year; a variance between years needs at least 2")]
    TooFewReportingYears {
        /// Years found.
        found: usize,
    },
    /// A year stands in both periods.
    #[error("year {0} stands in both periods; choose periods that do not overlap")]
    SharedYear(i32),
    /// A value is not a finite number.
    #[error("a yearly value is not a finite number; leave missing years out")]
    NotFinite,
}

impl ChangeError {
    /// The reason code that a verdict carries for this.
    #[must_use]
    pub fn reason(self) -> Reason {
        match self {
            Self::NoValues | Self::NotFinite => Reason::NotComputed,
            Self::NoBaseline => Reason::NoBaselineData,
            Self::NoReporting => Reason::NoReportingData,
            Self::SharedYear(_) => Reason::SinglePeriod,
            Self::TooFewBaselineYears { .. } => Reason::TooFewBaselineYears,
            Self::TooFewReportingYears { .. } => Reason::TooFewReportingYears,
        }
    }
}

/// The change from baseline to reporting years, one value a year, clustered by year.
///
/// # Errors
/// When a period has fewer than two years, the periods share a year, or a value is not finite.
///
/// ```
/// use std::collections::BTreeMap;
/// use belcheer_verification::{TestSettings, change};
/// let settings = TestSettings { confidence: 0.90, mdc_alpha: 0.05, power: 0.80, lag1_threshold: 0.2, lag1_pairs_min: 5, noisier_p: 0.2 };
/// let baseline = BTreeMap::from([(2015, 1.0), (2016, 2.0), (2017, 3.0)]);
/// let reporting = BTreeMap::from([(2019, 4.0), (2020, 5.0), (2021, 6.0)]);
/// let found = change(&baseline, &reporting, &settings).unwrap().estimate;
/// // s² = 1 in both, se = sqrt(1/3 + 1/3), df = 4.
/// assert_eq!((found.effect, found.df), (3.0, 4.0));
/// assert!((found.se - 0.8164966).abs() < 1e-6);
/// ```
pub fn change(
    baseline: &BTreeMap<i32, f64>,
    reporting: &BTreeMap<i32, f64>,
    settings: &TestSettings,
) -> Result<Change, ChangeError> {
    if let Some(year) = baseline.keys().find(|y| reporting.contains_key(y)) {
        return Err(ChangeError::SharedYear(*year));
    }
    let lag1 = lag1_correlation(&[baseline, reporting], settings.lag1_pairs_min);
    let persistence = lag1.filter(|r| *r > settings.lag1_threshold).unwrap_or(0.0);
    let values = |period: &BTreeMap<i32, f64>| period.values().copied().collect::<Vec<_>>();
    let mut found = compare(&values(baseline), &values(reporting), persistence, settings)?;
    found.lag1 = lag1;
    Ok(found)
}

/// The change between two spans of one yearly series; see [`change`].
///
/// # Errors
/// As [`change`].
pub fn change_between(
    series: &BTreeMap<i32, f64>,
    baseline: Years,
    reporting: Years,
    settings: &TestSettings,
) -> Result<Change, ChangeError> {
    let within = |years: Years| series.iter().filter(|(y, _)| years.contains(**y)).map(|(y, v)| (*y, *v)).collect();
    change(&within(baseline), &within(reporting), settings)
}

/// Welch's comparison of two samples whose values are independent of each other.
///
/// Plot-years are *not* independent within a year: use [`change`] on yearly means for those.
///
/// # Errors
/// When a sample has fewer than two values or a value is not finite.
pub fn welch(baseline: &[f64], reporting: &[f64], settings: &TestSettings) -> Result<Estimate, ChangeError> {
    compare(baseline, reporting, 0.0, settings).map(|c| c.estimate)
}

fn compare(
    baseline: &[f64],
    reporting: &[f64],
    persistence: f64,
    settings: &TestSettings,
) -> Result<Change, ChangeError> {
    if baseline.iter().chain(reporting).any(|v| !v.is_finite()) {
        return Err(ChangeError::NotFinite);
    }
    let (baseline_mean, reporting_mean) = match (mean(baseline), mean(reporting)) {
        (Some(b), Some(r)) => (b, r),
        (None, None) => return Err(ChangeError::NoValues),
        (None, _) => return Err(ChangeError::NoBaseline),
        (_, None) => return Err(ChangeError::NoReporting),
    };
    let variance_b = variance(baseline).ok_or(ChangeError::TooFewBaselineYears { found: baseline.len() })?;
    let variance_r = variance(reporting).ok_or(ChangeError::TooFewReportingYears { found: reporting.len() })?;
    let n_b = ar1_effective_n(baseline.len() as f64, persistence);
    let n_r = ar1_effective_n(reporting.len() as f64, persistence);
    let (part_b, part_r) = (variance_b / n_b, variance_r / n_r);
    let se = (part_b + part_r).sqrt();
    // a period counts with no less than one degree, else deflated years would leave no usable quantile
    let free = |n: f64| (n - 1.0).max(1.0);
    let df = satterthwaite_df(&[(part_b, free(n_b)), (part_r, free(n_r))]);
    let estimate = Estimate::new(reporting_mean - baseline_mean, se, df, settings).ok_or(ChangeError::NotFinite)?;
    Ok(Change {
        estimate,
        baseline_mean,
        reporting_mean,
        baseline_years: baseline.len(),
        reporting_years: reporting.len(),
        lag1: None,
        baseline_years_effective: n_b,
        reporting_years_effective: n_r,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::estimate::tests::SETTINGS;

    fn yearly(first: i32, values: &[f64]) -> BTreeMap<i32, f64> {
        (first..).zip(values.iter().copied()).collect()
    }

    #[test]
    fn agrees_with_welch_by_hand() {
        // B: mean 3, s² 2.5, n 5. R: mean 7, s² 4, n 3. se² = .5 + 1.3333333; df = se⁴/(.5²/4 + 1.3333333²/2).
        let found = welch(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5.0, 7.0, 9.0], &SETTINGS).unwrap();
        assert!((found.effect - 4.0).abs() < 1e-12);
        assert!((found.se - 1.354_006_4).abs() < 1e-6);
        assert!((found.df - 3.532_846_7).abs() < 1e-6);
        let p = found.p.unwrap();
        assert!(p > 0.04 && p < 0.06, "{p}");
    }

    #[test]
    fn one_year_is_refused_with_a_reason() {
        let two = yearly(2001, &[1.0, 2.0]);
        let one = yearly(2010, &[1.0]);
        let none = BTreeMap::new();
        assert_eq!(change(&two, &one, &SETTINGS).unwrap_err().reason(), Reason::TooFewReportingYears);
        assert_eq!(change(&one, &two, &SETTINGS).unwrap_err().reason(), Reason::TooFewBaselineYears);
        assert_eq!(change(&none, &two, &SETTINGS).unwrap_err().reason(), Reason::NoBaselineData);
        assert_eq!(change(&two, &none, &SETTINGS).unwrap_err().reason(), Reason::NoReportingData);
        assert_eq!(change(&two, &two, &SETTINGS), Err(ChangeError::SharedYear(2001)));
        assert_eq!(change(&two, &yearly(2010, &[f64::NAN, 1.0]), &SETTINGS), Err(ChangeError::NotFinite));
    }

    #[test]
    fn persistent_years_widen_the_interval() {
        let slow = [0.0, 0.1, 0.3, 0.5, 0.6, 0.6, 0.5, 0.3, 0.1, 0.0];
        let mixed = [0.0, 0.6, 0.1, 0.5, 0.3, 0.6, 0.0, 0.5, 0.1, 0.3];
        let reporting = yearly(2020, &[0.5, 0.6, 0.4]);
        let persistent = change(&yearly(2001, &slow), &reporting, &SETTINGS).unwrap();
        let shuffled = change(&yearly(2001, &mixed), &reporting, &SETTINGS).unwrap();
        assert!(persistent.lag1.unwrap() > 0.5 && persistent.baseline_years_effective < 5.0);
        assert_eq!(shuffled.baseline_years_effective, 10.0);
        assert!(persistent.estimate.se > 1.5 * shuffled.estimate.se);
    }

    proptest! {
        #[test]
        fn swapping_periods_turns_the_sign_alone(
            b in prop::collection::vec(-5.0_f64..5.0, 2..12), r in prop::collection::vec(-5.0_f64..5.0, 2..12),
        ) {
            let forward = welch(&b, &r, &SETTINGS).unwrap();
            let backward = welch(&r, &b, &SETTINGS).unwrap();
            prop_assert!((forward.effect + backward.effect).abs() < 1e-12);
            prop_assert!((forward.se - backward.se).abs() < 1e-12);
            prop_assert!(forward.ci_low <= forward.effect && forward.effect <= forward.ci_high);
            prop_assert!(forward.mdc >= 0.0 && forward.df <= (b.len() + r.len() - 2) as f64 + 1e-9);
        }
    }
}
