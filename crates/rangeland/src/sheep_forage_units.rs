//! Livestock as sheep forage units (SFU, хонин толгой).

use std::collections::BTreeMap;

use belcheer_domain::{SheepForageUnits, Species};

use crate::sets::{Fault, parameter_set};

parameter_set!(
    /// Forage units of one head, by species.
    SfuSet, "sheep forage unit", "sheep_forage_units.toml" {
        /// What the result counts: `sfu`, `bod` or `se50`.
        unit: String,
        /// Units of one head; a species that is not listed cannot be converted.
        coefficient: BTreeMap<Species, f64>,
    }
);

impl SfuSet {
    fn first_fault(&self) -> Result<(), Fault> {
        self.coefficient.iter().try_for_each(|(species, c)| {
            Fault::unless(format!("coefficient.{species}"), *c, *c > 0.0, "a positive number")
        })
    }
}

/// Why livestock cannot be converted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SfuError {
    /// The set has no coefficient for a species that is present.
    #[error("set {set} has no coefficient for {species}; choose another set of sheep forage units")]
    NoCoefficient {
        /// The set.
        set: String,
        /// The species.
        species: Species,
    },
    /// A count is negative or not a number.
    #[error("the count of {species} is {head}; it must be a number of animals, not negative")]
    Head {
        /// The species.
        species: Species,
        /// What was given.
        head: f64,
    },
}

/// Sheep forage units of a herd: `SFU = sum over species of head * coefficient`, never rounded.
///
/// A species that is absent from `head` counts as no animals; whether it was counted at all is for the caller to know.
///
/// # Errors
/// When the set lacks a species with animals, or a count is negative or not finite.
///
/// ```
/// use std::collections::BTreeMap;
/// use belcheer_domain::Species;
/// use belcheer_rangeland::{ParameterSet, sheep_forage_units::{SfuSet, sheep_forage_units}};
/// let head = BTreeMap::from([(Species::Horse, 10.0), (Species::Goat, 100.0)]);
/// let set = SfuSet::by_name("sfu_nso_current")?;
/// assert_eq!(sheep_forage_units(&head, &set)?.get(), 10.0 * 7.0 + 100.0 * 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sheep_forage_units(head: &BTreeMap<Species, f64>, set: &SfuSet) -> Result<SheepForageUnits, SfuError> {
    let mut total = 0.0;
    let mut last = None;
    for (&species, &count) in head {
        if !(count.is_finite() && count >= 0.0) {
            return Err(SfuError::Head { species, head: count });
        }
        if count > 0.0 {
            let Some(coefficient) = set.coefficient.get(&species) else {
                return Err(SfuError::NoCoefficient { set: set.id.clone(), species });
            };
            total += count * coefficient;
            last = Some((species, count));
        }
    }
    SheepForageUnits::new(total).map_err(|_| {
        let (species, head) = last.unwrap_or((Species::Sheep, total));
        SfuError::Head { species, head }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn the_census_of_2018_is_reproduced_within_one_percent() {
        let set = SfuSet::by_name("sfu_nso_current").unwrap();
        let head = BTreeMap::from([
            (Species::Camel, 0.4597e6),
            (Species::Horse, 3.9401e6),
            (Species::Cattle, 4.3809e6),
            (Species::Sheep, 30.5548e6),
            (Species::Goat, 27.1247e6),
        ]);
        let sfu = sheep_forage_units(&head, &set).unwrap().get();
        assert!((sfu / 110.8e6 - 1.0).abs() < 0.01, "{sfu}");
    }

    #[test]
    fn what_cannot_be_converted_is_refused() {
        let set = SfuSet::by_name("se_kemp50").unwrap();
        let camels = BTreeMap::from([(Species::Camel, 1.0)]);
        assert!(sheep_forage_units(&camels, &set).unwrap_err().to_string().contains("camel"));
        assert!(sheep_forage_units(&BTreeMap::from([(Species::Camel, 0.0)]), &set).is_ok());
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(sheep_forage_units(&BTreeMap::from([(Species::Sheep, bad)]), &set).is_err());
        }
        assert!(sheep_forage_units(&BTreeMap::from([(Species::Horse, f64::MAX)]), &set).is_err());
    }

    #[test]
    fn seven_sheep_or_ten_goats_are_one_bod() {
        let set = SfuSet::by_name("bod").unwrap();
        for (species, head) in [(Species::Sheep, 7.0), (Species::Goat, 10.0), (Species::Horse, 1.0)] {
            let bod = sheep_forage_units(&BTreeMap::from([(species, head)]), &set).unwrap().get();
            assert!((bod - 1.0).abs() < 1e-15);
        }
    }
}
