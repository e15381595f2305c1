//! Residual trend with a break in it (TSS-RESTREND; Burrell 2017), for one value a year.
//!
//! The package seeks breaks of season and trend (BFAST) in all composites; here the break is sought in yearly values, as
//! the year that most lowers the squared residuals, or is given.

use super::{
    ClimateAdjustment, Invalid, Regression, RegressionError, Restrend, regress, regression::f_survival, residual_trend,
};
use crate::trend::least_squares_slope;

/// A break before a year of a relation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Break {
    /// Position of the first value after it.
    pub position: usize,
    /// Chow's statistic.
    pub f: f64,
    /// Its p value. Of a break that was sought it is too small, since the best of many was taken.
    pub p: f64,
}

/// Which form of the segmented trend applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentedForm {
    /// No break: the residual trend as it is.
    Restrend,
    /// A break in the residuals only: one relation, residuals with a step.
    SegmentedRestrend,
    /// A break in the relation: two relations; the change is the sum of both.
    SegmentedRelation,
    /// The relation does not count: the raw trend is shown as indeterminate.
    Indeterminate,
}

impl SegmentedForm {
    /// The form in words, snake case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restrend => "restrend",
            Self::SegmentedRestrend => "segmented_restrend",
            Self::SegmentedRelation => "segmented_relation",
            Self::Indeterminate => "indeterminate",
        }
    }
}

/// A segmented residual trend.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentedTrend {
    /// The form.
    pub form: SegmentedForm,
    /// The break, where there is one.
    pub at: Option<Break>,
    /// Change of the index over the whole series that precipitation does not explain.
    pub total_change: f64,
    /// The residual trend without a break.
    pub whole: Restrend,
}

/// Chow's test of a break before `position`: whether two relations explain more than one (Chow 1960).
///
/// # Errors
/// As [`regress`], of either side.
///
/// ```
/// use belcheer_rangeland::climate::break_at;
/// let times: Vec<f64> = (0..12).map(f64::from).collect();
/// let stepped: Vec<f64> = times.iter().map(|t| 0.01 * (t * 1.9).sin() + if *t < 6.0 { 0.2 } else { 0.4 }).collect();
/// assert!(break_at(&stepped, &[&times], 6)?.p < 0.001);
/// # Ok::<(), belcheer_rangeland::climate::RegressionError>(())
/// ```
pub fn break_at(values: &[f64], predictors: &[&[f64]], position: usize) -> Result<Break, RegressionError> {
    let whole = regress(values, predictors)?;
    chow(values, predictors, position, &whole).map(|(found, _)| found)
}

fn chow(
    values: &[f64],
    predictors: &[&[f64]],
    position: usize,
    whole: &Regression,
) -> Result<(Break, [Regression; 2]), RegressionError> {
    let parameters = predictors.len() + 1;
    let n = values.len();
    if position > n {
        return Err(RegressionError::TooFew { found: n, parameters });
    }
    let side = |range: std::ops::Range<usize>| {
        let part: Vec<&[f64]> = predictors.iter().map(|x| x.get(range.clone()).unwrap_or_default()).collect();
        regress(&values[range], &part)
    };
    let sides = [side(0..position)?, side(position..n)?];
    let apart = sides[0].residual_squares + sides[1].residual_squares;
    let (above, below) = (parameters as f64, n as f64 - 2.0 * parameters as f64);
    // together is never below apart but by rounding
    let f = ((whole.residual_squares - apart).max(0.0) / above) / (apart / below);
    let f = if f.is_nan() { 0.0 } else { f };
    Ok((Break { position, f, p: f_survival(f, above, below) }, sides))
}

/// The break that most lowers the squared residuals, at least 15 percent of the series from either end; the first of
/// equal ones. `None` where the series is too short for one.
#[must_use]
pub fn most_significant_break(values: &[f64], predictors: &[&[f64]], set: &ClimateAdjustment) -> Option<Break> {
    let n = values.len();
    let trim = ((n as f64 * set.trim_fraction).ceil() as usize).max(predictors.len() + 2);
    let whole = regress(values, predictors).ok()?;
    let last = n.checked_sub(trim)?;
    let found = (trim..=last).filter_map(|position| Some(chow(values, predictors, position, &whole).ok()?.0));
    found.fold(None, |best: Option<Break>, next| if best.is_none_or(|b| next.f > b.f) { Some(next) } else { best })
}

