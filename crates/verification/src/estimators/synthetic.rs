//! Synthetic control: donors weighted so that their mean follows the treated soum through the baseline.
//!
//! ```text
//! w = argmin sum over baseline years (y_t - sum_j w_j y_jt)²     w_j >= 0, sum w_j = 1
//! effect = mean over reporting years of y_t - sum_j w_j y_jt
//! ```
//! Abadie, Diamond & Hainmueller 2010. The fit is discarded when its baseline error (RMSPE) passes half the treated
//! series' own standard deviation. Inference is by placebo: every donor is treated in turn, and p is the rank of the
//! treated soum's ratio of reporting to baseline error, so no p below `1/(1 + J)` can come of J donors.

#![allow(clippy::indexing_slicing)]

use nalgebra::{DMatrix, DVector};

use crate::{
    placebo_p,
    sums::{mean, variance},
};

/// A weight is raised from zero only when that lowers the loss by more than this share of its scale.
const GRADIENT_TOLERANCE: f64 = 1e-11;
/// Largest baseline error of a usable fit, in standard deviations of the treated series (domain sheet 6.4).
const RMSPE_MAX_SD: f64 = 0.5;

/// A weighted control.
#[derive(Debug, Clone, PartialEq)]
pub struct Synthetic {
    /// One weight a donor, in the order given.
    pub weights: Vec<f64>,
    /// Root mean squared error over the baseline.
    pub rmspe_baseline: f64,
    /// The same over the reporting period.
    pub rmspe_reporting: f64,
    /// Mean gap over the reporting period: the effect.
    pub effect: f64,
    /// The baseline error in standard deviations of the treated series over the baseline.
    pub fit_sd: f64,
    /// Whether the baseline error is small enough for the effect to mean something.
    pub usable: bool,
}

/// Placebo inference over donors.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceboInference {
    /// The treated soum's control.
    pub treated: Synthetic,
    /// Share of all units, the treated one included, whose error ratio is as large.
    pub p: f64,
    /// The smallest p that so many donors can give.
    pub smallest_p: f64,
    /// Donors whose placebo could be formed.
    pub placebos: usize,
}

impl PlaceboInference {
    /// Whether this design could have rejected at this level at all.
    #[must_use]
    pub fn can_reach(&self, level: f64) -> bool {
        self.smallest_p <= level
    }
}

/// Weighs donors; every series holds the baseline years first, then the reporting years.
///
/// `None` when lengths differ, there is no donor, fewer than two baseline or no reporting years, or a number is not
/// finite.
#[must_use]
pub fn synthetic_control(treated: &[f64], donors: &[Vec<f64>], baseline_years: usize) -> Option<Synthetic> {
    let years = treated.len();
    let well_formed = donors.iter().all(|d| d.len() == years) && !donors.is_empty();
    if !well_formed || baseline_years < 2 || baseline_years >= years {
        return None;
    }
    if treated.iter().chain(donors.iter().flatten()).any(|v| !v.is_finite()) {
        return None;
    }
    let x = DMatrix::from_fn(baseline_years, donors.len(), |t, j| donors[j][t]);
    let y = DVector::from_fn(baseline_years, |t, _| treated[t]);
    let weights = simplex_least_squares(&x, &y);
    let gap = |t: usize| treated[t] - donors.iter().zip(&weights).map(|(d, w)| w * d[t]).sum::<f64>();
    let (before, after): (Vec<f64>, Vec<f64>) =
        ((0..baseline_years).map(gap).collect(), (baseline_years..years).map(gap).collect());
    let rmspe = |gaps: &[f64]| mean(&gaps.iter().map(|g| g * g).collect::<Vec<_>>()).unwrap_or(0.0).sqrt();
    let own_sd = variance(&treated[..baseline_years])?.sqrt();
    let rmspe_baseline = rmspe(&before);
    Some(Synthetic {
        weights,
        rmspe_baseline,
        rmspe_reporting: rmspe(&after),
        effect: mean(&after)?,
        fit_sd: if own_sd > 0.0 { rmspe_baseline / own_sd } else { 0.0 },
        usable: rmspe_baseline <= RMSPE_MAX_SD * own_sd,
    })
}

/// Synthetic control of the treated series and, as placebos, of every donor from the other donors.
///
/// `None` when the treated soum's own control cannot be formed or there are fewer than two donors.
#[must_use]
pub fn placebo_inference(treated: &[f64], donors: &[Vec<f64>], baseline_years: usize) -> Option<PlaceboInference> {
    let own = synthetic_control(treated, donors, baseline_years)?;
    let ratio = |s: &Synthetic| s.rmspe_reporting / s.rmspe_baseline.max(f64::MIN_POSITIVE);
    let placebos: Vec<f64> = (0..donors.len())
        .filter_map(|j| {
            let others: Vec<Vec<f64>> =
                donors.iter().enumerate().filter(|(i, _)| *i != j).map(|(_, d)| d.clone()).collect();
            synthetic_control(&donors[j], &others, baseline_years).map(|s| ratio(&s))
        })
        .collect();
    Some(PlaceboInference {
        p: placebo_p(ratio(&own), &placebos)?,
        smallest_p: 1.0 / (1 + placebos.len()) as f64,
        placebos: placebos.len(),
        treated: own,
    })
}

