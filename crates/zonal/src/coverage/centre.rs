//! The cells whose centre lies in a zone.

use super::Span;
use super::frame::{Frame, Part, edges};

/// The spans of a zone in row-major order, each with fraction 1.
///
/// A centre is inside a part when a ray to the west meets its rings an odd number of times (holes and rings that
/// cross themselves included), and inside the zone when inside any part. An upper end of an edge counts, a lower
/// one does not; a centre on a left border is outside, on a right border inside, as GDAL rasterises. So zones
/// that share a border share no centre and lose none.
pub(super) fn cover(frame: &Frame, parts: &[Part]) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for part in parts {
        let mut crossings: Vec<(u32, u32)> = Vec::new();
        part.iter().for_each(|ring| crossings.extend(edges(ring).flat_map(|edge| centre_crossings(frame, edge))));
        crossings.sort_unstable();
        // Rings are closed, so every row is crossed an even number of times.
        for pair in crossings.chunks_exact(2) {
            let ((row, col_start), (_, col_end)) = (pair[0], pair[1]);
            if col_start < col_end {
                runs.push(Span { row, col_start, col_end, fraction: 1.0 });
            }
        }
    }
    union(runs)
}

/// The rows whose centre line an edge crosses, each with the first column whose centre lies right of the crossing.
fn centre_crossings(frame: &Frame, edge: super::frame::Edge) -> impl Iterator<Item = (u32, u32)> {
    let rows = f64::from(frame.rows);
    let cols = f64::from(frame.cols);
    // Row r is crossed when top <= r + 0.5 < bottom.
    let first = (edge.top.v - 0.5).ceil().clamp(0.0, rows) as u32;
    let end = (edge.bottom.v - 0.5).ceil().clamp(0.0, rows) as u32;
    (first..end).map(move |row| {
        let u = edge.u_at(f64::from(row) + 0.5);
        (row, (u + 0.5).floor().clamp(0.0, cols) as u32)
    })
}

/// Joins runs of different parts that overlap or meet.
fn union(mut runs: Vec<Span>) -> Vec<Span> {
    runs.sort_by_key(|run| (run.row, run.col_start));
    let mut joined: Vec<Span> = Vec::with_capacity(runs.len());
    for run in runs {
        match joined.last_mut() {
            Some(last) if last.row == run.row && last.col_end >= run.col_start => {
                last.col_end = last.col_end.max(run.col_end);
            }
            _ => joined.push(run),
        }
    }
    joined
}
