//! Adding neighbouring cells of one row at once.

use super::Accumulator;
use crate::Sample;
use crate::sums::{Moments, lane_sum};

/// Values summed without compensation before the sum is added to the total.
const CHUNK: usize = 512;

/// The weights of neighbouring cells of a row.
#[derive(Debug, Clone, Copy)]
pub enum RowWeights<'a> {
    /// No weights were given.
    None,
    /// Every cell has this weight, as the cells of a parallel have one area.
    Constant(f64),
    /// Each cell has its weight; where `valid` is false it is missing.
    Cells {
        /// One weight for each cell.
        weights: &'a [f64],
        /// Which of them count; all, if absent.
        valid: Option<&'a [bool]>,
    },
}

impl RowWeights<'_> {
    /// The weight of the cell at a position of the row.
    fn at(&self, i: usize) -> Option<f64> {
        match self {
            Self::None => None,
            Self::Constant(weight) => Some(*weight),
            Self::Cells { weights, valid } => {
                let present = valid.is_none_or(|valid| valid.get(i).copied().unwrap_or(false));
                weights.get(i).copied().filter(|_| present)
            }
        }
    }
}

impl Accumulator {
    /// Adds neighbouring cells that are covered to the same fraction; where `valid` is false or too short, and
    /// where a value is NaN, there is no value.
    pub fn add_row<T: Sample>(&mut self, values: &[T], valid: Option<&[bool]>, fraction: f64, weights: RowWeights<'_>) {
        let is_valid = |i: usize| valid.is_none_or(|valid| valid.get(i).copied().unwrap_or(false));
        if self.kept.weights || values.len() == 1 {
            for (i, value) in values.iter().enumerate() {
                if is_valid(i) {
                    self.add_cell(value.to_f64(), fraction, weights.at(i));
                } else {
                    self.add_missing(1, fraction);
                }
            }
            return;
        }
        let mut present = std::mem::take(&mut self.scratch);
        present.clear();
        match valid {
            None => present.extend(values.iter().map(|value| value.to_f64()).filter(|x| !x.is_nan())),
            Some(valid) => {
                let masked = values.iter().zip(valid).filter(|(_, valid)| **valid);
                present.extend(masked.map(|(value, _)| value.to_f64()).filter(|x| !x.is_nan()));
            }
        }
        self.add_missing((values.len() - present.len()) as u64, fraction);
        self.add_present(&present, fraction);
        self.scratch = present;
    }

    /// Adds values that are all present, covered to the same fraction.
    pub(crate) fn add_present(&mut self, values: &[f64], fraction: f64) {
        values.chunks(CHUNK).for_each(|chunk| self.add_chunk(chunk, fraction));
    }

    /// Adds values that are all present.
    fn add_chunk(&mut self, values: &[f64], fraction: f64) {
        let cells = values.len() as f64;
        self.cells += values.len() as u64;
        self.valid_cells += values.len() as u64;
        self.covered.add(cells * fraction);
        self.count.add(cells * fraction);
        self.sum.add(fraction * lane_sum(values, |x| x));
        self.min = values.iter().fold(self.min, |min, &x| if x < min { x } else { min });
        self.max = values.iter().fold(self.max, |max, &x| if x > max { x } else { max });
        if self.kept.moments {
            let unit = Moments::of(values);
            self.moments.merge(&Moments { weight: unit.weight * fraction, m2: unit.m2 * fraction, ..unit });
        }
        if self.kept.histogram {
            values.iter().for_each(|&x| self.histogram.add(x, fraction, 0.0));
        }
        if self.kept.cell_values {
            self.cell_values.extend_from_slice(values);
        }
        if self.kept.cell_fractions {
            self.cell_fractions.extend(std::iter::repeat_n(fraction, values.len()));
        }
    }
}
