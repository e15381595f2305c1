//! Neighbouring polygons joined along borders that they share to the last bit.

use std::collections::BTreeMap;

use geo::Winding;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

type Key = (u64, u64);

/// The union of polygons without holes that touch only along equal edges.
///
/// An edge that two of them share, once in each direction, vanishes; what is left is chained into rings. No coordinate
/// is computed, so areas add up exactly.
pub(super) fn joined(parts: &[&MultiPolygon<f64>]) -> MultiPolygon<f64> {
    let key = |c: &Coord<f64>| (c.x.to_bits(), c.y.to_bits());
    let mut edges: BTreeMap<(Key, Key), (Coord<f64>, Coord<f64>)> = BTreeMap::new();
    for ring in parts.iter().flat_map(|part| part.0.iter()).map(Polygon::exterior) {
        let mut ring = ring.clone();
        ring.make_ccw_winding();
        for line in ring.lines().filter(|line| line.start != line.end) {
            let (from, to) = (key(&line.start), key(&line.end));
            if edges.remove(&(to, from)).is_none() {
                edges.insert((from, to), (line.start, line.end));
            }
        }
    }
    let mut next: BTreeMap<Key, Vec<Coord<f64>>> = BTreeMap::new();
    for ((from, _), (_, to)) in edges {
        next.entry(from).or_default().push(to);
    }
    let mut rings = Vec::new();
    while let Some((first, _)) = next.iter().find(|(_, to)| !to.is_empty()) {
        let (first, mut at) = (*first, *first);
        let mut points = vec![Coord { x: f64::from_bits(first.0), y: f64::from_bits(first.1) }];
        while let Some(to) = next.get_mut(&at).and_then(Vec::pop) {
            points.push(to);
            at = key(&to);
            if at == first {
                break;
            }
        }
        rings.push(Polygon::new(LineString(points), Vec::new()));
        next.retain(|_, to| !to.is_empty());
    }
    MultiPolygon(rings)
}

#[cfg(test)]
mod tests {
    use geo::{Area, Validation};

    use super::super::country::{Country, SampleOptions};
    use super::*;

    #[test]
    fn joined_soums_have_the_area_of_their_parts_and_one_ring() {
        let country = Country::new(SampleOptions { soums: 24, ..SampleOptions::default() });
        let shapes: Vec<_> = country.soums.iter().map(|s| &s.shape).collect();
        let whole = joined(&shapes);
        let parts: f64 = shapes.iter().map(|s| s.unsigned_area()).sum();
        assert!((whole.unsigned_area() - parts).abs() < 1e-9);
        assert_eq!(whole.0.len(), 1);
        assert!(whole.is_valid());
        let aimag: Vec<_> = shapes[..7].to_vec();
        let parts: f64 = aimag.iter().map(|s| s.unsigned_area()).sum();
        assert!((joined(&aimag).unsigned_area() - parts).abs() < 1e-9 && joined(&aimag).is_valid());
    }
}
