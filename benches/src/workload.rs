//! The comparisons, each a section of the page.

mod degradation;
mod growth;
mod points;
mod rasters;
mod scale;
mod series;
mod trend;
mod whole;
mod zonal;

use anyhow::Result;

use crate::place::Place;
use crate::report::Section;

/// A comparison.
pub type Workload = fn(&Place) -> Result<Section>;

/// All comparisons by name, in the order of the page.
pub const ALL: [(&str, Workload); 10] = [
    ("zonal", zonal::compare),
    ("series", series::compare),
    ("trend", trend::compare),
    ("degradation", degradation::compare),
    ("points", points::compare),
    ("rasters", rasters::compare),
    ("warped", rasters::compare_warped),
    ("growth", growth::compare),
    ("whole", whole::compare),
    ("scale", scale::compare),
];
