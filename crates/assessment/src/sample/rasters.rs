//! The country's rasters: yearly and 16-day vegetation, precipitation, land cover.

use std::path::Path;

use belcheer_domain::{Crs, PixelType, RasterMeta};
use belcheer_raster_ingest::{BandToWrite, Samples, write_geotiff};
use belcheer_zonal::{CoverRule, Grid, coverage_by};
use rayon::prelude::*;

use super::country::{Country, SampleSoum};
use super::fields::Fields;
use crate::error::AssessmentError;
use crate::watch::Watch;

const VEGETATION_SCALE: f64 = 1e-4;
const VEGETATION_NODATA: i16 = -3000;
/// Finest grid on which 16-day composites are made, degrees.
const COMPOSITE_RESOLUTION_MIN_DEG: f64 = 0.02;
/// Coarsest grid of the land cover, degrees.
const LAND_COVER_RESOLUTION_MAX_DEG: f64 = 0.01;
const PRECIPITATION_RESOLUTION_DEG: f64 = 0.1;
/// Composites of 16 days in a year.
const COMPOSITES: usize = 23;

/// Which soum, by index, has the centre of each cell.
struct Lattice {
    grid: Grid,
    soum: Vec<Option<u16>>,
}

impl Lattice {
    fn new(country: &Country, resolution: f64) -> Result<Self, AssessmentError> {
        let [west, south, east, north] = country.extent;
        let (cols, rows) =
            (((east - west) / resolution).round() as usize, ((north - south) / resolution).round() as usize);
        let grid = Grid::new(west, north, resolution, resolution, cols.max(1), rows.max(1))
            .map_err(|e| AssessmentError::Output(e.to_string()))?;
        let mut soum = vec![None; grid.cols() * grid.rows()];
        for (index, of) in country.soums.iter().enumerate() {
            let cells =
                coverage_by(&grid, &of.shape, CoverRule::Centre).map_err(|e| AssessmentError::Output(e.to_string()))?;
            for span in cells.iter() {
                let line = span.row as usize * grid.cols();
                for slot in &mut soum[line + span.col_start as usize..line + span.col_end as usize] {
                    *slot = u16::try_from(index).ok();
                }
            }
        }
        Ok(Self { grid, soum })
    }

    /// One value a cell, rows in parallel.
    fn fill<T: Copy + Send>(&self, value: impl Fn(Option<usize>, f64, f64) -> T + Sync) -> Vec<T> {
        let cols = self.grid.cols();
        (0..self.grid.rows())
            .into_par_iter()
            .flat_map_iter(|row| {
                let value = &value;
                (0..cols).map(move |col| {
                    let (lon, lat) = self.grid.cell_centre(row, col);
                    value(self.soum[row * cols + col].map(usize::from), lon, lat)
                })
            })
            .collect()
    }

    fn meta(&self, pixel_type: PixelType, bands: usize, product: &str, date: i32) -> RasterMeta {
        RasterMeta {
            width: self.grid.cols() as u32,
            height: self.grid.rows() as u32,
            bands: bands as u32,
            pixel_type,
            crs: Crs { epsg: Some(4326), wkt: String::new(), geographic: true },
            x_min: self.grid.x_min(),
            y_max: self.grid.y_max(),
            dx: self.grid.dx(),
            dy: self.grid.dy(),
            nodata: None,
            has_mask: false,
            scale: None,
            offset: None,
            product: Some(product.to_owned()),
            date: Some(date.to_string()),
        }
    }
}

