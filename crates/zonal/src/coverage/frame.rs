//! Zones in cell coordinates: `u` columns east of the left edge, `v` rows south of the upper edge.

use geo_types::{LineString, MultiPolygon};

use super::CoverageError;
use crate::Grid;

/// How many cells from the grid a vertex may lie; beyond, a crossing would be off by a visible part of a cell.
const FARTHEST_CELLS: f64 = 1e12;

/// A vertex in cell coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Vertex {
    pub u: f64,
    pub v: f64,
}

/// A closed ring; the last vertex equals the first.
pub(super) type Ring = Vec<Vertex>;

/// The rings of one polygon, the exterior first.
pub(super) type Part = Vec<Ring>;

/// The grid as the sweep sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    grid: Grid,
    pub cols: u32,
    pub rows: u32,
    snap_u: f64,
    snap_v: f64,
}

impl Frame {
    pub fn new(grid: &Grid) -> Self {
        // A vertex nearer to a cell edge than coordinates can tell apart lies on it. The bound is the sum of the
        // roundings of the coordinate, of the grid corner, of the cell size and of the division.
        let blur = |low: f64, high: f64, size: f64| 4.0 * f64::EPSILON * low.abs().max(high.abs()) / size;
        Self {
            grid: *grid,
            // A grid has fewer than 2^32 rows and columns.
            cols: grid.cols() as u32,
            rows: grid.rows() as u32,
            snap_u: blur(grid.x_min(), grid.x_max(), grid.dx()),
            snap_v: blur(grid.y_min(), grid.y_max(), grid.dy()),
        }
    }

    /// The zone in cell coordinates, every coordinate checked.
    pub fn place(&self, zone: &MultiPolygon<f64>) -> Result<Vec<Part>, CoverageError> {
        let polygons = zone.0.iter().enumerate();
        polygons
            .map(|(part, polygon)| {
                let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                rings.enumerate().map(|(ring, line)| self.place_ring(line, part, ring)).collect()
            })
            .collect()
    }

    fn place_ring(&self, line: &LineString<f64>, part: usize, ring: usize) -> Result<Ring, CoverageError> {
        let mut vertices: Ring = Vec::with_capacity(line.0.len() + 1);
        for (vertex, coord) in line.0.iter().enumerate() {
            let (x, y) = (coord.x, coord.y);
            if !x.is_finite() || !y.is_finite() {
                return Err(CoverageError::CoordinateNotFinite { part, ring, vertex, x, y });
            }
            let u = snap((x - self.grid.x_min()) / self.grid.dx(), self.snap_u);
            let v = snap((self.grid.y_max() - y) / self.grid.dy(), self.snap_v);
            if u.abs() > FARTHEST_CELLS || v.abs() > FARTHEST_CELLS {
                return Err(CoverageError::CoordinateTooFar { part, ring, vertex, x, y });
            }
            vertices.push(Vertex { u, v });
        }
        if let Some(&first) = vertices.first()
            && vertices.last() != Some(&first)
        {
            vertices.push(first);
        }
        Ok(vertices)
    }
}

/// The nearest whole number, if it is within `tolerance`.
fn snap(position: f64, tolerance: f64) -> f64 {
    let nearest = position.round();
    if (position - nearest).abs() <= tolerance { nearest } else { position }
}

/// The direction of a ring: 1 when its inside lies to the right of downward edges, else -1.
pub(super) fn direction(ring: &[Vertex]) -> f64 {
    let Some(&origin) = ring.first() else { return 1.0 };
    let doubled_area: f64 = ring
        .windows(2)
        .map(|edge| {
            let (a, b) = (edge[0], edge[1]);
            (a.u - origin.u) * (b.v - origin.v) - (b.u - origin.u) * (a.v - origin.v)
        })
        .sum();
    if doubled_area > 0.0 { -1.0 } else { 1.0 }
}

/// An edge from its upper to its lower end, whichever way it was drawn, so that two zones that share it compute
/// the same crossings to the last bit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub top: Vertex,
    pub bottom: Vertex,
    /// 1 when drawn downward, -1 when upward.
    pub sign: f64,
}

impl Edge {
    /// The edge between two vertices; `None` when it is horizontal.
    pub fn between(a: Vertex, b: Vertex) -> Option<Self> {
        if a.v < b.v {
            Some(Self { top: a, bottom: b, sign: 1.0 })
        } else if a.v > b.v {
            Some(Self { top: b, bottom: a, sign: -1.0 })
        } else {
            None
        }
    }

    /// The column coordinate at a height between the ends.
    pub fn u_at(&self, v: f64) -> f64 {
        if v <= self.top.v {
            return self.top.u;
        }
        if v >= self.bottom.v {
            return self.bottom.u;
        }
        let share = (v - self.top.v) / (self.bottom.v - self.top.v);
        let u = self.top.u + share * (self.bottom.u - self.top.u);
        u.clamp(self.top.u.min(self.bottom.u), self.top.u.max(self.bottom.u))
    }
}

/// The edges of a ring that are not horizontal.
pub(super) fn edges(ring: &[Vertex]) -> impl Iterator<Item = Edge> {
    ring.windows(2).filter_map(|pair| Edge::between(pair[0], pair[1]))
}
