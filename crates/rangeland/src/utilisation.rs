//! Proper-use (utilisation) fraction of the standing forage.

use std::collections::BTreeMap;

use belcheer_domain::{Fraction, NaturalZone, RecoveryClass};

use crate::sets::{Fault, parameter_set};

parameter_set!(
    /// Utilisation by recovery class, by natural zone, or one value for all: exactly one of the three is given.
    UtilisationSet, "utilisation", "utilisation.toml" {
        /// Fractions of classes I to V.
        #[serde(default)]
        by_recovery_class: Option<[Fraction; 5]>,
        /// Fractions of the natural zones.
        #[serde(default)]
        by_zone: Option<BTreeMap<NaturalZone, Fraction>>,
        /// One fraction everywhere.
        #[serde(default)]
        flat: Option<Fraction>,
    }
);

impl UtilisationSet {
    fn first_fault(&self) -> Result<(), Fault> {
        let given = [self.by_recovery_class.is_some(), self.by_zone.is_some(), self.flat.is_some()];
        let count = given.iter().filter(|g| **g).count();
        Fault::unless("number of forms given", count as f64, count == 1, "one of class, zone, flat")?;
        let classes = self.by_recovery_class.iter().flatten();
        let zones = self.by_zone.iter().flat_map(|z| z.values());
        classes.chain(zones).chain(&self.flat).try_for_each(|u| {
            let share = u.get();
            Fault::unless("utilisation", share, (0.0..=1.0).contains(&share), "a fraction between 0 and 1")
        })
    }

    /// The fraction for a place; `None` when the set needs a class or zone that is not known there.
    ///
    /// ```
    /// use belcheer_domain::{NaturalZone, RecoveryClass};
    /// use belcheer_rangeland::{ParameterSet, utilisation::UtilisationSet};
    /// let by_class = UtilisationSet::by_name("u_rc_default")?;
    /// assert_eq!(by_class.fraction(RecoveryClass::new(2), None).map(|u| u.get()), Some(0.4));
    /// assert_eq!(by_class.fraction(None, Some(NaturalZone::Steppe)), None);
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn fraction(&self, class: Option<RecoveryClass>, zone: Option<NaturalZone>) -> Option<Fraction> {
        if let Some(classes) = &self.by_recovery_class {
            return classes.get(usize::from(class?.number()) - 1).copied();
        }
        match &self.by_zone {
            Some(zones) => zones.get(&zone?).copied(),
            None => self.flat,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn every_zone_and_class_has_a_fraction() {
        let zones = UtilisationSet::by_name("u_zone").unwrap();
        for zone in NaturalZone::ALL {
            assert!(zones.fraction(None, Some(*zone)).is_some(), "{zone}");
        }
        let classes = UtilisationSet::by_name("u_rc_default").unwrap();
        let fractions: Vec<f64> =
            (1..=5).map(|c| classes.fraction(RecoveryClass::new(c), None).unwrap().get()).collect();
        assert_eq!(fractions, [0.5, 0.4, 0.3, 0.2, 0.0]);
        assert_eq!(UtilisationSet::by_name("u_flat50").unwrap().fraction(None, None).unwrap().get(), 0.5);
    }

    #[test]
    fn a_set_with_two_forms_is_refused() {
        let text = "id=\"x\"\nversion=\"1\"\nsource=\"s\"\nflat=0.5\nby_recovery_class=[0.5,0.4,0.3,0.2,0.1]";
        assert!(UtilisationSet::from_toml(text).is_err());
        assert!(UtilisationSet::from_toml("id=\"x\"\nversion=\"1\"\nsource=\"s\"\nflat=1.5").is_err());
    }
}
