//! Block bootstrap of a change: whole years, or whole squares of the map, drawn with replacement, in the values' unit.
//!
//! - **Years** ([`year_block_change`]): weather is the dominant shared shock, so the year is drawn as a whole, within
//!   each period.
//! - **Space** ([`spatial_block_change`]): cells closer than the range of correlation are drawn together, as squares of
//!   at least 150 km for statements over many soums and 10 to 20 km within one (domain sheet 6.5).
//!
//! Intervals are percentiles, or bias-corrected and accelerated (BCa, Efron 1987). With five years a period has 126
//! distinct resamples and its bootstrap error is `sqrt((n - 1)/n)` of the true one: use it beside an interval with
//! degrees of freedom, never alone.

use std::collections::BTreeMap;

use belcheer_domain::Years;
use rand::Rng;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::{
    monte_carlo::{Stream, quantile_sorted},
    sums::{mean, sum, variance},
};

/// A bootstrapped change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bootstrapped {
    /// The change.
    pub effect: f64,
    /// Standard deviation of the draws.
    pub se: f64,
    /// Percentile interval.
    pub percentile: (f64, f64),
    /// BCa interval, where the jackknife gives an acceleration.
    pub bca: Option<(f64, f64)>,
    /// Blocks drawn from.
    pub blocks: usize,
    /// Draws that gave a change.
    pub draws: usize,
}

/// Sums of one measure over one spatial block, by year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BlockYear {
    /// The block, such as a statistical cell.
    pub block: (i32, i32),
    /// The year.
    pub year: i32,
    /// Weight with a value.
    pub sum_w: f64,
    /// Weighted sum of values.
    pub sum_wx: f64,
}

/// The change of yearly values between two periods, years drawn whole within each period.
///
/// `None` with fewer than two years in a period.
#[must_use]
pub fn year_block_change(
    series: &BTreeMap<i32, f64>,
    baseline: Years,
    reporting: Years,
    draws: usize,
    confidence: f64,
    random: &mut Stream,
) -> Option<Bootstrapped> {
    let of = |span: Years| series.iter().filter(|(y, _)| span.contains(**y)).map(|(_, v)| *v).collect::<Vec<_>>();
    let (before, after) = (of(baseline), of(reporting));
    if before.len() < 2 || after.len() < 2 {
        return None;
    }
    let effect = mean(&after)? - mean(&before)?;
    let mut resampled = |values: &[f64]| -> f64 {
        let picked = (0..values.len()).filter_map(|_| values.get(index(values.len(), random)).copied());
        picked.sum::<f64>() / values.len() as f64
    };
    let changes: Vec<f64> = (0..draws).map(|_| resampled(&after) - resampled(&before)).collect();
    let without = |values: &[f64], i: usize| {
        (sum(values.iter().copied()) - values.get(i).copied().unwrap_or(0.0)) / (values.len() - 1) as f64
    };
    let (mean_b, mean_r) = (mean(&before)?, mean(&after)?);
    let mut jackknife: Vec<f64> = (0..before.len()).map(|i| mean_r - without(&before, i)).collect();
    jackknife.extend((0..after.len()).map(|i| without(&after, i) - mean_b));
    finish(effect, changes, &jackknife, before.len() + after.len(), confidence)
}

/// The change of the log of the area mean between two periods, spatial blocks drawn whole with all their years.
///
/// `ln(mean over reporting) - ln(mean over baseline)`, means weighted by area. `None` with fewer than two blocks or a
/// mean that is not positive.
#[must_use]
pub fn spatial_block_change(
    cells: &[BlockYear],
    baseline: Years,
    reporting: Years,
    draws: usize,
    confidence: f64,
    random: &mut Stream,
) -> Option<Bootstrapped> {
    let mut sorted: Vec<&BlockYear> = cells.iter().collect();
    sorted.sort_by(|a, b| {
        (a.block, a.year).cmp(&(b.block, b.year)).then(a.sum_w.total_cmp(&b.sum_w)).then(a.sum_wx.total_cmp(&b.sum_wx))
    });
    // baseline weight and sum, reporting weight and sum
    let mut blocks: BTreeMap<(i32, i32), [f64; 4]> = BTreeMap::new();
    for cell in sorted {
        let at = if baseline.contains(cell.year) {
            0
        } else if reporting.contains(cell.year) {
            2
        } else {
            continue;
        };
        let totals = blocks.entry(cell.block).or_default();
        for (slot, value) in totals.iter_mut().skip(at).zip([cell.sum_w, cell.sum_wx]) {
            *slot += value;
        }
    }
    let blocks: Vec<[f64; 4]> = blocks.into_values().collect();
    if blocks.len() < 2 {
        return None;
    }
    let add = |a: [f64; 4], b: &[f64; 4]| [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]];
    let total = blocks.iter().fold([0.0; 4], add);
    let effect = ln_ratio(total)?;
    let draw = |random: &mut Stream| {
        let picked = (0..blocks.len()).filter_map(|_| blocks.get(index(blocks.len(), random)));
        ln_ratio(picked.fold([0.0; 4], add))
    };
    let changes: Vec<f64> = (0..draws).filter_map(|_| draw(random)).collect();
    let less = |b: &[f64; 4]| ln_ratio([total[0] - b[0], total[1] - b[1], total[2] - b[2], total[3] - b[3]]);
    let jackknife: Vec<f64> = blocks.iter().filter_map(less).collect();
    finish(effect, changes, &jackknife, blocks.len(), confidence)
}

