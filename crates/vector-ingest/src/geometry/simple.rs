//! Polygons that are valid beyond doubt, found by one sweep.
//!
//! Edges are sorted by their west end; each is compared with those that begin before it ends. Rings that nowhere touch,
//! neither each other nor themselves, with holes inside their shells and parts apart, are valid in the sense of OGC
//! simple features. Whatever is near a touch (by the error bound of Shewchuk 1997 on the orientation of three points),
//! or takes too long, is left to the reader's own, slower check.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

/// Error bound of the orientation of three points, as a share of the sum of its two products.
const ORIENTATION_ERROR: f64 = 4e-16;
/// Comparisons for each edge, on average, before the sweep gives up.
const COMPARISONS_PER_EDGE: usize = 256;
/// Rings whose nesting is looked at pair by pair.
const RINGS_MAX: usize = 256;

/// An edge from one vertex of a ring to the next.
#[derive(Debug, Clone, Copy)]
struct Edge {
    west: f64,
    east: f64,
    south: f64,
    north: f64,
    from: Coord<f64>,
    to: Coord<f64>,
    ring: u32,
    /// Place in the ring.
    place: u32,
}

/// Whether polygons are certainly valid; `false` says nothing. Coordinates must be finite.
pub(crate) fn certainly_valid(polygons: &MultiPolygon<f64>) -> bool {
    let rings: Vec<&LineString<f64>> =
        polygons.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())).collect();
    if rings.len() > RINGS_MAX {
        return false;
    }
    let mut edges = Vec::with_capacity(rings.iter().map(|ring| ring.0.len()).sum());
    let mut lengths = Vec::with_capacity(rings.len());
    for (number, ring) in (0..).zip(&rings) {
        let Some(length) = add_edges(ring, number, &mut edges) else { return false };
        lengths.push(length);
    }
    edges.sort_unstable_by(|a, b| a.west.total_cmp(&b.west));
    apart(&edges, &lengths) && nested_well(polygons)
}

/// Whether edges certainly cross at more than `most` places; `false` also when that takes too long to tell.
pub(crate) fn cross_more_often(polygons: &MultiPolygon<f64>, most: usize) -> bool {
    let mut edges = Vec::new();
    let rings = polygons.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    for (number, ring) in (0..).zip(rings) {
        // a ring that is none has its edges all the same
        let _ = add_edges(ring, number, &mut edges);
    }
    edges.sort_unstable_by(|a, b| a.west.total_cmp(&b.west));
    // all pairs of a small tangle, and of a large one as many as are looked at elsewhere
    let mut left = edges.len().saturating_mul(COMPARISONS_PER_EDGE).max(most.saturating_mul(COMPARISONS_PER_EDGE));
    let mut crossings = 0;
    for (i, edge) in edges.iter().enumerate() {
        let later = edges.get(i + 1..).unwrap_or_default();
        for other in later.iter().take_while(|other| other.west <= edge.east) {
            let Some(rest) = left.checked_sub(1) else { return false };
            left = rest;
            if other.south <= edge.north && other.north >= edge.south && cross(edge, other) {
                crossings += 1;
                if crossings > most {
                    return true;
                }
            }
        }
    }
    false
}

/// Whether two edges certainly cross between their ends.
fn cross(a: &Edge, b: &Edge) -> bool {
    let parted = |a: &Edge, b: &Edge| {
        let sides = orientation(a.from, a.to, b.from).zip(orientation(a.from, a.to, b.to));
        sides.is_some_and(|(first, second)| first != second)
    };
    parted(a, b) && parted(b, a)
}

/// Adds the edges of a ring, repeated vertices left out; `None` when it is no closed ring of three edges or more.
fn add_edges(ring: &LineString<f64>, number: u32, edges: &mut Vec<Edge>) -> Option<u32> {
    let mut place = 0;
    for pair in ring.0.windows(2) {
        let [from, to] = pair else { continue };
        if from == to {
            continue;
        }
        let (west, east) = (from.x.min(to.x), from.x.max(to.x));
        let (south, north) = (from.y.min(to.y), from.y.max(to.y));
        edges.push(Edge { west, east, south, north, from: *from, to: *to, ring: number, place });
        place += 1;
    }
    (place >= 3 && ring.0.first() == ring.0.last()).then_some(place)
}

