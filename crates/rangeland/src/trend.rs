//! Trend of a yearly series: Mann-Kendall test, Theil-Sen slope, least-squares slope, and what they are called.
//!
//! Times are strictly increasing and may have gaps; a missing year is simply absent, or `None` in [`trend`].

mod block;
mod critical;
mod gpg;
mod least_squares;
mod mann_kendall;
mod serial_correlation;
mod theil_sen;
mod trends_earth;

pub use block::{BlockTrend, Plane, RawValue, TrendBlock};
pub use critical::{Confidence, CriticalValues, KendallTable, exact_two_sided_p};
pub use gpg::TrendLevel;
pub use least_squares::least_squares_slope;
pub use mann_kendall::{MannKendall, mann_kendall, mann_kendall_in};
pub use serial_correlation::{Correction, combined_mann_kendall, corrected_mann_kendall, detrended_autocorrelation};
pub use theil_sen::{SenLine, theil_sen, theil_sen_in};
pub use trends_earth::TrendCode;

/// Why a series has no trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrendError {
    /// Fewer than two valid years.
    #[error("the series has {found} valid values; a trend needs two or more")]
    TooFew {
        /// Valid values.
        found: usize,
    },
    /// Times and values differ in number.
    #[error("the series has {times} times but {values} values; give one time per value")]
    Length {
        /// Number of times.
        times: usize,
        /// Number of values.
        values: usize,
    },
    /// Times do not increase.
    #[error("time {position} of the series is not after the one before; sort the series by time")]
    Order {
        /// Index of the time.
        position: usize,
    },
    /// Planes of a block differ in length.
    #[error("a plane of the block holds {found} pixels, the first one {expected}; give planes of one grid")]
    Pixels {
        /// Pixels of the first plane.
        expected: usize,
        /// Pixels of another.
        found: usize,
    },
    /// A value, a time or a slope between two is not a finite number.
    #[error("the series holds a value or slope that is not a finite number; leave missing years out")]
    NotFinite,
}

/// The whole trend of one series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Mann-Kendall test of the valid values.
    pub mann_kendall: MannKendall,
    /// Theil-Sen line through the valid values.
    pub sen: SenLine,
}

/// Room for the intermediate values of one series, to be kept and reused for the next.
#[derive(Debug, Default)]
pub struct TrendScratch {
    times: Vec<f64>,
    values: Vec<f64>,
    work: Vec<f64>,
}

/// Mann-Kendall test and Theil-Sen line of a series with missing years.
///
/// The result is the same whatever the scratch held before; with a kept scratch nothing is allocated per series.
///
/// # Errors
/// When fewer than two values are valid, the times are not strictly increasing, or a number is not finite.
///
/// ```
/// use belcheer_rangeland::trend::{TrendScratch, trend};
/// let years = [2001.0, 2002.0, 2003.0, 2004.0, 2005.0];
/// let ndvi = [Some(0.20), Some(0.22), None, Some(0.26), Some(0.28)];
/// let found = trend(&years, &ndvi, &mut TrendScratch::default())?;
/// assert_eq!((found.mann_kendall.n, found.mann_kendall.s), (4, 6));
/// assert!((found.sen.slope - 0.02).abs() < 1e-12);
/// # Ok::<(), belcheer_rangeland::trend::TrendError>(())
/// ```
pub fn trend(times: &[f64], values: &[Option<f64>], scratch: &mut TrendScratch) -> Result<Trend, TrendError> {
    if times.len() != values.len() {
        return Err(TrendError::Length { times: times.len(), values: values.len() });
    }
    scratch.times.clear();
    scratch.values.clear();
    for (time, value) in times.iter().zip(values) {
        if let Some(value) = value {
            scratch.times.push(*time);
            scratch.values.push(*value);
        }
    }
    let sen = theil_sen_in(&scratch.times, &scratch.values, &mut scratch.work)?;
    let mann_kendall = mann_kendall_in(&scratch.values, &mut scratch.work)?;
    Ok(Trend { mann_kendall, sen })
}

/// Checks the form of a series: equal lengths, two or more finite values, strictly increasing times.
fn check(times: &[f64], values: &[f64]) -> Result<(), TrendError> {
    if times.len() != values.len() {
        return Err(TrendError::Length { times: times.len(), values: values.len() });
    }
    if values.len() < 2 {
        return Err(TrendError::TooFew { found: values.len() });
    }
    if !times.iter().chain(values).all(|v| v.is_finite()) {
        return Err(TrendError::NotFinite);
    }
    match times.windows(2).position(|w| w[0] >= w[1]) {
        Some(before) => Err(TrendError::Order { position: before + 1 }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_series_is_refused() {
        let mut scratch = TrendScratch::default();
        let mut found = |times: &[f64], values: &[Option<f64>]| trend(times, values, &mut scratch).unwrap_err();
        assert_eq!(found(&[1.0], &[]), TrendError::Length { times: 1, values: 0 });
        assert_eq!(found(&[1.0, 2.0], &[Some(1.0), None]), TrendError::TooFew { found: 1 });
        assert_eq!(found(&[1.0, 1.0], &[Some(1.0), Some(2.0)]), TrendError::Order { position: 1 });
        assert_eq!(found(&[1.0, 2.0], &[Some(f64::NAN), Some(2.0)]), TrendError::NotFinite);
        assert_eq!(found(&[1.0, 2.0], &[Some(f64::MAX), Some(-f64::MAX)]), TrendError::NotFinite);
    }
}
