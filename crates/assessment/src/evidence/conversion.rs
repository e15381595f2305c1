//! I5 (a): natural pasture lost to cropland, mining or settlement, percent of the rangeland a year.

use std::collections::BTreeMap;

use belcheer_domain::{SoumCode, Tier, Years};
use belcheer_verification::{Better, Reason, TestSettings, change_between};

use super::{BySoum, Facts, Measured, Observed, Yearly, mean};

/// Method and version.
pub const METHOD: &str = "i5.pasture_conversion@1";

/// Rangeland lost to conversion each year, percent of the rangeland of the year before, by soum and year.
pub type YearlyLoss = BTreeMap<SoumCode, BTreeMap<i32, f64>>;

/// The indicator by soum, from the yearly losses that the land-cover series shows.
#[must_use]
pub fn measure(
    soums: impl Iterator<Item = SoumCode>,
    losses: &YearlyLoss,
    baseline: Years,
    reporting: Years,
    settings: &TestSettings,
) -> BySoum {
    soums.map(|code| (code, one(losses.get(&code), baseline, reporting, settings))).collect()
}

/// Rangeland lost between the end of the baseline and the end of the reporting period, percent.
#[must_use]
pub fn after_baseline(loss: &BTreeMap<i32, f64>, baseline: Years, reporting: Years) -> f64 {
    loss.range(baseline.last + 1..=reporting.last).map(|(_, percent)| percent).sum()
}

/// The change of a yearly loss, percent.
pub(crate) fn one(
    loss: Option<&BTreeMap<i32, f64>>,
    baseline: Years,
    reporting: Years,
    settings: &TestSettings,
) -> Measured {
    let unit = "percent_lost_per_year";
    let Some(loss) = loss.filter(|l| !l.is_empty()) else {
        return Measured::nothing(unit, vec![Reason::NoLandCoverSeries]);
    };
    let within = |span: Years| -> Vec<f64> { loss.range(span.first..=span.last).map(|(_, v)| *v).collect() };
    let change = change_between(loss, baseline, reporting, settings);
    let seen = within(baseline).len() + within(reporting).len();
    Measured {
        estimate: change.as_ref().ok().map(|c| c.estimate.improvement_signed(Better::Lower)),
        noise_floor: None,
        raw_effect: change.as_ref().ok().map(|c| -c.estimate.effect),
        baseline_value: mean(&within(baseline)),
        reporting_value: mean(&within(reporting)),
        value_unit: unit,
        years: (within(baseline).len(), within(reporting).len()),
        tier: Tier::T2,
        coverage: Some(seen as f64 / (baseline.len() + reporting.len()) as f64),
        n_plots: None,
        n_eff: change.as_ref().ok().map(|c| c.baseline_years_effective + c.reporting_years_effective),
        reasons: change.err().map(|e| e.reason()).into_iter().collect(),
        flags: Vec::new(),
        yearly: Some(Yearly {
            observed: Observed::bare(loss),
            values: loss.iter().map(|(y, v)| (*y, -v)).collect(),
            common: 0.0,
            ln_to_percent: false,
            persistence: None,
        }),
        points: None,
        facts: Facts { converted_percent: Some(after_baseline(loss, baseline, reporting)), ..Facts::default() },
    }
}
