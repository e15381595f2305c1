//! Layers through the foreign reader: fields, geometries and coordinate system under limits.

use std::path::Path;

use belcheer_door::Refusal;
use gdal::{
    Dataset, DatasetOptions, GdalOpenFlags,
    vector::{Layer, LayerAccess, OGRwkbGeometryType, geometry_type_flatten},
};

use super::{RawFeature, RawLayer, absolute};
use crate::{
    crs,
    geometry::foreign::{Shape, shape_of},
    limits::Limits,
    messages::refuse,
};

/// Opens a file read-only with exactly one driver.
pub(crate) fn open(path: &Path, driver: &str, options: &[&str], input: &str) -> Result<Dataset, Refusal> {
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_READONLY | GdalOpenFlags::GDAL_OF_VECTOR,
        allowed_drivers: Some(&[driver]),
        open_options: Some(options),
        sibling_files: None,
    };
    Dataset::open_ex(absolute(path)?, options).map_err(|_| refuse("unreadable", input, ""))
}

/// The one layer meant: by name, else the only one, else the only one with polygons.
pub(crate) fn pick<'a>(dataset: &'a Dataset, wanted: Option<&str>, input: &str) -> Result<Layer<'a>, Refusal> {
    let layers: Vec<Layer<'a>> = dataset.layers().collect();
    let names = layers.iter().map(LayerAccess::name).collect::<Vec<_>>().join(", ");
    if layers.is_empty() {
        return Err(refuse("no_layers", input, ""));
    }
    if let Some(name) = wanted {
        let found = layers.into_iter().find(|l| l.name() == name);
        return found.ok_or_else(|| refuse("no_such_layer", input, names));
    }
    let polygonal = |l: &Layer<'_>| {
        let kind = geometry_type_flatten(l.defn().geometry_type());
        [OGRwkbGeometryType::wkbPolygon, OGRwkbGeometryType::wkbMultiPolygon].contains(&kind)
    };
    let only = layers.len() == 1;
    let mut chosen: Vec<Layer<'a>> = layers.into_iter().filter(|l| only || polygonal(l)).collect();
    match (chosen.pop(), chosen.is_empty()) {
        (Some(layer), true) => Ok(layer),
        _ => Err(refuse("choose_layer", input, names)),
    }
}

/// Reads all features of a layer.
pub(crate) fn read(layer: &mut Layer<'_>, input: &str, limits: &Limits) -> Result<RawLayer, Refusal> {
    let fields: Vec<String> = layer.defn().fields().map(|f| f.name()).collect();
    if fields.len() > limits.columns {
        return Err(refuse("too_many_fields", input, limits.columns.to_string()));
    }
    let crs = layer.spatial_ref().as_ref().and_then(crs::describe);
    let (mut features, mut budget) = (Vec::new(), limits.file_vertices);
    let name = layer.name();
    for (feature, number) in layer.features().zip(1_u64..) {
        if number > limits.features {
            return Err(refuse("too_many_features", input, limits.features.to_string()));
        }
        let values = (0..fields.len()).map(|i| feature.field_as_string(i).ok().flatten()).collect();
        let shape = shape_of(feature.geometry(), limits);
        if let Shape::Polygons(polygons) = &shape {
            let vertices = geo::CoordsIter::coords_count(polygons);
            budget = budget
                .checked_sub(vertices)
                .ok_or_else(|| refuse("too_many_vertices", input, limits.file_vertices.to_string()))?;
        }
        features.push(RawFeature { number, values, shape });
    }
    Ok(RawLayer { name, fields, crs, features, encoding: None })
}
