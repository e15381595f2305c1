//! Where livestock grazed in a season (otor) and what it was fed: sheep forage units times days, kg of dry matter.

use belcheer_door::Refusal;

use super::{
    Drafts, Keyed, Presence,
    cells::{Cells, Fault, RowCells},
    season::{SeasonOfUse, seasons_of},
};
use crate::messages::Log;

/// Reads the rows of a table; a row that tells neither movement nor feed is left out.
pub(crate) fn read(table: &Cells<'_>, log: &mut Log) -> Result<Drafts, Refusal> {
    Ok(Drafts::Presence(table.read(log, |row, _| one(row))?))
}

fn one(row: RowCells<'_>) -> Result<Keyed<Presence>, Fault> {
    let (key, year) = (row.place()?, row.year()?);
    let written = row.text("season").unwrap_or_default();
    let season = season_of(&written).ok_or_else(|| ("season_unknown", written.clone()))?;
    let tonnes = |field: &str| Ok::<_, Fault>(row.amount(field, false)?.map(|t| 1000.0 * t));
    let value = Presence {
        year,
        season: season.to_owned(),
        out_sfu_days: row.amount("out_sfu_days", false)?,
        in_sfu_days: row.amount("in_sfu_days", false)?,
        feed_kg: row.amount("feed_kg", false)?.or(tonnes("feed_t")?),
    };
    if value.out_sfu_days.or(value.in_sfu_days).or(value.feed_kg).is_none() {
        return Err(("presence_missing", String::new()));
    }
    Ok(Keyed { row: row.number, key, value })
}

/// The season of the parameter sets that a text names, by either language.
fn season_of(text: &str) -> Option<&'static str> {
    let named = seasons_of(text);
    let warm = named.iter().any(|s| matches!(s, SeasonOfUse::Summer | SeasonOfUse::Autumn));
    let cold = named.iter().any(|s| matches!(s, SeasonOfUse::Winter | SeasonOfUse::Spring));
    match (warm, cold) {
        (true, false) => Some("summer_autumn"),
        (false, true) => Some("winter_spring"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::season_of;

    #[test]
    fn seasons_by_name() {
        for (text, season) in [
            ("summer_autumn", Some("summer_autumn")),
            ("Өвөл-Хавар", Some("winter_spring")),
            ("Зун", Some("summer_autumn")),
            ("Намар-Өвөл", None),
            ("", None),
        ] {
            assert_eq!(season_of(text), season, "{text}");
        }
    }
}
