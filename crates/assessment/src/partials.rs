//! Partials: mergeable sums of one measure over one soum, year and statistical cell.

use std::collections::BTreeMap;

use belcheer_domain::SoumCode;
use serde::{Deserialize, Serialize};

/// Sums over the part of a soum in one statistical cell. Weights are hectares: cell area times exact coverage.
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
    /// Weight with a value, ha.
    pub sum_w: f64,
    /// Sum of weight times value.
    pub sum_wx: f64,
    /// Sum of weight times value squared.
    pub sum_wxx: f64,
    /// Weight of assessed cells without a value, ha.
    pub missing_w: f64,
    /// Cells with a value.
    pub n: u64,
}

/// A soum's moments in one year, merged over its cells in sorted order.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ZoneYear {
    /// Weight with a value, ha.
    pub weight_ha: f64,
    /// Weight of assessed cells without a value, ha.
    pub missing_ha: f64,
    /// Weighted sum of values.
    pub sum_wx: f64,
}

impl ZoneYear {
    /// The weighted mean, where there is any weight.
    #[must_use]
    pub fn mean(self) -> Option<f64> {
        (self.weight_ha > 0.0).then(|| self.sum_wx / self.weight_ha)
    }

    /// Share of the assessed area with a value.
    #[must_use]
    pub fn coverage(self) -> f64 {
        let all = self.weight_ha + self.missing_ha;
        if all > 0.0 { self.weight_ha / all } else { 0.0 }
    }
}

/// Merges partials of one measure to soum and year.
#[must_use]
pub fn by_zone_year(partials: &[Partial], measure: &str) -> BTreeMap<SoumCode, BTreeMap<i32, ZoneYear>> {
    let mut merged: BTreeMap<SoumCode, BTreeMap<i32, ZoneYear>> = BTreeMap::new();
    for p in partials.iter().filter(|p| p.measure == measure) {
        let total = merged.entry(p.zone).or_default().entry(p.year).or_default();
        total.weight_ha += p.sum_w;
        total.missing_ha += p.missing_w;
        total.sum_wx += p.sum_wx;
    }
    merged
}
