//! A span of whole calendar years.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Years from `first` to `last`, both included; written `2009..2018`.
///
/// ```
/// use belcheer_domain::Years;
/// let baseline: Years = "2009..2018".parse().unwrap();
/// assert_eq!((baseline.len(), baseline.contains(2018)), (10, true));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Years {
    /// The first year.
    pub first: i32,
    /// The last year.
    pub last: i32,
}

/// A text that is no span of years.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{found}\" is not a span of years; write first and last, such as 2009..2018, within 1900..2200")]
pub struct YearsError {
    found: String,
}

impl Years {
    /// How many years the span holds.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a span holds at least one year")]
    pub fn len(self) -> usize {
        usize::try_from(self.last - self.first + 1).unwrap_or(0)
    }

    /// Whether a year lies in the span.
    #[must_use]
    pub fn contains(self, year: i32) -> bool {
        (self.first..=self.last).contains(&year)
    }

    /// Whether two spans share a year.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The years in order.
    pub fn iter(self) -> impl Iterator<Item = i32> {
        self.first..=self.last
    }
}

impl fmt::Display for Years {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl FromStr for Years {
    type Err = YearsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || YearsError { found: text.chars().take(40).collect() };
        let (first, last) = text.split_once("..").ok_or_else(refuse)?;
        let first: i32 = first.trim().parse().map_err(|_| refuse())?;
        let last: i32 = last.trim().parse().map_err(|_| refuse())?;
        if first > last || first < 1900 || last > 2200 {
            return Err(refuse());
        }
        Ok(Self { first, last })
    }
}
