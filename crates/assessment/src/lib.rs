//! Assessment: from the inputs of a workspace to a verdict on every soum.
//!
//! This crate knows the order of the work: what is read, on which grid, which evidence feeds which indicator, and
//! what the tables look like. The science and the statistics are those of the crates below; it decides nothing by
//! itself. It never parses a foreign file and speaks no HTTP.
//!
//! - [`Inputs`]: what the workspace holds; [`Request`], [`dry_run`], [`assess`]: plan and result
//! - [`Frame`]: one grid with the soums on it; [`partials`]: mergeable sums by soum, year and statistical cell
//! - [`blocks`]: the unit of work and what carries it to threads or machines
//! - [`evidence`]: the five indicators; [`decide`]: verdicts; [`result`]: what is said
//! - [`standing`], [`review`], [`diff`]: what stands beside a verdict, how attacks on it are met, what changed and why
//! - [`series`]: the years behind each change, with drought and dzud
//! - [`placebo`], [`power`]: where tests find changes that cannot be; what a soum would need
//! - [`baselines`]: frozen at enrolment by digest
//! - [`export`]: the tables of an assessment; [`Table`]: CSV, Parquet, JSON, map layers
//! - [`zonal`]: statistics of any raster over any zones; [`trend`]: trends of every cell of yearly rasters;
//!   [`degradation`]: SDG 15.3.1 of every cell; [`composite`]: an annual metric from granules
//! - [`climate`]: drought, dzud and residual trends of every soum; [`field_condition`]: surveys of plots
//! - [`map_accuracy`], [`model_assisted`]: maps held against samples: areas of classes, means of zones
//! - [`capacity`]: forage, carrying capacity and stocking ratio of every soum
//! - [`storage`]: where rasters and partial sums lie; [`sources`]: yearly rasters that lie with others, read by ranges of bytes
//! - [`sample`]: a made-up country with known truth

mod area_sums;
mod assess;
pub mod baselines;
pub mod blocks;
pub mod bootstraps;
mod by_type;
pub mod calibration;
pub mod capacity;
mod carry;
pub mod climate;
pub mod composite;
mod contributions;
pub mod decide;
pub mod degradation;
pub mod diff;
mod error;
pub mod evidence;
pub mod export;
pub mod field_condition;
mod frame;
mod inputs;
mod land_cover;
mod layer;
pub mod levels;
pub mod map_accuracy;
pub mod model_assisted;
mod parameters;
pub mod partials;
pub mod placebo;
pub mod power;
mod raster;
pub mod regions;
pub mod result;
pub mod review;
pub mod sample;
mod sentence;
pub mod series;
pub mod sources;
pub mod standing;
pub mod storage;
mod table;
pub mod trend;
mod watch;
mod weather_grids;
mod yields;
pub mod zonal;

pub use area_sums::{AreaSums, CompensatedSums};
pub use assess::{Assessed, NATIONAL_SCHEME, Plan, Request, assess, dry_run};
pub use error::AssessmentError;
pub use export::Run;
pub use frame::Frame;
pub use inputs::Inputs;
pub use layer::{write_geojson, write_geopackage};
pub use parameters::read_scheme;
pub use raster::StoredRaster;
pub use result::AssessmentResult;
pub use table::{Column, Table, Values};
pub use watch::{Silent, Watch};
