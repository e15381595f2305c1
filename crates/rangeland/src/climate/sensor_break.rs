//! Whether a series steps in a year in which its sensor or processing is known to have changed.

use crate::sets::{Fault, parameter_set};

use super::break_at;

/// A known change.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SensorChange {
    /// First calendar year after it.
    pub year: i32,
    /// What changed.
    pub what: String,
}

parameter_set!(
    /// Known changes of sensors and processing.
    SensorBreaks, "sensor breaks", "sensor_breaks.toml" {
        /// p below which a step is told.
        alpha: f64,
        /// Fewest years of a series.
        years_min: usize,
        /// The changes.
        change: Vec<SensorChange>,
    }
);

impl SensorBreaks {
    fn first_fault(&self) -> Result<(), Fault> {
        Fault::unless("alpha", self.alpha, self.alpha > 0.0 && self.alpha < 1.0, "between 0 and 1")?;
        Fault::unless("years_min", self.years_min as f64, self.years_min >= 8, "8 or more")
    }

    /// The changes at which a yearly series steps, each with its p value (Chow 1960, one line against two).
    ///
    /// Years must rise. A change with fewer than three years on either side is not tested. A step that the weather made
    /// looks the same: it is a reason to look, not a proof.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, climate::SensorBreaks};
    /// let known = SensorBreaks::by_name("sensor_breaks_1")?;
    /// let years: Vec<i32> = (2015..2025).collect();
    /// let wave = |y: i32| 0.004 * f64::from(y % 3);
    /// let even: Vec<f64> = years.iter().map(|y| 0.30 + wave(*y)).collect();
    /// assert!(known.found(&years, &even).is_empty());
    /// let stepped: Vec<f64> = years.iter().map(|y| wave(*y) + if *y < 2022 { 0.30 } else { 0.22 }).collect();
    /// assert_eq!(known.found(&years, &stepped)[0].0.year, 2022);
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn found(&self, years: &[i32], values: &[f64]) -> Vec<(&SensorChange, f64)> {
        if years.len() != values.len() || years.len() < self.years_min {
            return Vec::new();
        }
        let times: Vec<f64> = years.iter().map(|year| f64::from(*year)).collect();
        let tested = self.change.iter().filter_map(|change| {
            let position = years.iter().position(|year| *year >= change.year)?;
            let p = break_at(values, &[&times], position).ok()?.p;
            (p < self.alpha).then_some((change, p))
        });
        let mut found: Vec<(&SensorChange, f64)> = tested.collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        found
    }
}
