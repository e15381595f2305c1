use belcheer_domain::NaturalZone;

use super::*;
use crate::{estimate::tests::SETTINGS, monte_carlo};

const BASELINE: Years = Years { first: 2009, last: 2018 };
const REPORTING: Years = Years { first: 2019, last: 2023 };
const RULE: ContributionRule = ContributionRule {
    donors_min: 5,
    donors_max: 20,
    stocking_ratio_tolerance: 0.30,
    pre_trend_p_min: 0.10,
    p_max: 0.10,
};

type Series = BTreeMap<i32, f64>;

/// Units that share yearly shocks; the first has a change after 2018 and a drift of its own.
fn units(n: usize, change: f64, drift: f64) -> Vec<Series> {
    let mut random = monte_carlo::stream(11, "contribution");
    let shock: Series = (2009..=2023).map(|y| (y, monte_carlo::standard_normal(&mut random))).collect();
    let mut value = |unit: usize, y: i32| {
        let after = if y > 2018 { change } else { 0.0 };
        let extra = if unit == 0 { after + drift * f64::from(y - 2009) } else { 0.0 };
        shock[&y] + 0.05 * monte_carlo::standard_normal(&mut random) + extra
    };
    (0..n).map(|unit| (2009..=2023).map(|y| (y, value(unit, y))).collect()).collect()
}

fn compared(units: &[Series]) -> Vec<Compared<'_>> {
    let one = |(n, series)| Compared {
        soum: SoumCode::new(6401 + n).unwrap(),
        zone: Some(NaturalZone::Steppe),
        enrolled: n == 0,
        adjacent: false,
        stocking_ratio: None,
        series,
    };
    (0_u16..).zip(units).map(one).collect()
}

fn judged(units: &[Series]) -> Contribution {
    let pool = compared(units);
    contribution(&pool[0], &pool, (BASELINE, REPORTING), &RULE, None, &SETTINGS)
}

#[test]
fn a_change_beyond_the_donors_is_supported() {
    let found = judged(&units(25, 0.3, 0.0));
    assert_eq!(found.evidence, ContributionEvidence::Supported, "{found:?}");
    assert!((found.estimate.unwrap().effect - 0.3).abs() < 0.08);
    assert_eq!((found.donors, found.placebo_p, found.smallest_placebo_p), (20, Some(1.0 / 21.0), Some(1.0 / 21.0)));
    assert!(found.pre_trend_p.unwrap() > 0.10 && found.pre_trend_test.is_some());
    let synthetic = found.synthetic.unwrap();
    assert!((synthetic.effect.unwrap() - 0.3).abs() < 0.08 && synthetic.fit_sd < 0.5, "{synthetic:?}");
    assert!(found.limits.is_empty() && found.donor_soums.windows(2).all(|w| w[0] < w[1]));
}

#[test]
fn few_donors_can_never_support_and_a_worse_unit_has_nothing() {
    // seven donors: no placebo p below 1/8
    let few = judged(&units(8, 0.3, 0.0));
    assert_eq!(few.evidence, ContributionEvidence::Consistent);
    assert!(few.limits.contains(&ContributionLimit::PlacebosCannotReach));
    assert_eq!(few.pre_trend_test, Some(PreTrendTest::Slope));
    assert!(few.limits.contains(&ContributionLimit::PreTrendBySlope));
    let fewer = judged(&units(4, 0.3, 0.0));
    assert_eq!((fewer.evidence, fewer.limits), (ContributionEvidence::None, vec![ContributionLimit::FewDonors]));
    let worse = judged(&units(25, -0.3, 0.0));
    assert_eq!(worse.evidence, ContributionEvidence::None);
    assert!(worse.limits.contains(&ContributionLimit::NotBetter));
}

#[test]
fn trends_that_diverged_before_forbid_a_claim() {
    for donors in [25, 8] {
        let found = judged(&units(donors, 0.3, 0.05));
        assert!(found.pre_trend_p.unwrap() < 0.05);
        assert_eq!(found.evidence, ContributionEvidence::None);
        assert!(found.limits.contains(&ContributionLimit::Diverged));
    }
}

