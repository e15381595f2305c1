//! Whether verification keeps its promises: simulated countries with known truth, judged by the assessment's own code.

mod country;
mod draw;
mod judge;
mod national;
mod raster_countries;
mod report;
mod simulate;
mod tally;
mod tune;
mod world;

use std::path::PathBuf;

use belcheer_domain::Status;
use clap::Parser;
use rayon::prelude::*;

use crate::judge::{Judged, Rules, judge};
use crate::report::{Report, WorldTally};
use crate::simulate::{Simulated, simulate};
use crate::tally::{Tally, True};
use crate::world::{WORLDS, World};

/// Simulates countries with known truth and writes what verification says of them.
#[derive(Debug, Parser)]
struct Arguments {
    /// Countries of each kind; of kinds in which nothing changes four times as many.
    #[arg(long, default_value_t = 17)]
    countries: usize,
    /// Only kinds whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// Seed of the countries that judge.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// Where the report goes; standard output without.
    #[arg(long)]
    out: Option<PathBuf>,
    /// The program `belcheer`, for the countries from rasters; without it there are none.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Countries from rasters.
    #[arg(long, default_value_t = 10)]
    raster_countries: u64,
    /// Tries the constants that simulation must set, on countries of this seed, instead; they judge nothing. The table
    /// goes to the output.
    #[arg(long, conflicts_with = "national")]
    tune: Option<u64>,
    /// Times the national decision stage instead, with one and two threads and shuffled partials.
    #[arg(long)]
    national: bool,
}

/// The table of the constants' choice, as `--tune` wrote it.
const TUNING: &str = include_str!("../data/tuning.md");

#[expect(clippy::print_stdout, reason = "the report goes to standard output")]
fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let rules = Rules::national()?;
    let page = match (arguments.tune, arguments.national) {
        (Some(seed), _) => {
            anyhow::ensure!(seed != arguments.seed, "the countries of seed {seed} judge; tune on others");
            tune::page(&rules, seed, arguments.countries)?
        }
        (None, true) => told(&timed(&rules, arguments.seed)?),
        (None, false) => return report(&arguments, &rules),
    };
    match &arguments.out {
        Some(path) => std::fs::write(path, page)?,
        None => print!("{page}"),
    }
    Ok(())
}

/// Judges countries of every kind, writes the report, and fails when a promise is not kept.
#[expect(clippy::print_stdout, reason = "the report goes to standard output")]
fn report(arguments: &Arguments, rules: &Rules) -> anyhow::Result<()> {
    let chosen = WORLDS.iter().filter(|w| arguments.only.as_ref().is_none_or(|part| w.key.contains(part.as_str())));
    let mut worlds: Vec<(&World, WorldTally)> = Vec::new();
    for world in chosen {
        worlds.push((world, run(world, arguments, rules)?));
    }
    let mut all = Tally::default();
    worlds.iter().for_each(|(_, t)| all.merge(&t.productivity));
    let program = arguments.program.as_deref();
    let rasters = program.map(|p| raster_countries::run(p, arguments.seed, arguments.raster_countries)).transpose()?;
    let report = Report {
        worlds: &worlds,
        all: &all,
        seed: arguments.seed,
        rasters,
        national: told(&timed(rules, arguments.seed)?),
        tuning: TUNING,
    };
    match &arguments.out {
        Some(path) => std::fs::write(path, report.page())?,
        None => print!("{}", report.page()),
    }
    let broken: Vec<&str> = report.promises().into_iter().filter(|p| !p.kept).map(|p| p.text).collect();
    anyhow::ensure!(broken.is_empty() || arguments.only.is_some(), "promises not kept: {}", broken.join("; "));
    Ok(())
}

/// Runs of the national decision stage, whose bytes must be equal.
fn timed(rules: &Rules, seed: u64) -> anyhow::Result<Vec<national::Run>> {
    let runs = national::run(rules, seed, national::DRAWS)?;
    anyhow::ensure!(runs.windows(2).all(|w| w[0].digest == w[1].digest), "runs differ in their bytes");
    Ok(runs)
}

fn told(runs: &[national::Run]) -> String {
    let one = |r: &national::Run| {
        let order = if r.shuffled { "shuffled" } else { "in order" };
        format!("- {} threads, partials {order}: {:.1} s, {} rows, bytes {}\n", r.threads, r.seconds, r.rows, r.digest)
    };
    runs.iter().map(one).collect()
}

/// The seed of one country.
fn country_seed(seed: u64, kind: usize, n: usize) -> u64 {
    seed.wrapping_mul(1_000_003) ^ ((kind as u64) << 32) ^ n as u64
}

/// All countries of one kind; the order of threads changes nothing.
fn run(world: &World, arguments: &Arguments, rules: &Rules) -> anyhow::Result<WorldTally> {
    let kind = WORLDS.iter().position(|w| w.key == world.key).unwrap_or(0);
    let one = |n: usize| -> anyhow::Result<WorldTally> {
        let seed = country_seed(arguments.seed, kind, n);
        let country = simulate(world, seed)?;
        Ok(count(&country, &judge(&country, rules, seed)?, world))
    };
    let countries = arguments.countries * if world.unchanged() { 4 } else { 1 };
    let each: Vec<anyhow::Result<WorldTally>> = (0..countries).into_par_iter().map(one).collect();
    let mut total = WorldTally::default();
    for tally in each {
        let tally = tally?;
        total.productivity.merge(&tally.productivity);
        total.condition.merge(&tally.condition);
        total.plots_only.merge(&tally.plots_only);
        total.status.iter_mut().zip(tally.status).for_each(|(a, b)| *a += b);
        total.improving_wrongly.0 += tally.improving_wrongly.0;
        total.improving_wrongly.1 += tally.improving_wrongly.1;
    }
    Ok(total)
}

fn count(country: &Simulated, said: &Judged, world: &World) -> WorldTally {
    let mut tally = WorldTally::default();
    let plain = world.persistence == 0.0 && world.unseen_driver == 0.0 && world.reporting_noise == 1.0;
    let change = |se_ln: Option<fn(f64) -> f64>| -> Vec<True> {
        let of = |t: &simulate::Truth| True { change: t.change_percent, se_ln: se_ln.map(|f| f(t.noise_ln)) };
        country.truth.values().map(of).collect()
    };
    let design: fn(f64) -> f64 = |noise| noise * (0.1_f64 + 0.2).sqrt();
    let size: fn(f64) -> f64 = f64::abs;
    tally.productivity.add(&said.productivity, &change(plain.then_some(design)), 0.0, size);
    tally.plots_only.add(&said.plots_only, &change(None), 0.0, size);
    let points: Vec<True> = country.truth.values().map(|t| True { change: t.condition_points, se_ln: None }).collect();
    tally.condition.add(&said.condition, &points, 1e-9, |_| f64::NAN);
    for (soum, (low, high)) in &said.plain {
        let truth = country.truth.get(soum).map_or(f64::NAN, |t| t.change_percent);
        tally.productivity.plain.0 += 1;
        tally.productivity.plain.1 += usize::from(*low <= truth && truth <= *high);
    }
    for (soum, status) in &said.status {
        let place = match status {
            Status::VerifiedImproving => 0,
            Status::VerifiedMaintained => 1,
            Status::NotVerified => 2,
            Status::InsufficientEvidence => 3,
        };
        tally.status[place] += 1;
        if country.truth.get(soum).is_some_and(|t| t.change_percent == 0.0) {
            tally.improving_wrongly.1 += 1;
            tally.improving_wrongly.0 += usize::from(place == 0);
        }
    }
    tally
}
