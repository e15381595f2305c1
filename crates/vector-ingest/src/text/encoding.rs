//! Finds the encoding of bytes: what is declared, whether they are UTF-8, how Mongolian the letters look.

use encoding_rs::{Encoding, IBM866, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};

/// A text with the encoding it was read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// Name such as `UTF-8` or `windows-1251`.
    pub(crate) encoding: &'static str,
    /// Whether the bytes are not what was declared, or nothing was declared and they are no UTF-8.
    pub(crate) guessed: bool,
}

/// The chosen encoding of a whole file, to be applied to each of its texts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Choice {
    pub(crate) encoding: &'static Encoding,
    pub(crate) guessed: bool,
}

impl Choice {
    pub(crate) fn decode(self, bytes: &[u8]) -> String {
        let (text, _) = self.encoding.decode_without_bom_handling(bytes);
        if self.encoding == WINDOWS_1251 { mongolian_letters(&text) } else { text.into_owned() }
    }
}

/// Old Mongolian fonts put ө and ү on the Ukrainian letters of the Windows code page.
pub(crate) fn mongolian_letters(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'є' => 'ө',
            'Є' => 'Ө',
            'ї' => 'ү',
            'Ї' => 'Ү',
            other => other,
        })
        .collect()
}

/// The encoding that a `.cpg` file or a code page number names.
pub(crate) fn named(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().to_lowercase();
    let digits: String = label.chars().filter(char::is_ascii_digit).collect();
    match digits.as_str() {
        "1251" => Some(WINDOWS_1251),
        "65001" => Some(UTF_8),
        "866" => Some(IBM866),
        "1252" | "88591" => Some(WINDOWS_1252),
        _ => Encoding::for_label(label.as_bytes()),
    }
}

/// The encoding that the language byte of a DBF header names.
pub(crate) fn of_language_byte(byte: u8) -> Option<&'static Encoding> {
    match byte {
        0xC9 => Some(WINDOWS_1251),
        0x26 | 0x65 => Some(IBM866),
        0x03 | 0x57 | 0x58 | 0x59 => Some(WINDOWS_1252),
        _ => None,
    }
}

/// How much text decoded with an encoding looks like Mongolian (or else like a Latin language), per character beyond
/// ASCII; higher is better.
///
/// Small frequent Cyrillic letters count most. A capital after a small letter, Cyrillic beside ASCII letters, and signs
/// that are no letters count against; an accented letter beside ASCII letters counts a little.
fn likeness(text: &str) -> f64 {
    const FREQUENT: &str = "анрглдоэхийөүбсту";
    let (mut score, mut n) = (0_i64, 0_i64);
    let mut before = ' ';
    for c in text.chars() {
        let cyrillic = super::is_cyrillic(c);
        let beside_ascii = before.is_ascii_alphabetic();
        if !c.is_ascii() {
            n += 1;
            score += match (cyrillic, FREQUENT.contains(c)) {
                (true, _) if beside_ascii => -3,
                (true, true) => 2,
                (true, false) => 1,
                (false, _) if c.is_alphabetic() => i64::from(beside_ascii),
                (false, _) => -2,
            };
            if cyrillic && c.is_uppercase() && before.is_lowercase() {
                score -= 2;
            }
        } else if c.is_ascii_alphabetic() && super::is_cyrillic(before) {
            score -= 3;
        }
        before = c;
    }
    if n == 0 { 0.0 } else { score as f64 / n as f64 }
}

/// Chooses the encoding of `bytes`, given what the file declares.
///
/// UTF-8 wins wherever the bytes are valid UTF-8 with characters beyond ASCII. Otherwise the code pages 1251, 866 and
/// 1252 are compared by letter frequency, and the declared one is kept unless another is clearly better.
pub(crate) fn choose(bytes: &[u8], declared: Option<&'static Encoding>) -> Choice {
    if bytes.is_ascii() {
        return Choice { encoding: declared.unwrap_or(UTF_8), guessed: false };
    }
    if std::str::from_utf8(bytes).is_ok() {
        let guessed = declared.is_some_and(|d| d != UTF_8);
        return Choice { encoding: UTF_8, guessed };
    }
    let scored = |e: &'static Encoding| likeness(&Choice { encoding: e, guessed: false }.decode(bytes));
    let mut best = (WINDOWS_1251, scored(WINDOWS_1251));
    for other in [IBM866, WINDOWS_1252] {
        let score = scored(other);
        if score > best.1 + 0.1 {
            best = (other, score);
        }
    }
    match declared {
        Some(d) if d != UTF_8 && scored(d) + 0.3 >= best.1 => Choice { encoding: d, guessed: false },
        _ => Choice { encoding: best.0, guessed: true },
    }
}

/// Decodes a whole text file, byte order marks included.
pub(crate) fn decode_file(bytes: &[u8]) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return Decoded { text: text.into_owned(), encoding: encoding.name(), guessed: false };
    }
    if let Some(encoding) = wide(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        return Decoded { text: text.into_owned(), encoding: encoding.name(), guessed: true };
    }
    let choice = choose(bytes, None);
    Decoded { text: choice.decode(bytes), encoding: choice.encoding.name(), guessed: choice.guessed }
}

/// UTF-16 without a mark: every other byte of the beginning is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(200)).unwrap_or_default();
    let zeros = |start: usize| head.iter().skip(start).step_by(2).filter(|b| **b == 0).count();
    let half = head.len() / 2;
    if half < 8 {
        None
    } else if zeros(1) * 2 > half && zeros(0) == 0 {
        Some(UTF_16LE)
    } else if zeros(0) * 2 > half && zeros(1) == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_text_is_told_from_utf8_and_the_old_dos_page() {
        let name = "Баянхонгор аймгийн Богд сум";
        let (windows, _, _) = WINDOWS_1251.encode(name);
        let found = choose(&windows, None);
        assert_eq!((found.decode(&windows).as_str(), found.encoding.name()), (name, "windows-1251"));
        assert!(found.guessed);
        let dos = [0x81_u8, 0xA0, 0xEF, 0xAD, 0xE5, 0xAE, 0xAD, 0xA3, 0xAE, 0xE0]; // Баянхонгор
        assert_eq!(choose(&dos, None).decode(&dos), "Баянхонгор");
        assert_eq!(choose(name.as_bytes(), None).encoding.name(), "UTF-8");
    }

    #[test]
    fn the_declared_page_is_left_when_it_makes_no_sense() {
        let (windows, _, _) = WINDOWS_1251.encode("Сүхбаатар аймаг, Онгон сум");
        let found = choose(&windows, named("ISO-8859-1"));
        assert_eq!((found.encoding.name(), found.guessed), ("windows-1251", true));
        let german = b"Gr\xFC\xDFe aus K\xF6ln und M\xFCnchen";
        assert_eq!(choose(german, named("ISO-8859-1")).decode(german), "Grüße aus Köln und München");
    }

    #[test]
    fn the_ukrainian_letters_of_old_fonts_are_mongolian() {
        let bytes = [0xD5, 0xBA, 0xE2, 0xF1, 0xE3, 0xBA, 0xEB]; // Хөвсгөл
        assert_eq!(choose(&bytes, named("CP1251")).decode(&bytes), "Хөвсгөл");
        assert_eq!(of_language_byte(0xC9).map(|e| e.name()), Some("windows-1251"));
    }

    #[test]
    fn marked_and_wide_files_are_read() {
        let wide: Vec<u8> = "lon,lat,year,aimag\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(decode_file(&wide).text.starts_with("lon,lat"));
        assert_eq!(decode_file(b"\xEF\xBB\xBFau2").text, "au2");
    }
}
