//! The one raster form: tiled GeoTIFF, deflate, band by band, north up, raw values unchanged, with overviews.
//!
//! Blocks are written whole and in order by one thread, so equal values give equal bytes. After writing, the file is
//! opened again and every value compared by a running hash, since libraries before GDAL 3.7 do not report late errors.

mod copy;
mod create;
mod own;
mod sample;
mod windows;

use std::path::Path;

use belcheer_domain::PixelType;
use belcheer_door::Refusal;
use gdal::Dataset;

use crate::{ConvertOptions, ProductKind, Purpose, gdal_setup, inspect::Source, notes::Notes};
pub use copy::Tally;
pub use own::{BandToWrite, Samples, WriteError, write_geotiff};

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
    let resampling = match source.product.map(|p| p.kind) {
        _ if options.purpose == Purpose::ReadOnce => None,
        Some(ProductKind::Continuous) => Some("AVERAGE"),
        Some(ProductKind::Categorical) => Some("MODE"),
        None => Some("NEAREST"),
    };
    let write = match (source.meta.pixel_type, source.signed_bytes) {
        (_, true) => copy::write_as::<u8, i16>,
        (PixelType::U8 | PixelType::I8, _) => copy::write_as::<u8, u8>,
        (PixelType::U16, _) => copy::write_as::<u16, u16>,
        (PixelType::I16, _) => copy::write_as::<i16, i16>,
        (PixelType::U32, _) => copy::write_as::<u32, u32>,
        (PixelType::I32, _) => copy::write_as::<i32, i32>,
        (PixelType::F32, _) => copy::write_as::<f32, f32>,
        (PixelType::F64, _) => copy::write_as::<f64, f64>,
    };
    write(dataset, source, output, resampling).map_err(|fault| refusal(&fault, notes))
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
        CopyFault::Write(_) | CopyFault::ReadBack { .. } => {
            notes.refuse(NOT_WRITTEN, "", &fault.to_string(), "үр дүнг бичиж чадсангүй; дискний зайг шалгана уу")
        }
    }
}
