//! A large striped raster into a tiled one with overviews.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::alternate::{Entrant, Outcome, Patience};
use crate::measure::Invocation;
use crate::place::{Place, text};
use crate::report::{Section, Wanted, ratio};

const ZSTD: &str = "belcheer, zstd";
const COG: &str = "gdal_translate -of COG, average overviews";
const WARP: &str = "gdalwarp, bilinear, and gdaladdo";
const TILED: &str = "gdal_translate, tiled, no overviews";
const OPTIONS: [&str; 6] = ["-co", "COMPRESS=DEFLATE", "-co", "PREDICTOR=2", "-co", "BIGTIFF=IF_SAFER"];

/// Runs the comparison.
pub fn compare(place: &Place) -> Result<Section> {
    let source = place.input("striped.tif");
    let workspace = place.scratch.join("workspace");
    let (cog, tiled) = (place.output("striped_cog.tif"), place.output("striped_tiled.tif"));
    let at = text(&workspace);
    let ingest = ["--workspace", &at, "ingest", "raster", &source, "--product", "ndvi", "--date", "2024"];
    let before = vec![Invocation::new("rm", ["-rf", &at]), Invocation::new(&place.program, ["--quiet", "init", &at])];
    let gdal = |form: &[&str], output: &str| {
        let options = OPTIONS.iter().chain(form).copied();
        place.tool("gdal_translate", ["-q"].into_iter().chain(options).chain([source.as_str(), output]))
    };
    let as_cog = ["-of", "COG", "-co", "BLOCKSIZE=512", "-co", "OVERVIEW_RESAMPLING=AVERAGE"];
    let as_tiles = ["-co", "TILED=YES", "-co", "BLOCKXSIZE=512", "-co", "BLOCKYSIZE=512"];
    let zstd_at = text(&place.scratch.join("workspace_zstd"));
    let zstd =
        ["--workspace", &zstd_at].into_iter().chain(ingest[2..].iter().copied()).chain(["--compression", "zstd"]);
    let before_zstd =
        vec![Invocation::new("rm", ["-rf", &zstd_at]), Invocation::new(&place.program, ["--quiet", "init", &zstd_at])];
    let entrants = vec![
        Entrant { before: before_zstd, ..Entrant::new(ZSTD, place.version(), place.belcheer(zstd)) },
        Entrant { before, ..Entrant::new("belcheer", place.version(), place.belcheer(ingest)) },
        Entrant::found(COG, gdal(&as_cog, &cog)),
        Entrant::found(TILED, gdal(&as_tiles, &tiled)),
    ];
    let outcomes =
        place.alternate(entrants.into_iter().map(Entrant::cold).collect(), Patience { enough_s: 0.0, limit_s: 80.0 });
    let bytes = fs::metadata(&source)?.len() as f64;
    let mut section = Section {
        title: "Ingest of a large raster".to_owned(),
        about: format!(
            "A striped, uncompressed int16 raster of {:.0} MB into tiles of 512 with DEFLATE and overviews. Ours also \
             hashes source and result and records both in a workspace.",
            bytes / 1e6
        ),
        outcomes,
        ..Section::default()
    };
    let user = |name: &str| section.outcome(name).and_then(Outcome::user_s);
    let share = ratio(user("belcheer"), user(COG));
    let peak = section.outcome("belcheer").and_then(Outcome::peak_mb);
    section.aim("user CPU as a share of GDAL's COG writer", share, Wanted::AtMost(1.0));
    section.aim("peak memory, MB", peak, Wanted::AtMost(512.0));
    if section.outcome("belcheer").is_some_and(|outcome| outcome.runs.is_ok()) {
        let stored = largest_file(&workspace)?;
        let size = |path: &Path| fs::metadata(path).ok().map(|m| m.len() as f64);
        let sizes = ratio(size(&stored), size(Path::new(&cog)));
        section.aim("bytes as a share of GDAL's COG", sizes, Wanted::AtMost(1.05));
        section.checked("cells of the source", place.check("check_raster.py", &[source, text(&stored)]));
    }
    Ok(section)
}

/// Runs the comparison with a change of the coordinate system.
pub fn compare_warped(place: &Place) -> Result<Section> {
    let source = place.input("striped.tif");
    let workspace = place.scratch.join("workspace_warped");
    let (at, warped) = (text(&workspace), place.output("striped_warped.tif"));
    let to = ["--to-crs", "4326", "--product", "ndvi", "--date", "2024"];
    let ingest = ["--workspace", &at, "ingest", "raster", &source].into_iter().chain(to);
    let before = vec![Invocation::new("rm", ["-rf", &at]), Invocation::new(&place.program, ["--quiet", "init", &at])];
    let peer = place.tool("gdalwarp", ["--version"]).and_then(|(_, version)| {
        let script = place.script("peers", "numpy", "warp_gdal.py", &[source.clone(), at.clone(), warped.clone()]);
        script.map(|(call, _)| (call, version))
    });
    // ours goes first: the peer takes its grid
    let entrants = vec![
        Entrant { before, ..Entrant::new("belcheer", place.version(), place.belcheer(ingest)) },
        Entrant::found(WARP, peer),
    ];
    let outcomes =
        place.alternate(entrants.into_iter().map(Entrant::cold).collect(), Patience { enough_s: 0.0, limit_s: 80.0 });
    let mut section = Section {
        title: "Ingest with another coordinate system".to_owned(),
        about: "The same raster from UTM zone 48 into degrees, bilinearly. Ours also hashes and records; the peer \
                warps onto the same grid and then adds the same overviews."
            .to_owned(),
        outcomes,
        ..Section::default()
    };
    let user = |name: &str| section.outcome(name).and_then(Outcome::user_s);
    let share = ratio(user("belcheer"), user(WARP));
    let peak = section.outcome("belcheer").and_then(Outcome::peak_mb);
    section.aim("user CPU as a share of the peer's", share, Wanted::AtMost(1.0));
    section.aim("peak memory, MB", peak, Wanted::AtMost(512.0));
    if section.outcomes.iter().all(|outcome| outcome.runs.is_ok()) {
        let stored = text(&largest_file(&workspace)?);
        section.checked("cells beside gdalwarp", place.check("check_warp.py", &[stored, warped]));
    }
    Ok(section)
}

/// The blob that holds the raster.
pub(super) fn largest_file(folder: &Path) -> Result<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut largest: Option<(u64, PathBuf)> = None;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let known = entry.metadata()?;
            if known.is_dir() {
                folders.push(entry.path());
            } else if largest.as_ref().is_none_or(|(size, _)| known.len() > *size) {
                largest = Some((known.len(), entry.path()));
            }
        }
    }
    largest.map(|(_, path)| path).context("the workspace is empty")
}
