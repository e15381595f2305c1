//! What may be said in public of a soum, and what may not.

use serde::{Deserialize, Serialize};

use crate::{Status, Tier};

/// What holds for every claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimRules {
    /// Months after the reporting period for which a claim may be used.
    pub months_valid: u32,
    /// What may never be said, English.
    pub forbidden_en: String,
    /// The same in Mongolian.
    pub forbidden_mn: String,
}

/// One claim; its text may hold `{soum}`, `{baseline}`, `{reporting}`, `{tier}`, `{indicators}` and `{scheme}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Its family, such as `context` or `performance`.
    pub family: String,
    /// Statuses of a soum of which it may be said.
    pub statuses: Vec<Status>,
    /// Lowest tier of the evidence of a key indicator.
    pub tier_min: Tier,
    /// The words, English.
    pub text_en: String,
    /// The words, Mongolian.
    pub text_mn: String,
}

impl Claim {
    /// Whether the claim may be made of a soum of that status and tier.
    #[must_use]
    pub fn allowed(&self, status: Status, tier: Tier) -> bool {
        self.statuses.contains(&status) && tier >= self.tier_min
    }

    /// Text with its words in place; names without a word stay as they are.
    ///
    /// ```
    /// use belcheer_domain::Claim;
    /// assert_eq!(Claim::fill("{soum} soum", &[("soum", "Tsenkher")]), "Tsenkher soum");
    /// ```
    #[must_use]
    pub fn fill(text: &str, words: &[(&str, &str)]) -> String {
        words.iter().fold(text.to_owned(), |text, (name, word)| text.replace(&format!("{{{name}}}"), word))
    }
}
