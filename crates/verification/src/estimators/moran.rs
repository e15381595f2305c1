//! Moran's I: spatial autocorrelation of values under given neighbour weights, dimensionless.

use crate::sums::{mean, sum};

/// `I = (n / W) sum w_ij z_i z_j / sum z_i²` with `z` about the mean (Moran 1950).
///
/// `weights` lists ordered pairs `(i, j, w)`; give both directions of a symmetric neighbourhood. `None` when values do
/// not vary, weights sum to zero, or a pair names no value.
#[must_use]
pub fn morans_i(values: &[f64], weights: &[(usize, usize, f64)]) -> Option<f64> {
    let centre = mean(values)?;
    let deviation = |i: usize| values.get(i).map(|v| v - centre);
    let mut products = Vec::with_capacity(weights.len());
    for (i, j, w) in weights {
        products.push(w * deviation(*i)? * deviation(*j)?);
    }
    let spread = sum(values.iter().map(|v| (v - centre).powi(2)));
    let index = values.len() as f64 / sum(weights.iter().map(|w| w.2)) * sum(products) / spread;
    index.is_finite().then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rook(rows: usize, cols: usize) -> Vec<(usize, usize, f64)> {
        let mut weights = Vec::new();
        for at in 0..rows * cols {
            let right = (at % cols + 1 < cols).then_some(at + 1);
            let below = (at / cols + 1 < rows).then_some(at + cols);
            for next in right.into_iter().chain(below) {
                weights.extend([(at, next, 1.0), (next, at, 1.0)]);
            }
        }
        weights
    }

    #[test]
    fn known_answer_25() {
        let nine: Vec<f64> = (1..=9).map(f64::from).collect();
        assert!((morans_i(&nine, &rook(3, 3)).unwrap() - 0.5).abs() < 1e-12);
        assert!(morans_i(&[1.0, 2.0, 3.0, 4.0], &rook(2, 2)).unwrap().abs() < 1e-12);
        assert_eq!(morans_i(&[1.0, 1.0], &[(0, 1, 1.0)]), None);
        assert_eq!(morans_i(&[1.0, 2.0], &[(0, 9, 1.0)]), None);
    }
}
