//! Rasters at the door: foreign files in, the one raster form that everything else reads out.
//!
//! GDAL runs only in a child process ([`handle`] is its side) under limits, on a private copy of the file with a name
//! of our own, with all drivers but one removed; a header check of our own comes first. What comes back is a tiled,
//! north-up GeoTIFF with raw values unchanged, its [`RasterMeta`](belcheer_domain::RasterMeta), whether it may be
//! assessed, and findings. Nothing is guessed silently: what the file and the user do not say stays unknown.
//!
//! This crate never writes the catalog and computes no statistic.
//!
//! - [`convert`], [`ConvertOptions`], [`Converted`]: a foreign file to our form
//! - [`handle`]: the child's side of the same
//! - [`write_geotiff`]: our own arrays to the same form, in process; [`write_geotiff_by_window`] as they come,
//!   [`write_classes_by_window`] of classes
//! - [`Product`]: what declared products mean

mod child;
mod convert;
mod error;
mod gdal_setup;
mod inspect;
mod job;
mod magic;
mod notes;
mod options;
mod product;
mod tiff_header;
mod warp;
mod write;

pub use convert::{Converted, convert};
pub use error::IngestRasterError;
pub use job::handle;
pub use options::{Compression, ConvertOptions, Purpose};
pub use product::{Product, ProductKind, product, products};
pub use write::{
    BandToWrite, CellWindow, Samples, WriteError, write_classes_by_window, write_geotiff, write_geotiff_by_window,
};
