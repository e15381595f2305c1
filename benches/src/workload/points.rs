//! A million points to their soums.

use anyhow::Result;

use crate::alternate::{Entrant, Outcome, Patience};
use crate::measure::Invocation;
use crate::place::{Place, text};
use crate::report::{Section, Told, Wanted, ratio};

const WITHIN: &str = "SedonaDB, ST_Within";
const INTERSECTS: &str = "SedonaDB, ST_Intersects";
/// Processor time of index and join.
const JOIN: &str = "join_cpu_s";

/// Runs the comparison.
pub fn compare(place: &Place) -> Result<Section> {
    let (zones, points) = (place.input("soums.parquet"), place.input("points.parquet"));
    let own = place.output("points_belcheer.csv");
    let program = place.own_programs.join("assign_points");
    let ours = if program.exists() {
        let arguments = [place.input("soums.gpkg"), points.clone(), own.clone()];
        Entrant::new("belcheer", place.version(), Invocation::new(program, arguments))
    } else {
        Entrant::absent("belcheer", "this build has no program assign_points")
    };
    let output = |predicate: &str| place.output(&format!("points_{predicate}.parquet"));
    let peer = |name: &str, predicate: &str| {
        let arguments = [zones.clone(), points.clone(), output(predicate), predicate.to_owned()];
        Entrant::found(name, place.script("peers", "sedonadb", "points_sedonadb.py", &arguments))
    };
    let limit = place.limit("w4_limit").map(|path| {
        let inputs = [place.input("out/edges.bin"), place.input("out/points.bin")];
        (Invocation::new(text(&path), inputs), String::new())
    });
    let entrants = vec![
        ours,
        peer(WITHIN, "ST_Within"),
        peer(INTERSECTS, "ST_Intersects"),
        Entrant::found("limit: index and join alone", limit),
    ];
    let outcomes = place.alternate(entrants, Patience { enough_s: 20.0, limit_s: 60.0 });
    let mut section = Section {
        title: "Points to soums".to_owned(),
        about:
            "Each point to the one soum it lies in, three in a hundred of them exactly on borders. The last columns \
                are index and join alone, without starting and writing."
                .to_owned(),
        told: Some(Told { heading: "join CPU s".to_owned(), name: JOIN.to_owned() }),
        outcomes,
        ..Section::default()
    };
    let join = |name: &str| section.outcome(name).and_then(|o: &Outcome| o.median(|c| c.told.get(JOIN).copied()));
    let share = ratio(join("belcheer"), join(WITHIN));
    section.aim("CPU of index and join as a share of SedonaDB's", share, Wanted::AtMost(0.35));
    if section.outcomes.iter().take(3).all(|outcome| outcome.runs.is_ok()) {
        let files = [points, own, output("ST_Within"), output("ST_Intersects")];
        section.checked("answers", place.check("check_points.py", &files));
    }
    Ok(section)
}
