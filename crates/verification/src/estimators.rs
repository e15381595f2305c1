//! Estimators of areas, means and dependence from maps, samples and control groups.

pub mod did;
pub mod fay_herriot;
pub mod greg;
mod moran;
pub mod olofsson;

pub use moran::morans_i;
