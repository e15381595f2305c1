//! The soum score, 0..100: for communication only. The status governs; a score never overrules it.
//!
//! ```text
//! trend part   s = 50 + 50 clip(effect / (2 eps), -1, 1)
//! with bands   s = 0.6 trend + 0.4 level
//! haircut      s (1 - UA),  UA = 0.524417 HW90 / 1.645006,  HW90 = half-width of s's interval / s     (ART TREES 2.0)
//! score        sum of w s / sum of w over the decided indicators
//! ```
//! None with fewer than four decided indicators, without I1 or I2 at tier T2, or with a flag that blocks everything.
//! A decline at tier T2 or higher caps it at 59.

mod sensitivity;

use belcheer_domain::{Class, Decision, Indicator, SoumCode, Tier};
use serde::{Deserialize, Serialize};

use crate::{
    Reason, VerificationParameters, decision::finite, monte_carlo, parameters::Score, student::normal_quantile,
};

pub use sensitivity::{central_90, rank_intervals, scores_under_weights, weight_draws};

/// Level bands: points `(value, score)` in rising order of value, linear between, flat beyond the ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bands(Vec<(f64, f64)>);

impl Bands {
    /// Bands from points; `None` unless there are two or more, values strictly rise and scores lie in 0..=100.
    #[must_use]
    pub fn new(points: Vec<(f64, f64)>) -> Option<Self> {
        let rising = points.windows(2).all(|w| matches!(w, [a, b] if a.0 < b.0));
        let valid = points.iter().all(|(v, s)| v.is_finite() && (0.0..=100.0).contains(s));
        (points.len() >= 2 && rising && valid).then_some(Self(points))
    }

    /// The score of a level.
    ///
    /// ```
    /// let bands = belcheer_verification::Bands::new(vec![(0.0, 0.0), (50.0, 40.0), (70.0, 80.0), (100.0, 100.0)]).unwrap();
    /// assert_eq!((bands.score(60.0), bands.score(-5.0), bands.score(200.0)), (60.0, 0.0, 100.0));
    /// ```
    #[must_use]
    pub fn score(&self, level: f64) -> f64 {
        let mut below = None;
        for (value, score) in &self.0 {
            if level <= *value {
                return match below {
                    Some((v0, s0)) => s0 + (score - s0) * (level - v0) / (value - v0),
                    None => *score,
                };
            }
            below = Some((*value, *score));
        }
        below.map_or(0.0, |(_, score)| score)
    }
}

/// One indicator's part in the score; effect and interval in the rule's unit, positive = better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScorePart {
    /// The indicator.
    pub indicator: Indicator,
    /// Its class.
    pub class: Class,
    /// Its tier.
    pub tier: Tier,
    /// Its weight.
    pub weight: f64,
    /// The change.
    pub effect: Option<f64>,
    /// Lower end of its interval at the scheme's confidence.
    pub ci_low: Option<f64>,
    /// Upper end of its interval.
    pub ci_high: Option<f64>,
    /// The margin in force.
    pub epsilon: f64,
    /// Score of the level, 0..100, where the indicator has bands.
    pub level: Option<f64>,
    /// Whether a flag blocks everything.
    pub blocked: bool,
}

/// The score of a soum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SoumScore {
    /// The score, 0..100.
    pub score: Option<f64>,
    /// Its Monte-Carlo interval at the scheme's confidence.
    pub interval: Option<(f64, f64)>,
    /// Scores under drawn effects, in the order of the draws; empty without a score. Ranks are made of them.
    #[serde(skip)]
    pub draws: Vec<f64>,
    /// The indicators in it.
    pub indicators_used: Vec<Indicator>,
    /// Why there is none, or why it is capped.
    pub reasons: Vec<Reason>,
}

/// The trend part of an indicator's score, 0..100.
///
/// ```
/// use belcheer_verification::trend_score;
/// assert_eq!((trend_score(0.0, 5.0), trend_score(5.0, 5.0), trend_score(-99.0, 5.0)), (50.0, 75.0, 0.0));
/// ```
#[must_use]
pub fn trend_score(effect: f64, epsilon: f64) -> f64 {
    50.0 + 50.0 * (effect / (2.0 * epsilon)).clamp(-1.0, 1.0)
}

/// The uncertainty deduction of ART TREES 2.0, 0..=1, for a 90 % half-width given as a share of the value.
#[must_use]
pub fn haircut(half_width_fraction: f64, parameters: &VerificationParameters) -> f64 {
    deduction(half_width_fraction, &parameters.score)
}

fn deduction(half_width_fraction: f64, set: &Score) -> f64 {
    (set.haircut_factor * half_width_fraction / set.haircut_z).clamp(0.0, 1.0)
}

