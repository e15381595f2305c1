//! Look-up tables that fold trend, state and performance into one class of productivity.

use std::collections::BTreeMap;

use super::{DegradationClass, ProductivityClass};
use crate::sets::{Fault, parameter_set};

parameter_set!(
    /// A productivity look-up table: keys of three letters, trend and state (I, S, D), performance (N, D).
    ProductivityLut, "productivity look-up table", "productivity_luts.toml" {
        /// The class of every combination.
        class: BTreeMap<String, DegradationClass>,
        /// The class of five, codes 1 to 5, where the table has them.
        #[serde(default)]
        five_class: Option<BTreeMap<String, u8>>,
    }
);

/// Productivity by a look-up table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Productivity {
    /// The class of three.
    pub class: DegradationClass,
    /// The class of five, where the table has them.
    pub five_class: Option<ProductivityClass>,
}

impl ProductivityLut {
    fn first_fault(&self) -> Result<(), Fault> {
        for trend in DegradationClass::ALL {
            for state in DegradationClass::ALL {
                for degraded in [false, true] {
                    let found = self.look_up(Some(trend), Some(state), Some(degraded));
                    let (class, five) = (found.map(|p| p.class), found.and_then(|p| p.five_class));
                    let whole = class.is_some() && five.is_some() == self.five_class.is_some();
                    let alike = five.is_none() || five.map(ProductivityClass::fold) == class;
                    let key = key(trend, state, degraded);
                    let code = five.map_or(0.0, |f| f64::from(f.code()));
                    Fault::unless(format!("class {key}"), code, whole && alike, "given, and alike in three and five")?;
                }
            }
        }
        let size = self.class.len();
        Fault::unless("number of classes", size as f64, size == 18, "18")
    }

    /// The table laid out for many pixels.
    #[must_use]
    pub fn table(&self) -> ProductivityTable {
        let at = |trend, state, degraded| self.look_up(Some(trend), Some(state), Some(degraded));
        ProductivityTable(
            DegradationClass::ALL
                .map(|trend| DegradationClass::ALL.map(|state| [at(trend, state, false), at(trend, state, true)])),
        )
    }

    /// The class of a combination; `None` when a metric is missing.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, degradation::{DegradationClass::{Degraded, Stable}, ProductivityLut}};
    /// let class = |name: &str| {
    ///     let found = ProductivityLut::by_name(name)?.look_up(Some(Degraded), Some(Stable), Some(false));
    ///     Ok::<_, belcheer_rangeland::SetError>(found.map(|p| p.class))
    /// };
    /// assert_eq!(class("gpg_v1")?, Some(Degraded));
    /// assert_eq!(class("gpg_v2")?, Some(Stable));
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn look_up(
        &self,
        trend: Option<DegradationClass>,
        state: Option<DegradationClass>,
        performance_degraded: Option<bool>,
    ) -> Option<Productivity> {
        let key = key(trend?, state?, performance_degraded?);
        let five = self.five_class.as_ref().and_then(|table| table.get(&key));
        let five_class = five.and_then(|code| ProductivityClass::from_code(i16::from(*code)));
        Some(Productivity { class: *self.class.get(&key)?, five_class })
    }
}

/// A look-up table laid out for many pixels: by trend, state and performance, classes worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductivityTable([[[Option<Productivity>; 2]; 3]; 3]);

impl ProductivityTable {
    /// As [`ProductivityLut::look_up`].
    #[must_use]
    pub fn look_up(
        &self,
        trend: Option<DegradationClass>,
        state: Option<DegradationClass>,
        performance_degraded: Option<bool>,
    ) -> Option<Productivity> {
        self.0[trend? as usize][state? as usize][usize::from(performance_degraded?)]
    }
}

fn key(trend: DegradationClass, state: DegradationClass, performance_degraded: bool) -> String {
    let letter = |class| match class {
        DegradationClass::Degraded => 'D',
        DegradationClass::Stable => 'S',
        DegradationClass::Improved => 'I',
    };
    [letter(trend), letter(state), if performance_degraded { 'D' } else { 'N' }].iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    /// Keys in which two tables differ.
    fn differences(one: &str, two: &str) -> Vec<String> {
        let (one, two) = (ProductivityLut::by_name(one).unwrap(), ProductivityLut::by_name(two).unwrap());
        one.class.iter().filter(|(key, class)| two.class[*key] != **class).map(|(key, _)| key.clone()).collect()
    }

    #[test]
    fn tables_differ_where_their_sources_say() {
        assert_eq!(differences("gpg_v1", "gpg_v2_sepal"), ["DSN", "SSD"]);
        assert_eq!(differences("gpg_v1", "te_3class"), ["SDN"]);
        assert!(differences("te_5class", "te_3class").is_empty());
        assert_eq!(ProductivityLut::by_name("trends_earth").unwrap().id, "te_5class");
    }

    #[test]
    fn the_laid_out_table_is_the_table() {
        for lut in ProductivityLut::all().unwrap() {
            let table = lut.table();
            let classes = DegradationClass::ALL.map(Some).into_iter().chain([None]);
            for (trend, state) in classes.clone().flat_map(|t| classes.clone().map(move |s| (t, s))) {
                for degraded in [Some(false), Some(true), None] {
                    assert_eq!(table.look_up(trend, state, degraded), lut.look_up(trend, state, degraded));
                }
            }
        }
    }

    #[test]
    fn a_missing_metric_has_no_class() {
        let lut = ProductivityLut::by_name("gpg_v2").unwrap();
        let stable = Some(DegradationClass::Stable);
        assert_eq!(lut.look_up(None, stable, Some(false)), None);
        assert_eq!(lut.look_up(stable, None, Some(false)), None);
        assert_eq!(lut.look_up(stable, stable, None), None);
    }
}
