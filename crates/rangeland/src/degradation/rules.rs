//! Thresholds of the productivity metrics.

use crate::sets::{Fault, parameter_set};

parameter_set!(
    /// Thresholds of the Good Practice Guidance.
    GpgRules, "good practice rule", "gpg_rules.toml" {
        /// |z| above which a change is potential.
        z_potential: f64,
        /// |z| above which a change counts.
        z_significant: f64,
        /// Fewest valid years of the 13 of the state baseline.
        state_baseline_years_min: usize,
        /// Fewest valid years of the 3 recent ones.
        state_recent_years_min: usize,
        /// Whether the baseline's standard deviation has the divisor n - 1 instead of n.
        state_sample_sd: bool,
        /// Ratio to the reference productivity at or below which performance is degraded.
        performance_ratio: f64,
    }
);

impl GpgRules {
    fn first_fault(&self) -> Result<(), Fault> {
        Fault::unless("z_potential", self.z_potential, self.z_potential > 0.0, "positive")?;
        let above = self.z_significant > self.z_potential;
        Fault::unless("z_significant", self.z_significant, above, "above z_potential")?;
        let years = self.state_baseline_years_min;
        Fault::unless("state_baseline_years_min", years as f64, years >= 2, "2 or more")?;
        let years = self.state_recent_years_min;
        Fault::unless("state_recent_years_min", years as f64, years >= 1, "1 or more")?;
        let share = self.performance_ratio;
        Fault::unless("performance_ratio", share, share > 0.0 && share < 1.0, "between 0 and 1")
    }
}

parameter_set!(
    /// Thresholds of Trends.Earth, for values of NDVI times 10,000.
    TrendsEarthRules, "Trends.Earth rule", "trends_earth_rules.toml" {
        /// Name of the table of Kendall's critical values.
        kendall_table: String,
        /// |slope| a year at or below which there is no trend.
        slope_floor_per_year: f64,
        /// Share of the baseline's range by which it is extended at both ends.
        state_extension: f64,
        /// Difference of decile classes from which state has changed.
        state_class_step: u8,
        /// |difference of means| at or below which state is stable.
        state_difference_floor: f64,
        /// Differences of classes below this mean that state is missing.
        state_code_valid_from: f64,
        /// Ratio to the reference productivity at or below which performance is degraded.
        performance_ratio: f64,
        /// Whether only the whole part of the reference productivity counts.
        performance_whole_reference: bool,
    }
);

impl TrendsEarthRules {
    fn first_fault(&self) -> Result<(), Fault> {
        Fault::unless(
            "slope_floor_per_year",
            self.slope_floor_per_year,
            self.slope_floor_per_year >= 0.0,
            "not negative",
        )?;
        Fault::unless("state_extension", self.state_extension, self.state_extension >= 0.0, "not negative")?;
        let step = self.state_class_step;
        Fault::unless("state_class_step", f64::from(step), (1..=9).contains(&step), "1 to 9")?;
        let floor = self.state_difference_floor;
        Fault::unless("state_difference_floor", floor, floor >= 0.0, "not negative")?;
        Fault::unless("state_code_valid_from", self.state_code_valid_from, true, "a number")?;
        let share = self.performance_ratio;
        Fault::unless("performance_ratio", share, share > 0.0 && share < 1.0, "between 0 and 1")
    }
}
