//! An estimated change with its interval, test and minimum detectable change, in the unit of the effect.

use belcheer_domain::Decision;
use serde::{Deserialize, Serialize};

use crate::{
    VerificationParameters,
    student::{t_quantile, t_two_sided_p},
};

/// At which levels intervals, tests and power are stated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TestSettings {
    /// Two-sided confidence of the interval, such as 0.90.
    pub confidence: f64,
    /// Two-sided significance of the minimum detectable change, such as 0.05.
    pub mdc_alpha: f64,
    /// Power of the minimum detectable change, such as 0.80.
    pub power: f64,
    /// Lag-1 correlation above which years are deflated.
    pub lag1_threshold: f64,
    /// Fewest pairs of consecutive years for a lag-1 correlation.
    pub lag1_pairs_min: usize,
    /// The p of an F test below which reporting years count as noisier than the others.
    pub noisier_p: f64,
}

impl TestSettings {
    /// The levels of a scheme with the constants of a parameter set.
    #[must_use]
    pub fn new(decision: &Decision, parameters: &VerificationParameters) -> Self {
        Self {
            confidence: decision.confidence,
            mdc_alpha: decision.mdc_alpha,
            power: decision.power,
            lag1_threshold: parameters.dependence.lag1_threshold,
            lag1_pairs_min: parameters.dependence.lag1_pairs_min,
            noisier_p: parameters.dependence.noisier_p,
        }
    }
}

/// Which direction of an indicator is better for the rangeland.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// More is better, such as productivity.
    Higher,
    /// Less is better, such as stocking pressure.
    Lower,
}

/// An estimated change; all but `df`, `confidence` and `p` are in the unit of the effect.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The change.
    pub effect: f64,
    /// Its standard error.
    pub se: f64,
    /// Degrees of freedom of the standard error.
    pub df: f64,
    /// Two-sided confidence of the interval.
    pub confidence: f64,
    /// Lower end of the interval.
    pub ci_low: f64,
    /// Upper end of the interval.
    pub ci_high: f64,
    /// Two-sided p of "no change". `None` when a change was seen but no variation at all between the years, for then
    /// chance cannot be judged.
    pub p: Option<f64>,
    /// Minimum detectable change: `(t(1 - alpha/2) + t(power)) * se`.
    pub mdc: f64,
}

impl Estimate {
    /// An estimate from an effect, its standard error and degrees of freedom (infinite for a normal interval).
    ///
    /// `None` when a number is not finite (`df` aside), `se` is negative, `df` not positive or a level not in 0..1.
    ///
    /// ```
    /// # use belcheer_domain::Scheme;
    /// use belcheer_verification::{Estimate, TestSettings};
    /// let settings = TestSettings { confidence: 0.90, mdc_alpha: 0.05, power: 0.80, lag1_threshold: 0.2, lag1_pairs_min: 5, noisier_p: 0.2 };
    /// let estimate = Estimate::new(0.0, 1.0, f64::INFINITY, &settings).unwrap();
    /// assert!((estimate.ci_high - 1.644854).abs() < 1e-6);
    /// assert!((estimate.mdc - 2.801585).abs() < 1e-6);
    /// ```
    #[must_use]
    pub fn new(effect: f64, se: f64, df: f64, settings: &TestSettings) -> Option<Self> {
        if !effect.is_finite() || !se.is_finite() || se < 0.0 {
            return None;
        }
        let half_width = t_quantile(0.5 + 0.5 * settings.confidence, df)? * se;
        let mdc = (t_quantile(1.0 - 0.5 * settings.mdc_alpha, df)? + t_quantile(settings.power, df)?) * se;
        let p = match (se > 0.0, effect == 0.0) {
            (true, _) => t_two_sided_p(effect / se, df),
            (false, true) => Some(1.0),
            (false, false) => None,
        };
        let (ci_low, ci_high) = (effect - half_width, effect + half_width);
        Some(Self { effect, se, df, confidence: settings.confidence, ci_low, ci_high, p, mdc })
    }

