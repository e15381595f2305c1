//! Runs the comparisons with the peers and writes the page of results.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use belcheer_benches::machine;
use belcheer_benches::measure::{Invocation, ask, counts_instructions};
use belcheer_benches::place::Place;
use belcheer_benches::report::Section;
use belcheer_benches::workload::ALL;
use clap::Parser;

/// Measures Belcheer beside its peers; `scripts/bench` prepares what this needs.
#[derive(Debug, Parser)]
struct Arguments {
    /// The program to measure.
    #[arg(long)]
    program: PathBuf,
    /// Which workload: full or small.
    #[arg(long, default_value = "full")]
    size: String,
    /// Generated workloads, a folder each.
    #[arg(long)]
    data: PathBuf,
    /// Python environments of the peers, a folder each.
    #[arg(long)]
    environments: PathBuf,
    /// Compiled limit programs.
    #[arg(long)]
    limits: PathBuf,
    /// The peers' scripts.
    #[arg(long)]
    peers: PathBuf,
    /// A folder for outputs; emptied first.
    #[arg(long)]
    scratch: PathBuf,
    /// Only these comparisons, by comma.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// The page to write.
    #[arg(long)]
    output: PathBuf,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let place = place(&arguments)?;
    let facts = machine::facts(place.counting);
    let wrong: Vec<&String> = arguments.only.iter().filter(|name| ALL.iter().all(|(known, _)| known != name)).collect();
    if let Some(name) = wrong.first() {
        let known: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
        bail!("there is no comparison {name}; there are {}", known.join(", "));
    }
    let preface = preface(&arguments.size, &facts, &bandwidths(&place));
    // what is not run again stays as it was
    let mut sections = if arguments.only.is_empty() { BTreeMap::new() } else { written(&arguments.output) };
    let mut faults = 0;
    for (name, workload) in ALL {
        if !arguments.only.is_empty() && !arguments.only.iter().any(|wanted| wanted == name) {
            continue;
        }
        let start = Instant::now();
        let section = workload(&place).unwrap_or_else(|error| Section {
            title: name.to_owned(),
            about: "Not measured.".to_owned(),
            faults: vec![format!("{error:#}")],
            ..Section::default()
        });
        faults += section.faults.len();
        sections.insert(name.to_owned(), section.markdown());
        tell(&format!("{name}: {:.0} s, {} faults", start.elapsed().as_secs_f64(), section.faults.len()));
        let known = ALL.iter().filter_map(|(name, _)| sections.get_key_value(*name));
        let sections = known.map(|(name, section)| format!("\n{}\n{}\n", mark(name), section.trim()));
        let page = preface.clone() + &sections.collect::<String>();
        fs::write(&arguments.output, &page).with_context(|| arguments.output.display().to_string())?;
    }
    tell(&format!("written: {}", arguments.output.display()));
    if faults > 0 {
        bail!("{faults} answers do not agree or could not be checked; see {}", arguments.output.display())
    }
    Ok(())
}

/// What stands above a section, so that it is found again.
fn mark(name: &str) -> String {
    format!("<!-- {name} -->")
}

/// The sections of a page written before, by name.
fn written(page: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(page).unwrap_or_default();
    let of = |name: &str| {
        let (_, rest) = text.split_once(&format!("{}\n", mark(name)))?;
        Some((name.to_owned(), rest.split("\n<!-- ").next()?.to_owned()))
    };
    ALL.iter().filter_map(|(name, _)| of(name)).collect()
}

#[expect(clippy::print_stderr, reason = "a program run by hand tells how far it is")]
fn tell(text: &str) {
    eprintln!("bench: {text}");
}

fn place(arguments: &Arguments) -> Result<Place> {
    if arguments.scratch.exists() {
        fs::remove_dir_all(&arguments.scratch)?;
    }
    fs::create_dir_all(&arguments.scratch)?;
    let absolute = |path: &PathBuf| fs::canonicalize(path).with_context(|| path.display().to_string());
    let program = absolute(&arguments.program)?;
    let own = std::env::current_exe()?;
    let data = absolute(&arguments.data)?;
    Ok(Place {
        own_programs: own.parent().context("this program is in no folder")?.to_owned(),
        program,
        full: arguments.size == "full",
        workload: data.join(&arguments.size),
        data,
        environments: absolute(&arguments.environments)?,
        limits: absolute(&arguments.limits)?,
        peers: absolute(&arguments.peers)?,
        scratch: absolute(&arguments.scratch)?,
        counting: counts_instructions(),
    })
}

fn preface(size: &str, facts: &[String], bandwidths: &[String]) -> String {
    let mut page = format!(
        "# Belcheer beside its peers\n\n\
         Written by `make bench` (size {size}). All programs of a table ran in turns on this machine in one session; \
         figures are medians, peak memory is the largest process of a run. Ratios below 1 mean that ours costs less. \
         Limits are small programs that do only what cannot be avoided.\n\n"
    );
    for line in facts.iter().chain(bandwidths) {
        page.push_str(line);
        page.push('\n');
    }
    page
}

/// What memory and codecs give on this machine.
fn bandwidths(place: &Place) -> Vec<String> {
    let asked = place
        .limit("limits")
        .map_err(anyhow::Error::msg)
        .and_then(|program| ask(&Invocation::new(program, [place.input("ndvi.tif")]), &place.scratch));
    match asked {
        Err(error) => vec![format!("- physical limits: absent, {error}")],
        Ok(text) => text.lines().filter_map(bandwidth).collect(),
    }
}

/// A line of the limits program in words.
fn bandwidth(line: &str) -> Option<String> {
    let known: serde_json::Value = serde_json::from_str(line).ok()?;
    let number = |name: &str| known.get(name).and_then(serde_json::Value::as_f64);
    let rate = match (number("GBps_med"), number("raw_MBps")) {
        (Some(rate), _) => format!("{rate:.1} GB/s"),
        (None, Some(rate)) => format!("{rate:.0} MB/s of cells"),
        (None, None) => return None,
    };
    let share = number("ratio").map(|share| format!(", to {:.0} %", share * 100.0)).unwrap_or_default();
    Some(format!("- limit, {}: {rate}{share}", known.get("limit")?.as_str()?))
}
