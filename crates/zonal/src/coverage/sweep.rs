//! From the contributions of edges to the fraction covered of each cell.

use super::Span;
use super::edges::{Contribution, Contributions};
use super::frame::{Frame, Part, direction};

/// Fractions nearer than this to 0 or 1 differ from it by rounding alone.
const FRACTION_NOISE: f64 = 1e-12;
/// A sum below this is no rounding: a ring crosses itself, or a hole lies outside its polygon.
const NEGATIVE_COVER: f64 = -1e-9;

/// The spans of a zone in row-major order.
pub(super) fn cover(frame: &Frame, parts: &[Part]) -> Vec<Span> {
    let mut all = Contributions::new(frame);
    for part in parts {
        for (index, ring) in part.iter().enumerate() {
            all.add_ring(ring, ring_sign(index) * direction(ring));
        }
    }
    let swept = sweep(frame, all.into_cells(), Winding::Signed);
    if swept.negative { cover_ring_by_ring(frame, parts) } else { swept.spans }
}

/// The spans of a zone whose rings are invalid: each ring covers what it encloses, whichever way it winds.
fn cover_ring_by_ring(frame: &Frame, parts: &[Part]) -> Vec<Span> {
    let mut all = Contributions::new(frame);
    for part in parts {
        for (index, ring) in part.iter().enumerate() {
            let mut alone = Contributions::new(frame);
            alone.add_ring(ring, direction(ring));
            for span in sweep(frame, alone.into_cells(), Winding::Absolute).spans {
                all.add_cells(span.row, span.col_start, span.col_end, ring_sign(index) * span.fraction);
            }
        }
    }
    sweep(frame, all.into_cells(), Winding::Signed).spans
}

/// 1 for the exterior ring, -1 for holes.
fn ring_sign(index: usize) -> f64 {
    if index == 0 { 1.0 } else { -1.0 }
}

/// What a negative sum means.
#[derive(Clone, Copy, PartialEq)]
enum Winding {
    /// Not covered.
    Signed,
    /// Covered by the other side of a ring that crosses itself.
    Absolute,
}

/// The outcome of a sweep.
struct Swept {
    spans: Vec<Span>,
    /// Whether a sum was negative beyond rounding.
    negative: bool,
}

impl Swept {
    fn emit(&mut self, row: u32, col_start: u32, col_end: u32, sum: f64, winding: Winding) {
        self.negative |= sum < NEGATIVE_COVER;
        let fraction = if winding == Winding::Absolute { sum.abs() } else { sum };
        if fraction < FRACTION_NOISE || col_start >= col_end {
            return;
        }
        let fraction = if fraction > 1.0 - FRACTION_NOISE { 1.0 } else { fraction };
        match self.spans.last_mut() {
            Some(last) if last.row == row && last.col_end == col_start && last.fraction == fraction => {
                last.col_end = col_end;
            }
            _ => self.spans.push(Span { row, col_start, col_end, fraction }),
        }
    }
}

/// Adds contributions up along each row.
fn sweep(frame: &Frame, contributions: Vec<Contribution>, winding: Winding) -> Swept {
    let mut swept = Swept { spans: Vec::with_capacity(contributions.len()), negative: false };
    let sorted = sort_by_cell(contributions);
    for row_cells in sorted.chunk_by(|a, b| a.row == b.row) {
        let row = row_cells[0].row;
        let mut sum = 0.0;
        let mut next_col = 0;
        for same_cell in row_cells.chunk_by(|a, b| a.col == b.col) {
            let col = same_cell[0].col;
            let (area, height) = same_cell.iter().fold((0.0, 0.0), |(a, h), c| (a + c.area, h + c.height));
            swept.emit(row, next_col, col, sum, winding);
            swept.emit(row, col, col + 1, sum + area, winding);
            sum = without_noise(sum + height);
            next_col = col + 1;
        }
        swept.emit(row, next_col, frame.cols, sum, winding);
    }
    swept
}

/// The nearest whole number, if only rounding is between; so rounding does not build up along a row.
fn without_noise(sum: f64) -> f64 {
    let nearest = sum.round();
    if (sum - nearest).abs() < FRACTION_NOISE { nearest } else { sum }
}

/// Contributions by row and column; those of one cell stay in the order of the edges.
///
/// Rows are told apart by counting, in time linear in contributions and rows.
fn sort_by_cell(contributions: Vec<Contribution>) -> Vec<Contribution> {
    let Some(first_row) = contributions.iter().map(|c| c.row).min() else { return contributions };
    let last_row = contributions.iter().map(|c| c.row).max().unwrap_or(first_row);
    // where the next contribution of each row goes; in the end, where the row ends
    let mut ends = vec![0_usize; (last_row - first_row) as usize + 2];
    for c in &contributions {
        ends[(c.row - first_row) as usize + 1] += 1;
    }
    for i in 1..ends.len() {
        ends[i] += ends[i - 1];
    }
    let mut sorted = vec![Contribution { row: 0, col: 0, area: 0.0, height: 0.0 }; contributions.len()];
    for c in contributions {
        let slot = &mut ends[(c.row - first_row) as usize];
        sorted[*slot] = c;
        *slot += 1;
    }
    let mut start = 0;
    for &end in &ends[..ends.len() - 1] {
        sorted[start..end].sort_by_key(|c| c.col);
        start = end;
    }
    sorted
}
