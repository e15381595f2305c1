//! Land degradation, SDG 15.3.1: productivity metrics, look-up tables, land cover, integration and status.
//!
//! A missing value is `None` and stays so: what was not observed is neither stable nor degraded.

mod block;
mod class;
mod indicator;
mod integration;
mod land_cover;
mod lut;
mod performance;
mod rules;
mod state;
mod status;

pub use block::{MISSING, ProductivityBlock, TrendsEarthBlock, UNKNOWN, state_class, trend_class};
pub use class::{DegradationClass, ProductivityClass};
pub use indicator::{Integration, Layer, LayerNumbers, Packed, SubIndicators};
pub use integration::one_out_all_out;
pub use land_cover::{LandCover, LandCoverCrosswalk, LandCoverMatrix};
pub use lut::{Productivity, ProductivityLut, ProductivityTable};
pub use performance::{Performance, ReferenceProductivity};
pub use rules::{GpgRules, TrendsEarthRules};
pub use state::{StateClasses, StateScore};
pub use status::DegradationStatus;
