//! Partials: mergeable sums of one measure over one soum, year and statistical cell.

use std::collections::BTreeMap;

use belcheer_domain::SoumCode;
use serde::{Deserialize, Serialize};

use crate::area_sums::AreaSums;

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

/// Merges partials of one measure to soum and year, cells in their order.
#[must_use]
pub fn by_zone_year(partials: &[Partial], measure: &str) -> BTreeMap<SoumCode, BTreeMap<i32, AreaSums>> {
    let mut merged: BTreeMap<SoumCode, BTreeMap<i32, AreaSums>> = BTreeMap::new();
    for p in partials.iter().filter(|p| p.measure == measure) {
        merged.entry(p.zone).or_default().entry(p.year).or_default().merge(&p.sums);
    }
    merged
}
