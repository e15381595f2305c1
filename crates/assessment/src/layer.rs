//! Tables with polygons as map layers: GeoPackage and GeoJSON.

use std::path::Path;

use belcheer_vector_ingest as vector;

use crate::error::AssessmentError;
use crate::table::{Table, Values};

/// Writes a table with geometry (longitude, latitude) as a one-layer GeoPackage; equal tables give equal bytes.
///
/// # Errors
/// When the file cannot be written.
pub fn write_geopackage(path: &Path, layer: &str, table: &Table) -> Result<(), AssessmentError> {
    let (columns, rows) = features(table);
    vector::write_geopackage(path, layer, &columns, &rows).map_err(|e| AssessmentError::Output(e.to_string()))
}

/// Writes tables, each with geometry or without, as the layers of one GeoPackage; equal tables give equal bytes.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write_geopackage_of(path: &Path, tables: &[(&str, Table)]) -> Result<(), AssessmentError> {
    let features: Vec<_> = tables.iter().map(|(_, table)| features(table)).collect();
    let layers: Vec<vector::Layer<'_>> = tables
        .iter()
        .zip(&features)
        .map(|((name, table), (columns, rows))| vector::Layer {
            name,
            columns,
            rows,
            spatial: table.geometry.is_some(),
        })
        .collect();
    vector::write_geopackage_layers(path, &layers).map_err(|e| AssessmentError::Output(e.to_string()))
}

/// Writes a table with geometry (longitude, latitude) as GeoJSON (RFC 7946).
///
/// # Errors
/// When the file cannot be written.
pub fn write_geojson(path: &Path, table: &Table) -> Result<(), AssessmentError> {
    let (columns, rows) = features(table);
    vector::write_geojson(path, &columns, &rows).map_err(|e| AssessmentError::Output(e.to_string()))
}

fn features(table: &Table) -> (Vec<vector::Column>, Vec<vector::Row>) {
    let columns = table
        .columns
        .iter()
        .map(|c| {
            let kind = match c.values {
                Values::Text(_) => vector::ColumnType::Text,
                Values::Float(_) => vector::ColumnType::Real,
                Values::Int(_) => vector::ColumnType::Integer,
            };
            vector::Column::new(&c.name, kind)
        })
        .collect();
    let value = |values: &Values, row: usize| match values {
        Values::Text(v) => v.get(row).cloned().flatten().map_or(vector::Value::Null, vector::Value::Text),
        Values::Float(v) => v.get(row).copied().flatten().map_or(vector::Value::Null, vector::Value::Real),
        Values::Int(v) => v.get(row).copied().flatten().map_or(vector::Value::Null, vector::Value::Integer),
    };
    let rows = (0..table.rows())
        .map(|row| vector::Row {
            values: table.columns.iter().map(|c| value(&c.values, row)).collect(),
            geometry: table.geometry.as_ref().and_then(|g| g.get(row).cloned()),
        })
        .collect();
    (columns, rows)
}
