//! A table before it is taken in: its headings, which fields they are, and what it seems to be about.

use std::{collections::BTreeMap, path::PathBuf};

use belcheer_door::Refusal;
use serde::{Deserialize, Serialize};

use super::{
    TableJob, TableKind,
    headings::{self, Columns},
    sheet, workbook,
};
use crate::{
    messages::{Log, refuse},
    source::input_name,
};

/// Rows shown below the headings.
const ROWS_SHOWN: usize = 5;
/// Longest text of a cell that is shown, characters.
const CELL_SHOWN: usize = 80;

/// The kinds that become data sets.
const KEPT: [TableKind; 6] = [
    TableKind::BiomassPlots,
    TableKind::PhotoPoints,
    TableKind::Livestock,
    TableKind::Weather,
    TableKind::Losses,
    TableKind::Presence,
];

/// Which table to look at.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LookJob {
    pub(crate) path: PathBuf,
    pub(crate) sheet: Option<String>,
    pub(crate) kind: Option<TableKind>,
    pub(crate) map: BTreeMap<String, String>,
}

/// A table as it was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TableLook {
    /// The sheets of a workbook; empty for delimited text.
    pub sheets: Vec<String>,
    /// The headings as written.
    pub headings: Vec<String>,
    /// Rows below the headings.
    pub rows: u64,
    /// The first of them.
    pub first_rows: Vec<Vec<String>>,
    /// Field to heading, for the kind named or the likeliest one.
    pub fields: BTreeMap<String, String>,
    /// Kinds whose required columns are all there, the likeliest first.
    pub kinds: Vec<TableKind>,
}

/// Looks at a table in this process; the gate is elsewhere.
pub(crate) fn look(job: &LookJob) -> Result<TableLook, Refusal> {
    let input = input_name(&job.path);
    let mut log = Log::new(&input);
    let sheet = sheet::read(&job.path, job.sheet.as_deref(), &mut log)?;
    let as_kind = |kind: TableKind| {
        let asked = TableJob { sheet: job.sheet.clone(), map: job.map.clone(), ..TableJob::new(&job.path, kind) };
        headings::find(&sheet, &asked, &input)
    };
    let mut fitting: Vec<(TableKind, Columns)> = match job.kind {
        Some(kind) => vec![(kind, as_kind(kind)?)],
        None => KEPT.iter().filter_map(|kind| Some((*kind, as_kind(*kind).ok()?))).collect(),
    };
    fitting.sort_by_key(|(_, columns)| std::cmp::Reverse(columns.of.len()));
    let (fields, found) = match fitting.first() {
        Some((_, columns)) => {
            let heading = |index: usize| columns.headings.get(index).cloned().unwrap_or_default();
            let fields = columns.of.iter().map(|(field, index)| (field.clone(), heading(*index))).collect();
            (fields, Some(columns.clone()))
        }
        None => (BTreeMap::new(), None),
    };
    let first_row = found.as_ref().map_or(1, |columns| columns.first_row);
    let written = || sheet.rows.first().map(|(_, cells)| cells.clone()).unwrap_or_default();
    let headings = found.map_or_else(written, |columns| columns.headings);
    if headings.is_empty() {
        return Err(refuse("empty_table", input, ""));
    }
    let short = |cell: &String| cell.chars().take(CELL_SHOWN).collect::<String>();
    let below = || sheet.rows.iter().skip(first_row);
    Ok(TableLook {
        sheets: workbook::sheet_names(&job.path),
        rows: below().count() as u64,
        first_rows: below().take(ROWS_SHOWN).map(|(_, cells)| cells.iter().map(short).collect()).collect(),
        headings: headings.iter().map(short).collect(),
        fields,
        kinds: fitting.into_iter().map(|(kind, _)| kind).collect(),
    })
}
