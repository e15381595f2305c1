//! Reading one window of one band: fetch its tiles, decode them on all cores, put their cells in place.
//!
//! Tile rows are taken in batches of bounded compressed size; while one batch is decoded the next is fetched.
//! Each tile is decoded straight into its own part of the window, so no two threads share a cell and the
//! result does not depend on how many there are.

use std::{cell::RefCell, sync::Arc};

use bytes::Bytes;
use object_store::{ObjectStore, path::Path};
use rayon::prelude::*;

use crate::{
    codec::Codecs,
    error::{CogError, TileFault},
    layer::{Layer, Stored},
    pool,
    predictor::restore_row,
    sample::Sample,
    source::store_error,
    window::{Span, Window, spans},
};

/// Compressed bytes fetched at a time, unless one row of tiles has more.
const BATCH_BYTES: u64 = 16 << 20;

/// What is read from where.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) path: Path,
    pub(crate) layer: Arc<Layer>,
    pub(crate) level: usize,
    pub(crate) band: u32,
    pub(crate) window: Window,
    pub(crate) nodata: Option<f64>,
}

/// Raw values of a window, and whether each is valid where some may not be.
pub(crate) struct Plane<T> {
    pub(crate) samples: Vec<T>,
    pub(crate) valid: Option<Vec<bool>>,
    pub(crate) missing: usize,
}

/// Whole rows of tiles, with the stored bytes of each tile; `None` for a tile that was never written.
struct Batch {
    rows: Vec<Span>,
    tiles: Vec<Option<Bytes>>,
}

/// One tile, and the part of the window it fills.
struct Job<'a, T> {
    row: Span,
    col: Span,
    stored: Option<Bytes>,
    cells: Vec<&'a mut [T]>,
    valid: Vec<&'a mut [bool]>,
}

/// Reads the window. It must lie within the layer, whose samples must be of type `T` (or bits read as `u8`).
pub(crate) async fn read_plane<T: Sample>(request: Request) -> Result<Plane<T>, CogError> {
    let Request { ref layer, window, .. } = request;
    let cells = window.rows as usize * window.cols as usize;
    let may_miss = T::FLOATING || request.nodata.is_some();
    // Zeroed memory is not touched until a decoding thread fills it.
    let mut plane =
        Plane { samples: vec![T::zeroed(); cells], valid: may_miss.then(|| vec![false; cells]), missing: 0 };
    let cols: Arc<[Span]> = spans(window.col, window.cols, layer.tile_cols).into();
    if cols.is_empty() {
        return Ok(plane);
    }
    let mut rows = spans(window.row, window.rows, layer.tile_rows).into_iter().peekable();
    let mut next = fetch(&request, &mut rows, &cols).await?;
    let mut first_cell = 0;
    while let Some(batch) = next {
        let cells = batch.rows.iter().map(|row| row.length).sum::<usize>() * window.cols as usize;
        let (shared, spans) = (request.clone(), Arc::clone(&cols));
        let decoding = pool::start(move || {
            let missing = place(&shared, &mut plane, first_cell, cells, batch, &spans)?;
            plane.missing += missing;
            Ok(plane)
        });
        let decoded;
        (decoded, next) = futures::try_join!(decoding, fetch(&request, &mut rows, &cols))?;
        plane = decoded?;
        first_cell += cells;
    }
    Ok(plane)
}

/// Fetches the next rows of tiles; `None` when all are done.
async fn fetch(
    request: &Request,
    rows: &mut std::iter::Peekable<std::vec::IntoIter<Span>>,
    cols: &[Span],
) -> Result<Option<Batch>, CogError> {
    let layer = &request.layer;
    let (mut taken, mut places, mut ranges) = (Vec::new(), Vec::new(), Vec::new());
    let mut total = 0;
    while total < BATCH_BYTES {
        let Some(row) = rows.next() else { break };
        taken.push(row);
        for col in cols {
            let range = layer
                .tile_range(request.band, row.tile, col.tile)
                .map_err(|fault| tile_error(request, row.tile, col.tile, fault))?;
            places.push(range.is_some());
            if let Some(range) = range {
                total += range.end - range.start;
                ranges.push(range);
            }
        }
    }
    if taken.is_empty() {
        return Ok(None);
    }
    let mut stored = if ranges.is_empty() {
        Vec::new()
    } else {
        request.store.get_ranges(&request.path, &ranges).await.map_err(|e| store_error(&request.path, e))?
    }
    .into_iter();
    let tiles = places.into_iter().map(|written| if written { stored.next() } else { None }).collect();
    Ok(Some(Batch { rows: taken, tiles }))
}

/// Decodes a batch into its rows of the window, in parallel; gives the number of missing cells among them.
fn place<T: Sample>(
    request: &Request,
    plane: &mut Plane<T>,
    first_cell: usize,
    cells: usize,
    batch: Batch,
    cols: &[Span],
) -> Result<usize, CogError> {
    let width = request.window.cols as usize;
    let part = first_cell..first_cell + cells;
    let samples = plane.samples.get_mut(part.clone()).ok_or(CogError::Interrupted)?;
    let valid = plane.valid.as_mut().and_then(|valid| valid.get_mut(part));
    let mut jobs = Vec::with_capacity(batch.tiles.len());
    let mut tiles = batch.tiles.into_iter();
    for row in &batch.rows {
        for col in cols {
            let stored = tiles.next().flatten();
            jobs.push(Job { row: *row, col: *col, stored, cells: Vec::with_capacity(row.length), valid: Vec::new() });
        }
    }
    deal(samples, width, cols, &mut jobs, |job, cells| job.cells.push(cells));
    if let Some(valid) = valid {
        deal(valid, width, cols, &mut jobs, |job, cells| job.valid.push(cells));
    }
    let nodata = request.nodata.map(T::nodata);
    let decoded: Vec<Result<usize, CogError>> = jobs
        .into_par_iter()
        .map(|job| {
            let (row, col) = (job.row, job.col);
            decode(request, job, nodata).map_err(|fault| tile_error(request, row.tile, col.tile, fault))
        })
        .collect();
    decoded.into_iter().sum()
}

