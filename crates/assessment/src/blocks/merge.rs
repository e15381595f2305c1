//! Rows of blocks merged to one row a zone, measure, year and statistical cell.

use belcheer_zonal::NeumaierSum;

use super::error::BlockError;
use super::row::{Measure, PartialRow};
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
    /// Weight with a value, ha.
    pub sum_w: f64,
    /// Sum of weight times value.
    pub sum_wx: f64,
    /// Sum of weight times value squared.
    pub sum_wxx: f64,
    /// Weight of assessed cells without a value, ha.
    pub missing_w: f64,
    /// Cells with a value.
    pub n: u64,
}

/// Merges rows that come in the order of [`PartialRow::key`], with compensated sums.
#[derive(Debug, Default)]
pub struct Merger {
    merged: Vec<Merged>,
    open: Option<(PartialRow, [NeumaierSum; 4], u64)>,
}

impl Merger {
    /// Adds the next row.
    ///
    /// # Errors
    /// When it does not come after the one before.
    pub fn add(&mut self, row: PartialRow) -> Result<(), AssessmentError> {
        if let Some((last, sums, n)) = &mut self.open {
            if last.key() >= row.key() {
                return Err(BlockError::Order { zone: row.zone, year: row.year }.into());
            }
            if same_cell(last, &row) {
                add(sums, &row);
                *n += row.n;
                *last = row;
                return Ok(());
            }
        }
        self.close();
        let mut sums = [NeumaierSum::default(); 4];
        add(&mut sums, &row);
        self.open = Some((row, sums, row.n));
        Ok(())
    }

    /// The merged rows.
    #[must_use]
    pub fn finish(mut self) -> Vec<Merged> {
        self.close();
        self.merged
    }

    fn close(&mut self) {
        let Some((row, sums, n)) = self.open.take() else { return };
        let [sum_w, sum_wx, sum_wxx, missing_w] = sums.map(|sum| sum.value());
        let cell = (row.east, row.north);
        let (zone, measure, year) = (row.zone, row.measure, row.year);
        self.merged.push(Merged { zone, measure, year, cell, sum_w, sum_wx, sum_wxx, missing_w, n });
    }
}

fn same_cell(a: &PartialRow, b: &PartialRow) -> bool {
    (a.zone, a.measure, a.year, a.east, a.north) == (b.zone, b.measure, b.year, b.east, b.north)
}

fn add(sums: &mut [NeumaierSum; 4], row: &PartialRow) {
    for (sum, x) in sums.iter_mut().zip([row.sum_w, row.sum_wx, row.sum_wxx, row.missing_w]) {
        sum.add(x);
    }
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
            sum_w: 1.0,
            sum_wx,
            sum_wxx: 0.0,
            missing_w: 0.5,
            n: 3,
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
            merged.iter().map(|m| (m.zone, m.sum_w, m.sum_wx, m.n)).collect::<Vec<_>>(),
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
