//! The cheapest way to resolve an undecided indicator, with numbers where they are known.

use belcheer_domain::Decision;
use serde::{Deserialize, Serialize};

use crate::{
    Evidence, Reason,
    decision::finite,
    power::{points_needed, years_needed},
};

/// A way forward, in both languages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resolution {
    /// The reason it resolves: the first of the verdict's, for later ones cannot be resolved before it.
    pub reason: Reason,
    /// How much is needed, in the unit of the text (points, years, percent of the rangeland), where it is known.
    pub amount: Option<f64>,
    /// In English, such as `+14 photo points`.
    pub text_en: String,
    /// In Mongolian.
    pub text_mn: String,
}

impl Resolution {
    fn of(reason: Reason, amount: Option<f64>, text_en: String, text_mn: String) -> Self {
        Self { reason, amount, text_en, text_mn }
    }

    fn general(reason: Reason) -> Self {
        Self::of(reason, None, reason.fix_en().to_owned(), reason.fix_mn().to_owned())
    }
}

/// The cheapest resolution of the first reason; `None` without reasons.
///
/// For a lack of precision, points come before years: a point can be visited this season, a year must be waited for.
pub(crate) fn cheapest(
    reasons: &[Reason],
    evidence: &Evidence,
    decision: &Decision,
    margin: f64,
) -> Option<Resolution> {
    let reason = *reasons.iter().find(|r| **r != Reason::BlockingFlag).or(reasons.first())?;
    let numbered = match reason {
        Reason::TooFewBaselineYears => {
            let missing = decision.baseline_years_min.saturating_sub(evidence.baseline_years.unwrap_or(0));
            Some(baseline_years(reason, missing))
        }
        Reason::TooFewReportingYears => {
            let missing = decision.reporting_years_min.saturating_sub(evidence.reporting_years.unwrap_or(0));
            Some(reporting_years(reason, missing))
        }
        Reason::CoverageBelowMinimum => {
            finite(evidence.coverage).map(|c| coverage(reason, 100.0 * (decision.coverage_min - c)))
        }
        Reason::NoiseFloorTooHigh | Reason::MdcGt2Eps | Reason::CiCrossesMargin | Reason::NotSignificant => {
            precision(reason, evidence, decision, margin)
        }
        _ => None,
    };
    Some(numbered.unwrap_or_else(|| Resolution::general(reason)))
}

fn precision(reason: Reason, evidence: &Evidence, decision: &Decision, margin: f64) -> Option<Resolution> {
    let (alpha, power) = (decision.mdc_alpha, decision.power);
    let target = decision.mdc_multiple_max * margin;
    let by_points = evidence
        .point_sd
        .zip(evidence.points)
        .and_then(|(sd, now)| points_needed(sd, target, alpha, power, now))
        .filter(|more| *more > 0);
    if let Some(more) = by_points {
        let (en, mn) = (format!("+{more} photo points"), format!("фотомониторингийн {more} цэг нэмэх"));
        return Some(Resolution::of(reason, Some(more as f64), en, mn));
    }
    let (baseline, reporting) = evidence.baseline_years.zip(evidence.reporting_years)?;
    let mdc = finite(evidence.mdc)?;
    let more = years_needed(mdc, target, baseline, reporting, alpha, power).filter(|more| *more > 0)?;
    Some(reporting_years(reason, more))
}

fn reporting_years(reason: Reason, more: usize) -> Resolution {
    let plural = if more == 1 { "" } else { "s" };
    let en = format!("{more} more reporting year{plural}");
    Resolution::of(reason, Some(more as f64), en, format!("тайлант хугацааны {more} жилийн мэдээ нэмэх"))
}

fn baseline_years(reason: Reason, more: usize) -> Resolution {
    let plural = if more == 1 { "" } else { "s" };
    let en = format!("{more} more baseline year{plural} with data");
    Resolution::of(reason, Some(more as f64), en, format!("суурь хугацааны {more} жилийн мэдээ нэмэх"))
}

fn coverage(reason: Reason, percent: f64) -> Resolution {
    let percent = (percent - 1e-9).ceil().max(1.0);
    let en = format!("valid observations on {percent} % more of the assessed rangeland");
    Resolution::of(reason, Some(percent), en, format!("үнэлсэн бэлчээрийн {percent} хувьд хүчинтэй ажиглалт нэмэх"))
}

#[cfg(test)]
mod tests {
    use belcheer_domain::{Scheme, Tier};

    use super::*;

    fn resolved(reasons: &[Reason], evidence: &Evidence) -> Resolution {
        let scheme = Scheme::from_toml(include_str!("../../../schemes/mn-national-1.toml")).unwrap();
        cheapest(reasons, evidence, &scheme.decision, 7.0).unwrap()
    }

    #[test]
    fn points_are_counted_where_the_indicator_rests_on_points() {
        let evidence = Evidence { points: Some(3), point_sd: Some(20.0), tier: Tier::T3, ..Evidence::missing(vec![]) };
        let way = resolved(&[Reason::MdcGt2Eps], &evidence);
        assert_eq!((way.text_en.as_str(), way.amount), ("+14 photo points", Some(14.0)));
        assert_eq!(way.text_mn, "фотомониторингийн 14 цэг нэмэх");
    }

    #[test]
    fn years_and_coverage_are_counted() {
        let evidence = Evidence {
            baseline_years: Some(4),
            reporting_years: Some(2),
            coverage: Some(0.684),
            ..Evidence::missing(vec![])
        };
        assert_eq!(resolved(&[Reason::TooFewBaselineYears], &evidence).text_en, "3 more baseline years with data");
        assert_eq!(resolved(&[Reason::TooFewReportingYears], &evidence).text_en, "1 more reporting year");
        let way = resolved(&[Reason::CoverageBelowMinimum], &evidence);
        assert_eq!(way.text_en, "valid observations on 12 % more of the assessed rangeland");
        let yearly = Evidence { baseline_years: Some(10), reporting_years: Some(3), mdc: Some(17.0), ..evidence };
        assert!(resolved(&[Reason::MdcGt2Eps], &yearly).text_en.ends_with("more reporting years"));
    }

    #[test]
    fn a_flag_is_resolved_by_its_own_reason() {
        let way = resolved(&[Reason::BlockingFlag, Reason::SensorBreak], &Evidence::missing(vec![]));
        assert_eq!((way.reason, way.amount), (Reason::SensorBreak, None));
    }
}
