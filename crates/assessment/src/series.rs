//! Year by year: the values behind each change, and what the weather of the same years was like.
//!
//! Told beside the verdicts, which stand on periods: a single year never makes one.

use std::collections::BTreeMap;

use belcheer_domain::{Indicator, SoumCode, Years};
use belcheer_rangeland::drought::Drought;
use belcheer_verification::from_baseline;
use serde::{Deserialize, Serialize};

use crate::climate::DroughtYear;
use crate::decide::Verdicts;
use crate::evidence::BySoum;
use crate::result::{IndicatorRow, StockingRow};
use crate::table::Table;

/// One year of one indicator of one soum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct YearRow {
    /// Soum code.
    pub au2: SoumCode,
    /// The indicator.
    pub indicator: Indicator,
    /// Calendar year.
    pub year: i32,
    /// As observed, in the indicator's `value_unit`.
    pub value: Option<f64>,
    /// Its 90 % interval, where one can be formed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_ci90: Option<(f64, f64)>,
    /// Distance from the baseline's mean as the verdict counts it, in the indicator's `unit`, positive = better; for I1
    /// with the weather of the year taken out.
    pub change: Option<f64>,
}

/// What one year was like in one soum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct YearConditions {
    /// Soum code.
    pub au2: SoumCode,
    /// Calendar year.
    pub year: i32,
    /// Precipitation from May to August, mm.
    pub precipitation_mm: Option<f64>,
    /// Mean temperature from May to August, degrees Celsius.
    pub temperature_c: Option<f64>,
    /// Pedj's index of the growing season, against the baseline years.
    pub pedj: Option<f64>,
    /// Standardised precipitation index of the growing season, likewise.
    pub spi: Option<f64>,
    /// Drought by Pedj's index, else by the precipitation index.
    pub drought: Option<Drought>,
    /// Natsagdorj's dzud index of the winter that ends in this year, with the summer before it.
    pub dzud_index: Option<f64>,
    /// Grown livestock lost from January to May, percent of those counted in December before.
    pub loss_percent: Option<f64>,
    /// Whether that is the loss of a disaster.
    pub mortality_disaster: Option<bool>,
    /// Change of the herd from the count of the year before, percent of sheep forage units.
    pub herd_change_percent: Option<f64>,
}

