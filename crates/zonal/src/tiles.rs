//! Statistics of many zones at once, stored tile by stored tile.
//!
//! A [`TileIndex`] says for each tile of a raster which cells of it each zone covers. [`TileSums`] takes decoded
//! tiles in any order and from any number of threads, in the type they are stored in, and gives the sums of a zone
//! as soon as its last tile has come. Whole cells of 8 and 16 bits are counted by value, so their sums are exact
//! integers; partly covered cells are kept as they are and added in the order of the index at the end. The result
//! is therefore the same to the last bit, whatever the order of the tiles.

mod finish;
mod gather;
mod index;
mod sample;
mod sums;

pub use gather::{Scratch, TileCells};
pub use index::{Tile, TileIndex, TileLayout, ZoneTiles};
pub use sample::TileSample;
pub use sums::{Finished, Scaling, TileSums};

#[cfg(test)]
mod tests;
