//! Map tiles of the scheme WebMercatorQuad (OGC 17-083r4, annex D.1): polygons as Mapbox vector tiles, rasters as PNG.
//!
//! Everything is computed from what is handed in: no files, no network, no clock. Polygons come in world units (0 to 1
//! from the west and the north, [`World`]); rasters come as values that [`RasterView`] asked for.
//!
//! ```
//! use belcheer_tiles::{TileId, World};
//! let tile = TileId::new(6, 50, 22).unwrap();
//! assert!(tile.holds(World::of_degrees(105.0, 47.0)));
//! ```

mod clip;
mod legend;
mod mvt;
mod raster;
mod tile;
mod zones;

pub use legend::{Legend, LegendError, Rgb, Stop};
pub use raster::{Picture, RasterGrid, RasterView, TILE_CELLS};
pub use tile::{TileId, World};
pub use zones::{Property, Zone, ZoneSet};