/// The score of a soum with a seeded Monte-Carlo interval.
///
/// Draws take each effect as normal about its estimate, with the spread of its interval, independently of the other
/// indicators; haircut and cap are those of the estimate. Each indicator draws from its own stream.
#[must_use]
pub fn soum_score(
    soum: SoumCode,
    parts: &[ScorePart],
    decision: &Decision,
    parameters: &VerificationParameters,
    seed: u64,
) -> SoumScore {
    let set = &parameters.score;
    let used = used_parts(parts);
    let indicators_used = used.iter().map(|(p, _)| p.indicator).collect();
    let refused = refusals(parts, &used, decision, set);
    if !refused.is_empty() {
        return SoumScore { score: None, interval: None, draws: Vec::new(), indicators_used, reasons: refused };
    }
    let (cap, reasons) =
        if capped(&used) { (set.decline_cap, vec![Reason::CappedByDecline]) } else { (100.0, Vec::new()) };
    let shares: Vec<f64> = used.iter().map(|(p, _)| 1.0 - deduction(half_width_fraction(p, set), set)).collect();
    let total_weight: f64 = used.iter().map(|(p, _)| p.weight).sum();
    let weighted = |effects: &mut dyn Iterator<Item = f64>| {
        let parts = used.iter().zip(&shares).zip(effects);
        let total: f64 = parts.map(|(((p, _), share), effect)| p.weight * share * part_score(p, effect, set)).sum();
        (total / total_weight).min(cap).max(0.0)
    };
    let score = weighted(&mut used.iter().map(|(_, effect)| *effect));

    let spread = normal_quantile(0.5 + 0.5 * decision.confidence);
    let sds: Vec<f64> = used.iter().map(|(p, _)| spread.map_or(0.0, |z| half_width(p).unwrap_or(0.0) / z)).collect();
    let mut streams: Vec<_> =
        used.iter().map(|(p, _)| monte_carlo::soum_stream(seed, "score", soum, p.indicator)).collect();
    let draws: Vec<f64> = (0..decision.monte_carlo_draws)
        .map(|_| {
            let mut effects = used
                .iter()
                .zip(&sds)
                .zip(&mut streams)
                .map(|(((_, effect), sd), stream)| effect + sd * monte_carlo::standard_normal(stream));
            weighted(&mut effects)
        })
        .collect();
    let interval = monte_carlo::percentile_interval(draws.clone(), decision.confidence);
    SoumScore { score: Some(score), interval, draws, indicators_used, reasons }
}

/// The decided parts with their effects, by indicator.
fn used_parts(parts: &[ScorePart]) -> Vec<(&ScorePart, f64)> {
    let mut used: Vec<(&ScorePart, f64)> = parts
        .iter()
        .filter(|p| p.class != Class::Insufficient && p.epsilon > 0.0 && p.weight > 0.0)
        .filter_map(|p| finite(p.effect).map(|effect| (p, effect)))
        .collect();
    used.sort_by_key(|(p, _)| p.indicator);
    used
}

fn capped(used: &[(&ScorePart, f64)]) -> bool {
    used.iter().any(|(p, _)| p.class == Class::Declined && p.tier >= Tier::T2)
}

fn refusals(parts: &[ScorePart], used: &[(&ScorePart, f64)], decision: &Decision, set: &Score) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if parts.iter().any(|p| p.blocked) {
        reasons.push(Reason::BlockingFlag);
    }
    if used.len() < set.indicators_min {
        reasons.push(Reason::TooFewIndicators);
    }
    let key = |p: &ScorePart| decision.key_indicators.contains(&p.indicator) && p.tier >= Tier::T2;
    if !used.iter().any(|(p, _)| key(p)) {
        reasons.push(Reason::KeyTierTooLow);
    }
    reasons
}

/// Trend and level of one indicator, without haircut.
fn part_score(part: &ScorePart, effect: f64, set: &Score) -> f64 {
    let trend = trend_score(effect, part.epsilon);
    part.level.map_or(trend, |level| set.trend_share * trend + (1.0 - set.trend_share) * level.clamp(0.0, 100.0))
}

fn half_width(part: &ScorePart) -> Option<f64> {
    let (low, high) = finite(part.ci_low).zip(finite(part.ci_high))?;
    Some((0.5 * (high - low)).max(0.0))
}

/// Half the width of the part score's interval as a share of the part score; without an interval all is uncertain.
fn half_width_fraction(part: &ScorePart, set: &Score) -> f64 {
    let (Some(effect), Some((low, high))) = (finite(part.effect), finite(part.ci_low).zip(finite(part.ci_high))) else {
        return f64::INFINITY;
    };
    let score = part_score(part, effect, set);
    if score <= 0.0 {
        return 0.0;
    }
    (0.5 * (part_score(part, high, set) - part_score(part, low, set)) / score).max(0.0)
}

#[cfg(test)]
mod tests;
