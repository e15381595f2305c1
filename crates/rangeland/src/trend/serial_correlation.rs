//! Mann-Kendall tests of series whose values depend on those before: without care their trends look too sure.
//!
//! Positions count as times, 1 a value: leave no gaps, or fill them first.

use super::{MannKendall, TrendError, mann_kendall, theil_sen};
use crate::numeric::{mean, normal, sum};

/// What is done about values that depend on those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// Variance by the significant autocorrelations of the detrended ranks, up to a lag or all (Hamed & Rao 1998).
    HamedRao {
        /// Largest lag; `None` for all.
        lag: Option<usize>,
    },
    /// Variance by the autocorrelations of the detrended values (Yue & Wang 2004).
    YueWang {
        /// Largest lag; `None` for all.
        lag: Option<usize>,
    },
    /// The first autocorrelation is taken out (von Storch 1995). Takes a part of a true trend with it.
    PreWhitening,
    /// The same of the detrended series, whose trend is put back (Yue 2002).
    TrendFreePreWhitening,
}

/// Share of chance that an autocorrelation must pass in Hamed & Rao.
const CORRELATION_ALPHA: f64 = 0.05;

/// First autocorrelation of the values less their Theil-Sen line; a correction is called for above about 0.2.
///
/// # Errors
/// As [`mann_kendall`].
pub fn detrended_autocorrelation(values: &[f64]) -> Result<f64, TrendError> {
    let detrended = detrended(values)?;
    Ok(autocorrelation(&detrended, 1).get(1).copied().unwrap_or(0.0))
}

/// Mann-Kendall test with a correction.
///
/// # Errors
/// As [`mann_kendall`]; with fewer than four values, or a corrected variance that is not positive.
///
/// ```
/// use belcheer_rangeland::trend::{Correction, corrected_mann_kendall, mann_kendall};
/// // slow waves: neighbours are alike, and the plain test is too sure
/// let wave: Vec<f64> = (0..30).map(|t| (f64::from(t) / 6.0).sin() + 0.02 * f64::from(t)).collect();
/// let plain = mann_kendall(&wave)?;
/// let corrected = corrected_mann_kendall(&wave, Correction::HamedRao { lag: Some(1) })?;
/// assert_eq!(corrected.s, plain.s);
/// assert!(corrected.p > plain.p);
/// # Ok::<(), belcheer_rangeland::trend::TrendError>(())
/// ```
pub fn corrected_mann_kendall(values: &[f64], correction: Correction) -> Result<MannKendall, TrendError> {
    if values.len() < 4 {
        return Err(TrendError::TooFew { found: values.len() });
    }
    match correction {
        Correction::HamedRao { lag } => hamed_rao(values, lag),
        Correction::YueWang { lag } => yue_wang(values, lag),
        Correction::PreWhitening => mann_kendall(&whitened(values)),
        Correction::TrendFreePreWhitening => {
            let slope = slope(values)?;
            let whitened = whitened(&detrended(values)?);
            mann_kendall(&whitened.iter().zip(1..).map(|(v, t)| v + f64::from(t) * slope).collect::<Vec<_>>())
        }
    }
}

/// Mann-Kendall test of several series together: the seasons of a year (Hirsch 1982) or the places of a region (Helsel
/// & Frans 2006). S and its variance add up; series with fewer than two values add nothing.
///
/// # Errors
/// When no series has two values, or a value is not finite.
///
/// ```
/// use belcheer_rangeland::trend::combined_mann_kendall;
/// let both = combined_mann_kendall(&[vec![1.0, 2.0, 3.0], vec![5.0, 4.0, 9.0]])?;
/// assert_eq!(both.s, 3 + 1);
/// # Ok::<(), belcheer_rangeland::trend::TrendError>(())
/// ```
pub fn combined_mann_kendall(series: &[Vec<f64>]) -> Result<MannKendall, TrendError> {
    let (mut n, mut s, mut var_s, mut pairs) = (0, 0, 0.0, 0.0);
    for values in series.iter().filter(|values| values.len() > 1) {
        let one = mann_kendall(values)?;
        let count = one.n as f64;
        (n, s, var_s) = (n + one.n, s + one.s, var_s + one.var_s);
        pairs += 0.5 * count * (count - 1.0);
    }
    if n == 0 {
        return Err(TrendError::TooFew { found: 0 });
    }
    Ok(test(n, s, var_s, s as f64 / pairs))
}

fn test(n: usize, s: i64, var_s: f64, tau: f64) -> MannKendall {
    let z = if s == 0 { 0.0 } else { (s - s.signum()) as f64 / var_s.sqrt() };
    MannKendall { n, s, var_s, z, p: normal::two_sided_p(z), tau }
}

