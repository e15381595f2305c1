//! Why an input was refused.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An input that cannot be used: which, where in it, and what to do, in English and Mongolian.
///
/// ```
/// use belcheer_door::Refusal;
/// let refusal = Refusal::new("missing_crs", "ndvi.tif", "no coordinate system; give --crs EPSG",
///     "солбицлын систем алга; --crs EPSG гэж өгнө үү");
/// assert_eq!(refusal.to_string(), "ndvi.tif: no coordinate system; give --crs EPSG");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Refusal {
    /// Stable machine code, snake case.
    pub code: String,
    /// The input's name as the user knows it and the place in it; never a path.
    pub place: String,
    /// One English sentence: what is wrong and what to do.
    pub text_en: String,
    /// The same in Mongolian.
    pub text_mn: String,
}

impl Refusal {
    /// A refusal of the input at `place`.
    #[must_use]
    pub fn new(
        code: impl Into<String>,
        place: impl Into<String>,
        text_en: impl Into<String>,
        text_mn: impl Into<String>,
    ) -> Self {
        Self { code: code.into(), place: place.into(), text_en: text_en.into(), text_mn: text_mn.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() { f.write_str(&self.text_en) } else { write!(f, "{}: {}", self.place, self.text_en) }
    }
}
