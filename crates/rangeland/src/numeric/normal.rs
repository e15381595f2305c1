//! Standard normal distribution: survival function, two-sided p and quantile.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, SQRT_2};

/// What `1/sqrt(2)` loses when it is rounded to a double.
const FRAC_1_SQRT_2_REST: f64 = -4.833_646_656_726_457e-17;

/// Share of the standard normal distribution above `z`: `erfc(z/sqrt(2))/2`.
///
/// The quotient is carried with its rounding error, so that the relative error stays near 1e-15 far into the tail,
/// where `1 - cdf(z)` would be zero from z = 8.3.
///
/// ```
/// use belcheer_rangeland::normal::survival;
/// assert_eq!(survival(0.0), 0.5);
/// assert!((survival(8.0) / 6.220960574271784e-16 - 1.0).abs() < 2e-15);
/// ```
#[must_use]
pub fn survival(z: f64) -> f64 {
    let x = z * FRAC_1_SQRT_2;
    let tail = libm::erfc(x);
    if !(x.is_finite() && tail > 0.0) {
        return 0.5 * tail;
    }
    let rest = libm::fma(z, FRAC_1_SQRT_2, -x) + z * FRAC_1_SQRT_2_REST;
    0.5 * (tail - FRAC_2_SQRT_PI * libm::exp(-x * x) * rest)
}

/// Two-sided p value of a standard normal statistic, `2 (1 - cdf(|z|))`, at most 1.
#[must_use]
pub fn two_sided_p(z: f64) -> f64 {
    (2.0 * survival(z.abs())).min(1.0)
}

/// The value below which the given share of the distribution lies; the share is held inside (0, 1).
///
/// ```
/// use belcheer_rangeland::normal::quantile;
/// assert!((quantile(0.975) - 1.959963984540054).abs() < 1e-12);
/// ```
#[must_use]
pub fn quantile(share: f64) -> f64 {
    -SQRT_2 * statrs::function::erf::erfc_inv(2.0 * held_inside(share))
}

/// A share held to the open interval (0, 1); what is no number becomes one half.
pub(crate) fn held_inside(share: f64) -> f64 {
    if share.is_nan() { 0.5 } else { share.clamp(f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Survival values from mpmath 1.3.0 with 40 digits.
    const ORACLE: [(f64, f64); 9] = [
        (0.0, 0.5),
        (0.5, 0.308_537_538_725_986_9),
        (1.0, 0.158_655_253_931_457_05),
        (1.96, 0.024_997_895_148_220_436),
        (3.6348861, 0.000_139_051_737_644_086_4),
        (5.146665256776092, 1.325_789_376_298_905_2e-7),
        (8.0, 6.220_960_574_271_784e-16),
        (28.32233187699638, 9.175_052_028_466_85e-177),
        (37.0, 5.725_571_222_524_577e-300),
    ];

    #[test]
    fn survival_matches_forty_digits() {
        for (z, expected) in ORACLE {
            let relative = survival(z) / expected - 1.0;
            assert!(relative.abs() < 1.5e-15, "z {z}: {relative:e}");
            assert!((survival(-z) - (1.0 - expected)).abs() < 1e-15);
        }
        assert_eq!(survival(f64::INFINITY), 0.0);
        assert_eq!(survival(f64::NEG_INFINITY), 1.0);
        assert!(survival(f64::NAN).is_nan());
    }

    #[test]
    fn quantile_matches_forty_digits() {
        let oracle = [
            (1e-10, -6.361_340_902_404_056),
            (0.001, -3.090_232_306_167_813_5),
            (0.3, -0.524_400_512_708_040_8),
            (0.95, 1.644_853_626_951_472_3),
        ];
        for (share, z) in oracle {
            assert!((quantile(share) / z - 1.0).abs() < 1e-12, "{share}: {}", quantile(share));
        }
        assert!(quantile(0.0).is_finite() && quantile(1.0).is_finite() && quantile(f64::NAN) == 0.0);
    }
}