/// Whether no two edges touch, but neighbours in their common vertex.
fn apart(edges: &[Edge], lengths: &[u32]) -> bool {
    let mut left = edges.len().saturating_mul(COMPARISONS_PER_EDGE);
    for (i, edge) in edges.iter().enumerate() {
        let later = edges.get(i + 1..).unwrap_or_default();
        for other in later.iter().take_while(|other| other.west <= edge.east) {
            let Some(rest) = left.checked_sub(1) else { return false };
            left = rest;
            if other.south > edge.north || other.north < edge.south {
                continue;
            }
            let length = lengths.get(edge.ring as usize).copied().unwrap_or(0);
            let follows = |a: &Edge, b: &Edge| {
                a.ring == b.ring && (a.place + 1 == b.place || (b.place == 0 && a.place + 1 == length))
            };
            let fine = if follows(edge, other) {
                opens(edge, other)
            } else if follows(other, edge) {
                opens(other, edge)
            } else {
                disjoint(edge, other)
            };
            if !fine {
                return false;
            }
        }
    }
    true
}

/// Whether an edge and the one after it meet in their common vertex alone.
fn opens(edge: &Edge, next: &Edge) -> bool {
    let onward =
        (edge.to.x - edge.from.x) * (next.to.x - next.from.x) + (edge.to.y - edge.from.y) * (next.to.y - next.from.y);
    orientation(edge.from, edge.to, next.to).is_some() || onward > 0.0
}

/// Whether one of two edges certainly lies to one side of the other.
fn disjoint(a: &Edge, b: &Edge) -> bool {
    let beside = |a: &Edge, b: &Edge| {
        let sides = orientation(a.from, a.to, b.from).zip(orientation(a.from, a.to, b.to));
        sides.is_some_and(|(first, second)| first == second)
    };
    beside(a, b) || beside(b, a)
}

