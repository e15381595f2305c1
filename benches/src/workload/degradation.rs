//! SDG 15.3.1 of every cell, as Trends.Earth defines it.

use anyhow::Result;

use super::trend::NODATA;
use crate::alternate::{Entrant, Outcome, Patience};
use crate::measure::Invocation;
use crate::place::Place;
use crate::report::{Section, Told, Wanted, ratio};

/// Our arithmetic alone.
const OWN_KERNEL: &str = "belcheer, arithmetic only";
/// What programs tell of their arithmetic's processor time.
const KERNEL: &str = "kernel_cpu_s";
const NUMBA: &str = "numba reference of the trend, all pairs";
/// Fewest years of a trend in the reference.
const YEARS_MIN: &str = "2";

/// Runs the comparison.
pub fn compare(place: &Place) -> Result<Section> {
    let (stack, units) = (place.input("stack.tif"), place.input("units.tif"));
    let (own, reference) = (place.output("degradation"), place.output("trend_numba.tif"));
    let ours = if place.has_command("degradation") {
        let band = |number: u8| format!("{units}#{number}");
        let [cells, before, after, stock, later, water] = [1, 2, 3, 4, 5, 6].map(band);
        let call = place.belcheer([
            "degradation",
            "--mode",
            "trends-earth",
            "--scale",
            "0.0001",
            "--years",
            "2001..2024",
            "--legend",
            "unccd",
            "--landcover",
            &before,
            &after,
            "--units",
            &cells,
            "--soc",
            &stock,
            &later,
            "--water",
            &water,
            "-o",
            &own,
            "--vi",
            &stack,
        ]);
        Entrant::new("belcheer", place.version(), call)
    } else {
        Entrant::absent("belcheer", "this build has no command degradation")
    };
    let numba = |arguments: &[String]| place.script("peers", "numba", "trend_numba.py", arguments);
    let peer = Entrant::found(NUMBA, numba(&[stack.clone(), reference, YEARS_MIN.to_owned()]));
    let compile_only = numba(&[]).ok().map(|(call, _)| call);
    let kernel = Invocation::new(
        place.own_programs.join("degradation_kernel"),
        [place.input("stack.npy"), NODATA.to_owned(), units.clone()],
    );
    let own_kernel = Entrant::new(OWN_KERNEL, place.version(), kernel);
    let entrants = vec![ours, own_kernel.cold(), Entrant { warm_up: compile_only, ..peer }];
    let outcomes = place.alternate(entrants, Patience { enough_s: 0.0, limit_s: 150.0 });
    let mut section = Section {
        title: "SDG 15.3.1 of every cell".to_owned(),
        about: "Trend (least squares and Mann-Kendall S by table), state (deciles), performance, look-up table, land \
                cover by both matrices, soil organic carbon and indicator of 24 yearly int16 values a cell, from GeoTIFF \
                to ten GeoTIFFs, areas and summary. The reference computes the trend only (Theil-Sen and \
                Mann-Kendall). Arithmetic alone is timed without any file, of ours and of the reference's trend."
            .to_owned(),
        told: Some(Told { heading: "kernel CPU s".to_owned(), name: KERNEL.to_owned() }),
        outcomes,
        ..Section::default()
    };
    let user = |name: &str| section.outcome(name).and_then(Outcome::user_s);
    let whole = ratio(user(NUMBA), user("belcheer"));
    let kernel = |name: &str| section.outcome(name).and_then(|o| o.median(|cost| cost.told.get(KERNEL).copied()));
    let arithmetic = ratio(kernel(NUMBA), kernel(OWN_KERNEL));
    // 0.06 times the cost of the reference
    section.aim("times cheaper than the reference's trend alone, arithmetic", arithmetic, Wanted::AtLeast(1.0 / 0.06));
    if let Some(whole) = whole {
        section.notes.push(format!(
            "- whole program with files: {whole:.1} times cheaper than the reference's whole program, user CPU"
        ));
    }
    Ok(section)
}
