//! The vocabulary of Belcheer: soum codes, periods, quantities with units, findings, harmonised records
//! and the scheme document.
//!
//! This crate knows names and their rules. It never reads a file, a clock or the network, and computes
//! no statistic: every other crate speaks with these types.
//!
//! - [`SoumCode`]: one administrative code out of the many forms that sources use
//! - [`Finding`]: what was noticed about an input, where, and how often
//! - [`Digest`], [`MethodId`]: what a result was made of, and by which method
//! - [`Indicator`], [`Class`], [`Tier`], [`Status`]: the words of a verification
//! - [`Scheme`]: the versioned document that says how soums are judged
//! - [`records`]: harmonised boundaries, plots, photo points, livestock and weather
//! - [`RasterMeta`]: what is known of a stored raster

mod digest;
mod finding;
mod indicator;
mod names;
mod raster;
pub mod records;
mod scheme;
mod soum_code;
mod units;
mod years;

pub use digest::{Digest, DigestError, MethodId};
pub use finding::{Finding, Severity, worst};
pub use indicator::{Class, Indicator, Status, Tier};
pub use names::{Aimag, aimag_of, aimags, fold_name, mongolian_order};
pub use raster::{Crs, PixelType, RasterMeta, RasterState};
pub use records::{NaturalZone, RecoveryClass, Species};
pub use scheme::{
    BaselineRule, Claim, ClaimRules, ContributionRule, Decision, IndicatorRule, Parameters, Scheme, SchemeError,
    ScoreRule,
};
pub use soum_code::{CodeForm, SoumCode, SoumCodeError};
pub use units::{Fraction, Hectares, KgPerHa, SheepForageUnits, UnitError};
pub use years::{Years, YearsError};
