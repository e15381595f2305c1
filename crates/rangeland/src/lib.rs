//! The rangeland science of Belcheer: livestock units, forage, capacity, condition, trend and land degradation.
//!
//! This crate knows the field's formulas and holds their constants as named, versioned [parameter sets](sets). It
//! never reads a file, a clock, a network or a random source: Monte-Carlo draws come from the caller as uniform
//! numbers. Missing values are `Option`; a missing value never counts as good.
//!
//! - [`sets`]: parameter sets by name, with version and source
//! - [`sheep_forage_units`]: livestock as sheep forage units; [`intake`], [`seasons`], [`utilisation`]
//! - [`almgac_lm2`]: the land agency's capacity arithmetic, reproduced with its defects
//! - [`capacity`], [`livestock`], [`stocking`]: forage supply, pressure, stocking ratio and its classes
//! - [`access`]: land use, distance to water, slope; [`calibration`]: vegetation index to biomass; [`mass_basis`]
//! - [`sensitivity`]: whether a class depends on the parameter sets chosen
//! - [`condition`]: line-point intercept, gaps, state-and-transition rules, healthy and severe share together
//! - [`uncertainty`]: the error budget of the stocking ratio as a function of seeded draws
//! - [`recovery`]: shares of the recovery classes and what a change between two of them means
//! - [`yields`]: units of yield, screening, zone means by year
//! - [`vegetation`], [`quality`], [`annual_metric`]: indices, usable observations, one value a year
//! - [`drought`]: drought and dzud; [`climate`]: residual trends without the weather
//! - [`trend`]: Mann-Kendall, Theil-Sen, least squares, Kendall's critical values, trend classes
//! - [`degradation`]: SDG 15.3.1 from productivity metrics to status
//! - [`rangeland_mask`]: which land cover is rangeland, and which change is a conversion
//! - [`soil_organic_carbon`]: change of soil organic carbon with land-cover change

pub mod access;
pub mod almgac_lm2;
pub mod annual_metric;
pub mod calibration;
pub mod capacity;
pub mod climate;
pub mod condition;
pub mod degradation;
pub mod drought;
pub mod intake;
mod lanes;
pub mod livestock;
pub mod mass_basis;
mod numeric;
pub mod quality;
pub mod rangeland_mask;
pub mod recovery;
pub mod seasons;
pub mod sensitivity;
pub mod sets;
pub mod sheep_forage_units;
pub mod soil_organic_carbon;
pub mod stocking;
pub mod trend;
pub mod uncertainty;
pub mod utilisation;
pub mod vegetation;
pub mod yields;

pub use degradation::DegradationClass;
pub use numeric::normal;
pub use sets::{ParameterSet, SetError};
