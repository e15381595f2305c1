//! Rectangles of cells, and the values read from them.

use crate::sample::{Sample, Samples, each_type};

/// A rectangle of cells: `rows` x `cols` of them, from `(row, col)` at its top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First row.
    pub row: u32,
    /// First column.
    pub col: u32,
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub cols: u32,
}

impl Window {
    /// Number of cells.
    #[must_use]
    pub const fn cells(&self) -> u64 {
        self.rows as u64 * self.cols as u64
    }
}

/// Rows and columns of a raster or of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub cols: u32,
}

/// What was read from a window of one band: raw values row after row, and which of them are valid.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowSamples {
    /// The window.
    pub window: Window,
    /// Raw values, `window.rows * window.cols` of them.
    pub samples: Samples,
    /// For each value whether it is valid; `None` when all are. A value that is not valid means nothing.
    pub valid: Option<Vec<bool>>,
}

impl WindowSamples {
    /// Number of valid values.
    #[must_use]
    pub fn valid_count(&self) -> usize {
        self.valid.as_ref().map_or(self.samples.len(), |valid| valid.iter().filter(|v| **v).count())
    }

    /// Whether the value at `index` exists and is valid.
    #[must_use]
    pub fn is_valid(&self, index: usize) -> bool {
        index < self.samples.len() && self.valid.as_ref().is_none_or(|valid| valid.get(index).copied().unwrap_or(false))
    }

    /// Physical values `raw * scale + offset`, row after row; `None` where missing.
    ///
    /// ```
    /// use belcheer_cog::{Samples, Window, WindowSamples};
    /// let read = WindowSamples {
    ///     window: Window { row: 0, col: 0, rows: 1, cols: 2 },
    ///     samples: Samples::I16(vec![5000, -32768]),
    ///     valid: Some(vec![true, false]),
    /// };
    /// assert_eq!(read.to_f64_masked(0.5, 1.0), [Some(2501.0), None]);
    /// ```
    #[must_use]
    pub fn to_f64_masked(&self, scale: f64, offset: f64) -> Vec<Option<f64>> {
        let values = self.to_f64(scale, offset);
        match &self.valid {
            None => values.into_iter().map(Some).collect(),
            Some(valid) => values.into_iter().zip(valid).map(|(value, valid)| valid.then_some(value)).collect(),
        }
    }

    /// Physical values `raw * scale + offset`, row after row. What stands where [`Self::valid`] says missing is
    /// without meaning; this is the faster form for callers that walk the two side by side.
    #[must_use]
    pub fn to_f64(&self, scale: f64, offset: f64) -> Vec<f64> {
        each_type!(&self.samples, values => values.iter().map(|raw| raw.to_f64() * scale + offset).collect())
    }
}

/// The part of a window that lies in one row, or column, of tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// Row, or column, in the grid of tiles.
    pub(crate) tile: u32,
    /// First cell within the tile.
    pub(crate) first: usize,
    /// Number of cells.
    pub(crate) length: usize,
}

/// Cuts `start..start + length` at the borders of tiles of `tile_length` cells.
pub(crate) fn spans(start: u32, length: u32, tile_length: u32) -> Vec<Span> {
    let tile_length = u64::from(tile_length.max(1));
    let end = u64::from(start) + u64::from(length);
    let mut at = u64::from(start);
    let mut spans = Vec::new();
    while at < end {
        let tile = at / tile_length;
        let stop = ((tile + 1) * tile_length).min(end);
        spans.push(Span { tile: tile as u32, first: (at - tile * tile_length) as usize, length: (stop - at) as usize });
        at = stop;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_cut_at_tile_borders() {
        let cut: Vec<_> = spans(3, 9, 4).iter().map(|s| (s.tile, s.first, s.length)).collect();
        assert_eq!(cut, [(0, 3, 1), (1, 0, 4), (2, 0, 4)]);
        assert!(spans(3, 0, 4).is_empty());
    }
}
