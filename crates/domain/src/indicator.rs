//! The words of a verification: indicators, classes, tiers, statuses.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in tables and interfaces.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text).ok_or_else(|| {
                    let words: Vec<_> = Self::ALL.iter().map(|v| v.as_str()).collect();
                    format!("\"{}\" is not one of {}", text.chars().take(40).collect::<String>(), words.join(", "))
                })
            }
        }
    };
}
pub(crate) use words;

words!(
    /// The five national outcome indicators.
    Indicator {
        /// Climate-adjusted pasture productivity, percent change.
        I1 = "I1",
        /// Pasture condition: share of recovery classes I and II, points.
        I2 = "I2",
        /// Stocking pressure on capacity, log ratio.
        I3 = "I3",
        /// Land degradation status (SDG 15.3.1), points.
        I4 = "I4",
        /// Ecosystem integrity: natural pasture converted, percent of area a year.
        I5 = "I5",
    }
);
words!(
    /// What one indicator says of one soum.
    Class {
        /// Better than the baseline, beyond chance and beyond the smallest change of interest.
        Improved = "improved",
        /// Shown to be within the equivalence margin.
        Stable = "stable",
        /// Worse than the baseline, beyond chance.
        Declined = "declined",
        /// The evidence does not decide; the reasons say why.
        Insufficient = "insufficient",
    }
);
words!(
    /// The strength of the evidence behind an indicator.
    Tier {
        /// None.
        T0 = "T0",
        /// Global or satellite data only, not calibrated.
        T1 = "T1",
        /// Agency rasters or statistics with national calibration.
        T2 = "T2",
        /// Plots or photo points, enough of them.
        T3 = "T3",
        /// Independently re-measured and locally reviewed.
        T4 = "T4",
    }
);
words!(
    /// The verdict on a soum.
    Status {
        /// At least two indicators improved, I1 or I2 among them, none declined.
        VerifiedImproving = "verified_improving",
        /// No decline, and I1 and I2 stable or improved.
        VerifiedMaintained = "verified_maintained",
        /// At least one indicator declined.
        NotVerified = "not_verified",
        /// The evidence does not decide.
        InsufficientEvidence = "insufficient_evidence",
    }
);

impl Indicator {
    /// The indicator's name in English.
    #[must_use]
    pub fn name_en(self) -> &'static str {
        match self {
            Self::I1 => "Climate-adjusted pasture productivity",
            Self::I2 => "Pasture condition (recovery class)",
            Self::I3 => "Stocking pressure on capacity",
            Self::I4 => "Land degradation status (SDG 15.3.1)",
            Self::I5 => "Ecosystem integrity",
        }
    }

    /// The indicator's name in Mongolian.
    #[must_use]
    pub fn name_mn(self) -> &'static str {
        match self {
            Self::I1 => "Цаг уурын нөлөөг тооцсон бэлчээрийн бүтээмж",
            Self::I2 => "Бэлчээрийн төлөв байдал, сэргэх чадавхи",
            Self::I3 => "Бэлчээрийн даацын ачаалал",
            Self::I4 => "Газрын доройтол (ТХЗ 15.3.1)",
            Self::I5 => "Байгалийн бэлчээрийн бүрэн бүтэн байдал",
        }
    }
}
