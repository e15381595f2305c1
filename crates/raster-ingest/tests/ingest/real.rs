//! Real files beside the project: each accepted with the expected findings, or refused with the expected code.

use std::{collections::BTreeSet, fs, path::Path};

use belcheer_domain::RasterState;
use belcheer_raster_ingest::{ConvertOptions, IngestRasterError};
use gdal::Dataset;

use crate::support::{codes, ingest, shared};

/// Folders of real rasters.
const RASTERS: &str = "data/rasters";

/// What becomes of files given without any option.
const EXPECTED: [(&str, &str); 39] = [
    (
        "matrix/anom_f32_percent_nan_deflate_pred3.tif",
        "F32 4326 nodata=None scale=Some(1.0) mask=false [scale_of_floats_assumed needs_metadata]",
    ),
    (
        "matrix/anom_i16_centipercent_nd-32768_lzw_pred2.tif",
        "I16 4326 nodata=Some(-32768.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "matrix/anom_u16.nc",
        "F32 4326 nodata=Some(65535.0) scale=Some(1.0) mask=false [scale_of_floats_assumed needs_metadata]",
    ),
    (
        "matrix/anom_u16_bigendian_deflate.tif",
        "U16 4326 nodata=Some(65535.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "matrix/anom_u16_bigtiff_zstd_tiled.tif",
        "U16 4326 nodata=Some(65535.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    ("matrix/anom_u16_cog.tif", "U16 4326 nodata=Some(65535.0) scale=None mask=false [missing_scale needs_metadata]"),
    ("matrix/anom_u16_internal_mask.tif", "U16 4326 nodata=None scale=None mask=true [missing_scale needs_metadata]"),
    ("matrix/anom_u16_lerc.tif", "U16 4326 nodata=Some(65535.0) scale=None mask=false [missing_scale needs_metadata]"),
    (
        "matrix/anom_u16_pixel_is_point.tif",
        "U16 4326 nodata=Some(65535.0) scale=None mask=false [pixel_is_point missing_scale needs_metadata]",
    ),
    ("matrix/igbp_2019_cog_JPEG_LOSSY_bad_for_classes.tif", "refused lossy_class_data"),
    (
        "matrix/ndvi_u8_2014_6bands_band_interleaved.tif",
        "U8 4326 nodata=Some(0.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "matrix/ndvi_u8_2014_6bands_pixel_interleaved.tif",
        "U8 4326 nodata=Some(0.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "matrix/ndvimax_4326_f64_nd-3000_striped.tif",
        "F64 4326 nodata=Some(-3000.0) scale=Some(1.0) mask=false [scale_of_floats_assumed needs_metadata]",
    ),
    (
        "matrix/ndvimax_easegrid6933_f32_nan.tif",
        "F32 6933 nodata=None scale=Some(1.0) mask=false [scale_of_floats_assumed needs_metadata]",
    ),
    (
        "matrix/ndvimax_utm45n_int16_scale1e-4.tif",
        "I16 32645 nodata=Some(-32768.0) scale=Some(0.0001) mask=false [needs_metadata]",
    ),
    (
        "matrix/ndvimax_utm46n_int16_scale1e-4.tif",
        "I16 32646 nodata=Some(-32768.0) scale=Some(0.0001) mask=false [needs_metadata]",
    ),
    (
        "matrix/ndvimax_utm47_wholecountry_f32.tif",
        "F32 32647 nodata=Some(-9999.0) scale=Some(1.0) mask=false [scale_of_floats_assumed needs_metadata]",
    ),
    (
        "matrix/ndvimax_utm47n_int16_scale1e-4.tif",
        "I16 32647 nodata=Some(-32768.0) scale=Some(0.0001) mask=false [needs_metadata]",
    ),
    (
        "matrix/ndvimax_utm48n_int16_scale1e-4.tif",
        "I16 32648 nodata=Some(-32768.0) scale=Some(0.0001) mask=false [needs_metadata]",
    ),
    (
        "matrix/ndvimax_utm50n_int16_scale1e-4.tif",
        "I16 32650 nodata=Some(-32768.0) scale=Some(0.0001) mask=false [needs_metadata]",
    ),
    (
        "matrix/ndvimax_webmerc_u16_scale1e-4_offset-1.tif",
        "U16 3857 nodata=Some(65535.0) scale=Some(0.0001) mask=false [needs_metadata]",
    ),
    (
        "mongolia/bess_c4_fraction_1deg.tif",
        "F32 4326 nodata=Some(-99.0) scale=Some(1.0) mask=false [scale_of_floats_assumed needs_metadata]",
    ),
    (
        "mongolia/bess_ndvi_maximum_cmg005_unknowndatum.tif",
        "F32 4326 nodata=Some(-3000.0) scale=Some(1.0) mask=false [crs_not_registered scale_of_floats_assumed needs_metadata]",
    ),
    (
        "mongolia/bess_ndvi_minimum_cmg005_unknowndatum.tif",
        "F32 4326 nodata=Some(-3000.0) scale=Some(1.0) mask=false [crs_not_registered scale_of_floats_assumed needs_metadata]",
    ),
    (
        "mongolia/bess_peakvcmax_c3_nd0.tif",
        "F32 4326 nodata=Some(0.0) scale=Some(1.0) mask=false [scale_of_floats_assumed needs_metadata]",
    ),
    (
        "mongolia/chuluut_ndvi_zscore_2023_landsat_1km_raw.tif",
        "F32 4326 nodata=None scale=Some(1.0) mask=false [scale_of_floats_assumed needs_metadata]",
    ),
    ("mongolia/chuluut_ndvi_zscore_2023_points.geojson", "refused not_a_raster"),
    (
        "mongolia/koppen_geiger_1km_uint8.tif",
        "U8 4326 nodata=Some(0.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "mongolia/mcd12c1_igbp_2019_mongolia_4326.tif",
        "U8 4326 nodata=Some(255.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "mongolia/mcd12c1_igbp_2019_mongolia_unknowndatum.tif",
        "U8 4326 nodata=Some(255.0) scale=None mask=false [crs_not_registered missing_scale needs_metadata]",
    ),
    (
        "mongolia/ndvi_u8_2014-01_mongolia.tif",
        "U8 4326 nodata=Some(0.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "mongolia/ndvi_u8_2014-02_mongolia.tif",
        "U8 4326 nodata=Some(0.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "mongolia/ndvi_u8_2014-03_mongolia.tif",
        "U8 4326 nodata=Some(0.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "mongolia/ndvi_u8_2014-04_mongolia.tif",
        "U8 4326 nodata=Some(0.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "mongolia/ndvi_u8_2014-05_mongolia.tif",
        "U8 4326 nodata=Some(0.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "mongolia/openlandmap_cropland_hyde_2016_10km.tif",
        "U8 4326 nodata=Some(255.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "mongolia/ptjpl_faparmax_int16.tif",
        "I16 4326 nodata=Some(-999.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "mongolia/ptjpl_topt_int16.tif",
        "I16 4326 nodata=Some(-9999.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
    (
        "mongolia/sibelius_modis_pasture_anomaly_u16.tif",
        "U16 4326 nodata=Some(65535.0) scale=None mask=false [missing_scale needs_metadata]",
    ),
];

/// What becomes of a file, in words.
fn outcome(path: &Path, options: &ConvertOptions) -> String {
    let folder = tempfile::tempdir().unwrap();
    match ingest(&folder, path, options) {
        Ok((converted, out)) => {
            let meta = &converted.meta;
            let crs = meta.crs.epsg.map_or("-".to_owned(), |n| n.to_string());
            let found = codes(&converted).join(" ");
            assert!(unchanged(path, &out, meta.bands as usize) || found.contains("rows_turned_over"), "{path:?}");
            assert_eq!(converted.state == RasterState::NeedsMetadata, found.contains("needs_metadata"));
            let (kind, nodata, scale) = (meta.pixel_type, meta.nodata, meta.scale);
            format!("{kind:?} {crs} nodata={nodata:?} scale={scale:?} mask={} [{found}]", meta.has_mask)
        }
        Err(IngestRasterError::Refused(refusal)) => {
            assert!(!refusal.text_en.is_empty() && !refusal.text_mn.is_empty() && !refusal.place.contains('/'));
            format!("refused {}", refusal.code)
        }
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

/// Whether GDAL's checksums of all bands agree.
fn unchanged(source: &Path, out: &Path, bands: usize) -> bool {
    let (source, out) = (Dataset::open(source).unwrap(), Dataset::open(out).unwrap());
    let sum = |dataset: &Dataset, n| dataset.rasterband(n).unwrap().checksum((0, 0), dataset.raster_size()).unwrap();
    (1..=bands).all(|n| sum(&source, n) == sum(&out, n))
}

#[test]
fn real_rasters_come_in_as_expected() {
    let Some(shared) = shared() else { return };
    let mut wrong = Vec::new();
    for (name, expected) in EXPECTED {
        let path = shared.join(RASTERS).join(name);
        if !path.exists() {
            println!("skipped: no {name}");
            continue;
        }
        let found = outcome(&path, &ConvertOptions::default());
        if found != expected {
            wrong.push(format!("(\"{name}\", \"{found}\"),"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_other_raster_is_read_or_refused() {
    let Some(shared) = shared() else { return };
    let known: BTreeSet<&str> = EXPECTED.iter().map(|(name, _)| *name).collect();
    let mut read = 0;
    for folder in ["matrix", "mongolia", "mcd12c1", "other/rasterio", "other/rio_cogeo", "other/stars", "other/terra"] {
        let Ok(entries) = fs::read_dir(shared.join(RASTERS).join(folder)) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
            if !known.contains(name.as_str()) {
                read += usize::from(!outcome_of_any(&path).starts_with("refused"));
            }
        }
    }
    println!("{read} further rasters were read");
}

/// As [`outcome`], without comparing values.
fn outcome_of_any(path: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    match ingest(&folder, path, &ConvertOptions::default()) {
        Ok((converted, _)) => codes(&converted).join(" "),
        Err(IngestRasterError::Refused(refusal)) => format!("refused {}", refusal.code),
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

#[test]
fn bad_files_never_crash_hang_or_starve_the_reader() {
    let Some(shared) = shared() else { return };
    let mut refusals = 0;
    for folder in ["image_tiff_fuzz", "pillow", "rasterio", "rio_cogeo", "stars"] {
        let Ok(entries) = fs::read_dir(shared.join("data/bad").join(folder)) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            let found = outcome_of_any(&path);
            assert!(!found.contains("reader_"), "{}: {found}", path.display());
            refusals += usize::from(found.starts_with("refused"));
        }
    }
    println!("{refusals} bad files were refused");
}

#[test]
fn declared_real_rasters_are_ready() {
    let Some(shared) = shared() else { return };
    let declared = |product: &str, date: &str, scale: Option<(f64, f64)>| ConvertOptions {
        product: Some(product.into()),
        date: Some(date.into()),
        scale: scale.map(|s| s.0),
        offset: scale.map(|s| s.1),
        ..Default::default()
    };
    let anomaly = declared("pasture_anomaly", "2020", Some((0.01, -200.0)));
    let igbp = declared("mcd12c1_igbp", "2019", None);
    for (name, options, expected) in [
        ("mongolia/sibelius_modis_pasture_anomaly_u16.tif", &anomaly, ""),
        ("matrix/anom_u16_internal_mask.tif", &anomaly, ""),
        ("mongolia/mcd12c1_igbp_2019_mongolia_4326.tif", &igbp, ""),
        ("mongolia/mcd12c1_igbp_2019_mongolia_unknowndatum.tif", &igbp, "crs_not_registered"),
        (
            "mongolia/bess_ndvi_maximum_cmg005_unknowndatum.tif",
            &declared("ndvi_max", "2014", None),
            "crs_not_registered scale_of_floats_assumed",
        ),
        ("matrix/ndvimax_utm48n_int16_scale1e-4.tif", &declared("ndvi_max", "2014", None), ""),
        (
            "matrix/igbp_2019_cog_JPEG_LOSSY_bad_for_classes.tif",
            &declared("elevation", "2019", Some((1.0, 0.0))),
            "lossy_compression",
        ),
    ] {
        let path = shared.join(RASTERS).join(name);
        if !path.exists() {
            println!("skipped: no {name}");
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let (converted, _) = ingest(&folder, &path, options).unwrap();
        assert_eq!((converted.state, codes(&converted).join(" ").as_str()), (RasterState::Ready, expected), "{name}");
    }
}