#[test]
fn donors_on_other_paths_are_left_out_by_matching() {
    // half of the zone degrades steadily; the enrolled soum and the other half stand still
    let mut all = units(41, 0.0, 0.0);
    for series in all.iter_mut().skip(21) {
        series.iter_mut().for_each(|(y, v)| *v -= 0.05 * f64::from(y - 2009));
    }
    let pool = compared(&all);
    let everyone = less_mean(&all[0], &pool[1..], 5);
    let naive = yearly_change(&everyone, BASELINE, REPORTING, None, &SETTINGS).unwrap().estimate;
    assert!(naive.effect > 0.15, "all soums of the zone mislead: {naive:?}");
    let found = judged(&all);
    assert!(found.estimate.unwrap().effect.abs() < 0.06, "{found:?}");
    assert_ne!(found.evidence, ContributionEvidence::Supported);
    let steady = found.donor_soums.iter().filter(|s| s.number() <= 6421).count();
    assert!(steady >= 16, "by lot it would be ten: {:?}", found.donor_soums);
}

#[test]
fn where_no_programme_was_claims_are_rare() {
    let mut random = monte_carlo::stream(5, "no programme");
    let zone: Vec<Series> = (0..120)
        .map(|_| {
            let level = 0.3 * monte_carlo::standard_normal(&mut random);
            (2009..=2023).map(|y| (y, level + 0.05 * monte_carlo::standard_normal(&mut random))).collect()
        })
        .collect();
    let pool: Vec<Compared<'_>> = compared(&zone).into_iter().map(|c| Compared { enrolled: false, ..c }).collect();
    let judged = |own| contribution(own, &pool, (BASELINE, REPORTING), &RULE, None, &SETTINGS);
    let found: Vec<Contribution> = pool.iter().map(judged).collect();
    let supported = found.iter().filter(|c| c.evidence == ContributionEvidence::Supported).count();
    // a claim has one direction: half of p_max
    assert!(supported as f64 / 120.0 <= 0.05, "{supported} of 120");
    let placebo = found.iter().filter(|c| c.placebo_p.is_some_and(|p| p <= 0.10)).count();
    assert!(placebo as f64 / 120.0 <= 0.16, "placebo p alone: {placebo} of 120");
}

#[test]
fn known_answer_18() {
    // 0.300 to 0.315 inside, 0.310 to 0.295 outside
    let flat = |before: f64, after: f64| -> Series {
        (2009..=2023).map(|y| (y, if y > 2018 { after } else { before })).collect()
    };
    let (own, outside) = (flat(0.300, 0.315), flat(0.310, 0.295));
    let all = [own, outside];
    let pool = compared(&all);
    let difference = less_mean(&all[0], &pool[1..], 1);
    let effect = yearly_change(&difference, BASELINE, REPORTING, None, &SETTINGS).unwrap().estimate.effect;
    assert!((effect - 0.030).abs() < 1e-12);
}

#[test]
fn without_soums_outside_weather_alone_is_the_counterfactual_and_supports_nothing() {
    let own: Series = units(1, 0.3, 0.0)
        .remove(0)
        .into_iter()
        .map(|(y, v)| (y, 0.05 * v + if y > 2018 { 0.3 } else { 0.0 }))
        .collect();
    let by_model = |series: &Series| contribution_by_model(series, (BASELINE, REPORTING), &RULE, None, &SETTINGS);
    let better = by_model(&own);
    assert_eq!(
        (better.evidence, better.counterfactual),
        (ContributionEvidence::Consistent, Some(Counterfactual::Model))
    );
    assert!(better.limits.contains(&ContributionLimit::ByModel) && better.estimate.unwrap().effect > 0.2);
    let worse = by_model(&own.iter().map(|(y, v)| (*y, -v)).collect());
    assert_eq!(worse.evidence, ContributionEvidence::None);
    let drifting = by_model(&own.iter().map(|(y, v)| (*y, v + 0.1 * f64::from(y - 2009))).collect());
    assert!(drifting.limits.contains(&ContributionLimit::Diverged));
    assert_eq!(drifting.evidence, ContributionEvidence::None);
    assert_eq!(by_model(&Series::new()).limits, vec![ContributionLimit::DifferenceNotFormed]);
}
