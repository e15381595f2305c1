//! The wild cluster bootstrap: a p-value for one coefficient that holds with few clusters, such as 21 aimags.
//!
//! The coefficient is set to zero, the model refitted, and each cluster's residuals keep or turn their sign together
//! (Rademacher). The share of sign patterns whose |t| reaches the observed one is p (Cameron, Gelbach & Miller 2008).
//! With few clusters every pattern is tried, so p is exact and its smallest value is known: `2^(1 - G)`.

#![allow(clippy::indexing_slicing)]

use std::collections::BTreeMap;

use rand::Rng;

use super::regression::{Regression, RegressionError, least_squares};
use crate::monte_carlo::Stream;

/// A bootstrap test of one coefficient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WildTest {
    /// t with cluster-robust standard error.
    pub t: f64,
    /// Two-sided p.
    pub p: f64,
    /// The smallest p that this design can reach.
    pub smallest_p: f64,
    /// Sign patterns tried.
    pub draws: usize,
    /// Whether every pattern was tried.
    pub exact: bool,
}

/// Patterns whose |t| differs from the observed by no more than this share count as reaching it.
const TIE: f64 = 1e-9;

/// Tests that the coefficient of `column` is zero. All `2^G` patterns are tried where they are no more than `draws`.
///
/// # Errors
/// As [`least_squares`]; [`RegressionError::TooFewRows`] with fewer than two clusters or a standard error of zero.
pub fn wild_cluster_bootstrap<K: Ord>(
    columns: &[Vec<f64>],
    response: &[f64],
    column: usize,
    cluster_of_row: &[K],
    draws: usize,
    random: &mut Stream,
) -> Result<WildTest, RegressionError> {
    let fit = least_squares(columns, response)?;
    let shape = || RegressionError::TooFewRows { rows: response.len(), columns: columns.len() };
    if column >= columns.len() || cluster_of_row.len() != response.len() {
        return Err(shape());
    }
    let mut others = columns.to_vec();
    others.remove(column);
    let restricted = if others.is_empty() { response.to_vec() } else { least_squares(&others, response)?.residuals };
    let number: BTreeMap<&K, usize> =
        cluster_of_row.iter().collect::<std::collections::BTreeSet<_>>().into_iter().zip(0..).collect();
    let cluster: Vec<usize> = cluster_of_row.iter().map(|k| number[k]).collect();
    let g = number.len();
    let parts = Parts::new(&fit, column, &restricted, &cluster, g);
    let ones = vec![1.0; g];
    let observed = parts.t(&ones).filter(|_| g >= 2).ok_or_else(shape)?;
    let exact = g < usize::BITS as usize - 1 && 1_usize << g <= draws;
    let reached = |t: Option<f64>| t.is_some_and(|t| t.abs() >= observed.abs() * (1.0 - TIE));
    if exact {
        let patterns = 1_usize << g;
        let signs = |bits: usize| (0..g).map(|i| if bits >> i & 1 == 1 { -1.0 } else { 1.0 }).collect::<Vec<_>>();
        let count = (0..patterns).filter(|bits| reached(parts.t(&signs(*bits)))).count();
        let (p, smallest_p) = (count as f64 / patterns as f64, 2.0 / patterns as f64);
        return Ok(WildTest { t: observed, p, smallest_p, draws: patterns, exact });
    }
    let mut count = 0;
    for _ in 0..draws {
        let signs: Vec<f64> = (0..g).map(|_| if random.next_u64() >> 63 == 1 { -1.0 } else { 1.0 }).collect();
        count += usize::from(reached(parts.t(&signs)));
    }
    let of = |count: usize| (1 + count) as f64 / (1 + draws) as f64;
    Ok(WildTest { t: observed, p: of(count), smallest_p: of(0), draws, exact })
}

/// Everything linear in the signs, by cluster, so that a draw costs G² and not a regression.
struct Parts {
    /// The coefficient's share of cluster g.
    coefficient: Vec<f64>,
    /// Score of cluster h from the residuals of cluster g.
    score: Vec<Vec<f64>>,
    factor: f64,
}

impl Parts {
    fn new(fit: &Regression, column: usize, restricted: &[f64], cluster: &[usize], g: usize) -> Self {
        let influence = &fit.x * fit.bread.column(column);
        let (n, k) = (fit.rows(), fit.coefficients.len());
        let mut coefficient = vec![0.0; g];
        let mut score = vec![vec![0.0; g]; g];
        for from in 0..g {
            let own = nalgebra::DVector::from_fn(n, |i, _| if cluster[i] == from { restricted[i] } else { 0.0 });
            coefficient[from] = influence.dot(&own);
            let left = &own - &fit.x * (&fit.bread * (fit.x.transpose() * &own));
            for (i, to) in cluster.iter().enumerate() {
                score[*to][from] += influence[i] * left[i];
            }
        }
        let (clusters, rows) = (g as f64, n as f64);
        Self { coefficient, score, factor: clusters / (clusters - 1.0) * (rows - 1.0) / (rows - k as f64) }
    }

    fn t(&self, signs: &[f64]) -> Option<f64> {
        let along = |row: &[f64]| row.iter().zip(signs).map(|(v, s)| v * s).sum::<f64>();
        let variance = self.factor * self.score.iter().map(|row| along(row).powi(2)).sum::<f64>();
        let t = along(&self.coefficient) / variance.sqrt();
        t.is_finite().then_some(t)
    }
}
