//! Grazing seasons: their days, and the forage that is still standing in them.

use serde::Deserialize;

use crate::{
    numeric::{Triangular, sum},
    sets::{Fault, parameter_set},
};

/// One grazing season.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// Stable id, such as `winter_spring`.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// Mongolian name.
    pub name_mn: String,
    /// Days of grazing.
    pub days: f64,
    /// Share of the August yield that is still standing: the value used is the mode, with its range.
    pub carry_over: Triangular,
}

parameter_set!(
    /// The seasons of a grazing year.
    SeasonSet, "season", "seasons.toml" {
        /// Days that the seasons must sum to.
        year_days: f64,
        /// By how much the sum may differ.
        year_tolerance_days: f64,
        /// The seasons, in order.
        season: Vec<Season>,
    }
);

/// The seasons of a plan do not fill the year.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the seasons sum to {found} days; they must sum to {expected} days within {tolerance}")]
pub struct PlanDaysError {
    /// Days in the plan.
    pub found: f64,
    /// Days of the year.
    pub expected: f64,
    /// Allowed difference.
    pub tolerance: f64,
}

impl SeasonSet {
    fn first_fault(&self) -> Result<(), Fault> {
        Fault::unless("year_days", self.year_days, self.year_days > 0.0, "a positive number of days")?;
        for season in &self.season {
            let Season { id, days, carry_over, .. } = season;
            Fault::unless(format!("{id}.days"), *days, *days > 0.0, "a positive number of days")?;
            let shares = carry_over.is_valid() && carry_over.low >= 0.0 && carry_over.high <= 1.0;
            Fault::unless(format!("{id}.carry_over.mode"), carry_over.mode, shares, "between low and high, in 0..=1")?;
        }
        let days: Vec<f64> = self.season.iter().map(|s| s.days).collect();
        self.check_plan(&days).map_err(|e| Fault {
            field: "season days".to_owned(),
            value: e.found,
            expected: "the days of the year",
        })
    }

    /// The season of an id.
    #[must_use]
    pub fn season(&self, id: &str) -> Option<&Season> {
        self.season.iter().find(|s| s.id == id)
    }

    /// Checks that the seasons of a pasture-use plan fill the year: 365 days within 5 in `seasons_mn_1`.
    ///
    /// # Errors
    /// When they do not, or a number of days is negative or not finite.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, seasons::SeasonSet};
    /// let set = SeasonSet::by_name("seasons_mn_1")?;
    /// assert!(set.check_plan(&[90.0, 60.0, 120.0, 90.0]).is_ok());
    /// assert!(set.check_plan(&[90.0, 60.0, 120.0]).is_err());
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    pub fn check_plan(&self, days: &[f64]) -> Result<(), PlanDaysError> {
        let found = sum(days.iter().copied());
        let filled = (found - self.year_days).abs() <= self.year_tolerance_days;
        if filled && days.iter().all(|d| d.is_finite() && *d >= 0.0) {
            Ok(())
        } else {
            Err(PlanDaysError { found, expected: self.year_days, tolerance: self.year_tolerance_days })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn the_year_is_filled_within_five_days() {
        let set = SeasonSet::by_name("seasons_mn_1").unwrap();
        assert!(set.check_plan(&[150.0, 215.0]).is_ok());
        assert!(set.check_plan(&[150.0, 220.0]).is_ok());
        assert!(set.check_plan(&[150.0, 209.0]).is_err());
        assert!(set.check_plan(&[400.0, -35.0]).is_err());
        assert!(set.check_plan(&[f64::NAN]).is_err());
        assert_eq!(set.season("winter_spring").unwrap().carry_over.mode, 0.6);
        assert!(set.season("autumn").is_none());
    }
}
