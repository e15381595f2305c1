//! What accuracy and means of maps are computed from: reference samples, mapped areas, points with a measured value.

use belcheer_domain::records::{ClassArea, MeasuredPoint, ReferenceSample};
use belcheer_door::Refusal;

use super::{
    Drafts,
    cells::{Cells, RowCells},
};
use crate::messages::Log;

/// Reads sampled places with the class of the map and that of the reference.
pub(crate) fn samples(table: &Cells<'_>, log: &mut Log) -> Result<Drafts, Refusal> {
    let one = |row: RowCells<'_>| {
        Ok(ReferenceSample {
            mapped: row.text("map_class").ok_or(("field_missing", "map_class".to_owned()))?,
            reference: row.text("reference_class").ok_or(("field_missing", "reference_class".to_owned()))?,
        })
    };
    Ok(Drafts::ReferenceSamples(table.read(log, |row, _| one(row))?))
}

/// Reads the area that a map gives each class.
pub(crate) fn areas(table: &Cells<'_>, log: &mut Log) -> Result<Drafts, Refusal> {
    let one = |row: RowCells<'_>| {
        let class = row.text("class").ok_or(("field_missing", "class".to_owned()))?;
        let km2 = row.amount("area_km2", false)?.map(|km2| 100.0 * km2);
        let area_ha = row.amount("area_ha", false)?.or(km2).ok_or(("field_missing", "area_ha".to_owned()))?;
        Ok(ClassArea { class, area_ha })
    };
    Ok(Drafts::ClassAreas(table.read(log, |row, _| one(row))?))
}

/// Reads places with a measured value.
pub(crate) fn points(table: &Cells<'_>, log: &mut Log) -> Result<Drafts, Refusal> {
    let one = |row: RowCells<'_>| {
        let (lon, lat) = row.lonlat()?;
        let value = row.number("value", false)?.ok_or(("field_missing", "value".to_owned()))?;
        Ok(MeasuredPoint { lon, lat, value, group: row.text("group") })
    };
    Ok(Drafts::MeasuredPoints(table.read(log, |row, _| one(row))?))
}
