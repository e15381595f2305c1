//! Aimags, and the folding of names for careful joins.

use crate::SoumCode;

/// An aimag or the capital: code and names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aimag {
    /// Two digits, as the first half of a soum code.
    pub number: u8,
    /// English name.
    pub en: &'static str,
    /// Mongolian name.
    pub mn: &'static str,
}

/// The 21 aimags and the capital with their statistics-office numbers; 91 to 98, which no real list uses, are those of
/// the made-up sample country.
const AIMAGS: [Aimag; 30] = [
    Aimag { number: 11, en: "Ulaanbaatar", mn: "Улаанбаатар" },
    Aimag { number: 21, en: "Dornod", mn: "Дорнод" },
    Aimag { number: 22, en: "Sukhbaatar", mn: "Сүхбаатар" },
    Aimag { number: 23, en: "Khentii", mn: "Хэнтий" },
    Aimag { number: 41, en: "Tuv", mn: "Төв" },
    Aimag { number: 42, en: "Govisumber", mn: "Говьсүмбэр" },
    Aimag { number: 43, en: "Selenge", mn: "Сэлэнгэ" },
    Aimag { number: 44, en: "Dornogovi", mn: "Дорноговь" },
    Aimag { number: 45, en: "Darkhan-Uul", mn: "Дархан-Уул" },
    Aimag { number: 46, en: "Umnugovi", mn: "Өмнөговь" },
    Aimag { number: 48, en: "Dundgovi", mn: "Дундговь" },
    Aimag { number: 61, en: "Orkhon", mn: "Орхон" },
    Aimag { number: 62, en: "Uvurkhangai", mn: "Өвөрхангай" },
    Aimag { number: 63, en: "Bulgan", mn: "Булган" },
    Aimag { number: 64, en: "Bayankhongor", mn: "Баянхонгор" },
    Aimag { number: 65, en: "Arkhangai", mn: "Архангай" },
    Aimag { number: 67, en: "Khuvsgul", mn: "Хөвсгөл" },
    Aimag { number: 81, en: "Zavkhan", mn: "Завхан" },
    Aimag { number: 82, en: "Govi-Altai", mn: "Говь-Алтай" },
    Aimag { number: 83, en: "Bayan-Ulgii", mn: "Баян-Өлгий" },
    Aimag { number: 84, en: "Khovd", mn: "Ховд" },
    Aimag { number: 85, en: "Uvs", mn: "Увс" },
    Aimag { number: 91, en: "Sample 1", mn: "Жишээ 1" },
    Aimag { number: 92, en: "Sample 2", mn: "Жишээ 2" },
    Aimag { number: 93, en: "Sample 3", mn: "Жишээ 3" },
    Aimag { number: 94, en: "Sample 4", mn: "Жишээ 4" },
    Aimag { number: 95, en: "Sample 5", mn: "Жишээ 5" },
    Aimag { number: 96, en: "Sample 6", mn: "Жишээ 6" },
    Aimag { number: 97, en: "Sample 7", mn: "Жишээ 7" },
    Aimag { number: 98, en: "Sample 8", mn: "Жишээ 8" },
];

/// Every aimag, by number.
#[must_use]
pub fn aimags() -> &'static [Aimag] {
    &AIMAGS
}

/// The aimag of a soum, if its number is a known one.
#[must_use]
pub fn aimag_of(soum: SoumCode) -> Option<&'static Aimag> {
    AIMAGS.iter().find(|a| a.number == soum.aimag_number())
}

/// A name folded for comparison: lower case, `э`=`е`, `ө`=`о`, `ү`=`у`, no spaces, hyphens, quotes or the words
/// for soum, district and aimag at the end.
///
/// Two names that fold alike within one aimag are taken for the same soum, with a finding.
///
/// ```
/// use belcheer_domain::fold_name;
/// assert_eq!(fold_name("Цагаан нуур"), fold_name("Цагааннуур"));
/// assert_eq!(fold_name("Бат-өлзий сум"), fold_name("Бат-Өлзий"));
/// assert_eq!(fold_name("Хангайн бүс"), fold_name("Хангай"));
/// ```
#[must_use]
pub fn fold_name(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    let mut words: Vec<&str> = lower.split_whitespace().collect();
    while let Some(last) = words.last() {
        let generic = ["сум", "дүүрэг", "аймаг", "soum", "sum", "district", "aimag"].contains(last);
        if words.len() < 2 || !generic {
            break;
        }
        words.pop();
    }
    // the statistics office writes this one soum as if it were a region
    match words.as_slice() {
        ["хангайн", "бүс"] => words = vec!["хангай"],
        ["khangai", "region"] => words = vec!["khangai"],
        _ => {}
    }
    words
        .concat()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c {
            'э' | 'ё' => 'е',
            'ө' => 'о',
            'ү' => 'у',
            'й' => 'и',
            other => other,
        })
        .collect()
}

/// The letters of Mongolian in their order.
const ALPHABET: &str = "абвгдеёжзийклмноөпрстуүфхцчшщъыьэюя";

/// A key by which texts sort as Mongolian does: ө after о, ү after у, ё after е, upper and lower case alike; signs, then
/// digits, then Latin letters come before Cyrillic ones.
///
/// ```
/// use belcheer_domain::mongolian_order;
/// let mut names = ["Пүрэв", "Өлзийт", "Улаан-Уул", "Үенч", "Орхон", "Ёлын ам"];
/// names.sort_by_key(|name| mongolian_order(name));
/// assert_eq!(names, ["Ёлын ам", "Орхон", "Өлзийт", "Пүрэв", "Улаан-Уул", "Үенч"]);
/// ```
#[must_use]
pub fn mongolian_order(text: &str) -> Vec<u32> {
    let letter = |c: char| ALPHABET.chars().position(|l| l == c).and_then(|place| u32::try_from(place).ok());
    let sign = |c: char| if c.is_alphanumeric() { 0x100 + u32::from(c) } else { u32::from(c).min(0xff) };
    text.to_lowercase().chars().map(|c| letter(c).map_or_else(|| sign(c), |place| 0x20_0000 + place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_real_lists_fold_alike() {
        for (a, b) in [
            ("Есөнзүйл", "Есөн зүйл"),
            ("Их Тамир", "Их тамир"),
            ("Ренчинлхүмбэ", "Рэнчинлхүмбэ"),
            ("Улаан Уул", "Улаан-Уул"),
            ("Багануур дүүрэг", "Багануур"),
            ("Улаан хус", "Улаанхус"),
        ] {
            assert_eq!(fold_name(a), fold_name(b));
        }
        assert_ne!(fold_name("Булган"), fold_name("Баян"));
    }

    #[test]
    fn a_soum_knows_its_aimag() {
        let soum = SoumCode::new(6404).unwrap();
        assert_eq!(aimag_of(soum).map(|a| a.mn), Some("Баянхонгор"));
    }
}
