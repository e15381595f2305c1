//! One raster grid with the soums laid on it: spans of cells, cell areas, statistical cells, rangeland mask.

use std::collections::BTreeMap;

use belcheer_domain::{Crs, RasterMeta, SoumCode};
use belcheer_vector_ingest::Reprojector;
use belcheer_zonal::{Coverage, Grid, StatisticalCell};
use geo_types::MultiPolygon;
use rayon::prelude::*;

use crate::error::AssessmentError;

/// Longest straight piece of a border when it is carried to another coordinate system, degrees.
const DENSIFY_DEGREES: f64 = 0.01;

/// Whether a cell belongs to the assessed rangeland.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// Rangeland.
    Inside,
    /// Another land cover.
    Outside,
    /// No land cover is known there; the cell is not assessed.
    Unknown,
}

/// A grid, the exact coverage of its cells by zones (soums, if nothing else is said), and what each cell weighs.
///
/// Built once for every raster and year that shares the grid.
#[derive(Debug)]
pub struct Frame<K = SoumCode> {
    /// The grid.
    pub grid: Grid,
    crs: Crs,
    /// Coverage of each zone.
    pub zones: BTreeMap<K, Coverage>,
    row_area_ha: Vec<f64>,
    cells: CellIndex,
    mask: Option<Vec<Membership>>,
}

/// The statistical cell of each pixel of a grid.
#[derive(Debug)]
pub(crate) enum CellIndex {
    /// Longitude and latitude grids: columns and rows index the cell by themselves.
    Separable { by_col: Vec<i32>, by_row: Vec<i32> },
    /// Any other grid: one statistical cell a pixel.
    EachPixel(Vec<(i32, i32)>),
}

impl<K: Ord + Clone + Send + Sync> Frame<K> {
    /// Lays zones (longitude, latitude) on the grid of a raster.
    ///
    /// # Errors
    /// When the grid is not usable or the borders cannot be carried to its coordinate system.
    pub fn new(meta: &RasterMeta, name: &str, zones: &BTreeMap<K, MultiPolygon<f64>>) -> Result<Self, AssessmentError> {
        let failed = |reason: String| AssessmentError::Zones { name: name.to_owned(), reason };
        let grid = grid_of(meta).map_err(|e| failed(e.to_string()))?;
        let carried = carry(zones, &meta.crs).map_err(&failed)?;
        let zones: Result<BTreeMap<_, _>, _> = carried
            .par_iter()
            .map(|(code, shape)| belcheer_zonal::coverage(&grid, shape).map(|c| (code.clone(), c)))
            .collect::<Result<Vec<_>, _>>()
            .map(|pairs| pairs.into_iter().collect());
        let cells = CellIndex::of(&grid, &meta.crs).map_err(&failed)?;
        let row_area_ha = row_areas_ha(&grid, &meta.crs);
        let zones = zones.map_err(|e| failed(e.to_string()))?;
        Ok(Self { grid, crs: meta.crs.clone(), zones, row_area_ha, cells, mask: None })
    }

    /// Area of a cell in this row, ha: ellipsoidal for longitude and latitude, planar otherwise.
    #[must_use]
    pub fn cell_area_ha(&self, row: usize) -> f64 {
        self.row_area_ha.get(row).copied().unwrap_or(0.0)
    }

    /// The grid's coordinate system.
    #[must_use]
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// How many whole rows hold about this many cells.
    #[must_use]
    pub fn rows_in_flight(&self, cells: usize) -> usize {
        (cells / self.grid.cols().max(1)).clamp(1, self.grid.rows().max(1))
    }

    /// The statistical cell of a pixel, east and north.
    #[must_use]
    pub fn statistical_cell(&self, row: usize, col: usize) -> (i32, i32) {
        self.cells.at(self.grid.cols(), row, col)
    }

    /// Whether a pixel is assessed; without a mask all are.
    #[must_use]
    pub fn membership(&self, row: usize, col: usize) -> Membership {
        match &self.mask {
            Some(mask) => mask.get(row * self.grid.cols() + col).copied().unwrap_or(Membership::Unknown),
            None => Membership::Inside,
        }
    }

    /// Takes the rangeland mask from a land-cover grid: each pixel has the class at its centre.
    ///
    /// # Errors
    /// When pixel centres cannot be carried to the land cover's coordinate system.
    pub fn mask_by(&mut self, cover: &LandCover, name: &str) -> Result<(), AssessmentError> {
        let failed = |reason: String| AssessmentError::Zones { name: name.to_owned(), reason };
        let under = CellsUnder::new((&self.grid, &self.crs), (&cover.grid, &cover.crs)).map_err(failed)?;
        let mut mask = Vec::with_capacity(self.grid.rows() * self.grid.cols());
        for row in 0..self.grid.rows() {
            for col in 0..self.grid.cols() {
                // a cell without a place in the other system is in no land cover
                let cell = under.at(row, col).map(|(row, col)| row * cover.grid.cols() + col);
                mask.push(cell.and_then(|cell| cover.membership.get(cell)).copied().unwrap_or(Membership::Unknown));
            }
        }
        self.mask = Some(mask);
        Ok(())
    }
}

