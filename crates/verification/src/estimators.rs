//! Estimators of areas, means and dependence from maps, samples and control groups.

pub mod bootstrap;
pub mod combination;
pub mod event_study;
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
