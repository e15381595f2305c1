//! Polygons that are none, or too many.

use serde_json::{Value, json};

use super::{Class::Geometry, Handed, HostileFile};

fn layer(geometry: &Value) -> Vec<u8> {
    let feature = json!({ "type": "Feature", "properties": { "soum_code": "06404" }, "geometry": geometry });
    json!({ "type": "FeatureCollection", "features": [feature] }).to_string().into_bytes()
}

fn polygon(rings: &Value) -> Vec<u8> {
    layer(&json!({ "type": "Polygon", "coordinates": rings }))
}

pub(super) fn files() -> Vec<HostileFile> {
    let refused = |name, code, bytes| HostileFile::refused(Geometry, Handed::Boundaries, name, code, bytes);
    let found = |name, code, bytes| HostileFile::found(Geometry, Handed::Boundaries, name, code, bytes);
    let square = json!([[100, 46], [101, 46], [101, 47], [100, 47], [100, 46]]);
    let nested = (0..3).fold(
        json!({ "type": "Polygon", "coordinates": [square] }),
        |inner, _| json!({ "type": "GeometryCollection", "geometries": [inner] }),
    );
    let rings: Vec<&Value> = vec![&square; 100_001];
    vec![
        refused("vertices.geojson", "no_polygons", circle(1_000_002)),
        refused("rings.geojson", "no_polygons", polygon(&json!(rings))),
        refused("nested_collections.geojson", "no_polygons", layer(&nested)),
        refused("no_coordinates.geojson", "no_polygons", polygon(&json!([]))),
        refused("empty_ring.geojson", "no_polygons", polygon(&json!([[]]))),
        refused("a_line_back.geojson", "no_polygons", polygon(&json!([[[100, 46], [101, 47], [100, 46], [100, 46]]]))),
        refused("one_place.geojson", "no_polygons", polygon(&json!([[[100, 46], [100, 46], [100, 46], [100, 46]]]))),
        refused(
            "null_numbers.geojson",
            "no_polygons",
            polygon(&json!([[[null, 46], [101, 46], [101, 47], [null, 46]]])),
        ),
        refused(
            "words_for_numbers.geojson",
            "no_polygons",
            polygon(&json!([[["100", "46"], ["101", "46"], ["101", "47"]]])),
        ),
        refused(
            "end_of_numbers.geojson",
            "coordinates_out_of_range",
            polygon(&json!([[[1e308, 46], [-1e308, 46], [1e308, 47], [1e308, 46]]])),
        ),
        refused(
            "metres.geojson",
            "coordinates_out_of_range",
            polygon(&json!([[[500_000, 5_000_000], [600_000, 5_000_000], [600_000, 5_100_000], [500_000, 5_000_000]]])),
        ),
        refused(
            "latitude_first.geojson",
            "latitude_first",
            polygon(&json!([[[46, 100], [46, 101], [47, 101], [47, 100], [46, 100]]])),
        ),
        refused("a_line.geojson", "no_polygons", layer(&json!({ "type": "LineString", "coordinates": square }))),
        found(
            "bow_tie.geojson",
            "ring_repaired",
            polygon(&json!([[[100, 46], [101, 47], [101, 46], [100, 47], [100, 46]]])),
        ),
        found(
            "spike.geojson",
            "ring_repaired",
            polygon(&json!([[[100, 46], [101, 46], [101, 47], [179, 47], [101, 47], [100, 47], [100, 46]]])),
        ),
        refused("star.geojson", "no_polygons", star(2_001)),
        found(
            "hole_outside.geojson",
            "ring_repaired",
            polygon(&json!([square, [[110, 46], [111, 46], [111, 47], [110, 46]]])),
        ),
    ]
}

/// A circle of many corners, written by hand: it is some tens of megabytes.
fn circle(corners: u32) -> Vec<u8> {
    let corner = |n: u32| {
        let angle = std::f64::consts::TAU * f64::from(n % corners) / f64::from(corners);
        format!("[{:.9},{:.9}]", 100.0 + angle.cos(), 46.0 + angle.sin())
    };
    let ring: Vec<String> = (0..=corners).map(corner).collect();
    let geometry = format!("{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}", ring.join(","));
    format!("{{\"type\":\"Feature\",\"properties\":{{\"soum_code\":\"06404\"}},\"geometry\":{geometry}}}").into_bytes()
}

/// A star whose every edge crosses nearly all others.
fn star(corners: u32) -> Vec<u8> {
    let corner = |n: u32| {
        let angle = std::f64::consts::TAU * f64::from(n * (corners / 2) % corners) / f64::from(corners);
        json!([100.0 + angle.cos(), 46.0 + angle.sin()])
    };
    polygon(&json!([(0..=corners).map(corner).collect::<Vec<Value>>()]))
}
