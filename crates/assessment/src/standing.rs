//! What stands beside the verdicts: ranks with their intervals, other weights, claims, and what would change a verdict.

use std::collections::BTreeMap;

use belcheer_domain::{Claim, Class, Indicator, Scheme, Status, Tier, Years};
use belcheer_verification::{VerificationParameters, central_90, rank_intervals, scores_under_weights, weight_draws};

use crate::decide::score_parts;
use crate::result::{IndicatorRow, SoumRow};
use crate::sentence::{amount, span};

/// Adds ranks and the sensitivity to weights to every soum; `draws` holds the drawn scores of each soum, in their order.
pub fn rank(
    soums: &mut [SoumRow],
    rows: &[IndicatorRow],
    draws: Vec<Vec<f64>>,
    scheme: &Scheme,
    parameters: &VerificationParameters,
    seed: u64,
) {
    let weights: BTreeMap<Indicator, f64> = scheme.indicators.iter().map(|(i, rule)| (*i, rule.weight)).collect();
    let other = weight_draws(&weights, scheme.score.weight_concentration, scheme.score.weight_draws, seed);
    let under: Vec<Vec<f64>> = soums
        .iter()
        .map(|soum| scores_under_weights(&score_parts(&own(rows, soum), scheme), &other, &scheme.decision, parameters))
        .collect();
    let short: Vec<Vec<f64>> =
        draws.into_iter().map(|d| d.into_iter().take(scheme.score.weight_draws).collect()).collect();
    let by_chance = rank_intervals(&short, scheme.decision.confidence);
    let by_weights = rank_intervals(&under, 0.90);
    let alone: Vec<Vec<f64>> = soums.iter().map(|s| s.score.into_iter().collect()).collect();
    let ranks = rank_intervals(&alone, 0.90);
    for ((((soum, scores), chance), weights), rank) in
        soums.iter_mut().zip(under).zip(by_chance).zip(by_weights).zip(ranks)
    {
        soum.standing.score_weights90 = central_90(&scores);
        soum.standing.rank = rank.map(|r| r.0);
        soum.standing.rank_ci90 = chance;
        soum.standing.rank_weights90 = weights;
    }
}

/// The rows of one soum; rows are sorted by soum.
pub(crate) fn own<'a>(rows: &'a [IndicatorRow], soum: &SoumRow) -> Vec<&'a IndicatorRow> {
    let first = rows.partition_point(|r| r.au2 < soum.au2);
    rows.iter().skip(first).take_while(|r| r.au2 == soum.au2).collect()
}

/// The claims that the scheme allows for a soum, English and Mongolian, with their words in place.
#[must_use]
pub fn claims(
    name: (&str, &str),
    status: Status,
    rows: &[&IndicatorRow],
    scheme: &Scheme,
    baseline: Years,
    reporting: Years,
) -> Vec<(String, String)> {
    let key = rows.iter().filter(|r| scheme.decision.key_indicators.contains(&r.indicator));
    let decided = key.filter(|r| r.class != Class::Insufficient);
    let tier = decided.map(|r| r.tier).max().unwrap_or(Tier::T0);
    let improved = |english: bool| -> String {
        let of = rows.iter().filter(|r| r.class == Class::Improved);
        of.map(|r| format!("{} {}", r.indicator, r.effect.map_or_else(String::new, |e| amount(r, e, english))))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (baseline, reporting) = (span(baseline), span(reporting));
    let document = format!("{}@{}", scheme.id, scheme.version);
    let filled = |text: &str, soum: &str, english: bool| {
        let indicators = improved(english);
        let words = [
            ("soum", soum),
            ("baseline", &baseline),
            ("reporting", &reporting),
            ("tier", tier.as_str()),
            ("indicators", &indicators),
            ("scheme", &document),
        ];
        Claim::fill(text, &words)
    };
    let allowed = scheme.claims.iter().filter(|c| c.allowed(status, tier));
    allowed.map(|c| (filled(&c.text_en, name.0, true), filled(&c.text_mn, name.1, false))).collect()
}

/// What would change the verdict on a soum, in one sentence: (English, Mongolian).
#[must_use]
pub fn would_change(status: Status, rows: &[&IndicatorRow], scheme: &Scheme) -> (String, String) {
    let of = |class: Class| rows.iter().filter(move |r| r.class == class);
    match status {
        Status::NotVerified => {
            let (mut en, mut mn) = (Vec::new(), Vec::new());
            for row in of(Class::Declined) {
                let high = row.ci90.map(|c| c.1);
                en.push(match high {
                    Some(high) => format!("{} gaining {}", row.indicator, amount_of(row, -high, true)),
                    None => row.indicator.to_string(),
                });
                mn.push(match high {
                    Some(high) => format!("{} үзүүлэлт {}-аар сайжрах", row.indicator, amount_of(row, -high, false)),
                    None => row.indicator.to_string(),
                });
            }
            (
                format!("The decline would no longer be beyond chance with {}.", en.join(" and ")),
                format!("Дараах нөхцөлд бууралт санамсаргүй хэлбэлзлээс ялгарахгүй болно: {}.", mn.join("; ")),
            )
        }
        Status::VerifiedImproving => {
            let spare = of(Class::Improved).count().saturating_sub(scheme.decision.improved_indicators_min);
            (
                format!(
                    "Any decline beyond chance, or {} of the improved indicators falling below its smallest effect.",
                    spare + 1
                ),
                format!(
                    "Аль нэг үзүүлэлт буурах, эсвэл сайжирсан үзүүлэлтээс {} нь хамгийн бага нөлөөнөөс доош орох.",
                    spare + 1
                ),
            )
        }
        Status::VerifiedMaintained => {
            let missing = scheme.decision.improved_indicators_min.saturating_sub(of(Class::Improved).count()).max(1);
            let key: Vec<&str> = scheme.decision.key_indicators.iter().map(|i| i.as_str()).collect();
            (
                format!(
                    "Better: {missing} more of the indicators improved, one of {} among them. Worse: any decline beyond chance.",
                    key.join(", ")
                ),
                format!(
                    "Сайжрахад: {}-ийн нэгийг оролцуулан дахин {missing} үзүүлэлт сайжрах. Муудахад: аль нэг үзүүлэлт буурах.",
                    key.join(", ")
                ),
            )
        }
        Status::InsufficientEvidence => {
            let ways: Vec<(String, String)> = of(Class::Insufficient)
                .filter_map(|r| r.resolution.as_ref().map(|(en, mn)| (r.indicator, en, mn)))
                .map(|(i, en, mn)| (format!("{i}: {en}"), format!("{i}: {mn}")))
                .collect();
            let joined = |pick: fn(&(String, String)) -> &str| ways.iter().map(pick).collect::<Vec<_>>().join("; ");
            (
                format!("Evidence that decides: {}.", joined(|w| &w.0)),
                format!("Шийдвэрлэх нотолгоо: {}.", joined(|w| &w.1)),
            )
        }
    }
}

/// A size with its unit and without its interval.
fn amount_of(row: &IndicatorRow, size: f64, english: bool) -> String {
    amount(&IndicatorRow { ci90: None, ..row.clone() }, size, english)
}
