//! Sums row by row: for weights, and for lists of single cells, which come in the order of the rows.

use belcheer_zonal::{Accumulator, Block, Coverage, Grid, Weights, accumulate};
use rayon::prelude::*;

use super::request::{Weighting, ZonalRequest};
use crate::error::AssessmentError;
use crate::frame::grid_of;
use crate::raster::StoredRaster;

/// Cells of a raster that are held in memory at once.
const CELLS_IN_FLIGHT: usize = 1 << 22;

/// The zones on a grid.
pub(super) struct Ground<'a> {
    pub grid: &'a Grid,
    pub covers: &'a [Coverage],
    pub geographic: bool,
}

/// The sums of all zones over a band (from 1).
///
/// # Errors
/// When a file cannot be read, or the weights lie on another grid.
pub(super) fn band_sums(
    request: &ZonalRequest,
    on: &Ground<'_>,
    raster: &StoredRaster,
    band: u32,
    weights: Option<&StoredRaster>,
) -> Result<Vec<Accumulator>, AssessmentError> {
    let mut sums: Vec<Accumulator> = on.covers.iter().map(|_| Accumulator::new(&request.statistics)).collect();
    let by_row: Vec<f64> = match (&request.weighting, on.geographic) {
        (Weighting::Area, true) => belcheer_zonal::row_cell_areas_m2(on.grid),
        (Weighting::Area, false) => vec![on.grid.dx() * on.grid.dy(); on.grid.rows()],
        _ => Vec::new(),
    };
    if let Some(weights) = weights
        && grid_of(&weights.meta).ok().as_ref() != Some(on.grid)
    {
        return Err(AssessmentError::Refused(format!(
            "the weights {} are not on the grid of {}; bring both to one grid first",
            weights.name, raster.name
        )));
    }
    let (cols, step) = (on.grid.cols(), (CELLS_IN_FLIGHT / on.grid.cols().max(1)).max(1));
    let mut first = 0;
    while first < on.grid.rows() {
        let rows = step.min(on.grid.rows() - first);
        let (values, valid) = raster.read_block(band, first, rows)?;
        let block = block((first, rows, cols), &values, valid.as_deref(), &raster.name)?;
        let weight_values = weights.map(|w| w.read_block(1, first, rows)).transpose()?;
        let weight_block = match &weight_values {
            Some((values, valid)) => Some(self::block((first, rows, cols), values, valid.as_deref(), "weights")?),
            None => None,
        };
        sums.par_iter_mut().zip(on.covers).for_each(|(sum, cover)| {
            let weighting = match (&weight_block, by_row.is_empty()) {
                (Some(block), _) => Weights::Cells(block),
                (None, false) => Weights::ByRow(&by_row),
                (None, true) => Weights::None,
            };
            accumulate(sum, cover, &block, weighting);
        });
        first += rows;
    }
    Ok(sums)
}

fn block<'a>(
    (first, rows, cols): (usize, usize, usize),
    values: &'a [f64],
    valid: Option<&'a [bool]>,
    name: &str,
) -> Result<Block<'a, f64>, AssessmentError> {
    Block::new((first, 0), (rows, cols), values, valid)
        .map_err(|e| AssessmentError::Raster { name: name.to_owned(), reason: e.to_string() })
}
