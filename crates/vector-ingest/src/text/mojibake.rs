//! Mends letters that were read in the wrong encoding: Cyrillic seen as accented Latin.

use encoding_rs::{WINDOWS_1251, WINDOWS_1252};

use super::{encoding::mongolian_letters, is_cyrillic};

/// The bytes of a text that was read as Latin-1 or Windows-1252; `None` when it holds anything else.
pub(crate) fn latin_bytes(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|c| match u8::try_from(u32::from(c)) {
            Ok(byte) => Some(byte),
            Err(_) => {
                let mut buffer = [0_u8; 4];
                match WINDOWS_1252.encode(c.encode_utf8(&mut buffer)) {
                    (bytes, _, false) => bytes.first().copied(),
                    _ => None,
                }
            }
        })
        .collect()
}

/// The text as it was meant, if it is Cyrillic read as Latin; `None` when nothing is to mend.
///
/// UTF-8 read as Latin is mended whenever its bytes form Cyrillic UTF-8. Windows-1251 read as Latin is mended only when
/// accented letters clearly outnumber plain ones, so that `Öwörchangai` stays as it is.
pub(crate) fn mend(text: &str) -> Option<String> {
    if text.is_ascii() || text.chars().any(is_cyrillic) {
        return None;
    }
    let bytes = latin_bytes(text)?;
    if let Ok(utf8) = std::str::from_utf8(&bytes) {
        return utf8.chars().any(is_cyrillic).then(|| utf8.to_owned());
    }
    let letter = |b: &&u8| **b >= 0xC0 || [0xA8, 0xAA, 0xAF, 0xB8, 0xBA, 0xBF].contains(*b);
    let high = bytes.iter().filter(letter).count();
    let plain = bytes.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if high < 3 || high * 2 < plain * 3 {
        return None;
    }
    let (decoded, _) = WINDOWS_1251.decode_without_bom_handling(&bytes);
    Some(mongolian_letters(&decoded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_land_agency_are_mended() {
        for (garbled, meant) in [
            ("Öàãààí íóóð", "Цагаан нуур"),
            ("Óëààíõóñ", "Улаанхус"),
            ("Àëòàíöºãö", "Алтанцөгц"),
            ("ªíäºðõàíãàé", "Өндөрхангай"),
            ("Äýë¿¿í", "Дэлүүн"),
        ] {
            assert_eq!(mend(garbled).as_deref(), Some(meant));
        }
    }

    #[test]
    fn utf8_read_as_latin_is_mended() {
        let garbled: String = "Хөвсгөл".bytes().map(char::from).collect();
        assert_eq!(mend(&garbled).as_deref(), Some("Хөвсгөл"));
        let (windows, _) = WINDOWS_1252.decode_without_bom_handling("Өлгий".as_bytes());
        assert_eq!(mend(&windows).as_deref(), Some("Өлгий"));
    }

    #[test]
    fn latin_names_stay() {
        for name in ["Öwörchangai", "Hövsgöl", "Bayan-O'lgii", "Төв", "Ölgii", "", "12"] {
            assert_eq!(mend(name), None, "{name}");
        }
    }
}
