//! How much a score and its rank depend on the weights chosen, and on chance.
//!
//! Weights are drawn from a Dirichlet distribution about the scheme's: `w ~ Dirichlet(concentration * w_scheme)`, by
//! gamma variates (Marsaglia & Tsang 2000). A draw of weights is the same for all soums, so that ranks can be compared.

use std::collections::BTreeMap;

use belcheer_domain::{Decision, Indicator};

use super::{ScorePart, capped, deduction, half_width_fraction, part_score, refusals, used_parts};
use crate::{
    VerificationParameters,
    monte_carlo::{self, Stream, quantile_sorted},
};

/// Draws of weights about the scheme's, each summing to 1.
///
/// ```
/// use std::collections::BTreeMap;
/// use belcheer_domain::Indicator;
/// let scheme = BTreeMap::from([(Indicator::I1, 0.25), (Indicator::I2, 0.75)]);
/// let draws = belcheer_verification::weight_draws(&scheme, 20.0, 2000, 1);
/// let mean = draws.iter().map(|d| d[&Indicator::I1]).sum::<f64>() / 2000.0;
/// assert!((mean - 0.25).abs() < 0.01);
/// ```
#[must_use]
pub fn weight_draws(
    weights: &BTreeMap<Indicator, f64>,
    concentration: f64,
    draws: usize,
    seed: u64,
) -> Vec<BTreeMap<Indicator, f64>> {
    let total: f64 = weights.values().sum();
    let mut random = monte_carlo::stream(seed, "weights");
    (0..draws)
        .map(|_| {
            let drawn: Vec<f64> = weights
                .values()
                .map(|w| gamma(&mut random, concentration * w / total).max(f64::MIN_POSITIVE))
                .collect();
            let sum: f64 = drawn.iter().sum();
            weights.keys().copied().zip(drawn.into_iter().map(|g| g / sum)).collect()
        })
        .collect()
}

/// The score of a soum under each draw of weights; empty where it has no score.
#[must_use]
pub fn scores_under_weights(
    parts: &[ScorePart],
    draws: &[BTreeMap<Indicator, f64>],
    decision: &Decision,
    parameters: &VerificationParameters,
) -> Vec<f64> {
    let set = &parameters.score;
    let used = used_parts(parts);
    if !refusals(parts, &used, decision, set).is_empty() {
        return Vec::new();
    }
    let cap = if capped(&used) { set.decline_cap } else { 100.0 };
    let worth: Vec<(Indicator, f64)> = used
        .iter()
        .map(|(p, effect)| {
            (p.indicator, (1.0 - deduction(half_width_fraction(p, set), set)) * part_score(p, *effect, set))
        })
        .collect();
    draws
        .iter()
        .map(|weights| {
            let of = |i: &Indicator| weights.get(i).copied().unwrap_or(0.0);
            let sum: f64 = worth.iter().map(|(i, _)| of(i)).sum();
            let total: f64 = worth.iter().map(|(i, s)| of(i) * s).sum();
            if sum > 0.0 { (total / sum).min(cap).max(0.0) } else { 0.0 }
        })
        .collect()
}

/// The range of some values without their lowest and highest twentieth; `None` for no values.
#[must_use]
pub fn central_90(values: &[f64]) -> Option<(f64, f64)> {
    monte_carlo::percentile_interval(values.to_vec(), 0.90)
}

/// The interval that holds each unit's rank in `confidence` of the draws; rank 1 is the highest score.
///
/// `scores` holds one list of draws a unit; draw k of all units belongs together. Units without draws have no rank. Equal
/// scores share the better rank.
///
/// ```
/// let ranks = belcheer_verification::rank_intervals(&[vec![3.0, 3.0], vec![], vec![1.0, 9.0]], 0.90);
/// assert_eq!(ranks, [Some((1, 2)), None, Some((1, 2))]);
/// ```
#[must_use]
pub fn rank_intervals(scores: &[Vec<f64>], confidence: f64) -> Vec<Option<(u32, u32)>> {
    let draws = scores.iter().map(Vec::len).filter(|n| *n > 0).min().unwrap_or(0);
    let mut ranks: Vec<Vec<f64>> = scores.iter().map(|s| Vec::with_capacity(s.len().min(draws))).collect();
    for draw in 0..draws {
        let mut order: Vec<(f64, usize)> =
            scores.iter().enumerate().filter_map(|(unit, s)| s.get(draw).map(|v| (*v, unit))).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut shared = (f64::NAN, 0.0);
        for (place, (score, unit)) in order.into_iter().enumerate() {
            if score.total_cmp(&shared.0).is_ne() {
                shared = (score, place as f64 + 1.0);
            }
            if let Some(of_unit) = ranks.get_mut(unit) {
                of_unit.push(shared.1);
            }
        }
    }
    ranks
        .into_iter()
        .map(|mut of_unit| {
            of_unit.sort_by(f64::total_cmp);
            let tail = 0.5 * (1.0 - confidence);
            let (low, high) = quantile_sorted(&of_unit, tail).zip(quantile_sorted(&of_unit, 1.0 - tail))?;
            Some((low.floor() as u32, high.ceil() as u32))
        })
        .collect()
}

/// A draw from the gamma distribution of scale 1 (Marsaglia & Tsang 2000); 0 for a shape that is not positive.
fn gamma(random: &mut Stream, shape: f64) -> f64 {
    if shape.is_nan() || shape <= 0.0 {
        return 0.0;
    }
    if shape < 1.0 {
        let boost = monte_carlo::uniform(random).powf(1.0 / shape);
        return boost * gamma(random, shape + 1.0);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = monte_carlo::standard_normal(random);
        let v = (1.0 + c * x).powi(3);
        let u = monte_carlo::uniform(random);
        if v > 0.0 && u.ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sums::{mean, variance};

    #[test]
    fn gamma_draws_have_mean_and_variance_of_their_shape() {
        let mut random = monte_carlo::stream(5, "gamma");
        for shape in [0.4, 1.0, 3.0, 5.0] {
            let draws: Vec<f64> = (0..20_000).map(|_| gamma(&mut random, shape)).collect();
            assert!((mean(&draws).unwrap() / shape - 1.0).abs() < 0.04, "{shape}");
            assert!((variance(&draws).unwrap() / shape - 1.0).abs() < 0.08, "{shape}");
        }
        assert_eq!(gamma(&mut random, 0.0), 0.0);
    }

    #[test]
    fn weights_follow_their_dirichlet_distribution() {
        // var(w1) = w1 (1 - w1) / (concentration + 1)
        let scheme: BTreeMap<Indicator, f64> =
            Indicator::ALL.iter().copied().zip([0.25, 0.25, 0.2, 0.15, 0.15]).collect();
        let draws = weight_draws(&scheme, 20.0, 20_000, 9);
        let first: Vec<f64> = draws.iter().map(|d| d[&Indicator::I1]).collect();
        assert!((variance(&first).unwrap() / (0.25 * 0.75 / 21.0) - 1.0).abs() < 0.05);
        assert!(draws.iter().all(|d| (d.values().sum::<f64>() - 1.0).abs() < 1e-12));
    }

    #[test]
    fn ranks_of_sure_scores_are_sure_and_ties_share() {
        let sure = [vec![10.0; 50], vec![30.0; 50], vec![20.0; 50], vec![20.0; 50]];
        assert_eq!(rank_intervals(&sure, 0.90), [Some((4, 4)), Some((1, 1)), Some((2, 2)), Some((2, 2))]);
        assert_eq!(rank_intervals(&[], 0.90), []);
    }
}
