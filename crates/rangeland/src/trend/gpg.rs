//! Five levels of a standard normal statistic, as the Good Practice Guidance reads trend and state.

use crate::degradation::{DegradationClass, GpgRules};

/// Level of a z score, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrendLevel {
    /// z below the significant level.
    Degrading,
    /// z below the potential level.
    PotentiallyDegrading,
    /// z between the potential levels.
    NoChange,
    /// z above the potential level.
    PotentiallyImproving,
    /// z above the significant level.
    Improving,
}

impl TrendLevel {
    /// The level of a z score (GPG v2): below -1.96, below -1.28, up to 1.28, up to 1.96, above. `None` for no number.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, degradation::GpgRules, trend::TrendLevel};
    /// let rules = GpgRules::by_name("gpg_v2")?;
    /// assert_eq!(TrendLevel::of(-1.96, &rules), Some(TrendLevel::PotentiallyDegrading));
    /// assert_eq!(TrendLevel::of(-1.28, &rules), Some(TrendLevel::NoChange));
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn of(z: f64, rules: &GpgRules) -> Option<Self> {
        if z.is_nan() {
            return None;
        }
        Some(match z {
            z if z < -rules.z_significant => Self::Degrading,
            z if z < -rules.z_potential => Self::PotentiallyDegrading,
            z if z <= rules.z_potential => Self::NoChange,
            z if z <= rules.z_significant => Self::PotentiallyImproving,
            _ => Self::Improving,
        })
    }

    /// The class of the sub-indicator, in which only the outer levels count.
    #[must_use]
    pub fn class(self) -> DegradationClass {
        match self {
            Self::Degrading => DegradationClass::Degraded,
            Self::Improving => DegradationClass::Improved,
            _ => DegradationClass::Stable,
        }
    }
}
