//! Tail probabilities and quantiles of Student's t and of the normal distribution, dimensionless.
//!
//! The quantile inverts the tail probability by bisection: slower than a series, but right for any tail and any
//! degrees of freedom (statrs 0.19 inverts the incomplete beta function with a loop that may not end, its issue 435).

use statrs::{
    distribution::{ContinuousCDF, Normal},
    function::beta::checked_beta_reg,
};

/// Degrees of freedom from which the normal distribution stands in; the quantiles differ by less than 1e-6.
const NORMAL_FROM_DF: f64 = 1e6;

/// Degrees of freedom of a sum of independent variances, each given with its own (Satterthwaite 1946); their sum where
/// nothing varies.
pub(crate) fn satterthwaite_df(parts: &[(f64, f64)]) -> f64 {
    let total: f64 = parts.iter().map(|(variance, _)| variance).sum();
    if total <= 0.0 {
        return parts.iter().map(|(_, df)| df).sum();
    }
    1.0 / parts.iter().map(|(variance, df)| (variance / total).powi(2) / df).sum::<f64>()
}

/// The probability that |T| is at least |t| under `df` degrees of freedom: I(df/2, 1/2; df/(df+t²)).
///
/// `None` when `df` is not positive or a value is not a number.
///
/// ```
/// // Student's table: 2.776 at 4 degrees of freedom is the 5 % point.
/// let p = belcheer_verification::t_two_sided_p(2.776445105, 4.0).unwrap();
/// assert!((p - 0.05).abs() < 1e-9);
/// ```
#[must_use]
pub fn t_two_sided_p(t: f64, df: f64) -> Option<f64> {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return None;
    }
    if t.is_infinite() {
        return Some(0.0);
    }
    if df >= NORMAL_FROM_DF {
        return Some((2.0 * Normal::standard().sf(t.abs())).min(1.0));
    }
    let share = df / (df + t * t);
    checked_beta_reg(0.5 * df, 0.5, share).ok().map(|p| p.clamp(0.0, 1.0))
}

/// The value that T stays below with the given probability, under `df` degrees of freedom.
///
/// `None` when the probability is not between 0 and 1 (both excluded) or `df` is not positive.
///
/// ```
/// let t = belcheer_verification::t_quantile(0.975, 13.0).unwrap();
/// assert!((t - 2.160368656).abs() < 1e-8);
/// ```
#[must_use]
pub fn t_quantile(probability: f64, df: f64) -> Option<f64> {
    if !(probability > 0.0 && probability < 1.0) || df.is_nan() || df <= 0.0 {
        return None;
    }
    if df >= NORMAL_FROM_DF {
        return normal_quantile(probability);
    }
    let tail = 2.0 * probability.min(1.0 - probability);
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    while t_two_sided_p(high, df)? > tail && high < 1e100 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if high - low <= 1e-14 * high {
            break;
        }
        if t_two_sided_p(middle, df)? > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    let t = 0.5 * (low + high);
    Some(if tail >= 1.0 { 0.0 } else { t.copysign(probability - 0.5) })
}

/// The value that a standard normal variable stays below with the given probability; `None` outside (0, 1).
#[must_use]
pub fn normal_quantile(probability: f64) -> Option<f64> {
    (probability > 0.0 && probability < 1.0).then(|| Normal::standard().inverse_cdf(probability))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quantiles_agree_with_integration_of_the_density() {
        // Oracle: the density integrated by Simpson's rule over 200 000 steps and inverted by bisection.
        for (p, df, expected) in [
            (0.975, 1.0, 12.706_204_736_175),
            (0.975, 2.0, 4.302_652_729_749),
            (0.95, 3.53, 2.216_074_844_939),
            (0.95, 8.0, 1.859_548_037_531),
            (0.8, 13.0, 0.870_151_533_968),
            (0.995, 30.0, 2.749_995_653_567),
            (0.975, 1000.0, 1.962_339_080_826),
        ] {
            let t = t_quantile(p, df).unwrap();
            assert!((t - expected).abs() < 1e-10, "t({p}, {df}) = {t}, expected {expected}");
            assert!((t_quantile(1.0 - p, df).unwrap() + t).abs() < 1e-9);
        }
        assert!((normal_quantile(0.975).unwrap() - 1.959963984540054).abs() < 1e-12);
        assert!((normal_quantile(0.8).unwrap() - 0.8416212335729143).abs() < 1e-12);
    }

    #[test]
    fn arguments_out_of_range_give_nothing() {
        assert_eq!(t_quantile(0.0, 5.0), None);
        assert_eq!(t_quantile(0.5, 0.0), None);
        assert_eq!(t_quantile(f64::NAN, 5.0), None);
        assert_eq!(t_two_sided_p(f64::NAN, 5.0), None);
        assert_eq!(t_two_sided_p(f64::INFINITY, 5.0), Some(0.0));
        assert_eq!(t_quantile(0.5, 3.0), Some(0.0));
        assert_eq!(normal_quantile(1.0), None);
    }

    proptest! {
        #[test]
        fn the_quantile_inverts_the_tail(p in 0.501_f64..0.9999, df in 1.0_f64..500.0) {
            let t = t_quantile(p, df).unwrap();
            let back = 1.0 - 0.5 * t_two_sided_p(t, df).unwrap();
            prop_assert!((back - p).abs() < 1e-9, "{} {}", back, p);
        }
    }
}
