//! An accumulator from sums that were made elsewhere.

use super::Accumulator;
use crate::histogram::{Bin, Histogram};
use crate::statistic::Kept;
use crate::sums::{Moments, NeumaierSum};

/// The sums of a zone, without weights.
#[derive(Debug, Clone)]
pub(crate) struct Exact {
    /// Cells touched.
    pub cells: u64,
    /// Cells touched that have a value.
    pub valid_cells: u64,
    /// Covered area, in cells.
    pub covered: NeumaierSum,
    /// Covered area that has a value.
    pub area: NeumaierSum,
    pub sum: NeumaierSum,
    /// Smallest and largest value.
    pub range: Option<(f64, f64)>,
    pub moments: Moments,
    /// By ascending value.
    pub bins: Vec<Bin>,
}

impl Accumulator {
    /// The accumulator that would have come to these sums.
    pub(crate) fn of_exact(kept: Kept, exact: Exact) -> Self {
        let mut all = Self::keeping(kept);
        all.cells = exact.cells;
        all.valid_cells = exact.valid_cells;
        all.covered = exact.covered;
        all.count = exact.area;
        all.sum = exact.sum;
        if let Some((min, max)) = exact.range {
            (all.min, all.max) = (min, max);
        }
        all.moments = exact.moments;
        all.histogram.merge(&Histogram::of_sorted(exact.bins));
        all
    }

    /// Adds distinct values, by ascending value, of cells whose other sums are added apart.
    pub(crate) fn merge_bins(&mut self, bins: Vec<Bin>) {
        self.histogram.merge(&Histogram::of_sorted(bins));
    }
}
