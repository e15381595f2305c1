//! Simplification by arcs: a stretch of border that two soums share is simplified once, so no gap opens between them.
//!
//! Rings are cut where borders meet: at points whose neighbours differ from ring to ring. Each arc between two such points
//! is simplified after Douglas and Peucker in one direction of its own, whoever asks, and rings are put together again.
//! An arc is drawn more finely, for all who share it, when a ring would lose its area.

use std::collections::{HashMap, HashSet};

use geo::{Coord, LineString, SimplifyIdx};

use super::ring::{Point, Ring, Unit, has_area};

/// How many times the tolerance of an arc may be divided by four before all its points stay.
const FINER_MAX: u32 = 6;

/// A ring as arcs, each with whether it runs against its own direction.
type Path = Vec<(usize, bool)>;

/// Soums with fewer points; none lies further than `tolerance` steps from the true border.
pub(super) fn simplified(units: &[Unit], tolerance: f64) -> Vec<Unit> {
    let junctions = junctions(units);
    let mut arcs = Arcs::default();
    let cut = |ring: &Ring, arcs: &mut Arcs| cut(ring, &junctions).into_iter().map(|arc| arcs.enter(arc)).collect();
    let paths: Vec<Vec<Vec<Path>>> = units
        .iter()
        .map(|unit| unit.iter().map(|rings| rings.iter().map(|ring| cut(ring, &mut arcs)).collect()).collect())
        .collect();
    let mut drawn: Vec<Vec<Point>> = arcs.points.iter().map(|arc| fewer(arc, tolerance)).collect();
    for finer in 1..=FINER_MAX + 1 {
        let lost = paths.iter().flatten().flatten().filter(|path| !has_area(&joined(path, &drawn)));
        let again: HashSet<usize> = lost.flatten().map(|(arc, _)| *arc).collect();
        if again.is_empty() {
            break;
        }
        let exact = finer > FINER_MAX;
        for arc in again {
            if let (Some(points), Some(place)) = (arcs.points.get(arc), drawn.get_mut(arc)) {
                *place = if exact { points.clone() } else { fewer(points, tolerance / 4_f64.powi(finer as i32)) };
            }
        }
    }
    let ring = |path: &Path| joined(path, &drawn);
    paths.iter().map(|unit| unit.iter().map(|rings| rings.iter().map(ring).collect()).collect()).collect()
}

/// The points where borders meet.
fn junctions(units: &[Unit]) -> HashSet<Point> {
    let mut beside: HashMap<Point, (Point, Point)> = HashMap::new();
    let mut found = HashSet::new();
    for ring in units.iter().flatten().flatten() {
        let before = ring.iter().cycle().skip(ring.len() - 1);
        let after = ring.iter().cycle().skip(1);
        for ((point, before), after) in ring.iter().zip(before).zip(after) {
            let pair = (*before.min(after), *before.max(after));
            if *beside.entry(*point).or_insert(pair) != pair {
                found.insert(*point);
            }
        }
    }
    found
}

/// The arcs of a ring, ends included; a ring without junctions is one arc that ends where it starts.
fn cut(ring: &Ring, junctions: &HashSet<Point>) -> Vec<Vec<Point>> {
    let first = ring.iter().position(|point| junctions.contains(point));
    // a ring alone starts at its least point, so that its two sides are drawn alike
    let start = first.or_else(|| (0..ring.len()).min_by_key(|place| ring.get(*place))).unwrap_or(0);
    let mut arcs = Vec::new();
    let mut arc = Vec::new();
    for point in ring.iter().cycle().skip(start).take(ring.len() + 1) {
        arc.push(*point);
        if arc.len() > 1 && junctions.contains(point) {
            arcs.push(std::mem::replace(&mut arc, vec![*point]));
        }
    }
    if arc.len() > 1 {
        arcs.push(arc);
    }
    arcs
}

/// Every arc once, in the direction that compares least.
#[derive(Default)]
struct Arcs {
    points: Vec<Vec<Point>>,
    place: HashMap<Vec<Point>, usize>,
}

impl Arcs {
    fn enter(&mut self, arc: Vec<Point>) -> (usize, bool) {
        let reversed: Vec<Point> = arc.iter().rev().copied().collect();
        let against = reversed < arc;
        let own = if against { reversed } else { arc };
        let place = *self.place.entry(own).or_insert_with_key(|own| {
            self.points.push(own.clone());
            self.points.len() - 1
        });
        (place, against)
    }
}

