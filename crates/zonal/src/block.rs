//! Statistics of a zone from its coverage and a block of raster values.

use crate::accumulator::{Accumulator, RowWeights};
use crate::coverage::{Coverage, Span};
use crate::{Grid, StatisticSet};

/// A number a raster can hold.
pub trait Sample: Copy {
    /// The same number; 64-bit integers beyond 2^53 are rounded.
    fn to_f64(self) -> f64;
}

macro_rules! samples {
    ($($number:ty)*) => { $(impl Sample for $number {
        fn to_f64(self) -> f64 {
            f64::from(self)
        }
    })* };
}
samples!(u8 i8 u16 i16 u32 i32 f32 f64);

impl Sample for i64 {
    fn to_f64(self) -> f64 {
        self as f64
    }
}

impl Sample for u64 {
    fn to_f64(self) -> f64 {
        self as f64
    }
}

/// Why numbers are no block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BlockError {
    /// Values or mask have another length than rows times columns.
    #[error("a block of {rows} rows and {cols} columns needs {expected} {what}, but {found} were given")]
    Length {
        /// `values` or `mask entries`.
        what: &'static str,
        /// Rows of the block.
        rows: usize,
        /// Columns of the block.
        cols: usize,
        /// Rows times columns.
        expected: usize,
        /// The length found.
        found: usize,
    },
}

/// A rectangle of raster values in row-major order, at a place in the grid of the coverage.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a, T> {
    row_start: usize,
    col_start: usize,
    rows: usize,
    cols: usize,
    values: &'a [T],
    valid: Option<&'a [bool]>,
}

impl<'a, T: Sample> Block<'a, T> {
    /// A block whose upper left cell is the grid's cell (`row_start`, `col_start`). Where `valid` is false there
    /// is no value; without it only NaN means so.
    ///
    /// # Errors
    /// When `values` or `valid` do not have `rows * cols` entries.
    pub fn new(
        (row_start, col_start): (usize, usize),
        (rows, cols): (usize, usize),
        values: &'a [T],
        valid: Option<&'a [bool]>,
    ) -> Result<Self, BlockError> {
        let expected = rows.saturating_mul(cols);
        let check = |what, found| {
            if found == expected { Ok(()) } else { Err(BlockError::Length { what, rows, cols, expected, found }) }
        };
        check("values", values.len())?;
        check("mask entries", valid.map_or(expected, <[bool]>::len))?;
        Ok(Self { row_start, col_start, rows, cols, values, valid })
    }

    /// A block of all cells of a grid.
    ///
    /// # Errors
    /// As [`Block::new`].
    pub fn whole(grid: &Grid, values: &'a [T], valid: Option<&'a [bool]>) -> Result<Self, BlockError> {
        Self::new((0, 0), (grid.rows(), grid.cols()), values, valid)
    }

    /// Where the cells of a span that lie in this block are, as a range of `values`; empty if none do.
    fn range_of(&self, span: &Span) -> std::ops::Range<usize> {
        let row = (span.row as usize).wrapping_sub(self.row_start);
        let start = (span.col_start as usize).max(self.col_start);
        let end = (span.col_end as usize).min(self.col_start.saturating_add(self.cols));
        if row >= self.rows || start >= end {
            return 0..0;
        }
        let row_offset = row * self.cols;
        row_offset + start - self.col_start..row_offset + end - self.col_start
    }
}

/// The weights of cells beside their covered fraction.
#[derive(Debug, Clone, Copy)]
pub enum Weights<'a> {
    /// None; weighted statistics are missing.
    None,
    /// One weight for each row of the grid, such as [`crate::row_cell_areas_m2`].
    ByRow(&'a [f64]),
    /// A block of the same grid; cells outside it have no weight.
    Cells(&'a Block<'a, f64>),
}

/// Adds the cells of a zone that lie in a block of values.
///
/// The rest of the zone is left to other blocks. Cells of the zone outside all blocks are never seen.
pub fn accumulate<T: Sample>(
    accumulator: &mut Accumulator,
    coverage: &Coverage,
    values: &Block<'_, T>,
    weights: Weights<'_>,
) {
    // Beyond 32 bits there are no cells.
    let row = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
    let spans = coverage.spans_of_rows(row(values.row_start), row(values.row_start.saturating_add(values.rows)));
    for span in spans {
        let range = values.range_of(span);
        if range.is_empty() {
            continue;
        }
        let col_start = (span.col_start as usize).max(values.col_start) as u32;
        let seen = Span { col_start, col_end: col_start + range.len() as u32, ..*span };
        let valid = values.valid.map(|valid| &valid[range.clone()]);
        add_span(accumulator, &seen, &values.values[range], valid, weights);
    }
}

fn add_span<T: Sample>(
    accumulator: &mut Accumulator,
    span: &Span,
    values: &[T],
    valid: Option<&[bool]>,
    weights: Weights<'_>,
) {
    let block = match weights {
        Weights::None => return accumulator.add_row(values, valid, span.fraction, RowWeights::None),
        Weights::ByRow(by_row) => {
            let weight = by_row.get(span.row as usize).map_or(RowWeights::None, |&w| RowWeights::Constant(w));
            return accumulator.add_row(values, valid, span.fraction, weight);
        }
        Weights::Cells(block) => block,
    };
    let range = block.range_of(span);
    let cells = RowWeights::Cells {
        weights: &block.values[range.clone()],
        valid: block.valid.map(|valid| &valid[range.clone()]),
    };
    if range.len() == values.len() {
        return accumulator.add_row(values, valid, span.fraction, cells);
    }
    // The weights reach over only a part of the span: before and after it there are none.
    let before = block.col_start.saturating_sub(span.col_start as usize).min(values.len());
    let after = before + range.len();
    let mask = |from: usize, to: usize| valid.map(|valid| &valid[from..to]);
    accumulator.add_row(&values[..before], mask(0, before), span.fraction, RowWeights::None);
    accumulator.add_row(&values[before..after], mask(before, after), span.fraction, cells);
    accumulator.add_row(&values[after..], mask(after, values.len()), span.fraction, RowWeights::None);
}

