//! GeoPackage of one layer or several, the same bytes for the same rows.

use std::path::Path;

use gdal::{
    Dataset, DriverManager,
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

/// One layer of a file.
#[derive(Debug, Clone, Copy)]
pub struct Layer<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its columns.
    pub columns: &'a [Column],
    /// Its rows.
    pub rows: &'a [Row],
    /// Whether it holds multipolygons on longitude and latitude (EPSG:4326); a table of values alone otherwise.
    pub spatial: bool,
}

/// Writes one layer of multipolygons on longitude and latitude (EPSG:4326).
///
/// # Errors
/// When a row does not fit the columns or the file cannot be written.
pub fn write_geopackage(path: &Path, layer: &str, columns: &[Column], rows: &[Row]) -> Result<(), WriteError> {
    write_geopackage_layers(path, &[Layer { name: layer, columns, rows, spatial: true }])
}

/// Writes several layers into one file.
///
/// # Errors
/// When a row does not fit its columns or the file cannot be written.
pub fn write_geopackage_layers(path: &Path, layers: &[Layer<'_>]) -> Result<(), WriteError> {
    for layer in layers {
        check(path, layer.columns, layer.rows)?;
    }
    let failed = |e: GdalError| WriteError::Library { name: file_name(path), reason: e.to_string() };
    replace(path, |draft| {
        set_thread_local_config_option("OGR_CURRENT_DATE", FIXED_DATE).map_err(failed)?;
        let written = write(draft, layers);
        let cleared = clear_thread_local_config_option("OGR_CURRENT_DATE");
        written.and(cleared).map_err(failed)
    })
}

fn write(draft: &Path, layers: &[Layer<'_>]) -> Result<(), GdalError> {
    let mut dataset = DriverManager::get_driver_by_name("GPKG")?.create_vector_only(draft)?;
    let mut transaction = dataset.start_transaction()?;
    for layer in layers {
        add_layer(&mut transaction, layer)?;
    }
    transaction.commit()?;
    dataset.close()
}

fn add_layer(dataset: &mut Dataset, asked: &Layer<'_>) -> Result<(), GdalError> {
    let lonlat = crs::from_epsg(crs::WGS84).as_ref().and_then(crs::to_gdal);
    let (ty, srs) = if asked.spatial {
        (OGRwkbGeometryType::wkbMultiPolygon, lonlat.as_ref())
    } else {
        (OGRwkbGeometryType::wkbNone, None)
    };
    let options = Some(&["GEOMETRY_NAME=geom", "FID=fid"][..]);
    let layer = dataset.create_layer(LayerOptions { name: asked.name, srs, ty, options })?;
    for column in asked.columns {
        let kind = match column.kind {
            ColumnType::Text => OGRFieldType::OFTString,
            ColumnType::Integer => OGRFieldType::OFTInteger64,
            ColumnType::Real => OGRFieldType::OFTReal,
        };
        FieldDefn::new(&column.name, kind)?.add_to_layer(&layer)?;
    }
    let definition = Defn::from_layer(&layer);
    for row in asked.rows {
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
    Ok(())
}
