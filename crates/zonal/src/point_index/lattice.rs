//! A lattice of equal cells around all vertices, with every vertex strictly inside.

use std::ops::RangeInclusive;

/// Most cells.
const CELLS_MAX: f64 = 4_194_304.0;
/// Cells per edge: few enough to build quickly, enough that most cells hold no border.
const CELLS_PER_EDGE: f64 = 2.0;

/// Lines of one axis, rising.
#[derive(Debug, Clone, Default)]
struct Axis {
    lines: Vec<f64>,
    per_unit: f64,
}

impl Axis {
    /// Cells between two values, about `step` wide.
    fn new(low: f64, high: f64, step: f64, cells_max: f64) -> Self {
        let cells = ((high - low) / step).ceil().clamp(1.0, cells_max);
        // the outermost vertices lie strictly inside
        let margin = (high - low) / cells / 2.0;
        let (low, high) = ((low - margin).min(low.next_down()), (high + margin).max(high.next_up()));
        let mut lines: Vec<f64> = (0..=cells as usize).map(|i| low + (high - low) * (i as f64 / cells)).collect();
        if let Some(last) = lines.last_mut() {
            *last = high;
        }
        Self { lines, per_unit: cells / (high - low) }
    }

    fn cells(&self) -> usize {
        self.lines.len().saturating_sub(1)
    }

    /// The cell of a value: from its lower line to below its upper.
    #[inline]
    fn cell(&self, value: f64) -> Option<usize> {
        let (low, high) = (*self.lines.first()?, *self.lines.last()?);
        if !(value >= low && value < high) {
            return None;
        }
        let mut cell = (((value - low) * self.per_unit) as usize).min(self.cells() - 1);
        // the division may be off by its rounding
        while cell > 0 && self.line(cell) > value {
            cell -= 1;
        }
        while self.line(cell + 1) <= value {
            cell += 1;
        }
        Some(cell)
    }

    #[inline]
    fn line(&self, i: usize) -> f64 {
        self.lines.get(i).copied().unwrap_or(f64::INFINITY)
    }
}

/// The cells.
#[derive(Debug, Clone, Default)]
pub(super) struct Lattice {
    x: Axis,
    y: Axis,
}

impl Lattice {
    /// A lattice around vertices.
    pub(super) fn around(vertices: &[[f64; 2]]) -> Self {
        let Some(first) = vertices.first() else { return Self::default() };
        let (mut low, mut high) = (*first, *first);
        for [x, y] in vertices {
            (low[0], low[1]) = (low[0].min(*x), low[1].min(*y));
            (high[0], high[1]) = (high[0].max(*x), high[1].max(*y));
        }
        let (width, height) = (high[0] - low[0], high[1] - low[1]);
        let cells = (vertices.len() as f64 * CELLS_PER_EDGE).min(CELLS_MAX);
        let longest = width.max(height).max(f64::MIN_POSITIVE);
        // equal steps both ways; a long narrow country has few rows
        let step = (width * height / cells).sqrt().max(longest / cells);
        let columns_max = (width / step).ceil().clamp(1.0, cells);
        Self {
            x: Axis::new(low[0], high[0], step, columns_max),
            y: Axis::new(low[1], high[1], step, (2.0 * cells / columns_max).ceil()),
        }
    }

    pub(super) fn columns(&self) -> usize {
        self.x.cells()
    }

    pub(super) fn rows(&self) -> usize {
        self.y.cells()
    }

    #[inline]
    pub(super) fn index(&self, col: usize, row: usize) -> usize {
        row * self.columns() + col
    }

    /// The column and row of a point, if it is on the lattice.
    #[inline]
    pub(super) fn cell(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        Some((self.x.cell(x)?, self.y.cell(y)?))
    }

    /// The middle of a cell's left edge; the next one's lies on its right edge.
    #[inline]
    pub(super) fn reference(&self, col: usize, row: usize) -> [f64; 2] {
        let (low, high) = (self.y.line(row), self.y.line(row + 1));
        [self.x.line(col), low + (high - low) / 2.0]
    }

    /// Calls `each` with every cell that an edge touches, and perhaps a few beside it, once each.
    pub(super) fn touched(&self, a: [f64; 2], b: [f64; 2], mut each: impl FnMut(usize)) {
        let (Some(from), Some(to)) = (self.cell(a[0], a[1]), self.cell(b[0], b[1])) else { return };
        let (left, right) = (from.0.min(to.0), from.0.max(to.0));
        // an edge on the line between two cells is crossed on the way to the reference of the right one, in the left one
        let on_line = self.x.line(left) == a[0].min(b[0]);
        let left = if on_line { left.saturating_sub(1) } else { left };
        let (bottom, top) = (from.1.min(to.1), from.1.max(to.1));
        for row in bottom..=top {
            let columns = if top - bottom <= 1 || right - left <= 1 {
                left..=right
            } else {
                self.columns_in_row(a, b, row, left..=right)
            };
            columns.for_each(|col| each(self.index(col, row)));
        }
    }

    /// Columns that an edge may touch within a row, with one to spare on both sides.
    fn columns_in_row(
        &self,
        a: [f64; 2],
        b: [f64; 2],
        row: usize,
        all: RangeInclusive<usize>,
    ) -> RangeInclusive<usize> {
        let (west, east) = if a[0] < b[0] { (a[0], b[0]) } else { (b[0], a[0]) };
        let x_at = |y: f64| (a[0] + (b[0] - a[0]) * ((y - a[1]) / (b[1] - a[1]))).clamp(west, east);
        let (x, u) = (x_at(self.y.line(row)), x_at(self.y.line(row + 1)));
        match (self.x.cell(x.min(u)), self.x.cell(x.max(u))) {
            (Some(low), Some(high)) => low.saturating_sub(1).max(*all.start())..=(high + 1).min(*all.end()),
            _ => all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vertices_lie_inside_and_outside_is_outside() {
        let lattice = Lattice::around(&[[0.0, 10.0], [4.0, 11.0], [1.0, 10.5]]);
        assert_eq!(lattice.cell(0.0, 10.0), Some((0, 0)));
        assert_eq!(lattice.cell(4.0, 11.0), Some((lattice.columns() - 1, lattice.rows() - 1)));
        assert_eq!(
            (lattice.cell(-9.0, 10.0), lattice.cell(4.0, 12.0), lattice.cell(f64::NAN, 10.0)),
            (None, None, None)
        );
    }

    #[test]
    fn degenerate_sets_have_a_lattice() {
        for vertices in [vec![], vec![[3.0, 3.0]], vec![[0.0, 0.0], [1e12, 0.0]], vec![[1e-300, 0.0], [0.0, 1e140]]] {
            let lattice = Lattice::around(&vertices);
            assert!(lattice.columns() * lattice.rows() <= 64, "{vertices:?}");
            assert!(vertices.iter().all(|[x, y]| lattice.cell(*x, *y).is_some()), "{vertices:?}");
        }
    }
}
