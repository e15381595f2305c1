//! Sums, quantiles and the normal distribution, in a fixed order of operations.

pub mod normal;
mod quantile;
mod sum;
mod triangular;

pub(crate) use quantile::{median, quantile_sorted};
pub(crate) use sum::{mean, sum};
pub use triangular::Triangular;
