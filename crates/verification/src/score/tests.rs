//! The score on hand-worked soums.

use belcheer_domain::Scheme;
use proptest::prelude::*;

use super::*;

fn decision(draws: usize) -> Decision {
    let scheme = Scheme::from_toml(include_str!("../../../../schemes/mn-national-1.toml")).unwrap();
    Decision { monte_carlo_draws: draws, ..scheme.decision }
}

fn parameters() -> VerificationParameters {
    VerificationParameters::named("verification_1").unwrap()
}

fn part(indicator: Indicator, effect: f64) -> ScorePart {
    ScorePart {
        indicator,
        class: Class::Stable,
        tier: Tier::T2,
        weight: 0.2,
        effect: Some(effect),
        ci_low: Some(effect),
        ci_high: Some(effect),
        epsilon: 1.0,
        level: None,
        blocked: false,
    }
}

fn parts(effects: [f64; 5]) -> Vec<ScorePart> {
    Indicator::ALL.iter().zip(effects).map(|(i, e)| part(*i, e)).collect()
}

fn scored(parts: &[ScorePart]) -> SoumScore {
    soum_score(SoumCode::new(6404).unwrap(), parts, &decision(400), &parameters(), 11)
}

#[test]
fn known_answer_36() {
    for (half_width, percent) in [(0.10, 3.18793), (0.15, 4.78190), (0.30, 9.56380)] {
        assert!((100.0 * haircut(half_width, &parameters()) / percent - 1.0).abs() < 2e-6);
    }
    assert_eq!(haircut(1e9, &parameters()), 1.0);
}

#[test]
fn a_certain_score_is_the_weighted_mean_of_its_parts() {
    // effects 0, 1, 2, -1, -2 margins: 50, 75, 100, 25, 0.
    let found = scored(&parts([0.0, 1.0, 2.0, -1.0, -2.0]));
    assert!((found.score.unwrap() - 50.0).abs() < 1e-9);
    assert_eq!(found.interval, Some((found.score.unwrap(), found.score.unwrap())));
    let mut with_level = parts([0.0; 5]);
    with_level.iter_mut().for_each(|p| p.level = Some(100.0));
    assert!((scored(&with_level).score.unwrap() - 70.0).abs() < 1e-9);
}

#[test]
fn uncertainty_lowers_the_score_and_opens_the_interval() {
    let mut vague = parts([0.5; 5]);
    for p in &mut vague {
        (p.ci_low, p.ci_high) = (Some(0.1), Some(0.9));
    }
    let (vague, sure) = (scored(&vague), scored(&parts([0.5; 5])));
    let (low, high) = vague.interval.unwrap();
    assert!(vague.score < sure.score && low < vague.score.unwrap() && vague.score.unwrap() < high);
}

#[test]
fn a_decline_caps_and_gaps_withhold_the_score() {
    let mut capped = parts([2.0; 5]);
    capped[3].class = Class::Declined;
    let found = scored(&capped);
    assert_eq!((found.score, found.reasons), (Some(59.0), vec![Reason::CappedByDecline]));

    let mut gaps = parts([2.0; 5]);
    gaps[0].class = Class::Insufficient;
    assert!(scored(&gaps).score.is_some());
    gaps[1].tier = Tier::T1;
    assert_eq!(scored(&gaps).reasons, [Reason::KeyTierTooLow]);
    gaps[4].class = Class::Insufficient;
    assert_eq!(scored(&gaps).reasons, [Reason::TooFewIndicators, Reason::KeyTierTooLow]);
    assert_eq!(scored(&gaps).score, None);

    let mut blocked = parts([2.0; 5]);
    blocked[2].blocked = true;
    assert_eq!(scored(&blocked).reasons, [Reason::BlockingFlag]);
}

#[test]
fn the_order_of_indicators_does_not_matter() {
    let mut vague = parts([0.5, -0.2, 1.5, 0.0, 0.3]);
    for p in &mut vague {
        (p.ci_low, p.ci_high) = (p.effect.map(|e| e - 0.5), p.effect.map(|e| e + 0.5));
    }
    let forward = scored(&vague);
    vague.reverse();
    assert_eq!(forward, scored(&vague));
}

proptest! {
    #[test]
    fn a_score_lies_in_its_range_and_rises_with_the_effect(effect in -5.0_f64..5.0, more in 0.0_f64..3.0) {
        let (a, b) = (scored(&parts([effect; 5])).score.unwrap(), scored(&parts([effect + more; 5])).score.unwrap());
        prop_assert!((0.0..=100.0).contains(&a) && a <= b + 1e-9);
    }
}
