//! Change between periods of a series whose years resemble their neighbours, with the persistence shared by many series.
//!
//! ```text
//! y_t = m_k(t) + e_t      k(t) period, corr(e_t, e_u) = phi^|t-u|      M takes each period's mean out, R_tu = phi^|t-u|
//! sigma² = y'My / tr(MR)      se² = sigma² c'Rc      df = tr(MR)² / tr(MRMR)      c = 1/n_R, -1/n_B, 0
//! ```
//! Ordinary least squares with its exact variance under a first-order autoregression; degrees of freedom after
//! Satterthwaite (1946). Every year before the reporting period adds to sigma, not to the effect alone, so that a short
//! reporting period does not leave the error to chance.
//!
//! One series of fifteen years cannot tell its own persistence: the lag-1 correlation about period means is biased by
//! about `-(1 + 4 phi)/n` and scatters by `1/sqrt(n)`. [`shared_persistence`] averages over all soums and inverts the
//! exact bias, so that phi is known to a few hundredths.
//!
//! **Unequal variances.** A pooled sigma is too small when the reporting years alone are noisier. Where their variance
//! exceeds that of the other years beyond chance (F test), the wider of this and Welch's interval counts.

#![allow(clippy::indexing_slicing)]

use std::collections::BTreeMap;

use belcheer_domain::Years;
use statrs::function::beta::checked_beta_reg;

use crate::{
    Change, ChangeError, change, change_between,
    estimate::{Estimate, TestSettings, wider},
    sums::{mean, sum},
};

/// The largest persistence that is fitted.
const PHI_MAX: f64 = 0.95;

/// Years with the period each belongs to; years of one period share a mean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Layout {
    years: Vec<i32>,
    period: Vec<usize>,
}

impl Layout {
    /// Before the baseline, baseline, between, reporting; later years are left out.
    fn new(series: &BTreeMap<i32, f64>, baseline: Years, reporting: Years) -> Self {
        Self::of(series, |year| {
            if year < baseline.first {
                Some(0)
            } else if year <= baseline.last {
                Some(FIRST)
            } else if year < reporting.first {
                Some(2)
            } else {
                (year <= reporting.last).then_some(SECOND)
            }
        })
    }

    /// Two lists of years in any order, the years before, and those between; later years are left out.
    fn of_lists(series: &BTreeMap<i32, f64>, first: &[i32], second: &[i32]) -> Self {
        let listed = || first.iter().chain(second).copied();
        let (start, end) = (listed().min().unwrap_or(i32::MAX), listed().max().unwrap_or(i32::MIN));
        Self::of(series, |year| {
            if first.contains(&year) {
                Some(FIRST)
            } else if second.contains(&year) {
                Some(SECOND)
            } else if year < start {
                Some(0)
            } else {
                (year < end).then_some(2)
            }
        })
    }

    fn of(series: &BTreeMap<i32, f64>, period: impl Fn(i32) -> Option<usize>) -> Self {
        let (years, period) = series.keys().filter_map(|year| Some((*year, period(*year)?))).unzip();
        Self { years, period }
    }

    /// The values of a period by year.
    fn values(&self, series: &BTreeMap<i32, f64>, period: usize) -> BTreeMap<i32, f64> {
        let own = self.years.iter().zip(&self.period).filter(|(_, p)| **p == period);
        own.filter_map(|(year, _)| Some((*year, *series.get(year)?))).collect()
    }

    /// Values less the mean of their period.
    fn residuals(&self, series: &BTreeMap<i32, f64>) -> Vec<f64> {
        let values: Vec<f64> = self.years.iter().filter_map(|y| series.get(y).copied()).collect();
        let centre: Vec<f64> = (0..PERIODS).map(|k| mean(&self.of_period(&values, k)).unwrap_or(0.0)).collect();
        values.iter().zip(&self.period).map(|(v, k)| v - centre[*k]).collect()
    }

    fn of_period(&self, values: &[f64], period: usize) -> Vec<f64> {
        values.iter().zip(&self.period).filter(|(_, k)| **k == period).map(|(v, _)| *v).collect()
    }

    /// `MR` for persistence `phi`.
    fn centred_correlation(&self, phi: f64) -> Vec<Vec<f64>> {
        let n = self.years.len();
        let mut matrix = correlation(&self.years, phi);
        for k in 0..PERIODS {
            let rows: Vec<usize> = (0..n).filter(|i| self.period[*i] == k).collect();
            let column_mean = |j: usize| sum(rows.iter().map(|i| matrix[*i][j])) / rows.len().max(1) as f64;
            let centre: Vec<f64> = (0..n).map(column_mean).collect();
            for i in &rows {
                matrix[*i].iter_mut().zip(&centre).for_each(|(v, c)| *v -= c);
            }
        }
        matrix
    }

