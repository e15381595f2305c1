//! Slope by ordinary least squares.

use super::{TrendError, check};
use crate::numeric::{mean, sum};

/// Least-squares slope per unit of time, `sum (t - mean t)(x - mean x) / sum (t - mean t)^2`.
///
/// # Errors
/// With fewer than two values, times that do not strictly increase, or a number that is not finite.
///
/// ```
/// use belcheer_rangeland::trend::least_squares_slope;
/// assert_eq!(least_squares_slope(&[1.0, 2.0, 3.0], &[1.0, 2.0, 6.0])?, 2.5);
/// # Ok::<(), belcheer_rangeland::trend::TrendError>(())
/// ```
pub fn least_squares_slope(times: &[f64], values: &[f64]) -> Result<f64, TrendError> {
    check(times, values)?;
    let found = TrendError::TooFew { found: values.len() };
    let (mid_time, mid_value) = (mean(times).ok_or(found)?, mean(values).ok_or(found)?);
    let covariance = sum(times.iter().zip(values).map(|(t, x)| (t - mid_time) * (x - mid_value)));
    let slope = covariance / sum(times.iter().map(|t| (t - mid_time).powi(2)));
    if slope.is_finite() { Ok(slope) } else { Err(TrendError::NotFinite) }
}
