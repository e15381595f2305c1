//! Frozen baselines: what a soum was measured against when it enrolled, and whether it still is.
//!
//! A baseline is its years and the yearly values of every indicator in them. At enrolment its digest is kept; a later
//! assessment on the same years must find the same values, else something about the past was altered, and that is told.
//! Other years are a new version, registered before use, and run beside the version before it.

use std::collections::BTreeMap;

use belcheer_domain::{Digest, Finding, Indicator, Severity, SoumCode, Years};
use serde::{Deserialize, Serialize};

use crate::evidence::BySoum;

/// The baseline of one enrolled soum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenBaseline {
    /// The soum.
    pub au2: SoumCode,
    /// 1 at enrolment, one more with every re-baselining.
    pub version: u32,
    /// Its years.
    pub baseline: Years,
    /// Digest of years and values.
    pub digest: Digest,
    /// The assessment it was taken from.
    pub assessment: Digest,
}

/// Digest of years and values of a baseline, over all indicators of a soum.
///
/// Values are those that the change is measured on, to nine decimals: yearly ones where the design is yearly, without
/// what all years share, else the baseline's mean.
#[must_use]
pub fn baseline_digest(soum: SoumCode, baseline: Years, measured: &[(Indicator, &'static str, BySoum)]) -> Digest {
    let mut text = format!("{soum} {baseline}\n");
    for (indicator, method, by_soum) in measured {
        let Some(found) = by_soum.get(&soum) else { continue };
        text += &format!("{indicator} {method}");
        match &found.yearly {
            Some(yearly) => {
                for (year, value) in yearly.values.range(baseline.first..=baseline.last) {
                    text += &format!(" {year}:{:.9}", value - yearly.common + 0.0);
                }
            }
            None => text += &found.baseline_value.map_or_else(String::new, |v| format!(" {v:.9}")),
        }
        text.push('\n');
    }
    Digest::of(text.as_bytes())
}

/// Adds versions to a list of frozen baselines; a soum that holds these years already keeps its version.
///
/// # Errors
/// Names the soums that are enrolled on other years, when no new version was asked for.
pub fn freeze(
    held: &mut Vec<FrozenBaseline>,
    soums: &BTreeMap<SoumCode, Digest>,
    baseline: Years,
    assessment: Digest,
    new_version: bool,
) -> Result<Vec<FrozenBaseline>, Vec<SoumCode>> {
    let of = |held: &[FrozenBaseline], soum: SoumCode| -> (u32, bool) {
        let own = held.iter().filter(|b| b.au2 == soum);
        own.fold((0, false), |(last, same), b| (last.max(b.version), same || b.baseline == baseline))
    };
    let refused: Vec<SoumCode> = soums
        .keys()
        .copied()
        .filter(|soum| !new_version && matches!(of(held, *soum), (last, false) if last > 0))
        .collect();
    if !refused.is_empty() {
        return Err(refused);
    }
    let mut added = Vec::new();
    for (soum, digest) in soums {
        let (last, same) = of(held, *soum);
        if !same {
            added.push(FrozenBaseline { au2: *soum, version: last + 1, baseline, digest: *digest, assessment });
        }
    }
    held.extend(added.iter().cloned());
    held.sort_by_key(|b| (b.au2, b.version));
    Ok(added)
}

/// The version of a soum's baseline that an assessment stands on, and what is wrong with it.
#[must_use]
pub fn check(
    held: &[FrozenBaseline],
    soum: SoumCode,
    baseline: Years,
    digest: Digest,
) -> (Option<u32>, Option<Finding>) {
    let own: Vec<&FrozenBaseline> = held.iter().filter(|b| b.au2 == soum).collect();
    let Some(last) = own.last() else { return (None, None) };
    let finding = |code: &str, severity, en: String, mn: String| {
        Some(Finding::new(code, severity, "baseline").soum(soum).at(baseline.to_string()).text(en, mn))
    };
    let Some(same) = own.iter().find(|b| b.baseline == baseline) else {
        return (
            None,
            finding(
                "baseline_not_enrolled",
                Severity::Error,
                format!(
                    "the soum is enrolled with baseline {} (version {}); a re-baselining is registered first: belcheer enrol --new-version",
                    last.baseline, last.version
                ),
                format!(
                    "сум {} суурь хугацаатай ({}-р хувилбар) бүртгэлтэй; суурийг өөрчлөхдөө эхлээд шинэ хувилбараар бүртгэнэ",
                    last.baseline, last.version
                ),
            ),
        );
    };
    if same.digest != digest {
        let en = format!(
            "values of the frozen baseline (version {}) have changed since enrolment; belcheer diff says by which input",
            same.version
        );
        let mn = format!("царцаасан суурийн ({}-р хувилбар) утга бүртгэснээс хойш өөрчлөгдсөн", same.version);
        return (Some(same.version), finding("baseline_changed", Severity::Error, en, mn));
    }
    if own.len() > 1 {
        let others: Vec<String> =
            own.iter().filter(|b| b.version != same.version).map(|b| b.baseline.to_string()).collect();
        let en = format!(
            "the soum has baselines of several versions; run the others beside this one: {}",
            others.join(", ")
        );
        let mn = format!("сум хэд хэдэн хувилбарын суурьтай; бусдыг нь зэрэгцүүлэн тооцно уу: {}", others.join(", "));
        return (Some(same.version), finding("baseline_parallel", Severity::Info, en, mn));
    }
    (Some(same.version), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Years = Years { first: 2009, last: 2018 };
    const NEW: Years = Years { first: 2012, last: 2021 };

    fn soum() -> SoumCode {
        SoumCode::new(6404).unwrap()
    }

    fn one(text: &str) -> BTreeMap<SoumCode, Digest> {
        BTreeMap::from([(soum(), Digest::of(text.as_bytes()))])
    }

    fn code(found: &(Option<u32>, Option<Finding>)) -> Option<&str> {
        found.1.as_ref().map(|f| f.code.as_str())
    }

    #[test]
    fn a_baseline_stays_frozen() {
        let (mut held, assessment) = (Vec::new(), Digest::of(b"a"));
        assert_eq!(freeze(&mut held, &one("v"), OLD, assessment, false).unwrap().len(), 1);
        // again, with whatever values: the first stays
        assert_eq!(freeze(&mut held, &one("w"), OLD, assessment, false).unwrap(), []);
        assert_eq!(held[0].digest, Digest::of(b"v"));
        assert_eq!(check(&held, soum(), OLD, Digest::of(b"v")), (Some(1), None));
        assert_eq!(code(&check(&held, soum(), OLD, Digest::of(b"w"))), Some("baseline_changed"));
        assert_eq!(code(&check(&held, soum(), NEW, Digest::of(b"v"))), Some("baseline_not_enrolled"));
    }

    #[test]
    fn other_years_are_a_new_version_that_runs_beside_the_old() {
        let (mut held, assessment) = (Vec::new(), Digest::of(b"a"));
        freeze(&mut held, &one("v"), OLD, assessment, false).unwrap();
        assert_eq!(freeze(&mut held, &one("n"), NEW, assessment, false), Err(vec![soum()]));
        let added = freeze(&mut held, &one("n"), NEW, assessment, true).unwrap();
        assert_eq!((added[0].version, held.len()), (2, 2));
        let found = check(&held, soum(), NEW, Digest::of(b"n"));
        assert_eq!((found.0, code(&found)), (Some(2), Some("baseline_parallel")));
        assert_eq!(check(&held, SoumCode::new(6501).unwrap(), NEW, assessment), (None, None));
    }
}