    /// Sum of products of residuals of consecutive years of one period.
    fn lag1_sum(&self, product: impl Fn(usize, usize) -> f64) -> f64 {
        let pairs = (1..self.years.len())
            .filter(|i| self.years[*i] == self.years[*i - 1] + 1 && self.period[*i] == self.period[*i - 1]);
        sum(pairs.map(|i| product(i - 1, i)))
    }

    /// The expected lag-1 ratio `E e_t e_t+1 / E e²` about period means under persistence `phi`.
    fn expected_ratio(&self, phi: f64) -> Option<f64> {
        // M R M, whose entries are the covariances of residuals: centre the rows of MR in turn.
        let mut covariance = self.centred_correlation(phi);
        for row in &mut covariance {
            for k in 0..PERIODS {
                let centre = mean(&self.of_period(row, k)).unwrap_or(0.0);
                row.iter_mut().zip(&self.period).filter(|(_, p)| **p == k).for_each(|(v, _)| *v -= centre);
            }
        }
        let spread = sum((0..covariance.len()).map(|i| covariance[i][i]));
        let ratio = self.lag1_sum(|i, j| covariance[i][j]) / spread;
        ratio.is_finite().then_some(ratio)
    }
}

const PERIODS: usize = 4;
/// The period that is compared against.
const FIRST: usize = 1;
/// The period that is compared.
const SECOND: usize = 3;

fn correlation(years: &[i32], phi: f64) -> Vec<Vec<f64>> {
    years.iter().map(|a| years.iter().map(|b| phi.powi((a - b).abs())).collect()).collect()
}

/// The lag-1 correlation that many yearly series share, freed of the bias of short series; 0 where it is negative.
///
/// The ratio `sum e_t e_t+1 / sum e²` about period means is averaged over the series, each with equal weight, and
/// phi is the value whose exact expectation equals it. `None` without a series of at least `pairs_min` pairs of
/// consecutive years that varies.
#[must_use]
pub fn shared_persistence<'a>(
    series: impl IntoIterator<Item = &'a BTreeMap<i32, f64>>,
    baseline: Years,
    reporting: Years,
    pairs_min: usize,
) -> Option<f64> {
    let mut layouts: BTreeMap<Layout, usize> = BTreeMap::new();
    let mut ratios = Vec::new();
    for values in series {
        let layout = Layout::new(values, baseline, reporting);
        if layout.lag1_sum(|_, _| 1.0) < pairs_min.max(1) as f64 {
            continue;
        }
        let e = layout.residuals(values);
        let ratio = layout.lag1_sum(|i, j| e[i] * e[j]) / sum(e.iter().map(|v| v * v));
        if ratio.is_finite() {
            ratios.push(ratio);
            *layouts.entry(layout).or_default() += 1;
        }
    }
    let found = mean(&ratios)?;
    let excess = |phi: f64| -> f64 {
        let expected = layouts.iter().map(|(l, n)| *n as f64 * l.expected_ratio(phi).unwrap_or(0.0));
        found - sum(expected) / ratios.len() as f64
    };
    let (mut low, mut high) = (0.0, PHI_MAX);
    if excess(low) <= 0.0 {
        return Some(0.0);
    }
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if excess(middle) > 0.0 { low = middle } else { high = middle }
    }
    Some(0.5 * (low + high))
}

/// A fitted series: its scale and the degrees of freedom behind it.
struct Scale {
    sigma: f64,
    df: f64,
}

fn scale(layout: &Layout, series: &BTreeMap<i32, f64>, phi: f64) -> Option<Scale> {
    let spread = sum(layout.residuals(series).iter().map(|v| v * v));
    let matrix = layout.centred_correlation(phi);
    let n = matrix.len();
    let trace = sum((0..n).map(|i| matrix[i][i]));
    let squared = sum((0..n).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| matrix[i][j] * matrix[j][i]));
    let df = trace * trace / squared;
    (trace > 0.0 && df.is_finite()).then(|| Scale { sigma: (spread / trace).sqrt(), df })
}

/// `sqrt(c'Rc)` of a contrast over years.
fn contrast_length(contrast: &[(i32, f64)], phi: f64) -> f64 {
    let years: Vec<i32> = contrast.iter().map(|c| c.0).collect();
    let matrix = correlation(&years, phi);
    let cells = contrast.iter().enumerate().flat_map(|(i, a)| {
        let row = &matrix[i];
        contrast.iter().enumerate().map(move |(j, b)| a.1 * b.1 * row[j])
    });
    sum(cells.collect::<Vec<_>>()).max(0.0).sqrt()
}

