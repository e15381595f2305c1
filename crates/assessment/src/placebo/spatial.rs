//! How alike the changes of touching soums are: what tests that take soums for independent leave out.

use std::collections::BTreeMap;

use belcheer_domain::SoumCode;
use belcheer_verification::{Rejections, estimators::morans_i, monte_carlo};

use super::fake::{Series, shuffle};
use super::{LEVEL, PlaceboRow, row as placebo_row};
use crate::contributions::Surroundings;

/// Draws of the permutation test.
const PERMUTATIONS: usize = 999;

/// Moran's I of the changes of soums over touching soums, each neighbour of a soum with the same weight.
///
/// p is the share of permutations of the changes over the soums with an I as large, the observed one included. `None`
/// with fewer than ten soums that touch another.
pub(super) fn row(series: &Series, around: &Surroundings<'_>, seed: u64) -> Option<PlaceboRow> {
    let changes = series.changes(around.periods);
    let touching = |soum: &SoumCode| -> Vec<SoumCode> {
        let near = around.neighbours.get(soum).into_iter().flatten();
        near.filter(|other| changes.contains_key(other)).copied().collect()
    };
    let near: BTreeMap<SoumCode, Vec<SoumCode>> =
        changes.keys().map(|soum| (*soum, touching(soum))).filter(|(_, near)| !near.is_empty()).collect();
    if near.len() < 10 {
        return None;
    }
    let place: BTreeMap<SoumCode, usize> = near.keys().copied().zip(0..).collect();
    let mut values: Vec<f64> = near.keys().filter_map(|soum| changes.get(soum).copied()).collect();
    let mut weights = Vec::new();
    for (at, touching) in near.values().enumerate() {
        let share = 1.0 / touching.len() as f64;
        weights.extend(touching.iter().filter_map(|other| Some((at, *place.get(other)?, share))));
    }
    let observed = morans_i(&values, &weights)?;
    let mut random = monte_carlo::stream(seed, &format!("placebo/moran/{}/{}", series.indicator, series.measure));
    let mut as_large = 0;
    for _ in 0..PERMUTATIONS {
        shuffle(&mut values, &mut random);
        as_large += usize::from(morans_i(&values, &weights).is_some_and(|i| i >= observed));
    }
    let p = (1 + as_large) as f64 / (1 + PERMUTATIONS) as f64;
    let counted = Rejections { tested: values.len(), rejected: 0 };
    let row = placebo_row("touching_soums", series.indicator, series.measure, "permutation", counted, LEVEL);
    Some(PlaceboRow { morans_i: Some((observed, p)), ..row })
}
