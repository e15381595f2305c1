//! What is known of one indicator of one soum when it is to be judged.

use belcheer_domain::Tier;
use serde::{Deserialize, Serialize};

use crate::{Estimate, Flag, Reason};

/// The evidence; effect, interval, MDC and noise floor are in the rule's unit, signed so that positive is better.
///
/// A missing number is `None`; a number that is not finite counts as missing. Start from [`Evidence::missing`] or
/// [`Evidence::of`] and set what is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The change.
    pub effect: Option<f64>,
    /// Lower end of its interval at the scheme's confidence.
    pub ci_low: Option<f64>,
    /// Upper end of its interval.
    pub ci_high: Option<f64>,
    /// Its p-value adjusted over all soums of the cycle.
    pub p_bh: Option<f64>,
    /// Its minimum detectable change.
    pub mdc: Option<f64>,
    /// Half-width of the soum's placebo interval: a margin below its own noise would be no margin.
    pub noise_floor: Option<f64>,
    /// Strength of the evidence.
    pub tier: Tier,
    /// Share of the assessed area with valid observations, 0..1.
    pub coverage: Option<f64>,
    /// Baseline years with data; `None` where the design is not yearly (points visited once before and once after).
    pub baseline_years: Option<usize>,
    /// Reporting years with data; `None` where the design is not yearly.
    pub reporting_years: Option<usize>,
    /// Points visited in both periods, where the indicator rests on points.
    pub points: Option<usize>,
    /// Standard deviation between points of the change, in the rule's unit, where the indicator rests on points.
    pub point_sd: Option<f64>,
    /// Marks on the evidence.
    pub flags: Vec<Flag>,
    /// What was missing, where the change could not be computed.
    pub gaps: Vec<Reason>,
}

impl Evidence {
    /// Evidence of nothing: the inputs named were missing.
    #[must_use]
    pub fn missing(gaps: Vec<Reason>) -> Self {
        Self {
            effect: None,
            ci_low: None,
            ci_high: None,
            p_bh: None,
            mdc: None,
            noise_floor: None,
            tier: Tier::T0,
            coverage: None,
            baseline_years: None,
            reporting_years: None,
            points: None,
            point_sd: None,
            flags: Vec::new(),
            gaps,
        }
    }

    /// Evidence from an estimate (in the rule's unit, positive = better) and its adjusted p.
    #[must_use]
    pub fn of(estimate: &Estimate, p_bh: Option<f64>, tier: Tier, coverage: f64) -> Self {
        Self {
            effect: Some(estimate.effect),
            ci_low: Some(estimate.ci_low),
            ci_high: Some(estimate.ci_high),
            p_bh,
            mdc: Some(estimate.mdc),
            tier,
            coverage: Some(coverage),
            ..Self::missing(Vec::new())
        }
    }
}