/// Cuts each row of `part` at the tile borders and hands the pieces to the jobs they belong to.
fn deal<'a, C, T>(
    part: &'a mut [C],
    width: usize,
    cols: &[Span],
    jobs: &mut [Job<'a, T>],
    give: impl Fn(&mut Job<'a, T>, &'a mut [C]),
) {
    let mut rows = part.chunks_mut(width.max(1));
    for tile_row in jobs.chunks_mut(cols.len().max(1)) {
        let length = tile_row.first().map_or(0, |job| job.row.length);
        for row in rows.by_ref().take(length) {
            let mut rest = row;
            for job in tile_row.iter_mut() {
                let (piece, after) = rest.split_at_mut(job.col.length.min(rest.len()));
                give(job, piece);
                rest = after;
            }
        }
    }
}

/// Room to decode in, kept by each thread.
#[derive(Default)]
struct Bench {
    codecs: Codecs,
    /// Decoded tile, in words so that samples of any width are aligned.
    tile: Vec<u64>,
    spare: Vec<u8>,
}

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

fn decode<T: Sample>(request: &Request, job: Job<'_, T>, nodata: Option<Option<T>>) -> Result<usize, TileFault> {
    BENCH.with_borrow_mut(|bench| match &job.stored {
        None => Ok(fill_unwritten(job, nodata)),
        Some(stored) => {
            let layer = &*request.layer;
            let tile_bytes = layer.tile_bytes();
            bench.tile.resize(tile_bytes.div_ceil(8), 0);
            let Bench { codecs, tile, spare } = bench;
            let tile = bytemuck::cast_slice_mut::<u64, u8>(tile).get_mut(..tile_bytes).unwrap_or_default();
            codecs.decode(layer.compression, stored, tile, layer.needed_bytes(job.row.tile))?;
            let missing = copy_rows(layer, request.band, job, nodata.flatten(), tile, spare);
            Ok(missing)
        }
    })
}

/// A tile that was never written holds nodata, or zero where none is declared (GDAL's sparse GeoTIFF).
fn fill_unwritten<T: Sample>(job: Job<'_, T>, nodata: Option<Option<T>>) -> usize {
    let value = nodata.flatten().unwrap_or(T::zeroed());
    for row in job.cells {
        row.fill(value);
    }
    if nodata.is_none() {
        return 0;
    }
    let mut missing = 0;
    for row in job.valid {
        row.fill(false);
        missing += row.len();
    }
    missing
}

/// Copies the wanted cells of a decoded tile and marks which are valid; gives the number of missing ones.
fn copy_rows<T: Sample>(
    layer: &Layer,
    band: u32,
    job: Job<'_, T>,
    nodata: Option<T>,
    tile: &mut [u8],
    spare: &mut Vec<u8>,
) -> usize {
    let interleaved = layer.interleaved as usize;
    let within_cell = if interleaved == 1 { 0 } else { band as usize };
    let mut valid_rows = job.valid.into_iter();
    let mut missing = 0;
    let tile_rows = tile.chunks_exact_mut(layer.row_bytes.max(1)).skip(job.row.first);
    for (row, out) in tile_rows.zip(job.cells) {
        if layer.stored == Stored::Bit {
            unpack_bits(row, job.col.first, bytemuck::cast_slice_mut(out));
        } else {
            restore_row(row, layer.predictor, size_of::<T>(), interleaved, layer.order.differs(), spare);
            let values: &[T] = bytemuck::try_cast_slice(row).unwrap_or_default();
            let values = values.get(job.col.first * interleaved..).unwrap_or_default();
            copy_band(values, interleaved, within_cell, out);
        }
        if let Some(valid) = valid_rows.next() {
            missing += mark_valid(out, nodata, valid);
        }
    }
    missing
}

/// Copies one of the `interleaved` samples of each cell.
fn copy_band<T: Copy>(values: &[T], interleaved: usize, within_cell: usize, out: &mut [T]) {
    if interleaved == 1 {
        if let Some(values) = values.get(..out.len()) {
            out.copy_from_slice(values);
        }
        return;
    }
    for (out, value) in out.iter_mut().zip(values.iter().skip(within_cell).step_by(interleaved)) {
        *out = *value;
    }
}

/// Writes 1 for each bit that is set, highest bit first.
fn unpack_bits(row: &[u8], first: usize, out: &mut [u8]) {
    for (place, out) in (first..).zip(out) {
        *out = row.get(place / 8).map_or(0, |byte| (byte >> (7 - place % 8)) & 1);
    }
}

/// Marks each value that is neither nodata nor NaN; gives the number of others.
fn mark_valid<T: Sample>(values: &[T], nodata: Option<T>, valid: &mut [bool]) -> usize {
    let mut found = 0;
    for (value, valid) in values.iter().zip(valid.iter_mut()) {
        *valid = !value.is_nan() && nodata.is_none_or(|nodata| *value != nodata);
        found += usize::from(*valid);
    }
    values.len() - found
}

pub(crate) fn tile_error(request: &Request, row: u32, col: u32, fault: TileFault) -> CogError {
    CogError::Tile { level: request.level, row, col, fault }
}