    /// The estimate with its sign turned so that positive is better.
    #[must_use]
    pub fn improvement_signed(self, better: Better) -> Self {
        match better {
            Better::Higher => self,
            Better::Lower => Self { effect: -self.effect, ci_low: -self.ci_high, ci_high: -self.ci_low, ..self },
        }
    }

    /// A log-scale estimate in percent: `100 (exp(x) - 1)`; the standard error by the delta method.
    ///
    /// The minimum detectable change is the rise that would be detected; the fall is smaller in percent.
    #[must_use]
    pub fn ln_to_percent(self) -> Self {
        let percent = |x: f64| 100.0 * x.exp_m1();
        Self {
            effect: percent(self.effect),
            se: 100.0 * self.effect.exp() * self.se,
            ci_low: percent(self.ci_low),
            ci_high: percent(self.ci_high),
            mdc: percent(self.mdc),
            ..self
        }
    }

    /// The estimate in another unit, `factor` times as large (such as 100 for points out of shares).
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        let size = factor.abs();
        let (a, b) = (self.ci_low * factor, self.ci_high * factor);
        Self {
            effect: self.effect * factor,
            se: self.se * size,
            ci_low: a.min(b),
            ci_high: a.max(b),
            mdc: self.mdc * size,
            ..self
        }
    }

    /// Half the width of the interval.
    #[must_use]
    pub fn half_width(&self) -> f64 {
        0.5 * (self.ci_high - self.ci_low)
    }
}

/// The more cautious of two estimates of one change: the one with the wider interval, `first` on a tie.
///
/// Width counts both the standard error and its degrees of freedom: an error known from three years is wider than an
/// equal one known from thirty points. Use it on a year-clustered and a point-clustered estimate of the same change.
#[must_use]
pub fn wider(first: Estimate, second: Estimate) -> Estimate {
    if second.half_width() > first.half_width() { second } else { first }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const SETTINGS: TestSettings = TestSettings {
        confidence: 0.90,
        mdc_alpha: 0.05,
        power: 0.80,
        lag1_threshold: 0.2,
        lag1_pairs_min: 5,
        noisier_p: 0.2,
    };

    #[test]
    fn signs_and_units_keep_the_order_of_the_interval() {
        let estimate = Estimate::new(-0.10, 0.03, 9.0, &SETTINGS).unwrap();
        let signed = estimate.improvement_signed(Better::Lower);
        assert_eq!((signed.effect, signed.ci_low, signed.ci_high), (0.10, -estimate.ci_high, -estimate.ci_low));
        let percent = estimate.ln_to_percent();
        assert!((percent.effect + 9.516_258).abs() < 1e-5 && percent.ci_low < percent.effect);
        assert_eq!(percent.p, estimate.p);
        assert!((estimate.scaled(-100.0).effect - 10.0).abs() < 1e-12);
    }

    #[test]
    fn no_variation_gives_no_p_unless_nothing_changed() {
        assert_eq!(Estimate::new(0.0, 0.0, 5.0, &SETTINGS).unwrap().p, Some(1.0));
        assert_eq!(Estimate::new(0.3, 0.0, 5.0, &SETTINGS).unwrap().p, None);
        assert_eq!(Estimate::new(0.3, -1.0, 5.0, &SETTINGS), None);
        assert_eq!(Estimate::new(f64::NAN, 1.0, 5.0, &SETTINGS), None);
    }

    #[test]
    fn few_degrees_of_freedom_count_as_caution() {
        let few = Estimate::new(0.1, 0.050, 2.0, &SETTINGS).unwrap();
        let many = Estimate::new(0.1, 0.055, 60.0, &SETTINGS).unwrap();
        assert_eq!(wider(few, many), few);
        assert_eq!(wider(many, few), few);
    }
}