/// Writes every raster of the country as GeoTIFF with its product and date inside.
///
/// # Errors
/// When a file cannot be written.
pub fn write_rasters(country: &Country, folder: &Path, watch: &dyn Watch) -> Result<(), AssessmentError> {
    let fields = Fields::new(country);
    let vegetation = Lattice::new(country, country.options.resolution_deg)?;
    let cover = Lattice::new(country, country.options.resolution_deg.min(LAND_COVER_RESOLUTION_MAX_DEG))?;
    let rain = Lattice::new(country, PRECIPITATION_RESOLUTION_DEG)?;
    let years: Vec<i32> = country.options.years.iter().collect();
    let first = country.options.years.first;
    let soum = |index: usize| &country.soums[index];
    for (done, &year) in years.iter().enumerate() {
        watch.step("writing rasters", done as u64, years.len() as u64);
        let added: Vec<f64> = country.soums.iter().map(|s| fields.soum_year_ln(s, year)).collect();
        let peak = |index: Option<usize>, lon: f64, lat: f64| {
            index.and_then(|i| fields.vegetation(soum(i), added[i], year, lon, lat))
        };
        save_vegetation(
            folder,
            &vegetation,
            "ndvi_peak",
            year,
            &[vegetation.fill(|i, lon, lat| stored(peak(i, lon, lat)))],
        )?;
        if country.options.resolution_deg >= COMPOSITE_RESOLUTION_MIN_DEG {
            let bands: Vec<Vec<i16>> = (0..COMPOSITES)
                .map(|k| vegetation.fill(|i, lon, lat| stored(peak(i, lon, lat).map(|v| composite(v, k)))))
                .collect();
            save_vegetation(folder, &vegetation, "ndvi_16day", year, &bands)?;
        }
        let classes = cover.fill(|i, lon, lat| i.map_or(0_u8, |i| fields.land_cover(soum(i), year, first, lon, lat)));
        let meta = RasterMeta { nodata: Some(0.0), ..cover.meta(PixelType::U8, 1, "unccd_landcover", year) };
        save(folder, &meta, year, &[BandToWrite { description: "", samples: Samples::U8(&classes) }])?;
        let millimetres: Vec<f64> =
            country.soums.iter().map(|s: &SampleSoum| fields.precipitation_mm(s, year)).collect();
        let tenths = rain.fill(|i, _, _| i.map_or(u16::MAX, |i| (10.0 * millimetres[i]).round() as u16));
        let meta = RasterMeta {
            nodata: Some(f64::from(u16::MAX)),
            scale: Some(0.1),
            offset: Some(0.0),
            ..rain.meta(PixelType::U16, 1, "precipitation", year)
        };
        save(folder, &meta, year, &[BandToWrite { description: "", samples: Samples::U16(&tenths) }])?;
    }
    watch.step("writing rasters", years.len() as u64, years.len() as u64);
    save_slope(folder, &vegetation, years.last().copied().unwrap_or(first))
}

/// A rolling relief: slopes of 0 to 35 degrees, in tenths.
fn save_slope(folder: &Path, lattice: &Lattice, year: i32) -> Result<(), AssessmentError> {
    let tenths = lattice.fill(|_, lon, lat| {
        let relief = (lon * 11.0).sin() * (lat * 17.0).cos();
        (350.0 * relief.abs().powi(2)).round() as u16
    });
    let meta = RasterMeta {
        nodata: Some(f64::from(u16::MAX)),
        scale: Some(0.1),
        offset: Some(0.0),
        ..lattice.meta(PixelType::U16, 1, "slope", year)
    };
    save(folder, &meta, year, &[BandToWrite { description: "", samples: Samples::U16(&tenths) }])
}

fn stored(value: Option<f64>) -> i16 {
    value.map_or(VEGETATION_NODATA, |v| (v / VEGETATION_SCALE).round() as i16)
}

/// The index of the k-th 16 days, from its yearly peak: bare in winter, a bell around the beginning of August.
fn composite(peak: f64, k: usize) -> f64 {
    let day = 16.0 * k as f64 + 8.0;
    let season = (-((day - 214.0) / 45.0).powi(2)).exp();
    let bare = (0.35 * peak).min(0.12);
    bare + (peak - bare) * season
}

fn save_vegetation(
    folder: &Path,
    lattice: &Lattice,
    product: &str,
    year: i32,
    bands: &[Vec<i16>],
) -> Result<(), AssessmentError> {
    let meta = RasterMeta {
        nodata: Some(f64::from(VEGETATION_NODATA)),
        scale: Some(VEGETATION_SCALE),
        offset: Some(0.0),
        ..lattice.meta(PixelType::I16, bands.len(), product, year)
    };
    let bands: Vec<BandToWrite<'_>> =
        bands.iter().map(|b| BandToWrite { description: "", samples: Samples::I16(b) }).collect();
    save(folder, &meta, year, &bands)
}

fn save(folder: &Path, meta: &RasterMeta, year: i32, bands: &[BandToWrite<'_>]) -> Result<(), AssessmentError> {
    let name = format!("{}_{year}.tif", meta.product.as_deref().unwrap_or("raster"));
    write_geotiff(&folder.join(name), meta, bands).map_err(|e| AssessmentError::Output(e.to_string()))
}
