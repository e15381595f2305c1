//! What the edges of a ring add to the cells they cross.

use super::frame::{Edge, Frame, Vertex, edges};

/// What edges add to one cell and to the cells right of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Contribution {
    pub row: u32,
    pub col: u32,
    /// Signed area between the edges and the right side of this cell, in cells.
    pub area: f64,
    /// Signed height spanned, added to every cell further right.
    pub height: f64,
}

/// The contributions of rings, in the order of their edges.
pub(super) struct Contributions<'a> {
    frame: &'a Frame,
    cells: Vec<Contribution>,
}

impl<'a> Contributions<'a> {
    pub fn new(frame: &'a Frame) -> Self {
        Self { frame, cells: Vec::new() }
    }

    pub fn into_cells(self) -> Vec<Contribution> {
        self.cells
    }

    /// Adds a ring, times `factor`.
    pub fn add_ring(&mut self, ring: &[Vertex], factor: f64) {
        for edge in edges(ring) {
            self.add_edge(&edge, factor * edge.sign);
        }
    }

    /// Adds `fraction` to the cells from `col_start` to before `col_end`.
    pub fn add_cells(&mut self, row: u32, col_start: u32, col_end: u32, fraction: f64) {
        self.push(row, col_start, fraction, fraction);
        if col_end < self.frame.cols {
            self.push(row, col_end, -fraction, -fraction);
        }
    }

    fn push(&mut self, row: u32, col: u32, area: f64, height: f64) {
        match self.cells.last_mut() {
            // Borders are drawn with many vertices a cell.
            Some(last) if last.row == row && last.col == col => {
                last.area += area;
                last.height += height;
            }
            _ => self.cells.push(Contribution { row, col, area, height }),
        }
    }

    /// Cuts an edge at the row borders.
    fn add_edge(&mut self, edge: &Edge, sign: f64) {
        let cols = f64::from(self.frame.cols);
        let end = edge.bottom.v.min(f64::from(self.frame.rows));
        let mut v = edge.top.v.max(0.0);
        if v >= end || edge.top.u.min(edge.bottom.u) >= cols {
            return;
        }
        let mut u = edge.u_at(v);
        // Rows fit in 32 bits, by the bound on the grid; none is negative, so the cast rounds down.
        let mut row = v as u32;
        while v < end {
            let top = f64::from(row);
            let next_v = (top + 1.0).min(end);
            let next_u = edge.u_at(next_v);
            let from = Vertex { u, v: v - top };
            let to = Vertex { u: next_u, v: next_v - top };
            self.add_row_piece(row, from, to, sign);
            (u, v) = (next_u, next_v);
            row += 1;
        }
    }

    /// Adds a piece of an edge that lies in one row, `from` above `to`, heights counted from the top of the row.
    fn add_row_piece(&mut self, row: u32, from: Vertex, to: Vertex, sign: f64) {
        let cols = f64::from(self.frame.cols);
        // Columns are visited from left to right; going left, heights are met in reverse.
        let (left, right, sign) = if from.u <= to.u { (from, to, sign) } else { (to, from, -sign) };
        let v_at = |u: f64| {
            let share = (u - left.u) / (right.u - left.u);
            let v = left.v + share * (right.v - left.v);
            v.clamp(left.v.min(right.v), left.v.max(right.v))
        };
        let mut at = left;
        if at.u < 0.0 {
            // Left of the grid an edge acts as if it lay on the grid's left side.
            let v = if right.u > 0.0 { v_at(0.0) } else { right.v };
            let height = sign * (v - at.v);
            self.push(row, 0, height, height);
            if right.u <= 0.0 {
                return;
            }
            at = Vertex { u: 0.0, v };
        }
        // Not negative: the cast rounds down, and what lies far to the right is beyond the last column anyway.
        let mut col = f64::from(at.u as u32);
        while col < cols {
            let last = right.u <= col + 1.0;
            let next = if last { right } else { Vertex { u: col + 1.0, v: v_at(col + 1.0) } };
            let height = sign * (next.v - at.v);
            let width = 0.5 * ((col + 1.0 - at.u) + (col + 1.0 - next.u));
            self.push(row, col as u32, height * width, height);
            if last {
                return;
            }
            at = next;
            col += 1.0;
        }
    }
}
