//! The JSON of a comparison with soums outside the programme.

use belcheer_verification::{Contribution, ContributionEvidence};
use serde::Serialize;
use utoipa::ToSchema;

use crate::verification::shape::ReasonBody;
use crate::words;

/// An enrolled soum against like soums outside the programme. Effects are in the indicator's unit, positive = better.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContributionBody {
    /// What may be said of the programme's part.
    #[schema(value_type = String, pattern = "^(none|consistent|supported)$")]
    pub(crate) evidence: ContributionEvidence,
    /// What it is compared with: like soums outside, or what its weather alone would let expect.
    #[schema(pattern = "^(donors|model)$")]
    pub(crate) counterfactual: Option<&'static str>,
    /// Codes of the soums it is compared with.
    pub(crate) donors: Vec<String>,
    /// Largest difference of baseline mean or trend from the donors' mean, in standard deviations of eligible soums.
    pub(crate) worst_difference: Option<f64>,
    /// Difference in differences.
    pub(crate) effect: Option<f64>,
    /// Lower end of its 90 % interval.
    pub(crate) ci90_low: Option<f64>,
    /// Upper end of its 90 % interval.
    pub(crate) ci90_high: Option<f64>,
    /// Two-sided p of the difference.
    pub(crate) p: Option<f64>,
    /// p of diverging trends within the baseline.
    pub(crate) pre_trend_p: Option<f64>,
    /// The test behind it.
    #[schema(pattern = "^(joint|slope)$")]
    pub(crate) pre_trend_test: Option<&'static str>,
    /// Placebo p: rank of the soum's departure from its synthetic control among those of the donors.
    pub(crate) placebo_p: Option<f64>,
    /// The smallest placebo p that so many donors can give.
    pub(crate) smallest_placebo_p: Option<f64>,
    /// Effect against the synthetic control; null where the fit is discarded.
    pub(crate) synthetic_effect: Option<f64>,
    /// Baseline error of the synthetic control, in standard deviations of the soum's baseline.
    pub(crate) synthetic_fit_sd: Option<f64>,
    /// Why no more is said.
    pub(crate) limits: Vec<ReasonBody>,
}

impl From<&Contribution> for ContributionBody {
    fn from(found: &Contribution) -> Self {
        let estimate = found.estimate;
        let limit = |l: &belcheer_verification::ContributionLimit| ReasonBody {
            code: l.code().to_owned(),
            text: words::contribution_limit(*l),
        };
        Self {
            evidence: found.evidence,
            counterfactual: found.counterfactual.map(belcheer_verification::Counterfactual::as_str),
            donors: found.donor_soums.iter().map(ToString::to_string).collect(),
            worst_difference: found.worst_difference,
            effect: estimate.map(|e| e.effect),
            ci90_low: estimate.map(|e| e.ci_low),
            ci90_high: estimate.map(|e| e.ci_high),
            p: estimate.and_then(|e| e.p),
            pre_trend_p: found.pre_trend_p,
            pre_trend_test: found.pre_trend_test.map(belcheer_verification::PreTrendTest::as_str),
            placebo_p: found.placebo_p,
            smallest_placebo_p: found.smallest_placebo_p,
            synthetic_effect: found.synthetic.and_then(|s| s.effect),
            synthetic_fit_sd: found.synthetic.map(|s| s.fit_sd),
            limits: found.limits.iter().map(limit).collect(),
        }
    }
}
