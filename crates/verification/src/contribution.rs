//! Whether a programme may be said to have contributed: an enrolled unit against like units outside, in the series' unit.
//!
//! Outcome and attribution are different claims. The outcome says whether the rangeland did better than its baseline;
//! this says whether it did better than the rangeland of soums outside the programme, and never changes the outcome.
//!
//! ```text
//! d_t = y_T,t - mean_j y_j,t               j donors with a value in year t
//! effect = mean_R d - mean_B d             with the year as unit of replication
//! pre-trend: slope of d_t over the baseline; p < p_min forbids any claim
//! placebo p = (1 + #{|effect_j| >= |effect|}) / (1 + J), each donor in turn against the others; never below 1/(1 + J)
//! ```
//! Sources: difference in differences with an event-study pre-test (domain sheet 6.3); placebo after Abadie, Diamond &
//! Hainmueller 2010.

use std::collections::BTreeMap;

use belcheer_domain::{ContributionRule, Years};
use serde::{Deserialize, Serialize};

use crate::{
    Estimate, TestSettings, placebo_p,
    student::t_two_sided_p,
    sums::{mean, sum},
    yearly_change,
};

/// What may be said of a programme's part in a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContributionEvidence {
    /// Nothing.
    #[default]
    None,
    /// The difference points the right way; chance is not excluded.
    Consistent,
    /// The difference is beyond chance, by its interval and by the placebos.
    Supported,
}

impl ContributionEvidence {
    /// The word used in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Consistent => "consistent",
            Self::Supported => "supported",
        }
    }
}

/// The comparison of one enrolled unit with units outside.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// What may be said.
    pub evidence: ContributionEvidence,
    /// Units outside.
    pub donors: usize,
    /// The difference in differences; positive = better than outside.
    pub estimate: Option<Estimate>,
    /// Two-sided p of diverging trends within the baseline.
    pub pre_trend_p: Option<f64>,
    /// Placebo p.
    pub placebo_p: Option<f64>,
}

/// Compares an enrolled unit with donors; series are signed so that positive is better.
#[must_use]
pub fn contribution(
    enrolled: &BTreeMap<i32, f64>,
    donors: &[&BTreeMap<i32, f64>],
    baseline: Years,
    reporting: Years,
    rule: &ContributionRule,
    persistence: Option<f64>,
    settings: &TestSettings,
) -> Contribution {
    let nothing = Contribution {
        evidence: ContributionEvidence::None,
        donors: donors.len(),
        estimate: None,
        pre_trend_p: None,
        placebo_p: None,
    };
    if donors.len() < rule.donors_min {
        return nothing;
    }
    let difference = less_mean(enrolled, donors, rule.donors_min);
    let Ok(change) = yearly_change(&difference, baseline, reporting, persistence, settings) else { return nothing };
    let estimate = change.estimate;
    let placebos: Vec<f64> = (0..donors.len())
        .filter_map(|at| {
            let others: Vec<&BTreeMap<i32, f64>> =
                donors.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, d)| *d).collect();
            let difference = less_mean(donors.get(at)?, &others, rule.donors_min.saturating_sub(1));
            let of = |span: Years| mean(&difference.range(span.first..=span.last).map(|(_, d)| *d).collect::<Vec<_>>());
            Some(of(reporting)? - of(baseline)?)
        })
        .collect();
    let placebo = placebo_p(estimate.effect, &placebos);
    let before: BTreeMap<i32, f64> = difference.range(baseline.first..=baseline.last).map(|(y, d)| (*y, *d)).collect();
    let pre_trend_p = slope_p(&before);
    let parallel = pre_trend_p.is_some_and(|p| p >= rule.pre_trend_p_min);
    let beyond_chance = [estimate.p, placebo].iter().all(|p| p.is_some_and(|p| p <= rule.p_max));
    let evidence = match (parallel && estimate.effect > 0.0, beyond_chance) {
        (false, _) => ContributionEvidence::None,
        (true, false) => ContributionEvidence::Consistent,
        (true, true) => ContributionEvidence::Supported,
    };
    Contribution { evidence, donors: donors.len(), estimate: Some(estimate), pre_trend_p, placebo_p: placebo }
}

