//! Vegetation with the weather of the year taken out: residual trends, their segmented form, rain-use efficiency.
//!
//! A cross-check of one place's series. It misses degradation that comes at once in mid-series or that lowers the
//! response to rain (Wessels 2012); the panel with zone-by-year effects is the method by default.

mod adjustment;
mod regression;
mod restrend;
mod segmented;
mod sensor_break;

pub use adjustment::{Adjusted, CellAdjustment};
pub use regression::{Regression, RegressionError, regress};
pub use restrend::{Invalid, Restrend, residual_trend};
pub use segmented::{Break, SegmentedForm, SegmentedTrend, break_at, most_significant_break, segmented_trend};
pub use sensor_break::{SensorBreaks, SensorChange};

use crate::sets::{Fault, parameter_set};

parameter_set!(
    /// When a relation between vegetation and precipitation counts.
    ClimateAdjustment, "climate adjustment", "climate_adjustment.toml" {
        /// Significance of the relation and of breaks.
        alpha: f64,
        /// Least share of the variation that precipitation explains.
        r_squared_min: f64,
        /// Share of the series at either end in which no break is sought.
        trim_fraction: f64,
        /// Fewest years.
        years_min: usize,
        /// Millimetres that precipitation is divided by in rain-use efficiency.
        rain_use_mm: f64,
    }
);

impl ClimateAdjustment {
    fn first_fault(&self) -> Result<(), Fault> {
        Fault::unless("alpha", self.alpha, self.alpha > 0.0 && self.alpha < 1.0, "between 0 and 1")?;
        let share = self.r_squared_min;
        Fault::unless("r_squared_min", share, (0.0..1.0).contains(&share), "from 0 to below 1")?;
        let trim = self.trim_fraction;
        Fault::unless("trim_fraction", trim, trim > 0.0 && trim < 0.5, "between 0 and one half")?;
        Fault::unless("years_min", self.years_min as f64, self.years_min >= 6, "6 or more")?;
        Fault::unless("rain_use_mm", self.rain_use_mm, self.rain_use_mm > 0.0, "positive")
    }

    /// Rain-use efficiency `VI / (P / 1000)`, P in mm; `None` without rain.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, climate::ClimateAdjustment};
    /// let set = ClimateAdjustment::by_name("climate_adjustment_1")?;
    /// assert_eq!(set.rain_use_efficiency(0.25, 200.0), Some(1.25));
    /// assert_eq!(set.rain_use_efficiency(0.25, 0.0), None);
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn rain_use_efficiency(&self, index: f64, precipitation_mm: f64) -> Option<f64> {
        let efficiency = index / (precipitation_mm / self.rain_use_mm);
        (precipitation_mm > 0.0 && efficiency.is_finite()).then_some(efficiency)
    }
}
