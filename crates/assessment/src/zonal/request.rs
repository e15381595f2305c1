//! What is asked for, and the answer.

use std::path::PathBuf;

use belcheer_domain::Finding;
use belcheer_vector_ingest::ZoneJob;
use belcheer_zonal::{CoverRule, StatisticSet};

use crate::table::Table;

/// What weights cells beside the covered fraction.
#[derive(Debug, Clone, PartialEq)]
pub enum Weighting {
    /// Nothing.
    None,
    /// The cell's area, square metres: ellipsoidal for degrees, planar otherwise.
    Area,
    /// The first band of another raster on the same grid.
    Raster(PathBuf),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ZonalRequest {
    /// The rasters.
    pub rasters: Vec<PathBuf>,
    /// The zones; the wanted coordinate system is filled in raster by raster.
    pub zones: ZoneJob,
    /// The statistics.
    pub statistics: StatisticSet,
    /// The weights.
    pub weighting: Weighting,
    /// Which cells a zone takes.
    pub rule: CoverRule,
    /// Coordinate system of rasters that declare none.
    pub crs_epsg: Option<u32>,
    /// Whether the table is to carry the zones' polygons.
    pub with_shapes: bool,
}

/// The answer: a table, with the zones' polygons (longitude, latitude) where asked for, and findings.
#[derive(Debug)]
pub struct ZonalAnswer {
    /// `id`, then `raster` and `band` when there are several, then a column a statistic.
    pub table: Table,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

impl ZonalRequest {
    /// Whether rows of the raster must be gone through cell by cell: for weights, and for lists of cells.
    pub(super) fn needs_rows(&self) -> bool {
        self.statistics.needs_weights() || self.statistics.statistics().iter().any(|s| s.is_per_cell())
    }
}
