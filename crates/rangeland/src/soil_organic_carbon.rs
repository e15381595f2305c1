//! Change of soil organic carbon with land-cover change.
//!
//! Pasture without a change of land cover has no change by construction: the indicator says nothing about grazing there,
//! and is to be shown as not informative, never as stable.

use std::collections::BTreeMap;

use crate::{
    degradation::{DegradationClass, LandCover},
    sets::{Fault, parameter_set},
};

parameter_set!(
    /// Factors of land-use change and the thresholds of the sub-indicator.
    SocFactors, "soil organic carbon", "soil_organic_carbon.toml" {
        /// Years until the stock has adapted.
        years_to_equilibrium: f64,
        /// Change in percent at or below which soil is degraded.
        degraded_percent: f64,
        /// Change in percent at or above which soil is improved.
        improved_percent: f64,
        /// Factor of natural land turned to cropland, by climate.
        crop_factor: BTreeMap<String, f64>,
        /// Factor of wetland turned to cropland.
        crop_wetland_factor: f64,
        /// Factor of vegetated land turned to artificial or bare land.
        to_bare_factor: f64,
        /// Factor of artificial or bare land turned to vegetated land.
        from_bare_factor: f64,
    }
);

/// Stock after a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SocChange {
    /// Stock in the unit of the reference stock, such as t/ha.
    pub stock: f64,
    /// Change against the reference, percent.
    pub percent: f64,
    /// Class of the sub-indicator.
    pub class: DegradationClass,
}

impl SocFactors {
    fn first_fault(&self) -> Result<(), Fault> {
        let years = self.years_to_equilibrium;
        Fault::unless("years_to_equilibrium", years, years > 0.0, "positive")?;
        Fault::unless("degraded_percent", self.degraded_percent, self.degraded_percent < 0.0, "negative")?;
        Fault::unless("improved_percent", self.improved_percent, self.improved_percent > 0.0, "positive")?;
        let others = [self.crop_wetland_factor, self.to_bare_factor, self.from_bare_factor];
        let factors = self.crop_factor.values().copied().chain(others);
        factors.into_iter().try_for_each(|f| Fault::unless("factor", f, f > 0.0, "positive"))
    }

    /// Land-use factor of a transition in a climate; `None` when the climate is unknown.
    #[must_use]
    pub fn factor(&self, from: LandCover, to: LandCover, climate: &str) -> Option<f64> {
        use LandCover::{Artificial, Crop, Grass, Other, Tree, Wetland};
        let crop = *self.crop_factor.get(climate)?;
        Some(match (from, to) {
            (Tree | Grass, Crop) => crop,
            (Crop, Tree | Grass) => 1.0 / crop,
            (Crop, Wetland) => 1.0 / self.crop_wetland_factor,
            (Wetland, Crop) => self.crop_wetland_factor,
            (Tree | Grass | Crop | Wetland, Artificial | Other) => self.to_bare_factor,
            (Artificial | Other, Tree | Grass | Crop | Wetland) => self.from_bare_factor,
            _ => 1.0,
        })
    }

    /// The class of a change in percent.
    #[must_use]
    pub fn class_of_percent(&self, percent: f64) -> DegradationClass {
        match percent {
            p if p <= self.degraded_percent => DegradationClass::Degraded,
            p if p >= self.improved_percent => DegradationClass::Improved,
            _ => DegradationClass::Stable,
        }
    }

    /// Stock `years` after a change: `SOC_ref * [1 - (1 - F) * min(years, 20)/20]` (IPCC 2006; Trends.Earth).
    /// `None` for a stock that is not positive, a negative time, or numbers that are not finite.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, soil_organic_carbon::SocFactors};
    /// let factors = SocFactors::by_name("soc_unccd_1")?;
    /// let after = factors.change(50.0, 0.8, 10.0).expect("numbers");
    /// assert!((after.stock - 45.0).abs() < 1e-12);
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn change(&self, reference_stock: f64, factor: f64, years: f64) -> Option<SocChange> {
        if !(reference_stock > 0.0 && years >= 0.0 && factor >= 0.0) {
            return None;
        }
        let adapted = years.min(self.years_to_equilibrium) / self.years_to_equilibrium;
        let relative = (factor - 1.0) * adapted;
        let (stock, percent) = (reference_stock * (1.0 + relative), 100.0 * relative);
        let class = self.class_of_percent(percent);
        stock.is_finite().then_some(SocChange { stock, percent, class })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn factors_by_transition() {
        let factors = SocFactors::by_name("soc_unccd_1").unwrap();
        let f = |from, to| factors.factor(from, to, "temperate_dry").unwrap();
        use LandCover::{Artificial, Crop, Grass, Other, Tree, Water, Wetland};
        assert_eq!(f(Grass, Crop), 0.8);
        assert_eq!(f(Crop, Tree), 1.25);
        assert_eq!(f(Wetland, Crop), 0.71);
        assert_eq!(f(Grass, Artificial), 0.1);
        assert_eq!(f(Other, Grass), 2.0);
        assert_eq!((f(Grass, Tree), f(Grass, Water), f(Artificial, Other)), (1.0, 1.0, 1.0));
        assert_eq!(factors.factor(Grass, Crop, "polar"), None);
    }

    #[test]
    fn impossible_input_has_no_change() {
        let factors = SocFactors::by_name("soc_unccd_1").unwrap();
        for (stock, factor, years) in [(0.0, 0.8, 5.0), (45.0, f64::NAN, 5.0), (45.0, 0.8, -1.0), (f64::MAX, 9.0, 20.0)]
        {
            assert_eq!(factors.change(stock, factor, years), None);
        }
    }
}
