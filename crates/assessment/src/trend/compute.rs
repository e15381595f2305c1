//! Trends of a window: its tiles in parallel, each read for all years, computed, and put in place.

use std::sync::{Mutex, PoisonError};

use belcheer_cog::{CogError, RawSamples};
use belcheer_rangeland::trend::{BlockTrend, Plane, RawValue, TrendBlock};
use belcheer_raster_ingest::CellWindow;
use rayon::prelude::*;

use super::series::YearBand;
use crate::by_type::by_type;
use crate::error::AssessmentError;
use crate::raster::StoredRaster;

/// Side of what is computed at a time where rasters have tiles.
const SIDE: usize = 512;
/// Cells of what is computed at a time where rasters have strips.
const STRIP_CELLS: usize = 1 << 18;

/// A sample type with its values in a decoded block.
pub(crate) trait Stored: RawValue + Default {
    fn of<'a>(samples: &RawSamples<'a>) -> &'a [Self];
    /// The sample of a declared value, where there is one.
    fn exactly(value: f64) -> Option<Self>;
    /// The values themselves where they are 16-bit integers.
    fn as_words(values: &[Self]) -> Option<&[i16]>;
}

macro_rules! stored {
    ($($type:ty => $variant:ident |$values:ident| $words:expr),* $(,)?) => {$(
        impl Stored for $type {
            fn of<'a>(samples: &RawSamples<'a>) -> &'a [Self] {
                match samples {
                    RawSamples::$variant(values) => values,
                    _ => &[],
                }
            }
            fn exactly(value: f64) -> Option<Self> {
                let sample = value as Self;
                (f64::from(sample) == value).then_some(sample)
            }
            fn as_words($values: &[Self]) -> Option<&[i16]> {
                $words
            }
        }
    )*};
}
stored! {
    u8 => U8 |_v| None, i8 => I8 |_v| None, u16 => U16 |_v| None, i16 => I16 |v| Some(v),
    u32 => U32 |_v| None, i32 => I32 |_v| None, f32 => F32 |_v| None, f64 => F64 |_v| None,
}

/// One year of a tile.
#[derive(Debug)]
pub(crate) struct YearValues<T> {
    pub values: Vec<T>,
    pub valid: Vec<bool>,
    pub has_valid: bool,
}

impl<T> Default for YearValues<T> {
    fn default() -> Self {
        Self { values: Vec::new(), valid: Vec::new(), has_valid: false }
    }
}

/// The trend of a series, window by window.
pub(super) struct Computation<'a> {
    series: &'a [YearBand<'a>],
    trend: BlockTrend,
    tiled: bool,
    wanted: &'a [usize],
}

type Bands = Vec<Vec<f32>>;

