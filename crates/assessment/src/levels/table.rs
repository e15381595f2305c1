//! The table of zones.

use super::ZoneRow;
use crate::table::Table;

/// One row per zone and indicator: what `indicators.csv` does not hold of zones of other levels than the soum.
#[must_use]
pub fn zone_table(rows: &[ZoneRow]) -> Table {
    let small = |r: &ZoneRow| r.small_area;
    Table::default()
        .text("zone_level", rows.iter().map(|r| Some(r.row.zone_level.as_str())))
        .text("zone_id", rows.iter().map(|r| Some(r.row.zone_id.as_str())))
        .text("name_mn", rows.iter().map(|r| r.name_mn.clone()))
        .text("name_en", rows.iter().map(|r| r.name_en.clone()))
        .text("au2", rows.iter().map(|r| r.row.au2.map(|c| c.to_string())))
        .text("indicator", rows.iter().map(|r| Some(r.row.indicator.as_str())))
        .text("unit", rows.iter().map(|r| Some(r.row.unit.as_str())))
        .int("soums", rows.iter().map(|r| Some(i64::from(r.soums))))
        .float("area_ha", rows.iter().map(|r| r.area_ha))
        .float("area_share", rows.iter().map(|r| r.area_share))
        .float("effect", rows.iter().map(|r| r.row.effect))
        .float("ci90_low", rows.iter().map(|r| r.row.ci90.map(|c| c.0)))
        .float("ci90_high", rows.iter().map(|r| r.row.ci90.map(|c| c.1)))
        .float("contribution", rows.iter().map(|r| r.contribution))
        .text("class", rows.iter().map(|r| Some(r.row.class.as_str())))
        .float("reporting_value", rows.iter().map(|r| r.row.reporting_value))
        .float("direct_value", rows.iter().map(|r| small(r)?.direct_value))
        .float("direct_effect", rows.iter().map(|r| small(r)?.direct_effect))
        .float("direct_weight", rows.iter().map(|r| small(r).map(|s| s.weight)))
        .float("cv", rows.iter().map(|r| small(r)?.cv))
        .text("release", rows.iter().map(|r| small(r).map(|s| s.release.as_str())))
        .int("points", rows.iter().map(|r| small(r).and(r.row.n_plots.map(i64::from))))
}
