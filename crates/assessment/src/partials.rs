//! Partials: mergeable sums of one measure over one soum, year and statistical cell.

use std::collections::BTreeMap;

use belcheer_domain::SoumCode;
use belcheer_domain::records::{Jurisdiction, Level};
use geo_types::MultiPolygon;
use serde::{Deserialize, Serialize};

use crate::area_sums::AreaSums;
use crate::blocks::{Merged, Prepared, held_series, mask_source, prepare};
use crate::error::AssessmentError;
use crate::inputs::Inputs;
use crate::levels::ZoneKey;
use crate::parameters::ParameterSets;
use crate::raster::StoredRaster;

/// Sums over the part of a soum in one statistical cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Partial {
    /// The soum.
    pub zone: SoumCode,
    /// What was measured, such as `vegetation`.
    pub measure: String,
    /// Year of the raster.
    pub year: i32,
    /// Statistical cell of about 16 km, column and row.
    pub cell: (i32, i32),
    /// The sums.
    #[serde(flatten)]
    pub sums: AreaSums,
}

/// Merges partials of one measure to soum and year, cells in sorted order whatever the order given.
#[must_use]
pub fn by_zone_year(partials: &[Partial], measure: &str) -> BTreeMap<SoumCode, BTreeMap<i32, AreaSums>> {
    let mut sorted: Vec<&Partial> = partials.iter().filter(|p| p.measure == measure).collect();
    sorted.sort_by_key(|p| (p.zone, p.year, p.cell));
    let mut merged: BTreeMap<SoumCode, BTreeMap<i32, AreaSums>> = BTreeMap::new();
    for p in sorted {
        merged.entry(p.zone).or_default().entry(p.year).or_default().merge(&p.sums);
    }
    merged
}

/// Borders by level and code.
pub(crate) type Borders = BTreeMap<(String, String), MultiPolygon<f64>>;

/// Borders of all soums.
pub(crate) fn soum_borders(inputs: &Inputs) -> Borders {
    let soum =
        |(code, soum): (&SoumCode, &Jurisdiction)| ((Level::Soum.to_string(), code.to_string()), soum.geometry.clone());
    inputs.soums.iter().map(soum).collect()
}

/// Borders of the parts of soums that are asked for. They make a job of their own, since other borders in a block may
/// change the last digit of a soum's sums.
pub(crate) fn part_borders(inputs: &Inputs) -> Borders {
    let part =
        |((level, id), part): (&ZoneKey, &Jurisdiction)| ((level.to_string(), id.clone()), part.geometry.clone());
    inputs.parts.iter().map(part).collect()
}

/// The vegetation of zones, ready to be summed block by block over the rangeland of the land cover nearest to a year.
pub(crate) fn prepared(
    inputs: &Inputs,
    sets: &ParameterSets,
    borders: &Borders,
    (series, mask_year): (&BTreeMap<i32, &StoredRaster>, i32),
    resume: bool,
) -> Result<Prepared, AssessmentError> {
    prepare(inputs, held_series(inputs, series)?, borders, mask_source(inputs, sets, mask_year)?, None, resume)
}

/// Sums by soum, year and statistical cell.
pub(crate) fn soum_partials(prepared: &Prepared, merged: &[Merged]) -> Vec<Partial> {
    let soum = |m: &Merged| {
        let zone = prepared.zones().get(m.zone as usize)?;
        SoumCode::normalise(&zone.id).ok().map(|(code, _)| code)
    };
    let of_zone = merged.iter().filter_map(|m| Some((soum(m)?, m)));
    of_zone
        .map(|(zone, m)| Partial { zone, measure: "vegetation".to_owned(), year: m.year, cell: m.cell, sums: m.sums })
        .collect()
}

/// Sums of the parts of soums by year.
pub(crate) fn part_sums(prepared: &Prepared, merged: &[Merged]) -> BTreeMap<ZoneKey, BTreeMap<i32, AreaSums>> {
    let mut sums: BTreeMap<ZoneKey, BTreeMap<i32, AreaSums>> = BTreeMap::new();
    for row in merged {
        let Some(zone) = prepared.zones().get(row.zone as usize) else { continue };
        if let Ok(level) = zone.level.parse::<Level>() {
            sums.entry((level, zone.id.clone())).or_default().entry(row.year).or_default().merge(&row.sums);
        }
    }
    sums
}
