//! The decision rule, case by case and as laws.

use belcheer_domain::{Indicator, Scheme};
use proptest::prelude::*;

use super::*;
use crate::Flag;

fn scheme() -> Scheme {
    Scheme::from_toml(include_str!("../../../../schemes/mn-national-1.toml")).unwrap()
}

fn judged(evidence: &Evidence) -> Verdict {
    let (scheme, parameters) = (scheme(), VerificationParameters::named("verification_1").unwrap());
    decide(evidence, scheme.rule(Indicator::I1).unwrap(), &scheme.decision, &parameters)
}

/// Effect +8 % (4..12), beyond chance, at tier T2, on full evidence; the margin is 5 %.
fn improving() -> Evidence {
    Evidence {
        effect: Some(8.0),
        ci_low: Some(4.0),
        ci_high: Some(12.0),
        p_bh: Some(0.01),
        mdc: Some(7.0),
        tier: Tier::T2,
        coverage: Some(0.95),
        baseline_years: Some(10),
        reporting_years: Some(5),
        ..Evidence::missing(vec![])
    }
}

fn declining() -> Evidence {
    Evidence { effect: Some(-8.0), ci_low: Some(-12.0), ci_high: Some(-4.0), tier: Tier::T1, ..improving() }
}

fn still() -> Evidence {
    Evidence {
        effect: Some(0.5),
        ci_low: Some(-3.0),
        ci_high: Some(4.0),
        p_bh: Some(0.8),
        tier: Tier::T1,
        ..improving()
    }
}

fn class_and_reasons(evidence: &Evidence) -> (Class, Vec<Reason>) {
    let verdict = judged(evidence);
    (verdict.class, verdict.reasons)
}

#[test]
fn the_four_classes() {
    assert_eq!(class_and_reasons(&improving()), (Class::Improved, vec![]));
    assert_eq!(class_and_reasons(&declining()), (Class::Declined, vec![]));
    assert_eq!(class_and_reasons(&still()), (Class::Stable, vec![]));
    let wide = Evidence { ci_low: Some(-4.0), ci_high: Some(6.0), ..still() };
    let (class, reasons) = class_and_reasons(&wide);
    assert_eq!((class, reasons), (Class::Insufficient, vec![Reason::CiCrossesMargin, Reason::NotSignificant]));
}

#[test]
fn good_news_needs_more_than_bad_news() {
    let low_tier = judged(&Evidence { tier: Tier::T1, ..improving() });
    assert_eq!(low_tier.class, Class::Insufficient);
    assert_eq!(low_tier.reasons, [Reason::TierTooLow, Reason::CiCrossesMargin]);
    assert_eq!(judged(&Evidence { tier: Tier::T1, ..declining() }).class, Class::Declined);
    let small = Evidence { effect: Some(4.9), ci_low: Some(0.5), ci_high: Some(9.3), ..improving() };
    assert!(judged(&small).reasons.contains(&Reason::EffectBelowMinimum));
    let small_fall = Evidence { effect: Some(-1.0), ci_low: Some(-1.5), ci_high: Some(-0.5), ..declining() };
    assert_eq!(judged(&small_fall).class, Class::Declined);
}

#[test]
fn a_weak_design_hides_no_decline_but_supports_no_good_news() {
    let weak = |e: Evidence| class_and_reasons(&Evidence { mdc: Some(10.1), ..e });
    assert_eq!(weak(declining()), (Class::Declined, vec![Reason::MdcGt2Eps]));
    assert_eq!(weak(improving()), (Class::Insufficient, vec![Reason::MdcGt2Eps, Reason::CiCrossesMargin]));
    assert_eq!(weak(still()), (Class::Insufficient, vec![Reason::MdcGt2Eps, Reason::NotSignificant]));
    let unknown = Evidence { mdc: None, ..still() };
    assert_eq!(class_and_reasons(&unknown), (Class::Insufficient, vec![Reason::MdcUnknown, Reason::NotSignificant]));
}

#[test]
fn unfit_evidence_decides_nothing_but_keeps_a_decline_in_sight() {
    let uncovered = |e: Evidence| class_and_reasons(&Evidence { coverage: Some(0.79), ..e });
    assert_eq!(uncovered(improving()), (Class::Insufficient, vec![Reason::CoverageBelowMinimum]));
    let (class, reasons) = uncovered(declining());
    assert_eq!((class, reasons), (Class::Insufficient, vec![Reason::CoverageBelowMinimum, Reason::DeclineUnconfirmed]));
    let few = Evidence { baseline_years: Some(6), reporting_years: Some(2), ..still() };
    assert_eq!(judged(&few).reasons, [Reason::TooFewBaselineYears, Reason::TooFewReportingYears]);
    let revisited = Evidence { baseline_years: None, reporting_years: None, ..still() };
    assert_eq!(judged(&revisited).class, Class::Stable);
    assert_eq!(judged(&Evidence { tier: Tier::T0, ..still() }).reasons, [Reason::TierTooLow]);
    assert_eq!(judged(&Evidence { coverage: None, ..still() }).reasons, [Reason::CoverageUnknown]);
}

