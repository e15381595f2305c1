//! Writing what is computed window by window, so that no whole band is ever in memory.

use std::path::Path;

use belcheer_domain::{PixelType, RasterMeta};

use super::{CopyFault, WriteError, file::Plan, sample::Sample};
use crate::options::Compression;

/// Cells of a raster: `rows` x `cols` from (`row`, `col`) on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellWindow {
    /// First row.
    pub row: usize,
    /// First column.
    pub col: usize,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub cols: usize,
}

/// Writes bands of 32-bit reals as a raster of our form at `path`, without overviews.
///
/// `fill` is called with each window in order, rows of tiles from the north, and pushes the window's values to each
/// band's empty list, row by row. While one window is filled the one before is coded. The file appears only when it is
/// complete and was read back. NaN is missing.
///
/// # Errors
/// Those of `fill`; when `meta` is not of 32-bit reals or has a mask, when the values do not fit the window, or when
/// the file cannot be written.
pub fn write_geotiff_by_window<E: From<WriteError>>(
    path: &Path,
    meta: &RasterMeta,
    descriptions: &[&str],
    fill: impl FnMut(CellWindow, &mut [Vec<f32>]) -> Result<(), E>,
) -> Result<(), E> {
    check(meta, PixelType::F32)?;
    by_window(path, meta, (descriptions, false), fill)
}

/// As [`write_geotiff_by_window`], of 16-bit class numbers.
///
/// # Errors
/// As there; `meta` must be of 16-bit integers.
pub fn write_classes_by_window<E: From<WriteError>>(
    path: &Path,
    meta: &RasterMeta,
    descriptions: &[&str],
    fill: impl FnMut(CellWindow, &mut [Vec<i16>]) -> Result<(), E>,
) -> Result<(), E> {
    check(meta, PixelType::I16)?;
    by_window(path, meta, (descriptions, true), fill)
}

fn by_window<T: Sample, E: From<WriteError>>(
    path: &Path,
    meta: &RasterMeta,
    (descriptions, classes): (&[&str], bool),
    mut fill: impl FnMut(CellWindow, &mut [Vec<T>]) -> Result<(), E>,
) -> Result<(), E> {
    let path = std::path::absolute(path).map_err(WriteError::Io)?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    let private = tempfile::Builder::new().prefix(".raster-").tempdir_in(folder).map_err(WriteError::Io)?;
    let unfinished = private.path().join("written.tif");
    let plan = Plan::<T> {
        path: &unfinished,
        meta,
        nodata: meta.nodata,
        descriptions,
        classes,
        compression: Compression::Deflate,
        overviews: None,
        counter: None,
        source_block: (1, 1),
    };
    let bands = meta.bands as usize;
    let mut failure: Option<E> = None;
    let written = plan.write(|window, part| {
        part.bands.resize_with(bands, Vec::new);
        part.bands.iter_mut().for_each(Vec::clear);
        let cells = CellWindow { row: window.row, col: window.col, rows: window.rows, cols: window.cols };
        let filled = fill(cells, &mut part.bands).and_then(|()| {
            let expected = window.rows * window.cols;
            match part.bands.iter().position(|values| values.len() != expected) {
                Some(band) => Err(misfit(band + 1, "cells", expected, part.bands[band].len()).into()),
                None => Ok(()),
            }
        });
        filled.map_err(|error| {
            failure = Some(error);
            CopyFault::Coder
        })
    });
    match (failure, written) {
        (Some(error), _) => Err(error),
        (None, Err(fault)) => Err(WriteError::from(fault).into()),
        (None, Ok(_)) => Ok(std::fs::rename(&unfinished, &path).map_err(WriteError::Io)?),
    }
}

fn check(meta: &RasterMeta, own: PixelType) -> Result<(), WriteError> {
    if meta.has_mask {
        return Err(WriteError::Mask);
    }
    if meta.pixel_type != own {
        return Err(WriteError::Type { band: 1, expected: meta.pixel_type, found: own });
    }
    match meta.width as usize * meta.height as usize * meta.bands as usize {
        0 => Err(misfit(0, "cells", 1, 0)),
        _ => Ok(()),
    }
}

fn misfit(band: usize, what: &'static str, expected: usize, found: usize) -> WriteError {
    WriteError::Misfit { band, what, expected, found }
}
