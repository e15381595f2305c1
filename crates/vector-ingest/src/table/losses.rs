//! Grown livestock that soums lost from January to May (зүй бус хорогдол), head of all species.

use belcheer_door::Refusal;

use super::{
    Drafts, Keyed, Lost,
    cells::{Cells, Fault, RowCells},
};
use crate::messages::Log;

/// Reads the rows of a table; a row without a number is left out, since no report is not "no loss".
pub(crate) fn read(table: &Cells<'_>, log: &mut Log) -> Result<Drafts, Refusal> {
    Ok(Drafts::Losses(table.read(log, |row, _| one(row))?))
}

fn one(row: RowCells<'_>) -> Result<Keyed<Lost>, Fault> {
    let (key, year) = (row.place()?, row.year()?);
    let thousand = row.amount("thousand", true)?.map(|thousand| 1000.0 * thousand);
    let head = row.amount("head", true)?.or(thousand).ok_or(("count_missing", String::new()))?;
    Ok(Keyed { row: row.number, key, value: Lost { year, head } })
}
