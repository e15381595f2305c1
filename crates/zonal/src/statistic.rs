//! The statistics of a zone by name, as exactextract names its operations.

mod set;

pub(crate) use set::Kept;
pub use set::StatisticSet;

/// Why a name or list is no statistic.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatisticError {
    /// No statistic has this name.
    #[error("`{name}` is no statistic; use one of {known}, or weighted_ and one of {weighted}")]
    UnknownName {
        /// As given.
        name: String,
        /// The names there are.
        known: String,
        /// The names that may follow `weighted_`.
        weighted: String,
    },
    /// A quantile without its argument, or with another than `q`.
    #[error("`{text}` is no quantile; write quantile(q=0.25)")]
    QuantileSyntax {
        /// As given.
        text: String,
    },
    /// A quantile outside 0 to 1.
    #[error("quantile q={q} is not between 0 and 1")]
    QuantileOutOfRange {
        /// As given.
        q: f64,
    },
    /// Arguments on a statistic that takes none.
    #[error("`{text}`: {name} takes no arguments; only quantile does")]
    UnexpectedArguments {
        /// As given.
        text: String,
        /// Name of the statistic.
        name: &'static str,
    },
    /// A statistic asked for twice.
    #[error("statistic {name} is listed twice; every output column needs its own name")]
    ListedTwice {
        /// Name of its column.
        name: String,
    },
    /// A list without a statistic.
    #[error("the list of statistics is empty; name at least one, such as mean")]
    EmptyList,
}

/// A statistic of the cells of a zone. Cells without a value never count.
///
/// With `c` the fraction covered of a cell, `x` its value and `w` its weight:
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Statistic {
    /// `Σ c`, in cells.
    Count,
    /// `Σ c x`.
    Sum,
    /// `Σ c x / Σ c`.
    Mean,
    /// Smallest value of any cell touched.
    Min,
    /// Largest value of any cell touched.
    Max,
    /// Square root of the variance.
    Stdev,
    /// Population variance `Σ c (x − mean)² / Σ c`.
    Variance,
    /// Coefficient of variation, `stdev / mean`; missing where the mean is 0.
    Cv,
    /// The quantile of 0.5.
    Median,
    /// The value below which a share `q` of the covered area lies, interpolated between distinct values.
    Quantile(f64),
    /// The value with the largest covered area; the larger value of a tie.
    Mode,
    /// The same as the mode.
    Majority,
    /// The value with the smallest covered area; the smaller value of a tie.
    Minority,
    /// Number of distinct values.
    Variety,
    /// For each distinct value, its share of `Σ c`.
    Frac,
    /// The fraction covered of each cell that has a value, in the order the cells were added.
    Coverage,
    /// The value of each cell that has one, in the order the cells were added.
    Values,
    /// The weight of each cell that has a value, in the order the cells were added.
    Weights,
    /// The distinct values, ascending.
    Unique,
    /// `Σ c w`.
    WeightedCount,
    /// `Σ c w x`.
    WeightedSum,
    /// `Σ c w x / Σ c w`.
    WeightedMean,
    /// Population variance with weights `c w`.
    WeightedVariance,
    /// Square root of the weighted variance.
    WeightedStdev,
    /// For each distinct value, its share of `Σ c w`.
    WeightedFrac,
}

/// Every statistic but the quantile, by name.
const NAMED: [(&str, Statistic); 24] = [
    ("count", Statistic::Count),
    ("sum", Statistic::Sum),
    ("mean", Statistic::Mean),
    ("min", Statistic::Min),
    ("max", Statistic::Max),
    ("stdev", Statistic::Stdev),
    ("variance", Statistic::Variance),
    ("cv", Statistic::Cv),
    ("median", Statistic::Median),
    ("mode", Statistic::Mode),
    ("majority", Statistic::Majority),
    ("minority", Statistic::Minority),
    ("variety", Statistic::Variety),
    ("frac", Statistic::Frac),
    ("coverage", Statistic::Coverage),
    ("values", Statistic::Values),
    ("weights", Statistic::Weights),
    ("unique", Statistic::Unique),
    ("weighted_count", Statistic::WeightedCount),
    ("weighted_sum", Statistic::WeightedSum),
    ("weighted_mean", Statistic::WeightedMean),
    ("weighted_variance", Statistic::WeightedVariance),
    ("weighted_stdev", Statistic::WeightedStdev),
    ("weighted_frac", Statistic::WeightedFrac),
];

/// Another name that exactextract uses.
const ALIASES: [(&str, Statistic); 1] = [("coefficient_of_variation", Statistic::Cv)];

