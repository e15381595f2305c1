//! Model-assisted means where strata differ or the map was trained on the same plots, in the plots' unit.
//!
//! ```text
//! stratified: sum_h (N_h/N) (mean over map of y^_h + mean e_h)      V = sum_h (N_h/N)² s²_eh / n_h
//! cross-validated: y^_i from a line fitted without the plots of i's own soum, e_i = y_i - y^_i
//! ```
//! Residuals of a map trained on the same plots flatter it; leaving out whole soums also takes out what one
//! technician's plots have in common (Särndal, Swensson & Wretman 1992; domain sheet 6.7).

use serde::{Deserialize, Serialize};

use super::greg::PlotPair;
use super::regression::{RegressionError, least_squares};
use crate::student::satterthwaite_df;
use crate::sums::{mean, variance};

/// A stratum: its share of the area, the map's mean in it, its plots.
#[derive(Debug, Clone, PartialEq)]
pub struct MapStratum {
    /// Share of the area.
    pub share: f64,
    /// Mean of the map over the stratum.
    pub map_mean: f64,
    /// Plots in the stratum.
    pub plots: Vec<PlotPair>,
}

/// A stratified model-assisted mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StratifiedMean {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// Degrees of freedom after Satterthwaite (1946).
    pub df: f64,
    /// Plots used.
    pub plots: usize,
}

/// The model-assisted mean over strata; `None` when shares do not sum to one or a stratum has fewer than two plots.
#[must_use]
pub fn stratified(strata: &[MapStratum]) -> Option<StratifiedMean> {
    let whole: f64 = strata.iter().map(|s| s.share).sum();
    if strata.iter().any(|s| s.share < 0.0) || (whole - 1.0).abs() > 1e-9 {
        return None;
    }
    let (mut estimate, mut plots, mut variances) = (0.0, 0, Vec::with_capacity(strata.len()));
    for stratum in strata {
        let errors: Vec<f64> = stratum.plots.iter().map(|p| p.measured - p.mapped).collect();
        estimate += stratum.share * (stratum.map_mean + mean(&errors)?);
        let own = stratum.share * stratum.share * variance(&errors)? / errors.len() as f64;
        variances.push((own, (errors.len() - 1) as f64));
        plots += errors.len();
    }
    let spread: f64 = variances.iter().map(|(own, _)| own).sum();
    let df = satterthwaite_df(&variances);
    (estimate + spread).is_finite().then(|| StratifiedMean { estimate, se: spread.sqrt(), df, plots })
}

/// A plot with the covariate of the map at it and the group that is left out together, such as its soum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingPlot {
    /// The group.
    pub group: u32,
    /// Covariate, such as the vegetation index.
    pub covariate: f64,
    /// Measured value.
    pub measured: f64,
}

/// Every plot with the value that a line fitted on the other groups gives it.
///
/// # Errors
/// As [`least_squares`], for instance with a single group.
pub fn leave_group_out(plots: &[TrainingPlot]) -> Result<Vec<PlotPair>, RegressionError> {
    plots
        .iter()
        .map(|own| {
            let others: Vec<&TrainingPlot> = plots.iter().filter(|p| p.group != own.group).collect();
            let columns = [vec![1.0; others.len()], others.iter().map(|p| p.covariate).collect()];
            let fit = least_squares(&columns, &others.iter().map(|p| p.measured).collect::<Vec<_>>())?;
            let mapped = fit.coefficients.iter().zip([1.0, own.covariate]).map(|(b, x)| b * x).sum();
            Ok(PlotPair { measured: own.measured, mapped })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stratum_is_the_plain_estimator() {
        let measured = [410.0, 280.0, 350.0, 500.0, 220.0];
        let mapped = [380.0, 300.0, 330.0, 450.0, 260.0];
        let plots: Vec<_> = measured.iter().zip(mapped).map(|(m, y)| PlotPair { measured: *m, mapped: y }).collect();
        let plain = super::super::greg::estimate(352.0, &plots).unwrap();
        let one = stratified(&[MapStratum { share: 1.0, map_mean: 352.0, plots: plots.clone() }]).unwrap();
        assert!((one.estimate - plain.estimate).abs() < 1e-12 && (one.se - plain.se).abs() < 1e-12);
        assert!((one.df - 4.0).abs() < 1e-9);
        assert_eq!(stratified(&[MapStratum { share: 0.9, map_mean: 352.0, plots }]), None);
    }

    #[test]
    fn a_group_does_not_predict_itself() {
        let plot = |group, covariate, measured| TrainingPlot { group, covariate, measured };
        let plots = [plot(1, 0.0, 0.0), plot(1, 1.0, 1.0), plot(2, 0.0, 5.0), plot(2, 1.0, 7.0), plot(2, 2.0, 9.0)];
        let found = leave_group_out(&plots).unwrap_err();
        assert!(matches!(found, RegressionError::TooFewRows { rows: 2, .. }));
        let mut more = plots.to_vec();
        more.push(plot(1, 2.0, 2.0));
        let pairs = leave_group_out(&more).unwrap();
        assert!((pairs[0].mapped - 5.0).abs() < 1e-12 && (pairs[2].mapped - 0.0).abs() < 1e-12);
    }
}
