//! Rasters of other writers: read like GDAL reads them, or refused by name; broken ones never harm.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops at the first surprise")]

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use belcheer_cog::{Cog, CogError, Limits};
use futures::executor::block_on;
use object_store::{local::LocalFileSystem, path::Path as StorePath};

/// The folder of shared rasters: `BELCHEER_SHARED`, else `shared` beside the project.
fn shared() -> Option<PathBuf> {
    let found = match std::env::var_os("BELCHEER_SHARED") {
        Some(path) => Some(PathBuf::from(path)),
        None => Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
            .ancestors()
            .map(|up| up.join("shared"))
            .find(|p| p.is_dir()),
    };
    let found = found.map(|path| path.join("data")).filter(|path| path.is_dir());
    if found.is_none() {
        println!("skipped: no shared data");
    }
    found
}

fn files_below(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if wanted(&path) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn is_tiff(path: &Path) -> bool {
    path.extension().is_some_and(|e| ["tif", "tiff"].contains(&e.to_string_lossy().to_lowercase().as_str()))
}

fn open(path: &Path) -> Result<Cog, CogError> {
    let store = LocalFileSystem::new_with_prefix(path.parent().unwrap()).unwrap();
    let name = StorePath::parse(path.file_name().unwrap().to_str().unwrap()).unwrap();
    block_on(Cog::open(Arc::new(store), name, Limits::default()))
}

/// The code that GDAL 3.6 gives in place of one that EPSG has withdrawn.
fn successor(epsg: u32) -> Option<i32> {
    (epsg == 3410).then_some(6933)
}

/// Every band of `cog` against GDAL: values, validity, place, system, nodata, scale. Gives the cells compared.
fn assert_like_gdal(cog: &Cog, path: &Path) -> usize {
    let dataset = gdal::Dataset::open(path).unwrap();
    let (width, height) = dataset.raster_size();
    assert_eq!((cog.width() as usize, cog.height() as usize), (width, height), "{path:?}");
    assert_eq!(cog.bands() as usize, dataset.raster_count(), "{path:?}");
    match (cog.grid(), dataset.geo_transform()) {
        (Some(grid), Ok(theirs)) => {
            let ours = [grid.x_min, grid.dx, 0.0, grid.y_max, 0.0, -grid.dy];
            for (ours, theirs) in ours.into_iter().zip(theirs) {
                assert!((ours - theirs).abs() <= 1e-12 * theirs.abs(), "{path:?}: {ours} {theirs}");
            }
        }
        (ours, theirs) => assert!(ours.is_none() && theirs.is_err(), "{path:?}: {ours:?} {theirs:?}"),
    }
    let theirs = dataset.spatial_ref().ok().and_then(|system| system.auth_code().ok());
    if let Some(epsg) = cog.epsg() {
        assert!(theirs == Some(epsg as i32) || theirs == successor(epsg), "{path:?}: EPSG {epsg} {theirs:?}");
    }
    let mut compared = 0;
    for band in 0..cog.bands() {
        let raster = dataset.rasterband(band as usize + 1).unwrap();
        if let Some(nodata) = raster.no_data_value() {
            let ours = cog.nodata().unwrap();
            assert!(ours == nodata || (ours.is_nan() && nodata.is_nan()), "{path:?}");
        }
        assert_eq!(cog.scale(band).unwrap_or(1.0), raster.scale().unwrap_or(1.0), "{path:?}");
        assert_eq!(cog.offset(band).unwrap_or(0.0), raster.offset().unwrap_or(0.0), "{path:?}");
        let read = block_on(cog.read_band(band)).unwrap();
        let values = raster.read_as::<f64>((0, 0), (width, height), (width, height), None).unwrap();
        let mask = raster.open_mask_band().unwrap();
        let mask = mask.read_as::<u8>((0, 0), (width, height), (width, height), None).unwrap();
        let ours = read.to_f64(1.0, 0.0);
        assert_eq!(ours.len(), values.data().len());
        for (index, (ours, theirs)) in ours.iter().zip(values.data()).enumerate() {
            assert!(ours.to_bits() == theirs.to_bits() || (ours.is_nan() && theirs.is_nan()), "{path:?} cell {index}");
            let valid = mask.data()[index] != 0 && !theirs.is_nan();
            assert_eq!(read.is_valid(index), valid, "{path:?} band {band} cell {index}: {ours}");
        }
        compared += ours.len();
    }
    compared
}

#[test]
fn rasters_of_other_writers_read_as_gdal_reads_them() {
    let Some(shared) = shared() else { return };
    let mut files = files_below(&shared.join("rasters/matrix"), &is_tiff);
    files.extend(files_below(&shared.join("rasters/mongolia"), &is_tiff));
    let (mut cells, mut refused) = (0, Vec::new());
    for path in &files {
        match open(path) {
            Ok(cog) => cells += assert_like_gdal(&cog, path),
            Err(CogError::Unsupported { what }) => {
                refused.push((path.file_name().unwrap().to_string_lossy().into_owned(), what));
            }
            Err(error) => panic!("{path:?}: {error}"),
        }
    }
    println!("{} files, {cells} cells equal to GDAL's, refused: {refused:?}", files.len());
    let expected = [
        ("anom_u16_lerc.tif", "LERC compression"),
        ("igbp_2019_cog_JPEG_LOSSY_bad_for_classes.tif", "JPEG compression"),
    ];
    assert_eq!(refused, expected.map(|(file, what)| (file.to_owned(), what.to_owned())));
}

/// Everything else that calls itself a TIFF: all of it is GDAL's, or it is refused by name or by a limit.
#[test]
fn rasters_from_elsewhere_are_read_or_refused() {
    let Some(shared) = shared() else { return };
    let mut files = files_below(&shared.join("rasters/other"), &is_tiff);
    files.extend(files_below(&shared.join("rasters/geoengine_modis_ndvi"), &is_tiff));
    files.extend(files_below(&shared.join("rasters/mcd12c1"), &is_tiff));
    let (mut cells, mut refused) = (0, 0);
    for path in &files {
        match open(path) {
            Ok(cog) => cells += assert_like_gdal(&cog, path),
            Err(error @ (CogError::Unsupported { .. } | CogError::Limit { .. })) => {
                refused += 1;
                println!("{}: {error}", path.display());
            }
            Err(error) => panic!("{path:?}: {error}"),
        }
    }
    println!("{} files, {cells} cells equal to GDAL's, {refused} refused", files.len());
    assert!(refused * 5 < files.len());
}

/// Highest resident memory of this process so far, where the system tells.
fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

#[test]
fn broken_files_are_opened_or_refused_quickly() {
    let Some(shared) = shared() else { return };
    let files = files_below(&shared.join("bad"), &|_| true);
    let (mut opened, mut slowest) = (0, Duration::ZERO);
    for path in &files {
        let start = Instant::now();
        if let Ok(cog) = open(path) {
            opened += 1;
            for band in 0..cog.bands() {
                for window in cog.tiles(0).take(256) {
                    if let Ok(read) = block_on(cog.read_window(band, window)) {
                        assert_eq!(read.samples.len() as u64, window.cells(), "{path:?}");
                    }
                }
            }
        }
        slowest = slowest.max(start.elapsed());
        assert!(start.elapsed() < Duration::from_secs(5), "{path:?} took {:?}", start.elapsed());
    }
    println!("{} files, {opened} opened, slowest {slowest:?}, peak {:?} MiB", files.len(), peak_memory_mib());
    assert!(peak_memory_mib().is_none_or(|mib| mib < 512));
}
