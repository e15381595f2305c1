//! The statistics that an accumulator gives.

use super::Accumulator;
use crate::histogram::{Bin, minority, mode, quantile};
use crate::statistic::Statistic;
use crate::sums::Moments;

/// A statistic of one zone, of whatever shape.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// There is none: the zone covers no cell, or none that has what is needed.
    Missing,
    /// One number.
    Number(f64),
    /// One number for each cell with a value, or each distinct value; `None` is a missing weight.
    List(Vec<Option<f64>>),
    /// The share of each distinct value, by ascending value.
    Shares(Vec<(f64, f64)>),
}

impl Accumulator {
    /// Number of cells the zone touches, with or without a value.
    #[must_use]
    pub fn cells(&self) -> u64 {
        self.cells
    }

    /// Number of cells with a value that the zone touches.
    #[must_use]
    pub fn valid_cells(&self) -> u64 {
        self.valid_cells
    }

    /// The share of the zone's covered area that has a value; `None` if it covers no cell.
    #[must_use]
    pub fn valid_fraction(&self) -> Option<f64> {
        finite(self.count.value() / self.covered.value())
    }

    /// Weight, mean and squared deviations of the values by covered area; all 0 unless the set asks for
    /// a variance, standard deviation or cv.
    #[must_use]
    pub fn moments(&self) -> Moments {
        self.moments
    }

    /// A statistic that is one number; `None` when the zone gives none, and for lists and shares.
    ///
    /// A zone that covers no cell has no statistic at all. One whose cells all lack a value has count, sum and
    /// variety 0, as in exactextract, and nothing else. What the set did not ask for may be `None`.
    #[must_use]
    pub fn value(&self, statistic: &Statistic) -> Option<f64> {
        if self.cells == 0 {
            return None;
        }
        match statistic {
            Statistic::Count => finite(self.count.value()),
            Statistic::Sum => finite(self.sum.value()),
            Statistic::Variety => self.kept.histogram.then(|| self.histogram.distinct().len() as f64),
            _ if statistic.needs_weights() => self.weighted_value(statistic),
            _ if self.valid_cells == 0 => None,
            Statistic::Mean => finite(self.sum.value() / self.count.value()),
            Statistic::Min => finite(self.min),
            Statistic::Max => finite(self.max),
            Statistic::Variance => finite(self.moments.variance()),
            Statistic::Stdev => finite(self.moments.variance().sqrt()),
            Statistic::Cv => finite(self.moments.variance().sqrt() / self.moments.mean),
            Statistic::Median => finite(quantile(&self.histogram.distinct(), 0.5)?),
            Statistic::Quantile(q) => finite(quantile(&self.histogram.distinct(), *q)?),
            Statistic::Mode | Statistic::Majority => finite(mode(&self.histogram.distinct())?),
            Statistic::Minority => finite(minority(&self.histogram.distinct())?),
            _ => None,
        }
    }

    fn weighted_value(&self, statistic: &Statistic) -> Option<f64> {
        if self.weight_missing || !self.kept.weights {
            return None;
        }
        match statistic {
            Statistic::WeightedCount => finite(self.weighted_count.value()),
            Statistic::WeightedSum => finite(self.weighted_sum.value()),
            Statistic::WeightedMean => finite(self.weighted_sum.value() / self.weighted_count.value()),
            Statistic::WeightedVariance => finite(self.weighted_moments.variance()),
            Statistic::WeightedStdev => finite(self.weighted_moments.variance().sqrt()),
            _ => None,
        }
    }

    /// Each distinct value with its share of the covered area, by ascending value.
    #[must_use]
    pub fn fractions(&self) -> Vec<(f64, f64)> {
        shares(&self.histogram.distinct(), |bin| bin.area, self.count.value())
    }

    /// Each distinct value with its share of the weighted area; `None` when a weight is missing or all are 0.
    #[must_use]
    pub fn weighted_fractions(&self) -> Option<Vec<(f64, f64)>> {
        let total = self.weighted_count.value();
        let computable = self.kept.weights && !self.weight_missing && total != 0.0;
        computable.then(|| shares(&self.histogram.distinct(), |bin| bin.weighted_area, total))
    }

    /// A statistic of any shape, ready for a table.
    #[must_use]
    pub fn column(&self, statistic: &Statistic) -> Column {
        if self.cells == 0 {
            return Column::Missing;
        }
        let list = |values: &[f64]| Column::List(values.iter().map(|&x| finite(x)).collect());
        match statistic {
            Statistic::Frac => Column::Shares(self.fractions()),
            Statistic::WeightedFrac => self.weighted_fractions().map_or(Column::Missing, Column::Shares),
            Statistic::Coverage => list(&self.cell_fractions),
            Statistic::Values => list(&self.cell_values),
            Statistic::Weights => list(&self.cell_weights),
            Statistic::Unique => Column::List(self.histogram.distinct().iter().map(|bin| Some(bin.value)).collect()),
            _ => self.value(statistic).map_or(Column::Missing, Column::Number),
        }
    }
}

fn shares(bins: &[Bin], area: impl Fn(&Bin) -> f64, total: f64) -> Vec<(f64, f64)> {
    bins.iter().map(|bin| (bin.value, area(bin) / total)).collect()
}

/// Infinite and undefined results are missing.
fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}
