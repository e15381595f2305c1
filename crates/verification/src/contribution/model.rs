//! Where too few soums lie outside a programme: the soum against what its weather alone would let expect.
//!
//! ```text
//! d_t = ln VI_t - b W_t        b trained on the baseline years of all soums; years common to a zone are left in
//! effect = mean_R d - mean_B d
//! ```
//! There are no placebos and nothing tells a programme from what else came over the zone, so a claim is consistent at
//! most. Source: domain sheet 6.4.

use std::collections::BTreeMap;

use belcheer_domain::{ContributionRule, Years};

use super::donors::Slope;
use super::{Contribution, ContributionEvidence, ContributionLimit, Counterfactual, PreTrendTest};
use crate::{TestSettings, yearly_change};

/// Compares a soum with its own weather; `less_weather` is what weather does not explain, by year, larger = better.
#[must_use]
pub fn contribution_by_model(
    less_weather: &BTreeMap<i32, f64>,
    (baseline, reporting): (Years, Years),
    rule: &ContributionRule,
    persistence: Option<f64>,
    settings: &TestSettings,
) -> Contribution {
    let compared = Contribution { counterfactual: Some(Counterfactual::Model), ..Contribution::default() };
    let Ok(change) = yearly_change(less_weather, baseline, reporting, persistence, settings) else {
        return compared.limited(ContributionLimit::DifferenceNotFormed);
    };
    let before = less_weather.range(baseline.first..=baseline.last).map(|(y, d)| (*y, *d)).collect();
    let trend = Slope::of(&before).and_then(|slope| slope.p());
    let mut limits = vec![ContributionLimit::ByModel];
    let forbids = [
        (trend.is_none(), ContributionLimit::PreTrendUntested),
        (trend.is_some_and(|p| p <= rule.pre_trend_p_min), ContributionLimit::Diverged),
        (change.estimate.effect <= 0.0, ContributionLimit::NotBetter),
    ];
    limits.extend(forbids.iter().filter(|(holds, _)| *holds).map(|(_, limit)| *limit));
    let forbidden = forbids.iter().any(|(holds, _)| *holds);
    if change.estimate.p.is_none_or(|p| p > rule.p_max) {
        limits.push(ContributionLimit::ByChance);
    }
    Contribution {
        evidence: if forbidden { ContributionEvidence::None } else { ContributionEvidence::Consistent },
        estimate: Some(change.estimate),
        pre_trend_p: trend,
        pre_trend_test: trend.map(|_| PreTrendTest::Slope),
        limits,
        ..compared
    }
}
