//! Polygons out of the reader's geometries, without trusting any of their counts.

use gdal::vector::{Geometry, OGRwkbGeometryType, ToGdal, geometry_type_flatten};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use crate::limits::Limits;

/// What a feature's geometry turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// Polygons as in the file: rings closed by us, nothing else checked.
    Polygons(MultiPolygon<f64>),
    /// A point.
    Point(Coord<f64>),
    /// No geometry.
    Missing,
    /// Another kind, by name.
    Other(String),
    /// Not readable, with the reason.
    Broken(String),
}

/// Reads a geometry; a polygon with too many vertices or rings is broken.
pub(crate) fn shape_of(geometry: Option<&Geometry>, limits: &Limits) -> Shape {
    let Some(geometry) = geometry else { return Shape::Missing };
    if !geometry.has_gdal_ptr() || geometry.is_empty() {
        return Shape::Missing;
    }
    match geometry_type_flatten(geometry.geometry_type()) {
        OGRwkbGeometryType::wkbPoint => {
            let (x, y, _) = geometry.get_point(0);
            Shape::Point(Coord { x, y })
        }
        OGRwkbGeometryType::wkbPolygon | OGRwkbGeometryType::wkbMultiPolygon => match polygons_of(geometry, limits) {
            Ok(polygons) => Shape::Polygons(polygons),
            Err(reason) => Shape::Broken(reason),
        },
        _ => Shape::Other(geometry.geometry_name()),
    }
}

/// The polygons of a polygon, multipolygon or collection; lines and points of a collection are left out.
pub(crate) fn polygons_of(geometry: &Geometry, limits: &Limits) -> Result<MultiPolygon<f64>, String> {
    let mut budget = Budget { vertices: limits.feature_vertices, rings: limits.feature_rings };
    let mut polygons = Vec::new();
    match geometry_type_flatten(geometry.geometry_type()) {
        OGRwkbGeometryType::wkbPolygon => polygons.extend(polygon_of(geometry, &mut budget)?),
        OGRwkbGeometryType::wkbMultiPolygon | OGRwkbGeometryType::wkbGeometryCollection => {
            for index in 0..geometry.geometry_count() {
                let part = geometry.get_geometry(index);
                match geometry_type_flatten(part.geometry_type()) {
                    OGRwkbGeometryType::wkbPolygon => polygons.extend(polygon_of(&part, &mut budget)?),
                    OGRwkbGeometryType::wkbMultiPolygon => {
                        for inner in 0..part.geometry_count() {
                            polygons.extend(polygon_of(&part.get_geometry(inner), &mut budget)?);
                        }
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    Ok(MultiPolygon(polygons))
}

struct Budget {
    vertices: usize,
    rings: usize,
}

fn polygon_of(polygon: &Geometry, budget: &mut Budget) -> Result<Option<Polygon<f64>>, String> {
    let mut rings = Vec::new();
    for index in 0..polygon.geometry_count() {
        budget.rings = budget.rings.checked_sub(1).ok_or("too many rings")?;
        let ring = polygon.get_geometry(index);
        budget.vertices = budget.vertices.checked_sub(ring.point_count()).ok_or("too many vertices")?;
        let mut points = Vec::new();
        ring.get_points(&mut points);
        rings.push(LineString(points.into_iter().map(|(x, y, _)| Coord { x, y }).collect()));
    }
    if rings.is_empty() {
        return Ok(None);
    }
    let shell = rings.remove(0);
    Ok(Some(Polygon::new(shell, rings)))
}

/// The reader's form of our polygons.
pub(crate) fn to_gdal(polygons: &MultiPolygon<f64>) -> Option<Geometry> {
    polygons.to_gdal().ok()
}
