//! The rules of a scheme: indicators, baseline, score, contribution.

use serde::{Deserialize, Serialize};

/// How one indicator is decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorRule {
    /// Unit of effect, interval, margin and minimum detectable change.
    pub unit: String,
    /// Equivalence margin in that unit; the smallest change that matters.
    pub epsilon: f64,
    /// Smallest effect that may be called improved, in that unit.
    pub epsilon_min: f64,
    /// Weight in the score.
    pub weight: f64,
    /// Whether the margin is widened to the soum's own noise, as its placebo shows it.
    #[serde(default)]
    pub noise_floor: bool,
    /// Level part of the score: points (value, score from 0 to 100), linear between, flat beyond the ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub level: Vec<(f64, f64)>,
    /// Largest share of the rangeland, percent, that may be converted after the baseline for an improvement to count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion_max_percent: Option<f64>,
    /// Largest fall of the herd within a year, percent, that an improvement may hold; beyond it, deaths are assumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub herd_fall_max_percent: Option<f64>,
}

/// How the baseline is frozen and how its choice is tested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineRule {
    /// Shortest window of other baselines that are tried, years.
    pub window_years_min: usize,
    /// Longest window of other baselines that are tried, years.
    pub window_years_max: usize,
}

/// How the score is made; the score is for communication and never overrules the status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreRule {
    /// Share of the trend part where an indicator has level points.
    pub trend_share: f64,
    /// Fewest decided indicators.
    pub indicators_min: usize,
    /// Highest score of a soum with a decline at tier T2 or higher.
    pub decline_cap: f64,
    /// Factor of the uncertainty deduction.
    pub haircut_factor: f64,
    /// Normal quantile in the uncertainty deduction.
    pub haircut_z: f64,
    /// Concentration of the Dirichlet draws of weights about the scheme's: the larger, the nearer.
    pub weight_concentration: f64,
    /// Draws of weights, and of ranks.
    pub weight_draws: usize,
}

/// When a programme may be said to have contributed; it never changes an outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContributionRule {
    /// Fewest soums outside the programme to compare with.
    pub donors_min: usize,
    /// Most soums to compare with: the most alike are taken.
    pub donors_max: usize,
    /// Largest difference of a donor's stocking ratio over the baseline from the enrolled soum's, as a share of it.
    pub stocking_ratio_tolerance: f64,
    /// Smallest p of the test for diverging trends before the programme; below it nothing may be claimed.
    pub pre_trend_p_min: f64,
    /// Largest p of the difference for `supported`.
    pub p_max: f64,
}
