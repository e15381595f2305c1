//! The three classes of degradation and the five of productivity.

use serde::{Deserialize, Serialize};

/// Degraded, stable or improved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DegradationClass {
    /// Degraded or declining, code -1.
    #[serde(alias = "D")]
    Degraded,
    /// Stable, code 0.
    #[serde(alias = "S")]
    Stable,
    /// Improved or improving, code 1.
    #[serde(alias = "I")]
    Improved,
}

impl DegradationClass {
    /// Every class, worst first.
    pub const ALL: [Self; 3] = [Self::Degraded, Self::Stable, Self::Improved];

    /// -1, 0 or 1.
    #[must_use]
    pub fn code(self) -> i8 {
        match self {
            Self::Degraded => -1,
            Self::Stable => 0,
            Self::Improved => 1,
        }
    }

    /// The class of a code; `None` for any other number, such as a nodata value.
    #[must_use]
    pub fn from_code(code: i16) -> Option<Self> {
        match code {
            -1 => Some(Self::Degraded),
            0 => Some(Self::Stable),
            1 => Some(Self::Improved),
            _ => None,
        }
    }
}

/// The five classes of land productivity of Trends.Earth, codes 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProductivityClass {
    /// Code 1.
    Declining,
    /// Code 2, also early decline.
    ModerateDecline,
    /// Code 3.
    Stressed,
    /// Code 4.
    Stable,
    /// Code 5, also improving.
    Increasing,
}

impl ProductivityClass {
    /// The class of a code 1 to 5.
    #[must_use]
    pub fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::Declining),
            2 => Some(Self::ModerateDecline),
            3 => Some(Self::Stressed),
            4 => Some(Self::Stable),
            5 => Some(Self::Increasing),
            _ => None,
        }
    }

    /// 1 to 5.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8 + 1
    }

    /// The three classes: 1 and 2 degraded, 3 and 4 stable, 5 improved.
    #[must_use]
    pub fn fold(self) -> DegradationClass {
        match self {
            Self::Declining | Self::ModerateDecline => DegradationClass::Degraded,
            Self::Stressed | Self::Stable => DegradationClass::Stable,
            Self::Increasing => DegradationClass::Improved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_both_ways() {
        for class in DegradationClass::ALL {
            assert_eq!(DegradationClass::from_code(i16::from(class.code())), Some(class));
        }
        for code in 1..=5 {
            assert_eq!(ProductivityClass::from_code(code).map(|c| i16::from(c.code())), Some(code));
        }
        assert_eq!(DegradationClass::from_code(-32768), None);
        assert_eq!(ProductivityClass::from_code(0), None);
    }
}