/// The change between two periods of a series with persistence `phi`, in the values' unit; see the module's text.
///
/// # Errors
/// As [`change_between`].
///
/// ```
/// use std::collections::BTreeMap;
/// # use belcheer_verification::{TestSettings, persistent_change};
/// # let settings = TestSettings { confidence: 0.90, mdc_alpha: 0.05, power: 0.80, lag1_threshold: 0.2, lag1_pairs_min: 5, noisier_p: 0.2 };
/// let series = BTreeMap::from([(2015, 1.0), (2016, 2.0), (2017, 3.0), (2018, 4.0), (2019, 5.0), (2020, 6.0)]);
/// let (baseline, reporting) = ("2015..2017".parse().unwrap(), "2018..2020".parse().unwrap());
/// let found = persistent_change(&series, baseline, reporting, 0.0, &settings).unwrap().estimate;
/// // Without persistence the pooled t-test: sigma² = 1, se = sqrt(1/3 + 1/3), df = 4.
/// assert_eq!((found.effect, found.df), (3.0, 4.0));
/// assert!((found.se - 0.8164966).abs() < 1e-6);
/// ```
pub fn persistent_change(
    series: &BTreeMap<i32, f64>,
    baseline: Years,
    reporting: Years,
    phi: f64,
    settings: &TestSettings,
) -> Result<Change, ChangeError> {
    compare(series, &Layout::new(series, baseline, reporting), phi, settings)
}

/// The change between two lists of years, which may be interleaved; see [`persistent_change`].
///
/// # Errors
/// As [`crate::change`].
pub fn persistent_change_of_years(
    series: &BTreeMap<i32, f64>,
    (first, second): (&[i32], &[i32]),
    phi: f64,
    settings: &TestSettings,
) -> Result<Change, ChangeError> {
    compare(series, &Layout::of_lists(series, first, second), phi, settings)
}

/// The change of a yearly series as assessments form it: [`persistent_change`] where the persistence is known from many
/// series, [`change_between`] where the series stands for itself.
///
/// # Errors
/// As [`change_between`].
pub fn yearly_change(
    series: &BTreeMap<i32, f64>,
    baseline: Years,
    reporting: Years,
    persistence: Option<f64>,
    settings: &TestSettings,
) -> Result<Change, ChangeError> {
    match persistence {
        Some(phi) => persistent_change(series, baseline, reporting, phi, settings),
        None => change_between(series, baseline, reporting, settings),
    }
}

fn compare(
    series: &BTreeMap<i32, f64>,
    layout: &Layout,
    phi: f64,
    settings: &TestSettings,
) -> Result<Change, ChangeError> {
    let welch = change(&layout.values(series, FIRST), &layout.values(series, SECOND), settings)?;
    let Some(scale) = scale(layout, series, phi) else { return Ok(welch) };
    let weight = |period| match period {
        FIRST => -1.0 / welch.baseline_years as f64,
        SECOND => 1.0 / welch.reporting_years as f64,
        _ => 0.0,
    };
    let contrast: Vec<(i32, f64)> =
        layout.years.iter().zip(&layout.period).map(|(y, k)| (*y, weight(*k))).filter(|c| c.1 != 0.0).collect();
    let se = scale.sigma * contrast_length(&contrast, phi);
    let pooled = Estimate::new(welch.estimate.effect, se, scale.df, settings).ok_or(ChangeError::NotFinite)?;
    let noisier = reporting_is_noisier(layout, series, settings.noisier_p);
    let effective = |n: usize| -> f64 {
        let even: Vec<(i32, f64)> = (0..).take(n).map(|y| (y, 1.0 / n as f64)).collect();
        contrast_length(&even, phi).powi(-2)
    };
    Ok(Change {
        estimate: if noisier { wider(pooled, welch.estimate) } else { pooled },
        lag1: Some(phi),
        baseline_years_effective: effective(welch.baseline_years),
        reporting_years_effective: effective(welch.reporting_years),
        ..welch
    })
}

/// Whether the variance of the reporting years exceeds that of the others beyond chance (F test).
fn reporting_is_noisier(layout: &Layout, series: &BTreeMap<i32, f64>, level: f64) -> bool {
    let e = layout.residuals(series);
    let (mut own, mut others) = ((0.0, 0.0), (0.0, 0.0));
    for k in 0..PERIODS {
        let of_period = layout.of_period(&e, k);
        let group = if k == SECOND { &mut own } else { &mut others };
        group.0 += sum(of_period.iter().map(|v| v * v));
        group.1 += (of_period.len() as f64 - 1.0).max(0.0);
    }
    if own.1 < 1.0 || others.1 < 1.0 || own.0 <= 0.0 {
        return false;
    }
    let f = (own.0 / own.1) / (others.0 / others.1).max(f64::MIN_POSITIVE);
    let share = others.1 / (others.1 + own.1 * f);
    checked_beta_reg(0.5 * others.1, 0.5 * own.1, share).is_ok_and(|p| p < level)
}

