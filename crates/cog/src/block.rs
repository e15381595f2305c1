//! Reading one stored tile, or some strips together, in place: fetched, decoded and looked at in one thread.
//!
//! For callers that walk a whole raster with threads of their own: every block is decoded once, into room that the
//! thread keeps, and nothing is copied out of it. No value is marked as missing here; the caller compares with the
//! declared nodata value in the stored type.

use std::{cell::RefCell, ops::Range};

use belcheer_domain::PixelType;
use bytes::Bytes;
use object_store::ObjectStore;

use crate::{
    Cog,
    codec::Codecs,
    error::{CogError, unsupported},
    layer::{Layer, Stored},
    predictor::restore_row,
    read::{Request, read_plane, tile_error},
    sample::Sample,
    source::store_error,
    window::{Size, Window},
};

/// Cells that strips are gathered to.
pub(crate) const GATHERED_CELLS: u32 = 1 << 18;

/// The raw values of a block, in the type they are stored in.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the names say all")]
pub enum RawSamples<'a> {
    U8(&'a [u8]),
    I8(&'a [i8]),
    U16(&'a [u16]),
    I16(&'a [i16]),
    U32(&'a [u32]),
    I32(&'a [i32]),
    F32(&'a [f32]),
    F64(&'a [f64]),
}

/// A decoded block of one band.
#[derive(Debug, Clone, Copy)]
pub struct RawBlock<'a> {
    /// The cells of the raster in the block.
    pub window: Window,
    /// Rows of [`Cog::block_size`] columns each; what lies beyond the window means nothing.
    pub samples: RawSamples<'a>,
    /// Like the samples: 0 where the file's own mask says there is no value. `None` for a file without a mask.
    pub mask: Option<&'a [u8]>,
}

/// Room to decode in, kept by each thread.
#[derive(Default)]
struct Bench {
    codecs: Codecs,
    /// Decoded block, in words so that samples of any width are aligned.
    block: Vec<u64>,
    /// One band of an interleaved block.
    band: Vec<u64>,
    mask: Vec<u8>,
    spare: Vec<u8>,
}

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

impl Layer {
    /// Tiles that make a block: one tile, or as many strips as hold about [`GATHERED_CELLS`].
    pub(crate) fn tiles_in_block(&self) -> u32 {
        if self.tiled {
            return 1;
        }
        let cells = self.tile_rows.saturating_mul(self.tile_cols).max(1);
        (GATHERED_CELLS / cells).clamp(1, self.tiles_down.max(1))
    }

    /// Cells of a block.
    fn block_cells(&self) -> usize {
        self.tile_rows as usize * self.tile_cols as usize * self.tiles_in_block() as usize
    }
}

impl Cog {
    /// Rows and columns of a block of `level`: a tile, or some strips together. The last blocks of a row or column
    /// reach beyond the raster.
    #[must_use]
    pub fn block_size(&self, level: usize) -> Option<Size> {
        let layer = &self.level(level)?.values;
        Some(Size { rows: layer.tile_rows * layer.tiles_in_block(), cols: layer.tile_cols })
    }

    /// Decodes the block at (`row`, `col`) of the grid of blocks and shows it to `look`; blocks the thread.
    ///
    /// A block that was never written holds the nodata value, or zero where none is declared.
    ///
    /// # Errors
    /// [`CogError::NoLevel`], [`CogError::NoBand`], [`CogError::Outside`]; [`CogError::Tile`] for damage;
    /// [`CogError::Store`].
    pub fn with_block<R>(
        &self,
        level: usize,
        band: u32,
        (row, col): (u32, u32),
        look: impl FnOnce(&RawBlock<'_>) -> R,
    ) -> Result<R, CogError> {
        let request = self.block_request(level, band, (row, col))?;
        let mask = self.level(level).and_then(|level| level.mask.clone());
        // fetched before the thread's room is taken: whoever waits may be given other work
        let mask = match mask {
            None => None,
            Some(layer) => {
                let request = Request { layer, band: 0, nodata: None, ..request.clone() };
                Some(futures::executor::block_on(read_plane::<u8>(request))?.samples)
            }
        };
        let tiles = request.layer.tiles_in_block();
        let first = row * tiles;
        let stored = fetch(&request, first, col)?;
        // taken out and put back, so that `look` may do anything, even read another block
        let mut bench = BENCH.take();
        let window = request.window;
        let decoded = decode_all(&request, first, col, &stored, &mut bench).map(|()| {
            if let Some(mask) = &mask {
                spread(mask, window, request.layer.tile_cols as usize, &mut bench.mask);
            }
            let words = if request.layer.interleaved == 1 { &bench.block } else { &bench.band };
            let samples = typed(self.pixel_type(), words, request.layer.block_cells());
            look(&RawBlock { window, samples, mask: mask.is_some().then_some(bench.mask.as_slice()) })
        });
        BENCH.set(bench);
        decoded
    }

    fn block_request(&self, level: usize, band: u32, (row, col): (u32, u32)) -> Result<Request, CogError> {
        let size = self.block_size(level).ok_or_else(|| self.no_level(level))?;
        let full = self.level_size(level).ok_or_else(|| self.no_level(level))?;
        let start = (row.saturating_mul(size.rows), col.saturating_mul(size.cols));
        let window = Window {
            row: start.0,
            col: start.1,
            rows: size.rows.min(full.rows.saturating_sub(start.0)).max(1),
            cols: size.cols.min(full.cols.saturating_sub(start.1)).max(1),
        };
        self.request(level, band, window)
    }
}

/// The stored bytes of the tiles of a block, from tile row `first`; `None` for one that was never written.
fn fetch(request: &Request, first: u32, col: u32) -> Result<Vec<Option<Bytes>>, CogError> {
    let layer = &request.layer;
    let last = first.saturating_add(layer.tiles_in_block()).min(layer.tiles_down);
    let places: Vec<Option<Range<u64>>> = (first..last)
        .map(|row| layer.tile_range(request.band, row, col).map_err(|fault| tile_error(request, row, col, fault)))
        .collect::<Result<_, _>>()?;
    let ranges: Vec<Range<u64>> = places.iter().flatten().cloned().collect();
    let mut stored = if ranges.is_empty() {
        Vec::new()
    } else {
        let fetched = futures::executor::block_on(request.store.get_ranges(&request.path, &ranges));
        fetched.map_err(|error| store_error(&request.path, error))?
    }
    .into_iter();
    Ok(places.into_iter().map(|place| place.and_then(|_| stored.next())).collect())
}

/// Decodes a block's tiles into the bench; one band of them, where bands are interleaved.
fn decode_all(
    request: &Request,
    first: u32,
    col: u32,
    stored: &[Option<Bytes>],
    bench: &mut Bench,
) -> Result<(), CogError> {
    let layer = &*request.layer;
    let Stored::Typed(pixel_type) = layer.stored else { return Err(unsupported("1-bit samples")) };
    let sample_bytes = (layer.stored.bits() / 8) as usize;
    let tile_bytes = layer.tile_bytes();
    bench.block.resize((tile_bytes * layer.tiles_in_block() as usize).div_ceil(8), 0);
    let Bench { codecs, block, spare, band, .. } = bench;
    let tiles = bytemuck::cast_slice_mut::<u64, u8>(block).chunks_exact_mut(tile_bytes.max(1));
    for ((row, stored), tile) in (first..).zip(stored).zip(tiles) {
        match stored {
            None => fill(tile, pixel_type, request.nodata),
            Some(stored) => {
                codecs
                    .decode(layer.compression, stored, tile, layer.needed_bytes(row))
                    .map_err(|fault| tile_error(request, row, col, fault))?;
                for row in tile.chunks_exact_mut(layer.row_bytes.max(1)) {
                    let interleaved = layer.interleaved as usize;
                    restore_row(row, layer.predictor, sample_bytes, interleaved, layer.order.differs(), spare);
                }
            }
        }
    }
    if layer.interleaved > 1 {
        let cells = layer.block_cells();
        band.resize((cells * sample_bytes).div_ceil(8), 0);
        let from = bytemuck::cast_slice::<u64, u8>(block).chunks_exact(sample_bytes).skip(request.band as usize);
        let to = bytemuck::cast_slice_mut::<u64, u8>(band).chunks_exact_mut(sample_bytes).take(cells);
        to.zip(from.step_by(layer.interleaved as usize)).for_each(|(to, from)| to.copy_from_slice(from));
    }
    Ok(())
}

/// Fills a tile that was never written.
fn fill(tile: &mut [u8], pixel_type: PixelType, nodata: Option<f64>) {
    fn with<T: Sample>(tile: &mut [u8], nodata: Option<f64>) {
        let value = nodata.and_then(T::nodata).unwrap_or(T::zeroed());
        let bytes = bytemuck::bytes_of(&value);
        tile.chunks_exact_mut(bytes.len()).for_each(|cell| cell.copy_from_slice(bytes));
    }
    match pixel_type {
        PixelType::U8 => with::<u8>(tile, nodata),
        PixelType::I8 => with::<i8>(tile, nodata),
        PixelType::U16 => with::<u16>(tile, nodata),
        PixelType::I16 => with::<i16>(tile, nodata),
        PixelType::U32 => with::<u32>(tile, nodata),
        PixelType::I32 => with::<i32>(tile, nodata),
        PixelType::F32 => with::<f32>(tile, nodata),
        PixelType::F64 => with::<f64>(tile, nodata),
    }
}

/// The first `cells` samples in `words`.
fn typed(pixel_type: PixelType, words: &[u64], cells: usize) -> RawSamples<'_> {
    fn first<T: bytemuck::Pod>(words: &[u64], cells: usize) -> &[T] {
        bytemuck::cast_slice::<u64, T>(words).get(..cells).unwrap_or_default()
    }
    match pixel_type {
        PixelType::U8 => RawSamples::U8(first(words, cells)),
        PixelType::I8 => RawSamples::I8(first(words, cells)),
        PixelType::U16 => RawSamples::U16(first(words, cells)),
        PixelType::I16 => RawSamples::I16(first(words, cells)),
        PixelType::U32 => RawSamples::U32(first(words, cells)),
        PixelType::I32 => RawSamples::I32(first(words, cells)),
        PixelType::F32 => RawSamples::F32(first(words, cells)),
        PixelType::F64 => RawSamples::F64(first(words, cells)),
    }
}

/// Spreads the rows of a window to rows of `stride`; what lies beyond is 0.
fn spread(rows: &[u8], window: Window, stride: usize, out: &mut Vec<u8>) {
    let cols = window.cols as usize;
    out.clear();
    for row in rows.chunks(cols.max(1)) {
        out.extend_from_slice(row);
        out.resize(out.len() + stride.saturating_sub(cols), 0);
    }
}
