//! How cost grows with the number of zones, of cells and of rasters.

use std::path::Path;

use anyhow::Result;

use super::zonal;
use crate::alternate::{Entrant, Outcome, Patience};
use crate::place::{Place, text};
use crate::report::{Section, Wanted};

/// Generated numbers of soums, each twice the one before.
const SOUMS: [u32; 4] = [30, 60, 120, 240];
/// Generated cell sizes, degrees; halving quadruples the cells.
const CELL_SIZES: [&str; 3] = ["0.018", "0.009", "0.0045"];
const RASTERS: [usize; 4] = [1, 2, 4, 8];

/// Runs the measurement.
pub fn compare(place: &Place) -> Result<Section> {
    let folder = |kind: &str, step: &str, file: &str| text(&place.data.join(format!("{kind}-{step}")).join(file));
    let finest = folder("cells", "0.0045", "ndvi.tif");
    let most = folder("soums", "240", "soums.gpkg");
    let output = place.output("growth.csv");
    let entrant = |name: String, rasters: &[String], zones: &str| {
        Entrant::new(name, place.version(), zonal::ours(place, 1, rasters, zones, &output))
    };
    let mut entrants = Vec::new();
    for soums in SOUMS {
        let zones = folder("soums", &soums.to_string(), "soums.gpkg");
        entrants.push(entrant(format!("{soums} zones"), std::slice::from_ref(&finest), &zones));
    }
    for size in CELL_SIZES {
        let raster = folder("cells", size, "ndvi.tif");
        entrants.push(entrant(format!("cells of {size} degrees"), &[raster], &most));
    }
    for count in RASTERS {
        let rasters = same_under_names(place, &finest, count)?;
        entrants.push(entrant(format!("{count} rasters"), &rasters, &most));
    }
    let outcomes = place.alternate(entrants, Patience { enough_s: 5.0, limit_s: 40.0 });
    let mut section = Section {
        title: "Growth".to_owned(),
        about:
            "Zonal statistics with doubled zones over one raster of 0.0045 degrees, with four times the cells under \
                240 zones, and with doubled rasters of one grid. Only the growth from row to row counts here."
                .to_owned(),
        ..Section::default()
    };
    section.notes.push("| step | user CPU s | peak MB | growth of user CPU |".to_owned());
    section.notes.push("|---|---:|---:|---:|".to_owned());
    let groups = [("zones", SOUMS.len()), ("cells", CELL_SIZES.len()), ("rasters", RASTERS.len())];
    let mut rest = outcomes.as_slice();
    for (what, steps) in groups {
        let (group, others) = rest.split_at(steps.min(rest.len()));
        rest = others;
        let last = tell(&mut section, group);
        let bound = if what == "cells" { 4.4 } else { 2.2 };
        section.aim(format!("growth of user CPU over the last step, {what}"), last, Wanted::AtMost(bound));
    }
    section.notes.push(String::new());
    Ok(section)
}

/// Adds the rows of one group and gives the growth over its last step.
pub(super) fn tell(section: &mut Section, group: &[Outcome]) -> Option<f64> {
    let mut before: Option<f64> = None;
    let mut growth = None;
    for outcome in group {
        let user = outcome.user_s();
        growth = before.and_then(|before| Some(user? / before));
        let show = |n: Option<f64>, digits: usize| n.map(|n| format!("{n:.digits$}")).unwrap_or_default();
        let (peak, step) = (show(outcome.peak_mb(), 0), show(growth, 2));
        section.notes.push(format!("| {} | {} | {peak} | {step} |", outcome.name, show(user, 3)));
        if let Err(reason) = &outcome.runs {
            section.faults.push(format!("{}: {reason}", outcome.name));
        }
        before = user;
    }
    growth
}

/// One raster under as many names.
fn same_under_names(place: &Place, raster: &str, count: usize) -> Result<Vec<String>> {
    let folder = place.scratch.join("growth");
    std::fs::create_dir_all(&folder)?;
    (0..count)
        .map(|n| {
            let link = folder.join(format!("raster_{n}.tif"));
            if !link.exists() && std::fs::hard_link(Path::new(raster), &link).is_err() {
                std::fs::copy(raster, &link)?;
            }
            Ok(text(&link))
        })
        .collect()
}