#[test]
fn flags_block_what_they_say() {
    let flagged = |flag, e: Evidence| class_and_reasons(&Evidence { flags: vec![flag], ..e });
    let (class, reasons) = flagged(Flag::InvoluntaryDestocking, improving());
    assert_eq!(class, Class::Insufficient);
    assert!(reasons.starts_with(&[Reason::BlockingFlag, Reason::InvoluntaryDestocking]), "{reasons:?}");
    assert_eq!(flagged(Flag::InvoluntaryDestocking, declining()).0, Class::Declined);
    assert_eq!(flagged(Flag::InvoluntaryDestocking, still()).0, Class::Stable);
    assert_eq!(flagged(Flag::SensorBreak, still()).0, Class::Insufficient);
    let broken = flagged(Flag::SensorBreak, declining()).1;
    assert_eq!(broken, [Reason::BlockingFlag, Reason::SensorBreak, Reason::DeclineUnconfirmed]);
    assert_eq!(flagged(Flag::ZoneCommonDecline, improving()).0, Class::Improved);
}

#[test]
fn a_noisy_soum_gets_a_wider_margin_up_to_a_limit() {
    let wide = Evidence { ci_low: Some(-4.0), ci_high: Some(6.0), mdc: Some(12.0), noise_floor: Some(7.0), ..still() };
    let verdict = judged(&wide);
    assert_eq!((verdict.class, verdict.epsilon), (Class::Stable, 7.0));
    let wider = judged(&Evidence { noise_floor: Some(10.5), ..wide });
    assert_eq!((wider.class, wider.reasons.first()), (Class::Insufficient, Some(&Reason::NoiseFloorTooHigh)));
    assert_eq!(judged(&Evidence { noise_floor: Some(1.0), ..still() }).epsilon, 5.0);
}

#[test]
fn a_change_without_any_variation_is_not_judged() {
    let repeated = Evidence { ci_low: Some(8.0), ci_high: Some(8.0), p_bh: None, mdc: Some(0.0), ..improving() };
    let verdict = judged(&repeated);
    assert_eq!((verdict.class, verdict.reasons[0]), (Class::Insufficient, Reason::NoBetweenYearVariance));
}

#[test]
fn what_was_missing_is_named_with_a_way_forward() {
    let verdict = judged(&Evidence::missing(vec![Reason::NoWeather, Reason::NoViStack]));
    assert_eq!(verdict.reasons, [Reason::NoViStack, Reason::NoWeather]);
    assert_eq!(verdict.cheapest.unwrap().reason, Reason::NoViStack);
    assert_eq!(judged(&Evidence::missing(vec![])).reasons, [Reason::NotComputed]);
    let nan = Evidence { effect: Some(f64::NAN), ..improving() };
    assert_eq!(judged(&nan).class, Class::Insufficient);
}

fn any_evidence() -> impl Strategy<Value = Evidence> {
    let number = || prop::option::of(prop_oneof![9 => -30.0_f64..30.0, 1 => Just(f64::NAN)]);
    let share = || prop::option::of(0.0_f64..1.0);
    let flags = prop::collection::vec(prop::sample::select(Flag::ALL), 0..2);
    let tier = prop::sample::select(Tier::ALL);
    let years = || prop::option::of(0_usize..12);
    (number(), number(), number(), share(), number(), number(), tier, share(), (years(), years()), flags).prop_map(
        |(effect, ci_low, ci_high, p_bh, mdc, noise_floor, tier, coverage, years, flags)| Evidence {
            effect,
            ci_low,
            ci_high,
            p_bh: p_bh.map(|p| p * p),
            mdc: mdc.map(f64::abs),
            noise_floor: noise_floor.map(f64::abs),
            tier,
            coverage: coverage.map(f64::sqrt),
            baseline_years: years.0,
            reporting_years: years.1,
            flags,
            ..Evidence::missing(vec![])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn a_verdict_keeps_the_rule_for_any_evidence(evidence in any_evidence()) {
        let verdict = judged(&evidence);
        let effect = evidence.effect.unwrap_or(f64::NAN);
        let significant = evidence.p_bh.is_some_and(|p| p <= 0.10);
        let covered = evidence.coverage.is_some_and(|c| c >= 0.80);
        let mdc_ok = evidence.mdc.is_none_or(|m| m.is_nan() || m <= 2.0 * verdict.epsilon);
        prop_assert_eq!(verdict.class == Class::Insufficient, verdict.cheapest.is_some());
        match verdict.class {
            Class::Improved => prop_assert!(
                significant && effect >= 5.0 && evidence.tier >= Tier::T2 && covered && mdc_ok
                    && evidence.flags.iter().all(|f| f.blocks() == Blocks::Nothing)
            ),
            Class::Declined => prop_assert!(significant && effect < 0.0 && evidence.tier >= Tier::T1 && covered),
            Class::Stable => prop_assert!(covered && mdc_ok && evidence.mdc.is_some_and(|m| !m.is_nan())),
            Class::Insufficient => {
                prop_assert!(!verdict.reasons.is_empty());
                if significant && effect < 0.0 {
                    prop_assert!(verdict.reasons.contains(&Reason::DeclineUnconfirmed));
                }
            }
        }
    }
}
