//! Zonal statistics of a national raster over all soums, with exact coverage.

use std::path::Path;

use anyhow::Result;

use super::rasters::largest_file;
use crate::agreement;
use crate::alternate::{Entrant, Outcome, Patience};
use crate::measure::{Invocation, ask};
use crate::place::{Place, text};
use crate::report::{Section, Wanted, ratio};

/// What is asked of every program; GDAL's does not offer the median.
const STATISTICS: &str = "mean,sum,count,stdev,median,min,max";

const GDAL: &str = "gdal raster zonal-stats, fractional";
const EXACTEXTRACT: &str = "exactextract (Python)";
const LIMIT: &str = "limit: decoding, edges and sums alone";
const STORED: &str = "belcheer, on its stored form (zstd)";
const TWO_THREADS: &str = "belcheer, 2 threads";

/// The call of our program for these rasters.
pub fn ours(place: &Place, threads: usize, rasters: &[String], zones: &str, output: &str) -> Invocation {
    let mut arguments = vec!["zonal-stats".to_owned()];
    arguments.extend_from_slice(rasters);
    let options = ["--zones", zones, "--id", "id", "--stats", STATISTICS, "-o", output];
    arguments.extend(options.map(str::to_owned));
    place.belcheer_on(threads, arguments)
}

/// The practical limit as a program; it knows only the national grid.
pub fn limit(place: &Place) -> Result<(Invocation, String), String> {
    if !place.full {
        return Err("the limit program knows the national grid only".to_owned());
    }
    let edges = place.input("out/edges.bin");
    Ok((Invocation::new(place.limit("w1_limit")?, [place.input("ndvi.tif"), edges]), String::new()))
}

/// Runs the comparison.
pub fn compare(place: &Place) -> Result<Section> {
    let (raster, zones) = (place.input("ndvi.tif"), place.input("soums.gpkg"));
    let output = |name: &str| place.output(&format!("zonal_{name}.csv"));
    let arguments = |name: &str| [raster.clone(), zones.clone(), "id".into(), output(name), STATISTICS.into()];
    let own = |threads, name: &str| ours(place, threads, std::slice::from_ref(&raster), &zones, &output(name));
    let stored = stored(place, &raster)?;
    let on_stored = ours(place, 1, &[stored], &zones, &output("stored"));
    let entrants = vec![
        Entrant::new(STORED, place.version(), on_stored),
        Entrant::new("belcheer", place.version(), own(1, "belcheer")),
        Entrant::found(GDAL, place.script("gdal", "gdal-wheel", "zonal_gdal.py", &arguments("gdal"))),
        Entrant::found(EXACTEXTRACT, place.script("peers", "exactextract", "zonal_exactextract.py", &arguments("ee"))),
        Entrant::found(LIMIT, limit(place)),
        Entrant::new(TWO_THREADS, place.version(), own(2, "belcheer2")),
    ];
    let outcomes = place.alternate(entrants, Patience { enough_s: 30.0, limit_s: 90.0 });
    let mut section = Section {
        title: "Zonal statistics of one national raster".to_owned(),
        about: format!(
            "{STATISTICS} of an int16 NDVI raster (tiles of 512, DEFLATE, predictor 2) over every soum, each cell by \
             the exact share covered. Whole programs from file to table, one thread unless said."
        ),
        outcomes,
        ..Section::default()
    };
    let names: Vec<&str> = STATISTICS.split(',').collect();
    for (peer, name) in [(GDAL, "gdal"), (EXACTEXTRACT, "ee"), (TWO_THREADS, "belcheer2"), (STORED, "stored")] {
        if section.outcome(peer).is_some_and(|outcome| outcome.runs.is_ok()) {
            // against our own run on two threads the median too must be the same
            let result = agreement::zonal(
                Path::new(&output("belcheer")),
                Path::new(&output(name)),
                &names,
                !["belcheer2", "stored"].contains(&name),
            );
            section.checked(&format!("answers beside {peer}"), result);
        }
    }
    aims(&mut section);
    Ok(section)
}

/// The raster as ingested with Zstandard.
fn stored(place: &Place, raster: &str) -> Result<String> {
    let workspace = place.scratch.join("workspace_zonal");
    let at = text(&workspace);
    ask(&Invocation::new(&place.program, ["--quiet", "init", &at]), &place.scratch)?;
    // of no product: the raster declares no scale, and raw values are compared
    let options = ["--date", "2024", "--compression", "zstd", "--quiet"];
    let call = ["--workspace", &at, "ingest", "raster", raster].into_iter().chain(options);
    ask(&place.belcheer(call), &place.scratch)?;
    Ok(text(&largest_file(&workspace)?))
}

fn aims(section: &mut Section) {
    let user = |section: &Section, name: &str| section.outcome(name).and_then(Outcome::user_s);
    let wall = |name: &str| section.outcome(name).and_then(|o| o.median(|cost| Some(cost.wall_s)));
    let own = user(section, "belcheer");
    let gdal = ratio(own, user(section, GDAL));
    let exactextract = ratio(own, user(section, EXACTEXTRACT));
    let limit = ratio(own, user(section, LIMIT));
    let threads = ratio(wall(TWO_THREADS), wall("belcheer"));
    let peak = section.outcome("belcheer").and_then(Outcome::peak_mb);
    section.aim("user CPU as a share of GDAL's", gdal, Wanted::AtMost(0.35));
    section.aim("user CPU as a share of exactextract's", exactextract, Wanted::AtMost(0.2));
    let stored = ratio(user(section, STORED), user(section, GDAL));
    section.aim("user CPU on our stored form as a share of GDAL's", stored, Wanted::AtMost(0.25));
    section.aim("wall time on two threads as a share of one", threads, Wanted::AtMost(0.6));
    section.aim("peak memory, MB", peak, Wanted::AtMost(200.0));
    if let Some(limit) = limit {
        section.notes.push(format!("- user CPU beside the practical limit: {limit:.2} times"));
    }
}