impl<'a> Computation<'a> {
    pub fn new(series: &'a [YearBand<'a>], years_min: u16, wanted: &'a [usize]) -> Result<Self, AssessmentError> {
        let years: Vec<i32> = series.iter().map(|of| of.year).collect();
        let trend = BlockTrend::new(&years, years_min).map_err(|e| AssessmentError::Refused(e.to_string()))?;
        let tiled = series.iter().all(|of| of.raster.cog().is_tiled());
        Ok(Self { series, trend, tiled, wanted })
    }

    /// Fills the bands of a window.
    pub fn fill(&self, window: CellWindow, bands: &mut [Vec<f32>]) -> Result<(), AssessmentError> {
        let alike = self.series.windows(2).all(|two| {
            let of = |band: &YearBand<'_>| {
                let meta = &band.raster.meta;
                (band.raster.cog().pixel_type(), meta.scale, meta.offset)
            };
            of(&two[0]) == of(&two[1])
        });
        match self.series.first() {
            Some(first) if alike => by_type!(first.raster.cog().pixel_type(), fill_raw(self, window, bands)),
            _ => self.fill_with(window, bands, 1.0, read_physical),
        }
    }

    /// Computes the tiles of a window; `read` reads one year of a tile.
    fn fill_with<T: Stored>(
        &self,
        window: CellWindow,
        bands: &mut [Vec<f32>],
        scale: f64,
        read: ReadYear<T>,
    ) -> Result<(), AssessmentError> {
        let tiles = self.tiles(window);
        // used again by the next tile, of whichever thread
        let rooms = Mutex::new(Vec::new());
        let computed: Vec<Bands> = tiles
            .par_iter()
            .map(|tile| {
                let taken = rooms.lock().unwrap_or_else(PoisonError::into_inner).pop();
                let (mut years, mut found): (Vec<YearValues<T>>, TrendBlock) = taken.unwrap_or_default();
                let bands = self.tile(*tile, scale, read, &mut years, &mut found)?;
                rooms.lock().unwrap_or_else(PoisonError::into_inner).push((years, found));
                Ok(bands)
            })
            .collect::<Result<_, AssessmentError>>()?;
        for (number, band) in bands.iter_mut().enumerate() {
            band.resize(window.rows * window.cols, 0.0);
            for (tile, computed) in tiles.iter().zip(&computed) {
                let rows = band.chunks_mut(window.cols).skip(tile.row - window.row);
                let left = tile.col - window.col;
                for (row, part) in rows.zip(computed[number].chunks(tile.cols)) {
                    row[left..left + tile.cols].copy_from_slice(part);
                }
            }
        }
        Ok(())
    }

    /// The parts of a window that are computed at a time.
    fn tiles(&self, window: CellWindow) -> Vec<CellWindow> {
        let (high, wide) =
            if self.tiled { (SIDE, SIDE) } else { ((STRIP_CELLS / window.cols.max(1)).max(1), window.cols.max(1)) };
        let cols = |row: usize| {
            (0..window.cols).step_by(wide).map(move |col| CellWindow {
                row: window.row + row,
                col: window.col + col,
                rows: high.min(window.rows - row),
                cols: wide.min(window.cols - col),
            })
        };
        (0..window.rows).step_by(high).flat_map(cols).collect()
    }

    fn tile<T: Stored>(
        &self,
        tile: CellWindow,
        scale: f64,
        read: ReadYear<T>,
        years: &mut Vec<YearValues<T>>,
        found: &mut TrendBlock,
    ) -> Result<Bands, AssessmentError> {
        years.resize_with(self.series.len(), YearValues::default);
        let mut nodata = Vec::with_capacity(years.len());
        for (of, year) in self.series.iter().zip(years.iter_mut()) {
            let failed = |e: CogError| AssessmentError::Raster { name: of.raster.name.clone(), reason: e.to_string() };
            nodata.push(read(of, tile, year).map_err(failed)?);
        }
        let planes: Vec<Plane<'_, T>> = years
            .iter()
            .zip(nodata)
            .map(|(year, nodata)| {
                let valid = year.has_valid.then_some(year.valid.as_slice());
                Plane { values: &year.values, nodata, valid }
            })
            .collect();
        let failed = |e: belcheer_rangeland::trend::TrendError| AssessmentError::Output(e.to_string());
        self.trend.run(&planes, found).map_err(failed)?;
        Ok(self.wanted.iter().map(|band| band_of(found, *band, scale)).collect())
    }
}

/// Rasters of one type and scale: the values as stored.
fn fill_raw<T: Stored>(
    of: &Computation<'_>,
    window: CellWindow,
    bands: &mut [Vec<f32>],
) -> Result<(), AssessmentError> {
    let scale = of.series.first().and_then(|first| first.raster.meta.scale).unwrap_or(1.0);
    of.fill_with::<T>(window, bands, scale, |of, tile, year| read_raw(of.raster, of.band, tile, year))
}

