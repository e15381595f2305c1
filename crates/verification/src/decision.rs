//! The class of one indicator of one soum, from its evidence.
//!
//! ```text
//! improved      p_bh <= q, effect > 0, effect >= eps_min, tier >= T2, MDC <= 2 eps, no flag that blocks
//! declined      p_bh <= q, effect < 0, tier >= T1
//! stable        interval inside (-eps, +eps), MDC known and <= 2 eps, tier >= T1       (tiers and multiples: the scheme's)
//! insufficient  otherwise; or coverage below the minimum, too few years, a flag that blocks everything
//! ```
//! The rule is asymmetric on purpose: good news needs more than bad news.
//!
//! - **A decline stands even when MDC > 2 eps.** The minimum detectable change says what a design can be *expected* to
//!   see; a decline that was seen beyond chance was seen. Were it to block, a soum could hide a decline in noise. The
//!   verdict then carries `mdc_gt_2eps` beside the class. An improvement does not stand: a weak design that finds
//!   one overstates it.
//! - **Coverage, years and blocking flags come first, for all classes,** since the number then does not speak of the soum.
//!   A decline beyond chance on such evidence is not lost: the verdict is `insufficient` with `decline_unconfirmed`, and
//!   the soum's status cannot be verified while it stands (see [`crate::soum_status`]).

use belcheer_domain::{Class, Decision, IndicatorRule, Tier};
use serde::{Deserialize, Serialize};

use crate::{
    Blocks, Evidence, Reason, Resolution, VerificationParameters, equivalence::inside_margin, resolution::cheapest,
};

/// What is said of one indicator of one soum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The class.
    pub class: Class,
    /// The margin used, in the rule's unit: the scheme's, or the soum's noise floor where that is wider.
    pub epsilon: f64,
    /// Tier of the evidence.
    pub tier: Tier,
    /// Why, in order of need. Never empty for `insufficient`; notes only for the other classes.
    pub reasons: Vec<Reason>,
    /// For `insufficient`, the cheapest way forward.
    pub cheapest: Option<Resolution>,
}

/// The margin in force: the scheme's epsilon, or the soum's own noise floor where the scheme says so and it is wider.
#[must_use]
pub fn effective_margin(evidence: &Evidence, rule: &IndicatorRule) -> f64 {
    finite(evidence.noise_floor).filter(|_| rule.noise_floor).map_or(rule.epsilon, |floor| floor.max(rule.epsilon))
}

/// Judges one indicator of one soum.
///
/// ```
/// use belcheer_domain::{Class, Scheme, Tier, Indicator};
/// use belcheer_verification::{Evidence, VerificationParameters, decide};
/// let scheme = Scheme::from_toml(include_str!("../../../schemes/mn-national-1.toml")).unwrap();
/// let parameters = VerificationParameters::named("verification_1").unwrap();
/// let evidence = Evidence {
///     effect: Some(-8.0), ci_low: Some(-12.0), ci_high: Some(-4.0), p_bh: Some(0.01), mdc: Some(7.0),
///     tier: Tier::T1, coverage: Some(0.95), baseline_years: Some(10), reporting_years: Some(5),
///     ..Evidence::missing(vec![])
/// };
/// let verdict = decide(&evidence, scheme.rule(Indicator::I1).unwrap(), &scheme.decision, &parameters);
/// assert_eq!(verdict.class, Class::Declined);
/// ```
#[must_use]
pub fn decide(
    evidence: &Evidence,
    rule: &IndicatorRule,
    decision: &Decision,
    parameters: &VerificationParameters,
) -> Verdict {
    let margin = effective_margin(evidence, rule);
    let facts = Facts::new(evidence, rule, decision, margin, parameters);
    let (class, mut reasons) = facts.judge(evidence, decision);
    reasons.sort_unstable();
    reasons.dedup();
    let cheapest = match class {
        Class::Insufficient => cheapest(&reasons, evidence, decision, margin),
        _ => None,
    };
    Verdict { class, epsilon: margin, tier: evidence.tier, reasons, cheapest }
}

/// The statements that the classes are made of.
struct Facts {
    effect: Option<f64>,
    significant: bool,
    large_enough: bool,
    inside: bool,
    mdc_known: bool,
    mdc_too_wide: bool,
    noise_too_high: bool,
    untested: bool,
}

