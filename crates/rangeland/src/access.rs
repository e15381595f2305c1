//! How much of the forage livestock can reach: land use, distance to water, slope. Factors lie between 0 and 1.

mod land_use;
mod slope;
mod water;

pub use land_use::{LandUseCode, LandUseRule, LandUseRules, PastureUse};
pub use slope::{SlopeBand, SlopeFactors};
pub use water::{WaterBand, WaterCurve, WaterFactors};
