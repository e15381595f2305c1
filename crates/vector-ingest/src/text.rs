//! Text as files carry it: encodings, garbled letters, scripts, numbers.

pub(crate) mod clean;
pub(crate) mod encoding;
pub(crate) mod mojibake;
pub(crate) mod number;

/// The script in which most letters of a text are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    Cyrillic,
    Latin,
    None,
}

pub(crate) fn is_cyrillic(c: char) -> bool {
    ('\u{0400}'..='\u{04FF}').contains(&c)
}

/// The script of a text; `None` when it has no letters of either.
pub(crate) fn script_of(text: &str) -> Script {
    let cyrillic = text.chars().filter(|c| is_cyrillic(*c)).count();
    let latin = text.chars().filter(|c| c.is_alphabetic() && !is_cyrillic(*c)).count();
    match (cyrillic, latin) {
        (0, 0) => Script::None,
        (c, l) if c >= l => Script::Cyrillic,
        _ => Script::Latin,
    }
}

/// Whether letters were replaced by question marks or by the replacement character on the way.
pub(crate) fn is_lost(text: &str) -> bool {
    let marks = text.chars().filter(|c| *c == '?' || *c == '\u{FFFD}').count();
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    text.contains('\u{FFFD}') || (marks >= 3 && marks > letters)
}

/// A heading folded for comparison: lower case, letters and digits only.
pub(crate) fn fold_heading(heading: &str) -> String {
    heading.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_fold_to_letters_and_digits() {
        assert_eq!(fold_heading(" Биомасс кг/га "), "биомасскгга");
        assert_eq!(fold_heading("ADM2_PCODE"), "adm2pcode");
    }

    #[test]
    fn question_marks_are_lost_letters() {
        assert!(is_lost("?????"));
        assert!(is_lost("Улаан\u{FFFD}аатар"));
        assert!(!is_lost("Хөвсгөл?"));
        assert_eq!(script_of("Хөвсгөл"), Script::Cyrillic);
        assert_eq!(script_of("Öwörchangai"), Script::Latin);
        assert_eq!(script_of("12"), Script::None);
    }
}
