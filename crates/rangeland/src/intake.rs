//! Daily dry-matter intake of one sheep forage unit, kilograms.

use crate::sets::{Fault, parameter_set};

parameter_set!(
    /// Daily intake with the range found or assumed.
    IntakeSet, "intake", "intake.toml" {
        /// Kilograms of dry matter per sheep forage unit and day.
        kg_per_day: f64,
        /// Lowest plausible value.
        low: f64,
        /// Highest plausible value.
        high: f64,
    }
);

impl IntakeSet {
    fn first_fault(&self) -> Result<(), Fault> {
        Fault::unless("kg_per_day", self.kg_per_day, self.kg_per_day > 0.0, "a positive number of kilograms")?;
        Fault::unless("low", self.low, self.low <= self.kg_per_day, "at most kg_per_day")?;
        Fault::unless("high", self.high, self.high >= self.kg_per_day, "at least kg_per_day")
    }
}
