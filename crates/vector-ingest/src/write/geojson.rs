//! GeoJSON after RFC 7946.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use geo::{Orient, orient::Direction};
use serde_json::{Map, Value as Json, json};

use super::{
    WriteError,
    rows::{Column, Row, Value, check, file_name, replace},
};
use crate::geometry::wire::nested;

/// Writes a feature collection: longitude, latitude on WGS 84, shells counter-clockwise, one feature a line.
///
/// The same rows give the same bytes.
///
/// # Errors
/// When a row does not fit the columns or the file cannot be written.
pub fn write_geojson(path: &Path, columns: &[Column], rows: &[Row]) -> Result<(), WriteError> {
    check(path, columns, rows)?;
    replace(path, |draft| {
        let io = |source| WriteError::Io { name: file_name(path), source };
        let mut out = BufWriter::new(File::create(draft).map_err(io)?);
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[").map_err(io)?;
        for (index, row) in rows.iter().enumerate() {
            out.write_all(if index == 0 { b"\n" } else { b",\n" }).map_err(io)?;
            serde_json::to_writer(&mut out, &feature(columns, row)).map_err(|e| io(e.into()))?;
        }
        out.write_all(b"\n]}\n").map_err(io)?;
        out.into_inner().map_err(|e| io(e.into_error()))?.sync_all().map_err(io)
    })
}

fn feature(columns: &[Column], row: &Row) -> Json {
    let properties: Map<String, Json> = columns
        .iter()
        .zip(&row.values)
        .map(|(column, value)| {
            let value = match value {
                Value::Null => Json::Null,
                Value::Text(text) => Json::from(text.as_str()),
                Value::Integer(number) => Json::from(*number),
                Value::Real(number) => serde_json::Number::from_f64(*number).map_or(Json::Null, Json::Number),
            };
            (column.name.clone(), value)
        })
        .collect();
    let geometry = row.geometry.as_ref().map(|g| {
        let coordinates = nested(&g.orient(Direction::Default));
        json!({ "type": "MultiPolygon", "coordinates": coordinates })
    });
    json!({ "type": "Feature", "properties": properties, "geometry": geometry })
}
