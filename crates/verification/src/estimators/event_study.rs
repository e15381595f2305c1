//! Event study: whether groups already diverged before treatment, year by year, in the response's unit.
//!
//! ```text
//! y_it = a_i + g_t + sum over years k of delta_k 1[t = k] T_i + e_it      the last year before treatment left out
//! ```
//! `T` marks treated units. Errors are clustered by unit. Coefficients of years before treatment must be jointly near
//! zero (F test), else the groups were on different paths and no contribution may be claimed (domain sheet 6.3).
//!
//! **One treated unit.** Its own coefficients fit it exactly, so that clusters tell the spread of the controls' mean
//! alone and the F test rejects nearly always. Then the same statistic is scaled to Hotelling's T² of one observation
//! against J controls, which holds the unit's own noise:
//!
//! ```text
//! F* = F (J - q)/J² (n - 1)/(n - k)  ~  F(q, J - q)      q coefficients, n rows, k columns of a panel without gaps
//! ```
//! Hotelling 1931; on one treated unit Conley & Taber 2011.

use std::collections::BTreeSet;

use super::regression::{Covariance, JointTest, Regression, RegressionError, f_test_p, least_squares};

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

/// Paths of the two groups year by year.
#[derive(Debug, Clone, PartialEq)]
pub struct EventStudy {
    /// Difference from the reference year by year, with its standard error; the reference year is left out.
    pub by_year: Vec<(i32, f64, f64)>,
    /// Joint test of the years before treatment; `None` with no more clusters than such years, and of one treated unit
    /// also with gaps.
    pub pre_trend: Option<JointTest>,
}

impl EventStudy {
    /// Whether the groups diverged before treatment at this level; without a test they may have, so yes.
    #[must_use]
    pub fn diverged(&self, p_min: f64) -> bool {
        self.pre_trend.is_none_or(|test| test.p <= p_min)
    }
}

/// The event study around `first_year`.
///
/// # Errors
/// As [`least_squares`], for instance when no unit is treated or no year lies before.
pub fn event_study(rows: &[UnitYear], first_year: i32) -> Result<EventStudy, RegressionError> {
    let all = years(rows);
    let reference = all.iter().copied().filter(|y| *y < first_year).max();
    let shown: Vec<i32> = all.into_iter().filter(|y| Some(*y) != reference).collect();
    let column = |year: i32| rows.iter().map(|r| f64::from(u8::from(r.treated && r.year == year))).collect();
    let (fit, covariance) = fitted(rows, shown.iter().map(|y| column(*y)).collect())?;
    let pre: Vec<usize> = (0..shown.len()).filter(|i| shown.get(*i).is_some_and(|y| *y < first_year)).collect();
    let joint = covariance.joint(&fit.coefficients, &pre);
    let treated: BTreeSet<u32> = rows.iter().filter(|r| r.treated).map(|r| r.unit).collect();
    let pre_trend = if treated.len() == 1 { joint.and_then(|test| of_one_unit(test, rows, &fit)) } else { joint };
    let by_year = shown.iter().zip(&fit.coefficients).enumerate();
    Ok(EventStudy {
        by_year: by_year.filter_map(|(i, (year, b))| Some((*year, *b, covariance.se(i)?))).collect(),
        pre_trend,
    })
}

/// The joint test of one treated unit, from that by clusters.
fn of_one_unit(test: JointTest, rows: &[UnitYear], fit: &Regression) -> Option<JointTest> {
    let (units, q) = (units(rows).len(), test.df1);
    let controls = units - 1;
    if rows.len() != units * years(rows).len() || controls <= q {
        return None;
    }
    let (j, n, k) = (controls as f64, rows.len() as f64, fit.coefficients.len() as f64);
    let df2 = controls - q;
    let f = test.f * df2 as f64 / (j * j) * (n - 1.0) / (n - k);
    Some(JointTest { f, df1: q, df2, p: f_test_p(f, q, df2)? })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monte_carlo::{Stream, standard_normal, stream};

    /// One treated unit and twenty controls over ten years, alike but for a drift of the treated one.
    fn panel(random: &mut Stream, drift: f64) -> Vec<UnitYear> {
        let mut rows = Vec::new();
        for unit in 0..21 {
            for year in 2009..2019 {
                let own = if unit == 0 { drift * f64::from(year - 2009) } else { 0.0 };
                rows.push(UnitYear { unit, year, treated: unit == 0, value: own + standard_normal(random) });
            }
        }
        rows
    }

    #[test]
    fn one_treated_unit_is_tested_at_its_level_and_a_drift_is_found() {
        let mut random = stream(7, "event study");
        let mut share = |drift: f64| {
            let diverged = (0..400).filter(|_| event_study(&panel(&mut random, drift), 2019).unwrap().diverged(0.10));
            diverged.count() as f64 / 400.0
        };
        let (alike, drifting) = (share(0.0), share(0.8));
        assert!((0.06..=0.14).contains(&alike), "{alike}");
        assert!(drifting > 0.8, "{drifting}");
    }

    #[test]
    fn one_unit_of_two_years_is_the_t_test_of_one_observation() {
        // before treatment the differences between two years are -3 of the treated unit and 0, 1, 2, 1 of the controls
        let changes = [-3.0, 0.0, 1.0, 2.0, 1.0];
        let rows: Vec<UnitYear> = (0..5)
            .flat_map(|unit| {
                let value = |year, value| UnitYear { unit, year, treated: unit == 0, value };
                [value(2001, 0.0), value(2002, changes[unit as usize])]
            })
            .collect();
        let test = event_study(&rows, 2003).unwrap().pre_trend.unwrap();
        // t = (-3 - 1) / sqrt(2/3 (1 + 1/4)), three degrees of freedom
        assert!((test.f - 16.0 / (2.0 / 3.0 * 1.25)).abs() < 1e-9, "{}", test.f);
        assert_eq!((test.df1, test.df2), (1, 3));
        let gap = &rows[..rows.len() - 1];
        assert!(event_study(gap, 2003).unwrap().pre_trend.is_none());
    }
}
