//! The geometry column of a GeoParquet 1.1 file: well-known binary, and what the file says of it.

use geo::BoundingRect;
use geo_types::{LineString, MultiPolygon};
use serde_json::json;

/// Name of the column.
pub(super) const COLUMN: &str = "geometry";

const LITTLE_ENDIAN: u8 = 1;
const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;

/// A multipolygon as well-known binary (OGC 06-103r4, 8.2), little endian.
pub(super) fn wkb(shape: &MultiPolygon<f64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    head(&mut bytes, MULTI_POLYGON, shape.0.len());
    for polygon in shape {
        head(&mut bytes, POLYGON, 1 + polygon.interiors().len());
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).for_each(|line| ring(&mut bytes, line));
    }
    bytes
}

fn head(bytes: &mut Vec<u8>, kind: u32, parts: usize) {
    bytes.push(LITTLE_ENDIAN);
    bytes.extend(kind.to_le_bytes());
    bytes.extend((parts as u32).to_le_bytes());
}

fn ring(bytes: &mut Vec<u8>, line: &LineString<f64>) {
    bytes.extend((line.0.len() as u32).to_le_bytes());
    for point in line.coords() {
        bytes.extend(point.x.to_le_bytes());
        bytes.extend(point.y.to_le_bytes());
    }
}

/// The value of the file's key `geo`. Without a `crs` coordinates are longitude and latitude on WGS 84.
pub(super) fn metadata(shapes: &[MultiPolygon<f64>]) -> String {
    let bounds = shapes.iter().filter_map(BoundingRect::bounding_rect).reduce(|a, b| {
        let west_south = (a.min().x.min(b.min().x), a.min().y.min(b.min().y));
        geo::Rect::new(west_south, (a.max().x.max(b.max().x), a.max().y.max(b.max().y)))
    });
    let mut column = json!({ "encoding": "WKB", "geometry_types": ["MultiPolygon"] });
    if let (Some(b), Some(column)) = (bounds, column.as_object_mut()) {
        column.insert("bbox".to_owned(), json!([b.min().x, b.min().y, b.max().x, b.max().y]));
    }
    json!({ "version": "1.1.0", "primary_column": COLUMN, "columns": { COLUMN: column } }).to_string()
}

#[cfg(test)]
mod tests {
    use geo_types::polygon;

    use super::*;

    #[test]
    fn bytes_are_those_of_the_standard() {
        let shape = MultiPolygon(vec![polygon![(x: 1.0, y: 2.0), (x: 3.0, y: 2.0), (x: 3.0, y: 5.0)]]);
        let bytes = wkb(&shape);
        assert_eq!(bytes.len(), 9 + 9 + 4 + 4 * 16);
        assert_eq!(bytes[..9], [1, 6, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(bytes[9..18], [1, 3, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(bytes[22..30], 1.0_f64.to_le_bytes());
        let told: serde_json::Value = serde_json::from_str(&metadata(&[shape])).unwrap();
        assert_eq!(told["columns"]["geometry"]["bbox"], serde_json::json!([1.0, 2.0, 3.0, 5.0]));
    }
}
