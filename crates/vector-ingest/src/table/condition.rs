//! Surveys of condition: line-point intercepts, gaps between plants, and the sites they were made on.
//!
//! A plot and its visit are one thing here: the plot's column alone, or with the one of the visit.

use belcheer_domain::records::{LinePointHit, PlantGap, Site};
use belcheer_door::Refusal;

use super::{
    Drafts,
    cells::{Cells, Fault, RowCells},
};
use crate::messages::Log;

/// Reads what pins touched; a row without a code is left out.
pub(crate) fn line_points(table: &Cells<'_>, log: &mut Log) -> Result<Drafts, Refusal> {
    let one = |row: RowCells<'_>| {
        Ok(LinePointHit {
            plot: plot(row)?,
            line: line(row),
            point: row.text("point").ok_or(("field_missing", "point".to_owned()))?,
            layer: row.text("layer").ok_or(("field_missing", "layer".to_owned()))?,
            code: row.text("code").ok_or(("field_missing", "code".to_owned()))?,
        })
    };
    Ok(Drafts::LinePoints(table.read(log, |row, _| one(row))?))
}

/// Reads gaps between canopies; gaps between bases are another measure and are left out.
pub(crate) fn gaps(table: &Cells<'_>, log: &mut Log) -> Result<Drafts, Refusal> {
    let one = |row: RowCells<'_>| -> Result<Option<PlantGap>, Fault> {
        let kind = row.text("kind").unwrap_or_default();
        if kind.eq_ignore_ascii_case("b") || kind.eq_ignore_ascii_case("basal") {
            return Ok(None);
        }
        let line_m = row.amount("line_m", false)?.ok_or(("field_missing", "line_m".to_owned()))?;
        // the direction in which a tape was read does not matter
        let gap_cm = row.number("gap_cm", false)?.map(f64::abs).filter(|gap| *gap > 0.0);
        Ok(Some(PlantGap { plot: plot(row)?, line: line(row), line_m, gap_cm }))
    };
    Ok(Drafts::Gaps(table.read(log, |row, _| one(row))?.into_iter().flatten().collect()))
}

/// Reads where plots lie.
pub(crate) fn sites(table: &Cells<'_>, log: &mut Log) -> Result<Drafts, Refusal> {
    let one = |row: RowCells<'_>| {
        Ok(Site {
            plot: plot(row)?,
            zone: row.text("zone").ok_or(("field_missing", "zone".to_owned()))?,
            landform: row.text("landform").ok_or(("field_missing", "landform".to_owned()))?,
            soil_score: row.amount("soil_score", false)?,
        })
    };
    Ok(Drafts::Sites(table.read(log, |row, _| one(row))?))
}

fn plot(row: RowCells<'_>) -> Result<String, Fault> {
    row.text("plot").ok_or(("field_missing", "plot".to_owned()))
}

/// A line and its visit.
fn line(row: RowCells<'_>) -> String {
    let parts = [row.text("line"), row.text("visit")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
