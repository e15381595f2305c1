//! A whole region: 24 yearly rasters, several levels of zones, means and trends.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::alternate::{Entrant, Outcome, Patience};
use crate::measure::{Invocation, ask};
use crate::place::{Place, text};
use crate::report::{Section, Wanted, ratio};

const OURS: &str = "belcheer, means and trends of three levels";
const MEANS: &str = "belcheer, means of three levels";
const RESUMED: &str = "belcheer, all sums kept";
const TWO: &str = "belcheer, 2 threads";
const DECODE: &str = "belcheer-cog: decode all years";
const KERNEL: &str = "belcheer, trend kernel only, per cell of its stack";
const ASSESS: &str = "belcheer, assess: all indicators";
const EXACT: &str = "exactextract and pandas, means of soums";
const EARTH: &str = "Trends.Earth's trend by numba, means of soums";
const FIRST_YEAR: u32 = 2001;

/// The files that the programs read and write.
struct Files {
    country: PathBuf,
    /// Vegetation and zones without land cover, so that all programs look at the same cells.
    bare: PathBuf,
    rasters: Vec<PathBuf>,
    own: String,
    exact: String,
    earth: String,
}

impl Files {
    fn of(place: &Place) -> Result<Self> {
        let country = place.data.join(if place.full { "country-full" } else { "country-small" });
        let rasters = rasters_of(&country.join("source"))?;
        let (own, exact, earth) = (place.output("whole.csv"), place.output("exact.csv"), place.output("earth.csv"));
        Ok(Self { bare: country.join("bare"), country, rasters, own, exact, earth })
    }

    /// What the peers' scripts are called with.
    fn arguments(&self, out: &str) -> Vec<String> {
        let series = self.rasters.iter().zip(FIRST_YEAR..).map(|(raster, year)| format!("{year}={}", text(raster)));
        [text(&self.country.join("source/soums.gpkg")), "au2".to_owned(), out.to_owned()]
            .into_iter()
            .chain(series)
            .collect()
    }
}

/// Our programs, on the workspace afresh where nothing else is said.
fn ours(place: &Place, files: &Files) -> Vec<Entrant> {
    let regions = |threads: usize, more: &[&str]| {
        let workspace = text(&files.bare);
        let fixed = ["--workspace", &workspace, "regions", "--years", "2001..2024", "--level", "soum,aimag,pug"];
        place.belcheer_on(threads, fixed.into_iter().chain(["-o", &files.own]).chain(more.iter().copied()))
    };
    let trend = ["--trend", "--years-min", "2"];
    let afresh = vec![Invocation::new("rm", ["-rf".to_owned(), text(&files.bare.join("partials"))])];
    let fresh = |name: &str, call: Invocation| Entrant {
        before: afresh.clone(),
        ..Entrant::new(name, place.version(), call).cold()
    };
    let (whole, tables) = (text(&files.country), place.output("assessment"));
    let years = ["assess", "--baseline", "2009..2018", "--reporting", "2019..2024"];
    let assess = place.belcheer(["--workspace", &whole].into_iter().chain(years).chain(["-o", &tables]));
    let resumed = regions(1, &[&trend[..], &["--resume"]].concat());
    vec![
        fresh(MEANS, regions(1, &[])),
        fresh(TWO, regions(2, &trend)),
        fresh(OURS, regions(1, &trend)),
        Entrant::new(RESUMED, place.version(), resumed).cold(),
        Entrant::new(ASSESS, place.version(), assess).cold(),
    ]
}

/// Decoding and kernel by themselves, and the peers.
fn others(place: &Place, files: &Files) -> Result<Vec<Entrant>> {
    let script = |script: &str, package: &str, arguments: &[String]| place.script("peers", package, script, arguments);
    let earth = script("whole_trends_earth.py", "numba", &files.arguments(&files.earth));
    let compile = script("whole_trends_earth.py", "numba", &[]).ok().map(|(call, _)| call);
    let exact = script("whole_exactextract.py", "exactextract", &files.arguments(&files.exact));
    let stack = [place.input("stack.npy"), "-3000".to_owned(), "2".to_owned()];
    let kernel = Invocation::new(place.own_programs.join("trend_kernel"), stack);
    let stored = stored_of(&files.bare)?;
    let decode = Invocation::new(place.own_programs.join("decode_raster"), stored.iter().map(|path| text(path)));
    Ok(vec![
        Entrant::new(DECODE, place.version(), decode).cold(),
        Entrant::new(KERNEL, place.version(), kernel).cold(),
        Entrant::found(EXACT, exact).cold(),
        Entrant { warm_up: compile, ..Entrant::found(EARTH, earth) },
    ])
}

