//! Small parts of pages.

use belcheer_domain::{Class, SoumCode, Status};
use maud::{Markup, html};

use crate::cycles::Period;
use crate::lang::Lang;
use crate::pages::number::fixed;
use crate::words;

/// A status in words; the mark before it repeats in form what colour says.
pub(crate) fn status(status: Status, lang: Lang) -> Markup {
    let mark = match status {
        Status::VerifiedImproving => "▲",
        Status::VerifiedMaintained => "■",
        Status::NotVerified => "▼",
        Status::InsufficientEvidence => "?",
    };
    html! { span class={ "status " (status.as_str()) } { span aria-hidden="true" { (mark) } " " (words::status(status).get(lang)) } }
}

/// A class in words.
pub(crate) fn class(class: Class, lang: Lang) -> Markup {
    html! { span class={ "class " (class.as_str()) } { (words::class(class).get(lang)) } }
}

/// A class as a mark, its words for those who cannot see it.
pub(crate) fn class_mark(class: Class, lang: Lang) -> Markup {
    let mark = match class {
        Class::Improved => "▲",
        Class::Stable => "■",
        Class::Declined => "▼",
        Class::Insufficient => "?",
    };
    let said = words::class(class);
    html! { span class={ "class " (class.as_str()) } role="img" aria-label=(said.get(lang)) title=(said.get(lang)) { (mark) } }
}

/// A soum's name in a language, else in the other, else its code.
pub(crate) fn name(mn: Option<&str>, en: Option<&str>, au2: SoumCode, lang: Lang) -> String {
    let (first, second) = match lang {
        Lang::Mn => (mn, en),
        Lang::En => (en, mn),
    };
    first.or(second).map_or_else(|| au2.to_string(), str::to_owned)
}

/// A score with its interval.
pub(crate) fn score(score: Option<f64>, low: Option<f64>, high: Option<f64>) -> String {
    match (score, low, high) {
        (Some(score), Some(low), Some(high)) => format!("{} [{}; {}]", fixed(score, 0), fixed(low, 0), fixed(high, 0)),
        (Some(score), _, _) => fixed(score, 0),
        (None, _, _) => "-".to_owned(),
    }
}

/// A span of years.
pub(crate) fn span(years: Period) -> String {
    format!("{}-{}", years.first, years.last)
}

/// The day of a time as RFC 3339 writes it, in UTC.
pub(crate) fn day(time: &str) -> Markup {
    html! { time class="nowrap" datetime=(time) { (time.get(..10).unwrap_or(time)) } }
}
