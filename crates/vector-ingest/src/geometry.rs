//! Polygons between the reader's form and ours; checked, repaired, measured.

pub(crate) mod area;
pub(crate) mod crosswalk;
pub(crate) mod foreign;
pub(crate) mod overlap;
pub(crate) mod repair;
pub(crate) mod simple;
pub(crate) mod wire;
