//! Measured yields: units, screening, and means by natural zone and year, in kg/ha of dry matter.

use std::collections::BTreeMap;

use belcheer_domain::{KgPerHa, NaturalZone};

use crate::{
    numeric::{mean, quantile_sorted, sum},
    sets::{Fault, parameter_set},
};

/// Unit in which a yield was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub enum YieldUnit {
    /// Kilograms per hectare.
    #[serde(rename = "kg_ha")]
    KgHa,
    /// Centners per hectare, ц/га: 100 kg/ha.
    #[serde(rename = "c_ha")]
    CHa,
    /// Grams per square metre: 10 kg/ha.
    #[serde(rename = "g_m2")]
    GM2,
}

impl YieldUnit {
    /// The unit named by a text as tables write it; `None` when unknown.
    #[must_use]
    pub fn recognise(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "kg_ha" | "kg/ha" | "кг/га" => Some(Self::KgHa),
            "c_ha" | "c/ha" | "cwt/ha" | "ц/га" => Some(Self::CHa),
            "g_m2" | "g/m2" | "g/m²" | "г/м2" | "г/м²" => Some(Self::GM2),
            _ => None,
        }
    }

    /// A yield in kg/ha; `None` when it is negative or not finite.
    ///
    /// ```
    /// use belcheer_rangeland::yields::YieldUnit;
    /// assert_eq!(YieldUnit::CHa.kg_ha(2.5).map(|y| y.get()), Some(250.0));
    /// assert_eq!(YieldUnit::GM2.kg_ha(12.0).map(|y| y.get()), Some(120.0));
    /// ```
    #[must_use]
    pub fn kg_ha(self, value: f64) -> Option<KgPerHa> {
        let factor = match self {
            Self::KgHa => 1.0,
            Self::CHa => 100.0,
            Self::GM2 => 10.0,
        };
        KgPerHa::new(value * factor).ok()
    }
}

parameter_set!(
    /// What is flagged in measured yields, and how they are held back before averaging.
    YieldScreen, "yield screen", "yield_screen.toml" {
        /// Below this a yield is a trace.
        trace_below_kg_ha: f64,
        /// Above this a yield is an outlier.
        outlier_above_kg_ha: f64,
        /// Smallest value whose logarithm is taken.
        ln_floor_kg_ha: f64,
        /// Values above this quantile of their zone are set to it; 1 = none.
        winsor_quantile: f64,
    }
);

/// What is remarkable about one yield.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YieldFlag {
    /// So little that it is written as a trace.
    Trace,
    /// More than rangeland bears; check the unit.
    Outlier,
}

impl YieldFlag {
    /// The code used in findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "biomass_trace",
            Self::Outlier => "biomass_outlier",
        }
    }
}

impl YieldScreen {
    fn first_fault(&self) -> Result<(), Fault> {
        let Self { trace_below_kg_ha: trace, outlier_above_kg_ha: outlier, ln_floor_kg_ha, winsor_quantile, .. } = self;
        Fault::unless("trace_below_kg_ha", *trace, *trace >= 0.0, "not negative")?;
        Fault::unless("outlier_above_kg_ha", *outlier, outlier > trace, "above trace_below_kg_ha")?;
        Fault::unless("ln_floor_kg_ha", *ln_floor_kg_ha, *ln_floor_kg_ha > 0.0, "positive")?;
        let share = (0.5..=1.0).contains(winsor_quantile);
        Fault::unless("winsor_quantile", *winsor_quantile, share, "between 0.5 and 1")
    }

    /// What is remarkable about a yield, if anything.
    #[must_use]
    pub fn flag(&self, yield_kg_ha: KgPerHa) -> Option<YieldFlag> {
        match yield_kg_ha.get() {
            y if y < self.trace_below_kg_ha => Some(YieldFlag::Trace),
            y if y > self.outlier_above_kg_ha => Some(YieldFlag::Outlier),
            _ => None,
        }
    }
}

/// Yields of one zone in one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZoneYear {
    /// How many yields.
    pub n: usize,
    /// Mean after winsorising, kg/ha.
    pub mean_kg_ha: f64,
    /// Mean of `ln(max(yield, floor))` after winsorising.
    pub mean_ln: f64,
    /// Standard deviation (divisor n - 1) over mean; `None` for one value or a mean of zero.
    pub cv: Option<f64>,
    /// How many are a trace.
    pub traces: usize,
    /// How many are outliers.
    pub outliers: usize,
}

/// Means of measured yields by natural zone and year.
///
/// Values above the winsor quantile of their zone, over all its years, are set to that quantile; flags count the values
/// as measured. Records without a value are for the caller to leave out. The result does not depend on their order.
///
/// ```
/// use belcheer_domain::{KgPerHa, NaturalZone};
/// use belcheer_rangeland::{ParameterSet, yields::{YieldScreen, zone_years}};
/// let screen = YieldScreen::by_name("yield_screen_raw")?;
/// let records = [300.0, 500.0].map(|y| (NaturalZone::Steppe, 2012, KgPerHa::new(y).expect("a yield")));
/// let steppe = zone_years(records, &screen)[&(NaturalZone::Steppe, 2012)];
/// assert_eq!((steppe.n, steppe.mean_kg_ha), (2, 400.0));
/// # Ok::<(), belcheer_rangeland::SetError>(())
/// ```
#[must_use]
pub fn zone_years(
    records: impl IntoIterator<Item = (NaturalZone, i32, KgPerHa)>,
    screen: &YieldScreen,
) -> BTreeMap<(NaturalZone, i32), ZoneYear> {
    let mut by_zone: BTreeMap<NaturalZone, BTreeMap<i32, Vec<f64>>> = BTreeMap::new();
    for (zone, year, value) in records {
        by_zone.entry(zone).or_default().entry(year).or_default().push(value.get());
    }
    let mut result = BTreeMap::new();
    for (zone, years) in by_zone {
        let mut all: Vec<f64> = years.values().flatten().copied().collect();
        all.sort_unstable_by(f64::total_cmp);
        let cap = quantile_sorted(&all, screen.winsor_quantile).unwrap_or(f64::INFINITY);
        for (year, mut values) in years {
            values.sort_unstable_by(f64::total_cmp);
            if let Some(summary) = summarise(&values, cap, screen) {
                result.insert((zone, year), summary);
            }
        }
    }
    result
}

