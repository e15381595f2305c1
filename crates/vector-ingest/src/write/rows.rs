//! Rows with typed columns and polygons.

use std::path::Path;

use geo_types::MultiPolygon;

use super::WriteError;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Real,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name, unit last.
    pub name: String,
    /// Type of every value but the missing ones.
    pub kind: ColumnType,
}

impl Column {
    /// A column.
    #[must_use]
    pub fn new(name: &str, kind: ColumnType) -> Self {
        Self { name: name.to_owned(), kind }
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Missing.
    Null,
    /// Text.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// Number; one that is not finite is written as missing.
    Real(f64),
}

/// A row: one value for each column, polygons where there are any.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Values in the order of the columns.
    pub values: Vec<Value>,
    /// Longitude and latitude on WGS 84.
    pub geometry: Option<MultiPolygon<f64>>,
}

/// The name of a file, for messages.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "output".to_owned(), |n| n.to_string_lossy().into_owned())
}

/// Checks that each row has a value of the right type for each column.
pub(super) fn check(path: &Path, columns: &[Column], rows: &[Row]) -> Result<(), WriteError> {
    for (index, row) in rows.iter().enumerate() {
        let fault = |reason: String| WriteError::Row { name: file_name(path), row: index + 1, reason };
        if row.values.len() != columns.len() {
            return Err(fault(format!("{} values for {} columns", row.values.len(), columns.len())));
        }
        for (column, value) in columns.iter().zip(&row.values) {
            let fits = matches!(
                (column.kind, value),
                (_, Value::Null)
                    | (ColumnType::Text, Value::Text(_))
                    | (ColumnType::Integer, Value::Integer(_))
                    | (ColumnType::Real, Value::Real(_))
            );
            if !fits {
                return Err(fault(format!("{value:?} in column {}", column.name)));
            }
        }
    }
    Ok(())
}

/// Writes through a file beside `path` that takes its place only when complete.
pub(super) fn replace(path: &Path, write: impl FnOnce(&Path) -> Result<(), WriteError>) -> Result<(), WriteError> {
    let io = |source| WriteError::Io { name: file_name(path), source };
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = tempfile::Builder::new().prefix(".writing").tempdir_in(folder).map_err(io)?;
    let draft = beside.path().join("draft").with_extension(path.extension().unwrap_or_default());
    write(&draft)?;
    std::fs::rename(&draft, path).map_err(io)
}
