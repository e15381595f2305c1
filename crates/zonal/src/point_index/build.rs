//! Laying zones on the lattice: which borders touch a cell, and which polygons hold its left edge's middle.

use std::collections::BTreeMap;

use geo_types::{LineString, MultiPolygon, Polygon};

use super::{Cell, Holders, PointIndex, Run, lattice::Lattice, side::is_above};

/// Coordinates beyond this overflow the exact predicates.
const COORDINATE_MAX: f64 = 1e150;

/// A ring among all vertices.
struct Ring {
    part: u32,
    first_vertex: u32,
    edges: u32,
}

pub(super) fn build<'a>(zones: impl IntoIterator<Item = &'a MultiPolygon<f64>>) -> PointIndex {
    let (mut zone_of_part, mut vertices, mut rings) = (Vec::new(), Vec::new(), Vec::new());
    for (zone, polygons) in (0..).zip(zones) {
        for polygon in polygons.0.iter().filter(|p| is_sound(p)) {
            let part = zone_of_part.len() as u32;
            zone_of_part.push(zone);
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                let first_vertex = vertices.len() as u32;
                vertices.extend(ring.0.iter().map(|c| [c.x, c.y]));
                let edges = (ring.0.len() as u32).saturating_sub(1);
                rings.push(Ring { part, first_vertex, edges });
            }
        }
    }
    let lattice = Lattice::around(&vertices);
    let (mut cells, runs) = lay_out(&lattice, &vertices, &rings);
    let holders = find_holders(&lattice, &vertices, &runs, &zone_of_part, &mut cells);
    PointIndex { lattice, zone_of_part, vertices, cells, runs, holders }
}

fn is_sound(polygon: &Polygon<f64>) -> bool {
    let sound =
        |ring: &LineString<f64>| ring.0.iter().all(|c| c.x.abs() <= COORDINATE_MAX && c.y.abs() <= COORDINATE_MAX);
    sound(polygon.exterior()) && polygon.interiors().iter().all(sound)
}

/// Cuts rings into runs by cell, and sorts these by cell; parts stay in order.
fn lay_out(lattice: &Lattice, vertices: &[[f64; 2]], rings: &[Ring]) -> (Vec<Cell>, Vec<Run>) {
    let mut found: Vec<(usize, Run)> = Vec::with_capacity(vertices.len() / 2);
    let mut cells = vec![Cell::default(); lattice.columns() * lattice.rows() + 1];
    // cells that the edge before touched, with their runs
    let (mut open, mut opened) = (Vec::new(), Vec::new());
    for ring in rings {
        open.clear();
        for edge in 0..ring.edges {
            let at = (ring.first_vertex + edge) as usize;
            let Some([a, b]) = vertices.get(at..at + 2) else { continue };
            lattice.touched(*a, *b, |cell| {
                let known = open.iter().find(|(c, _)| *c == cell).map(|(_, run): &(usize, usize)| *run);
                let run = known.unwrap_or(found.len());
                match found.get_mut(run) {
                    Some((_, run)) => run.edges += 1,
                    None => found.push((cell, Run { part: ring.part, first_vertex: at as u32, edges: 1 })),
                }
                if known.is_none()
                    && let Some(next) = cells.get_mut(cell + 1)
                {
                    next.first_run += 1;
                }
                opened.push((cell, run));
            });
            std::mem::swap(&mut open, &mut opened);
            opened.clear();
        }
    }
    let mut before = 0;
    for cell in &mut cells {
        before += cell.first_run;
        cell.first_run = before;
    }
    let mut next: Vec<u32> = cells.iter().map(|c| c.first_run).collect();
    let mut runs = vec![Run { part: 0, first_vertex: 0, edges: 0 }; found.len()];
    for (cell, run) in found {
        let Some(slot) = next.get_mut(cell) else { continue };
        if let Some(place) = runs.get_mut(*slot as usize) {
            *place = run;
        }
        *slot += 1;
    }
    (cells, runs)
}

/// Walks each row from the left, where nothing is, and notes which parts hold each cell's reference.
fn find_holders(
    lattice: &Lattice,
    vertices: &[[f64; 2]],
    runs: &[Run],
    zone_of_part: &[u32],
    cells: &mut [Cell],
) -> Vec<Holders> {
    let mut known: BTreeMap<Vec<u32>, u32> = BTreeMap::from([(Vec::new(), 0)]);
    for row in 0..lattice.rows() {
        let (mut current, mut number) = (Vec::new(), 0);
        for col in 0..lattice.columns() {
            let at = lattice.index(col, row);
            let Some([cell, next]) = cells.get_mut(at..at + 2) else { continue };
            cell.holders = number;
            let touching = runs.get(cell.first_run as usize..next.first_run as usize).unwrap_or_default();
            if touching.is_empty() {
                continue;
            }
            let step = (lattice.reference(col, row), lattice.reference(col + 1, row));
            let before = current.clone();
            for of_part in touching.chunk_by(|a, b| a.part == b.part) {
                let crossings: usize = of_part.iter().map(|run| crossings(vertices, run, step)).sum();
                if let Some(run) = of_part.first().filter(|_| crossings % 2 == 1) {
                    toggle(&mut current, run.part);
                }
            }
            if current != before {
                let new = known.len() as u32;
                number = *known.entry(current.clone()).or_insert(new);
            }
        }
    }
    let mut holders = vec![Holders::default(); known.len()];
    for (parts, number) in known {
        if let Some(slot) = holders.get_mut(number as usize) {
            let zone = parts.first().and_then(|part| zone_of_part.get(*part as usize)).copied();
            *slot = Holders { parts, zone };
        }
    }
    holders
}

/// How often a run crosses a level step.
fn crossings(vertices: &[[f64; 2]], run: &Run, (from, to): ([f64; 2], [f64; 2])) -> usize {
    let first = run.first_vertex as usize;
    let edges = vertices.get(first..=first + run.edges as usize).unwrap_or_default().windows(2);
    let crosses = |edge: &&[[f64; 2]]| match edge {
        [a, b] => (a[1] > from[1]) != (b[1] > from[1]) && is_above(*a, *b, from) != is_above(*a, *b, to),
        _ => false,
    };
    edges.filter(crosses).count()
}

fn toggle(parts: &mut Vec<u32>, part: u32) {
    match parts.binary_search(&part) {
        Ok(at) => {
            parts.remove(at);
        }
        Err(at) => parts.insert(at, part),
    }
}
