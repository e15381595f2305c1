//! Matched controls: soums that could stand in for a treated one, nearest first by Mahalanobis distance.
//!
//! Eligible are soums that are not enrolled, not adjacent (leakage), of the same zone, with a baseline stocking ratio
//! within a share of the treated soum's (domain sheet 6.4). Distance is `sqrt((x - y)' S^-1 (x - y))` with S the sample
//! covariance of the pool's covariates (Rubin 1980), so it does not depend on units.

#![allow(clippy::indexing_slicing)]

use belcheer_domain::{NaturalZone, SoumCode};
use nalgebra::{DMatrix, DVector};

use crate::sums::{mean, variance};

/// A soum that may be a control, or the treated soum.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The soum.
    pub soum: SoumCode,
    /// Its dominant zone; soums of unknown zone are compared among themselves.
    pub zone: Option<NaturalZone>,
    /// Whether it takes part in the programme.
    pub enrolled: bool,
    /// Whether it touches a treated soum, or one within the leakage buffer.
    pub adjacent: bool,
    /// Baseline stocking ratio, where known.
    pub stocking_ratio: Option<f64>,
    /// Baseline covariates such as mean and trend of vegetation, the same list for all.
    pub covariates: Vec<f64>,
}

/// One matched control.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// The soum.
    pub soum: SoumCode,
    /// Mahalanobis distance.
    pub distance: f64,
}

/// Controls with how well they balance.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched {
    /// Nearest first; ties by code.
    pub controls: Vec<Match>,
    /// Largest absolute difference of a covariate between the treated soum and its controls' mean, in standard
    /// deviations of the eligible soums.
    pub worst_difference: f64,
}

/// Why no controls were matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MatchError {
    /// Too few eligible soums.
    #[error("{found} soums are eligible as controls, {needed} are needed; label the counterfactual as a model")]
    TooFewDonors {
        /// Eligible soums.
        found: usize,
        /// Needed.
        needed: usize,
    },
    /// Covariates differ in number, are not finite, or do not vary independently.
    #[error("the covariates of the pool cannot be compared; give finite ones of equal number that vary independently")]
    Covariates,
}

/// The candidates that may serve as controls of `treated`.
pub fn eligible<'a>(
    treated: &Candidate,
    pool: &'a [Candidate],
    stocking_tolerance: f64,
) -> impl Iterator<Item = &'a Candidate> {
    let (soum, zone, ratio) = (treated.soum, treated.zone, treated.stocking_ratio);
    pool.iter().filter(move |c| {
        let alike = match (ratio, c.stocking_ratio) {
            (Some(t), Some(own)) => (own - t).abs() <= stocking_tolerance * t.abs(),
            _ => true,
        };
        c.soum != soum && c.zone == zone && !c.enrolled && !c.adjacent && alike
    })
}

/// The eligible soums nearest to `treated`: as many as there are, from `least` to `most`.
///
/// # Errors
/// When fewer than `least` are eligible, or the covariates cannot be compared.
pub fn nearest(
    treated: &Candidate,
    pool: &[Candidate],
    (least, most): (usize, usize),
    stocking_tolerance: f64,
) -> Result<Matched, MatchError> {
    let donors: Vec<&Candidate> = eligible(treated, pool, stocking_tolerance).collect();
    if donors.len() < least.max(2) {
        return Err(MatchError::TooFewDonors { found: donors.len(), needed: least.max(2) });
    }
    let k = treated.covariates.len();
    let finite = |c: &Candidate| c.covariates.len() == k && c.covariates.iter().all(|v| v.is_finite());
    if k == 0 || !finite(treated) || !donors.iter().all(|d| finite(d)) {
        return Err(MatchError::Covariates);
    }
    let column = |j: usize| donors.iter().map(|d| d.covariates[j]).collect::<Vec<_>>();
    let spread: Vec<f64> = (0..k).map(|j| variance(&column(j)).unwrap_or(f64::NAN).sqrt()).collect();
    let centre: Vec<f64> = (0..k).map(|j| mean(&column(j)).unwrap_or(0.0)).collect();
    let n = donors.len() as f64;
    let product = |i: usize, j: usize| {
        let cross = donors.iter().map(|d| (d.covariates[i] - centre[i]) * (d.covariates[j] - centre[j]));
        cross.sum::<f64>() / (n - 1.0)
    };
    let covariance = DMatrix::from_fn(k, k, product).cholesky().ok_or(MatchError::Covariates)?;
    let mut controls: Vec<(Match, &Candidate)> = donors
        .into_iter()
        .map(|d| {
            let gap = DVector::from_fn(k, |j, _| d.covariates[j] - treated.covariates[j]);
            let distance = gap.dot(&covariance.solve(&gap)).sqrt();
            (Match { soum: d.soum, distance }, d)
        })
        .collect();
    controls.sort_by(|a, b| a.0.distance.total_cmp(&b.0.distance).then(a.0.soum.cmp(&b.0.soum)));
    controls.truncate(most);
    let difference = |j: usize| {
        let own = mean(&controls.iter().map(|(_, d)| d.covariates[j]).collect::<Vec<_>>()).unwrap_or(f64::NAN);
        ((treated.covariates[j] - own) / spread[j]).abs()
    };
    let worst_difference = (0..k).map(difference).fold(0.0, f64::max);
    Ok(Matched { controls: controls.into_iter().map(|(m, _)| m).collect(), worst_difference })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(n: u16, covariates: &[f64]) -> Candidate {
        Candidate {
            soum: SoumCode::new(6401 + n).unwrap(),
            zone: Some(NaturalZone::Steppe),
            enrolled: false,
            adjacent: false,
            stocking_ratio: Some(1.0),
            covariates: covariates.to_vec(),
        }
    }

    #[test]
    fn neighbours_partners_and_other_zones_are_no_controls() {
        let treated = candidate(0, &[0.0]);
        let mut pool: Vec<Candidate> = (1..8).map(|n| candidate(n, &[f64::from(n)])).collect();
        pool[0].adjacent = true;
        pool[1].enrolled = true;
        pool[2].zone = Some(NaturalZone::Desert);
        pool[3].stocking_ratio = Some(1.31);
        let matched = nearest(&treated, &pool, (2, 2), 0.30).unwrap();
        assert_eq!(matched.controls.iter().map(|m| m.soum.number()).collect::<Vec<_>>(), [6406, 6407]);
        let refused = nearest(&treated, &pool, (5, 5), 0.30).unwrap_err();
        assert_eq!(refused, MatchError::TooFewDonors { found: 3, needed: 5 });
        pool[5].covariates = vec![f64::NAN];
        assert_eq!(nearest(&treated, &pool, (2, 2), 0.30).unwrap_err(), MatchError::Covariates);
    }
}
