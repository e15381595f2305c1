//! Donors of an enrolled soum: eligible soums most like it in mean and trend of the baseline.

use std::collections::BTreeMap;

use belcheer_domain::{ContributionRule, NaturalZone, SoumCode, Years};

use super::ContributionLimit;
use crate::{
    estimators::matching::{Candidate, MatchError, nearest},
    student::t_two_sided_p,
    sums::{mean, sum},
};

/// A soum as it enters a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// The soum.
    pub soum: SoumCode,
    /// Its natural zone; soums of unknown zone are compared among themselves.
    pub zone: Option<NaturalZone>,
    /// Whether it takes part in the programme.
    pub enrolled: bool,
    /// Whether it touches the enrolled soum that is compared.
    pub adjacent: bool,
    /// Mean stocking ratio over the baseline, where known.
    pub stocking_ratio: Option<f64>,
    /// Yearly values, signed so that larger is better.
    pub series: &'a BTreeMap<i32, f64>,
}

/// Donors with how like they are.
pub(super) struct Donors<'a> {
    pub soums: Vec<Compared<'a>>,
    pub worst_difference: f64,
}

/// The donors of a soum, by code.
pub(super) fn donors<'a>(
    own: &Compared<'_>,
    pool: &[Compared<'a>],
    baseline: Years,
    rule: &ContributionRule,
) -> Result<Donors<'a>, ContributionLimit> {
    let treated = candidate(own, baseline).ok_or(ContributionLimit::DonorsNotComparable)?;
    let candidates: Vec<Candidate> = pool.iter().filter_map(|c| candidate(c, baseline)).collect();
    let counts = (rule.donors_min, rule.donors_max);
    let matched = nearest(&treated, &candidates, counts, rule.stocking_ratio_tolerance).map_err(|e| match e {
        MatchError::TooFewDonors { .. } => ContributionLimit::FewDonors,
        MatchError::Covariates => ContributionLimit::DonorsNotComparable,
    })?;
    let chosen = |c: &&Compared<'a>| matched.controls.iter().any(|m| m.soum == c.soum);
    let mut soums: Vec<Compared<'a>> = pool.iter().filter(chosen).copied().collect();
    soums.sort_by_key(|c| c.soum);
    Ok(Donors { soums, worst_difference: matched.worst_difference })
}

fn candidate(soum: &Compared<'_>, baseline: Years) -> Option<Candidate> {
    let before: BTreeMap<i32, f64> = soum.series.range(baseline.first..=baseline.last).map(|(y, v)| (*y, *v)).collect();
    let trend = Slope::of(&before)?;
    Some(Candidate {
        soum: soum.soum,
        zone: soum.zone,
        enrolled: soum.enrolled,
        adjacent: soum.adjacent,
        stocking_ratio: soum.stocking_ratio,
        covariates: vec![trend.mean, trend.slope],
    })
}

/// The least-squares line of a yearly series.
pub(super) struct Slope {
    mean: f64,
    slope: f64,
    se: f64,
    df: f64,
}

impl Slope {
    /// `None` with fewer than four years.
    pub fn of(series: &BTreeMap<i32, f64>) -> Option<Self> {
        let n = series.len();
        if n < 4 {
            return None;
        }
        let years: Vec<f64> = series.keys().map(|y| f64::from(*y)).collect();
        let values: Vec<f64> = series.values().copied().collect();
        let (mean_x, mean_y) = (mean(&years)?, mean(&values)?);
        let xx = sum(years.iter().map(|x| (x - mean_x).powi(2)));
        let xy = sum(years.iter().zip(&values).map(|(x, y)| (x - mean_x) * (y - mean_y)));
        let slope = xy / xx;
        let residual = sum(years.iter().zip(&values).map(|(x, y)| (y - mean_y - slope * (x - mean_x)).powi(2)));
        let df = n as f64 - 2.0;
        Some(Self { mean: mean_y, slope, se: (residual / df / xx).sqrt(), df })
    }

    /// Two-sided p of no slope.
    pub fn p(&self) -> Option<f64> {
        if self.se > 0.0 {
            t_two_sided_p(self.slope / self.se, self.df)
        } else {
            Some(if self.slope == 0.0 { 1.0 } else { 0.0 })
        }
    }
}
