//! Reads numbers as people write them: blanks, decimal commas, stray quotes.

/// What a cell says of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// Empty, or one of the words for nothing.
    Missing,
    /// A finite number.
    Value(f64),
    /// Something that is no number.
    Bad,
}

impl Number {
    pub(crate) fn value(self) -> Option<f64> {
        match self {
            Self::Value(v) => Some(v),
            _ => None,
        }
    }
}

/// Reads a cell as a number.
///
/// A single comma is a decimal comma, unless `counts` is set and exactly three digits follow; several commas, or a
/// comma before a point, separate thousands. Blanks and apostrophes inside are thousands separators too.
pub(crate) fn parse_number(text: &str, counts: bool) -> Number {
    let text = text.trim().trim_matches(['"', '\'', '“', '”', '«', '»']).trim();
    let folded = text.to_lowercase();
    if ["", "-", "–", "—", ".", "..", "...", "…", "na", "n/a", "nan", "null", "none", "байхгүй"]
        .contains(&folded.as_str())
    {
        return Number::Missing;
    }
    let mut plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\'' && *c != '’').collect();
    if plain.starts_with('−') {
        plain = plain.replacen('−', "-", 1);
    }
    let commas = plain.matches(',').count();
    let after = plain.rsplit(',').next().map_or(0, str::len);
    let thousands = commas > 1 || plain.contains('.') || (counts && after == 3);
    let plain = match commas {
        0 => plain,
        _ if thousands => plain.replace(',', ""),
        _ => plain.replace(',', "."),
    };
    let usual = |c: char| c.is_ascii_digit() || ['.', '-', '+', 'e', 'E'].contains(&c);
    match plain.parse::<f64>() {
        Ok(v) if v.is_finite() && plain.chars().all(usual) => Number::Value(v),
        _ => Number::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, value) in [
            ("1 234", 1234.0),
            ("1\u{A0}234,5", 1234.5),
            ("12,5", 12.5),
            ("1,234.5", 1234.5),
            ("1,234,567", 1_234_567.0),
            (" 115.9\" ", 115.9),
            ("−3", -3.0),
            ("4625.0", 4625.0),
        ] {
            assert_eq!(parse_number(text, false), Number::Value(value), "{text}");
        }
        assert_eq!(parse_number("154,001", true), Number::Value(154_001.0));
        assert_eq!(parse_number("154,001", false), Number::Value(154.001));
    }

    #[test]
    fn words_are_no_numbers() {
        for text in ["NaN", "", " - ", "null", "…"] {
            assert_eq!(parse_number(text, false), Number::Missing, "{text}");
        }
        for text in ["Батцэнгэл", "12 кг", "inf", "1e999", "0x10", "--3"] {
            assert_eq!(parse_number(text, false), Number::Bad, "{text}");
        }
    }
}
