//! How the two constants that simulation must set were chosen: on countries of their own, which judge nothing.

use std::fmt::Write;

use belcheer_domain::Indicator;
use rayon::prelude::*;

use crate::judge::{Rules, productivity_of};
use crate::report::{number, percent};
use crate::simulate::simulate;
use crate::tally::{Tally, True};
use crate::world::WORLDS;

/// Levels of the F test of noisier reporting years that are tried.
const NOISIER_P: [f64; 4] = [0.05, 0.10, 0.15, 0.20];
/// Distances, standard errors, at which a soum stops voting on its zone's years, that are tried.
const STANDING_OUT_T: [f64; 3] = [2.0, 2.5, 3.0];
/// What a pair must keep on these countries, inside the promises so that the judging countries need not be lucky:
/// coverage of every kind, and the false discovery rate as the mean over kinds.
const COVERAGE: (f64, f64) = (0.875, 0.93);
const FALSE_DISCOVERY_RATE_MAX: f64 = 0.095;

struct Pair {
    noisier_p: f64,
    standing_out_t: f64,
    kinds: Vec<Tally>,
}

impl Pair {
    fn coverage(&self) -> (f64, f64) {
        let all = self.kinds.iter().filter_map(Tally::coverage);
        all.fold((1.0, 0.0), |(low, high), c| (low.min(c), high.max(c)))
    }

    fn false_discovery_rate(&self) -> f64 {
        let all: Vec<f64> = self.kinds.iter().filter_map(Tally::false_discovery_rate).collect();
        all.iter().sum::<f64>() / all.len().max(1) as f64
    }

    fn power(&self) -> f64 {
        let mut all = Tally::default();
        self.kinds.iter().for_each(|t| all.merge(t));
        all.power(0).map_or(0.0, |p| p.0)
    }

    fn keeps(&self) -> bool {
        let (low, high) = self.coverage();
        low >= COVERAGE.0 && high <= COVERAGE.1 && self.false_discovery_rate() <= FALSE_DISCOVERY_RATE_MAX
    }
}

/// Tries every pair of constants on countries of `seed` and tells the table with the choice: of the pairs that keep the
/// aims the one with the most power for a change of 20 %, of equals the one with the fewest false discoveries.
pub fn page(rules: &Rules, seed: u64, countries: usize) -> anyhow::Result<String> {
    let mut pairs: Vec<Pair> = NOISIER_P
        .iter()
        .flat_map(|p| STANDING_OUT_T.iter().map(|t| Pair { noisier_p: *p, standing_out_t: *t, kinds: Vec::new() }))
        .collect();
    for (kind, world) in WORLDS.iter().enumerate() {
        let one = |n: usize| -> anyhow::Result<Vec<Tally>> {
            let country = simulate(world, crate::country_seed(seed, kind, n))?;
            let truths: Vec<True> =
                country.truth.values().map(|t| True { change: t.change_percent, se_ln: None }).collect();
            let of = |pair: &Pair| -> anyhow::Result<Tally> {
                let mut own = rules.clone();
                own.settings.noisier_p = pair.noisier_p;
                own.parameters.panel.standing_out_t = pair.standing_out_t;
                let measured = productivity_of(&country.inputs, &country.partials, &own);
                let mut tally = Tally::default();
                tally.add(&own.rows(Indicator::I1, &measured, &mut Default::default())?, &truths, 0.0, f64::abs);
                Ok(tally)
            };
            pairs.iter().map(of).collect()
        };
        let each: Vec<anyhow::Result<Vec<Tally>>> = (0..countries).into_par_iter().map(one).collect();
        let mut sums = vec![Tally::default(); pairs.len()];
        for country in each {
            sums.iter_mut().zip(country?).for_each(|(sum, tally)| sum.merge(&tally));
        }
        pairs.iter_mut().zip(sums).for_each(|(pair, tally)| pair.kinds.push(tally));
    }
    Ok(table(&pairs, seed, countries))
}

fn table(pairs: &[Pair], seed: u64, countries: usize) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} countries of seed {seed}, {countries} of each kind; none of them judges. Aims: coverage of every kind between \
         {:.1} and {:.1} %, false discovery rate at most {FALSE_DISCOVERY_RATE_MAX} as the mean over kinds; of the pairs \
         that keep them the one with the most power for 20 %, of equals the one with the fewest false discoveries.\n\n\
         | level of the F test | stops voting at, standard errors | coverage, worst kinds | FDR | power 20 % | keeps the aims |\n\
         |---|---|---|---|---|---|",
        countries * WORLDS.len(),
        100.0 * COVERAGE.0,
        100.0 * COVERAGE.1,
    );
    let kept = pairs.iter().enumerate().filter(|(_, p)| p.keeps());
    let best = kept.max_by(|(_, a), (_, b)| {
        a.power().total_cmp(&b.power()).then(b.false_discovery_rate().total_cmp(&a.false_discovery_rate()))
    });
    let best = best.map(|(at, _)| at);
    for (at, pair) in pairs.iter().enumerate() {
        let (low, high) = pair.coverage();
        let said = match (pair.keeps(), best == Some(at)) {
            (true, true) => "**chosen**",
            (true, false) => "yes",
            (false, _) => "no",
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} to {} | {} | {} | {said} |",
            pair.noisier_p,
            pair.standing_out_t,
            percent(Some(low)),
            percent(Some(high)),
            number(Some(pair.false_discovery_rate())),
            number(Some(pair.power())),
        );
    }
    out
}
