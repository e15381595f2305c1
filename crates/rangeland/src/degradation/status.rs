//! Status of a place: its class in the baseline and in the reporting period, seen together.

use serde::Serialize;

use super::DegradationClass;

/// The seven expanded statuses, codes 1 to 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DegradationStatus {
    /// Degraded in both, code 1.
    PersistentDegradation,
    /// Degraded in the period only, code 2.
    RecentDegradation,
    /// Degraded in the baseline, stable since, code 3.
    BaselineDegradation,
    /// Stable in both, code 4.
    Stability,
    /// Improved in the baseline, stable since, code 5.
    BaselineImprovement,
    /// Improved in the period only, code 6.
    RecentImprovement,
    /// Improved in both, code 7.
    PersistentImprovement,
}

impl DegradationStatus {
    /// Every status by code.
    pub const ALL: [Self; 7] = [
        Self::PersistentDegradation,
        Self::RecentDegradation,
        Self::BaselineDegradation,
        Self::Stability,
        Self::BaselineImprovement,
        Self::RecentImprovement,
        Self::PersistentImprovement,
    ];

    /// Status of a baseline and a period class (UNCCD addendum 2021, Trends.Earth); `None` when one is missing.
    ///
    /// ```
    /// use belcheer_rangeland::degradation::{DegradationClass::{Degraded, Stable}, DegradationStatus};
    /// let status = DegradationStatus::of(Some(Degraded), Some(Stable));
    /// assert_eq!(status, Some(DegradationStatus::BaselineDegradation));
    /// assert_eq!(status.map(|s| s.simple()), Some(Degraded)); // it has not recovered
    /// ```
    #[must_use]
    pub fn of(baseline: Option<DegradationClass>, period: Option<DegradationClass>) -> Option<Self> {
        use DegradationClass::{Degraded, Improved, Stable};
        Some(match (baseline?, period?) {
            (Degraded, Degraded) => Self::PersistentDegradation,
            (Stable | Improved, Degraded) => Self::RecentDegradation,
            (Degraded, Stable) => Self::BaselineDegradation,
            (Stable, Stable) => Self::Stability,
            (Improved, Stable) => Self::BaselineImprovement,
            (Degraded | Stable, Improved) => Self::RecentImprovement,
            (Improved, Improved) => Self::PersistentImprovement,
        })
    }

    /// The three classes of status: 1 to 3 degraded, 4 stable, 5 to 7 improved.
    #[must_use]
    pub fn simple(self) -> DegradationClass {
        match self.code() {
            ..=3 => DegradationClass::Degraded,
            4 => DegradationClass::Stable,
            _ => DegradationClass::Improved,
        }
    }

    /// 1 to 7.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8 + 1
    }

    /// The status of a code 1 to 7.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code).checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simple_status_is_the_table_of_three_by_three() {
        // rows baseline D, S, I; columns period D, S, I
        let table = [[-1, -1, 1], [-1, 0, 1], [-1, 1, 1]];
        for (baseline, row) in DegradationClass::ALL.into_iter().zip(table) {
            for (period, expected) in DegradationClass::ALL.into_iter().zip(row) {
                let status = DegradationStatus::of(Some(baseline), Some(period)).unwrap();
                assert_eq!(status.simple().code(), expected, "{baseline:?} {period:?}");
                assert_eq!(DegradationStatus::from_code(status.code()), Some(status));
            }
        }
        assert_eq!(DegradationStatus::of(None, Some(DegradationClass::Stable)), None);
    }
}
