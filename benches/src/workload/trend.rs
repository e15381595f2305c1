//! Theil-Sen slope and Mann-Kendall test of every cell of 24 yearly values.

use anyhow::Result;

use crate::alternate::{Entrant, Outcome, Patience};
use crate::place::{Place, text};
use crate::report::{Section, Told, Wanted, ratio};

const NUMBA: &str = "numba reference, all pairs";
const LIMIT: &str = "limit: a vector of cells at once, kernel only";
/// Fewest years of a trend in the reference.
const YEARS_MIN: &str = "2";
const NODATA: &str = "-3000";
/// Kernel processor time.
const KERNEL: &str = "kernel_cpu_s";

/// Runs the comparison.
pub fn compare(place: &Place) -> Result<Section> {
    let stack = place.input("stack.tif");
    let (own, reference) = (place.output("trend_belcheer.tif"), place.output("trend_numba.tif"));
    let ours = if place.has_command("trend") {
        let call = place.belcheer(["trend", &stack, "--years", "2001..2024", "-o", &own]);
        Entrant::new("belcheer", place.version(), call)
    } else {
        Entrant::absent("belcheer", "this build has no command trend")
    };
    let numba = |arguments: &[String]| place.script("peers", "numba", "trend_numba.py", arguments);
    let limit = place.limit("libw2.so").and_then(|library| {
        let arguments = [text(&library), place.input("stack.npy"), NODATA.into(), YEARS_MIN.into()];
        place.script("peers", "numpy", "limit_trend.py", &arguments).map(|(call, _)| (call, String::new()))
    });
    let peer = Entrant::found(NUMBA, numba(&[stack.clone(), reference.clone(), YEARS_MIN.to_owned()]));
    let compile_only = numba(&[]).ok().map(|(call, _)| call);
    let entrants = vec![ours, Entrant { warm_up: compile_only, ..peer }, Entrant::found(LIMIT, limit)];
    let outcomes = place.alternate(entrants, Patience { enough_s: 0.0, limit_s: 150.0 });
    let mut section = Section {
        title: "Trend of every cell".to_owned(),
        about: "Theil-Sen slope and Mann-Kendall S, Z, p and n of 24 yearly int16 values a cell, with gaps and ties, \
                from GeoTIFF to GeoTIFF. The reference computes all pairs in compiled loops and writes the same five \
                bands with the lightest compression. The limit is a kernel without any file, single precision."
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
    // our whole program against their kernel alone: a lower bound of the kernels' ratio
    let kernels = ratio(kernel(NUMBA), kernel("belcheer").or(own_user));
    section.aim("times faster than the reference's kernel, by our whole program", kernels, Wanted::AtLeast(6.0));
    if section.outcome("belcheer").is_some_and(|outcome| outcome.runs.is_ok()) {
        let theirs = section.outcome(NUMBA).is_some_and(|outcome| outcome.runs.is_ok());
        let reference = if theirs { reference } else { "-".to_owned() };
        section.checked("answers", place.check("check_trend.py", &[stack, own, reference]));
    }
    Ok(section)
}
