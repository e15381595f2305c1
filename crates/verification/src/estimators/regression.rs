//! Least squares with standard errors clustered one or two ways, in the response's unit per unit of the column.
//!
//! ```text
//! b = (X'X)^-1 X'y      V_c = a_c (X'X)^-1 (sum over clusters g of s_g s_g') (X'X)^-1      s_g = X_g' e_g
//! a_c = G/(G - 1) (n - 1)/(n - k)      V_two-way = V_a + V_b - V_ab      (Cameron, Gelbach & Miller 2011)
//! ```
//! A two-way variance below the larger of the one-way ones is replaced by that: the difference is not positive definite
//! by construction, and fewer clusters than meant must not make an estimate look surer.

#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use nalgebra::{DMatrix, DVector};
use statrs::function::beta::checked_beta_reg;

/// A column whose part not explained by earlier columns is smaller than this share of its length is collinear.
const COLLINEAR: f64 = 1e-10;

/// Why no line was fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegressionError {
    /// Columns and response differ in length, or there is no column.
    #[error("column {column} has {found} values, the response {expected}; give one value a row")]
    Shape {
        /// The column, from 0.
        column: usize,
        /// Its values.
        found: usize,
        /// Values of the response.
        expected: usize,
    },
    /// Not more rows than columns.
    #[error("{rows} rows cannot carry {columns} columns; leave columns out or add years")]
    TooFewRows {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// A column is a combination of earlier ones.
    #[error("column {0} is a combination of the columns before it; leave it out")]
    Collinear(usize),
    /// A number is not finite.
    #[error("a value is not a finite number; leave its row out")]
    NotFinite,
}

/// A fitted linear model.
#[derive(Debug, Clone)]
pub struct Regression {
    /// One coefficient a column.
    pub coefficients: Vec<f64>,
    /// Response less fit.
    pub residuals: Vec<f64>,
    pub(super) x: DMatrix<f64>,
    /// `(X'X)^-1`.
    pub(super) bread: DMatrix<f64>,
}

/// A covariance of coefficients with the clusters behind it.
#[derive(Debug, Clone)]
pub struct Covariance {
    matrix: DMatrix<f64>,
    /// Clusters; the fewer of both kinds in a two-way covariance.
    pub clusters: usize,
}

/// Fits `response` on columns (give a column of ones for an intercept).
///
/// # Errors
/// When lengths differ, rows do not outnumber columns, a column is collinear, or a number is not finite.
///
/// ```
/// use belcheer_verification::estimators::regression::least_squares;
/// let fit = least_squares(&[vec![1.0; 3], vec![0.0, 1.0, 2.0]], &[1.0, 3.0, 5.0]).unwrap();
/// assert!((fit.coefficients[0] - 1.0).abs() < 1e-12 && (fit.coefficients[1] - 2.0).abs() < 1e-12);
/// ```
pub fn least_squares(columns: &[Vec<f64>], response: &[f64]) -> Result<Regression, RegressionError> {
    let (n, k) = (response.len(), columns.len());
    if let Some((column, short)) = columns.iter().enumerate().find(|(_, c)| c.len() != n) {
        return Err(RegressionError::Shape { column, found: short.len(), expected: n });
    }
    if n <= k || k == 0 {
        return Err(RegressionError::TooFewRows { rows: n, columns: k });
    }
    if columns.iter().flatten().chain(response).any(|v| !v.is_finite()) {
        return Err(RegressionError::NotFinite);
    }
    let x = DMatrix::from_fn(n, k, |i, j| columns[j][i]);
    let y = DVector::from_column_slice(response);
    let qr = x.clone().qr();
    let r = qr.r();
    for j in 0..k {
        let length = x.column(j).norm();
        if length == 0.0 || r[(j, j)].abs() <= COLLINEAR * length {
            return Err(RegressionError::Collinear(j));
        }
    }
    let inverse = r.solve_upper_triangular(&DMatrix::identity(k, k)).ok_or(RegressionError::Collinear(k - 1))?;
    let coefficients = &inverse * (qr.q().transpose() * &y);
    let residuals = y - &x * &coefficients;
    Ok(Regression {
        coefficients: coefficients.iter().copied().collect(),
        residuals: residuals.iter().copied().collect(),
        bread: &inverse * inverse.transpose(),
        x,
    })
}

