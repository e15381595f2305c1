//! XLSX workbooks, read cell by cell, so that a far-away cell allocates nothing.

use std::{collections::BTreeMap, io::Cursor, path::Path};

use belcheer_door::Refusal;
use calamine::{Data, DataRef, Reader, Xlsx, XlsxError};

use super::sheet::Sheet;
use crate::{limits::Limits, messages::refuse, source::zip_directory};

/// Reads one sheet: by name, else the first.
pub(crate) fn read(
    path: &Path,
    bytes: Vec<u8>,
    sheet: Option<&str>,
    limits: &Limits,
    input: &str,
) -> Result<Sheet, Refusal> {
    let checked = zip_directory::check(path, limits.workbook_entries, limits);
    checked.and_then(|()| zip_directory::measure(path)).map_err(|e| refuse("bad_zip", input, e))?;
    let bad = |e: XlsxError| refuse("unreadable_table", input, e.to_string());
    let mut workbook: Xlsx<Cursor<Vec<u8>>> = Xlsx::new(Cursor::new(bytes)).map_err(bad)?;
    let names = workbook.sheet_names();
    let name = match sheet {
        Some(wanted) => names.iter().find(|n| n.as_str() == wanted),
        None => names.first(),
    };
    let name = name.cloned().ok_or_else(|| refuse("no_such_sheet", input, names.join(", ")))?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(bad)?;
    let mut rows: BTreeMap<u32, BTreeMap<usize, String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(bad)? {
        let (row, column) = cell.get_position();
        let Some(text) = text_of(cell.get_value()) else { continue };
        let column = column as usize;
        if column >= limits.columns || rows.len() >= limits.rows {
            return Err(refuse("table_too_large", input, format!("{} x {}", limits.rows, limits.columns)));
        }
        if text.len() > limits.cell_bytes {
            return Err(refuse("cell_too_long", input, (row + 1).to_string()));
        }
        rows.entry(row).or_default().insert(column, text);
    }
    let dense = |cells: BTreeMap<usize, String>| {
        let width = cells.last_key_value().map_or(0, |(column, _)| column + 1);
        let mut row = vec![String::new(); width];
        for (column, text) in cells {
            row[column] = text;
        }
        row
    };
    let rows = rows.into_iter().map(|(row, cells)| (u64::from(row) + 1, dense(cells))).collect();
    Ok(Sheet { rows, ragged: false })
}

/// The names of the sheets; none for what is no workbook. The file was checked when it was read.
pub(crate) fn sheet_names(path: &Path) -> Vec<String> {
    let book = std::fs::read(path).ok().and_then(|bytes| Xlsx::new(Cursor::new(bytes)).ok());
    book.map(|book: Xlsx<Cursor<Vec<u8>>>| book.sheet_names()).unwrap_or_default()
}

/// A cell as text; whole numbers without a fraction, nothing for errors and empty cells.
fn text_of(value: &DataRef<'_>) -> Option<String> {
    match value {
        DataRef::Empty | DataRef::Error(_) => None,
        DataRef::SharedString(text) => Some((*text).to_owned()),
        DataRef::String(text) => Some(text.clone()),
        other => Some(Data::from(other.clone()).to_string()),
    }
    .filter(|text| !text.is_empty())
}