/// Runs the comparison on a made-up country.
pub fn compare(place: &Place) -> Result<Section> {
    let files = Files::of(place)?;
    let mut entrants = ours(place, &files);
    entrants.extend(others(place, &files)?);
    let mut outcomes = place.alternate(entrants, Patience { enough_s: 0.0, limit_s: 0.0 });
    // ours first, since every row is compared with the first
    outcomes.sort_by_key(|outcome| outcome.name != OURS);
    let cells = raster_cells(place, files.rasters.first().context("there is no raster")?)?;
    let mut section = Section {
        title: "A whole region".to_owned(),
        about: format!(
            "A made-up country of 340 soums, 24 yearly int16 rasters of {:.1} million cells each: yearly means of soums, \
             aimags and user groups and the mean Theil-Sen slope of each, every raster read once. exactextract gives the \
             yearly means of soums alone, Trends.Earth's definition (least squares and the S of Mann and Kendall) the \
             mean slope of soums alone. Bounds: decoding the same rasters, and the trend kernel on its own stack, scaled \
             to the number of cells.",
            cells / 1e6
        ),
        outcomes,
        ..Section::default()
    };
    let user = |name: &str| section.outcome(name).and_then(Outcome::user_s);
    let told = |name: &str, key: &str| section.outcome(name).and_then(|o| o.median(|cost| cost.told.get(key).copied()));
    let per_cell = ratio(told(KERNEL, "kernel_cpu_s"), told(KERNEL, "known"));
    let bound =
        user(DECODE).zip(per_cell).map(|(decode, kernel)| decode + kernel * cells_with_slope(&files.own, cells));
    let share = ratio(user(OURS), bound);
    let both = user(EXACT).zip(user(EARTH)).map(|(a, b)| a + b);
    let peers = ratio(user(OURS), both);
    let peak = [OURS, TWO].iter().filter_map(|name| section.outcome(name)?.peak_mb()).reduce(f64::max);
    let again = ratio(user(RESUMED), user(OURS));
    if let Some(bound) = bound {
        section.notes.push(format!("- decoding and trend kernel alone: {bound:.1} s"));
    }
    section.aim("user CPU of means and trends, in decoding and trend kernel", share, Wanted::AtMost(1.5));
    section.aim("user CPU as a share of exactextract and Trends.Earth's trend together", peers, Wanted::AtMost(0.5));
    section.aim("peak memory, MB", peak, Wanted::AtMost(1000.0));
    section.aim("user CPU with all sums kept, as a share", again, Wanted::AtMost(0.1));
    section.checked("answers", place.check("check_whole.py", &[files.own, files.exact, files.earth]));
    Ok(section)
}

/// Cells with a slope: the kernel's cost is that of cells with values.
fn cells_with_slope(table: &str, cells: f64) -> f64 {
    let counted = csv::Reader::from_path(table).ok().map(|mut reader| {
        let rows = reader.records().filter_map(Result::ok);
        let slopes = rows.filter(|r| r.get(0) == Some("soum") && r.get(3) == Some("slope_per_year"));
        slopes.filter_map(|r| r.get(8)?.parse::<f64>().ok()).sum::<f64>()
    });
    counted.filter(|n| *n > 0.0).unwrap_or(cells)
}

fn rasters_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut found: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.retain(|path| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("ndvi_peak_")));
    found.sort();
    Ok(found)
}

/// The stored forms of the yearly rasters: the workspace holds no others.
fn stored_of(workspace: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in fs::read_dir(workspace.join("blobs"))? {
        for blob in fs::read_dir(folder?.path())? {
            let path = blob?.path();
            let mut magic = [0; 2];
            let mut file = fs::File::open(&path)?;
            if file.read_exact(&mut magic).is_ok() && &magic == b"II" {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn raster_cells(place: &Place, raster: &Path) -> Result<f64> {
    let question = "import sys, rasterio; r = rasterio.open(sys.argv[1]); print(r.width * r.height)".to_owned();
    let python = place.environments.join("peers/bin/python");
    Ok(ask(&Invocation::new(python, ["-c".to_owned(), question, text(raster)]), &place.scratch)?.trim().parse()?)
}
