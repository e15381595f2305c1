//! Weather of soums as area means of grids.

use std::collections::BTreeMap;

use belcheer_domain::SoumCode;
use geo_types::MultiPolygon;

use crate::area_sums::{AreaSums, CompensatedSums};
use crate::error::AssessmentError;
use crate::frame::Frame;
use crate::raster::StoredRaster;

/// Least share of a soum that a grid must tell, so that its mean is that of the soum.
const COVERAGE_MIN: f64 = 0.8;

/// The mean of every soum, weighted by the area of cells within it; soums that the grid tells too little of are absent.
///
/// # Errors
/// When the grid cannot be read, or soums cannot be carried to its coordinate system.
pub(crate) fn area_means(
    grid: &StoredRaster,
    soums: &BTreeMap<SoumCode, MultiPolygon<f64>>,
) -> Result<BTreeMap<SoumCode, f64>, AssessmentError> {
    let frame = Frame::new(&grid.meta, &grid.name, soums)?;
    let (rows, cols) = (frame.grid.rows(), frame.grid.cols());
    let values = grid.read_rows(1, 0, rows)?;
    let row_area = match frame.crs().geographic {
        true => belcheer_zonal::row_cell_areas_m2(&frame.grid),
        false => vec![frame.grid.dx() * frame.grid.dy(); rows],
    };
    let mut means = BTreeMap::new();
    for (soum, cover) in &frame.zones {
        let mut sums = CompensatedSums::default();
        for span in cover {
            let row = span.row as usize;
            let area = row_area.get(row).copied().unwrap_or(0.0) * span.fraction;
            let line = row * cols + span.col_start as usize..row * cols + span.col_end as usize;
            for value in values.get(line).unwrap_or_default() {
                sums.add(&match value {
                    Some(value) => AreaSums { sum_w: area, sum_wx: area * value, n: 1, ..AreaSums::default() },
                    None => AreaSums { missing_w: area, ..AreaSums::default() },
                });
            }
        }
        let sums = sums.value();
        if let Some(mean) = sums.mean().filter(|_| sums.coverage() >= COVERAGE_MIN) {
            means.insert(*soum, mean);
        }
    }
    Ok(means)
}