/// The statistics of a zone from one block of values.
///
/// ```
/// # use belcheer_zonal::*;
/// # use geo_types::{Coord, MultiPolygon, Rect};
/// let grid = Grid::new(0.0, 1.0, 1.0, 1.0, 2, 1)?;
/// let zone = Rect::new(Coord { x: 0.5, y: 0.0 }, Coord { x: 2.0, y: 1.0 }).to_polygon();
/// let cells = coverage(&grid, &MultiPolygon(vec![zone]))?;
/// let values = [10_i16, -9999];
/// let valid = [true, false];
/// let set: StatisticSet = "count,sum".parse()?;
/// let result = zonal_statistics(&set, &cells, &Block::whole(&grid, &values, Some(&valid))?, Weights::None);
/// assert_eq!(result.value(&Statistic::Sum), Some(5.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn zonal_statistics<T: Sample>(
    set: &StatisticSet,
    coverage: &Coverage,
    values: &Block<'_, T>,
    weights: Weights<'_>,
) -> Accumulator {
    let mut accumulator = Accumulator::new(set);
    accumulate(&mut accumulator, coverage, values, weights);
    accumulator.settle();
    accumulator
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Statistic, coverage};
    use geo_types::{Coord, MultiPolygon, Rect};

    fn circle_like() -> (Grid, Coverage, Vec<f64>) {
        let grid = Grid::new(0.0, 8.0, 1.0, 1.0, 9, 8).unwrap();
        let ring: Vec<(f64, f64)> = (0..64)
            .map(|i| {
                let angle = f64::from(i) / 64.0 * std::f64::consts::TAU;
                (4.3 + 3.9 * angle.cos(), 4.1 + 3.7 * angle.sin())
            })
            .collect();
        let zone = geo_types::Polygon::new(ring.into(), vec![]);
        let cover = coverage(&grid, &MultiPolygon(vec![zone])).unwrap();
        let values = (0..72).map(|i| f64::from(i % 11) * 0.7).collect();
        (grid, cover, values)
    }

    #[test]
    fn blocks_give_the_whole() {
        let (grid, cover, values) = circle_like();
        let set: StatisticSet = "count,sum,variance,median,variety".parse().unwrap();
        let whole = zonal_statistics(&set, &cover, &Block::whole(&grid, &values, None).unwrap(), Weights::None);
        let mut merged = Accumulator::new(&set);
        for (rows, cols) in [(0..3, 0..4), (0..3, 4..9), (3..8, 0..4), (3..8, 4..9)] {
            let part: Vec<f64> = rows.clone().flat_map(|r| values[r * 9..][cols.clone()].to_vec()).collect();
            let block = Block::new((rows.start, cols.start), (rows.len(), cols.len()), &part, None).unwrap();
            merged.merge(&zonal_statistics(&set, &cover, &block, Weights::None));
        }
        assert_eq!(merged.cells(), whole.cells());
        for statistic in set.statistics() {
            let (a, b) = (merged.value(statistic).unwrap(), whole.value(statistic).unwrap());
            assert!((a - b).abs() < 1e-12 * b.max(1.0), "{statistic}");
        }
        assert!((whole.value(&Statistic::Count).unwrap() - cover.total()).abs() < 1e-12);
    }

    #[test]
    fn weights_that_reach_over_a_part_are_missing_elsewhere() {
        let grid = Grid::new(0.0, 1.0, 1.0, 1.0, 4, 1).unwrap();
        let zone = Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 4.0, y: 1.0 }).to_polygon();
        let cover = coverage(&grid, &MultiPolygon(vec![zone])).unwrap();
        let (values, weights) = ([1.0, 2.0, 3.0, 4.0], [1.0, 1.0]);
        let block = Block::whole(&grid, &values, None).unwrap();
        let set: StatisticSet = "mean,weighted_mean,weights".parse().unwrap();
        let part = Block::new((0, 1), (1, 2), &weights, None).unwrap();
        let result = zonal_statistics(&set, &cover, &block, Weights::Cells(&part));
        assert_eq!(result.value(&Statistic::Mean), Some(2.5));
        assert_eq!(result.value(&Statistic::WeightedMean), None);
        let list = crate::Column::List(vec![None, Some(1.0), Some(1.0), None]);
        assert_eq!(result.column(&Statistic::Weights), list);
        let by_row = zonal_statistics(&set, &cover, &block, Weights::ByRow(&[2.0]));
        assert_eq!(by_row.value(&Statistic::WeightedMean), Some(2.5));
        let far = Block::new((5, 5), (1, 2), &weights, None).unwrap();
        assert_eq!(zonal_statistics(&set, &cover, &block, Weights::Cells(&far)).value(&Statistic::WeightedMean), None);
    }

    #[test]
    fn lengths_are_checked() {
        assert!(matches!(Block::new((0, 0), (2, 2), &[1.0; 3], None), Err(BlockError::Length { what: "values", .. })));
        let short = Block::new((0, 0), (1, 2), &[1.0; 2], Some(&[true]));
        assert!(matches!(short, Err(BlockError::Length { what: "mask entries", found: 1, .. })));
    }
}
