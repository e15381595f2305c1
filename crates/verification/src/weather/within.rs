//! The within estimator of the weather coefficients: soum and zone-by-year effects removed, then least squares.

#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::{NaturalZone, SoumCode};

use super::{Coefficient, PanelRow, least_squares::orthogonal_fit, standardised};
use crate::{VerificationParameters, sums::sum};

/// Coefficients of the baseline fit.
pub(super) struct Fit {
    pub(super) coefficients: Vec<Coefficient>,
    pub(super) zone_year_effects: bool,
    pub(super) converged: bool,
}

/// Which group each row belongs to, and how many groups there are.
struct Groups {
    of_row: Vec<usize>,
    count: usize,
}

impl Groups {
    fn new<K: Ord>(keys: impl Iterator<Item = K> + Clone) -> Self {
        let distinct: BTreeSet<K> = keys.clone().collect();
        let number: BTreeMap<K, usize> = distinct.into_iter().zip(0..).collect();
        let of_row = keys.map(|k| number.get(&k).copied().unwrap_or(0)).collect();
        Self { of_row, count: number.len() }
    }

    /// Subtracts each group's mean and returns the largest mean subtracted.
    fn subtract_means(&self, column: &mut [f64]) -> f64 {
        let mut totals = vec![(0.0_f64, 0_usize); self.count];
        for (value, group) in column.iter().zip(&self.of_row) {
            totals[*group].0 += value;
            totals[*group].1 += 1;
        }
        for (value, group) in column.iter_mut().zip(&self.of_row) {
            *value -= totals[*group].0 / totals[*group].1 as f64;
        }
        totals.iter().map(|(total, n)| (total / *n as f64).abs()).fold(0.0, f64::max)
    }
}

/// Fits the coefficients of `covariates` columns on complete baseline rows.
///
/// Zone-by-year effects are in the model where at least one zone has enough soums for a zone-by-year median; else only
/// soum effects are (a pooled residual-trend regression), and the result says so.
pub(super) fn estimate(rows: &[&PanelRow], covariates: usize, parameters: &VerificationParameters) -> Fit {
    let soums = Groups::new(rows.iter().map(|r| r.soum));
    let years = Groups::new(rows.iter().map(|r| r.year));
    let zone_year_effects = largest_zone(rows) > parameters.panel.zone_peers_min;
    let zone_years = zone_year_effects.then(|| Groups::new(rows.iter().map(|r| (r.zone, r.year))));
    let mut effects = vec![&soums];
    effects.extend(zone_years.as_ref());

    let mut converged = true;
    let mut demean = |values: Vec<f64>| {
        let (mut column, scale) = standardised(&values)?;
        converged &= project_out(&mut column, &effects, parameters);
        Some((column, scale))
    };
    let column = |j: usize| rows.iter().map(|r| r.weather[j].unwrap_or(0.0)).collect::<Vec<_>>();
    let weather: Vec<Option<(Vec<f64>, f64)>> = (0..covariates).map(|j| demean(column(j))).collect();
    let response = demean(rows.iter().map(|r| r.ln_vi).collect());

    let none = Coefficient { value: 0.0, se: None, estimable: false };
    let mut coefficients = vec![none; covariates];
    let Some((response, response_scale)) = response else {
        return Fit { coefficients, zone_year_effects, converged };
    };
    let absorbed = effects.iter().map(|g| g.count).sum::<usize>();
    let columns: Vec<&[f64]> = weather.iter().map(|w| w.as_ref().map_or(&[][..], |w| &w.0)).collect();
    let spare = rows.len().saturating_sub(absorbed + covariates);
    if spare > 0 {
        let fit = orthogonal_fit(&columns, &response, &soums.of_row, &years.of_row);
        for (slot, (value, w)) in coefficients.iter_mut().zip(fit.into_iter().zip(&weather)) {
            if let (Some((value, se)), Some((_, scale))) = (value, w) {
                let unit = response_scale / scale;
                *slot = Coefficient { value: value * unit, se: se.map(|se| se * unit), estimable: true };
            }
        }
    }
    Fit { coefficients, zone_year_effects, converged }
}

/// Removes group effects by alternating projections; says whether they converged.
fn project_out(column: &mut [f64], effects: &[&Groups], parameters: &VerificationParameters) -> bool {
    for _ in 0..parameters.panel.projection_sweeps_max {
        let moved = effects.iter().map(|g| g.subtract_means(column)).fold(0.0, f64::max);
        if moved <= parameters.panel.projection_tolerance {
            return true;
        }
    }
    column.is_empty()
}

fn largest_zone(rows: &[&PanelRow]) -> usize {
    let mut soums: BTreeMap<NaturalZone, BTreeSet<SoumCode>> = BTreeMap::new();
    for row in rows {
        soums.entry(row.zone).or_default().insert(row.soum);
    }
    soums.values().map(BTreeSet::len).max().unwrap_or(0)
}

/// The scalar product of two columns.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    sum(a.iter().zip(b).map(|(a, b)| a * b))
}
