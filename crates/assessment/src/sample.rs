//! A made-up country with known truth: what a workspace looks like when every input is there.
//!
//! Soums tile the country without gaps. Some truly improve from the change year on, some decline, some only have
//! more rain, most stay as they are; `truth.csv` says which. Everything follows from the seed alone.

mod country;
mod dissolve;
mod fields;
mod noise;
mod rasters;
mod records;

pub use country::{Country, SampleOptions, SampleSoum, Truth};
pub use rasters::write_rasters;
pub use records::{write_tables, write_truth, write_vectors};

/// Year from which true changes act; earlier years are the undisturbed past.
pub const CHANGE_YEAR: i32 = 2019;
