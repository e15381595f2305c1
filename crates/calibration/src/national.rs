//! The national decision stage, timed: 330 soums, five indicators, 24 years, 2,000 bootstrap draws, from partials.
//!
//! Evidence, bootstraps, adjusted p, verdicts, status and score of every soum; run with one thread and with two, with
//! the partials in order and shuffled, and compared byte by byte.

use std::collections::BTreeMap;
use std::time::Instant;

use belcheer_assessment::decide::{Verdicts, decide_soum};
use belcheer_assessment::evidence::{BySoum, Measured, Yearly, condition, conversion};
use belcheer_assessment::partials::Partial;
use belcheer_assessment::result::IndicatorRow;
use belcheer_domain::{Digest, Indicator, SoumCode, Tier};
use belcheer_verification::estimators::bootstrap::{BlockYear, spatial_block_change, year_block_change};
use belcheer_verification::{Better, change_between, monte_carlo};
use rayon::prelude::*;

use crate::draw::Draw;
use crate::judge::{Rules, productivity_of};
use crate::simulate::{BASELINE, REPORTING, Simulated, YEARS, simulate};
use crate::world::WORLDS;

/// Bootstrap draws of the stage.
pub const DRAWS: usize = 2000;

/// One run of the stage.
#[derive(Debug, Clone)]
pub struct Run {
    pub threads: usize,
    pub shuffled: bool,
    pub seconds: f64,
    pub digest: String,
    pub rows: usize,
}

/// Runs the stage three times: one thread, two threads, two threads on shuffled partials.
pub fn run(rules: &Rules, seed: u64, draws: usize) -> anyhow::Result<Vec<Run>> {
    let world = WORLDS.first().ok_or_else(|| anyhow::anyhow!("no kind of country is defined"))?;
    let country = simulate(world, seed)?;
    let mut shuffled = country.partials.clone();
    let mut draw = Draw::new(seed);
    for last in (1..shuffled.len()).rev() {
        shuffled.swap(last, (draw.uniform() * (last + 1) as f64) as usize);
    }
    let cases = [(1, false, &country.partials), (2, false, &country.partials), (2, true, &shuffled)];
    let one = |(threads, shuffled, partials): (usize, bool, &Vec<Partial>)| -> anyhow::Result<Run> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let start = Instant::now();
        let (bytes, rows) = pool.install(|| stage(&country, partials, rules, (seed, draws)))?;
        let seconds = start.elapsed().as_secs_f64();
        Ok(Run { threads, shuffled, seconds, digest: Digest::of(&bytes).hex(), rows })
    };
    cases.into_iter().map(one).collect()
}

/// Everything from partials to the bytes of the result.
fn stage(
    country: &Simulated,
    partials: &[Partial],
    rules: &Rules,
    (seed, draws): (u64, usize),
) -> anyhow::Result<(Vec<u8>, usize)> {
    let losses = yearly(country, 13, 0.01);
    let measured: Vec<(Indicator, BySoum)> = vec![
        (Indicator::I1, productivity_of(&country.inputs, partials, rules)),
        (Indicator::I2, condition::measure(&country.inputs, BASELINE, REPORTING, &rules.settings)),
        (Indicator::I3, changes(yearly(country, 11, 0.05), rules)),
        (Indicator::I4, changes(yearly(country, 17, 0.02), rules)),
        (
            Indicator::I5,
            conversion::measure(country.truth.keys().copied(), &losses, BASELINE, REPORTING, &rules.settings),
        ),
    ];
    let mut verdicts = Verdicts::new();
    let mut rows: Vec<IndicatorRow> = Vec::new();
    for (indicator, by_soum) in &measured {
        rows.extend(rules.rows(*indicator, by_soum, &mut verdicts)?);
    }
    rows.sort_by_key(|r| (r.au2, r.indicator));
    let mut own: BTreeMap<SoumCode, Vec<&IndicatorRow>> = BTreeMap::new();
    rows.iter().for_each(|r| own.entry(r.au2).or_default().push(r));
    let mut cells: BTreeMap<SoumCode, Vec<BlockYear>> = BTreeMap::new();
    for p in partials {
        let cell = BlockYear { block: p.cell, year: p.year, sum_w: p.sums.sum_w, sum_wx: p.sums.sum_wx };
        cells.entry(p.zone).or_default().push(cell);
    }
    let soums: Vec<SoumCode> = verdicts.keys().copied().collect();
    let said: Vec<String> = soums
        .par_iter()
        .map(|soum| {
            let of_soum = verdicts.get(soum).cloned().unwrap_or_default();
            let (status, reasons, score) = decide_soum(
                *soum,
                &of_soum,
                own.get(soum).map_or(&[][..], Vec::as_slice),
                &rules.scheme,
                &rules.parameters,
                seed,
            );
            let years: Vec<_> = measured
                .iter()
                .map(|(indicator, by_soum)| {
                    let mut random = monte_carlo::soum_stream(seed, "years", *soum, *indicator);
                    let series = &by_soum.get(soum)?.yearly.as_ref()?.values;
                    year_block_change(series, BASELINE, REPORTING, draws, 0.90, &mut random)
                })
                .collect();
            let mut random = monte_carlo::soum_stream(seed, "space", *soum, Indicator::I1);
            let own_cells = cells.get(soum).map_or(&[][..], Vec::as_slice);
            let space = spatial_block_change(own_cells, BASELINE, REPORTING, draws, 0.90, &mut random);
            format!("{soum} {status} {reasons:?} {score:?} {years:?} {space:?}")
        })
        .collect();
    Ok((serde_json::to_vec(&(&rows, said))?, rows.len()))
}

/// A yearly series for each soum that nothing happens to, for indicators that have no partials of their own.
fn yearly(country: &Simulated, seed: u64, noise: f64) -> BTreeMap<SoumCode, BTreeMap<i32, f64>> {
    let mut draw = Draw::new(seed);
    let mut one = || YEARS.iter().map(|y| (y, noise * draw.normal())).collect();
    country.truth.keys().map(|soum| (*soum, one())).collect()
}

fn changes(series: BTreeMap<SoumCode, BTreeMap<i32, f64>>, rules: &Rules) -> BySoum {
    let one = |years: BTreeMap<i32, f64>| {
        let change = change_between(&years, BASELINE, REPORTING, &rules.settings).ok();
        Measured {
            estimate: change.map(|c| c.estimate.improvement_signed(Better::Lower)),
            years: change.map_or((0, 0), |c| (c.baseline_years, c.reporting_years)),
            tier: Tier::T2,
            coverage: Some(1.0),
            yearly: Some(Yearly {
                observed: BTreeMap::new(),
                values: years,
                common: 0.0,
                ln_to_percent: false,
                persistence: None,
            }),
            ..Measured::nothing("", Vec::new())
        }
    };
    series.into_iter().map(|(soum, years)| (soum, one(years))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_and_the_order_of_partials_change_no_byte() {
        let runs = run(&Rules::national().unwrap(), 5, 50).unwrap();
        assert_eq!(runs.len(), 3);
        assert!(runs.iter().all(|r| r.digest == runs[0].digest && r.rows == 330 * 5), "{runs:?}");
        assert!(runs[2].shuffled);
    }
}
