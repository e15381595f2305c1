//! A north-up grid of equal rectangular cells, in the units of its coordinate system.

use belcheer_domain::RasterMeta;

/// How far from a whole number of cells an extent may be, in cells, and still count as whole.
const WHOLE_CELLS_TOLERANCE: f64 = 1e-6;

/// Why numbers are no grid.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GridError {
    /// An edge coordinate is NaN or infinite.
    #[error("grid edge {name} = {value} is not a finite number; check the geotransform of the raster")]
    EdgeNotFinite {
        /// Which edge.
        name: &'static str,
        /// The number found.
        value: f64,
    },
    /// A cell size is zero, negative, NaN or infinite.
    #[error("cell size {name} = {value} is not positive; only north-up grids are supported, warp the raster first")]
    CellSizeNotPositive {
        /// `dx` or `dy`.
        name: &'static str,
        /// The number found.
        value: f64,
    },
    /// A grid without cells, or with more columns or rows than fit in 32 bits.
    #[error("a grid of {rows} rows and {cols} columns cannot be used; both must be from 1 to 4294967294")]
    SizeOutOfRange {
        /// Rows asked for.
        rows: usize,
        /// Columns asked for.
        cols: usize,
    },
    /// An extent that is not a whole number of cells.
    #[error("an extent of {extent} is {cells} cells of size {size}, which is not a whole number")]
    PartialCells {
        /// Length of the extent.
        extent: f64,
        /// Cell size.
        size: f64,
        /// Their ratio.
        cells: f64,
    },
}

/// A grid of `rows` by `cols` cells whose row 0 is the northernmost and column 0 the westernmost.
///
/// ```
/// let grid = belcheer_zonal::Grid::new(100.0, 50.0, 0.5, 0.25, 4, 8)?;
/// assert_eq!((grid.x_max(), grid.y_min()), (102.0, 48.0));
/// assert_eq!(grid.cell_centre(0, 0), (100.25, 49.875));
/// assert_eq!(grid.cell_at(100.6, 48.1), Some((7, 1)));
/// # Ok::<(), belcheer_zonal::GridError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    x_min: f64,
    y_max: f64,
    dx: f64,
    dy: f64,
    cols: usize,
    rows: usize,
}

/// A rectangle of cells; ends are exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First row.
    pub row_start: usize,
    /// Row after the last.
    pub row_end: usize,
    /// First column.
    pub col_start: usize,
    /// Column after the last.
    pub col_end: usize,
}

impl Window {
    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.row_end - self.row_start
    }

    /// Number of columns.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.col_end - self.col_start
    }
}

impl Grid {
    /// A grid from its upper left corner, its positive cell sizes and its numbers of cells.
    ///
    /// # Errors
    /// When an edge is not finite, a cell size not positive, or a number of cells zero or beyond 32 bits.
    pub fn new(x_min: f64, y_max: f64, dx: f64, dy: f64, cols: usize, rows: usize) -> Result<Self, GridError> {
        for (name, value) in [("dx", dx), ("dy", dy)] {
            if !(value.is_finite() && value > 0.0) {
                return Err(GridError::CellSizeNotPositive { name, value });
            }
        }
        let size_ok = |n: usize| n > 0 && n < u32::MAX as usize;
        if !size_ok(cols) || !size_ok(rows) {
            return Err(GridError::SizeOutOfRange { rows, cols });
        }
        let grid = Self { x_min, y_max, dx, dy, cols, rows };
        for (name, value) in [("x_min", x_min), ("y_max", y_max), ("x_max", grid.x_max()), ("y_min", grid.y_min())] {
            if !value.is_finite() {
                return Err(GridError::EdgeNotFinite { name, value });
            }
        }
        Ok(grid)
    }

    /// A grid from its four edges and its cell sizes.
    ///
    /// # Errors
    /// As [`Grid::new`], and when an extent is not a whole number of cells within 1e-6 of a cell.
    pub fn from_bounds(x_min: f64, y_min: f64, x_max: f64, y_max: f64, dx: f64, dy: f64) -> Result<Self, GridError> {
        let cells = |extent: f64, size: f64| {
            let ratio = extent / size;
            let whole = (ratio - ratio.round()).abs() <= WHOLE_CELLS_TOLERANCE * ratio.abs().max(1.0);
            // The cast saturates; `new` refuses what is out of range.
            if whole { Ok(ratio.round() as usize) } else { Err(GridError::PartialCells { extent, size, cells: ratio }) }
        };
        Self::new(x_min, y_max, dx, dy, cells(x_max - x_min, dx)?, cells(y_max - y_min, dy)?)
    }

    /// Left edge.
    #[must_use]
    pub fn x_min(&self) -> f64 {
        self.x_min
    }

    /// Right edge.
    #[must_use]
    pub fn x_max(&self) -> f64 {
        self.x_min + self.cols as f64 * self.dx
    }

    /// Lower edge.
    #[must_use]
    pub fn y_min(&self) -> f64 {
        self.y_max - self.rows as f64 * self.dy
    }

