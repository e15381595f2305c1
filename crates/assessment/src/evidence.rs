//! Evidence: what the inputs say of each soum and indicator, before any decision.

pub mod condition;
pub mod conversion;
pub mod degradation;
pub mod pressure;
pub mod productivity;
mod zones;

use std::collections::BTreeMap;

use belcheer_domain::{SoumCode, Tier};
use belcheer_verification::{Estimate, Flag, Reason};

pub use zones::dominant_zones;

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
        }
    }
}

/// What was measured, by soum.
pub type BySoum = BTreeMap<SoumCode, Measured>;

/// Mean of some numbers; `None` for none.
fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
