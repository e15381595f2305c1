//! Residual trend (RESTREND): the trend of what precipitation does not explain.

use super::{ClimateAdjustment, Regression, RegressionError, regress};
use crate::trend::{Trend, TrendError, TrendScratch, trend};

/// Why a relation between vegetation and precipitation does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Invalid {
    /// Fewer years than needed.
    FewYears,
    /// Not significant.
    NotSignificant,
    /// Explains too little.
    LowRSquared,
    /// More rain, less vegetation.
    NegativeSlope,
}

impl Invalid {
    /// The reason's code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::FewYears => "few_years",
            Self::NotSignificant => "relation_not_significant",
            Self::LowRSquared => "relation_explains_too_little",
            Self::NegativeSlope => "more_rain_less_vegetation",
        }
    }
}

/// A residual trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Restrend {
    /// Vegetation by precipitation, and temperature where given.
    pub relation: Regression,
    /// Trend of the residuals.
    pub trend: Trend,
    /// Why it does not count; empty when it does. The trend is then to be shown as indeterminate.
    pub invalid: Vec<Invalid>,
}

/// Fits `VI = a + b P (+ c T)` over the whole series and tests the residuals' trend.
///
/// It counts only where the relation is significant (p < 0.05), R2 is at least 0.3 and b is positive (Wessels 2007,
/// Burrell 2017). P is the precipitation of the growing season or of the months that explain most.
///
/// # Errors
/// When series differ in length, are too short, or do not vary.
pub fn residual_trend(
    times: &[f64],
    index: &[f64],
    precipitation_mm: &[f64],
    temperature: Option<&[f64]>,
    set: &ClimateAdjustment,
) -> Result<Restrend, RegressionError> {
    let predictors: Vec<&[f64]> = [Some(precipitation_mm), temperature].into_iter().flatten().collect();
    let relation = regress(index, &predictors)?;
    let mut invalid = Vec::new();
    let mut unless = |holds: bool, reason| {
        if !holds {
            invalid.push(reason);
        }
    };
    unless(index.len() >= set.years_min, Invalid::FewYears);
    unless(relation.p < set.alpha, Invalid::NotSignificant);
    unless(relation.r_squared >= set.r_squared_min, Invalid::LowRSquared);
    unless(relation.slopes.first().is_some_and(|slope| *slope > 0.0), Invalid::NegativeSlope);
    let residuals: Vec<Option<f64>> = relation.residuals.iter().copied().map(Some).collect();
    let found = trend(times, &residuals, &mut TrendScratch::default()).map_err(|error| match error {
        TrendError::Length { times, values } => RegressionError::Length { found: times, expected: values },
        TrendError::TooFew { found } => RegressionError::TooFew { found, parameters: 2 },
        _ => RegressionError::NotFinite,
    })?;
    Ok(Restrend { relation, trend: found, invalid })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn a_relation_that_does_not_hold_is_told() {
        let set = ClimateAdjustment::by_name("climate_adjustment_1").unwrap();
        let times: Vec<f64> = (0..10).map(f64::from).collect();
        let rain: Vec<f64> = (0..10).map(|t| 200.0 + f64::from(t * 7 % 10) * 10.0).collect();
        let falling: Vec<f64> = rain.iter().zip(&times).map(|(p, t)| 0.9 - p / 1000.0 - 0.001 * t).collect();
        let found = residual_trend(&times, &falling, &rain, None, &set).unwrap();
        assert_eq!(found.invalid, [Invalid::NegativeSlope]);
        let rising: Vec<f64> = rain.iter().zip(&times).map(|(p, t)| p / 1000.0 - 0.004 * t).collect();
        let found = residual_trend(&times, &rising, &rain, None, &set).unwrap();
        assert!(found.invalid.is_empty(), "{:?}", found.invalid);
        assert!(found.trend.mann_kendall.s < -30);
        let noise: Vec<f64> = times.iter().map(|t| (t * 3.7).sin()).collect();
        let found = residual_trend(&times, &noise, &rain, None, &set).unwrap();
        assert!(found.invalid.contains(&Invalid::NotSignificant) && found.invalid.contains(&Invalid::LowRSquared));
        assert!(residual_trend(&times[1..], &rising, &rain, None, &set).is_err());
    }
}
