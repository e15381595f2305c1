//! The scheme document: which indicators, margins, parameters, rules and words judge a soum.
//!
//! The document is data: a working group changes it without touching the program. Its form is written down for other
//! programs in `schemes/scheme.schema.json`; what the program refuses, it refuses with the line.

mod check;
mod claims;
mod rules;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Digest, Indicator, Tier};
pub use check::SchemeError;
pub use claims::{Claim, ClaimRules};
pub use rules::{BaselineRule, ContributionRule, IndicatorRule, ScoreRule};

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
    /// How the baseline is frozen and how its choice is tested.
    pub baseline: BaselineRule,
    /// How the score is made.
    pub score: ScoreRule,
    /// When a programme may be said to have contributed.
    pub contribution: ContributionRule,
    /// Named parameter sets that the science is to use.
    pub parameters: Parameters,
    /// One rule per indicator.
    pub indicators: BTreeMap<Indicator, IndicatorRule>,
    /// What holds for every claim.
    pub claim_rules: ClaimRules,
    /// What may be said in public, family by family.
    pub claims: Vec<Claim>,
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
    /// Indicators without which no soum is verified.
    pub key_indicators: Vec<Indicator>,
    /// Lowest tier of evidence for `improved`.
    pub improved_tier_min: Tier,
    /// Lowest tier of evidence for `declined` and `stable`; never above that for `improved`.
    pub declined_tier_min: Tier,
    /// How many times the margin the minimum detectable change may be for `improved` and `stable`.
    pub mdc_multiple_max: f64,
    /// How many times the scheme's margin a margin widened by a soum's own noise may be.
    pub noise_floor_multiple_max: f64,
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

impl Scheme {
    /// Reads and checks a scheme document.
    ///
    /// # Errors
    /// When the document is not TOML of this form, a value is out of its range, or an indicator is missing; the message
    /// names the line.
    pub fn from_toml(text: &str) -> Result<Self, SchemeError> {
        let scheme: Self = toml::from_str(text).map_err(|e| SchemeError::Form(e.to_string().trim().to_owned()))?;
        scheme.check(text)?;
        Ok(scheme)
    }

    /// The rule of one indicator.
    ///
    /// # Errors
    /// When the scheme was built by hand without it.
    pub fn rule(&self, indicator: Indicator) -> Result<&IndicatorRule, SchemeError> {
        self.indicators.get(&indicator).ok_or(SchemeError::MissingIndicator { indicator, line: None })
    }

    /// The digest of the scheme's canonical JSON: equal for documents that differ only in layout and comments.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
