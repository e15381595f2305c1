//! Partials: mergeable sums of one measure over one soum, year and statistical cell.

use std::collections::BTreeMap;

use belcheer_domain::SoumCode;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AssessmentError;
use crate::frame::{Frame, Membership};
use crate::raster::StoredRaster;

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

#[derive(Debug, Default, Clone, Copy)]
struct Sums {
    w: f64,
    wx: f64,
    wxx: f64,
    missing: f64,
    n: u64,
}

type CellSums = BTreeMap<(i32, i32), Sums>;

/// Cells of a raster that are held in memory at once.
const CELLS_IN_FLIGHT: usize = 1 << 24;

/// Reads one raster block of rows by block of rows and sums it over every soum.
///
/// Only the assessed rangeland counts. Sums run row by row within each soum and cell, so threads change nothing.
///
/// # Errors
/// When the raster cannot be read.
pub fn raster_partials(
    frame: &Frame,
    raster: &StoredRaster,
    measure: &str,
    year: i32,
) -> Result<Vec<Partial>, AssessmentError> {
    let mut sums: Vec<(SoumCode, CellSums)> = frame.zones.keys().map(|code| (*code, CellSums::new())).collect();
    let band_rows = frame.rows_in_flight(CELLS_IN_FLIGHT);
    let mut first = 0;
    while first < frame.grid.rows() {
        let rows = band_rows.min(frame.grid.rows() - first);
        let values = raster.read_rows(1, first, rows)?;
        sums.par_iter_mut().for_each(|(code, cells)| {
            let Some(coverage) = frame.zones.get(code) else { return };
            for span in coverage.spans_of_rows(first as u32, (first + rows) as u32) {
                add_span(frame, cells, &values, first, span);
            }
        });
        first += rows;
    }
    Ok(sums
        .into_iter()
        .flat_map(|(zone, cells)| {
            let measure = measure.to_owned();
            cells.into_iter().map(move |(cell, s)| Partial {
                zone,
                measure: measure.clone(),
                year,
                cell,
                sum_w: s.w,
                sum_wx: s.wx,
                sum_wxx: s.wxx,
                missing_w: s.missing,
                n: s.n,
            })
        })
        .collect())
}

fn add_span(
    frame: &Frame,
    cells: &mut CellSums,
    values: &[Option<f64>],
    first_row: usize,
    span: &belcheer_zonal::Span,
) {
    let row = span.row as usize;
    let weight = frame.cell_area_ha(row) * span.fraction;
    let line = (row - first_row) * frame.grid.cols();
    for col in span.col_start as usize..span.col_end as usize {
        let value = values.get(line + col).copied().flatten();
        if frame.membership(row, col) != Membership::Inside {
            continue;
        }
        let sums = cells.entry(frame.statistical_cell(row, col)).or_default();
        match value {
            Some(x) => {
                sums.w += weight;
                sums.wx += weight * x;
                sums.wxx += weight * x * x;
                sums.n += 1;
            }
            None => sums.missing += weight,
        }
    }
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
