//! Least squares with an intercept and a few predictors, and how sure it is.

#![allow(clippy::needless_range_loop, reason = "two rows of a table stand side by side")]

use statrs::function::beta::checked_beta_reg;

use crate::numeric::{mean, sum};

/// A fitted relation `y = intercept + sum of slope * x`.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// Intercept.
    pub intercept: f64,
    /// Slope of each predictor.
    pub slopes: Vec<f64>,
    /// Share of the variation explained.
    pub r_squared: f64,
    /// p value of the whole relation (F test).
    pub p: f64,
    /// What is left of each value.
    pub residuals: Vec<f64>,
    /// Sum of the squared residuals.
    pub residual_squares: f64,
}

/// Why a relation was not fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegressionError {
    /// Too few values.
    #[error("{found} values are too few for a relation of {parameters} parameters; give more years")]
    TooFew {
        /// Values.
        found: usize,
        /// Intercept and slopes.
        parameters: usize,
    },
    /// Predictors and values differ in number.
    #[error("a predictor has {found} values, the series {expected}; give one of each a year")]
    Length {
        /// Values of the predictor.
        found: usize,
        /// Values of the series.
        expected: usize,
    },
    /// Predictors do not vary, or one follows from the others.
    #[error("a predictor does not vary or follows from the others; leave it out")]
    Singular,
    /// A number is not finite.
    #[error("the series holds a number that is not finite; leave missing years out")]
    NotFinite,
}

/// Pivots smaller than this share of the predictor's own variation are none.
const PIVOT_MIN: f64 = 1e-10;

/// Fits by least squares on centred predictors.
///
/// # Errors
/// When values are too few, differ in number or are not finite, or predictors do not vary on their own.
///
/// ```
/// use belcheer_rangeland::climate::regress;
/// let fit = regress(&[1.0, 3.0, 5.0, 7.5], &[&[0.0, 1.0, 2.0, 3.0]])?;
/// assert!((fit.slopes[0] - 2.15).abs() < 1e-12);
/// assert!(fit.p < 0.01);
/// # Ok::<(), belcheer_rangeland::climate::RegressionError>(())
/// ```
pub fn regress(values: &[f64], predictors: &[&[f64]]) -> Result<Regression, RegressionError> {
    let (n, k) = (values.len(), predictors.len());
    if n < k + 2 {
        return Err(RegressionError::TooFew { found: n, parameters: k + 1 });
    }
    if let Some(odd) = predictors.iter().find(|x| x.len() != n) {
        return Err(RegressionError::Length { found: odd.len(), expected: n });
    }
    if !values.iter().chain(predictors.iter().copied().flatten()).all(|v| v.is_finite()) {
        return Err(RegressionError::NotFinite);
    }
    let centre = |of: &[f64]| mean(of).unwrap_or(0.0);
    let centred = |of: &[f64]| -> Vec<f64> {
        let mid = centre(of);
        of.iter().map(|v| v - mid).collect()
    };
    let x: Vec<Vec<f64>> = predictors.iter().map(|of| centred(of)).collect();
    let y = centred(values);
    let product = |a: &[f64], b: &[f64]| sum(a.iter().zip(b).map(|(a, b)| a * b));
    let rows = x.iter().map(|row| x.iter().map(|col| product(row, col)).chain([product(row, &y)]).collect()).collect();
    let slopes = solve(rows).ok_or(RegressionError::Singular)?;
    let residuals: Vec<f64> =
        (0..n).map(|at| y[at] - sum(slopes.iter().zip(&x).map(|(slope, x)| slope * x[at]))).collect();
    let residual_squares = product(&residuals, &residuals);
    let squares = product(&y, &y);
    let r_squared = if squares > 0.0 { (1.0 - residual_squares / squares).clamp(0.0, 1.0) } else { 0.0 };
    let free = (n - k - 1) as f64;
    let f = r_squared / k.max(1) as f64 / ((1.0 - r_squared) / free);
    let intercept = centre(values) - sum(slopes.iter().zip(predictors).map(|(slope, x)| slope * centre(x)));
    Ok(Regression { intercept, slopes, r_squared, p: f_survival(f, k as f64, free), residuals, residual_squares })
}

/// Share of an F distribution above a value; 0 of an endless one.
pub(super) fn f_survival(f: f64, above: f64, below: f64) -> f64 {
    if f.is_nan() || above <= 0.0 || below <= 0.0 {
        return 1.0;
    }
    let share = if f.is_infinite() { 0.0 } else { below / (below + above * f.max(0.0)) };
    checked_beta_reg(below / 2.0, above / 2.0, share.clamp(0.0, 1.0)).unwrap_or(1.0)
}

/// Solves rows `[coefficients, right side]`; `None` where they are not independent.
fn solve(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = rows.len();
    let own: Vec<f64> = (0..n).map(|at| rows[at][at]).collect();
    for at in 0..n {
        let pivot = rows[at][at];
        if !(pivot > own[at] * PIVOT_MIN && pivot > 0.0) {
            return None;
        }
        for below in at + 1..n {
            let factor = rows[below][at] / pivot;
            for col in at..=n {
                rows[below][col] -= factor * rows[at][col];
            }
        }
    }
    let mut found = vec![0.0; n];
    for at in (0..n).rev() {
        let known: f64 = (at + 1..n).map(|col| rows[at][col] * found[col]).sum();
        found[at] = (rows[at][n] - known) / rows[at][at];
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_predictors_and_the_f_test() {
        let (a, b): (Vec<f64>, Vec<f64>) = (0..8).map(|i| (f64::from(i), f64::from(i * i % 5))).unzip();
        let y: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 1.0 + 2.0 * a - 0.5 * b).collect();
        let fit = regress(&y, &[&a, &b]).unwrap();
        assert!((fit.intercept - 1.0).abs() < 1e-12);
        assert!((fit.slopes[0] - 2.0).abs() < 1e-12 && (fit.slopes[1] + 0.5).abs() < 1e-12);
        assert!(fit.r_squared > 1.0 - 1e-12 && fit.p < 1e-12);
        // F(1, 10) above 4.9646 is 5 percent
        assert!((f_survival(4.964_602_7, 1.0, 10.0) - 0.05).abs() < 1e-7);
    }

    #[test]
    fn malformed_relations_are_refused() {
        assert_eq!(regress(&[1.0, 2.0], &[&[1.0, 2.0]]), Err(RegressionError::TooFew { found: 2, parameters: 2 }));
        assert_eq!(regress(&[1.0, 2.0, 3.0], &[&[1.0; 2]]), Err(RegressionError::Length { found: 2, expected: 3 }));
        assert_eq!(regress(&[1.0, 2.0, 3.0], &[&[4.0; 3]]), Err(RegressionError::Singular));
        let x = [1.0, 2.0, 4.0, 7.0, 1.0];
        assert_eq!(regress(&[1.0, 2.0, 3.0, 4.0, 9.0], &[&x, &x]), Err(RegressionError::Singular));
        assert_eq!(regress(&[1.0, f64::NAN, 3.0], &[&[1.0, 2.0, 3.0]]), Err(RegressionError::NotFinite));
    }
}