/// Douglas and Peucker; both ends stay.
fn fewer(arc: &[Point], tolerance: f64) -> Vec<Point> {
    let line: LineString<f64> = arc.iter().map(|(x, y)| Coord { x: *x as f64, y: *y as f64 }).collect();
    line.simplify_idx(tolerance).into_iter().filter_map(|place| arc.get(place).copied()).collect()
}

/// The ring of its arcs, without its closing point.
fn joined(path: &Path, drawn: &[Vec<Point>]) -> Ring {
    let mut ring = Ring::new();
    for (arc, against) in path {
        let points = drawn.get(*arc).map(Vec::as_slice).unwrap_or_default();
        let all_but_last = points.len().saturating_sub(1);
        if *against {
            ring.extend(points.iter().rev().take(all_but_last));
        } else {
            ring.extend(points.iter().take(all_but_last));
        }
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wavy line between two points along x, the same for whoever walks it.
    fn wave(x0: i64, x1: i64, y: i64) -> Vec<Point> {
        (x0..=x1).map(|x| (x * 100, y + [0, 7, 3, -5][(x % 4) as usize])).collect()
    }

    /// Two neighbours, one above the wave and one below it, with an enclave in the lower one.
    fn neighbours() -> Vec<Unit> {
        let border = wave(0, 40, 0);
        let mut above = border.clone();
        above.extend([(4000, 2000), (0, 2000)]);
        let mut below: Ring = border.into_iter().rev().collect();
        below.extend([(0, -2000), (2000, -2000), (4000, -2000)]);
        let enclave: Ring = vec![(100, -1900), (103, -1900), (103, -1897), (100, -1897)];
        let hole: Ring = enclave.iter().rev().copied().collect();
        vec![vec![vec![above]], vec![vec![below, hole]], vec![vec![enclave]]]
    }

    fn edges(units: &[Unit], unit: usize) -> HashSet<(Point, Point)> {
        let ring = |ring: &Ring| {
            let next = ring.iter().cycle().skip(1);
            ring.iter().zip(next).map(|(a, b)| (*a.min(b), *a.max(b))).collect::<Vec<_>>()
        };
        units[unit].iter().flatten().flat_map(ring).collect()
    }

    fn doubled_area(units: &[Unit]) -> i128 {
        let ring = |ring: &Ring| {
            let next = ring.iter().cycle().skip(1);
            ring.iter().zip(next).map(|(a, b)| i128::from(a.0 * b.1 - b.0 * a.1)).sum::<i128>()
        };
        units.iter().flatten().flatten().map(ring).sum()
    }

    #[test]
    fn what_is_shared_stays_shared_and_no_ring_is_lost() {
        let units = neighbours();
        for tolerance in [1.0, 10.0, 50.0, 5000.0] {
            let drawn = simplified(&units, tolerance);
            assert!(drawn.iter().flatten().flatten().all(|ring| has_area(ring)), "{tolerance}: {drawn:?}");
            // the whole is the same rectangle, so neither gap nor overlap is left
            assert_eq!(doubled_area(&drawn), doubled_area(&units), "{tolerance}");
            assert!(!edges(&drawn, 0).is_disjoint(&edges(&drawn, 1)), "{tolerance}");
            assert_eq!(edges(&drawn, 2).intersection(&edges(&drawn, 1)).count(), edges(&drawn, 2).len());
        }
        let points = |units: &[Unit]| units.iter().flatten().flatten().map(Vec::len).sum::<usize>();
        let drawn = simplified(&units, 10.0);
        assert_eq!(drawn[0], [[vec![(0, 0), (4000, 0), (4000, 2000), (0, 2000)]]]);
        assert!(points(&drawn) * 4 < points(&units));
    }

    #[test]
    fn a_ring_alone_is_drawn_alike_wherever_it_starts() {
        let island: Ring = (0..40).map(|n| (n * 10, (n * n) % 17)).chain([(390, 500), (0, 500)]).collect();
        let mut turned = island.clone();
        turned.rotate_left(13);
        let points = |ring: Ring| simplified(&[vec![vec![ring]]], 5.0)[0][0][0].iter().copied().collect::<HashSet<_>>();
        assert_eq!(points(island), points(turned));
    }
}