impl Statistic {
    /// The name without arguments, such as `quantile`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        NAMED.iter().find(|(_, statistic)| statistic == self).map_or("quantile", |(name, _)| name)
    }

    /// The name of its column in a table: `mean`, `quantile_25`; columns of `frac` also carry the value.
    #[must_use]
    pub fn column_name(&self) -> String {
        match self {
            // Rounded, so that 0.07 is quantile_7.
            Self::Quantile(q) => format!("quantile_{}", (q * 1e11).round() / 1e9),
            _ => self.name().to_owned(),
        }
    }

    /// Whether it cannot be computed without weights.
    #[must_use]
    pub fn needs_weights(&self) -> bool {
        matches!(
            self,
            Self::Weights
                | Self::WeightedCount
                | Self::WeightedSum
                | Self::WeightedMean
                | Self::WeightedVariance
                | Self::WeightedStdev
                | Self::WeightedFrac
        )
    }

    /// Whether it is a list with an entry for each cell, whose size grows with the zone.
    #[must_use]
    pub fn is_per_cell(&self) -> bool {
        matches!(self, Self::Coverage | Self::Values | Self::Weights)
    }
}

impl std::fmt::Display for Statistic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Quantile(q) => write!(f, "quantile(q={q})"),
            _ => f.write_str(self.name()),
        }
    }
}

impl std::str::FromStr for Statistic {
    type Err = StatisticError;

    fn from_str(text: &str) -> Result<Self, StatisticError> {
        let text = text.trim();
        let (name, arguments) = match text.split_once('(') {
            Some((name, rest)) => (name.trim_end(), Some(rest)),
            None => (text, None),
        };
        if name == "quantile" {
            return quantile(text, arguments);
        }
        let known = NAMED.iter().chain(&ALIASES).find(|(known, _)| *known == name);
        let Some(&(name, statistic)) = known else { return Err(unknown(name)) };
        if arguments.is_some() {
            return Err(StatisticError::UnexpectedArguments { text: text.to_owned(), name });
        }
        Ok(statistic)
    }
}

fn quantile(text: &str, arguments: Option<&str>) -> Result<Statistic, StatisticError> {
    let syntax = || StatisticError::QuantileSyntax { text: text.to_owned() };
    let argument = arguments.and_then(|rest| rest.strip_suffix(')')).ok_or_else(syntax)?;
    let (key, value) = argument.split_once('=').ok_or_else(syntax)?;
    let q: f64 = value.trim().parse().map_err(|_| syntax())?;
    if key.trim() != "q" {
        return Err(syntax());
    }
    if !(0.0..=1.0).contains(&q) {
        return Err(StatisticError::QuantileOutOfRange { q });
    }
    Ok(Statistic::Quantile(q))
}

fn unknown(name: &str) -> StatisticError {
    let mut known: Vec<&str> =
        NAMED.iter().map(|(name, _)| *name).filter(|name| !name.starts_with("weighted_")).collect();
    known.push("quantile(q=..)");
    let weighted: Vec<&str> = NAMED.iter().filter_map(|(name, _)| name.strip_prefix("weighted_")).collect();
    StatisticError::UnknownName { name: name.to_owned(), known: known.join(" "), weighted: weighted.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_a_round_trip() {
        let quantile = Statistic::Quantile(0.25);
        for statistic in NAMED.iter().map(|(_, s)| *s).chain([quantile]) {
            assert_eq!(statistic.to_string().parse::<Statistic>().unwrap(), statistic);
        }
        assert_eq!("coefficient_of_variation".parse(), Ok(Statistic::Cv));
        assert_eq!(" quantile( q = 0.07 ) ".parse::<Statistic>().unwrap().column_name(), "quantile_7");
        assert_eq!(Statistic::Quantile(0.025).column_name(), "quantile_2.5");
    }

    #[test]
    fn wrong_names_are_told_apart() {
        let error = |text: &str| text.parse::<Statistic>().unwrap_err();
        assert!(matches!(error("average"), StatisticError::UnknownName { .. }));
        assert!(error("average").to_string().contains("mean"));
        assert!(matches!(error("quantile"), StatisticError::QuantileSyntax { .. }));
        assert!(matches!(error("quantile(p=0.5)"), StatisticError::QuantileSyntax { .. }));
        assert!(matches!(error("quantile(q=1.5)"), StatisticError::QuantileOutOfRange { .. }));
        assert!(matches!(error("quantile(q=NaN)"), StatisticError::QuantileOutOfRange { .. }));
        assert!(matches!(error("mean(q=1)"), StatisticError::UnexpectedArguments { name: "mean", .. }));
    }
}