/// Reads a part of a band of one year; gives the value that means missing.
type ReadYear<T> = fn(&YearBand<'_>, CellWindow, &mut YearValues<T>) -> Result<Option<T>, CogError>;

/// Reads a part of a band; gives the value that means missing.
pub(crate) fn read_raw<T: Stored>(
    raster: &StoredRaster,
    band: u32,
    part: CellWindow,
    into: &mut YearValues<T>,
) -> Result<Option<T>, CogError> {
    let cog = raster.cog();
    let cells = part.rows * part.cols;
    into.values.resize(cells, T::default());
    into.has_valid = cog.has_mask();
    if into.has_valid {
        into.valid.resize(cells, true);
    }
    let Some(size) = cog.block_size(0) else { return Ok(None) };
    let (high, wide) = (size.rows as usize, size.cols as usize);
    for row in part.row / high..(part.row + part.rows).div_ceil(high) {
        for col in part.col / wide..(part.col + part.cols).div_ceil(wide) {
            cog.with_block(0, band, (row as u32, col as u32), |block| {
                let cut = Cut::of(part, (row * high, col * wide), (high, wide));
                cut.copy(T::of(&block.samples), &mut into.values, |value| value);
                if let Some(mask) = block.mask {
                    cut.copy(mask, &mut into.valid, |mask| mask != 0);
                }
            })?;
        }
    }
    Ok(cog.nodata().and_then(T::exactly))
}

/// Where a block and a part of the raster overlap.
struct Cut {
    rows: usize,
    cols: usize,
    from: usize,
    from_stride: usize,
    to: usize,
    to_stride: usize,
}

impl Cut {
    fn of(part: CellWindow, (top, left): (usize, usize), (high, wide): (usize, usize)) -> Self {
        let (first_row, first_col) = (part.row.max(top), part.col.max(left));
        Self {
            rows: (part.row + part.rows).min(top + high) - first_row,
            cols: (part.col + part.cols).min(left + wide) - first_col,
            from: (first_row - top) * wide + first_col - left,
            from_stride: wide,
            to: (first_row - part.row) * part.cols + first_col - part.col,
            to_stride: part.cols,
        }
    }

    fn copy<A: Copy, B>(&self, from: &[A], to: &mut [B], each: impl Fn(A) -> B) {
        for row in 0..self.rows {
            let (from_start, to_start) = (self.from + row * self.from_stride, self.to + row * self.to_stride);
            let to = &mut to[to_start..to_start + self.cols];
            for (to, from) in to.iter_mut().zip(&from[from_start..from_start + self.cols]) {
                *to = each(*from);
            }
        }
    }
}

/// Rasters of several types or scales: physical values.
fn read_physical(of: &YearBand<'_>, part: CellWindow, into: &mut YearValues<f64>) -> Result<Option<f64>, CogError> {
    by_type!(of.raster.cog().pixel_type(), physical_of(of, part, into))
}

fn physical_of<T: Stored>(
    of: &YearBand<'_>,
    part: CellWindow,
    into: &mut YearValues<f64>,
) -> Result<Option<f64>, CogError> {
    let mut raw = YearValues::<T>::default();
    let nodata = read_raw(of.raster, of.band, part, &mut raw)?;
    let (scale, offset) = (of.raster.meta.scale.unwrap_or(1.0), of.raster.meta.offset.unwrap_or(0.0));
    into.values.clear();
    into.values.extend(raw.values.iter().map(|value| value.real() * scale + offset));
    into.valid.clear();
    into.valid.extend(raw.values.iter().map(|value| nodata != Some(*value)));
    for (valid, masked) in into.valid.iter_mut().zip(&raw.valid) {
        *valid &= *masked;
    }
    into.has_valid = true;
    Ok(None)
}

/// A band of a tile, by its place among the names, in physical units.
fn band_of(found: &TrendBlock, band: usize, scale: f64) -> Vec<f32> {
    // a negative scale turns every trend over
    let sign = scale.signum();
    match band {
        0 => known(found, &found.slope_per_year, |slope| slope * scale),
        1 => known(found, &found.s, |s| f64::from(s) * sign),
        2 => known(found, &found.z, |z| z * sign),
        3 => known(found, &found.p, |p| p),
        _ => found.n.iter().map(|n| f32::from(*n)).collect(),
    }
}

/// A band of what is known, NaN elsewhere.
fn known<A: Copy>(found: &TrendBlock, values: &[A], physical: impl Fn(A) -> f64) -> Vec<f32> {
    let cell = |(cell, value): (usize, &A)| if found.is_known(cell) { physical(*value) as f32 } else { f32::NAN };
    values.iter().enumerate().map(cell).collect()
}
