//! Whether a programme may be said to have contributed: an enrolled soum against like soums outside, in the series' unit.
//!
//! Outcome and attribution are different claims. The outcome says whether the rangeland did better than its baseline;
//! this says whether it did better than the rangeland of soums outside the programme, and never changes the outcome.
//!
//! ```text
//! donors: same zone, not adjacent, not enrolled, alike in stocking; the nearest by Mahalanobis distance on mean and
//!         trend of the baseline
//! d_t = y_T,t - mean_j y_j,t               j donors with a value in year t
//! effect = mean_R d - mean_B d             with the year as unit of replication
//! pre-trend: joint F test of the event study's baseline years, where donors are enough, and the slope of d_t over them;
//!         p <= p_min of either forbids any claim
//! placebo p: rank of reporting over baseline error of the synthetic control, among those of every donor in turn
//! ```
//! `supported` asks for both tests of chance, and for a placebo p that could have reached the level: with J donors none is
//! below `1/(1 + J)`. Sources: domain sheet 6.3 and 6.4; Rubin 1980; Abadie, Diamond & Hainmueller 2010.

mod donors;
mod limit;
mod model;
mod parallel;
mod synthetic;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use belcheer_domain::{ContributionRule, SoumCode, Years};
use serde::{Deserialize, Serialize};

pub use donors::Compared;
pub use limit::ContributionLimit;
pub use model::contribution_by_model;
use parallel::PreTrend;
pub use parallel::PreTrendTest;
pub use synthetic::SyntheticFit;

use crate::{Estimate, TestSettings, estimators::synthetic::PlaceboInference, sums::mean, yearly_change};

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

/// What an enrolled soum is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counterfactual {
    /// Like soums outside the programme.
    Donors,
    /// What its weather alone would let expect.
    Model,
}

impl Counterfactual {
    /// The word used in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Donors => "donors",
            Self::Model => "model",
        }
    }
}

/// The comparison of one enrolled soum with soums outside.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Contribution {
    /// What may be said.
    pub evidence: ContributionEvidence,
    /// What it is compared with; `None` where it could not be compared.
    #[serde(default)]
    pub counterfactual: Option<Counterfactual>,
    /// How many soums outside it is compared with.
    pub donors: usize,
    /// Their codes.
    #[serde(default)]
    pub donor_soums: Vec<SoumCode>,
    /// Largest difference of baseline mean or trend from the donors' mean, in standard deviations of eligible soums.
    #[serde(default)]
    pub worst_difference: Option<f64>,
    /// The difference in differences; positive = better than outside.
    pub estimate: Option<Estimate>,
    /// p of diverging trends within the baseline, the smaller of the tests that could be formed.
    pub pre_trend_p: Option<f64>,
    /// The test behind it.
    #[serde(default)]
    pub pre_trend_test: Option<PreTrendTest>,
    /// Placebo p.
    pub placebo_p: Option<f64>,
    /// The smallest that so many donors can give.
    #[serde(default)]
    pub smallest_placebo_p: Option<f64>,
    /// The synthetic control.
    #[serde(default)]
    pub synthetic: Option<SyntheticFit>,
    /// Why no more is said.
    #[serde(default)]
    pub limits: Vec<ContributionLimit>,
}

impl Contribution {
    fn limited(self, limit: ContributionLimit) -> Self {
        Self { limits: vec![limit], ..self }
    }
}

