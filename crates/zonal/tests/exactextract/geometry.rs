//! Zones out of well-known text and GeoJSON.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde_json::Value;

use super::oracle::number;

/// The polygons of a text, those of collections included.
pub fn from_wkt(text: &str) -> Result<MultiPolygon<f64>, String> {
    let (kind, body) = text.trim().split_once('(').ok_or_else(|| format!("no geometry: {text:.40}"))?;
    let body = body.trim_end().strip_suffix(')').ok_or_else(|| format!("not closed: {text:.40}"))?;
    match kind.trim() {
        "POLYGON" => Ok(MultiPolygon(vec![polygon(body)])),
        "MULTIPOLYGON" => Ok(MultiPolygon(split(body).into_iter().map(|p| polygon(inside(p))).collect())),
        "GEOMETRYCOLLECTION" => {
            let parts: Result<Vec<_>, _> = split(body).into_iter().map(from_wkt).collect();
            Ok(MultiPolygon(parts?.into_iter().flat_map(|zone| zone.0).collect()))
        }
        other => Err(format!("{other} is no zone")),
    }
}

/// The text between a pair of parentheses.
fn inside(text: &str) -> &str {
    text.trim().strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap()
}

/// Items separated by commas outside parentheses.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let items = text.split(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    items.map(str::trim).collect()
}

fn polygon(body: &str) -> Polygon<f64> {
    let mut rings = split(body).into_iter().map(|ring| {
        let points = inside(ring).split(',').map(|point| {
            let mut axes = point.split_whitespace().map(|axis| axis.parse::<f64>().unwrap());
            Coord { x: axes.next().unwrap(), y: axes.next().unwrap() }
        });
        points.collect::<LineString<f64>>()
    });
    Polygon::new(rings.next().unwrap(), rings.collect())
}

/// The polygons of a GeoJSON geometry.
pub fn from_geojson(geometry: &Value) -> Result<MultiPolygon<f64>, String> {
    let polygon = |rings: &Value| {
        let mut rings = rings.as_array().unwrap().iter().map(|ring| {
            let points = ring.as_array().unwrap().iter();
            points.map(|point| Coord { x: number(&point[0]), y: number(&point[1]) }).collect::<LineString<f64>>()
        });
        Polygon::new(rings.next().unwrap(), rings.collect())
    };
    let coordinates = &geometry["coordinates"];
    match geometry["type"].as_str() {
        Some("Polygon") => Ok(MultiPolygon(vec![polygon(coordinates)])),
        Some("MultiPolygon") => Ok(MultiPolygon(coordinates.as_array().unwrap().iter().map(polygon).collect())),
        other => Err(format!("{other:?} is no zone")),
    }
}
