//! Difference in differences of many units and years, with a test of whether groups already diverged before.
//!
//! ```text
//! y_it = a_i + g_t + delta D_it + sum over years k before treatment of delta_k 1[t = k] T_i + e_it
//! ```
//! `T` marks treated units, `D` treated units in years after; the last year before treatment is the reference. Errors
//! are clustered by unit. Pre-trend coefficients must be jointly near zero (F test), else the groups were on different
//! paths and no contribution may be claimed (domain sheet 6.3).

use std::collections::BTreeSet;

use super::regression::{Covariance, JointTest, Regression, RegressionError, least_squares};
use crate::estimate::{Estimate, TestSettings};

/// One unit and year.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitYear {
    /// The unit, such as a soum's number.
    pub unit: u32,
    /// The year.
    pub year: i32,
    /// Whether the unit is treated at some time.
    pub treated: bool,
    /// The response.
    pub value: f64,
}

/// A panel estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelDid {
    /// The change of the treated beyond that of the controls.
    pub estimate: Estimate,
    /// Units.
    pub units: usize,
    /// Years.
    pub years: usize,
}

/// Paths of the two groups year by year.
#[derive(Debug, Clone, PartialEq)]
pub struct EventStudy {
    /// Difference from the reference year by year, with its standard error; the reference year is left out.
    pub by_year: Vec<(i32, f64, f64)>,
    /// Joint test of the years before treatment; `None` with no more clusters than such years.
    pub pre_trend: Option<JointTest>,
}

impl EventStudy {
    /// Whether the groups diverged before treatment at this level; without a test they may have, so yes.
    #[must_use]
    pub fn diverged(&self, p_min: f64) -> bool {
        self.pre_trend.is_none_or(|test| test.p <= p_min)
    }
}

/// The panel estimate: treatment acts from `first_year` on.
///
/// # Errors
/// As [`least_squares`], for instance when no unit is treated or no year lies before.
pub fn panel_did(rows: &[UnitYear], first_year: i32, settings: &TestSettings) -> Result<PanelDid, RegressionError> {
    let effect = rows.iter().map(|r| f64::from(u8::from(r.treated && r.year >= first_year))).collect();
    let (fit, covariance) = fitted(rows, vec![effect])?;
    let too_few = RegressionError::TooFewRows { rows: rows.len(), columns: fit.coefficients.len() };
    let effect = fit.coefficients.first().copied().ok_or(too_few)?;
    let se = covariance.se(0).ok_or(too_few)?;
    let estimate = Estimate::new(effect, se, covariance.df(), settings).ok_or(RegressionError::NotFinite)?;
    Ok(PanelDid { estimate, units: units(rows).len(), years: years(rows).len() })
}

/// The event study around `first_year`.
///
/// # Errors
/// As [`panel_did`].
pub fn event_study(rows: &[UnitYear], first_year: i32) -> Result<EventStudy, RegressionError> {
    let all = years(rows);
    let reference = all.iter().copied().filter(|y| *y < first_year).max();
    let shown: Vec<i32> = all.into_iter().filter(|y| Some(*y) != reference).collect();
    let column = |year: i32| rows.iter().map(|r| f64::from(u8::from(r.treated && r.year == year))).collect();
    let (fit, covariance) = fitted(rows, shown.iter().map(|y| column(*y)).collect())?;
    let pre: Vec<usize> = (0..shown.len()).filter(|i| shown.get(*i).is_some_and(|y| *y < first_year)).collect();
    let by_year = shown.iter().zip(&fit.coefficients).enumerate();
    Ok(EventStudy {
        by_year: by_year.filter_map(|(i, (year, b))| Some((*year, *b, covariance.se(i)?))).collect(),
        pre_trend: covariance.joint(&fit.coefficients, &pre),
    })
}

fn units(rows: &[UnitYear]) -> BTreeSet<u32> {
    rows.iter().map(|r| r.unit).collect()
}

fn years(rows: &[UnitYear]) -> BTreeSet<i32> {
    rows.iter().map(|r| r.year).collect()
}

/// Fits the wanted columns with one effect a unit and a year.
fn fitted(rows: &[UnitYear], mut columns: Vec<Vec<f64>>) -> Result<(Regression, Covariance), RegressionError> {
    for unit in units(rows) {
        columns.push(rows.iter().map(|r| f64::from(u8::from(r.unit == unit))).collect());
    }
    for year in years(rows).into_iter().skip(1) {
        columns.push(rows.iter().map(|r| f64::from(u8::from(r.year == year))).collect());
    }
    let values: Vec<f64> = rows.iter().map(|r| r.value).collect();
    let fit = least_squares(&columns, &values)?;
    let clusters: Vec<u32> = rows.iter().map(|r| r.unit).collect();
    let too_few = RegressionError::TooFewRows { rows: rows.len(), columns: columns.len() };
    let covariance = fit.clustered(&clusters).ok_or(too_few)?;
    Ok((fit, covariance))
}
