//! Least squares by modified Gram-Schmidt, with standard errors clustered two ways.

#![allow(clippy::indexing_slicing)]

use std::collections::BTreeMap;

use super::within::dot;

/// A column whose part not explained by earlier columns is smaller than this share of its length is not estimable.
const COLLINEAR: f64 = 1e-6;

/// Value and clustered standard error per column; `None` for an empty or collinear column.
pub(super) type ColumnFit = Option<(f64, Option<f64>)>;

/// Fits `response` on `columns` (both already freed of group effects, columns of about unit variance before that).
///
/// `V = V_soum + V_year - V_white` after Cameron, Gelbach & Miller (2011), never less than `V_soum`; each `V_c` is the
/// sandwich over clusters c with the factor `G/(G - 1)`. Fewer than two clusters of a kind give no standard error.
pub(super) fn orthogonal_fit(columns: &[&[f64]], response: &[f64], soums: &[usize], years: &[usize]) -> Vec<ColumnFit> {
    let mut fits: Vec<ColumnFit> = vec![None; columns.len()];
    let mut kept: Vec<usize> = Vec::new();
    let mut q: Vec<Vec<f64>> = Vec::new();
    let mut upper: Vec<Vec<f64>> = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let mut rest = column.to_vec();
        let mut projections = Vec::with_capacity(q.len() + 1);
        for axis in &q {
            let along = dot(axis, &rest);
            rest.iter_mut().zip(axis).for_each(|(r, a)| *r -= along * a);
            projections.push(along);
        }
        let length = dot(&rest, &rest).sqrt();
        if rest.is_empty() || length <= COLLINEAR * (rest.len() as f64).sqrt() {
            continue;
        }
        rest.iter_mut().for_each(|r| *r /= length);
        projections.push(length);
        kept.push(index);
        q.push(rest);
        upper.push(projections);
    }
    let mut residual = response.to_vec();
    let scores: Vec<f64> = q.iter().map(|axis| dot(axis, response)).collect();
    for (axis, along) in q.iter().zip(&scores) {
        residual.iter_mut().zip(axis).for_each(|(r, a)| *r -= along * a);
    }
    let values = back_substitute(&upper, &scores);
    let whole: Vec<usize> = (0..response.len()).collect();
    for (position, index) in kept.iter().enumerate() {
        // The row of R^-1 that carries the orthogonal coefficients to this column's.
        let inverse_row = inverse_row(&upper, position);
        let influence: Vec<f64> = (0..response.len())
            .map(|row| inverse_row.iter().zip(&q).map(|(w, axis)| w * axis[row]).sum::<f64>() * residual[row])
            .collect();
        let by_soum = clustered(&influence, soums);
        let two_way = by_soum
            .zip(clustered(&influence, years))
            .zip(clustered(&influence, &whole))
            .map(|((soum, year), white)| (soum + year - white).max(soum));
        fits[*index] = Some((values[position], two_way.map(f64::sqrt)));
    }
    fits
}

/// Solves R x = b, with R stored by columns.
fn back_substitute(upper: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut x = right.to_vec();
    for i in (0..x.len()).rev() {
        x[i] /= upper[i][i];
        for j in 0..i {
            x[j] -= upper[i][j] * x[i];
        }
    }
    x
}

fn inverse_row(upper: &[Vec<f64>], row: usize) -> Vec<f64> {
    (0..upper.len())
        .map(|k| {
            let unit: Vec<f64> = (0..upper.len()).map(|j| f64::from(u8::from(j == k))).collect();
            back_substitute(upper, &unit)[row]
        })
        .collect()
}

/// The sum over clusters of squared totals, times G/(G - 1).
fn clustered(influence: &[f64], cluster_of_row: &[usize]) -> Option<f64> {
    let mut totals: BTreeMap<usize, f64> = BTreeMap::new();
    for (value, cluster) in influence.iter().zip(cluster_of_row) {
        *totals.entry(*cluster).or_insert(0.0) += value;
    }
    let clusters = totals.len() as f64;
    (clusters >= 2.0).then(|| totals.values().map(|t| t * t).sum::<f64>() * clusters / (clusters - 1.0))
}
