//! The soum code: five digits `au2`, read from every form that sources use.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A soum or district code: aimag (2 digits) and soum (2 digits), written `au2` with a leading zero.
///
/// ```
/// use belcheer_domain::{CodeForm, SoumCode};
/// let (code, form) = SoumCode::normalise("MN34625").unwrap();
/// assert_eq!((code.to_string().as_str(), form), ("04625", CodeForm::Nso));
/// assert_eq!(SoumCode::normalise("6404").unwrap().0.to_string(), "06404");
/// assert_eq!(SoumCode::normalise("8340").unwrap(), (SoumCode::new(8337).unwrap(), CodeForm::Alias(8340)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SoumCode(u16);

/// The form in which a code was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeForm {
    /// `au2`, five digits with a leading zero (land agency).
    Au2,
    /// Four digits `AASS`, as text, integer or float (COD-AB, NAMEM, land agency polygons).
    Aass,
    /// Statistics office: region digit and `AASS`, with or without `MN`.
    Nso,
    /// A superseded code, kept here; the value is the modern unit's.
    Alias(u16),
}

/// Codes that other sources use for a unit that the statistics office numbers otherwise: (theirs, modern).
/// Source: comparison of COD-AB v3, land-agency and statistics-office lists, set `code_aliases_1`.
const CODE_ALIASES: [(u16, u16); 3] = [(8340, 8337), (1121, 1122), (4103, 4104)];

/// Why a text is no soum code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{found}\" is not a soum code; write five digits with a leading zero, such as 06404")]
pub struct SoumCodeError {
    /// The text as found, shortened.
    pub found: String,
}

impl SoumCode {
    /// A code from its number `AASS` (1101..=9999); `None` for superseded codes too.
    #[must_use]
    pub fn new(aass: u16) -> Option<Self> {
        let superseded = CODE_ALIASES.iter().any(|(old, _)| *old == aass);
        ((1101..=9999).contains(&aass) && !superseded).then_some(Self(aass))
    }

    /// The number `AASS`.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }

    /// The aimag's two digits, such as 64.
    #[must_use]
    pub fn aimag_number(self) -> u8 {
        u8::try_from(self.0 / 100).unwrap_or(0)
    }

    /// The aimag's code `au1`, three digits such as `064`.
    #[must_use]
    pub fn au1(self) -> String {
        format!("{:03}", self.aimag_number())
    }

    /// Reads any form of the code and says which form it was.
    ///
    /// # Errors
    /// When no rule of the known forms applies; nothing is guessed from names.
    pub fn normalise(text: &str) -> Result<(Self, CodeForm), SoumCodeError> {
        let refuse = || SoumCodeError { found: text.chars().take(40).collect() };
        let trimmed = text.trim();
        let (digits, nso_mark) = match trimmed.strip_prefix("MN").or_else(|| trimmed.strip_prefix("mn")) {
            Some(rest) => (rest, true),
            None => (trimmed, false),
        };
        let whole = match digits.split_once('.') {
            Some((whole, zeros)) if zeros.chars().all(|c| c == '0') => whole,
            Some(_) => return Err(refuse()),
            None => digits,
        };
        if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refuse());
        }
        let number: u32 = whole.parse().map_err(|_| refuse())?;
        let (aass, form) = match (whole.len(), whole.starts_with('0')) {
            (5, true) if !nso_mark => (number, CodeForm::Au2),
            (4, false) => (number, CodeForm::Aass),
            (5, false) if (1..=5).contains(&(number / 10_000)) => (number % 10_000, CodeForm::Nso),
            _ => return Err(refuse()),
        };
        let aass = u16::try_from(aass).map_err(|_| refuse())?;
        if let Some((old, modern)) = CODE_ALIASES.iter().find(|(old, _)| *old == aass) {
            return Ok((Self(*modern), CodeForm::Alias(*old)));
        }
        Self::new(aass).map(|code| (code, form)).ok_or_else(refuse)
    }

    /// The soum in a photo-point identifier: its digits without the last three.
    ///
    /// Identifiers come as integers (`2207007`) or as text with a leading zero and a stray quote (`04810001"`).
    ///
    /// # Errors
    /// When fewer than seven or more than eight digits are left.
    pub fn from_point_id(id: &str) -> Result<(Self, CodeForm), SoumCodeError> {
        let digits: String = id.chars().filter(char::is_ascii_digit).collect();
        let refuse = || SoumCodeError { found: id.chars().take(40).collect() };
        let number: u32 = digits.parse().map_err(|_| refuse())?;
        if !(1_101_000..=9_999_999).contains(&number) {
            return Err(refuse());
        }
        Self::normalise(&(number / 1000).to_string())
    }
}

impl fmt::Display for SoumCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}", self.0)
    }
}

/// Strict: only `au2`, five digits with a leading zero. Use [`SoumCode::normalise`] for files.
impl FromStr for SoumCode {
    type Err = SoumCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::normalise(text) {
            Ok((code, CodeForm::Au2)) if text.len() == 5 => Ok(code),
            _ => Err(SoumCodeError { found: text.chars().take(40).collect() }),
        }
    }
}

impl Serialize for SoumCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SoumCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn au2(text: &str) -> String {
        SoumCode::normalise(text).map(|(c, _)| c.to_string()).unwrap_or_default()
    }

    #[test]
    fn every_form_gives_the_same_soum() {
        for form in ["06404", "6404", "6404.0", "6404.000", " 16404", "MN16404", "16404"] {
            assert_eq!(au2(form), "06404", "{form}");
        }
        assert_eq!(SoumCode::from_point_id("04810001\"").unwrap().0.to_string(), "04810");
        assert_eq!(SoumCode::from_point_id("2207007").unwrap().0.to_string(), "02207");
    }

    #[test]
    fn nothing_else_passes() {
        for bad in ["", "0", "404", "64.04", "99999", "064 04", "6404x", "0640400", "-6404", "1e3", "MN06404", "1.5"] {
            assert_eq!(au2(bad), "", "{bad}");
        }
        assert!("6404".parse::<SoumCode>().is_err());
        assert!(SoumCode::from_point_id("12").is_err());
    }
}