    /// Upper edge.
    #[must_use]
    pub fn y_max(&self) -> f64 {
        self.y_max
    }

    /// Cell width.
    #[must_use]
    pub fn dx(&self) -> f64 {
        self.dx
    }

    /// Cell height.
    #[must_use]
    pub fn dy(&self) -> f64 {
        self.dy
    }

    /// Number of columns.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The centre `(x, y)` of a cell; cells outside the grid have one too.
    #[must_use]
    pub fn cell_centre(&self, row: usize, col: usize) -> (f64, f64) {
        (self.x_min + (col as f64 + 0.5) * self.dx, self.y_max - (row as f64 + 0.5) * self.dy)
    }

    /// The edges `(south, north)` of a row.
    #[must_use]
    pub fn row_edges(&self, row: usize) -> (f64, f64) {
        (self.y_max - (row as f64 + 1.0) * self.dy, self.y_max - row as f64 * self.dy)
    }

    /// The `(row, col)` of the cell that holds a point; north and west edges belong to a cell, the others
    /// to its neighbour. `None` outside the grid and for NaN.
    #[must_use]
    pub fn cell_at(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let col = ((x - self.x_min) / self.dx).floor();
        let row = ((self.y_max - y) / self.dy).floor();
        let inside = col >= 0.0 && col < self.cols as f64 && row >= 0.0 && row < self.rows as f64;
        inside.then_some((row as usize, col as usize))
    }

    /// The cells that a bounding box overlaps, clipped to the grid; `None` when it misses the grid or a
    /// number is NaN. A box of no width on a cell edge takes the cell to the south and east.
    #[must_use]
    pub fn window(&self, x_min: f64, y_min: f64, x_max: f64, y_max: f64) -> Option<Window> {
        let (col_start, col_end) =
            cells_between((x_min - self.x_min) / self.dx, (x_max - self.x_min) / self.dx, self.cols)?;
        let (row_start, row_end) =
            cells_between((self.y_max - y_max) / self.dy, (self.y_max - y_min) / self.dy, self.rows)?;
        Some(Window { row_start, row_end, col_start, col_end })
    }
}

/// The cells of `0..count` that the interval from `low` to `high`, in cells, overlaps.
fn cells_between(low: f64, high: f64, count: usize) -> Option<(usize, usize)> {
    let limit = count as f64;
    if low.is_nan() || high.is_nan() || high < low || high < 0.0 || low >= limit || (high == 0.0 && low < 0.0) {
        return None;
    }
    let start = low.floor().max(0.0);
    let end = high.ceil().max(start + 1.0).min(limit);
    Some((start as usize, end as usize))
}

impl TryFrom<&RasterMeta> for Grid {
    type Error = GridError;

    fn try_from(raster: &RasterMeta) -> Result<Self, GridError> {
        Self::new(raster.x_min, raster.y_max, raster.dx, raster.dy, raster.width as usize, raster.height as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_grid() {
        assert!(matches!(Grid::new(0.0, 0.0, 0.0, 1.0, 1, 1), Err(GridError::CellSizeNotPositive { name: "dx", .. })));
        assert!(matches!(Grid::new(0.0, 0.0, 1.0, -1.0, 1, 1), Err(GridError::CellSizeNotPositive { name: "dy", .. })));
        assert!(matches!(
            Grid::new(f64::NAN, 0.0, 1.0, 1.0, 1, 1),
            Err(GridError::EdgeNotFinite { name: "x_min", .. })
        ));
        assert!(matches!(Grid::new(0.0, 0.0, 1e308, 1.0, 100, 1), Err(GridError::EdgeNotFinite { name: "x_max", .. })));
        assert!(matches!(Grid::new(0.0, 0.0, 1.0, 1.0, 0, 1), Err(GridError::SizeOutOfRange { .. })));
        assert!(matches!(Grid::from_bounds(0.0, 0.0, 2.5, 1.0, 1.0, 1.0), Err(GridError::PartialCells { .. })));
        assert!(Grid::from_bounds(0.0, 0.0, f64::NAN, 1.0, 1.0, 1.0).is_err());
    }

    #[test]
    fn windows_are_clipped() {
        let grid = Grid::new(0.0, 10.0, 1.0, 1.0, 10, 10).unwrap();
        let window = grid.window(-5.0, 2.5, 3.0, 4.0).unwrap();
        assert_eq!(window, Window { row_start: 6, row_end: 8, col_start: 0, col_end: 3 });
        assert_eq!((window.rows(), window.cols()), (2, 3));
        assert_eq!(grid.window(10.0, 0.0, 12.0, 1.0), None);
        assert_eq!(grid.window(-2.0, 0.0, 0.0, 1.0), None);
        assert_eq!(grid.window(f64::NAN, 0.0, 1.0, 1.0), None);
        assert_eq!(grid.window(3.0, 3.0, 3.0, 3.0).map(|w| (w.row_start, w.col_start, w.cols())), Some((7, 3, 1)));
    }
}
