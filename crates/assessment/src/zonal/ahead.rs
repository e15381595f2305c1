//! Tiles decoded while the zones are read: a thread that waits might as well work.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use belcheer_cog::{Cog, CogError, RawBlock};

use super::tiles::Stored;
use crate::by_type::by_type;
use crate::raster::StoredRaster;

/// Decoded tiles held before any zone is known, bytes.
const AHEAD_BYTES_MAX: usize = 64 << 20;

/// Tiles of a raster's first band, decoded by a thread that had nothing else to do while its zones were read.
#[derive(Default)]
pub(super) struct Ahead {
    tiles: BTreeMap<(u32, u32), Box<dyn Any + Send + Sync>>,
}

/// Values and mask of a decoded tile.
pub(super) struct Kept<T> {
    pub values: Vec<T>,
    pub mask: Option<Vec<u8>>,
}

impl Ahead {
    /// Decodes from the middle outwards until told to stop, or until 64 MB are held.
    pub fn decode(raster: &StoredRaster, stop: &AtomicBool) -> Self {
        let mut ahead = Self::default();
        // a tile that cannot be read is named when it is needed
        drop(by_type!(raster.cog().pixel_type(), decode_ahead(raster.cog(), stop, &mut ahead)));
        ahead
    }

    /// A tile, where it was decoded.
    pub fn tile<T: Stored>(&self, row: u32, col: u32) -> Option<&Kept<T>> {
        self.tiles.get(&(row, col))?.downcast_ref()
    }
}

fn decode_ahead<T: Stored>(cog: &Cog, stop: &AtomicBool, ahead: &mut Ahead) -> Result<(), CogError> {
    let Some(size) = cog.block_size(0) else { return Ok(()) };
    let (rows, cols) = (cog.height().div_ceil(size.rows), cog.width().div_ceil(size.cols));
    let mut held = 0;
    // zones lie rather in the middle of a raster than at its corners
    let mut order: Vec<(u32, u32)> = (0..rows).flat_map(|row| (0..cols).map(move |col| (row, col))).collect();
    order.sort_by_key(|(row, col)| (row * 2 + 1).abs_diff(rows) * cols + (col * 2 + 1).abs_diff(cols) * rows);
    for (row, col) in order {
        if stop.load(Ordering::Relaxed) || held >= AHEAD_BYTES_MAX {
            break;
        }
        let keep = |block: &RawBlock<'_>| Kept {
            values: T::of(&block.samples).to_vec(),
            mask: block.mask.map(<[u8]>::to_vec),
        };
        let kept = cog.with_block(0, 0, (row, col), keep)?;
        held += size_of_val(kept.values.as_slice()) + kept.mask.as_ref().map_or(0, Vec::len);
        ahead.tiles.insert((row, col), Box::new(kept));
    }
    Ok(())
}
