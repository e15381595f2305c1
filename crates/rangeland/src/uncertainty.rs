//! Uncertainty of the stocking ratio: a draw of all its errors, and the interval of many draws.
//!
//! One draw of the budget is `R * census * displacement * intake / (yield * utilisation * area * carry-over)`, each
//! factor relative to the value used. Census, yield and area errors are lognormal with mean 1 and the given coefficient
//! of variation; displacement is uniform; intake, utilisation and carry-over are triangular. A draw takes seven uniform
//! numbers from the caller, always in the same order, so equal seeds give equal results.

use crate::{
    numeric::{mean, normal, quantile_sorted, sum},
    seasons::Season,
    sets::{Fault, parameter_set},
};

pub use crate::numeric::Triangular;

/// Lowest and highest value of a uniform distribution.
#[derive(Debug, Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
}

parameter_set!(
    /// Sizes of the errors that go into the stocking ratio.
    ErrorBudget, "error budget", "error_budget.toml" {
        /// Coefficient of variation of the livestock count.
        census_cv: f64,
        /// Livestock present over livestock registered.
        displacement: Span,
        /// Intake, kilograms per unit and day; used relative to its mode.
        intake_kg_day: Triangular,
        /// Utilisation relative to the value used.
        utilisation: Triangular,
        /// Coefficient of variation of the rangeland area, where none is measured.
        area_cv: f64,
    }
);

/// Errors that the data themselves tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasuredCv {
    /// Coefficient of variation of the yield.
    pub yield_cv: f64,
    /// Coefficient of variation of the rangeland area; `None` = that of the budget.
    pub area_cv: Option<f64>,
}

/// How many uniform numbers one draw takes.
pub const UNIFORMS_PER_DRAW: usize = 7;

/// One draw of every error, relative to the values used.
///
/// The same draw of intake, utilisation and area may be kept for two periods whose difference is wanted: what is wrong
/// in both alike cancels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErrorFactors {
    /// Livestock count.
    pub census: f64,
    /// Livestock present over registered.
    pub displacement: f64,
    /// Yield.
    pub yield_kg_ha: f64,
    /// Intake.
    pub intake: f64,
    /// Utilisation.
    pub utilisation: f64,
    /// Rangeland area.
    pub area: f64,
    /// Place of the winter carry-over in its range, 0 to 1.
    pub carry_over_share: f64,
}

impl ErrorBudget {
    fn first_fault(&self) -> Result<(), Fault> {
        let Self { census_cv, displacement, intake_kg_day, utilisation, area_cv, .. } = self;
        Fault::unless("census_cv", *census_cv, *census_cv >= 0.0, "a share, not negative")?;
        Fault::unless("area_cv", *area_cv, *area_cv >= 0.0, "a share, not negative")?;
        let span = displacement.low > 0.0 && displacement.high.is_finite() && displacement.low <= displacement.high;
        Fault::unless("displacement.low", displacement.low, span, "positive, at most displacement.high")?;
        for (field, t) in [("intake_kg_day", intake_kg_day), ("utilisation", utilisation)] {
            Fault::unless(
                format!("{field}.low"),
                t.low,
                t.is_valid() && t.low > 0.0,
                "positive, low to high in order",
            )?;
        }
        Ok(())
    }

    /// Draws every error from seven uniform numbers of the caller, in 0..1.
    pub fn draw(&self, measured: MeasuredCv, uniform: &mut impl FnMut() -> f64) -> ErrorFactors {
        let census = lognormal(self.census_cv, uniform());
        let Span { low, high } = self.displacement;
        let displacement = low + (high - low) * normal::held_inside(uniform());
        let yield_kg_ha = lognormal(measured.yield_cv, uniform());
        let intake = self.intake_kg_day.quantile(uniform()) / self.intake_kg_day.mode;
        let utilisation = self.utilisation.quantile(uniform()) / self.utilisation.mode;
        let area = lognormal(measured.area_cv.unwrap_or(self.area_cv), uniform());
        let carry_over_share = normal::held_inside(uniform());
        ErrorFactors { census, displacement, yield_kg_ha, intake, utilisation, area, carry_over_share }
    }
}

/// A stocking ratio as computed, with what its season adds to the error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeasonRatio {
    /// Livestock over capacity with the values used.
    pub ratio: f64,
    /// The carry-over used (mode) and its range.
    pub carry_over: Triangular,
}

