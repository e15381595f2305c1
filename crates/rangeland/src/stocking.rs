//! Classes of the stocking ratio or of percent use.

use serde::Deserialize;

use crate::sets::{Fault, parameter_set};

/// What a set of classes divides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Livestock over capacity.
    Ratio,
    /// Yearly demand over standing forage.
    PercentUse,
}

/// One class, up to a bound.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockingClass {
    /// Stable id, as written in tables.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// Mongolian name.
    pub name_mn: String,
    /// Upper bound; the last class has none.
    #[serde(default)]
    pub upto: Option<f64>,
    /// Whether the bound itself belongs to the class.
    #[serde(default = "yes")]
    pub upto_inclusive: bool,
}

fn yes() -> bool {
    true
}

parameter_set!(
    /// Classes from low to high pressure.
    StockingClasses, "stocking class", "stocking_classes.toml" {
        /// What is classified.
        measure: Measure,
        /// The classes, ascending.
        class: Vec<StockingClass>,
    }
);

impl StockingClasses {
    fn first_fault(&self) -> Result<(), Fault> {
        let bounds: Vec<f64> = self.class.iter().filter_map(|c| c.upto).collect();
        let open = bounds.len() + 1 == self.class.len() && self.class.last().is_some_and(|c| c.upto.is_none());
        Fault::unless("bounds", bounds.len() as f64, open, "one less than the classes, the last class open")?;
        bounds.windows(2).try_for_each(|w| Fault::unless("upto", w[1], w[0] < w[1], "above the class before"))
    }

    /// The class of a ratio or fraction of use; `None` when it is negative or not finite.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, stocking::StockingClasses};
    /// let set = StockingClasses::by_name("verification")?;
    /// assert_eq!(set.classify(1.134).map(|c| c.id.as_str()), Some("at_capacity"));
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn classify(&self, value: f64) -> Option<&StockingClass> {
        if !(value.is_finite() && value >= 0.0) {
            return None;
        }
        let within = |c: &&StockingClass| match c.upto {
            Some(bound) => value < bound || (c.upto_inclusive && value == bound),
            None => true,
        };
        self.class.iter().find(within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    fn id(set: &str, value: f64) -> Option<String> {
        StockingClasses::by_name(set).unwrap().classify(value).map(|c| c.id.clone())
    }

    #[test]
    fn bounds_belong_where_the_source_puts_them() {
        for (value, class) in [
            (0.0, "within_capacity"),
            (0.85, "within_capacity"),
            (0.8501, "at_capacity"),
            (1.15, "at_capacity"),
            (2.0, "over_capacity"),
            (2.1, "severely_over_capacity"),
        ] {
            assert_eq!(id("verification", value).as_deref(), Some(class), "{value}");
        }
        for (value, class) in [(0.69, "reserve"), (0.7, "sufficient"), (1.0, "sufficient"), (3.0, "exceeds_1_3")] {
            assert_eq!(id("namem_news_2025", value).as_deref(), Some(class), "{value}");
        }
        assert_eq!(id("namem_news_2025", 5.1).as_deref(), Some("exceeds_many"));
        assert_eq!(id("gao_pu", 0.5).as_deref(), Some("not_over_used"));
        assert_eq!(id("gao_pu", 0.51).as_deref(), Some("over_used"));
        assert_eq!(id("gao_pu", f64::NAN), None);
        assert_eq!(id("gao_pu", -0.1), None);
    }
}
