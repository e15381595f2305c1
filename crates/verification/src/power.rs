//! Power: minimum detectable change, and the points or years that would reach one.

use crate::student::{normal_quantile, t_quantile};

/// The minimum detectable change for a known standard error: `(z(1 - alpha/2) + z(power)) se`, in the unit of `se`.
///
/// `None` when a level is not between 0 and 1. With `alpha` 0.05 and `power` 0.80 the factor is 2.801585.
#[must_use]
pub fn mdc_normal(se: f64, alpha: f64, power: f64) -> Option<f64> {
    Some((normal_quantile(1.0 - 0.5 * alpha)? + normal_quantile(power)?) * se)
}

/// How many more points must be re-visited so that a mean change of `eps` would be detected.
///
/// `n = ((z(1 - alpha/2) + z(power)) sd / eps)²`, less the `n_now` there are; `sd` is the standard deviation between
/// points of the change, in the unit of `eps`. 0 when there are enough; `None` when a number is out of range or more
/// than a million points would be needed.
///
/// ```
/// // sd .669 between plots, a change of .10 ln: 352 plots.
/// assert_eq!(belcheer_verification::points_needed(0.669, 0.10, 0.05, 0.80, 0), Some(352));
/// ```
#[must_use]
pub fn points_needed(sd: f64, eps: f64, alpha: f64, power: f64, n_now: usize) -> Option<usize> {
    if !(sd >= 0.0 && eps > 0.0) {
        return None;
    }
    let needed = (mdc_normal(sd, alpha, power)? / eps).powi(2).ceil();
    (needed <= 1e6).then(|| (needed as usize).saturating_sub(n_now))
}

/// How many more reporting years would bring the minimum detectable change from `mdc` down to `target`.
///
/// Assumes that years to come vary as the years seen: `mdc` shrinks with
/// `(t(1 - alpha/2, df) + t(power, df)) sqrt(1/n_B + 1/n_R)`, `df = n_B + n_R - 2`. `None` when ten more years do not
/// suffice, or when a period has fewer than two years.
#[must_use]
pub fn years_needed(
    mdc: f64,
    target: f64,
    baseline_years: usize,
    reporting_years: usize,
    alpha: f64,
    power: f64,
) -> Option<usize> {
    if baseline_years < 2 || reporting_years < 2 || !(mdc > 0.0 && target > 0.0) {
        return None;
    }
    let width = |more: usize| -> Option<f64> {
        let (n_b, n_r) = (baseline_years as f64, (reporting_years + more) as f64);
        let df = n_b + n_r - 2.0;
        Some((t_quantile(1.0 - 0.5 * alpha, df)? + t_quantile(power, df)?) * (1.0 / n_b + 1.0 / n_r).sqrt())
    };
    let now = width(0)?;
    (0..=10).find(|more| width(*more).is_some_and(|w| mdc * w / now <= target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answer_23() {
        let mdc = mdc_normal(0.315_369_6, 0.05, 0.80).unwrap();
        assert!((mdc / 0.883_534_8 - 1.0).abs() < 1e-6, "{mdc}");
        assert!((mdc.exp_m1() - 1.4194).abs() < 1e-4);
        assert!(((-mdc).exp_m1() + 0.5867).abs() < 1e-4);
    }

    #[test]
    fn points_already_taken_are_credited() {
        let all = points_needed(20.0, 14.0, 0.05, 0.80, 0).unwrap();
        assert_eq!(all, 17);
        assert_eq!(points_needed(20.0, 14.0, 0.05, 0.80, 3), Some(14));
        assert_eq!(points_needed(20.0, 14.0, 0.05, 0.80, 99), Some(0));
        assert_eq!(points_needed(20.0, 0.0, 0.05, 0.80, 0), None);
        assert_eq!(points_needed(1e9, 1e-3, 0.05, 0.80, 0), None);
    }

    #[test]
    fn years_are_added_until_the_target_is_met() {
        assert_eq!(years_needed(10.0, 10.0, 10, 3, 0.05, 0.80), Some(0));
        let more = years_needed(12.0, 10.0, 10, 3, 0.05, 0.80).unwrap();
        assert!((1..=4).contains(&more), "{more}");
        assert_eq!(years_needed(100.0, 10.0, 10, 3, 0.05, 0.80), None);
        assert_eq!(years_needed(12.0, 10.0, 10, 1, 0.05, 0.80), None);
    }
}