impl SeasonRatio {
    /// The ratio of a season.
    #[must_use]
    pub fn new(ratio: f64, season: &Season) -> Self {
        Self { ratio, carry_over: season.carry_over }
    }

    /// The ratio under one draw of the errors.
    #[must_use]
    pub fn under(&self, factors: &ErrorFactors) -> f64 {
        let carry_over = self.carry_over.quantile(factors.carry_over_share) / self.carry_over.mode;
        let demand = factors.census * factors.displacement * factors.intake;
        self.ratio * demand / (factors.yield_kg_ha * factors.utilisation * factors.area * carry_over)
    }
}

/// The binding ratio of some seasons under one draw: their largest; `None` of nothing.
#[must_use]
pub fn binding_under(seasons: &[SeasonRatio], factors: &ErrorFactors) -> Option<f64> {
    seasons.iter().map(|s| s.under(factors)).reduce(f64::max)
}

/// Interval of a stocking ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioInterval {
    /// Middle of the draws.
    pub median: f64,
    /// Lower bound of the central interval.
    pub low: f64,
    /// Upper bound of the central interval.
    pub high: f64,
    /// Standard deviation of the draws over their mean.
    pub cv: f64,
    /// How many draws.
    pub draws: usize,
}

/// Central interval of the binding ratio of some seasons over `draws` draws of the error budget.
///
/// `confidence` is two-sided, such as 0.9; `uniform` gives the caller's seeded numbers in 0..1, seven a draw.
/// `None` without a season or a draw, for a confidence outside 0..1, or when a ratio or error is no number.
///
/// ```
/// use belcheer_rangeland::{ParameterSet, seasons::SeasonSet, uncertainty::*};
/// let seasons = SeasonSet::by_name("seasons_mn_1")?;
/// let winter = SeasonRatio::new(1.2, &seasons.season[1]);
/// let mut k = 0.0; // a low-discrepancy sequence in place of a random one
/// let mut uniform = || { k += 0.754_877_666_246_692_8; k %= 1.0; k };
/// let budget = ErrorBudget::by_name("error_budget_1")?;
/// let measured = MeasuredCv { yield_cv: 0.17, area_cv: None };
/// let interval = ratio_interval(&[winter], &budget, measured, 2000, 0.9, &mut uniform).expect("numbers");
/// assert!(interval.low < 1.2 && interval.high > 1.2);
/// # Ok::<(), belcheer_rangeland::SetError>(())
/// ```
pub fn ratio_interval(
    seasons: &[SeasonRatio],
    budget: &ErrorBudget,
    measured: MeasuredCv,
    draws: usize,
    confidence: f64,
    uniform: &mut impl FnMut() -> f64,
) -> Option<RatioInterval> {
    let mut ratios: Vec<f64> = (0..draws)
        .map(|_| binding_under(seasons, &budget.draw(measured, uniform)).filter(|r| r.is_finite()))
        .collect::<Option<_>>()?;
    interval_of(&mut ratios, confidence)
}

/// Median, central interval and coefficient of variation of drawn ratios; the draws are sorted.
/// `None` without a draw, for a confidence outside 0..1, or when a draw is not finite.
pub fn interval_of(drawn: &mut [f64], confidence: f64) -> Option<RatioInterval> {
    if !(confidence > 0.0 && confidence < 1.0) || drawn.iter().any(|r| !r.is_finite()) {
        return None;
    }
    let centre = mean(drawn)?;
    let spread = sum(drawn.iter().map(|r| (r - centre).powi(2))) / (drawn.len().max(2) - 1) as f64;
    drawn.sort_unstable_by(f64::total_cmp);
    Some(RatioInterval {
        median: quantile_sorted(drawn, 0.5)?,
        low: quantile_sorted(drawn, (1.0 - confidence) / 2.0)?,
        high: quantile_sorted(drawn, (1.0 + confidence) / 2.0)?,
        cv: spread.sqrt() / centre,
        draws: drawn.len(),
    })
}

/// First-order coefficient of variation of a product or quotient: the root of the sum of squared parts.
///
/// ```
/// use belcheer_rangeland::uncertainty::combined_cv;
/// assert!((combined_cv(&[0.3, 0.4]) - 0.5).abs() < 1e-15);
/// ```
#[must_use]
pub fn combined_cv(parts: &[f64]) -> f64 {
    sum(parts.iter().map(|cv| cv * cv)).sqrt()
}

