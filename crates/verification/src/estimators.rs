//! Estimators of areas, means and dependence from maps, samples and control groups.

pub mod bootstrap;
pub mod did;
pub mod did_panel;
pub mod fay_herriot;
pub mod greg;
pub mod matching;
pub mod model_assisted;
mod moran;
pub mod olofsson;
pub mod regression;
pub mod small_areas;
pub mod synthetic;
pub mod wild;

pub use moran::morans_i;
