//! On which basis a mass of forage was weighed: fresh, air-dry or oven-dry. Masses of two bases are never added.

use std::collections::BTreeSet;

/// Moisture of the weighed forage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MassBasis {
    /// As cut.
    Fresh,
    /// Dried in the air.
    AirDry,
    /// Dried in an oven.
    OvenDry,
}

/// Masses of two bases.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "fresh, air-dry and oven-dry masses are mixed ({}); bring them to one basis with the ratio of dried samples first",
    bases.iter().map(|b| b.as_str()).collect::<Vec<_>>().join(", ")
)]
pub struct MixedBases {
    /// The bases found.
    pub bases: Vec<MassBasis>,
}

impl MassBasis {
    /// The word used in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::AirDry => "air_dry",
            Self::OvenDry => "oven_dry",
        }
    }

    /// The basis named by a text as tables write it; `None` when unknown.
    ///
    /// ```
    /// use belcheer_rangeland::mass_basis::MassBasis;
    /// assert_eq!(MassBasis::recognise("Air dry"), Some(MassBasis::AirDry));
    /// assert_eq!(MassBasis::recognise("нойтон"), Some(MassBasis::Fresh));
    /// ```
    #[must_use]
    pub fn recognise(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().replace(['-', ' '], "_").as_str() {
            "fresh" | "wet" | "green" | "нойтон" | "ногоон" => Some(Self::Fresh),
            "air_dry" | "airdry" | "dry" | "хуурай" | "агаарын_хуурай" => Some(Self::AirDry),
            "oven_dry" | "ovendry" | "абсолют_хуурай" => Some(Self::OvenDry),
            _ => None,
        }
    }

    /// The one basis of some masses; `None` of nothing.
    ///
    /// # Errors
    /// When two differ.
    pub fn common(bases: impl IntoIterator<Item = Self>) -> Result<Option<Self>, MixedBases> {
        let bases: Vec<Self> = bases.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        match bases.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ => Err(MixedBases { bases }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_bases_are_refused_by_name() {
        assert_eq!(MassBasis::common([MassBasis::Fresh, MassBasis::Fresh]), Ok(Some(MassBasis::Fresh)));
        assert_eq!(MassBasis::common([]), Ok(None));
        let mixed = MassBasis::common([MassBasis::OvenDry, MassBasis::Fresh]).unwrap_err().to_string();
        assert!(mixed.contains("fresh, oven_dry"), "{mixed}");
        assert_eq!(MassBasis::recognise("?"), None);
    }
}
