//! What is kept of the cells of a zone while they are added, and the statistics it gives.

mod exact;
mod result;
mod row;

pub(crate) use exact::Exact;
pub use result::Column;
pub use row::RowWeights;

use crate::histogram::{Histogram, SKETCH_BINS_MAX};
use crate::statistic::{Kept, StatisticSet};
use crate::sums::{Moments, NeumaierSum};

/// Running sums over the cells of a zone.
///
/// Cells may be added in any order and by parts that are merged afterwards; the same order gives the same bits,
/// another order the same numbers to about 1e-12. Only what the [`StatisticSet`] needs is kept.
///
/// NaN is taken as a missing value. A cell without a weight makes the weighted statistics missing, as
/// in exactextract: to count it as nothing, give it weight 0.
///
/// ```
/// use belcheer_zonal::{Accumulator, Statistic, StatisticSet};
/// let set: StatisticSet = "mean,mode".parse()?;
/// let mut west = Accumulator::new(&set);
/// west.add_cell(2.0, 1.0, None);
/// let mut east = Accumulator::new(&set);
/// east.add_cell(8.0, 0.5, None);
/// west.merge(&east);
/// assert_eq!(west.value(&Statistic::Mean), Some(4.0));
/// assert_eq!(west.value(&Statistic::Mode), Some(2.0));
/// # Ok::<(), belcheer_zonal::StatisticError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Accumulator {
    kept: Kept,
    cells: u64,
    valid_cells: u64,
    covered: NeumaierSum,
    count: NeumaierSum,
    sum: NeumaierSum,
    min: f64,
    max: f64,
    moments: Moments,
    weight_missing: bool,
    weighted_count: NeumaierSum,
    weighted_sum: NeumaierSum,
    weighted_moments: Moments,
    histogram: Histogram,
    cell_values: Vec<f64>,
    cell_fractions: Vec<f64>,
    cell_weights: Vec<f64>,
    /// Valid values of the row being added.
    scratch: Vec<f64>,
}

impl Accumulator {
    /// An accumulator that has seen no cell.
    #[must_use]
    pub fn new(set: &StatisticSet) -> Self {
        Self::keeping(set.kept())
    }

    /// An accumulator that has seen no cell and keeps this much.
    pub(crate) fn keeping(kept: Kept) -> Self {
        Self {
            kept,
            cells: 0,
            valid_cells: 0,
            covered: NeumaierSum::default(),
            count: NeumaierSum::default(),
            sum: NeumaierSum::default(),
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            moments: Moments::default(),
            weight_missing: false,
            weighted_count: NeumaierSum::default(),
            weighted_sum: NeumaierSum::default(),
            weighted_moments: Moments::default(),
            histogram: if kept.exact_values { Histogram::default() } else { Histogram::sketch(SKETCH_BINS_MAX) },
            cell_values: Vec::new(),
            cell_fractions: Vec::new(),
            cell_weights: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// Adds one cell with a value; `fraction` is the part of it that the zone covers.
    pub fn add_cell(&mut self, value: f64, fraction: f64, weight: Option<f64>) {
        if value.is_nan() {
            self.add_missing(1, fraction);
            return;
        }
        self.cells += 1;
        self.covered.add(fraction);
        self.valid_cells += 1;
        self.count.add(fraction);
        self.sum.add(value * fraction);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        if self.kept.moments {
            self.moments.add(value, fraction);
        }
        let weighted = if self.kept.weights { self.add_weight(value, fraction, weight) } else { 0.0 };
        if self.kept.histogram {
            self.histogram.add(value, fraction, weighted);
        }
        if self.kept.cell_values {
            self.cell_values.push(value);
        }
        if self.kept.cell_fractions {
            self.cell_fractions.push(fraction);
        }
    }

    /// Adds the weighted sums of a cell; the product of fraction and weight.
    fn add_weight(&mut self, value: f64, fraction: f64, weight: Option<f64>) -> f64 {
        let weight = weight.filter(|w| !w.is_nan());
        self.weight_missing |= weight.is_none();
        if self.kept.cell_weights {
            self.cell_weights.push(weight.unwrap_or(f64::NAN));
        }
        let weighted = fraction * weight.unwrap_or(0.0);
        self.weighted_count.add(weighted);
        self.weighted_sum.add(value * weighted);
        if self.kept.moments {
            self.weighted_moments.add(value, weighted);
        }
        weighted
    }

    /// Adds cells that the zone covers but that have no value.
    pub fn add_missing(&mut self, cells: u64, fraction: f64) {
        self.cells += cells;
        self.covered.add(cells as f64 * fraction);
    }

    /// Puts the distinct values in order once, before several statistics of them are asked for.
    pub fn settle(&mut self) {
        self.histogram.compact();
    }

    /// Adds all that another accumulator of the same set has seen. Per-cell lists are appended.
    pub fn merge(&mut self, other: &Self) {
        self.cells += other.cells;
        self.valid_cells += other.valid_cells;
        self.covered.merge(&other.covered);
        self.count.merge(&other.count);
        self.sum.merge(&other.sum);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.moments.merge(&other.moments);
        self.weight_missing |= other.weight_missing;
        self.weighted_count.merge(&other.weighted_count);
        self.weighted_sum.merge(&other.weighted_sum);
        self.weighted_moments.merge(&other.weighted_moments);
        self.histogram.merge(&other.histogram);
        self.cell_values.extend_from_slice(&other.cell_values);
        self.cell_fractions.extend_from_slice(&other.cell_fractions);
        self.cell_weights.extend_from_slice(&other.cell_weights);
    }
}

#[cfg(test)]
mod tests;