fn summarise(measured: &[f64], cap: f64, screen: &YieldScreen) -> Option<ZoneYear> {
    let held: Vec<f64> = measured.iter().map(|y| y.min(cap)).collect();
    let mean_kg_ha = mean(&held)?;
    let logs: Vec<f64> = held.iter().map(|y| libm::log(y.max(screen.ln_floor_kg_ha))).collect();
    Some(ZoneYear {
        n: measured.len(),
        mean_kg_ha,
        mean_ln: mean(&logs)?,
        cv: coefficient_of_variation(&held),
        traces: measured.iter().filter(|y| **y < screen.trace_below_kg_ha).count(),
        outliers: measured.iter().filter(|y| **y > screen.outlier_above_kg_ha).count(),
    })
}

/// Variation of a zone's mean yield between years: standard deviation (divisor n - 1) over mean of the yearly means.
/// `None` with fewer than two years.
#[must_use]
pub fn interannual_cv(zone_years: &BTreeMap<(NaturalZone, i32), ZoneYear>, zone: NaturalZone) -> Option<f64> {
    let means: Vec<f64> = zone_years.iter().filter(|((z, _), _)| *z == zone).map(|(_, y)| y.mean_kg_ha).collect();
    coefficient_of_variation(&means)
}

fn coefficient_of_variation(values: &[f64]) -> Option<f64> {
    let centre = mean(values).filter(|m| *m > 0.0 && values.len() > 1)?;
    let variance = sum(values.iter().map(|v| (v - centre).powi(2))) / (values.len() - 1) as f64;
    Some(variance.sqrt() / centre)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ParameterSet;

    fn screen(name: &str) -> YieldScreen {
        YieldScreen::by_name(name).unwrap()
    }

    fn kg(value: f64) -> KgPerHa {
        KgPerHa::new(value).unwrap()
    }

    #[test]
    fn units_are_recognised_and_converted() {
        assert_eq!(YieldUnit::recognise(" ц/га "), Some(YieldUnit::CHa));
        assert_eq!(YieldUnit::recognise("t/ha"), None);
        assert_eq!(YieldUnit::CHa.kg_ha(f64::NAN), None);
        assert_eq!(YieldUnit::KgHa.kg_ha(-1.0), None);
    }

    #[test]
    fn traces_and_outliers_are_flagged_and_outliers_held_back() {
        let set = screen("yield_screen_1");
        assert_eq!(set.flag(kg(0.1)), Some(YieldFlag::Trace));
        assert_eq!(set.flag(kg(10.0)), None);
        assert_eq!(set.flag(kg(3000.0)), None);
        assert_eq!(set.flag(kg(9600.0)), Some(YieldFlag::Outlier));
        let values: Vec<f64> = (1..=400).map(f64::from).chain([9600.0]).collect();
        let records = values.iter().map(|v| (NaturalZone::Steppe, 2010, kg(*v)));
        let held = zone_years(records.clone(), &set)[&(NaturalZone::Steppe, 2010)];
        let raw = zone_years(records, &screen("yield_screen_raw"))[&(NaturalZone::Steppe, 2010)];
        assert_eq!((held.outliers, held.traces, held.n), (1, 9, 401));
        assert!(held.mean_kg_ha < 202.0 && raw.mean_kg_ha > 220.0, "{} {}", held.mean_kg_ha, raw.mean_kg_ha);
        assert!(held.cv.unwrap() < raw.cv.unwrap());
    }

    #[test]
    fn a_single_value_has_no_variation() {
        let years = zone_years([(NaturalZone::Desert, 2007, kg(0.0))], &screen("yield_screen_1"));
        let only = years[&(NaturalZone::Desert, 2007)];
        assert_eq!((only.cv, only.mean_ln), (None, 5.0_f64.ln()));
        assert_eq!(interannual_cv(&years, NaturalZone::Desert), None);
        assert_eq!(interannual_cv(&years, NaturalZone::Steppe), None);
    }

    proptest! {
        #[test]
        fn order_does_not_matter(values in prop::collection::vec((2007..2021_i32, 0.0..5000.0_f64), 1..60)) {
            let records: Vec<_> = values.iter().map(|(y, v)| (NaturalZone::Steppe, *y, kg(*v))).collect();
            let set = screen("yield_screen_1");
            let forward = zone_years(records.iter().copied(), &set);
            let backward = zone_years(records.iter().rev().copied(), &set);
            prop_assert_eq!(forward, backward);
        }
    }
}