/// A land-cover grid reduced to membership of the rangeland.
#[derive(Debug)]
pub struct LandCover {
    /// Its grid.
    pub grid: Grid,
    /// Its coordinate system.
    pub crs: Crs,
    /// One value a cell, row by row.
    pub membership: Vec<Membership>,
}

impl LandCover {
    /// Membership of the cell at a place, in its own coordinate system.
    pub(crate) fn membership_at(&self, x: f64, y: f64) -> Membership {
        let cell = self.grid.cell_at(x, y).and_then(|(row, col)| self.membership.get(row * self.grid.cols() + col));
        cell.copied().unwrap_or(Membership::Unknown)
    }
}

/// The cells of another raster that lie under the centres of the cells of a grid.
pub(crate) struct CellsUnder<'a> {
    grid: &'a Grid,
    theirs: &'a Grid,
    transform: Reprojector,
}

impl<'a> CellsUnder<'a> {
    /// From a grid to another, each with its coordinate system.
    pub(crate) fn new((grid, crs): (&'a Grid, &Crs), (theirs, their_crs): (&'a Grid, &Crs)) -> Result<Self, String> {
        let transform = Reprojector::between(crs, their_crs).map_err(|e| e.to_string())?;
        Ok(Self { grid, theirs, transform })
    }

    /// Row and column of the other grid at the centre of a cell; `None` off it.
    pub(crate) fn at(&self, row: usize, col: usize) -> Option<(usize, usize)> {
        let (x, y) = self.grid.cell_centre(row, col);
        let (x, y) = self.transform.point(x, y).ok()?;
        self.theirs.cell_at(x, y)
    }
}

/// The grid of a stored raster.
///
/// # Errors
/// When its extent or cell size is not usable.
pub fn grid_of(meta: &RasterMeta) -> Result<Grid, belcheer_zonal::GridError> {
    Grid::new(meta.x_min, meta.y_max, meta.dx, meta.dy, meta.width as usize, meta.height as usize)
}

/// Longitude and latitude on WGS 84.
pub fn wgs84() -> Crs {
    Crs { epsg: Some(4326), wkt: "EPSG:4326".to_owned(), geographic: true }
}

/// Zones in longitude and latitude, carried to another coordinate system.
pub(crate) fn carry<K: Ord + Clone>(
    soums: &BTreeMap<K, MultiPolygon<f64>>,
    crs: &Crs,
) -> Result<BTreeMap<K, MultiPolygon<f64>>, String> {
    // an unregistered system in degrees is the MODIS climate-grid quirk; the ingest finding says it is taken for WGS 84
    if crs.epsg == Some(4326) || (crs.geographic && crs.epsg.is_none()) {
        return Ok(soums.clone());
    }
    let transform = Reprojector::between(&wgs84(), crs).map_err(|e| e.to_string())?;
    soums
        .iter()
        .map(|(code, shape)| {
            transform.polygons(shape, Some(DENSIFY_DEGREES)).map(|s| (code.clone(), s)).map_err(|e| e.to_string())
        })
        .collect()
}

/// Area of a cell in each row, ha.
pub(crate) fn row_areas_ha(grid: &Grid, crs: &Crs) -> Vec<f64> {
    let square_metres =
        if crs.geographic { belcheer_zonal::row_cell_areas_m2(grid) } else { vec![grid.dx() * grid.dy(); grid.rows()] };
    square_metres.into_iter().map(|m2| m2 / 10_000.0).collect()
}

/// The statistical cell at a place; places off the globe share one.
fn cell_at(lon: f64, lat: f64) -> (i32, i32) {
    StatisticalCell::at(lon, lat).map_or((0, 0), |cell| (cell.east, cell.north))
}

impl CellIndex {
    /// The statistical cell of a pixel of a grid with `cols` columns, east and north.
    pub(crate) fn at(&self, cols: usize, row: usize, col: usize) -> (i32, i32) {
        match self {
            Self::Separable { by_col, by_row } => {
                (by_col.get(col).copied().unwrap_or(0), by_row.get(row).copied().unwrap_or(0))
            }
            Self::EachPixel(cells) => cells.get(row * cols + col).copied().unwrap_or((0, 0)),
        }
    }

    pub(crate) fn of(grid: &Grid, crs: &Crs) -> Result<Self, String> {
        if crs.geographic {
            let by_col = (0..grid.cols()).map(|col| cell_at(grid.cell_centre(0, col).0, 0.0).0).collect();
            let by_row = (0..grid.rows()).map(|row| cell_at(0.0, grid.cell_centre(row, 0).1).1).collect();
            return Ok(Self::Separable { by_col, by_row });
        }
        let transform = Reprojector::between(crs, &wgs84()).map_err(|e| e.to_string())?;
        let mut cells = Vec::with_capacity(grid.rows() * grid.cols());
        for row in 0..grid.rows() {
            for col in 0..grid.cols() {
                let (x, y) = grid.cell_centre(row, col);
                cells.push(transform.point(x, y).map_or((0, 0), |(lon, lat)| cell_at(lon, lat)));
            }
        }
        Ok(Self::EachPixel(cells))
    }
}
