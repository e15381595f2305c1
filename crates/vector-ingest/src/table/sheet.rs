//! Rows of text, whatever the file was: delimited text or workbook.

use std::path::Path;

use belcheer_door::Refusal;

use super::{delimited, headings::Columns, workbook};
use crate::{
    limits::Limits,
    messages::{Log, refuse},
    source::{check_is_file, check_size, input_name},
    text::{clean::clean, is_lost, mojibake},
};

/// A table of texts; rows are numbered as in the file, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub(crate) rows: Vec<(u64, Vec<String>)>,
    /// Whether every row has its own number of cells, as in delimited text.
    pub(crate) ragged: bool,
}

/// Reads the rows of a file by its first bytes, which must agree with its ending.
pub(crate) fn read(path: &Path, sheet: Option<&str>, log: &mut Log) -> Result<Sheet, Refusal> {
    let input = input_name(path);
    let limits = Limits::DEFAULT;
    check_is_file(path)?;
    if check_size(path, limits.table_bytes)? == 0 {
        return Err(refuse("empty_file", input, ""));
    }
    let bytes = std::fs::read(path).map_err(|_| refuse("unreadable", input.clone(), ""))?;
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let zipped = bytes.starts_with(b"PK\x03\x04");
    let read = match (zipped, ending.as_str()) {
        (true, "xlsx") => workbook::read(path, bytes, sheet, &limits, &input)?,
        (true, _) => return Err(refuse("wrong_ending", input, "xlsx")),
        (false, "csv" | "tsv" | "txt") => delimited::read(&bytes, &limits, &input, log)?,
        (false, _) => return Err(refuse("unknown_table_format", input, "")),
    };
    if read.rows.iter().all(|(_, cells)| cells.iter().all(|c| c.trim().is_empty())) {
        return Err(refuse("empty_table", input, ""));
    }
    Ok(read)
}

/// Takes hidden characters out of cells, mends garbled ones, empties those whose letters are lost, and tells of
/// columns that have a heading and nothing else.
pub(crate) fn prepare(sheet: &mut Sheet, columns: &Columns, log: &mut Log) {
    let headings = &columns.headings;
    let name = |column: usize| {
        headings.get(column).filter(|h| !h.is_empty()).cloned().unwrap_or_else(|| format!("{}", column + 1))
    };
    let mut filled = vec![false; headings.len()];
    for (_, cells) in sheet.rows.iter_mut().skip(columns.first_row) {
        for (column, cell) in cells.iter_mut().enumerate() {
            let (plain, hidden) = clean(cell);
            if hidden {
                log.note("text_cleaned", format!("column {}", name(column)), 1, "");
            }
            *cell = if is_lost(&plain) {
                log.note("text_lost", format!("column {}", name(column)), 1, &plain);
                String::new()
            } else if let Some(mended) = mojibake::mend(&plain) {
                log.note("encoding_repaired", format!("column {}", name(column)), 1, &format!("{plain} -> {mended}"));
                mended
            } else {
                plain
            };
            if let Some(filled) = filled.get_mut(column) {
                *filled |= !cell.is_empty();
            }
        }
    }
    for (column, filled) in filled.iter().enumerate() {
        if !filled && headings.get(column).is_some_and(|h| !h.is_empty()) {
            log.note("empty_column", format!("column {}", name(column)), 1, "");
        }
    }
}
