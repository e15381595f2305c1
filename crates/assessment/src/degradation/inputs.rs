//! The rasters of a run, opened and checked to lie on one grid; codes of a part of one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use belcheer_cog::CogError;
use belcheer_domain::{Crs, Digest, Finding, RasterMeta, Severity};
use belcheer_door::Door;
use belcheer_raster_ingest::CellWindow;
use belcheer_zonal::Grid;
use object_store::local::LocalFileSystem;

use super::{DegradationRequest, RasterBand};
use crate::by_type::by_type;
use crate::error::AssessmentError;
use crate::frame::{CellsUnder, grid_of};
use crate::raster::StoredRaster;
use crate::trend::compute::{Stored, YearValues, read_raw};
use crate::trend::series::{self, YearBand};
use crate::watch::Watch;
use crate::zonal::source;

/// Side of what is computed at a time where rasters have tiles.
pub(crate) const SIDE: usize = 512;
/// Cells of what is computed at a time where rasters have strips.
const STRIP_CELLS: usize = 1 << 18;
/// Bands of one file above which interleaved bands are taken apart first: each band would decode all of them.
const INTERLEAVED_MAX: u32 = 3;
/// The number of a cell without a code.
pub(crate) const NO_CODE: i32 = i32::MIN;

/// One band of a raster of codes or stocks.
pub(crate) struct CodeRaster {
    pub raster: StoredRaster,
    band: u32,
    /// The grid whose cells are asked for, where its own is another: each takes what lies at its centre.
    asked: Option<(Grid, Crs)>,
}

/// Every raster of a run.
pub(super) struct Inputs {
    pub index: Vec<StoredRaster>,
    pub land_cover: [CodeRaster; 2],
    pub units: Option<CodeRaster>,
    pub soil: Option<CodeRaster>,
    pub soil_carbon: Vec<CodeRaster>,
    pub water: Option<CodeRaster>,
    pub baseline: Option<CodeRaster>,
    /// Precipitation, on a grid of its own.
    pub precipitation: Vec<StoredRaster>,
}

/// Opens rasters; gathers what was noticed.
pub(crate) struct Opener<'a> {
    door: &'a Door,
    crs_epsg: Option<u32>,
    scratch: &'a Path,
    opened: usize,
    /// Files and layers that were converted: where they lie now, and what is known of them.
    converted: BTreeMap<(PathBuf, Option<String>), (String, Digest, RasterMeta)>,
    pub findings: Vec<Finding>,
}

impl<'a> Opener<'a> {
    pub fn new(door: &'a Door, crs_epsg: Option<u32>, scratch: &'a Path) -> Self {
        Self { door, crs_epsg, scratch, opened: 0, converted: BTreeMap::new(), findings: Vec::new() }
    }

    fn open(&mut self, path: &Path, layer: Option<&str>) -> Result<StoredRaster, AssessmentError> {
        self.opened += 1;
        let stem = self.opened.to_string();
        let key = (path.to_path_buf(), layer.map(str::to_owned));
        if let Some((stem, digest, meta)) = self.converted.get(&key) {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let folder =
                LocalFileSystem::new_with_prefix(self.scratch).map_err(|e| AssessmentError::Output(e.to_string()))?;
            let location = object_store::path::Path::from(format!("{stem}.tif"));
            return StoredRaster::open(Arc::new(folder), location, &name, *digest, meta.clone());
        }
        let mut noticed = Vec::new();
        let raster = source::open(self.door, (path, layer), self.crs_epsg, (self.scratch, &stem), &mut noticed)?;
        if raster.cog().is_interleaved() && raster.meta.bands > INTERLEAVED_MAX {
            let apart = format!("{stem}-apart");
            let place = (self.scratch, apart.as_str());
            let raster =
                source::converted(self.door, (path, layer), self.crs_epsg, place, &raster.name, &mut self.findings)?;
            if let Some(digest) = raster.digest {
                self.converted.insert(key, (apart, digest, raster.meta.clone()));
            }
            return Ok(raster);
        }
        self.findings.extend(noticed);
        Ok(raster)
    }

    /// Opens a raster whose numbers need no scale.
    fn number_as_it_is(&mut self, path: &Path, layer: Option<&str>) -> Result<StoredRaster, AssessmentError> {
        let before = self.findings.len();
        let raster = self.open(path, layer)?;
        let kept = self.findings.split_off(before).into_iter().filter(|f| f.code != "missing_scale");
        self.findings.extend(kept);
        Ok(raster)
    }