/// A series less the mean of the donors, in years in which enough donors have a value.
fn less_mean(series: &BTreeMap<i32, f64>, donors: &[&BTreeMap<i32, f64>], least: usize) -> BTreeMap<i32, f64> {
    let of_year = |year: &i32| -> Option<f64> {
        let values: Vec<f64> = donors.iter().filter_map(|d| d.get(year).copied()).collect();
        mean(&values).filter(|_| values.len() >= least)
    };
    series.iter().filter_map(|(year, value)| Some((*year, value - of_year(year)?))).collect()
}

/// Two-sided p of the slope of a yearly series, by least squares; `None` with fewer than four years.
fn slope_p(series: &BTreeMap<i32, f64>) -> Option<f64> {
    let n = series.len();
    if n < 4 {
        return None;
    }
    let years: Vec<f64> = series.keys().map(|y| f64::from(*y)).collect();
    let values: Vec<f64> = series.values().copied().collect();
    let (mean_x, mean_y) = (mean(&years)?, mean(&values)?);
    let xx = sum(years.iter().map(|x| (x - mean_x).powi(2)));
    let xy = sum(years.iter().zip(&values).map(|(x, y)| (x - mean_x) * (y - mean_y)));
    let slope = xy / xx;
    let residual = sum(years.iter().zip(&values).map(|(x, y)| (y - mean_y - slope * (x - mean_x)).powi(2)));
    let df = n as f64 - 2.0;
    let se = (residual / df / xx).sqrt();
    if se > 0.0 { t_two_sided_p(slope / se, df) } else { Some(if slope == 0.0 { 1.0 } else { 0.0 }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{estimate::tests::SETTINGS, monte_carlo};

    const BASELINE: Years = Years { first: 2009, last: 2018 };
    const REPORTING: Years = Years { first: 2019, last: 2023 };
    const RULE: ContributionRule = ContributionRule { donors_min: 5, pre_trend_p_min: 0.10, p_max: 0.10 };

    /// Units that share yearly shocks; the first has a change after 2018 and a drift of its own.
    fn units(n: usize, change: f64, drift: f64) -> Vec<BTreeMap<i32, f64>> {
        let mut random = monte_carlo::stream(11, "contribution");
        let shock: BTreeMap<i32, f64> = (2009..=2023).map(|y| (y, monte_carlo::standard_normal(&mut random))).collect();
        (0..n)
            .map(|unit| {
                (2009..=2023)
                    .map(|y| {
                        let own = 0.05 * monte_carlo::standard_normal(&mut random);
                        let after = if y > 2018 { change } else { 0.0 };
                        let extra = if unit == 0 { after + drift * f64::from(y - 2009) } else { 0.0 };
                        (y, shock[&y] + own + extra)
                    })
                    .collect()
            })
            .collect()
    }

    fn judged(units: &[BTreeMap<i32, f64>]) -> Contribution {
        let donors: Vec<&BTreeMap<i32, f64>> = units[1..].iter().collect();
        contribution(&units[0], &donors, BASELINE, REPORTING, &RULE, None, &SETTINGS)
    }

    #[test]
    fn a_change_beyond_the_donors_is_supported() {
        let found = judged(&units(25, 0.3, 0.0));
        assert_eq!(found.evidence, ContributionEvidence::Supported);
        assert!((found.estimate.unwrap().effect - 0.3).abs() < 0.08);
        assert_eq!(found.placebo_p, Some(1.0 / 25.0));
    }

    #[test]
    fn few_donors_can_never_support_and_a_worse_unit_has_nothing() {
        // seven donors: no placebo p below 1/8
        assert_eq!(judged(&units(8, 0.3, 0.0)).evidence, ContributionEvidence::Consistent);
        assert_eq!(judged(&units(4, 0.3, 0.0)).evidence, ContributionEvidence::None);
        assert_eq!(judged(&units(25, -0.3, 0.0)).evidence, ContributionEvidence::None);
    }

    #[test]
    fn trends_that_diverged_before_forbid_a_claim() {
        let found = judged(&units(25, 0.3, 0.05));
        assert!(found.pre_trend_p.unwrap() < 0.05);
        assert_eq!(found.evidence, ContributionEvidence::None);
    }
}
