//! Drought and dzud (ган, зуд): anomalies, vegetation and temperature condition, standardised precipitation, and the
//! summer and winter indices of Mongolia.
//!
//! They raise flags and are weather covariates; no outcome score is made of them.

mod condition;
mod season;
mod standardised;

pub use condition::{
    Anomaly, anomaly, biomass_anomaly_percent, temperature_condition, vegetation_condition, vegetation_health,
};
pub use season::{MonthAnomaly, SUMMER_MONTHS, dzud, pedj, season_index};
pub use standardised::{LogLogistic, PrecipitationGamma, StandardisedError};

use crate::sets::{Fault, parameter_set};

/// How bad a drought is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drought {
    /// None.
    None,
    /// Mild.
    Mild,
    /// Moderate.
    Moderate,
    /// Severe.
    Severe,
    /// Extreme.
    Extreme,
}

impl Drought {
    /// The class in words, snake case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Mild => "mild",
            Self::Moderate => "moderate",
            Self::Severe => "severe",
            Self::Extreme => "extreme",
        }
    }
}

parameter_set!(
    /// What the indices' values are called.
    DroughtClasses, "drought", "drought.toml" {
        /// Condition indices below which drought is extreme, severe, moderate, mild.
        vegetation_below: [f64; 4],
        /// Standardised indices below which drought is extreme, severe, moderate, mild.
        standardised_below: [f64; 4],
        /// Pedj index above which drought is severe, moderate, mild.
        pedj_above: [f64; 3],
        /// Share of vegetation in vegetation health.
        vhi_share: f64,
        /// Biomass anomaly of vegetation health 0, percent.
        biomass_intercept: f64,
        /// Biomass anomaly of a point of vegetation health, percent.
        biomass_slope: f64,
        /// Loss of animals above which a winter is a disaster, percent.
        mortality_disaster_percent: f64,
        /// Fewest years of a fitted distribution.
        years_min: usize,
    }
);

impl DroughtClasses {
    fn first_fault(&self) -> Result<(), Fault> {
        for limits in [&self.vegetation_below, &self.standardised_below] {
            let rising = limits.windows(2).all(|w| w[0] < w[1]);
            Fault::unless("limits", limits[0], rising, "rising")?;
        }
        let falling = self.pedj_above.windows(2).all(|w| w[0] > w[1]);
        Fault::unless("pedj_above", self.pedj_above[0], falling, "falling")?;
        Fault::unless("vhi_share", self.vhi_share, (0.0..=1.0).contains(&self.vhi_share), "within 0 and 1")?;
        let percent = self.mortality_disaster_percent;
        Fault::unless("mortality_disaster_percent", percent, percent > 0.0, "positive")?;
        Fault::unless("years_min", self.years_min as f64, self.years_min >= 3, "3 or more")
    }

    /// Drought by a condition index of 0 to 100 (VCI, TCI, VHI; Kogan).
    #[must_use]
    pub fn of_condition(&self, index: f64) -> Option<Drought> {
        below(index, &self.vegetation_below)
    }

    /// Drought by a standardised index (SPI, SPEI).
    #[must_use]
    pub fn of_standardised(&self, index: f64) -> Option<Drought> {
        below(index, &self.standardised_below)
    }

    /// Drought by Pedj's index.
    #[must_use]
    pub fn of_pedj(&self, index: f64) -> Option<Drought> {
        let [severe, moderate, mild] = self.pedj_above;
        (!index.is_nan()).then_some(match index {
            i if i > severe => Drought::Severe,
            i if i > moderate => Drought::Moderate,
            i if i > mild => Drought::Mild,
            _ => Drought::None,
        })
    }

    /// Whether a loss of animals from January to May, percent of those counted in December, is that of a disaster:
    /// destocking after it is not by choice (`involuntary_destocking`).
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, drought::DroughtClasses};
    /// let classes = DroughtClasses::by_name("drought_1")?;
    /// assert_eq!(classes.is_mortality_disaster(12.0), Some(true));
    /// assert_eq!(classes.is_mortality_disaster(120.0), None); // more than there were
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn is_mortality_disaster(&self, loss_percent: f64) -> Option<bool> {
        (0.0..=100.0).contains(&loss_percent).then_some(loss_percent > self.mortality_disaster_percent)
    }
}

fn below(index: f64, limits: &[f64; 4]) -> Option<Drought> {
    let classes = [Drought::Extreme, Drought::Severe, Drought::Moderate, Drought::Mild];
    let found = classes.into_iter().zip(limits).find(|(_, limit)| index < **limit);
    (!index.is_nan()).then_some(found.map_or(Drought::None, |(class, _)| class))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn classes_at_their_limits() {
        let classes = DroughtClasses::by_name("drought_1").unwrap();
        assert_eq!(classes.of_condition(9.9), Some(Drought::Extreme));
        assert_eq!(classes.of_condition(34.2), Some(Drought::Mild));
        assert_eq!(classes.of_condition(40.0), Some(Drought::None));
        assert_eq!(classes.of_standardised(-2.0), Some(Drought::Severe));
        assert_eq!(classes.of_standardised(-0.2), Some(Drought::Mild));
        assert_eq!(classes.of_standardised(0.0), Some(Drought::None));
        assert_eq!(classes.of_pedj(2.772_727), Some(Drought::Moderate));
        assert_eq!(classes.of_pedj(-4.0), Some(Drought::None));
        assert_eq!(classes.of_pedj(f64::NAN), None);
    }
}
