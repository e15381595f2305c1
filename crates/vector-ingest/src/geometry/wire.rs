//! Polygons as nested lists of numbers, the form in which they pass from the child.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

type Ring = Vec<[f64; 2]>;

/// Writes `[[[[x, y], ...], ...], ...]`, as GeoJSON does.
pub(crate) fn serialize<S: Serializer>(polygons: &MultiPolygon<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    nested(polygons).serialize(serializer)
}

/// The nested lists of a multipolygon.
pub(crate) fn nested(polygons: &MultiPolygon<f64>) -> Vec<Vec<Ring>> {
    let ring = |r: &LineString<f64>| -> Ring { r.0.iter().map(|c| [c.x, c.y]).collect() };
    polygons.iter().map(|p| std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect()).collect()
}

/// Reads what [`serialize`] wrote.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MultiPolygon<f64>, D::Error> {
    let nested = Vec::<Vec<Ring>>::deserialize(deserializer)?;
    let ring = |r: Ring| LineString(r.into_iter().map(|[x, y]| Coord { x, y }).collect());
    Ok(nested
        .into_iter()
        .map(|polygon| {
            let mut rings = polygon.into_iter().map(ring);
            Polygon::new(rings.next().unwrap_or(LineString(vec![])), rings.collect())
        })
        .collect())
}
