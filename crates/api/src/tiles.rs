//! Map tiles of the scheme WebMercatorQuad: soums as vector tiles, rasters as pictures (OGC API - Tiles, part 1).

mod legends;
mod list;
mod rasters;
mod zones;

use belcheer_tiles::TileId;

use crate::problem::Problem;

pub(crate) use list::{__path_list_rasters, list_rasters};
pub(crate) use rasters::{__path_raster_tile, OpenRasters, raster_tile};
pub(crate) use zones::{__path_zone_tile, ZonesTold, zone_tile};

/// The tile of an address.
fn tile_of(zoom: &str, row: &str, column: &str) -> Result<TileId, Problem> {
    let tile = zoom.parse().ok().zip(row.parse().ok()).zip(column.parse().ok());
    tile.and_then(|((zoom, row), column)| TileId::new(zoom, column, row))
        .ok_or_else(|| Problem::no_such_tile(zoom, row, column))
}
