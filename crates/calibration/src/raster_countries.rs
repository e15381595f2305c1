//! Countries end to end from rasters: made, ingested and assessed by the program itself, then held against their truth.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;

const SOUMS: &str = "24";
const RESOLUTION_DEG: &str = "0.05";

/// What was counted of one or many countries.
#[derive(Debug, Default, Clone, Copy)]
pub struct RasterTally {
    pub countries: usize,
    pub soums: usize,
    /// Intervals of I1 and those that hold the truth.
    pub intervals: usize,
    pub held: usize,
    /// Soums whose vegetation did not change, those called improved and declined on I1.
    pub unchanged: usize,
    pub improved_wrongly: usize,
    pub declined_wrongly: usize,
    /// Soums that changed, and those found.
    pub changed: usize,
    pub found: usize,
    /// Sum over countries of the share of false discoveries on I1.
    pub false_discoveries: f64,
    /// Soums that got better with a status, and those verified as improving.
    pub improving: (usize, usize),
    /// Soums that got worse, and those not verified.
    pub declining: (usize, usize),
    /// Soums that did not get better, and those verified as improving.
    pub improving_wrongly: (usize, usize),
}

type Rows = Vec<BTreeMap<String, String>>;

/// Makes, ingests and assesses one country after the other in a folder of its own.
pub fn run(program: &Path, seed: u64, countries: u64) -> anyhow::Result<RasterTally> {
    let mut tally = RasterTally::default();
    for n in 0..countries {
        let folder = tempfile::tempdir()?;
        let workspace = folder.path().join("country");
        let seed = (1000 * seed + n).to_string();
        let sample = ["sample", text(&workspace)?, "--resolution", RESOLUTION_DEG, "--soums", SOUMS, "--seed", &seed];
        call(program, &sample)?;
        let out = folder.path().join("out");
        let periods = ["--baseline", "2009..2018", "--reporting", "2019..2024"];
        call(program, &[&["--workspace", text(&workspace)?, "assess"], &periods[..], &["-o", text(&out)?]].concat())?;
        count(&mut tally, &workspace.join("truth.csv"), &out)?;
    }
    Ok(tally)
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("the temporary folder's name is not UTF-8")
}

/// Runs the program; findings are no failure.
fn call(program: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let done = Command::new(program).arg("--quiet").args(arguments).stdout(Stdio::null()).output()?;
    let told = String::from_utf8_lossy(&done.stderr);
    anyhow::ensure!(matches!(done.status.code(), Some(0 | 1)), "belcheer {}: {told}", arguments.join(" "));
    Ok(())
}

fn rows(path: PathBuf) -> anyhow::Result<Rows> {
    let mut reader = csv::Reader::from_path(&path).with_context(|| path.display().to_string())?;
    Ok(reader.deserialize().collect::<Result<Rows, _>>()?)
}

fn count(tally: &mut RasterTally, truth: &Path, out: &Path) -> anyhow::Result<()> {
    let truth: BTreeMap<String, BTreeMap<String, String>> =
        rows(truth.to_path_buf())?.into_iter().filter_map(|r| Some((r.get("au2")?.clone(), r))).collect();
    let value = |row: &BTreeMap<String, String>, column: &str| row.get(column).and_then(|v| v.parse::<f64>().ok());
    let is = |row: &BTreeMap<String, String>, column: &str, word: &str| row.get(column).is_some_and(|v| v == word);
    let of = |row: &BTreeMap<String, String>| row.get("au2").and_then(|code| truth.get(code));
    let (mut discoveries, mut wrong) = (0_usize, 0_usize);
    for row in rows(out.join("indicators.csv"))?.iter().filter(|r| is(r, "indicator", "I1")) {
        let Some(change) = of(row).and_then(|t| value(t, "vegetation_change_percent")) else { continue };
        let (rose, fell) = (is(row, "class", "improved"), is(row, "class", "declined"));
        tally.soums += 1;
        if let (Some(low), Some(high)) = (value(row, "ci90_low"), value(row, "ci90_high")) {
            tally.intervals += 1;
            tally.held += usize::from(low <= change && change <= high);
        }
        discoveries += usize::from(rose || fell);
        wrong += usize::from((rose && change <= 0.0) || (fell && change >= 0.0));
        if change == 0.0 {
            tally.unchanged += 1;
            tally.improved_wrongly += usize::from(rose);
            tally.declined_wrongly += usize::from(fell);
        } else {
            tally.changed += 1;
            tally.found += usize::from(if change > 0.0 { rose } else { fell });
        }
    }
    tally.countries += 1;
    tally.false_discoveries += wrong as f64 / discoveries.max(1) as f64;
    for row in &rows(out.join("soums.csv"))? {
        let Some(truth) = of(row) else { continue };
        let improving = is(row, "status", "verified_improving");
        let group = if is(truth, "truth", "improving") { &mut tally.improving } else { &mut tally.improving_wrongly };
        group.0 += 1;
        group.1 += usize::from(improving);
        if is(truth, "truth", "declining") {
            tally.declining.0 += 1;
            tally.declining.1 += usize::from(is(row, "status", "not_verified"));
        }
    }
    Ok(())
}
