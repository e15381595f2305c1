//! The zone of each of many points: exactly one for a point in or on a zone, none for any other.
//!
//! A point on a border, a shared vertex or where zones overlap belongs to the zone that comes first. Zones are closed:
//! their borders, those of their holes too, belong to them. All decisions are by exact predicates (Shewchuk 1997), so a
//! point beside a border is never on its wrong side.
//!
//! The zones are laid on a fixed lattice once. A cell without a border in it answers at once. In a cell with borders a
//! point is reached from the middle of the cell's left edge, whose zones are known, by an upright and a level step;
//! every border crossed turns the answer over (crossing number, Shimrat 1962). Points exactly level with a vertex are
//! told apart by moving all points up and right by amounts too small to matter (Edelsbrunner and Mücke 1990).

mod build;
mod lattice;
mod side;

use geo_types::MultiPolygon;
use rayon::prelude::*;

use lattice::Lattice;
use side::{is_above, is_on};

/// Points that one thread takes at a time, at least.
const POINTS_PER_TASK: usize = 4096;

/// Zones laid out for the assignment of points.
///
/// ```
/// use belcheer_zonal::PointIndex;
/// use geo_types::{MultiPolygon, Rect, coord};
///
/// let square = |x: f64| MultiPolygon(vec![Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + 1.0, y: 1.0 }).to_polygon()]);
/// let index = PointIndex::new(&[square(0.0), square(1.0)]);
/// // inside the first, on the shared border, inside the second, outside
/// let points = [(0.5, 0.5), (1.0, 0.5), (1.5, 0.5), (2.5, 0.5)];
/// assert_eq!(index.assign(&points), [Some(0), Some(0), Some(1), None]);
/// ```
#[derive(Debug, Clone)]
pub struct PointIndex {
    lattice: Lattice,
    /// Zone of each polygon, rising.
    zone_of_part: Vec<u32>,
    /// Vertices of all rings, each ring closed.
    vertices: Vec<[f64; 2]>,
    /// Cells in rows from the south-west, one more at the end.
    cells: Vec<Cell>,
    /// Stretches of rings by cell, then by part.
    runs: Vec<Run>,
    /// Sets of parts that hold the middle of a cell's left edge; the first is empty.
    holders: Vec<Holders>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    first_run: u32,
    holders: u32,
}

/// Consecutive edges of a ring that touch one cell.
#[derive(Debug, Clone, Copy)]
struct Run {
    part: u32,
    first_vertex: u32,
    edges: u32,
}

#[derive(Debug, Clone, Default)]
struct Holders {
    /// Rising.
    parts: Vec<u32>,
    /// The zone of the first.
    zone: Option<u32>,
}

impl PointIndex {
    /// Lays out zones; polygons with a coordinate that is not finite, or beyond 1e150, hold no point.
    #[must_use]
    pub fn new<'a>(zones: impl IntoIterator<Item = &'a MultiPolygon<f64>>) -> Self {
        build::build(zones)
    }

    /// The first zone that a point lies in or on.
    #[must_use]
    pub fn zone_at(&self, x: f64, y: f64) -> Option<u32> {
        let (col, row) = self.lattice.cell(x, y)?;
        let at = self.lattice.index(col, row);
        let (cell, next) = (self.cells.get(at)?, self.cells.get(at + 1)?);
        let holders = self.holders.get(cell.holders as usize)?;
        if cell.first_run == next.first_run {
            return holders.zone;
        }
        let runs = self.runs.get(cell.first_run as usize..next.first_run as usize)?;
        let walk = Walk { from: self.lattice.reference(col, row), to: [x, y] };
        self.first_part(&walk, runs, &holders.parts).and_then(|part| self.zone_of_part.get(part as usize).copied())
    }

    /// The first zone of each point; the same on any number of threads.
    #[must_use]
    pub fn assign(&self, points: &[(f64, f64)]) -> Vec<Option<u32>> {
        points.par_iter().with_min_len(POINTS_PER_TASK).map(|(x, y)| self.zone_at(*x, *y)).collect()
    }

    /// The first part that holds the end of a walk.
    fn first_part(&self, walk: &Walk, runs: &[Run], holders: &[u32]) -> Option<u32> {
        let mut holders = holders.iter().copied().peekable();
        for of_part in runs.chunk_by(|a, b| a.part == b.part) {
            let part = of_part.first()?.part;
            // a part without borders in the cell holds all of it or nothing
            if let Some(before) = holders.next_if(|holder| *holder < part) {
                return Some(before);
            }
            let mut inside = holders.next_if_eq(&part).is_some();
            for run in of_part {
                let (first, edges) = (run.first_vertex as usize, run.edges as usize);
                for edge in self.vertices.get(first..=first + edges).unwrap_or_default().windows(2) {
                    let [a, b] = edge else { continue };
                    match walk.meets(*a, *b) {
                        Meeting::Ends => return Some(part),
                        Meeting::Crosses => inside = !inside,
                        Meeting::None => {}
                    }
                }
            }
            if inside {
                return Some(part);
            }
        }
        holders.next()
    }
}

/// From a point of known zones to a point asked for: upright first, then level.
struct Walk {
    from: [f64; 2],
    to: [f64; 2],
}

/// What an edge is to a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meeting {
    None,
    /// It is crossed once; twice counts as not at all.
    Crosses,
    /// The walk ends on it.
    Ends,
}

impl Walk {
    #[inline]
    fn meets(&self, a: [f64; 2], b: [f64; 2]) -> Meeting {
        let ([left, middle], [x, y]) = (self.from, self.to);
        let (west, east) = if a[0] < b[0] { (a[0], b[0]) } else { (b[0], a[0]) };
        let (south, north) = if a[1] < b[1] { (a[1], b[1]) } else { (b[1], a[1]) };
        let corner = [left, y];
        let mut crosses = false;
        if (a[0] > left) != (b[0] > left) && north >= middle.min(y) && south <= middle.max(y) {
            crosses ^= is_above(a, b, self.from) != is_above(a, b, corner);
        }
        if (south..=north).contains(&y) {
            if (west..=east).contains(&x) && is_on(a, b, self.to) {
                return Meeting::Ends;
            }
            if (a[1] > y) != (b[1] > y) && east >= left && west <= x {
                let surely = west > left && east < x;
                crosses ^= surely || is_above(a, b, corner) != is_above(a, b, self.to);
            }
        }
        if crosses { Meeting::Crosses } else { Meeting::None }
    }
}

#[cfg(test)]
mod tests;