/// The test with its variance multiplied.
fn with_variance(values: &[f64], factor: f64) -> Result<MannKendall, TrendError> {
    let plain = mann_kendall(values)?;
    let var_s = plain.var_s * factor;
    if plain.s != 0 && !(var_s > 0.0 && var_s.is_finite()) {
        return Err(TrendError::NotFinite);
    }
    Ok(test(plain.n, plain.s, var_s, plain.tau))
}

fn hamed_rao(values: &[f64], lag: Option<usize>) -> Result<MannKendall, TrendError> {
    let n = values.len() as f64;
    let last = lag.unwrap_or(values.len() - 1).min(values.len() - 1);
    let correlations = autocorrelation(&ranks(&detrended(values)?), last);
    let chance = normal::quantile(1.0 - CORRELATION_ALPHA / 2.0) / n.sqrt();
    let excess = sum(correlations.iter().enumerate().skip(1).filter(|(_, r)| r.abs() > chance).map(|(i, r)| {
        let left = n - i as f64;
        left * (left - 1.0) * (left - 2.0) * r
    }));
    with_variance(values, 1.0 + 2.0 / (n * (n - 1.0) * (n - 2.0)) * excess)
}

fn yue_wang(values: &[f64], lag: Option<usize>) -> Result<MannKendall, TrendError> {
    let n = values.len() as f64;
    let last = lag.unwrap_or(values.len() - 1).min(values.len() - 1);
    let correlations = autocorrelation(&detrended(values)?, last);
    let excess = sum(correlations.iter().enumerate().skip(1).map(|(i, r)| (1.0 - i as f64 / n) * r));
    with_variance(values, 1.0 + 2.0 * excess)
}

fn slope(values: &[f64]) -> Result<f64, TrendError> {
    let times: Vec<f64> = (0..values.len()).map(|t| t as f64).collect();
    Ok(theil_sen(&times, values)?.slope)
}

fn detrended(values: &[f64]) -> Result<Vec<f64>, TrendError> {
    let slope = slope(values)?;
    Ok(values.iter().enumerate().map(|(t, v)| v - (t + 1) as f64 * slope).collect())
}

/// Each value less the one before times the first autocorrelation.
fn whitened(values: &[f64]) -> Vec<f64> {
    let first = autocorrelation(values, 1).get(1).copied().unwrap_or(0.0);
    values.windows(2).map(|w| w[1] - w[0] * first).collect()
}

/// Autocorrelations of lags 0 to `last`, all 0 but the first of values that do not vary.
fn autocorrelation(values: &[f64], last: usize) -> Vec<f64> {
    let centre = mean(values).unwrap_or(0.0);
    let from_mean: Vec<f64> = values.iter().map(|v| v - centre).collect();
    let product = |lag: usize| sum(from_mean.iter().zip(from_mean.iter().skip(lag)).map(|(a, b)| a * b));
    let whole = product(0);
    let at = |lag| {
        if lag == 0 {
            1.0
        } else if whole > 0.0 {
            product(lag) / whole
        } else {
            0.0
        }
    };
    (0..=last).map(at).collect()
}

/// Ranks from 1; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 1;
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let shared = first as f64 + (equal.len() - 1) as f64 / 2.0;
        equal.iter().for_each(|at| ranks[*at] = shared);
        first += equal.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn independent_values_are_hardly_corrected() {
        let values: Vec<f64> = (0..40).map(|t| f64::from(t * 17 % 40) + 0.1 * f64::from(t)).collect();
        let plain = mann_kendall(&values).unwrap();
        for correction in [Correction::HamedRao { lag: Some(1) }, Correction::TrendFreePreWhitening] {
            let corrected = corrected_mann_kendall(&values, correction).unwrap();
            assert!((corrected.z - plain.z).abs() < 1.0, "{correction:?}: {} {}", corrected.z, plain.z);
        }
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    }

    #[test]
    fn values_that_do_not_vary_have_no_trend() {
        let flat = [2.0; 12];
        for correction in [
            Correction::HamedRao { lag: None },
            Correction::YueWang { lag: Some(1) },
            Correction::PreWhitening,
            Correction::TrendFreePreWhitening,
        ] {
            let found = corrected_mann_kendall(&flat, correction).unwrap();
            assert_eq!((found.s, found.z, found.p), (0, 0.0, 1.0), "{correction:?}");
        }
        assert_eq!(detrended_autocorrelation(&flat), Ok(0.0));
        assert!(corrected_mann_kendall(&[1.0, 2.0, 3.0], Correction::PreWhitening).is_err());
        assert!(combined_mann_kendall(&[vec![1.0]]).is_err());
    }
}
