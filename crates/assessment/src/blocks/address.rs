//! The address of a piece: the digest of everything its sums were made from.

use belcheer_domain::Digest;
use object_store::path::Path;
use serde::Serialize;

use super::context::BlockContext;
use super::job::Block;

/// Sums of values by zone and statistical cell. The version rises whenever a sum can change.
pub const METHOD: &str = "zonal_moments@1";
/// Sums of slopes. The version rises whenever a sum can change.
pub const SLOPE_METHOD: &str = "zonal_slope_moments@1";

#[derive(Serialize)]
struct Made<'a> {
    method: &'a str,
    division: &'a str,
    grid: [f64; 4],
    crs: &'a str,
    window: [u32; 4],
    zones: Vec<Digest>,
    mask: Option<(Digest, &'a [u8])>,
    values: Vec<(Option<i32>, Digest, f64, f64)>,
    years_min: Option<u16>,
}

/// Where the piece of a block lies: of one year, or of the slope over all years (`layer` = `None`).
///
/// The year itself is no part of a value's address: only the raster is. Slopes depend on all years, so a new year
/// gives every block a new address.
pub(super) fn address(context: &BlockContext, block: &Block, touching: &[u32], layer: Option<usize>) -> Path {
    let job = &context.job;
    let of = |i: usize| {
        let layer_year = layer.is_none().then(|| job.layers.get(i).map_or(0, |l| l.year));
        job.layers.get(i).map(|l| (layer_year, l.digest, l.scale, l.offset))
    };
    let values = match layer {
        Some(i) => of(i).into_iter().collect(),
        None => (0..job.layers.len()).filter_map(of).collect(),
    };
    let made = Made {
        method: if layer.is_some() { METHOD } else { SLOPE_METHOD },
        division: belcheer_zonal::StatisticalCell::DIVISION,
        grid: [job.grid.x_min, job.grid.y_max, job.grid.dx, job.grid.dy],
        crs: &job.grid.crs.wkt,
        window: [block.row, block.col, block.rows, block.cols],
        zones: touching.iter().filter_map(|zone| context.zone_digests.get(*zone as usize).copied()).collect(),
        mask: job.mask.as_ref().map(|mask| (mask.digest, mask.classes.as_slice())),
        values,
        years_min: job.slope.filter(|_| layer.is_none()).map(|slope| slope.years_min),
    };
    let hex = Digest::of(&serde_json::to_vec(&made).unwrap_or_default()).hex();
    Path::from(format!("{}/{hex}", hex.get(..2).unwrap_or("00")))
}