/// Whether `c` lies left of the line from `a` to `b`; `None` when it is too near to tell.
fn orientation(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> Option<bool> {
    let (left, right) = ((a.x - c.x) * (b.y - c.y), (a.y - c.y) * (b.x - c.x));
    let determinant = left - right;
    let certain = determinant.abs() > ORIENTATION_ERROR * (left.abs() + right.abs());
    // products so small that they lose digits tell nothing
    (certain && determinant.abs() > f64::MIN_POSITIVE).then_some(determinant > 0.0)
}

/// Whether holes lie inside their shells and outside each other, and no part inside another; rings do not touch.
fn nested_well(polygons: &MultiPolygon<f64>) -> bool {
    let outside = |ring: &LineString<f64>, other: &LineString<f64>| {
        ring.0.first().is_some_and(|vertex| encloses(other, *vertex) == Some(false))
    };
    let alone = |rings: &[&LineString<f64>]| {
        rings
            .iter()
            .enumerate()
            .all(|(i, ring)| rings.iter().enumerate().all(|(j, other)| i == j || outside(ring, other)))
    };
    let holes_fit = |polygon: &Polygon<f64>| {
        let holes: Vec<_> = polygon.interiors().iter().collect();
        let inside = |hole: &&LineString<f64>| {
            hole.0.first().is_some_and(|vertex| encloses(polygon.exterior(), *vertex) == Some(true))
        };
        holes.iter().all(inside) && alone(&holes)
    };
    let shells: Vec<_> = polygons.iter().map(Polygon::exterior).collect();
    // a part in the hole of another is valid, and left to the slower check
    polygons.iter().all(holes_fit) && alone(&shells)
}

/// Whether a ring encloses a point that does not lie on it; `None` when that is too near to tell.
fn encloses(ring: &LineString<f64>, point: Coord<f64>) -> Option<bool> {
    let mut inside = false;
    for pair in ring.0.windows(2) {
        let [a, b] = pair else { continue };
        if (a.y > point.y) != (b.y > point.y) {
            let (low, high) = if a.y < b.y { (*a, *b) } else { (*b, *a) };
            if (point.x < low.x && point.x < high.x) || orientation(low, high, point)? {
                inside = !inside;
            }
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::foreign::to_gdal;
    use geo_types::polygon;
    use proptest::prelude::*;

    fn square(x: f64, y: f64, side: f64) -> LineString<f64> {
        LineString(vec![
            Coord { x, y },
            Coord { x: x + side, y },
            Coord { x: x + side, y: y + side },
            Coord { x, y: y + side },
            Coord { x, y },
        ])
    }

    fn one(shell: LineString<f64>, holes: Vec<LineString<f64>>) -> MultiPolygon<f64> {
        MultiPolygon(vec![Polygon::new(shell, holes)])
    }

    #[test]
    fn sound_polygons_are_found() {
        assert!(certainly_valid(&one(square(0.0, 0.0, 9.0), vec![square(1.0, 1.0, 2.0), square(5.0, 5.0, 2.0)])));
        let parts = [square(0.0, 0.0, 1.0), square(2.0, 0.0, 1.0)].map(|shell| Polygon::new(shell, vec![]));
        assert!(certainly_valid(&MultiPolygon(parts.to_vec())));
        // a vertex on a straight edge, and a vertex given twice
        assert!(certainly_valid(&MultiPolygon(vec![
            polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 2.0, y: 0.0), (x: 2.0, y: 0.0), (x: 1.0, y: 3.0)],
        ])));
    }

    #[test]
    fn crossings_are_counted() {
        // every second corner of a star: each of its five edges crosses two others
        let corner = |n: u32| {
            let angle = std::f64::consts::TAU * f64::from(2 * n % 5) / 5.0;
            Coord { x: angle.cos(), y: angle.sin() }
        };
        let star = one(LineString((0..=5).map(corner).collect()), vec![]);
        assert!(cross_more_often(&star, 4) && !cross_more_often(&star, 5));
        assert!(!cross_more_often(&one(square(0.0, 0.0, 9.0), vec![square(1.0, 1.0, 2.0)]), 0));
    }

    #[test]
    fn doubtful_ones_are_not() {
        let shell = || square(0.0, 0.0, 9.0);
        let doubtful = [
            one(shell(), vec![square(8.0, 8.0, 2.0)]),
            one(shell(), vec![square(10.0, 1.0, 2.0)]),
            one(shell(), vec![square(1.0, 1.0, 6.0), square(2.0, 2.0, 2.0)]),
            one(shell(), vec![square(0.0, 1.0, 2.0)]),
            MultiPolygon(vec![Polygon::new(shell(), vec![]), Polygon::new(square(1.0, 1.0, 1.0), vec![])]),
            MultiPolygon(vec![polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0), (x: 0.0, y: 2.0)]]),
            // a spike
            MultiPolygon(vec![
                polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0), (x: 4.0, y: 9.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0)],
            ]),
            one(LineString(vec![Coord { x: 0.0, y: 0.0 }, Coord { x: 1.0, y: 1.0 }, Coord { x: 0.0, y: 0.0 }]), vec![]),
        ];
        for polygons in doubtful {
            assert!(!certainly_valid(&polygons), "{polygons:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_certain_here_the_reader_confirms(
            shell in prop::collection::vec((0..12i32, 0..12i32), 3..9),
            hole in prop::collection::vec((0..12i32, 0..12i32), 3..6),
        ) {
            let ring = |vertices: &[(i32, i32)]| {
                let mut ring = LineString(vertices.iter().map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) }).collect());
                ring.close();
                ring
            };
            for polygons in [one(ring(&shell), vec![]), one(ring(&shell), vec![ring(&hole)]),
                             MultiPolygon(vec![Polygon::new(ring(&shell), vec![]), Polygon::new(ring(&hole), vec![])])] {
                if certainly_valid(&polygons) {
                    prop_assert!(to_gdal(&polygons).unwrap().is_valid(), "{:?}", polygons);
                }
            }
        }
    }
}
