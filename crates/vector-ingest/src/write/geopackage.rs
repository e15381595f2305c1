//! GeoPackage with one layer, the same bytes for the same rows.

use std::path::Path;

use gdal::{
    DriverManager,
    config::{clear_thread_local_config_option, set_thread_local_config_option},
    errors::GdalError,
    vector::{Defn, Feature, FieldDefn, LayerOptions, OGRFieldType, OGRwkbGeometryType},
};

use super::{
    WriteError,
    rows::{Column, ColumnType, Row, Value, check, file_name, replace},
};
use crate::{crs, geometry::foreign};

/// The date that stands in the file instead of the clock's.
const FIXED_DATE: &str = "2020-01-01T00:00:00.000Z";

/// Writes one layer of multipolygons on longitude and latitude (EPSG:4326).
///
/// # Errors
/// When a row does not fit the columns or the file cannot be written.
pub fn write_geopackage(path: &Path, layer: &str, columns: &[Column], rows: &[Row]) -> Result<(), WriteError> {
    check(path, columns, rows)?;
    let failed = |e: GdalError| WriteError::Library { name: file_name(path), reason: e.to_string() };
    replace(path, |draft| {
        set_thread_local_config_option("OGR_CURRENT_DATE", FIXED_DATE).map_err(failed)?;
        let written = write(draft, layer, columns, rows);
        let cleared = clear_thread_local_config_option("OGR_CURRENT_DATE");
        written.and(cleared).map_err(failed)
    })
}

fn write(draft: &Path, name: &str, columns: &[Column], rows: &[Row]) -> Result<(), GdalError> {
    let mut dataset = DriverManager::get_driver_by_name("GPKG")?.create_vector_only(draft)?;
    let lonlat = crs::from_epsg(crs::WGS84).as_ref().and_then(crs::to_gdal);
    let mut transaction = dataset.start_transaction()?;
    let layer = transaction.create_layer(LayerOptions {
        name,
        srs: lonlat.as_ref(),
        ty: OGRwkbGeometryType::wkbMultiPolygon,
        options: Some(&["GEOMETRY_NAME=geom", "FID=fid"]),
    })?;
    for column in columns {
        let kind = match column.kind {
            ColumnType::Text => OGRFieldType::OFTString,
            ColumnType::Integer => OGRFieldType::OFTInteger64,
            ColumnType::Real => OGRFieldType::OFTReal,
        };
        FieldDefn::new(&column.name, kind)?.add_to_layer(&layer)?;
    }
    let definition = Defn::from_layer(&layer);
    for row in rows {
        let mut feature = Feature::new(&definition)?;
        for (index, value) in row.values.iter().enumerate() {
            match value {
                Value::Text(text) => feature.set_field_string(index, text)?,
                Value::Integer(number) => feature.set_field_integer64(index, *number)?,
                Value::Real(number) if number.is_finite() => feature.set_field_double(index, *number)?,
                Value::Real(_) | Value::Null => feature.set_field_null(index)?,
            }
        }
        if let Some(geometry) = row.geometry.as_ref().and_then(foreign::to_gdal) {
            feature.set_geometry(geometry)?;
        }
        feature.create(&layer)?;
    }
    transaction.commit()?;
    dataset.close()
}
