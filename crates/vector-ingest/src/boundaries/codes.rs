//! Codes of aimags, bags and user groups; soum codes are read by the vocabulary itself.

use belcheer_domain::{CodeForm, SoumCode, aimags, records::Level};

/// Whether a text reads as a code of this level.
pub(crate) fn reads(text: &str, level: Level) -> bool {
    match level {
        Level::Soum => soum(text).is_some(),
        Level::Aimag => aimag(text).is_some(),
        Level::Bag | Level::Pug | Level::Zone => !text.trim().is_empty(),
    }
}

/// A soum code of a known aimag.
pub(crate) fn soum(text: &str) -> Option<(SoumCode, CodeForm)> {
    let (code, form) = SoumCode::normalise(text).ok()?;
    belcheer_domain::aimag_of(code).map(|_| (code, form))
}

/// The aimag's two digits out of `45`, `45.0`, `045`, `MN45`, `345` or `MN345`.
pub(crate) fn aimag(text: &str) -> Option<u8> {
    let text = text.trim();
    let digits = text.strip_prefix("MN").or_else(|| text.strip_prefix("mn")).unwrap_or(text);
    let whole = match digits.split_once('.') {
        Some((whole, zeros)) if zeros.chars().all(|c| c == '0') => whole,
        Some(_) => return None,
        None => digits,
    };
    let number: u16 = whole.parse().ok()?;
    let number = match (whole.len(), number / 100) {
        (2, 0) | (3, 0..=5) => number % 100,
        _ => return None,
    };
    aimags().iter().map(|a| a.number).find(|n| u16::from(*n) == number)
}

/// The soum in the code of a bag: six digits `AASSBB`, or eight `0AASSBBB`.
pub(crate) fn soum_of_bag(code: &str) -> Option<SoumCode> {
    let digits = code.trim().split('.').next().unwrap_or_default();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let soum_digits = match digits.len() {
        6 => digits.get(..4)?,
        8 => digits.get(..5)?,
        _ => return None,
    };
    soum(soum_digits).map(|(code, _)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_aimag_code() {
        for text in ["45", "45.0", "045", "MN45", "345", "MN345"] {
            assert_eq!(aimag(text), Some(45), "{text}");
        }
        for text in ["", "5", "99", "4545", "45.5", "Darkhan-Uul", "945"] {
            assert_eq!(aimag(text), None, "{text}");
        }
    }

    #[test]
    fn a_bag_code_tells_its_soum() {
        assert_eq!(soum_of_bag("110151").map(|c| c.to_string()).as_deref(), Some("01101"));
        assert_eq!(soum_of_bag("06404051").map(|c| c.to_string()).as_deref(), Some("06404"));
        assert_eq!(soum_of_bag("64"), None);
    }
}