fn ln_ratio(sums: [f64; 4]) -> Option<f64> {
    let [weight_b, sum_b, weight_r, sum_r] = sums;
    let change = ((sum_r / weight_r) / (sum_b / weight_b)).ln();
    change.is_finite().then_some(change)
}

/// A uniform index below `n`; the bias of the remainder is below 1e-15 for any count of blocks here.
fn index(n: usize, random: &mut Stream) -> usize {
    (random.next_u64() % n.max(1) as u64) as usize
}

fn finish(effect: f64, mut draws: Vec<f64>, jackknife: &[f64], blocks: usize, confidence: f64) -> Option<Bootstrapped> {
    let se = variance(&draws)?.sqrt();
    draws.sort_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - confidence);
    let percentile = (quantile_sorted(&draws, tail)?, quantile_sorted(&draws, 1.0 - tail)?);
    let bca = bca_interval(&draws, effect, jackknife, confidence);
    Some(Bootstrapped { effect, se, percentile, bca, blocks, draws: draws.len() })
}

/// The bias-corrected and accelerated interval of sorted draws (Efron 1987), with jackknife values of the statistic.
///
/// `None` when all draws lie on one side of the estimate or the jackknife values do not vary.
#[must_use]
pub fn bca_interval(sorted: &[f64], estimate: f64, jackknife: &[f64], confidence: f64) -> Option<(f64, f64)> {
    let normal = Normal::standard();
    let below = sorted.iter().filter(|d| **d < estimate).count() as f64;
    let not_above = sorted.iter().filter(|d| **d <= estimate).count() as f64;
    let share = 0.5 * (below + not_above) / sorted.len() as f64;
    if !(share > 0.0 && share < 1.0) {
        return None;
    }
    let z0 = normal.inverse_cdf(share);
    let centre = mean(jackknife)?;
    let (mut cubes, mut squares) = (0.0, 0.0);
    for value in jackknife {
        cubes += (centre - value).powi(3);
        squares += (centre - value).powi(2);
    }
    let acceleration = cubes / (6.0 * squares.powf(1.5));
    if !acceleration.is_finite() {
        return None;
    }
    let end = |tail: f64| {
        let z = z0 + normal.inverse_cdf(tail);
        quantile_sorted(sorted, normal.cdf(z0 + z / (1.0 - acceleration * z)))
    };
    let tail = 0.5 * (1.0 - confidence);
    Some((end(tail)?, end(1.0 - tail)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monte_carlo::{standard_normal, stream};

    const BASELINE: Years = Years { first: 2009, last: 2018 };
    const REPORTING: Years = Years { first: 2019, last: 2023 };

    #[test]
    fn year_blocks_have_the_error_of_their_closed_form() {
        let mut random = stream(1, "years");
        let series: BTreeMap<i32, f64> = (2009..2024).map(|y| (y, standard_normal(&mut random))).collect();
        let found = year_block_change(&series, BASELINE, REPORTING, 20_000, 0.90, &mut random).unwrap();
        let of = |span: Years| series.range(span.first..=span.last).map(|(_, v)| *v).collect::<Vec<_>>();
        let part = |v: &[f64]| variance(v).unwrap() * (v.len() - 1) as f64 / (v.len() * v.len()) as f64;
        let exact = (part(&of(BASELINE)) + part(&of(REPORTING))).sqrt();
        assert!((found.se / exact - 1.0).abs() < 0.02, "{} {exact}", found.se);
        assert!(found.percentile.0 < found.effect && found.effect < found.percentile.1 && found.bca.is_some());
        let one = series.into_iter().filter(|(y, _)| *y < 2020).collect();
        assert_eq!(year_block_change(&one, BASELINE, REPORTING, 10, 0.90, &mut random), None);
    }

    fn cells(blocks: i32, common: bool) -> Vec<BlockYear> {
        let mut random = stream(2, "space");
        let mut cells = Vec::new();
        for b in 0..blocks {
            let change = 0.1 * standard_normal(&mut random);
            for c in 0..9 {
                let own = if common { change } else { 0.1 * standard_normal(&mut random) };
                for year in 2009..2024 {
                    let value = (if year > 2018 { own } else { 0.0_f64 }).exp();
                    let place = if common { (b, 0) } else { (b, c) };
                    cells.push(BlockYear { block: place, year, sum_w: 1.0, sum_wx: value });
                }
            }
        }
        cells
    }

    #[test]
    fn neighbours_that_change_together_count_once() {
        let of = |cells: &[BlockYear]| {
            spatial_block_change(cells, BASELINE, REPORTING, 2000, 0.90, &mut stream(3, "draws")).unwrap()
        };
        let (together, apart) = (of(&cells(20, true)), of(&cells(20, false)));
        assert_eq!((together.blocks, apart.blocks), (20, 180));
        assert!(together.se > 2.0 * apart.se, "{} {}", together.se, apart.se);
        let mut shuffled = cells(20, true);
        shuffled.reverse();
        assert_eq!(of(&shuffled), together);
    }
}
