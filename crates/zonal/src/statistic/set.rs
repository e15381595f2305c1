//! The statistics asked for together, and what must be kept for them while cells are added.

use std::str::FromStr;

use super::{Statistic, StatisticError};

/// What an accumulator keeps; counts, sums and extremes are always kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub moments: bool,
    pub weights: bool,
    pub histogram: bool,
    /// Whether values must stay as they are, however many differ.
    pub exact_values: bool,
    pub cell_values: bool,
    pub cell_fractions: bool,
    pub cell_weights: bool,
}

impl Kept {
    pub fn add(&mut self, statistic: &Statistic) {
        use Statistic as S;
        self.weights |= statistic.needs_weights();
        match statistic {
            S::Stdev | S::Variance | S::Cv | S::WeightedVariance | S::WeightedStdev => self.moments = true,
            S::Median | S::Quantile(_) => self.histogram = true,
            S::Mode | S::Majority | S::Minority | S::Variety | S::Frac | S::Unique | S::WeightedFrac => {
                (self.histogram, self.exact_values) = (true, true);
            }
            S::Coverage => self.cell_fractions = true,
            S::Values => self.cell_values = true,
            S::Weights => self.cell_weights = true,
            S::Count | S::Sum | S::Mean | S::Min | S::Max => {}
            S::WeightedCount | S::WeightedSum | S::WeightedMean => {}
        }
    }
}

/// Statistics in the order asked for.
///
/// ```
/// use belcheer_zonal::{Statistic, StatisticSet};
/// let set: StatisticSet = "count, mean, quantile(q=0.25)".parse()?;
/// assert_eq!(set.statistics()[2], Statistic::Quantile(0.25));
/// assert!(!set.needs_weights());
/// # Ok::<(), belcheer_zonal::StatisticError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StatisticSet {
    statistics: Vec<Statistic>,
    kept: Kept,
}

impl StatisticSet {
    /// The set of these statistics.
    ///
    /// # Errors
    /// When there are none, when two would share a column name, or when a quantile is outside 0 to 1.
    pub fn new(statistics: impl IntoIterator<Item = Statistic>) -> Result<Self, StatisticError> {
        let mut set = Self { statistics: Vec::new(), kept: Kept::default() };
        for statistic in statistics {
            if let Statistic::Quantile(q) = statistic
                && !(0.0..=1.0).contains(&q)
            {
                return Err(StatisticError::QuantileOutOfRange { q });
            }
            let name = statistic.column_name();
            if set.statistics.iter().any(|other| other.column_name() == name) {
                return Err(StatisticError::ListedTwice { name });
            }
            set.kept.add(&statistic);
            set.statistics.push(statistic);
        }
        if set.statistics.is_empty() { Err(StatisticError::EmptyList) } else { Ok(set) }
    }

    /// The statistics in the order asked for.
    #[must_use]
    pub fn statistics(&self) -> &[Statistic] {
        &self.statistics
    }

    /// Whether any of them cannot be computed without weights.
    #[must_use]
    pub fn needs_weights(&self) -> bool {
        self.kept.weights
    }

    /// Whether memory grows with the number of distinct values.
    #[must_use]
    pub fn needs_distinct_values(&self) -> bool {
        self.kept.histogram
    }

    pub(crate) fn kept(&self) -> Kept {
        self.kept
    }
}

impl FromStr for StatisticSet {
    type Err = StatisticError;

    /// Reads a list separated by commas; commas in parentheses belong to arguments.
    fn from_str(list: &str) -> Result<Self, StatisticError> {
        let mut depth = 0_usize;
        let items = list.split(|c| {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == ',' && depth == 0
        });
        let named = items.map(str::trim).filter(|item| !item.is_empty());
        Self::new(named.map(Statistic::from_str).collect::<Result<Vec<_>, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let set: StatisticSet = "count,quantile(q=0.25),quantile(q=0.75),weighted_mean,".parse().unwrap();
        assert_eq!(set.statistics().len(), 4);
        assert!(set.needs_weights() && set.needs_distinct_values());
        assert!(matches!("mean,mean".parse::<StatisticSet>(), Err(StatisticError::ListedTwice { .. })));
        assert!(matches!(
            "cv,coefficient_of_variation".parse::<StatisticSet>(),
            Err(StatisticError::ListedTwice { .. })
        ));
        assert_eq!(" , ".parse::<StatisticSet>(), Err(StatisticError::EmptyList));
        assert!(StatisticSet::new([Statistic::Quantile(f64::NAN)]).is_err());
    }
}
