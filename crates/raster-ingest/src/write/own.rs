//! Writing our own arrays in our form, in process: they are trusted.

use std::{io, path::Path};

use belcheer_domain::{PixelType, RasterMeta};

use super::{CopyFault, file::Plan, overviews_of, sample::Sample};
use crate::{ProductKind, options::Compression, product};

/// Raw values of one band, row by row from the north-west.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the names say all")]
pub enum Samples<'a> {
    U8(&'a [u8]),
    U16(&'a [u16]),
    I16(&'a [i16]),
    U32(&'a [u32]),
    I32(&'a [i32]),
    F32(&'a [f32]),
    F64(&'a [f64]),
}

impl Samples<'_> {
    fn pixel_type(&self) -> PixelType {
        match self {
            Self::U8(_) => PixelType::U8,
            Self::U16(_) => PixelType::U16,
            Self::I16(_) => PixelType::I16,
            Self::U32(_) => PixelType::U32,
            Self::I32(_) => PixelType::I32,
            Self::F32(_) => PixelType::F32,
            Self::F64(_) => PixelType::F64,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::U8(v) => v.len(),
            Self::U16(v) => v.len(),
            Self::I16(v) => v.len(),
            Self::U32(v) => v.len(),
            Self::I32(v) => v.len(),
            Self::F32(v) => v.len(),
            Self::F64(v) => v.len(),
        }
    }
}

/// One band to write.
#[derive(Debug, Clone, Copy)]
pub struct BandToWrite<'a> {
    /// What the band is, such as `slope_per_year`; may be empty.
    pub description: &'a str,
    /// Its raw values.
    pub samples: Samples<'a>,
}

/// Why an array was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// Bands and metadata do not fit each other.
    #[error("band {band} does not fit the metadata: {expected} {what} are expected, {found} were given")]
    Misfit {
        /// Band, from 1; 0 for all.
        band: usize,
        /// What does not fit.
        what: &'static str,
        /// What the metadata say.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// Band and metadata are of different types.
    #[error("band {band} is of type {found:?}, but the metadata say {expected:?}")]
    Type {
        /// Band, from 1.
        band: usize,
        /// What the metadata say.
        expected: PixelType,
        /// What was given.
        found: PixelType,
    },
    /// Masks are not written from arrays; use nodata.
    #[error("a mask cannot be written with arrays; declare a nodata value")]
    Mask,
    /// The file could not be written or read back.
    #[error("the raster could not be written, see that the folder exists and the disk has room: {0}")]
    Gdal(String),
    /// The system could not write.
    #[error("the raster could not be written, see that the folder exists and the disk has room: {0}")]
    Io(#[from] io::Error),
}

impl From<CopyFault> for WriteError {
    fn from(fault: CopyFault) -> Self {
        Self::Gdal(fault.to_string())
    }
}

/// Writes arrays as a raster of our form at `path`: tiled, deflate, overviews, with everything `meta` says.
///
/// The file appears only when it is complete and was read back. In floating-point bands NaN is missing whether or not
/// a nodata value is declared.
///
/// # Errors
/// When the bands do not fit `meta`, or the file cannot be written.
pub fn write_geotiff(path: &Path, meta: &RasterMeta, bands: &[BandToWrite<'_>]) -> Result<(), WriteError> {
    check(meta, bands)?;
    let path = std::path::absolute(path)?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    let private = tempfile::Builder::new().prefix(".raster-").tempdir_in(folder)?;
    let unfinished = private.path().join("written.tif");
    macro_rules! write_bands {
        ($variant:ident, $type:ty) => {{
            let all = bands.iter().filter_map(|b| match b.samples {
                Samples::$variant(values) => Some((b.description, values)),
                _ => None,
            });
            write_bands::<$type>(&unfinished, meta, &all.collect::<Vec<_>>())
        }};
    }
    match meta.pixel_type {
        PixelType::U8 | PixelType::I8 => write_bands!(U8, u8),
        PixelType::U16 => write_bands!(U16, u16),
        PixelType::I16 => write_bands!(I16, i16),
        PixelType::U32 => write_bands!(U32, u32),
        PixelType::I32 => write_bands!(I32, i32),
        PixelType::F32 => write_bands!(F32, f32),
        PixelType::F64 => write_bands!(F64, f64),
    }?;
    Ok(std::fs::rename(&unfinished, &path)?)
}

fn check(meta: &RasterMeta, bands: &[BandToWrite<'_>]) -> Result<(), WriteError> {
    if meta.has_mask {
        return Err(WriteError::Mask);
    }
    let misfit = |band, what, expected, found| Err(WriteError::Misfit { band, what, expected, found });
    if bands.is_empty() || bands.len() != meta.bands as usize {
        return misfit(0, "bands", meta.bands as usize, bands.len());
    }
    let cells = meta.width as usize * meta.height as usize;
    for (band, given) in (1..).zip(bands) {
        let found = given.samples.pixel_type();
        if found != meta.pixel_type {
            return Err(WriteError::Type { band, expected: meta.pixel_type, found });
        }
        if given.samples.len() != cells || cells == 0 {
            return misfit(band, "cells", cells, given.samples.len());
        }
    }
    Ok(())
}

fn write_bands<T: Sample>(path: &Path, meta: &RasterMeta, bands: &[(&str, &[T])]) -> Result<(), WriteError> {
    let kind = meta.product.as_deref().and_then(product).map(|p| p.kind);
    let descriptions: Vec<&str> = bands.iter().map(|(description, _)| *description).collect();
    let width = meta.width as usize;
    let plan = Plan::<T> {
        path,
        meta,
        nodata: meta.nodata,
        descriptions: &descriptions,
        classes: kind == Some(ProductKind::Categorical),
        compression: Compression::Deflate,
        overviews: Some(overviews_of(kind)),
        counter: None,
        source_block: (width, 1),
    };
    plan.write(|window, part| {
        part.bands.resize_with(bands.len(), Vec::new);
        for ((_, values), out) in bands.iter().zip(&mut part.bands) {
            out.clear();
            for row in values.chunks(width).skip(window.row).take(window.rows) {
                out.extend_from_slice(row.get(window.col..window.col + window.cols).unwrap_or_default());
            }
        }
        Ok(())
    })?;
    Ok(())
}
