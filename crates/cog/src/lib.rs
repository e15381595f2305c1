//! Windows of tiled GeoTIFFs, read from an object store and decoded on all cores.
//!
//! This crate knows the TIFF and BigTIFF containers, their tile codecs and the few GeoTIFF keys that place a
//! north-up grid. It reads any byte range it needs through `object_store`, holds no global lock, and puts
//! explicit [`Limits`] before every allocation that foreign bytes ask for. It never writes, reprojects,
//! resamples, or guesses: what it does not fully understand is refused by name ([`CogError::Unsupported`]).
//!
//! - [`Cog`]: an opened raster: its size, type, place and levels, and the reading of its windows
//! - [`Window`], [`WindowSamples`], [`Samples`]: a rectangle of cells, and its typed values with their validity
//! - [`RawBlock`], [`RawSamples`]: one stored tile decoded in place, for callers with threads of their own
//! - [`Grid`]: where the cells lie
//! - [`Limits`]: what a file may ask for
//! - [`CogError`], [`TileFault`]: why a file or one of its tiles cannot be read
//!
//! Read: uncompressed, DEFLATE, LZW and ZSTD tiles or strips; predictors 1, 2 and 3; planes apart or
//! interleaved; both byte orders; integers of 8 to 32 bits, floats of 32 and 64 bits; internal masks,
//! overviews, tiles that were never written.

mod block;
mod codec;
mod cog;
mod error;
mod georeference;
mod ifd;
mod layer;
mod limits;
mod metadata;
mod pool;
mod predictor;
mod read;
mod sample;
mod source;
mod tags;
mod window;

pub use block::{RawBlock, RawSamples};
pub use cog::Cog;
pub use error::{CogError, TileFault};
pub use georeference::Grid;
pub use limits::Limits;
pub use sample::Samples;
pub use window::{Size, Window, WindowSamples};