/// A lognormal factor of mean 1: `exp(s z - s^2/2)` with `s^2 = ln(1 + cv^2)`.
fn lognormal(cv: f64, share: f64) -> f64 {
    let variance = libm::log1p(cv * cv);
    libm::exp(variance.sqrt() * normal::quantile(share) - variance / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ParameterSet, seasons::SeasonSet};

    /// Seven-dimensional additive recurrence (Kronecker) in place of a random source.
    fn recurrence() -> impl FnMut() -> f64 {
        let steps = [2.0_f64, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0].map(|prime| prime.sqrt().fract());
        let mut state = [0.5_f64; UNIFORMS_PER_DRAW];
        let mut at = 0;
        move || {
            state[at] = (state[at] + steps[at]).fract();
            let value = state[at];
            at = (at + 1) % UNIFORMS_PER_DRAW;
            value
        }
    }

    fn summer() -> Season {
        SeasonSet::by_name("seasons_mn_1").unwrap().season[0].clone()
    }

    fn interval(yield_cv: f64, draws: usize) -> RatioInterval {
        let budget = ErrorBudget::by_name("error_budget_1").unwrap();
        let measured = MeasuredCv { yield_cv, area_cv: None };
        ratio_interval(&[SeasonRatio::new(1.0, &summer())], &budget, measured, draws, 0.9, &mut recurrence()).unwrap()
    }

    #[test]
    fn the_drawn_cv_agrees_with_the_first_order_sum() {
        let drawn = interval(0.17, 20_000);
        let intake = (1.1_f64.powi(2) + 1.4_f64.powi(2) + 1.9_f64.powi(2) - 1.1 * 1.4 - 1.1 * 1.9 - 1.4 * 1.9) / 18.0;
        let intake_cv = intake.sqrt() / ((1.1 + 1.4 + 1.9) / 3.0);
        let utilisation_cv = (0.04_f64 / 6.0).sqrt();
        let displacement_cv = 0.2 / 12.0_f64.sqrt();
        let first_order = combined_cv(&[0.02, displacement_cv, 0.17, intake_cv, utilisation_cv, 0.04]);
        assert!((drawn.cv / first_order - 1.0).abs() < 0.06, "{} {first_order}", drawn.cv);
        assert!(drawn.low < drawn.median && drawn.median < drawn.high);
    }

    #[test]
    fn the_interval_widens_with_the_yield_error_and_repeats_exactly() {
        assert!(interval(0.4, 4000).high > interval(0.1, 4000).high);
        assert_eq!(interval(0.17, 1000), interval(0.17, 1000));
    }

    #[test]
    fn without_errors_every_draw_is_the_ratio() {
        let text = "id=\"none\"\nversion=\"1\"\nsource=\"test\"\ncensus_cv=0.0\narea_cv=0.0\n\
            displacement={low=1.0,high=1.0}\nintake_kg_day={low=1.4,mode=1.4,high=1.4}\n\
            utilisation={low=1.0,mode=1.0,high=1.0}";
        let budget = ErrorBudget::from_toml(text).unwrap();
        let measured = MeasuredCv { yield_cv: 0.0, area_cv: None };
        let seasons = [SeasonRatio::new(1.3, &summer())];
        let found = ratio_interval(&seasons, &budget, measured, 50, 0.9, &mut recurrence()).unwrap();
        assert_eq!((found.low, found.median, found.high, found.cv), (1.3, 1.3, 1.3, 0.0));
    }

    #[test]
    fn what_cannot_be_drawn_has_no_interval() {
        let budget = ErrorBudget::by_name("error_budget_1").unwrap();
        let measured = MeasuredCv { yield_cv: f64::NAN, area_cv: None };
        let seasons = [SeasonRatio::new(1.0, &summer())];
        assert_eq!(ratio_interval(&seasons, &budget, measured, 10, 0.9, &mut recurrence()), None);
        let measured = MeasuredCv { yield_cv: 0.2, area_cv: None };
        assert_eq!(ratio_interval(&[], &budget, measured, 10, 0.9, &mut recurrence()), None);
        assert_eq!(ratio_interval(&seasons, &budget, measured, 0, 0.9, &mut recurrence()), None);
        assert_eq!(ratio_interval(&seasons, &budget, measured, 10, 1.0, &mut recurrence()), None);
        assert!(ratio_interval(&seasons, &budget, measured, 10, 0.9, &mut || f64::NAN).is_some());
    }
}
