//! The synthetic control beside the matched donors, and its placebos.
//!
//! Every series enters less its own baseline mean, so that donors need to share the soum's movement and not its level
//! (Ferman & Pinto 2021); else the soums at the rim of the donors would fit badly, and the one in their midst look
//! singular.

use std::collections::BTreeMap;

use belcheer_domain::Years;
use serde::{Deserialize, Serialize};

use super::donors::Compared;
use crate::estimators::synthetic::{PlaceboInference, placebo_inference};
use crate::sums::mean;

/// How a weighted mean of donors followed a soum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SyntheticFit {
    /// Mean gap over the reporting period; `None` where the fit is discarded.
    pub effect: Option<f64>,
    /// Root mean squared error over the baseline, in standard deviations of the soum's own baseline.
    pub fit_sd: f64,
}

/// The series of donors with a value in each of some years.
pub(super) fn complete<'a>(donors: &[Compared<'a>], years: &[i32]) -> impl Iterator<Item = &'a BTreeMap<i32, f64>> {
    donors.iter().map(|d| d.series).filter(|s| years.iter().all(|y| s.contains_key(y)))
}

/// Placebo inference over the donors that have every year of the soum; `None` with fewer than `donors_min`.
pub(super) fn placebos(
    own: &BTreeMap<i32, f64>,
    donors: &[Compared<'_>],
    (baseline, reporting): (Years, Years),
    donors_min: usize,
) -> Option<PlaceboInference> {
    let within = |span: Years| own.range(span.first..=span.last).map(|(year, _)| *year).collect::<Vec<i32>>();
    let before = within(baseline);
    let years = [before.clone(), within(reporting)].concat();
    let centred = |series: &BTreeMap<i32, f64>| -> Option<Vec<f64>> {
        let values: Vec<f64> = years.iter().filter_map(|y| series.get(y).copied()).collect();
        let level = mean(values.get(..before.len())?)?;
        Some(values.iter().map(|v| v - level).collect())
    };
    let controls: Vec<Vec<f64>> = complete(donors, &years).filter_map(centred).collect();
    if controls.len() < donors_min {
        return None;
    }
    placebo_inference(&centred(own)?, &controls, before.len())
}
