//! The two languages of the service, and which of them a reader asks for.

use axum::http::{HeaderMap, header};
use serde::Serialize;
use utoipa::ToSchema;

/// A language of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    /// Mongolian.
    Mn,
    /// English.
    En,
}

/// The same statement in Mongolian and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Text {
    /// Mongolian.
    pub(crate) mn: String,
    /// English.
    pub(crate) en: String,
}

impl Lang {
    /// The language's tag.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Mn => "mn",
            Self::En => "en",
        }
    }

    /// The language of a tag written `mn` or `en`.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        [Self::Mn, Self::En].into_iter().find(|lang| lang.tag() == tag)
    }

    /// One of two texts.
    pub(crate) fn pick<'a>(self, mn: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Mn => mn,
            Self::En => en,
        }
    }

    /// The language that `Accept-Language` weighs most; English when it names neither.
    pub(crate) fn accepted(headers: &HeaderMap) -> Self {
        Self::named(headers).unwrap_or(Self::En)
    }

    /// The language that `Accept-Language` weighs most, if it names one of the two.
    pub(crate) fn named(headers: &HeaderMap) -> Option<Self> {
        let mut best = (None, 0.0);
        for value in headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|v| v.to_str().ok()) {
            for (lang, weight) in value.split(',').filter_map(weighed) {
                if weight > best.1 {
                    best = (Some(lang), weight);
                }
            }
        }
        best.0
    }
}

fn weighed(range: &str) -> Option<(Lang, f64)> {
    let mut parts = range.split(';').map(str::trim);
    let primary = parts.next()?.split('-').next()?.to_ascii_lowercase();
    let weight = parts.find_map(|p| p.strip_prefix("q=")).map_or(Some(1.0), |q| q.trim().parse().ok())?;
    Lang::of_tag(&primary).map(|lang| (lang, weight))
}

impl Text {
    /// A statement in both languages.
    pub(crate) fn new(mn: impl Into<String>, en: impl Into<String>) -> Self {
        Self { mn: mn.into(), en: en.into() }
    }

    /// The statement in one language.
    pub(crate) fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.mn, &self.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        for (header, expected) in [
            ("mn", Lang::Mn),
            ("mn-MN,mn;q=0.9", Lang::Mn),
            ("en-GB, mn;q=0.5", Lang::En),
            ("fr, mn;q=0.2", Lang::Mn),
            ("en;q=0.3, mn;q=0.8", Lang::Mn),
            ("*", Lang::En),
            ("mn;q=0", Lang::En),
            ("mn;q=x", Lang::En),
            ("", Lang::En),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, header.parse().unwrap());
            assert_eq!(Lang::accepted(&headers), expected, "{header}");
        }
        assert_eq!(Lang::accepted(&HeaderMap::new()), Lang::En);
    }
}
