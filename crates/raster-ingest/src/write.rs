//! The one raster form: tiled GeoTIFF, deflate, band by band, north up, raw values unchanged, with overviews.
//!
//! GDAL reads the foreign file and writes the tags that place the new one; tiles, overviews and directories are coded
//! here, on all cores and in bounded memory. Tiles are stored in a fixed order, so equal values give equal bytes. Every
//! stored tile is read back once and compared with what was meant.

mod by_window;
mod copy;
mod file;
mod form;
mod geo_tags;
mod own;
mod pyramid;
mod reduce;
mod sample;
mod tally;
mod tiff;
mod tile;
mod windows;

use std::{io, path::Path};

use belcheer_domain::PixelType;
use belcheer_door::Refusal;
use gdal::Dataset;

use crate::{ConvertOptions, ProductKind, Purpose, gdal_setup, inspect::Source, notes::Notes};
pub use by_window::{CellWindow, write_classes_by_window, write_geotiff_by_window};
pub use own::{BandToWrite, Samples, WriteError, write_geotiff};
use reduce::Reduction;
pub use tally::Tally;

/// Refusal code for results that could not be written, for which the source is not to blame.
pub const NOT_WRITTEN: &str = "output_not_written";

/// Why a copy failed.
#[derive(Debug, thiserror::Error)]
pub enum CopyFault {
    /// Rows of a band could not be decoded.
    #[error("rows {first_row} to {last_row} of band {band} could not be decoded")]
    Decode {
        /// Band, from 1.
        band: usize,
        /// First row, from 1.
        first_row: usize,
        /// Last row, from 1.
        last_row: usize,
        /// Whether memory was wanting.
        out_of_memory: bool,
    },
    /// The result could not be written.
    #[error("the result could not be written: {0}")]
    Write(#[from] gdal::errors::GdalError),
    /// The result could not be written.
    #[error("the result could not be written: {0}")]
    Io(#[from] io::Error),
    /// The thread that codes tiles stopped.
    #[error("the thread that codes tiles stopped")]
    Coder,
    /// What was read back differs from what was written.
    #[error("band {band} read back differs from what was written")]
    ReadBack {
        /// Band, from 1.
        band: usize,
    },
}

/// Writes an inspected source in our form and verifies the result.
pub fn write_source(
    dataset: &Dataset,
    source: &Source,
    output: &Path,
    options: &ConvertOptions,
    notes: &Notes,
) -> Result<Vec<Tally>, Refusal> {
    let overviews = match options.purpose {
        Purpose::ReadOnce | Purpose::Look => None,
        Purpose::Keep => Some(overviews_of(source.product.map(|p| p.kind))),
    };
    let write = match source.meta.pixel_type {
        PixelType::U8 | PixelType::I8 => copy::write_as::<u8>,
        PixelType::U16 => copy::write_as::<u16>,
        PixelType::I16 => copy::write_as::<i16>,
        PixelType::U32 => copy::write_as::<u32>,
        PixelType::I32 => copy::write_as::<i32>,
        PixelType::F32 => copy::write_as::<f32>,
        PixelType::F64 => copy::write_as::<f64>,
    };
    write(dataset, source, output, overviews, options.compression).map_err(|fault| refusal(&fault, notes))
}

/// How overviews of a kind of values are made: what is not known to be measurements is never averaged.
fn overviews_of(kind: Option<ProductKind>) -> Reduction {
    match kind {
        Some(ProductKind::Continuous) => Reduction::Average,
        Some(ProductKind::Categorical) => Reduction::Mode,
        None => Reduction::Nearest,
    }
}

fn refusal(fault: &CopyFault, notes: &Notes) -> Refusal {
    match fault {
        CopyFault::Decode { out_of_memory: true, .. } => notes.refuse(
            "reader_out_of_memory",
            "cells",
            "decoding asks for more memory than a file may; write it with tiles of 512 x 512",
            "задлахад хэт их санах ой шаардаж байна; 512 x 512 tile-аар бичнэ үү",
        ),
        CopyFault::Decode { band, first_row, last_row, .. } => notes.refuse(
            "cells_damaged",
            &format!("band {band}, rows {first_row} to {last_row}"),
            "these cells cannot be decoded; the file is damaged, copy or download it again",
            "эдгээр нүдийг задалж чадсангүй; файл гэмтсэн тул дахин хуулж эсвэл татаж авна уу",
        ),
        CopyFault::Write(error) if gdal_setup::is_out_of_memory(error) => notes.refuse(
            "reader_out_of_memory",
            "cells",
            "writing asks for more memory than a file may; give it in smaller parts",
            "бичихэд хэт их санах ой шаардаж байна; хувааж өгнө үү",
        ),
        CopyFault::Write(_) | CopyFault::Io(_) | CopyFault::Coder | CopyFault::ReadBack { .. } => {
            notes.refuse(NOT_WRITTEN, "", &fault.to_string(), "үр дүнг бичиж чадсангүй; дискний зайг шалгана уу")
        }
    }
}