    /// Opens a band of codes on the grid of `first`.
    pub fn codes(&mut self, given: &RasterBand, first: Option<&StoredRaster>) -> Result<CodeRaster, AssessmentError> {
        let raster = self.number_as_it_is(&given.path, given.layer.as_deref())?;
        series::on_one_grid(first, &raster)?;
        if given.band == 0 || given.band > raster.meta.bands {
            return Err(AssessmentError::Refused(format!(
                "{} has no band {}; it has {}, counted from 1",
                raster.name, given.band, raster.meta.bands
            )));
        }
        Ok(CodeRaster { raster, band: given.band - 1, asked: None })
    }

    /// Opens a band of codes on whatever grid; where it is not that of `first`, each cell takes what lies at its centre.
    fn at_centres(&mut self, given: &RasterBand, first: &StoredRaster) -> Result<CodeRaster, AssessmentError> {
        let mut found = self.codes(given, None)?;
        if series::on_one_grid(Some(first), &found.raster).is_err() {
            found.asked = Some((grid(first)?, first.meta.crs.clone()));
            let name = &found.raster.name;
            self.findings.push(Finding::new("taken_at_cell_centres", Severity::Info, name).text(
                format!("{name} lies on another grid than {}; each cell takes what lies at its centre", first.name),
                format!("{name} нь {}-ийн тороос өөр тул нүд бүрийн төвд байгаа утгыг авав", first.name),
            ));
        }
        Ok(found)
    }

    fn optional(
        &mut self,
        given: Option<&RasterBand>,
        first: &StoredRaster,
    ) -> Result<Option<CodeRaster>, AssessmentError> {
        given.map(|given| self.at_centres(given, first)).transpose()
    }
}

impl Inputs {
    pub fn open(
        door: &Door,
        request: &DegradationRequest,
        scratch: &Path,
        watch: &dyn Watch,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, AssessmentError> {
        let mut opener = Opener::new(door, request.crs_epsg, scratch);
        let mut index = Vec::new();
        let total = request.index.len() as u64;
        for (number, path) in request.index.iter().enumerate() {
            watch.step("open rasters", number as u64, total);
            let raster = opener.open(path, None)?;
            series::on_one_grid(index.first(), &raster)?;
            index.push(raster);
        }
        watch.step("open rasters", total, total);
        let first = index.first().ok_or_else(series::no_raster)?;
        let [before, after] = &request.land_cover;
        let land_cover = [opener.at_centres(before, first)?, opener.at_centres(after, first)?];
        let units = opener.optional(request.units.as_ref(), first)?;
        let soil = opener.optional(request.soil.as_ref(), first)?;
        let water = opener.optional(request.water.as_ref(), first)?;
        let baseline = opener.optional(request.baseline.as_ref(), first)?;
        let mut soil_carbon = Vec::new();
        for given in &request.soil_carbon {
            soil_carbon.push(opener.at_centres(given, first)?);
        }
        let mut precipitation: Vec<StoredRaster> = Vec::new();
        for path in &request.precipitation {
            let raster = opener.number_as_it_is(path, None)?;
            series::on_one_grid(precipitation.first(), &raster)?;
            precipitation.push(raster);
        }
        let scaled = request.scale.is_some();
        let told = opener.findings.into_iter().filter(|f| !(scaled && f.code == "missing_scale")).collect();
        findings.extend(series::once_each(told));
        Ok(Self { index, land_cover, units, soil, soil_carbon, water, baseline, precipitation })
    }

    pub fn series(
        &self,
        request: &DegradationRequest,
        findings: &mut Vec<Finding>,
    ) -> Result<Vec<YearBand<'_>>, AssessmentError> {
        let series = series::assign(&self.index, request.years, findings)?;
        for of in &series {
            if request.scale.is_none() && of.raster.meta.scale.is_none() {
                return Err(AssessmentError::Refused(format!(
                    "{} does not declare what its numbers mean; give --scale, such as 0.0001 for NDVI times 10000",
                    of.raster.name
                )));
            }
        }
        Ok(series)
    }

    /// The parts of the grid that are computed at a time, by bands of rows.
    pub fn tiles(&self) -> Vec<Vec<CellWindow>> {
        let Some(first) = self.index.first() else { return Vec::new() };
        let (rows, cols) = (first.meta.height as usize, first.meta.width as usize);
        let tiled = self.index.iter().all(|raster| raster.cog().is_tiled());
        let (high, wide) = if tiled { (SIDE, SIDE) } else { ((STRIP_CELLS / cols.max(1)).max(1), cols.max(1)) };
        let tile =
            |row: usize, col: usize| CellWindow { row, col, rows: high.min(rows - row), cols: wide.min(cols - col) };
        (0..rows).step_by(high).map(|row| (0..cols).step_by(wide).map(|col| tile(row, col)).collect()).collect()
    }
}