/// Least squares on the simplex by an active set: exact up to rounding, not an iteration that nears the answer.
fn simplex_least_squares(x: &DMatrix<f64>, y: &DVector<f64>) -> Vec<f64> {
    let donors = x.ncols();
    let loss = |j: usize| (y - x.column(j)).norm_squared();
    let first = (0..donors).min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(0);
    let mut weights = DVector::zeros(donors);
    weights[first] = 1.0;
    let mut support = vec![first];
    let mut barred: Vec<usize> = Vec::new();
    let scale = x.norm().max(1e-300) * (y.norm() + x.norm());
    for _ in 0..50 * (donors + 1) {
        let gradient = x.transpose() * (x * &weights - y);
        let level = support.iter().map(|j| weights[*j] * gradient[*j]).sum::<f64>();
        let entering = (0..donors)
            .filter(|j| !support.contains(j) && !barred.contains(j))
            .min_by(|a, b| gradient[*a].total_cmp(&gradient[*b]))
            .filter(|j| gradient[*j] < level - GRADIENT_TOLERANCE * scale);
        let Some(entering) = entering else { break };
        support.push(entering);
        if settle(x, y, &mut weights, &mut support) {
            barred.clear();
        } else {
            support.retain(|j| *j != entering);
            barred.push(entering);
        }
    }
    weights.iter().copied().collect()
}

/// Moves to the best weights on the support, dropping donors that reach zero; false when they are not determined.
fn settle(x: &DMatrix<f64>, y: &DVector<f64>, weights: &mut DVector<f64>, support: &mut Vec<usize>) -> bool {
    while !support.is_empty() {
        let Some(target) = equality_constrained(x, y, support) else { return false };
        let blocking = support
            .iter()
            .zip(&target)
            .filter(|(_, t)| **t <= 0.0)
            .map(|(j, t)| (weights[*j] / (weights[*j] - t), *j))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((step, leaving)) = blocking else {
            support.iter().zip(&target).for_each(|(j, t)| weights[*j] = *t);
            return true;
        };
        let step = if step.is_finite() { step.clamp(0.0, 1.0) } else { 0.0 };
        support.iter().zip(&target).for_each(|(j, t)| weights[*j] += step * (t - weights[*j]));
        weights[leaving] = 0.0;
        support.retain(|j| *j != leaving);
    }
    false
}

/// Weights on the support that sum to one, of any sign.
fn equality_constrained(x: &DMatrix<f64>, y: &DVector<f64>, support: &[usize]) -> Option<Vec<f64>> {
    let (last, free) = support.split_last()?;
    if free.is_empty() {
        return Some(vec![1.0]);
    }
    // w_last = 1 - sum of the others turns the constraint into plain least squares on differences.
    let base = x.column(*last);
    let differences = DMatrix::from_fn(x.nrows(), free.len(), |t, i| x[(t, free[i])] - base[t]);
    if differences.nrows() < differences.ncols() {
        return None;
    }
    let lengths: Vec<f64> = differences.column_iter().map(|c| c.norm()).collect();
    let qr = differences.qr();
    let r = qr.r();
    if (0..free.len()).any(|i| r[(i, i)].abs() <= 1e-10 * lengths[i].max(1e-300)) {
        return None;
    }
    let solved = r.solve_upper_triangular(&(qr.q().transpose() * (y - base)))?;
    let mut weights: Vec<f64> = solved.iter().copied().collect();
    weights.push(1.0 - solved.sum());
    Some(weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_of_donors_is_recovered() {
        let donors = vec![vec![1.0, 2.0, 0.5, 3.0, 2.0], vec![2.0, 1.0, 3.0, 0.0, 1.0], vec![9.0, 9.0, 8.0, 9.5, 9.0]];
        let mixed: Vec<f64> = (0..5).map(|t| 0.25 * donors[0][t] + 0.75 * donors[1][t]).collect();
        let found = synthetic_control(&mixed, &donors, 4).unwrap();
        assert!((found.weights[0] - 0.25).abs() < 1e-12 && (found.weights[1] - 0.75).abs() < 1e-12);
        assert!(found.weights[2].abs() < 1e-12 && found.effect.abs() < 1e-12 && found.usable);
        assert_eq!(synthetic_control(&mixed, &[], 4), None);
        assert_eq!(synthetic_control(&mixed, &donors, 5), None);
    }

    #[test]
    fn few_donors_know_that_they_cannot_reach_five_percent() {
        let donors: Vec<Vec<f64>> =
            (0..10).map(|j| (0..12).map(|t| f64::from((t * 7 + j * 5) % 11) / 10.0).collect()).collect();
        let mut treated: Vec<f64> = donors[3].iter().zip(&donors[4]).map(|(a, b)| 0.5 * (a + b)).collect();
        treated[9..].iter_mut().for_each(|v| *v += 50.0);
        let found = placebo_inference(&treated, &donors, 9).unwrap();
        assert_eq!((found.placebos, found.smallest_p), (10, 1.0 / 11.0));
        assert!(found.p >= found.smallest_p && !found.can_reach(0.05) && found.can_reach(0.10));
    }
}