/// Compares an enrolled soum with those of a pool; the soum itself may stand in the pool.
#[must_use]
pub fn contribution(
    own: &Compared<'_>,
    pool: &[Compared<'_>],
    periods: (Years, Years),
    rule: &ContributionRule,
    persistence: Option<f64>,
    settings: &TestSettings,
) -> Contribution {
    let found = match donors::donors(own, pool, periods.0, rule) {
        Ok(found) => found,
        Err(limit) => return Contribution::default().limited(limit),
    };
    let donors = found.soums;
    let compared = Contribution {
        counterfactual: Some(Counterfactual::Donors),
        donors: donors.len(),
        donor_soums: donors.iter().map(|d| d.soum).collect(),
        worst_difference: Some(found.worst_difference),
        ..Contribution::default()
    };
    let difference = less_mean(own.series, &donors, rule.donors_min);
    let Ok(change) = yearly_change(&difference, periods.0, periods.1, persistence, settings) else {
        return compared.limited(ContributionLimit::DifferenceNotFormed);
    };
    let pre_trend = parallel::pre_trend(own.series, &donors, &difference, periods);
    let placebos = synthetic::placebos(own.series, &donors, periods, rule.donors_min);
    let (evidence, limits) = judge(&change.estimate, pre_trend, placebos.as_ref(), rule);
    Contribution {
        evidence,
        estimate: Some(change.estimate),
        pre_trend_p: pre_trend.strongest().map(|(p, _)| p),
        pre_trend_test: pre_trend.strongest().map(|(_, test)| test),
        placebo_p: placebos.as_ref().map(|p| p.p),
        smallest_placebo_p: placebos.as_ref().map(|p| p.smallest_p),
        synthetic: placebos
            .map(|p| SyntheticFit { effect: p.treated.usable.then_some(p.treated.effect), fit_sd: p.treated.fit_sd }),
        limits,
        ..compared
    }
}

/// What the numbers allow to be said, and why no more.
fn judge(
    estimate: &Estimate,
    pre_trend: PreTrend,
    placebos: Option<&PlaceboInference>,
    rule: &ContributionRule,
) -> (ContributionEvidence, Vec<ContributionLimit>) {
    use ContributionLimit as Limit;
    let forbids = [
        (pre_trend.strongest().is_none(), Limit::PreTrendUntested),
        (pre_trend.strongest().is_some_and(|(p, _)| p <= rule.pre_trend_p_min), Limit::Diverged),
        (estimate.effect <= 0.0, Limit::NotBetter),
    ];
    let (reaches, small) = match placebos {
        Some(p) => (p.can_reach(rule.p_max), p.p <= rule.p_max),
        None => (false, false),
    };
    let weakens = [
        (estimate.p.is_none_or(|p| p > rule.p_max), Limit::ByChance),
        (placebos.is_none(), Limit::NoPlacebos),
        (placebos.is_some() && !reaches, Limit::PlacebosCannotReach),
        (reaches && !small, Limit::PlacebosAsLarge),
        (placebos.is_some_and(|p| p.treated.effect <= 0.0), Limit::SyntheticDisagrees),
    ];
    let notes = [
        (pre_trend.joint.is_none() && pre_trend.slope.is_some(), Limit::PreTrendBySlope),
        (placebos.is_some_and(|p| !p.treated.usable), Limit::SyntheticDiscarded),
    ];
    let any = |of: &[(bool, Limit)]| of.iter().any(|(holds, _)| *holds);
    let evidence = match (any(&forbids), any(&weakens)) {
        (true, _) => ContributionEvidence::None,
        (false, true) => ContributionEvidence::Consistent,
        (false, false) => ContributionEvidence::Supported,
    };
    let told = forbids.into_iter().chain(weakens).chain(notes).filter(|(holds, _)| *holds);
    (evidence, told.map(|(_, limit)| limit).collect())
}

/// A series less the mean of the donors, in years in which enough donors have a value.
fn less_mean(series: &BTreeMap<i32, f64>, donors: &[Compared<'_>], least: usize) -> BTreeMap<i32, f64> {
    let of_year = |year: &i32| -> Option<f64> {
        let values: Vec<f64> = donors.iter().filter_map(|d| d.series.get(year).copied()).collect();
        mean(&values).filter(|_| values.len() >= least)
    };
    series.iter().filter_map(|(year, value)| Some((*year, value - of_year(year)?))).collect()
}
