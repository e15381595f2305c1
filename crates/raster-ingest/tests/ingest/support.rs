//! A door to the worker, and small files made with GDAL.

use std::{
    env,
    path::{Path, PathBuf},
};

use belcheer_door::{Door, Limits, Refusal};
use belcheer_raster_ingest::{ConvertOptions, Converted, IngestRasterError, convert};
use gdal::{
    Dataset, DriverManager,
    raster::{Buffer, GdalType, RasterCreationOptions},
    spatial_ref::SpatialRef,
};
use tempfile::TempDir;

/// A door to the worker built beside the tests.
pub fn door() -> Door {
    let tests = env::current_exe().unwrap();
    let program = tests.ancestors().nth(2).unwrap().join("examples/raster_worker");
    Door { program, limits: Limits { address_space: 3 << 29, wall_seconds: 60, ..Limits::default() } }
}

/// Real files beside the project, when they are there.
pub fn shared() -> Option<PathBuf> {
    let found = env::var_os("BELCHEER_SHARED").map(PathBuf::from).or_else(|| {
        let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
        here.ancestors().map(|folder| folder.join("shared")).find(|folder| folder.is_dir())
    });
    if found.is_none() {
        println!("skipped: no shared data");
    }
    found
}

/// Converts into a folder and gives the result with its place.
pub fn ingest(
    folder: &TempDir,
    source: &Path,
    options: &ConvertOptions,
) -> Result<(Converted, PathBuf), IngestRasterError> {
    let out = folder.path().join("out.tif");
    convert(&door(), source, &out, options).map(|converted| (converted, out))
}

/// The refusal of a file that must be refused.
pub fn refused(source: &Path, options: &ConvertOptions) -> Refusal {
    let folder = tempfile::tempdir().unwrap();
    match ingest(&folder, source, options) {
        Err(IngestRasterError::Refused(refusal)) => {
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
            refusal
        }
        other => panic!("{} was not refused: {other:?}", source.display()),
    }
}

/// Codes of findings, in order.
pub fn codes(converted: &Converted) -> Vec<&str> {
    converted.findings.iter().map(|f| f.code.as_str()).collect()
}

/// How a made file differs from plain.
pub struct Made<'a> {
    pub size: (usize, usize),
    pub bands: usize,
    pub transform: Option<[f64; 6]>,
    pub epsg: Option<u32>,
    pub nodata: Option<f64>,
    pub options: &'a [&'a str],
}

impl Default for Made<'_> {
    fn default() -> Self {
        Self {
            size: (6, 4),
            bands: 1,
            transform: Some([100.0, 0.5, 0.0, 48.0, 0.0, -0.5]),
            epsg: Some(4326),
            nodata: None,
            options: &[],
        }
    }
}

/// Makes a GeoTIFF whose bands all hold `values`, row by row.
pub fn make<T: GdalType + Copy>(folder: &TempDir, made: &Made, values: &[T]) -> PathBuf {
    let path = folder.path().join("made.tif");
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let options = RasterCreationOptions::from_iter(made.options.iter().copied());
    let (width, height) = made.size;
    let mut dataset =
        driver.create_with_band_type_with_options::<T, _>(&path, width, height, made.bands, &options).unwrap();
    if let Some(epsg) = made.epsg {
        dataset.set_spatial_ref(&SpatialRef::from_epsg(epsg).unwrap()).unwrap();
    }
    if let Some(transform) = made.transform {
        dataset.set_geo_transform(&transform).unwrap();
    }
    for number in 1..=made.bands {
        let mut band = dataset.rasterband(number).unwrap();
        if made.nodata.is_some() {
            band.set_no_data_value(made.nodata).unwrap();
        }
        band.write((0, 0), made.size, &mut Buffer::new(made.size, values.to_vec())).unwrap();
    }
    dataset.close().unwrap();
    path
}

/// Values of a band of a result.
pub fn values<T: GdalType + Copy>(path: &Path, band: usize) -> Vec<T> {
    let dataset = Dataset::open(path).unwrap();
    let band = dataset.rasterband(band).unwrap();
    band.read_band_as::<T>().unwrap().data().to_vec()
}

/// The numbers 0, 1, 2, ...
pub fn counting<T: From<u8>>(n: u8) -> Vec<T> {
    (0..n).map(T::from).collect()
}
