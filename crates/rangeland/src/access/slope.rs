//! Share of the utilisation that is left on a slope, percent.

use serde::Deserialize;

use crate::sets::{Fault, parameter_set};

/// A factor up to a slope.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlopeBand {
    /// Steepest slope, percent, itself included.
    pub upto_percent: f64,
    /// Share of the utilisation.
    pub factor: f64,
}

parameter_set!(
    /// Factors of the slope.
    SlopeFactors, "slope", "slope_factors.toml" {
        /// Ascending; beyond the last the factor is 0.
        band: Vec<SlopeBand>,
    }
);

impl SlopeFactors {
    fn first_fault(&self) -> Result<(), Fault> {
        self.band
            .iter()
            .try_for_each(|b| Fault::unless("factor", b.factor, (0.0..=1.0).contains(&b.factor), "between 0 and 1"))?;
        self.band.windows(2).try_for_each(|pair| {
            Fault::unless(
                "upto_percent",
                pair[1].upto_percent,
                pair[1].upto_percent > pair[0].upto_percent,
                "ascending",
            )
        })
    }

    /// The factor of a slope in percent; `None` when it is negative or not finite.
    #[must_use]
    pub fn of_percent(&self, slope_percent: f64) -> Option<f64> {
        if !(slope_percent.is_finite() && slope_percent >= 0.0) {
            return None;
        }
        Some(self.band.iter().find(|b| slope_percent <= b.upto_percent).map_or(0.0, |b| b.factor))
    }

    /// The factor of a slope in degrees, 0 up to but without 90: `percent = 100 tan(degrees)`.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, access::SlopeFactors};
    /// let set = SlopeFactors::by_name("slope_mn_1")?;
    /// assert_eq!(set.of_degrees(16.0), Some(1.0)); // 28.7 percent
    /// assert_eq!(set.of_degrees(20.0), Some(0.7)); // 36.4 percent
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn of_degrees(&self, slope_degrees: f64) -> Option<f64> {
        if !(0.0..90.0).contains(&slope_degrees) {
            return None;
        }
        self.of_percent(100.0 * libm::tan(slope_degrees.to_radians()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn bounds_belong_to_the_gentler_band() {
        let us = SlopeFactors::by_name("slope_holechek").unwrap();
        assert_eq!(
            [0.0, 10.0, 11.0, 30.0, 60.0, 61.0].map(|s| us.of_percent(s).unwrap()),
            [1.0, 1.0, 0.7, 0.7, 0.4, 0.0]
        );
        let mn = SlopeFactors::by_name("slope_mn_1").unwrap();
        assert_eq!([30.0, 31.0, 61.0].map(|s| mn.of_percent(s).unwrap()), [1.0, 0.7, 0.2]);
        assert_eq!((mn.of_percent(-1.0), mn.of_degrees(90.0)), (None, None));
    }
}
