//! Rings of whole steps of 1e-7 degrees, about a centimetre: points compare exactly.

use geo::{LineString, MultiPolygon};

/// Steps of a degree.
pub(super) const PER_DEGREE: f64 = 1e7;

/// A point in steps: longitude, latitude.
pub(super) type Point = (i64, i64);

/// A ring without its closing point; consecutive points differ, and there are three or more.
pub(super) type Ring = Vec<Point>;

/// Polygons of one soum: each an outer ring and its holes.
pub(super) type Unit = Vec<Vec<Ring>>;

/// Steps of an angle in degrees.
pub(super) fn steps(degrees: f64) -> f64 {
    degrees * PER_DEGREE
}

/// The polygons of a soum in steps. A ring that has no area at this resolution is left out, an outer one with its holes.
pub(super) fn unit(geometry: &MultiPolygon<f64>) -> Unit {
    let polygon = |polygon: &geo::Polygon<f64>| {
        let mut rings = vec![ring(polygon.exterior())?];
        rings.extend(polygon.interiors().iter().filter_map(ring));
        Some(rings)
    };
    geometry.iter().filter_map(polygon).collect()
}

/// The polygons of a soum in degrees.
pub(super) fn shape(unit: &Unit) -> MultiPolygon<f64> {
    let line = |ring: &Ring| -> LineString<f64> {
        let degrees = |(x, y): &Point| (*x as f64 / PER_DEGREE, *y as f64 / PER_DEGREE);
        let mut line: LineString<f64> = ring.iter().map(degrees).collect();
        line.close();
        line
    };
    let polygon = |rings: &Vec<Ring>| {
        let (outer, inner) = rings.split_first()?;
        Some(geo::Polygon::new(line(outer), inner.iter().map(line).collect()))
    };
    unit.iter().filter_map(polygon).collect()
}

fn ring(line: &LineString<f64>) -> Option<Ring> {
    #[expect(clippy::cast_possible_truncation, reason = "at most 180 degrees; what is not a number becomes nought")]
    let mut points: Ring = line.0.iter().map(|c| (steps(c.x).round() as i64, steps(c.y).round() as i64)).collect();
    points.dedup();
    while points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    has_area(&points).then_some(points)
}

/// Whether a ring encloses anything.
pub(super) fn has_area(ring: &[Point]) -> bool {
    let next = ring.iter().cycle().skip(1);
    let doubled =
        |((x1, y1), (x2, y2)): (&Point, &Point)| i128::from(*x1) * i128::from(*y2) - i128::from(*x2) * i128::from(*y1);
    ring.len() >= 3 && ring.iter().zip(next).map(doubled).sum::<i128>() != 0
}
