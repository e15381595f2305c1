//! Seasons of use out of the many ways in which they are written.

use serde::{Deserialize, Serialize};

/// A season in which a pasture is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeasonOfUse {
    /// Өвөл.
    Winter,
    /// Хавар.
    Spring,
    /// Зун.
    Summer,
    /// Намар.
    Autumn,
}

/// The seasons named in a text, in the order of the year from winter; empty when it names none.
///
/// ```
/// use belcheer_vector_ingest::{SeasonOfUse::*, seasons_of};
/// assert_eq!(seasons_of("Намар-Өвөл"), [Winter, Autumn]);
/// assert_eq!(seasons_of("Дөрвөн улирал").len(), 4);
/// assert!(seasons_of("Загал баатар").is_empty());
/// ```
#[must_use]
pub fn seasons_of(text: &str) -> Vec<SeasonOfUse> {
    let folded = text.to_lowercase().replace('ө', "о");
    let has = |parts: &[&str]| parts.iter().any(|p| folded.contains(p));
    if has(&["дорвон", "жилийн турш", "four season"]) {
        return vec![SeasonOfUse::Winter, SeasonOfUse::Spring, SeasonOfUse::Summer, SeasonOfUse::Autumn];
    }
    let words: [(&[&str], SeasonOfUse); 4] = [
        (&["овол", "овлийн", "winter"], SeasonOfUse::Winter),
        (&["хавар", "хавр", "spring"], SeasonOfUse::Spring),
        (&["зун", "зусл", "summer"], SeasonOfUse::Summer),
        (&["намар", "намр", "autumn", "fall"], SeasonOfUse::Autumn),
    ];
    words.iter().filter(|(parts, _)| has(parts)).map(|(_, season)| *season).collect()
}

/// A season as written, without quotes and blanks around, one blank inside, dashes and commas as one dash.
///
/// Spellings that differ only so, or in capitals, fold alike.
pub(crate) fn tidy(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || ['"', '\'', '.', ','].contains(&c))
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::{SeasonOfUse::*, *};

    #[test]
    fn seasons_in_many_spellings() {
        for (text, seasons) in [
            ("Өвөл-Хавар", vec![Winter, Spring]),
            ("өвөл-хаврын", vec![Winter, Spring]),
            ("Зун-Намрын", vec![Summer, Autumn]),
            ("хавар . намар", vec![Spring, Autumn]),
            ("зуслан", vec![Summer]),
            ("Хадлан", vec![]),
        ] {
            assert_eq!(seasons_of(text), seasons, "{text}");
        }
        assert_eq!(tidy("  хавар\" "), "хавар");
        assert_eq!(tidy("Хавар, намар."), "Хавар, намар");
    }
}