impl Facts {
    fn new(
        evidence: &Evidence,
        rule: &IndicatorRule,
        decision: &Decision,
        margin: f64,
        parameters: &VerificationParameters,
    ) -> Self {
        let effect = finite(evidence.effect);
        let p = finite(evidence.p_bh);
        let mdc = finite(evidence.mdc);
        let interval = finite(evidence.ci_low).zip(finite(evidence.ci_high));
        Self {
            effect,
            significant: p.is_some_and(|p| p <= decision.false_discovery_rate),
            large_enough: effect.is_some_and(|e| e > 0.0 && e >= rule.epsilon_min),
            inside: interval.is_some_and(|(low, high)| inside_margin(low, high, margin)),
            mdc_known: mdc.is_some(),
            mdc_too_wide: mdc.is_some_and(|m| m > decision.mdc_multiple_max * margin),
            noise_too_high: margin > parameters.margin.noise_floor_multiple_max * rule.epsilon,
            untested: p.is_none() && mdc == Some(0.0) && effect.is_some_and(|e| e != 0.0),
        }
    }

    fn judge(&self, evidence: &Evidence, decision: &Decision) -> (Class, Vec<Reason>) {
        let Some(effect) = self.effect else {
            let gaps = if evidence.gaps.is_empty() { vec![Reason::NotComputed] } else { evidence.gaps.clone() };
            return (Class::Insufficient, gaps);
        };
        let declined = self.significant && effect < 0.0;
        let mut unfit = unfit(evidence, decision);
        if !unfit.is_empty() {
            if declined {
                unfit.push(Reason::DeclineUnconfirmed);
            }
            return (Class::Insufficient, unfit);
        }
        let notes = self.weaknesses();
        if declined {
            return (Class::Declined, notes);
        }
        let blocked = blocking(evidence, Blocks::Improved);
        let improving = self.significant && self.large_enough;
        if improving && evidence.tier >= decision.improved_tier_min && blocked.is_empty() && notes.is_empty() {
            return (Class::Improved, notes);
        }
        if self.inside && self.mdc_known && notes.is_empty() {
            return (Class::Stable, blocked);
        }
        (Class::Insufficient, self.undecided(evidence, decision, effect, improving, notes, blocked))
    }

    /// Why the design is too weak, whatever it found.
    fn weaknesses(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.noise_too_high {
            reasons.push(Reason::NoiseFloorTooHigh);
        }
        if self.mdc_too_wide {
            reasons.push(Reason::MdcGt2Eps);
        }
        reasons
    }

    fn undecided(
        &self,
        evidence: &Evidence,
        decision: &Decision,
        effect: f64,
        improving: bool,
        mut reasons: Vec<Reason>,
        blocked: Vec<Reason>,
    ) -> Vec<Reason> {
        if !self.mdc_known {
            reasons.push(Reason::MdcUnknown);
        }
        if self.untested {
            reasons.push(Reason::NoBetweenYearVariance);
        }
        if improving {
            if evidence.tier < decision.improved_tier_min {
                reasons.push(Reason::TierTooLow);
            }
            reasons.extend(blocked);
        } else if !self.significant {
            reasons.push(Reason::NotSignificant);
        } else if effect > 0.0 {
            reasons.push(Reason::EffectBelowMinimum);
        }
        if !self.inside {
            reasons.push(Reason::CiCrossesMargin);
        }
        reasons
    }
}

/// What makes the evidence unfit for any class.
fn unfit(evidence: &Evidence, decision: &Decision) -> Vec<Reason> {
    let mut reasons = Vec::new();
    match finite(evidence.coverage) {
        None => reasons.push(Reason::CoverageUnknown),
        Some(coverage) if coverage < decision.coverage_min => reasons.push(Reason::CoverageBelowMinimum),
        Some(_) => {}
    }
    if evidence.baseline_years.is_some_and(|n| n < decision.baseline_years_min) {
        reasons.push(Reason::TooFewBaselineYears);
    }
    if evidence.reporting_years.is_some_and(|n| n < decision.reporting_years_min) {
        reasons.push(Reason::TooFewReportingYears);
    }
    if evidence.tier < decision.declined_tier_min {
        reasons.push(Reason::TierTooLow);
    }
    reasons.extend(blocking(evidence, Blocks::Everything));
    reasons
}

/// `blocking_flag` with the reasons of the flags that block exactly this; empty without such flags.
fn blocking(evidence: &Evidence, what: Blocks) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = evidence.flags.iter().filter(|f| f.blocks() == what).map(|f| f.reason()).collect();
    if !reasons.is_empty() {
        reasons.push(Reason::BlockingFlag);
    }
    reasons
}

pub(crate) fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite())
}

#[cfg(test)]
mod tests;