impl Regression {
    /// Rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.residuals.len()
    }

    /// The covariance clustered by one key a row; `None` with fewer than two clusters or a wrong number of keys.
    #[must_use]
    pub fn clustered<K: Ord>(&self, cluster_of_row: &[K]) -> Option<Covariance> {
        if cluster_of_row.len() != self.rows() {
            return None;
        }
        let k = self.coefficients.len();
        let mut scores: BTreeMap<&K, DVector<f64>> = BTreeMap::new();
        for (row, key) in cluster_of_row.iter().enumerate() {
            let score = scores.entry(key).or_insert_with(|| DVector::zeros(k));
            *score += self.x.row(row).transpose() * self.residuals[row];
        }
        let clusters = scores.len();
        if clusters < 2 {
            return None;
        }
        let meat = scores.values().fold(DMatrix::zeros(k, k), |sum, s| sum + s * s.transpose());
        let (g, n) = (clusters as f64, self.rows() as f64);
        let factor = g / (g - 1.0) * (n - 1.0) / (n - k as f64);
        Some(Covariance { matrix: factor * (&self.bread * meat * &self.bread), clusters })
    }

    /// The covariance clustered two ways, such as by soum and by year.
    #[must_use]
    pub fn clustered_two_way<A: Ord, B: Ord>(&self, first: &[A], second: &[B]) -> Option<Covariance> {
        let (a, b) = (self.clustered(first)?, self.clustered(second)?);
        let cells: BTreeSet<(&A, &B)> = first.iter().zip(second).collect();
        let both: Vec<(&A, &B)> = first.iter().zip(second).collect();
        let both = if cells.len() < 2 { return None } else { self.clustered(&both)? };
        let mut matrix = &a.matrix + &b.matrix - &both.matrix;
        for i in 0..matrix.nrows() {
            let floor = a.matrix[(i, i)].max(b.matrix[(i, i)]);
            if matrix[(i, i)] < floor {
                matrix[(i, i)] = floor;
            }
        }
        Some(Covariance { matrix, clusters: a.clusters.min(b.clusters) })
    }
}

/// A joint test that some coefficients are zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointTest {
    /// `F = b'V^-1 b / q`.
    pub f: f64,
    /// Coefficients tested, q.
    pub df1: usize,
    /// Clusters less one; of one treated unit, controls less coefficients.
    pub df2: usize,
    /// Its p.
    pub p: f64,
}

impl Covariance {
    /// Standard error of a coefficient.
    #[must_use]
    pub fn se(&self, column: usize) -> Option<f64> {
        self.matrix.get((column, column)).filter(|v| **v >= 0.0).map(|v| v.sqrt())
    }

    /// Degrees of freedom of t: clusters less one.
    #[must_use]
    pub fn df(&self) -> f64 {
        self.clusters as f64 - 1.0
    }

    /// The F test that coefficients of these columns are all zero; `None` when their covariance cannot be inverted, as
    /// with more coefficients than clusters.
    #[must_use]
    pub fn joint(&self, coefficients: &[f64], columns: &[usize]) -> Option<JointTest> {
        let q = columns.len();
        if q == 0 || q >= self.clusters || columns.iter().any(|c| *c >= self.matrix.nrows().min(coefficients.len())) {
            return None;
        }
        let v = DMatrix::from_fn(q, q, |i, j| self.matrix[(columns[i], columns[j])]);
        let b = DVector::from_fn(q, |i, _| coefficients[columns[i]]);
        let f = b.dot(&v.cholesky()?.solve(&b)) / q as f64;
        let df2 = self.clusters - 1;
        Some(JointTest { f, df1: q, df2, p: f_test_p(f, q, df2)? })
    }
}

/// Upper tail of F with `df1` and `df2` degrees of freedom.
pub(super) fn f_test_p(f: f64, df1: usize, df2: usize) -> Option<f64> {
    let (d1, d2) = (df1 as f64, df2 as f64);
    checked_beta_reg(0.5 * d2, 0.5 * d1, d2 / (d2 + d1 * f)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusable_designs_are_refused() {
        let ones = vec![1.0; 4];
        assert_eq!(
            least_squares(&[ones.clone(), vec![2.0; 4]], &[1.0, 2.0, 3.0, 4.0]).unwrap_err(),
            RegressionError::Collinear(1)
        );
        let short = least_squares(&[vec![1.0]], &[1.0, 2.0]).unwrap_err();
        assert_eq!(short, RegressionError::Shape { column: 0, found: 1, expected: 2 });
        assert!(matches!(least_squares(&[vec![1.0]], &[1.0]), Err(RegressionError::TooFewRows { .. })));
        assert_eq!(least_squares(&[ones], &[1.0, f64::NAN, 0.0, 0.0]).unwrap_err(), RegressionError::NotFinite);
    }

    #[test]
    fn one_cluster_says_nothing() {
        let fit = least_squares(&[vec![1.0; 3]], &[1.0, 2.0, 4.0]).unwrap();
        assert!(fit.clustered(&[0, 0, 0]).is_none() && fit.clustered(&[0, 1]).is_none());
        assert!(fit.clustered_two_way(&[0, 1, 2], &[0, 0, 1]).unwrap().se(0).unwrap() > 0.0);
    }
}
