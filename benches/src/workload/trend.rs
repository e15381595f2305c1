//! Theil-Sen slope and Mann-Kendall test of every cell of 24 yearly values.

use anyhow::Result;

use crate::alternate::{Entrant, Outcome, Patience};
use crate::measure::Invocation;
use crate::place::{Place, text};
use crate::report::{Section, Told, Wanted, ratio};

const NUMBA: &str = "numba reference, all pairs";
const LIMIT: &str = "limit: a vector of cells at once, kernel only";
/// Fewest years of a trend in the reference.
const YEARS_MIN: &str = "2";
pub(super) const NODATA: &str = "-3000";
/// The bands that both write.
const BANDS: &str = "slope_per_year,mk_p";
/// Our kernel alone.
const OWN_KERNEL: &str = "belcheer, kernel only";
/// Kernel processor time.
const KERNEL: &str = "kernel_cpu_s";

/// Runs the comparison.
pub fn compare(place: &Place) -> Result<Section> {
    let stack = place.input("stack.tif");
    let (own, pair, reference) =
        (place.output("trend_belcheer.tif"), place.output("trend_pair.tif"), place.output("trend_numba.tif"));
    let years = ["--years", "2001..2024", "--min-years", YEARS_MIN];
    let call = |output: &str, more: &[&str]| {
        let first = ["trend", &stack].into_iter().chain(years).chain(["-o", output]);
        place.belcheer(first.chain(more.iter().copied()))
    };
    let ours = Entrant {
        before: vec![Invocation::new("rm", ["-f", &own, &pair]), call(&own, &[])],
        ..Entrant::new("belcheer", place.version(), call(&pair, &["--bands", BANDS])).cold()
    };
    let kernel = Invocation::new(
        place.own_programs.join("trend_kernel"),
        [place.input("stack.npy"), NODATA.to_owned(), YEARS_MIN.to_owned()],
    );
    let own_kernel = Entrant::new(OWN_KERNEL, place.version(), kernel);
    let numba = |arguments: &[String]| place.script("peers", "numba", "trend_numba.py", arguments);
    let limit = place.limit("libw2.so").and_then(|library| {
        let arguments = [text(&library), place.input("stack.npy"), NODATA.into(), YEARS_MIN.into()];
        place.script("peers", "numpy", "limit_trend.py", &arguments).map(|(call, _)| (call, String::new()))
    });
    let peer = Entrant::found(NUMBA, numba(&[stack.clone(), reference.clone(), YEARS_MIN.to_owned()]));
    let compile_only = numba(&[]).ok().map(|(call, _)| call);
    let entrants =
        vec![ours, own_kernel.cold(), Entrant { warm_up: compile_only, ..peer }, Entrant::found(LIMIT, limit).cold()];
    let outcomes = place.alternate(entrants, Patience { enough_s: 0.0, limit_s: 150.0 });
    let mut section = Section {
        title: "Trend of every cell".to_owned(),
        about: "Theil-Sen slope and Mann-Kendall p of 24 yearly int16 values a cell, with gaps and ties, from GeoTIFF \
                to GeoTIFF of two bands. The reference computes all pairs in compiled loops and writes the same bands \
                with the lightest compression. Kernels are timed without any file. The limit is a kernel without any file, single precision."
            .to_owned(),
        told: Some(Told { heading: "kernel CPU s".to_owned(), name: KERNEL.to_owned() }),
        outcomes,
        ..Section::default()
    };
    let user = |name: &str| section.outcome(name).and_then(Outcome::user_s);
    let own_user = user("belcheer");
    let whole = ratio(user(NUMBA), own_user);
    section.aim("times faster than the reference, whole program, user CPU", whole, Wanted::AtLeast(6.0));
    let kernel = |name: &str| section.outcome(name).and_then(|o| o.median(|cost| cost.told.get(KERNEL).copied()));
    let kernels = ratio(kernel(NUMBA), kernel(OWN_KERNEL));
    let beside_limit = ratio(kernel(OWN_KERNEL), kernel(LIMIT));
    section.aim("times faster than the reference, kernels", kernels, Wanted::AtLeast(10.0));
    if let Some(limit) = beside_limit {
        section.notes.push(format!("- our kernel beside the limit's: {limit:.2} times its processor time"));
    }
    if section.outcome("belcheer").is_some_and(|outcome| outcome.runs.is_ok()) {
        let theirs = section.outcome(NUMBA).is_some_and(|outcome| outcome.runs.is_ok());
        let reference = if theirs { reference } else { "-".to_owned() };
        section.checked("answers", place.check("check_trend.py", &[stack, own, pair, reference]));
    }
    Ok(section)
}
