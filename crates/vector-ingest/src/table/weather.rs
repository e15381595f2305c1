//! Weather of soums or stations: precipitation in mm, mean temperature in degrees Celsius; of the growing season, May to
//! August, or of months.
//!
//! A row of a station belongs to the soum that it stands in; several rows of one soum and time are averaged.

use std::collections::BTreeMap;

use belcheer_domain::{
    SoumCode,
    records::{MonthWeather, SeasonWeather},
};
use belcheer_door::Refusal;

use super::{
    Drafts, Keyed, Rain, TableRecords,
    cells::{Cells, Fault, RowCells},
    rules::RULES,
};
use crate::messages::Log;

/// Reads the weather rows of a table; values out of any known range are left out.
pub(crate) fn read(table: &Cells<'_>, log: &mut Log) -> Result<Drafts, Refusal> {
    let monthly = table.has("month");
    Ok(Drafts::Weather(table.read(log, |row, log| one(row, monthly, log))?))
}

fn one(row: RowCells<'_>, monthly: bool, log: &mut Log) -> Result<Keyed<Rain>, Fault> {
    let key = row.place()?;
    let year = row.year()?;
    let month = if monthly { Some(month(row)?) } else { None };
    let rain = row.number("precipitation_mm", false)?.ok_or(("weather_missing", String::new()))?;
    let [driest, wettest] = RULES.precipitation_mm;
    if !(driest..=wettest).contains(&rain) {
        return Err(("weather_out_of_range", format!("{rain} mm")));
    }
    let [coldest, warmest] = if monthly { RULES.month_temperature_c } else { RULES.temperature_c };
    let temperature_c = row.number("temperature_c", false)?.filter(|t| {
        let fits = (coldest..=warmest).contains(t);
        if !fits {
            log.row("temperature_out_of_range", row.number, &format!("{t} C"));
        }
        fits
    });
    let evapotranspiration_mm = row.amount("evapotranspiration_mm", false)?;
    let value = Rain { year, month, precipitation_mm: rain, temperature_c, evapotranspiration_mm };
    Ok(Keyed { row: row.number, key, value })
}

fn month(row: RowCells<'_>) -> Result<u8, Fault> {
    let found = row.number("month", false)?.ok_or(("month_unreadable", String::new()))?;
    (1..=12).find(|month| f64::from(*month) == found).ok_or(("month_unreadable", found.to_string()))
}

/// One record a soum and time, by soum and time: seasons, or months where the table has months.
pub(crate) fn records(rows: Vec<(SoumCode, Rain)>, log: &mut Log) -> TableRecords {
    let monthly = rows.iter().any(|(_, rain)| rain.month.is_some());
    let mut held: BTreeMap<(SoumCode, i32, Option<u8>), Vec<Rain>> = BTreeMap::new();
    for (au2, rain) in rows {
        held.entry((au2, rain.year, rain.month)).or_default().push(rain);
    }
    for ((au2, year, _), rains) in held.iter().filter(|(_, rains)| rains.len() > 1) {
        log.record("weather_averaged", Some(*au2), year.to_string(), &rains.len().to_string());
    }
    let averaged = held.into_iter().map(|(key, rains)| (key, mean(&rains)));
    if monthly {
        let month = |((au2, year, month), [rain, temperature_c, evapotranspiration_mm]): (_, [Option<f64>; 3])| {
            let (month, precipitation_mm) = (month?, rain?);
            Some(MonthWeather { au2, year, month, precipitation_mm, temperature_c, evapotranspiration_mm })
        };
        return TableRecords::MonthlyWeather(averaged.filter_map(month).collect());
    }
    let season = |((au2, year, _), [rain, temperature_c, _]): (_, [Option<f64>; 3])| {
        Some(SeasonWeather { au2, year, precipitation_mm: rain?, temperature_c })
    };
    TableRecords::Weather(averaged.filter_map(season).collect())
}

/// Means of precipitation, temperature and evapotranspiration over the rows that have them.
fn mean(rains: &[Rain]) -> [Option<f64>; 3] {
    let of = |value: fn(&Rain) -> Option<f64>| {
        let values: Vec<f64> = rains.iter().filter_map(value).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    [of(|rain| Some(rain.precipitation_mm)), of(|rain| rain.temperature_c), of(|rain| rain.evapotranspiration_mm)]
}
