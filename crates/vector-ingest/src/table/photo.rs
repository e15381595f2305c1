//! Photo-monitoring points: place, biomass, recovery class, herder group and season of use.

use std::collections::BTreeSet;

use belcheer_domain::{
    RecoveryClass, SoumCode,
    records::{NaturalZone, PhotoPoint},
};
use belcheer_door::Refusal;

use super::{
    Drafts, Keyed,
    cells::{Cells, Fault, RowCells},
    rules::RULES,
    season::{seasons_of, tidy},
};
use crate::messages::Log;

/// Reads the points of a table.
pub(crate) fn read(table: &Cells<'_>, log: &mut Log) -> Result<Drafts, Refusal> {
    let mut points = table.read(log, one)?;
    let (mut ids, mut places) = (BTreeSet::new(), BTreeSet::new());
    points.retain(|p: &Keyed<PhotoPoint>| {
        let first = ids.insert((p.value.point.clone(), p.value.year));
        if !first {
            log.row("duplicate_record", p.row, &p.value.point);
        }
        first
    });
    for point in &points {
        let at = |degrees: f64| (degrees * 1e6).round().to_bits();
        if !places.insert((at(point.value.lon), at(point.value.lat), point.value.year)) {
            log.row("same_place", point.row, &point.value.point);
        }
    }
    season_spellings(&points, log);
    let without = |missing: fn(&PhotoPoint) -> bool| points.iter().filter(|p| missing(&p.value)).count() as u64;
    for (field, count) in [
        ("pug", without(|p| p.pug.is_none())),
        ("season", without(|p| p.season.is_none())),
        ("recovery", without(|p| p.recovery_class.is_none())),
    ] {
        if count > 0 && table.has(field) {
            log.note("field_partly_empty", format!("field {field}"), count, "");
        }
    }
    Ok(Drafts::PhotoPoints(points))
}

fn one(row: RowCells<'_>, log: &mut Log) -> Result<Keyed<PhotoPoint>, Fault> {
    let (lon, lat) = row.lonlat()?;
    let raw = row.cell(row.column("point").unwrap_or(usize::MAX)).trim().to_owned();
    let (point, soum) = identifier(&raw, row.number, log)?;
    let mut key = row.place()?;
    key.code = soum.map(|code| code.number().to_string()).or(key.code);
    let mut flags = Vec::new();
    let kg_ha = row.amount("kg_ha", false)?;
    if kg_ha.is_some_and(|v| v > RULES.outlier_kg_ha) {
        log.row("biomass_outlier", row.number, &kg_ha.unwrap_or_default().to_string());
        flags.push("biomass_outlier".to_owned());
    }
    let recovery_class = row.text("recovery").and_then(|text| match text.parse::<RecoveryClass>() {
        Ok(class) => Some(class),
        Err(_) => {
            log.row("recovery_unreadable", row.number, &text);
            None
        }
    });
    let value = PhotoPoint {
        point,
        au2: None,
        pug: row.text("pug"),
        season: row.text("season").map(|s| tidy(&s)).filter(|s| !s.is_empty()),
        zone: row.text("zone").as_deref().and_then(NaturalZone::recognise),
        lon,
        lat,
        year: row.year()?,
        biomass_kg_ha: kg_ha,
        recovery_class,
        flags,
    };
    Ok(Keyed { row: row.number, key, value })
}

/// The identifier as eight digits (`au2` and three more), and the soum in it.
///
/// An identifier that is not seven digits, or eight with a leading zero, is kept as its digits and names no soum.
fn identifier(raw: &str, row: u64, log: &mut Log) -> Result<(String, Option<SoumCode>), Fault> {
    let whole = raw.strip_suffix(".0").unwrap_or(raw);
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return Err(("point_id_missing", raw.to_owned()));
    }
    if digits != whole || digits.starts_with('0') {
        log.row("id_repaired", row, raw);
    }
    match SoumCode::from_point_id(&digits) {
        Ok((code, form)) => {
            if let belcheer_domain::CodeForm::Alias(old) = form {
                log.note_soum("code_alias", Some(code), old.to_string(), 1, &code.to_string());
            }
            Ok((format!("{:0>8}", digits.trim_start_matches('0')), Some(code)))
        }
        Err(_) => {
            log.row("point_id_unusual", row, raw);
            Ok((digits, None))
        }
    }
}

/// Tells how many spellings there are of how many seasons, and which texts name none.
fn season_spellings(points: &[Keyed<PhotoPoint>], log: &mut Log) {
    let mut spellings = BTreeSet::new();
    for point in points {
        let Some(season) = &point.value.season else { continue };
        spellings.insert(season.clone());
        if seasons_of(season).is_empty() {
            log.row("season_unknown", point.row, season);
        }
    }
    let folded: BTreeSet<_> = spellings.iter().map(|s| seasons_of(s)).collect();
    if spellings.len() > folded.len() {
        log.note("season_spellings", "", spellings.len() as u64, &folded.len().to_string());
    }
}
