//! Findings: what was noticed about an input, where, how often, in Mongolian and English.

use serde::{Deserialize, Serialize};

use crate::SoumCode;

/// How much a finding matters to the person who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing to do.
    Info,
    /// A doubt about the data; the value was used, or left out, as the text says.
    Warning,
    /// A part of the input could not be used at all.
    Error,
}

impl Severity {
    /// The lower-case word used in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing noticed about an input. Imperfect data yields findings, not errors.
///
/// ```
/// use belcheer_domain::{Finding, Severity};
/// let finding = Finding::new("missing_crs", Severity::Warning, "ndvi.tif")
///     .at("header").count(1)
///     .text("no coordinate system", "солбицлын систем заагаагүй");
/// assert_eq!(finding.code, "missing_crs");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Stable machine code, snake case.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// The soum concerned, where one is.
    pub au2: Option<SoumCode>,
    /// The input's name as the user knows it; a file name, never a path.
    pub input: String,
    /// Where in the input: line, column, feature, band.
    pub place: String,
    /// How many records are concerned.
    pub count: u64,
    /// One English sentence: what, and what was done or is to do.
    pub text_en: String,
    /// The same in Mongolian.
    pub text_mn: String,
}

impl Finding {
    /// A finding about one record of `input`, with no place and no text yet.
    #[must_use]
    pub fn new(code: &str, severity: Severity, input: &str) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            au2: None,
            input: input.to_owned(),
            place: String::new(),
            count: 1,
            text_en: String::new(),
            text_mn: String::new(),
        }
    }

    /// Names the place in the input.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }

    /// Says how many records are concerned.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    /// Names the soum concerned.
    #[must_use]
    pub fn soum(mut self, au2: SoumCode) -> Self {
        self.au2 = Some(au2);
        self
    }

    /// Gives the sentence in English and Mongolian.
    #[must_use]
    pub fn text(mut self, english: impl Into<String>, mongolian: impl Into<String>) -> Self {
        self.text_en = english.into();
        self.text_mn = mongolian.into();
        self
    }
}

/// The most severe of some findings, if there are any.
#[must_use]
pub fn worst(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|f| f.severity).max()
}