/// The segmented residual trend; the break is `known`, or sought in the residuals' line.
///
/// # Errors
/// As [`residual_trend`].
pub fn segmented_trend(
    times: &[f64],
    index: &[f64],
    precipitation_mm: &[f64],
    known: Option<usize>,
    set: &ClimateAdjustment,
) -> Result<SegmentedTrend, RegressionError> {
    let whole = residual_trend(times, index, precipitation_mm, None, set)?;
    let residuals = &whole.relation.residuals;
    let at = match known {
        Some(position) => break_at(residuals, &[times], position).ok(),
        None => most_significant_break(residuals, &[times], set),
    };
    let span = times.last().zip(times.first()).map_or(0.0, |(last, first)| last - first);
    let in_residuals = at.filter(|found| found.p < set.alpha);
    let in_relation = at.and_then(|found| {
        let (tested, sides) = chow(index, &[precipitation_mm], found.position, &whole.relation).ok()?;
        (tested.p < set.alpha).then_some((tested, sides))
    });
    let slope = |times: &[f64], values: &[f64]| least_squares_slope(times, values).unwrap_or(0.0);
    let counts = whole.invalid.is_empty();
    let found = |form, at, total_change| SegmentedTrend { form, at, total_change, whole: whole.clone() };
    Ok(match (in_relation, in_residuals) {
        (Some((tested, sides)), _) => found(
            SegmentedForm::SegmentedRelation,
            Some(tested),
            change_of_relation(times, precipitation_mm, &tested, &sides),
        ),
        (None, _) if !counts => found(SegmentedForm::Indeterminate, None, slope(times, index) * span),
        (None, Some(tested)) => {
            // a line with a step: both predictors vary, the position lies inside
            let step: Vec<f64> = (0..times.len()).map(|t| if t < tested.position { 0.0 } else { 1.0 }).collect();
            let change = regress(residuals, &[times, &step])
                .map(|fit| fit.slopes[0] * span + fit.slopes[1])
                .unwrap_or_else(|_| slope(times, residuals) * span);
            found(SegmentedForm::SegmentedRestrend, Some(tested), change)
        }
        (None, None) => found(SegmentedForm::Restrend, None, slope(times, residuals) * span),
    })
}

/// Change with two relations: what the same rain brings after the break less before, and the residuals' lines on either
/// side.
fn change_of_relation(times: &[f64], precipitation_mm: &[f64], at: &Break, sides: &[Regression; 2]) -> f64 {
    let rain = crate::numeric::mean(precipitation_mm).unwrap_or(0.0);
    let level = |side: &Regression| side.intercept + side.slopes.first().copied().unwrap_or(0.0) * rain;
    let (before, after) = times.split_at(at.position);
    let within = |times: &[f64], side: &Regression| {
        let span = times.last().zip(times.first()).map_or(0.0, |(last, first)| last - first);
        least_squares_slope(times, &side.residuals).unwrap_or(0.0) * span
    };
    level(&sides[1]) - level(&sides[0]) + within(before, &sides[0]) + within(after, &sides[1])
}

impl SegmentedTrend {
    /// Why the relation does not count.
    #[must_use]
    pub fn invalid(&self) -> &[Invalid] {
        &self.whole.invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    fn rain() -> (Vec<f64>, Vec<f64>) {
        let times: Vec<f64> = (0..20).map(f64::from).collect();
        let rain = (0..20).map(|t| 200.0 + f64::from(t * 7 % 11) * 12.0).collect();
        (times, rain)
    }

    fn noise(t: f64) -> f64 {
        0.003 * (t * 2.3).sin()
    }

    #[test]
    fn each_form_is_found() {
        let set = ClimateAdjustment::by_name("climate_adjustment_1").unwrap();
        let (times, rain) = rain();
        let series = |of: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
            times.iter().zip(&rain).map(|(t, p)| of(*t, *p) + noise(*t)).collect()
        };
        let form = |index: &[f64]| segmented_trend(&times, index, &rain, None, &set).unwrap();
        let steady = form(&series(&|_, p| 0.001 * p));
        assert_eq!(steady.form, SegmentedForm::Restrend);
        assert!(steady.total_change.abs() < 0.01);
        let less = form(&series(&|t, p| if t < 10.0 { 0.001 * p } else { 0.0002 * p + 0.01 }));
        assert_eq!(less.form, SegmentedForm::SegmentedRelation);
        assert!(less.total_change < -0.1, "{}", less.total_change);
        assert_eq!(less.at.map(|b| b.position), Some(10));
        let unrelated = form(&series(&|t, _| 0.25 + 0.01 * (0.7 * t * t).sin()));
        assert_eq!(unrelated.form, SegmentedForm::Indeterminate);
        assert!(!unrelated.invalid().is_empty());
    }

    #[test]
    fn short_series_have_no_break() {
        let set = ClimateAdjustment::by_name("climate_adjustment_1").unwrap();
        assert_eq!(most_significant_break(&[1.0, 2.0, 4.0], &[&[1.0, 2.0, 3.0]], &set), None);
        assert!(break_at(&[1.0, 2.0, 4.0, 7.0], &[&[1.0, 2.0, 3.0, 4.0]], 9).is_err());
    }
}
