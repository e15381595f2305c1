//! The named, versioned constants of the verification statistics.

use belcheer_domain::Scheme;
use serde::{Deserialize, Serialize};

/// A set of constants, read from TOML; its id stands in the provenance of every result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerificationParameters {
    /// Stable id, such as `verification_1`.
    pub id: String,
    /// How dependence between years is treated.
    pub dependence: Dependence,
    /// The weather panel.
    pub panel: Panel,
    /// Margins widened by noise.
    pub margin: Margin,
    /// The score.
    pub score: Score,
}

/// How dependence between years is treated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependence {
    /// Lag-1 correlation above which the effective number of years is deflated.
    pub lag1_threshold: f64,
    /// Fewest pairs of consecutive years for a lag-1 correlation.
    pub lag1_pairs_min: usize,
    /// The p of an F test below which reporting years count as noisier than the others.
    pub noisier_p: f64,
}

/// Constants of the weather panel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Fewest other soums of a zone for a zone-by-year median.
    pub zone_peers_min: usize,
    /// How many of its own standard errors a soum's change may lie from the middle of its zone before the soum stops
    /// voting on zone-by-year effects.
    pub standing_out_t: f64,
    /// Convergence of the alternating projections, as a share of a column's standard deviation.
    pub projection_tolerance: f64,
    /// Most sweeps of the alternating projections.
    pub projection_sweeps_max: usize,
}

/// Limits of a margin widened by noise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Margin {
    /// How many times the scheme's margin a widened margin may be.
    pub noise_floor_multiple_max: f64,
}

/// Constants of the score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Share of the trend part where level bands are given.
    pub trend_share: f64,
    /// Fewest decided indicators.
    pub indicators_min: usize,
    /// Highest score of a soum with a decline at tier T2 or higher.
    pub decline_cap: f64,
    /// Factor of the uncertainty deduction.
    pub haircut_factor: f64,
    /// Normal quantile in the uncertainty deduction.
    pub haircut_z: f64,
}

/// Why a parameter set was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// No set of that name is built in.
    #[error("there is no verification parameter set \"{0}\"; use verification_1")]
    Unknown(String),
    /// Not TOML of this form.
    #[error("the verification parameter set is not valid: {0}")]
    Form(String),
}

impl VerificationParameters {
    /// The built-in set of that id.
    ///
    /// # Errors
    /// When no set has that id.
    ///
    /// ```
    /// use belcheer_verification::VerificationParameters;
    /// let set = VerificationParameters::named("verification_1").unwrap();
    /// assert_eq!(set.panel.zone_peers_min, 5);
    /// ```
    pub fn named(id: &str) -> Result<Self, ParameterError> {
        match id {
            "verification_1" => Self::from_toml(include_str!("../data/verification_1.toml")),
            _ => Err(ParameterError::Unknown(id.chars().take(40).collect())),
        }
    }

    /// The set that a scheme names, with the scheme's own rules on margins and score in place of the set's.
    ///
    /// # Errors
    /// When no set has that id.
    ///
    /// ```
    /// use belcheer_domain::Scheme;
    /// use belcheer_verification::VerificationParameters;
    /// let document = include_str!("../../../schemes/mn-national-1.toml").replace("decline_cap = 59.0", "decline_cap = 40.0");
    /// let set = VerificationParameters::of(&Scheme::from_toml(&document).unwrap()).unwrap();
    /// assert_eq!(set.score.decline_cap, 40.0);
    /// ```
    pub fn of(scheme: &Scheme) -> Result<Self, ParameterError> {
        let mut set = Self::named(&scheme.parameters.verification)?;
        set.margin.noise_floor_multiple_max = scheme.decision.noise_floor_multiple_max;
        let rule = &scheme.score;
        set.score = Score {
            trend_share: rule.trend_share,
            indicators_min: rule.indicators_min,
            decline_cap: rule.decline_cap,
            haircut_factor: rule.haircut_factor,
            haircut_z: rule.haircut_z,
        };
        Ok(set)
    }

    /// Reads a set from TOML.
    ///
    /// # Errors
    /// When the text is not TOML of this form; the message names the line.
    pub fn from_toml(text: &str) -> Result<Self, ParameterError> {
        toml::from_str(text).map_err(|e| ParameterError::Form(e.to_string().trim().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_set_is_refused_with_its_place() {
        assert_eq!(VerificationParameters::named("x"), Err(ParameterError::Unknown("x".to_owned())));
        let message = VerificationParameters::from_toml("id = 3").unwrap_err().to_string();
        assert!(message.contains("line 1"), "{message}");
    }
}
