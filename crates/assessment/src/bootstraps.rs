//! Intervals by resampling, beside the one that decides: whole years, and for I1 whole statistical cells.
//!
//! Years drawn with replacement within each period ask how much a change hangs on single years; cells of about 16 km
//! drawn with all their years ask how much it hangs on single places. Neither decides: with five reporting years a
//! bootstrap knows too few of them (`verification::estimators::bootstrap`).

use std::collections::BTreeMap;

use belcheer_domain::{Indicator, SoumCode};
use belcheer_verification::estimators::bootstrap::{BlockYear, Bootstrapped, spatial_block_change, year_block_change};
use belcheer_verification::monte_carlo;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Request;
use crate::evidence::BySoum;
use crate::partials::Partial;
use crate::result::IndicatorRow;

/// Percentile intervals of a change, in the indicator's unit, positive = better.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Bootstraps {
    /// Years drawn.
    pub years: Option<(f64, f64)>,
    /// Statistical cells drawn; of the change without weather adjustment.
    pub space: Option<(f64, f64)>,
}

/// Adds the intervals to the rows of an assessment.
pub(crate) fn resample(
    request: &Request,
    measured: &[(Indicator, &'static str, BySoum)],
    partials: &[Partial],
    rows: &mut [IndicatorRow],
) {
    let mut cells: BTreeMap<SoumCode, Vec<BlockYear>> = BTreeMap::new();
    for p in partials {
        let cell = BlockYear { block: p.cell, year: p.year, sum_w: p.sums.sum_w, sum_wx: p.sums.sum_wx };
        cells.entry(p.zone).or_default().push(cell);
    }
    let (baseline, reporting) = (request.baseline, request.reporting);
    let (draws, confidence) = (request.scheme.decision.monte_carlo_draws, request.scheme.decision.confidence);
    rows.par_iter_mut().for_each(|row| {
        let by_soum = measured.iter().find(|(i, ..)| *i == row.indicator).map(|(.., by_soum)| by_soum);
        let yearly = by_soum.and_then(|m| m.get(&row.au2)?.yearly.as_ref());
        let years = yearly.and_then(|yearly| {
            let mut random = monte_carlo::soum_stream(request.seed, "years", row.au2, row.indicator);
            let drawn = year_block_change(&yearly.values, baseline, reporting, draws, confidence, &mut random)?;
            Some(interval(&drawn, yearly.ln_to_percent))
        });
        let own = cells.get(&row.au2).filter(|_| row.indicator == Indicator::I1);
        let space = own.and_then(|own| {
            let mut random = monte_carlo::soum_stream(request.seed, "space", row.au2, row.indicator);
            let drawn = spatial_block_change(own, baseline, reporting, draws, confidence, &mut random)?;
            Some(interval(&drawn, true))
        });
        row.sensitivity.bootstraps = Bootstraps { years, space };
    });
}

fn interval(drawn: &Bootstrapped, ln_to_percent: bool) -> (f64, f64) {
    let told = |x: f64| if ln_to_percent { 100.0 * x.exp_m1() } else { x };
    (told(drawn.percentile.0), told(drawn.percentile.1))
}
