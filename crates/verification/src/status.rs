//! The verdict on a soum from the verdicts on its indicators: a list of rules, first match wins, nothing is averaged.
//!
//! ```text
//! not_verified           at least one indicator declined
//! insufficient_evidence  a decline was measured that the evidence cannot confirm
//! verified_improving     enough indicators improved (the scheme says how many), a key indicator (I1 or I2) among them
//! verified_maintained    every key indicator stable or improved
//! insufficient_evidence  otherwise
//! ```

use std::collections::BTreeMap;

use belcheer_domain::{Class, Decision, Indicator, Status};

use crate::{Reason, Verdict};

/// The status of a soum with the reasons, in order of need.
///
/// An indicator without a verdict counts as insufficient.
#[must_use]
pub fn soum_status(verdicts: &BTreeMap<Indicator, Verdict>, decision: &Decision) -> (Status, Vec<Reason>) {
    let class = |i: &Indicator| verdicts.get(i).map_or(Class::Insufficient, |v| v.class);
    let count = |wanted: Class| verdicts.values().filter(|v| v.class == wanted).count();
    if count(Class::Declined) > 0 {
        return (Status::NotVerified, vec![Reason::IndicatorDeclined]);
    }
    if verdicts.values().any(|v| v.reasons.contains(&Reason::DeclineUnconfirmed)) {
        return (Status::InsufficientEvidence, undecided(verdicts, Indicator::ALL));
    }
    let key = &decision.key_indicators;
    let enough = count(Class::Improved) >= decision.improved_indicators_min;
    if enough && key.iter().any(|i| class(i) == Class::Improved) {
        return (Status::VerifiedImproving, Vec::new());
    }
    if key.iter().all(|i| matches!(class(i), Class::Stable | Class::Improved)) {
        return (Status::VerifiedMaintained, Vec::new());
    }
    let mut reasons = undecided(verdicts, key);
    reasons.push(Reason::KeyIndicatorUndecided);
    (Status::InsufficientEvidence, reasons)
}

/// The reasons of the undecided among some indicators.
fn undecided(verdicts: &BTreeMap<Indicator, Verdict>, among: &[Indicator]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for indicator in among {
        match verdicts.get(indicator) {
            None => reasons.push(Reason::NotComputed),
            Some(v) if v.class == Class::Insufficient => reasons.extend(&v.reasons),
            Some(_) => {}
        }
    }
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

#[cfg(test)]
mod tests {
    use belcheer_domain::{Scheme, Tier};
    use proptest::prelude::*;

    use super::*;

    fn decision() -> Decision {
        Scheme::from_toml(include_str!("../../../schemes/mn-national-1.toml")).unwrap().decision
    }

    fn verdict(class: Class) -> Verdict {
        let reasons = if class == Class::Insufficient { vec![Reason::NotSignificant] } else { vec![] };
        Verdict { class, epsilon: 5.0, tier: Tier::T2, reasons, cheapest: None }
    }

    fn soum(classes: &[Class]) -> BTreeMap<Indicator, Verdict> {
        Indicator::ALL.iter().copied().zip(classes.iter().map(|c| verdict(*c))).collect()
    }

    fn status(classes: &[Class]) -> Status {
        soum_status(&soum(classes), &decision()).0
    }

    #[test]
    fn the_rules_in_order() {
        use Class::{Declined as D, Improved as I, Insufficient as N, Stable as S};
        assert_eq!(status(&[I, S, I, S, S]), Status::VerifiedImproving);
        assert_eq!(status(&[I, I, I, I, D]), Status::NotVerified);
        assert_eq!(status(&[S, S, I, I, I]), Status::VerifiedMaintained);
        assert_eq!(status(&[I, S, N, N, N]), Status::VerifiedMaintained);
        assert_eq!(status(&[I, N, N, N, N]), Status::InsufficientEvidence);
        assert_eq!(status(&[N, S, I, I, I]), Status::InsufficientEvidence);
        assert_eq!(soum_status(&BTreeMap::new(), &decision()).1, [Reason::NotComputed, Reason::KeyIndicatorUndecided]);
    }

    #[test]
    fn a_decline_that_cannot_be_confirmed_withholds_verification() {
        let mut verdicts = soum(&[Class::Improved; 5]);
        let hidden = verdicts.get_mut(&Indicator::I4).unwrap();
        hidden.class = Class::Insufficient;
        hidden.reasons = vec![Reason::CoverageBelowMinimum, Reason::DeclineUnconfirmed];
        let (status, reasons) = soum_status(&verdicts, &decision());
        assert_eq!(status, Status::InsufficientEvidence);
        assert_eq!(reasons, [Reason::CoverageBelowMinimum, Reason::DeclineUnconfirmed]);
    }

    /// How good a status is; a decline is worst of all.
    fn rank(status: Status) -> u8 {
        match status {
            Status::VerifiedImproving => 3,
            Status::VerifiedMaintained => 2,
            Status::InsufficientEvidence => 1,
            Status::NotVerified => 0,
        }
    }

    /// Every one of the 4^5 combinations of classes.
    fn all_soums() -> Vec<Vec<Class>> {
        (0..4_usize.pow(5)).map(|n| (0..5).map(|i| Class::ALL[n / 4_usize.pow(i) % 4]).collect()).collect()
    }

    #[test]
    fn no_improvement_elsewhere_makes_up_for_a_decline() {
        for classes in all_soums() {
            let declined = classes.contains(&Class::Declined);
            assert_eq!(status(&classes) == Status::NotVerified, declined, "{classes:?}");
        }
    }

    #[test]
    fn a_worse_class_never_gives_a_better_status() {
        let order = [Class::Improved, Class::Stable, Class::Insufficient, Class::Declined];
        for classes in all_soums() {
            for place in 0..5 {
                let at = order.iter().position(|c| *c == classes[place]).unwrap();
                for worse in &order[at + 1..] {
                    let mut changed = classes.clone();
                    changed[place] = *worse;
                    assert!(rank(status(&changed)) <= rank(status(&classes)), "{classes:?} -> {changed:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_set_of_indicators_with_a_decline_is_not_verified(
            classes in prop::collection::btree_map(prop::sample::select(Indicator::ALL), prop::sample::select(Class::ALL), 0..5),
            declined in prop::sample::select(Indicator::ALL),
        ) {
            let mut verdicts: BTreeMap<_, _> = classes.into_iter().map(|(i, c)| (i, verdict(c))).collect();
            verdicts.insert(declined, verdict(Class::Declined));
            prop_assert_eq!(soum_status(&verdicts, &decision()).0, Status::NotVerified);
        }
    }
}
