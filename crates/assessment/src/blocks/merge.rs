//! Rows of blocks merged to one row a zone, measure, year and statistical cell.

use super::error::BlockError;
use super::row::{Measure, PartialRow};
use crate::area_sums::{AreaSums, CompensatedSums};
use crate::error::AssessmentError;

/// Sums over the part of a zone in one statistical cell, of all blocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merged {
    /// Number of the zone in the job's zone set.
    pub zone: u32,
    /// What was measured.
    pub measure: Measure,
    /// Year.
    pub year: i32,
    /// Statistical cell, east and north.
    pub cell: (i32, i32),
    /// The sums.
    pub sums: AreaSums,
}

/// Merges rows that come in the order of [`PartialRow::key`], with compensated sums.
#[derive(Debug, Default)]
pub struct Merger {
    merged: Vec<Merged>,
    open: Option<(PartialRow, CompensatedSums)>,
}

impl Merger {
    /// Adds the next row.
    ///
    /// # Errors
    /// When it does not come after the one before.
    pub fn add(&mut self, row: PartialRow) -> Result<(), AssessmentError> {
        if let Some((last, sums)) = &mut self.open {
            if last.key() >= row.key() {
                return Err(BlockError::Order { zone: row.zone, year: row.year }.into());
            }
            if same_cell(last, &row) {
                sums.add(&row.sums);
                *last = row;
                return Ok(());
            }
        }
        self.close();
        let mut sums = CompensatedSums::default();
        sums.add(&row.sums);
        self.open = Some((row, sums));
        Ok(())
    }

    /// The merged rows.
    #[must_use]
    pub fn finish(mut self) -> Vec<Merged> {
        self.close();
        self.merged
    }

    fn close(&mut self) {
        let Some((row, sums)) = self.open.take() else { return };
        let PartialRow { zone, measure, year, east, north, .. } = row;
        self.merged.push(Merged { zone, measure, year, cell: (east, north), sums: sums.value() });
    }
}

fn same_cell(a: &PartialRow, b: &PartialRow) -> bool {
    (a.zone, a.measure, a.year, a.east, a.north) == (b.zone, b.measure, b.year, b.east, b.north)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(zone: u32, block: u32, sum_wx: f64) -> PartialRow {
        let (measure, year) = (Measure::Value, 2001);
        PartialRow {
            zone,
            measure,
            year,
            east: 1,
            north: 2,
            block,
            sums: AreaSums { sum_w: 1.0, sum_wx, sum_wxx: 0.0, missing_w: 0.5, n: 3 },
        }
    }

    #[test]
    fn blocks_of_one_cell_are_added_in_their_order() {
        let mut merger = Merger::default();
        for row in [row(0, 0, 1e16), row(0, 1, 1.0), row(0, 2, -1e16), row(1, 0, 2.0)] {
            merger.add(row).unwrap();
        }
        let merged = merger.finish();
        assert_eq!(
            merged.iter().map(|m| (m.zone, m.sums.sum_w, m.sums.sum_wx, m.sums.n)).collect::<Vec<_>>(),
            [(0, 3.0, 1.0, 9), (1, 1.0, 2.0, 3)]
        );
    }

    #[test]
    fn rows_out_of_order_are_refused() {
        let mut merger = Merger::default();
        merger.add(row(1, 0, 1.0)).unwrap();
        assert!(merger.add(row(0, 0, 1.0)).unwrap_err().to_string().contains("out of order"));
        assert!(merger.add(row(1, 0, 1.0)).is_err());
    }
}
