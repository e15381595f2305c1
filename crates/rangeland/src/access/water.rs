//! Share of the utilisation that is left at a distance to usable water, by species.

use std::collections::BTreeMap;

use belcheer_domain::Species;
use serde::Deserialize;

use crate::{
    numeric::sum,
    sets::{Fault, parameter_set},
};

/// A factor up to a distance.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaterBand {
    /// Farthest distance, km, itself included.
    pub upto_km: f64,
    /// Share of the utilisation.
    pub factor: f64,
}

/// The bands of some species.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaterCurve {
    /// The species.
    pub species: Vec<Species>,
    /// Ascending; beyond the last the factor is 0.
    pub band: Vec<WaterBand>,
}

parameter_set!(
    /// Factors of the distance to water.
    WaterFactors, "water distance", "water_factors.toml" {
        /// Seasons in which snow stands in for water, so that the factor is 1.
        snow_seasons: Vec<String>,
        /// One curve for each group of species.
        curve: Vec<WaterCurve>,
    }
);

impl WaterFactors {
    fn first_fault(&self) -> Result<(), Fault> {
        let listed: usize = self.curve.iter().map(|c| c.species.len()).sum();
        let each = Species::ALL.iter().all(|s| self.curve.iter().filter(|c| c.species.contains(s)).count() == 1);
        Fault::unless("species", listed as f64, each, "each of the five once")?;
        self.curve.iter().try_for_each(|curve| {
            curve.band.iter().try_for_each(|b| {
                Fault::unless("factor", b.factor, (0.0..=1.0).contains(&b.factor), "between 0 and 1")
            })?;
            curve.band.windows(2).try_for_each(|pair| {
                Fault::unless("upto_km", pair[1].upto_km, pair[1].upto_km > pair[0].upto_km, "above the band before")
            })
        })
    }

    /// The factor of a species; `None` for a distance that is negative or not finite.
    #[must_use]
    pub fn of_species(&self, species: Species, distance_km: f64) -> Option<f64> {
        if !(distance_km.is_finite() && distance_km >= 0.0) {
            return None;
        }
        let curve = self.curve.iter().find(|c| c.species.contains(&species))?;
        Some(curve.band.iter().find(|b| distance_km <= b.upto_km).map_or(0.0, |b| b.factor))
    }

    /// The factor of a herd: that of each species, weighted by its share of the herd's sheep forage units.
    /// `None` for a herd without animals or a distance that is none.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use belcheer_domain::Species;
    /// use belcheer_rangeland::{ParameterSet, access::WaterFactors};
    /// let set = WaterFactors::by_name("water_mn_1")?;
    /// let herd = BTreeMap::from([(Species::Sheep, 600.0), (Species::Horse, 400.0)]);
    /// // at 6 km: sheep 0.3, horses 0.8
    /// assert_eq!(set.of_herd(&herd, 6.0), Some(0.5));
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn of_herd(&self, sfu: &BTreeMap<Species, f64>, distance_km: f64) -> Option<f64> {
        let total = sum(sfu.values().copied());
        if !(total.is_finite() && total > 0.0) {
            return None;
        }
        let parts: Option<Vec<f64>> =
            sfu.iter().map(|(species, units)| Some(units / total * self.of_species(*species, distance_km)?)).collect();
        Some(sum(parts?).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn bounds_belong_to_the_nearer_band() {
        let set = WaterFactors::by_name("water_mn_1").unwrap();
        let at = |species, km| set.of_species(species, km).unwrap();
        assert_eq!([0.0, 3.2, 3.3, 5.0, 8.0, 8.1].map(|km| at(Species::Goat, km)), [1.0, 1.0, 0.7, 0.7, 0.3, 0.0]);
        assert_eq!([5.0, 8.0, 15.0, 15.1].map(|km| at(Species::Horse, km)), [1.0, 0.8, 0.4, 0.0]);
        assert_eq!([15.1, 20.0, 20.1].map(|km| at(Species::Camel, km)), [0.3, 0.3, 0.0]);
        let us = WaterFactors::by_name("water_holechek").unwrap();
        assert_eq!([1.6, 3.2, 3.3].map(|km| us.of_species(Species::Cattle, km).unwrap()), [1.0, 0.5, 0.0]);
        assert_eq!(set.of_species(Species::Goat, -1.0), None);
        assert_eq!(set.of_herd(&BTreeMap::new(), 1.0), None);
    }
}
