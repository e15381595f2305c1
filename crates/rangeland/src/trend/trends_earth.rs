//! Trend code of Trends.Earth: least-squares direction with Kendall significance.

use super::{Confidence, KendallTable};
use crate::degradation::{DegradationClass, TrendsEarthRules};

/// Code of a trend, -3 to 3: direction, and 1, 2, 3 for 90, 95, 99 percent of the table; 0 no trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrendCode(i8);

impl TrendCode {
    /// The code of a number -3 to 3.
    #[must_use]
    pub fn new(code: i8) -> Option<Self> {
        (-3..=3).contains(&code).then_some(Self(code))
    }

    /// Code of a least-squares slope (NDVI times 10,000 a year) and Kendall's S of `n` values.
    ///
    /// 0 when |S| is at most the 90 percent value or |slope| at most the floor (0.001 NDVI a year). `None` when the
    /// slope is not finite or the table has no values for `n`.
    #[must_use]
    pub fn of(slope_per_year: f64, s: i64, n: usize, rules: &TrendsEarthRules, table: &KendallTable) -> Option<Self> {
        if !slope_per_year.is_finite() {
            return None;
        }
        let critical = |confidence| table.critical(n, confidence).map(u64::from);
        let (c90, c95) = (critical(Confidence::C90)?, critical(Confidence::C95)?);
        let magnitude = match s.unsigned_abs() {
            s if s <= c90 || slope_per_year.abs() <= rules.slope_floor_per_year => 0,
            s if critical(Confidence::C99)? <= s => 3,
            s if c95 <= s => 2,
            _ => 1,
        };
        Some(Self(if slope_per_year < 0.0 { -magnitude } else { magnitude }))
    }

    /// -3 to 3.
    #[must_use]
    pub fn code(self) -> i8 {
        self.0
    }

    /// The class of the sub-indicator, in which 95 and 99 percent count.
    #[must_use]
    pub fn class(self) -> DegradationClass {
        match self.0 {
            -3 | -2 => DegradationClass::Degraded,
            2 | 3 => DegradationClass::Improved,
            _ => DegradationClass::Stable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn codes_follow_the_table_and_the_floor() {
        let rules = TrendsEarthRules::by_name("trends_earth").unwrap();
        let table = KendallTable::by_name(&rules.kendall_table).unwrap();
        let code = |slope: f64, s| TrendCode::of(slope, s, 15, &rules, &table).map(TrendCode::code);
        for (s, expected) in [(27, 0), (28, 1), (32, 1), (33, 2), (49, 2), (50, 3), (105, 3)] {
            assert_eq!(code(20.0, s), Some(expected), "S {s}");
            assert_eq!(code(-20.0, -s), Some(-expected), "S -{s}");
        }
        assert_eq!(code(10.0, 105), Some(0));
        assert_eq!(code(f64::NAN, 105), None);
        assert_eq!(TrendCode::of(20.0, 5, 3, &rules, &table), None);
        assert_eq!(TrendCode::new(4), None);
    }
}