impl CodeRaster {
    /// The codes of a part; [`NO_CODE`] is none.
    pub fn codes(&self, part: CellWindow, into: &mut Vec<i32>) -> Result<(), AssessmentError> {
        self.at(part, NO_CODE, into, |part, into| {
            by_type!(self.raster.cog().pixel_type(), codes_of(self, part, into)).map_err(|e| self.failed(&e))
        })
    }

    /// The physical values of a part; NaN is none.
    pub fn values(&self, part: CellWindow, into: &mut Vec<f32>) -> Result<(), AssessmentError> {
        self.at(part, f32::NAN, into, |part, into| {
            by_type!(self.raster.cog().pixel_type(), values_of(self, part, into)).map_err(|e| self.failed(&e))
        })
    }

    /// Reads a part of the asked grid: as it lies where that is its own, else what lies at the centres of cells.
    fn at<A: Copy>(
        &self,
        part: CellWindow,
        none: A,
        into: &mut Vec<A>,
        read: impl Fn(CellWindow, &mut Vec<A>) -> Result<(), AssessmentError>,
    ) -> Result<(), AssessmentError> {
        let Some((asked, crs)) = &self.asked else { return read(part, into) };
        let own = grid(&self.raster)?;
        let under = CellsUnder::new((asked, crs), (&own, &self.raster.meta.crs))
            .map_err(|reason| AssessmentError::Zones { name: self.raster.name.clone(), reason })?;
        let cells = (part.row..part.row + part.rows)
            .flat_map(|row| (part.col..part.col + part.cols).map(move |col| (row, col)));
        let places: Vec<Option<(usize, usize)>> = cells.map(|(row, col)| under.at(row, col)).collect();
        let range = |of: fn(&(usize, usize)) -> usize| {
            let held = places.iter().flatten().map(of);
            held.clone().min().zip(held.max())
        };
        into.clear();
        let (Some((top, bottom)), Some((left, right))) = (range(|place| place.0), range(|place| place.1)) else {
            into.resize(places.len(), none);
            return Ok(());
        };
        let window = CellWindow { row: top, col: left, rows: bottom - top + 1, cols: right - left + 1 };
        let mut theirs = Vec::new();
        read(window, &mut theirs)?;
        let value = |(row, col): (usize, usize)| theirs.get((row - top) * window.cols + col - left).copied();
        into.extend(places.into_iter().map(|place| place.and_then(value).unwrap_or(none)));
        Ok(())
    }

    fn failed(&self, error: &CogError) -> AssessmentError {
        AssessmentError::Raster { name: self.raster.name.clone(), reason: error.to_string() }
    }
}

fn grid(of: &StoredRaster) -> Result<Grid, AssessmentError> {
    grid_of(&of.meta).map_err(|e| AssessmentError::Zones { name: of.name.clone(), reason: e.to_string() })
}

fn codes_of<T: Stored>(of: &CodeRaster, part: CellWindow, into: &mut Vec<i32>) -> Result<(), CogError> {
    each::<T, i32>(of, part, NO_CODE, into, |value| value as i32)
}

fn values_of<T: Stored>(of: &CodeRaster, part: CellWindow, into: &mut Vec<f32>) -> Result<(), CogError> {
    let (scale, offset) = (of.raster.meta.scale.unwrap_or(1.0), of.raster.meta.offset.unwrap_or(0.0));
    each::<T, f32>(of, part, f32::NAN, into, |value| (value * scale + offset) as f32)
}

fn each<T: Stored, A: Copy>(
    of: &CodeRaster,
    part: CellWindow,
    none: A,
    into: &mut Vec<A>,
    convert: impl Fn(f64) -> A,
) -> Result<(), CogError> {
    let mut raw = YearValues::<T>::default();
    let nodata = read_raw(&of.raster, of.band, part, &mut raw)?;
    into.clear();
    into.extend(raw.values.iter().map(|value| {
        let real = value.real();
        if nodata == Some(*value) || !real.is_finite() { none } else { convert(real) }
    }));
    if raw.has_valid {
        for (value, valid) in into.iter_mut().zip(&raw.valid) {
            if !valid {
                *value = none;
            }
        }
    }
    Ok(())
}
