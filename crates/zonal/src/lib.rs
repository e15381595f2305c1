//! Grids, exact cell coverage of polygons, and mergeable weighted statistics of the cells a zone covers.
//!
//! This crate knows how much of each raster cell lies in a zone, how large a cell of a latitude and
//! longitude grid is on the ellipsoid, and how values add up over a zone. It never reads a file, knows no
//! coordinate systems beyond degrees on WGS84, and does not know what the values mean.
//!
//! - [`Grid`]: a north-up raster grid; [`Window`]: a rectangle of its cells
//! - [`coverage`], [`coverage_by`], [`CoverRule`]: the cells of a zone, as a [`Coverage`] of [`Span`]s
//! - [`geographic_cell_area_m2`], [`row_cell_areas_m2`]: ellipsoidal cell areas
//! - [`StatisticalCell`]: the fixed equal-area cell of about 16 km that sampling errors are computed on
//! - [`Statistic`], [`StatisticSet`]: what is asked for, by the names of exactextract's operations
//! - [`Accumulator`]: what is kept while cells are added; merges with others of the same set
//! - [`Block`], [`zonal_statistics`]: from coverage and raster values to statistics
//! - [`TileIndex`], [`TileSums`]: the same for all zones at once, by stored tiles in any order
//! - [`PointIndex`]: the zone of each of many points
//!
//! ```
//! use belcheer_zonal::{Block, Grid, StatisticSet, Statistic, Weights, coverage, zonal_statistics};
//! use geo_types::{Coord, MultiPolygon, Rect};
//!
//! // Three by three cells of side 1; the zone covers the middle cell and half of its neighbours.
//! let grid = Grid::new(0.0, 3.0, 1.0, 1.0, 3, 3)?;
//! let square = Rect::new(Coord { x: 0.5, y: 0.5 }, Coord { x: 2.5, y: 2.5 }).to_polygon();
//! let zone = coverage(&grid, &MultiPolygon(vec![square]))?;
//! assert_eq!(zone.total(), 4.0);
//!
//! let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
//! let set: StatisticSet = "count,mean,max".parse()?;
//! let result = zonal_statistics(&set, &zone, &Block::whole(&grid, &values, None)?, Weights::None);
//! assert_eq!(result.value(&Statistic::Mean), Some(5.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accumulator;
mod area;
mod block;
mod coverage;
mod grid;
mod histogram;
mod point_index;
mod statistic;
mod statistical_cell;
mod sums;
mod tiles;

pub use accumulator::{Accumulator, Column, RowWeights};
pub use area::{geographic_cell_area_m2, row_cell_areas_m2};
pub use block::{Block, BlockError, Sample, Weights, accumulate, zonal_statistics};
pub use coverage::{CoverRule, Coverage, CoverageError, Span, UnknownCoverRule, coverage, coverage_by};
pub use grid::{Grid, GridError, Window};
pub use point_index::PointIndex;
pub use statistic::{Statistic, StatisticError, StatisticSet};
pub use statistical_cell::StatisticalCell;
pub use sums::{Moments, NeumaierSum};
pub use tiles::{Finished, Scaling, Scratch, Tile, TileCells, TileIndex, TileLayout, TileSample, TileSums, ZoneTiles};
