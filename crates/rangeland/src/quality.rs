//! Which observations of a satellite product may be used, by the product's own quality bits.
//!
//! - [`mod13`]: MODIS MOD13 VI Quality (DetailedQA)
//! - [`sentinel2`]: Sentinel-2 scene classification, and the offset that its numbers have since 2022
//! - [`landsat`]: Landsat Collection 2 QA_PIXEL

pub mod landsat;
pub mod mod13;
pub mod sentinel2;
