//! Growing-season weather of soums: precipitation in mm, mean temperature in degrees Celsius, May to August.

use belcheer_door::Refusal;

use super::{
    Drafts, Keyed, Rain,
    cells::{Cells, Fault, RowCells},
    rules::RULES,
};
use crate::messages::Log;

/// Reads the weather rows of a table; values out of any known range are left out.
pub(crate) fn read(table: &Cells<'_>, log: &mut Log) -> Result<Drafts, Refusal> {
    Ok(Drafts::Weather(table.read(log, one)?))
}

fn one(row: RowCells<'_>, log: &mut Log) -> Result<Keyed<Rain>, Fault> {
    let key = row.place()?;
    let year = row.year()?;
    let rain = row.number("precipitation_mm", false)?.ok_or(("weather_missing", String::new()))?;
    let [driest, wettest] = RULES.precipitation_mm;
    if !(driest..=wettest).contains(&rain) {
        return Err(("weather_out_of_range", format!("{rain} mm")));
    }
    let [coldest, warmest] = RULES.temperature_c;
    let temperature_c = row.number("temperature_c", false)?.filter(|t| {
        let fits = (coldest..=warmest).contains(t);
        if !fits {
            log.row("temperature_out_of_range", row.number, &format!("{t} C"));
        }
        fits
    });
    Ok(Keyed { row: row.number, key, value: Rain { year, precipitation_mm: rain, temperature_c } })
}
