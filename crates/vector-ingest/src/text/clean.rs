//! Takes out of a text what no name or number has: control characters, invisible and direction marks.

/// The text without control, zero-width and direction characters, trimmed; whether any but blanks were there.
///
/// Tabs, line ends and no-break spaces become one space.
pub(crate) fn clean(text: &str) -> (String, bool) {
    let mut changed = false;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' | '\u{A0}' | '\u{2007}' | '\u{202F}' => out.push(' '),
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => {
                changed = true;
            }
            c if c.is_control() => changed = true,
            c => out.push(c),
        }
    }
    (out.trim().to_owned(), changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_go_and_are_told() {
        assert_eq!(clean(" Бат\u{202E}-Өлзий\u{0} "), ("Бат-Өлзий".to_owned(), true));
        assert_eq!(clean("Их\u{A0}тамир\n"), ("Их тамир".to_owned(), false));
    }
}