/// The yearly rows of the soums that have a verdict, by soum, indicator and year.
pub(crate) fn years(
    measured: &[(Indicator, &'static str, BySoum)],
    verdicts: &Verdicts,
    baseline: Years,
) -> Vec<YearRow> {
    let mut rows = Vec::new();
    for (indicator, _, by_soum) in measured {
        for (au2, found) in by_soum.iter().filter(|(code, _)| verdicts.contains_key(code)) {
            let Some(yearly) = &found.yearly else { continue };
            let changes = from_baseline(&yearly.values, baseline).unwrap_or_default();
            let mut all: Vec<i32> = yearly.observed.keys().chain(changes.keys()).copied().collect();
            all.sort_unstable();
            all.dedup();
            rows.extend(all.into_iter().map(|year| {
                let seen = yearly.observed.get(&year);
                YearRow {
                    au2: *au2,
                    indicator: *indicator,
                    year,
                    value: seen.map(|seen| seen.value),
                    value_ci90: seen.and_then(|seen| seen.ci90),
                    change: changes.get(&year).map(|change| yearly.effect_in_unit(*change)),
                }
            }));
        }
    }
    rows.sort_by_key(|row| (row.au2, row.indicator, row.year));
    rows
}

/// What the years were like in the soums that have a verdict, by soum and year; years of which nothing is known are absent.
pub(crate) fn conditions(
    droughts: Vec<DroughtYear>,
    stocking: &[StockingRow],
    verdicts: &Verdicts,
) -> Vec<YearConditions> {
    let mut rows: BTreeMap<(SoumCode, i32), YearConditions> = BTreeMap::new();
    for found in droughts {
        let (pedj, spi) = (found.pedj, found.spi);
        let of_year = YearConditions {
            precipitation_mm: found.precipitation_mm,
            temperature_c: found.temperature_c,
            pedj: pedj.map(|(index, _)| index),
            spi: spi.map(|(index, _)| index),
            drought: pedj.or(spi).map(|(_, class)| class),
            dzud_index: found.dzud,
            loss_percent: found.loss_percent,
            mortality_disaster: found.involuntary_destocking,
            ..YearConditions::nothing(found.au2, found.year)
        };
        rows.insert((found.au2, found.year), of_year);
    }
    let herds: BTreeMap<(SoumCode, i32), f64> = stocking.iter().map(|row| ((row.au2, row.year), row.sfu)).collect();
    for ((au2, year), sfu) in &herds {
        let Some(before) = herds.get(&(*au2, year - 1)).filter(|before| **before > 0.0) else { continue };
        let row = rows.entry((*au2, *year)).or_insert_with(|| YearConditions::nothing(*au2, *year));
        row.herd_change_percent = Some(100.0 * (sfu / before - 1.0));
    }
    rows.into_values().filter(|row| verdicts.contains_key(&row.au2) && row.is_known()).collect()
}

impl YearConditions {
    fn nothing(au2: SoumCode, year: i32) -> Self {
        Self {
            au2,
            year,
            precipitation_mm: None,
            temperature_c: None,
            pedj: None,
            spi: None,
            drought: None,
            dzud_index: None,
            loss_percent: None,
            mortality_disaster: None,
            herd_change_percent: None,
        }
    }

    fn is_known(&self) -> bool {
        let numbers = [self.precipitation_mm, self.dzud_index, self.loss_percent, self.herd_change_percent];
        numbers.iter().any(Option::is_some)
    }
}

/// One row per soum, indicator and year; units are those of the indicators' rows.
#[must_use]
pub fn year_table(rows: &[YearRow], indicators: &[IndicatorRow]) -> Table {
    let units: BTreeMap<_, _> =
        indicators.iter().map(|r| ((r.au2, r.indicator), (r.value_unit.as_str(), r.unit.as_str()))).collect();
    let unit = |row: &YearRow| units.get(&(row.au2, row.indicator)).copied();
    Table::default()
        .text("au2", rows.iter().map(|r| Some(r.au2.to_string())))
        .text("indicator", rows.iter().map(|r| Some(r.indicator.as_str())))
        .int("year", rows.iter().map(|r| Some(i64::from(r.year))))
        .float("value", rows.iter().map(|r| r.value))
        .float("value_ci90_low", rows.iter().map(|r| r.value_ci90.map(|c| c.0)))
        .float("value_ci90_high", rows.iter().map(|r| r.value_ci90.map(|c| c.1)))
        .text("value_unit", rows.iter().map(|r| unit(r).map(|u| u.0)))
        .float("change", rows.iter().map(|r| r.change))
        .text("unit", rows.iter().map(|r| unit(r).map(|u| u.1)))
}

/// One row per soum and year.
#[must_use]
pub fn condition_table(rows: &[YearConditions]) -> Table {
    Table::default()
        .text("au2", rows.iter().map(|r| Some(r.au2.to_string())))
        .int("year", rows.iter().map(|r| Some(i64::from(r.year))))
        .float("precipitation_mm", rows.iter().map(|r| r.precipitation_mm))
        .float("temperature_c", rows.iter().map(|r| r.temperature_c))
        .float("pedj", rows.iter().map(|r| r.pedj))
        .float("spi", rows.iter().map(|r| r.spi))
        .text("drought", rows.iter().map(|r| r.drought.map(Drought::as_str)))
        .float("dzud_index", rows.iter().map(|r| r.dzud_index))
        .float("loss_percent", rows.iter().map(|r| r.loss_percent))
        .text("mortality_disaster", rows.iter().map(|r| r.mortality_disaster.map(|b| if b { "true" } else { "false" })))
        .float("herd_change_percent", rows.iter().map(|r| r.herd_change_percent))
}