/// Half the width of the interval of a change that cannot be real, in the values' unit: the series' own noise.
///
/// The baseline's years are divided into two halves, once interleaved (A B B A) and once early against late; a
/// persistent series moves more between blocks of years than between interleaved ones, so the wider counts. The scale
/// is that of all years, as in [`persistent_change`].
///
/// `None` with fewer than four baseline years or a series that gives no scale.
#[must_use]
pub fn persistent_noise_floor(
    series: &BTreeMap<i32, f64>,
    baseline: Years,
    reporting: Years,
    phi: f64,
    settings: &TestSettings,
) -> Option<Estimate> {
    let layout = Layout::new(series, baseline, reporting);
    let scale = scale(&layout, series, phi)?;
    let years: Vec<i32> = layout.years.iter().copied().filter(|y| baseline.contains(*y)).collect();
    let n = years.len();
    if n < 4 {
        return None;
    }
    let length = |second: &dyn Fn(usize) -> bool| {
        let b = (0..n).filter(|i| second(*i)).count() as f64;
        let weight = |i| if second(i) { 1.0 / b } else { -1.0 / (n as f64 - b) };
        contrast_length(&years.iter().enumerate().map(|(i, y)| (*y, weight(i))).collect::<Vec<_>>(), phi)
    };
    let widest = length(&|i| matches!(i % 4, 1 | 2)).max(length(&|i| 2 * i >= n));
    Estimate::new(0.0, scale.sigma * widest, scale.df, settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        estimate::tests::SETTINGS,
        monte_carlo::{standard_normal, stream},
    };

    const BASELINE: Years = Years { first: 2009, last: 2018 };
    const REPORTING: Years = Years { first: 2019, last: 2023 };

    fn made_up(n: usize, phi: f64, key: &str) -> Vec<BTreeMap<i32, f64>> {
        let mut random = stream(5, key);
        (0..n)
            .map(|_| {
                let mut e = standard_normal(&mut random);
                (2000..2024)
                    .map(|y| {
                        e = phi * e + (1.0 - phi * phi).sqrt() * standard_normal(&mut random);
                        (y, e)
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn persistence_shared_by_many_series_is_found_without_bias() {
        for phi in [0.0, 0.3, 0.6] {
            let found = shared_persistence(&made_up(400, phi, "phi"), BASELINE, REPORTING, 5).unwrap();
            assert!((found - phi).abs() < 0.04, "{found} of {phi}");
        }
        assert_eq!(shared_persistence(&[BTreeMap::from([(2010, 1.0)])], BASELINE, REPORTING, 5), None);
    }

    #[test]
    fn intervals_hold_their_confidence_whatever_the_persistence() {
        for phi in [0.0, 0.3, 0.6] {
            let series = made_up(2000, phi, "coverage");
            let held = series.iter().filter(|s| {
                let e = persistent_change(s, BASELINE, REPORTING, phi, &SETTINGS).unwrap().estimate;
                e.ci_low <= 0.0 && 0.0 <= e.ci_high
            });
            let share = held.count() as f64 / 2000.0;
            // the guard against noisier reporting years makes perfect noise over-covered by up to three points
            assert!((0.885..=0.94).contains(&share), "{share} at {phi}");
        }
    }

    #[test]
    fn noisier_reporting_years_widen_the_interval() {
        let mut series = made_up(1, 0.0, "noisy").remove(0);
        let calm = persistent_change(&series, BASELINE, REPORTING, 0.0, &SETTINGS).unwrap().estimate;
        for (year, sign) in (2019..2024).zip([8.0, -8.0, 8.0, -8.0, 0.0]) {
            series.insert(year, sign);
        }
        let noisy = persistent_change(&series, BASELINE, REPORTING, 0.0, &SETTINGS).unwrap();
        let welch = change_between(&series, BASELINE, REPORTING, &SETTINGS).unwrap();
        assert!(noisy.estimate.half_width() > 3.0 * calm.half_width());
        assert!(noisy.estimate.half_width() >= welch.estimate.half_width());
    }

    #[test]
    fn the_noise_floor_grows_with_persistence() {
        let series = made_up(1, 0.0, "floor").remove(0);
        let floor = |phi| persistent_noise_floor(&series, BASELINE, REPORTING, phi, &SETTINGS).unwrap().half_width();
        assert!(floor(0.5) > 1.2 * floor(0.0));
        let short = series.into_iter().filter(|(y, _)| *y > 2015).collect();
        assert_eq!(persistent_noise_floor(&short, BASELINE, REPORTING, 0.0, &SETTINGS), None);
    }
}
