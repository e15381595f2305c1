//! The verdict on a soum in one plain sentence, English and Mongolian.

use belcheer_domain::{Class, Indicator, Status, Years};

use crate::result::IndicatorRow;

/// What is said of a soum: (English, Mongolian).
#[must_use]
pub fn sentence(
    name_en: &str,
    name_mn: &str,
    status: Status,
    rows: &[&IndicatorRow],
    baseline: Years,
    reporting: Years,
) -> (String, String) {
    let names = |class: Class, english: bool| -> String {
        let of: Vec<String> = rows
            .iter()
            .filter(|r| r.class == class)
            .map(|r| {
                let name = if english { r.indicator.name_en() } else { r.indicator.name_mn() };
                match r.effect {
                    Some(effect) => format!("{name} {}", amount(r, effect, english)),
                    None => name.to_owned(),
                }
            })
            .collect();
        of.join(", ")
    };
    let (baseline, reporting) = (span(baseline), span(reporting));
    let (span_en, span_mn) =
        (format!("{reporting} against {baseline}"), format!("{reporting} оныг {baseline} онтой харьцуулбал"));
    match status {
        Status::VerifiedImproving => (
            format!("{name_en}: rangeland is verified as improving, {span_en}: {}.", names(Class::Improved, true)),
            format!("{name_mn}: {span_mn} бэлчээр сайжирсан нь баталгаажлаа: {}.", names(Class::Improved, false)),
        ),
        Status::VerifiedMaintained => (
            format!(
                "{name_en}: rangeland is verified as maintained, {span_en}; no indicator declined{}.",
                margin(rows, true)
            ),
            format!(
                "{name_mn}: {span_mn} бэлчээрийн төлөв хадгалагдсан нь баталгаажлаа; буурсан үзүүлэлт алга{}.",
                margin(rows, false)
            ),
        ),
        Status::NotVerified => (
            format!("{name_en}: not verified, {span_en}: {} declined.", names(Class::Declined, true)),
            format!("{name_mn}: {span_mn} баталгаажаагүй: {} буурсан.", names(Class::Declined, false)),
        ),
        Status::InsufficientEvidence => {
            let undecided = |english: bool| -> String {
                let of = rows.iter().filter(|r| r.class == Class::Insufficient).map(|r| {
                    let name = r.indicator.as_str();
                    match &r.resolution {
                        Some((en, mn)) => format!("{name}: {}", if english { en } else { mn }),
                        None => name.to_owned(),
                    }
                });
                of.collect::<Vec<_>>().join("; ")
            };
            (
                format!("{name_en}: the evidence does not decide, {span_en}. Next: {}.", undecided(true)),
                format!("{name_mn}: {span_mn} нотолгоо хангалтгүй байна. Дараагийн алхам: {}.", undecided(false)),
            )
        }
    }
}

/// A change with its unit and interval.
pub(crate) fn amount(row: &IndicatorRow, effect: f64, english: bool) -> String {
    let unit = match (row.unit.as_str(), english) {
        ("percent", _) => " %",
        ("points", true) => " points",
        ("points", false) => " нэгж хувь",
        ("percent_per_year", true) => " % a year",
        ("percent_per_year", false) => " %/жил",
        (_, true) => " ln ratio",
        (_, false) => " ln харьцаа",
    };
    let digits = if row.indicator == Indicator::I3 || row.indicator == Indicator::I5 { 2 } else { 1 };
    match row.ci90 {
        Some((low, high)) => {
            format!("{}{unit} [{}; {}]", signed(effect, digits), signed(low, digits), signed(high, digits))
        }
        None => format!("{}{unit}", signed(effect, digits)),
    }
}

/// A number with its sign, a true minus before what is below zero.
fn signed(value: f64, digits: usize) -> String {
    format!("{value:+.digits$}").replace('-', "\u{2212}")
}

/// Years as people write them.
pub(crate) fn span(years: Years) -> String {
    format!("{}-{}", years.first, years.last)
}

/// What change would have been seen: said whenever "no change" is.
fn margin(rows: &[&IndicatorRow], english: bool) -> String {
    let key = rows.iter().find(|r| r.indicator == Indicator::I1 && r.class != Class::Insufficient);
    match key.and_then(|r| r.mdc) {
        Some(mdc) if english => format!(" (a change of {mdc:.1} % in productivity would have been seen)"),
        Some(mdc) => format!(" (бүтээмжийн {mdc:.1} %-ийн өөрчлөлтийг илрүүлэх боломжтой байсан)"),
        None => String::new(),
    }
}
