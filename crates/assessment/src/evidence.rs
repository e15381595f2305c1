//! Evidence: what the inputs say of each soum and indicator, before any decision.

pub mod condition;
pub mod conversion;
pub mod degradation;
pub mod pressure;
pub mod productivity;
mod zones;

use std::collections::BTreeMap;

use belcheer_domain::{SoumCode, Tier, Years};
use belcheer_verification::{Estimate, Flag, Reason, year_band};
use serde::{Deserialize, Serialize};

pub use zones::dominant_zones;

#[cfg(test)]
mod tests;

/// Yearly values behind a change, signed so that larger is better.
#[derive(Debug, Clone, PartialEq)]
pub struct Yearly {
    /// What was observed of each year, in the indicator's value unit.
    pub observed: BTreeMap<i32, Observed>,
    /// Value by year, on the scale of the test.
    pub values: BTreeMap<i32, f64>,
    /// What all years share by construction, such as the capacity that every year's herd is held against; a change
    /// does not depend on it, and a frozen baseline is compared without it.
    pub common: f64,
    /// Whether the scale is a natural log whose change is told in percent.
    pub ln_to_percent: bool,
    /// Lag-1 correlation of years that all soums share, where the change is formed with it.
    pub persistence: Option<f64>,
}

/// The value of one year as observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// The value.
    pub value: f64,
    /// Its 90 % interval, where one can be formed.
    pub ci90: Option<(f64, f64)>,
}

impl Observed {
    /// Values without intervals.
    pub(crate) fn bare<'a>(values: impl IntoIterator<Item = (&'a i32, &'a f64)>) -> BTreeMap<i32, Self> {
        values.into_iter().map(|(year, value)| (*year, Self { value: *value, ci90: None })).collect()
    }
}

impl Yearly {
    /// An estimate on the scale of the test, in the indicator's unit.
    #[must_use]
    pub fn in_unit(&self, estimate: Estimate) -> Estimate {
        if self.ln_to_percent { estimate.ln_to_percent() } else { estimate }
    }

    /// Range of single years around the baseline's mean, in the indicator's unit.
    #[must_use]
    pub fn band_in_unit(&self, baseline: Years, confidence: f64) -> Option<(f64, f64)> {
        let (low, high) = year_band(&self.values, baseline, confidence)?;
        Some((self.effect_in_unit(low), self.effect_in_unit(high)))
    }

    /// A change alone, in the indicator's unit.
    #[must_use]
    pub fn effect_in_unit(&self, effect: f64) -> f64 {
        if self.ln_to_percent { 100.0 * effect.exp_m1() } else { effect }
    }
}

/// Numbers that a reviewer asks for, where the indicator has them.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// Largest fall of the herd within a year after the baseline, percent.
    pub herd_fall_percent: Option<f64>,
    /// Rangeland converted after the baseline, percent.
    pub converted_percent: Option<f64>,
    /// Change of the degraded share by each look-up table in use: the worst and the best, points, positive = better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_table: Option<(f64, f64)>,
    /// Change of the share in recovery classes IV and V, points.
    pub severity_change_points: Option<f64>,
}

/// What was measured of one indicator in one soum. Effects are improvement-signed, in the indicator's unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Change with interval, test and minimum detectable change, where it could be formed.
    pub estimate: Option<Estimate>,
    /// Half-width of the interval of a placebo change on the same series: its own noise.
    pub noise_floor: Option<f64>,
    /// Change without adjustment.
    pub raw_effect: Option<f64>,
    /// Value over the baseline.
    pub baseline_value: Option<f64>,
    /// Value over the reporting period.
    pub reporting_value: Option<f64>,
    /// Unit of the two values.
    pub value_unit: &'static str,
    /// Years with a value in the baseline and in the reporting period.
    pub years: (usize, usize),
    /// Strength of the evidence.
    pub tier: Tier,
    /// Share of the area or of the expected observations that is there.
    pub coverage: Option<f64>,
    /// Plots or points used.
    pub n_plots: Option<u32>,
    /// Effective number of observations.
    pub n_eff: Option<f64>,
    /// Reasons why evidence is missing or weak.
    pub reasons: Vec<Reason>,
    /// Flags of the estimate.
    pub flags: Vec<Flag>,
    /// The yearly values behind the change, where the design is yearly.
    pub yearly: Option<Yearly>,
    /// Standard deviation between points of the change, in the indicator's unit, and how many points there are.
    pub points: Option<(f64, usize)>,
    /// Numbers for reviewers.
    pub facts: Facts,
}

impl Measured {
    /// Nothing measured, for these reasons.
    #[must_use]
    pub fn nothing(value_unit: &'static str, reasons: Vec<Reason>) -> Self {
        Self {
            estimate: None,
            noise_floor: None,
            raw_effect: None,
            baseline_value: None,
            reporting_value: None,
            value_unit,
            years: (0, 0),
            tier: Tier::T0,
            coverage: None,
            n_plots: None,
            n_eff: None,
            reasons,
            flags: Vec::new(),
            yearly: None,
            points: None,
            facts: Facts::default(),
        }
    }
}

/// What was measured, by soum.
pub type BySoum = BTreeMap<SoumCode, Measured>;

/// Mean of some numbers; `None` for none.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
