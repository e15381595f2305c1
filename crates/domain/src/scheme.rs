//! The scheme document: which indicators, margins, parameters and rules judge a soum.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Digest, Indicator};

/// A versioned verification scheme, read from TOML; its digest stands in every result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Stable id, such as `mn-national-1`.
    pub id: String,
    /// Version; rises with every change.
    pub version: String,
    /// English title.
    pub title_en: String,
    /// Mongolian title.
    pub title_mn: String,
    /// Rules that hold for all indicators.
    pub decision: Decision,
    /// Named parameter sets that the science is to use.
    pub parameters: Parameters,
    /// One rule per indicator.
    pub indicators: BTreeMap<Indicator, IndicatorRule>,
}

/// Rules that hold for all indicators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// False discovery rate of the Benjamini-Hochberg procedure, per indicator and cycle.
    pub false_discovery_rate: f64,
    /// Two-sided confidence of intervals; equivalence is tested by the same interval.
    pub confidence: f64,
    /// Power for which the minimum detectable change is stated.
    pub power: f64,
    /// Significance for which the minimum detectable change is stated.
    pub mdc_alpha: f64,
    /// Smallest share of the assessed area with valid observations.
    pub coverage_min: f64,
    /// Fewest baseline years with data.
    pub baseline_years_min: usize,
    /// Fewest reporting years with data.
    pub reporting_years_min: usize,
    /// Fewest indicators that must be `improved` for a soum to be `verified_improving`.
    pub improved_indicators_min: usize,
    /// Monte-Carlo draws for propagated uncertainty.
    pub monte_carlo_draws: usize,
}

/// Names of the parameter sets in use; the sets themselves are data of the science core.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// Conversion of livestock to sheep forage units.
    pub sheep_forage_units: String,
    /// Daily intake.
    pub intake: String,
    /// Utilisation by recovery class.
    pub utilisation: String,
    /// Utilisation by natural zone, where no recovery class is known.
    pub utilisation_fallback: String,
    /// Length of the seasons and winter carry-over.
    pub seasons: String,
    /// Classes of the stocking ratio.
    pub stocking_classes: String,
    /// Land-cover classes counted as rangeland, by legend of the land cover (`igbp`, `unccd`).
    pub rangeland_mask: BTreeMap<String, String>,
    /// Sizes of the errors of the stocking ratio.
    pub error_budget: String,
    /// Constants of the verification statistics.
    pub verification: String,
    /// Productivity look-up table of SDG 15.3.1.
    pub degradation_lut: String,
    /// Land-cover transition matrix of SDG 15.3.1.
    pub land_cover_matrix: String,
}

/// How one indicator is decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorRule {
    /// Unit of effect, interval, margin and minimum detectable change.
    pub unit: String,
    /// Equivalence margin in that unit; the smallest change that matters.
    pub epsilon: f64,
    /// Smallest effect that may be called improved, in that unit.
    pub epsilon_min: f64,
    /// Weight in the score.
    pub weight: f64,
}

/// Why a scheme document was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemeError {
    /// Not TOML, or not of the scheme's form; the message names the line.
    #[error("the scheme document is not valid: {0}")]
    Form(String),
    /// A value is out of range.
    #[error("the scheme's {field} is {value}; it must be {expected}")]
    Value {
        /// The field's path in the document.
        field: String,
        /// What it holds.
        value: f64,
        /// What it may hold.
        expected: &'static str,
    },
    /// An indicator has no rule.
    #[error("the scheme has no rule for indicator {0}; add a table [indicators.{0}]")]
    MissingIndicator(Indicator),
}

impl Scheme {
    /// Reads and checks a scheme document.
    ///
    /// # Errors
    /// When the document is not TOML of this form (the line is named), a share is outside 0..1, a margin is not
    /// positive, or an indicator is missing.
    pub fn from_toml(text: &str) -> Result<Self, SchemeError> {
        let scheme: Self = toml::from_str(text).map_err(|e| SchemeError::Form(e.to_string().trim().to_owned()))?;
        scheme.check()?;
        Ok(scheme)
    }

    /// The rule of one indicator.
    ///
    /// # Errors
    /// When the scheme was built by hand without it.
    pub fn rule(&self, indicator: Indicator) -> Result<&IndicatorRule, SchemeError> {
        self.indicators.get(&indicator).ok_or(SchemeError::MissingIndicator(indicator))
    }

    /// The digest of the scheme's canonical JSON: equal for documents that differ only in layout and comments.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }

    fn check(&self) -> Result<(), SchemeError> {
        let d = &self.decision;
        let shares = [
            ("decision.false_discovery_rate", d.false_discovery_rate),
            ("decision.confidence", d.confidence),
            ("decision.power", d.power),
            ("decision.mdc_alpha", d.mdc_alpha),
        ];
        for (field, value) in shares {
            if !(value > 0.0 && value < 1.0) {
                return Err(SchemeError::Value { field: field.to_owned(), value, expected: "between 0 and 1" });
            }
        }
        if !(0.0..=1.0).contains(&d.coverage_min) {
            let field = "decision.coverage_min".to_owned();
            return Err(SchemeError::Value { field, value: d.coverage_min, expected: "from 0 to 1" });
        }
        for indicator in Indicator::ALL {
            let rule = self.rule(*indicator)?;
            for (name, value) in [("epsilon", rule.epsilon), ("epsilon_min", rule.epsilon_min), ("weight", rule.weight)]
            {
                if !(value > 0.0 && value.is_finite()) {
                    let field = format!("indicators.{indicator}.{name}");
                    return Err(SchemeError::Value { field, value, expected: "a positive number" });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NATIONAL: &str = include_str!("../../../schemes/mn-national-1.toml");

    #[test]
    fn the_national_scheme_is_valid_and_its_digest_ignores_comments() {
        let scheme = Scheme::from_toml(NATIONAL).unwrap();
        let commented = Scheme::from_toml(&format!("# a remark\n{NATIONAL}")).unwrap();
        assert_eq!(scheme.digest(), commented.digest());
    }

    #[test]
    fn a_wrong_document_is_refused_with_its_place() {
        let unknown = Scheme::from_toml(&format!("colour = 1\n{NATIONAL}")).unwrap_err().to_string();
        assert!(unknown.contains("colour") && unknown.contains("line 1"), "{unknown}");
        let wide = NATIONAL.replace("confidence = 0.90", "confidence = 90.0");
        assert!(Scheme::from_toml(&wide).unwrap_err().to_string().contains("decision.confidence"));
        let negative = NATIONAL.replacen("epsilon = 5.0", "epsilon = -5.0", 1);
        assert!(Scheme::from_toml(&negative).unwrap_err().to_string().contains("indicators.I1.epsilon"));
    }
}
