//! Small made files with known answers.

use belcheer_domain::{PixelType, RasterState, Severity};
use belcheer_raster_ingest::{ConvertOptions, Purpose};
use gdal::{
    Dataset, Metadata,
    spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef},
};

use crate::support::{Made, codes, counting, ingest, make, refused, values};

fn ndvi() -> ConvertOptions {
    ConvertOptions {
        product: Some("ndvi".into()),
        date: Some("2014-07".into()),
        scale: Some(0.01),
        offset: Some(0.0),
        ..Default::default()
    }
}

#[test]
fn a_declared_raster_is_ready_and_its_values_are_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let source = make::<i16>(&folder, &Made { nodata: Some(3.0), ..Made::default() }, &counting(24));
    let (converted, out) = ingest(&folder, &source, &ndvi()).unwrap();
    assert_eq!(converted.state, RasterState::Ready);
    assert_eq!(codes(&converted), Vec::<&str>::new());
    let meta = &converted.meta;
    assert_eq!((meta.width, meta.height, meta.bands, meta.pixel_type), (6, 4, 1, PixelType::I16));
    assert_eq!((meta.x_min, meta.y_max, meta.dx, meta.dy), (100.0, 48.0, 0.5, 0.5));
    assert_eq!((meta.nodata, meta.scale, meta.offset), (Some(3.0), Some(0.01), Some(0.0)));
    assert_eq!((meta.crs.epsg, meta.crs.geographic), (Some(4326), true));
    assert_eq!(values::<i16>(&out, 1), counting::<i16>(24));
    let written = Dataset::open(&out).unwrap();
    assert_eq!(written.metadata_item("COMPRESSION", "IMAGE_STRUCTURE").as_deref(), Some("DEFLATE"));
    let band = written.rasterband(1).unwrap();
    assert_eq!((band.block_size(), band.scale(), band.no_data_value()), ((256, 256), Some(0.01), Some(3.0)));
}

#[test]
fn the_same_file_gives_the_same_bytes_and_ours_pass_again() {
    let folder = tempfile::tempdir().unwrap();
    let many: Vec<f32> = (0..900 * 1300_u32).map(|i| (i % 997) as f32 / 1000.0).collect();
    let source = make::<f32>(
        &folder,
        &Made { size: (900, 1300), transform: Some([100.0, 0.01, 0.0, 48.0, 0.0, -0.01]), ..Made::default() },
        &many,
    );
    let (first, out) = ingest(&folder, &source, &ndvi()).unwrap();
    let kept = folder.path().join("kept.tif");
    std::fs::rename(&out, &kept).unwrap();
    let (second, _) = ingest(&folder, &source, &ndvi()).unwrap();
    assert_eq!(first, second);
    assert_eq!(Dataset::open(&kept).unwrap().rasterband(1).unwrap().overview_count().unwrap(), 3);
    // product, date and scale travel in the file
    let (again, out) = ingest(&folder, &kept, &ConvertOptions::default()).unwrap();
    assert_eq!((again.state, &again.meta), (RasterState::Ready, &first.meta));
    assert_eq!(values::<f32>(&out, 1), many);
}

#[test]
fn what_is_missing_is_named_with_its_flag() {
    let folder = tempfile::tempdir().unwrap();
    let source = make::<u8>(&folder, &Made::default(), &counting(24));
    let (converted, _) = ingest(&folder, &source, &ConvertOptions::default()).unwrap();
    assert_eq!(converted.state, RasterState::NeedsMetadata);
    assert_eq!((converted.meta.scale, converted.meta.offset), (None, None));
    assert_eq!(codes(&converted), ["missing_scale", "no_nodata_declared", "needs_metadata"]);
    let text = &converted.findings[2].text_en;
    assert!(["--product", "--date", "--scale"].iter().all(|flag| text.contains(flag)), "{text}");
    let once = ConvertOptions { purpose: Purpose::ReadOnce, ..ndvi() };
    assert_eq!(codes(&ingest(&folder, &source, &once).unwrap().0), ["no_nodata_declared"]);
}

#[test]
fn classes_need_no_scale_and_floats_say_theirs_was_assumed() {
    let folder = tempfile::tempdir().unwrap();
    let classes = ConvertOptions { product: Some("igbp".into()), date: Some("2019".into()), ..Default::default() };
    let source = make::<u8>(&folder, &Made { nodata: Some(255.0), ..Made::default() }, &counting(24));
    let (converted, _) = ingest(&folder, &source, &classes).unwrap();
    assert_eq!((converted.state, converted.meta.scale), (RasterState::Ready, Some(1.0)));
    // classes 18 to 23 do not exist
    assert_eq!(codes(&converted), ["values_out_of_range"]);
    assert_eq!(converted.findings[0].count, 6);
    let source = make::<f32>(&folder, &Made::default(), &[f32::NAN; 24]);
    let (converted, _) = ingest(&folder, &source, &ConvertOptions { scale: None, offset: None, ..ndvi() }).unwrap();
    assert_eq!((converted.state, converted.meta.scale), (RasterState::Ready, Some(1.0)));
    assert_eq!(codes(&converted), ["scale_of_floats_assumed", "no_valid_values"]);
}

#[test]
fn a_published_product_brings_its_scale_and_fill() {
    let folder = tempfile::tempdir().unwrap();
    let options =
        ConvertOptions { product: Some("mod13q1_ndvi".into()), date: Some("2014".into()), ..Default::default() };
    let source = make::<i16>(&folder, &Made { size: (2, 2), ..Made::default() }, &[-3000, 5000, 10000, -2000]);
    let (converted, _) = ingest(&folder, &source, &options).unwrap();
    assert_eq!((converted.meta.scale, converted.meta.nodata), (Some(0.0001), Some(-3000.0)));
    assert_eq!(codes(&converted), ["scale_from_product"]);
    assert_eq!(converted.state, RasterState::Ready);
}

#[test]
fn rows_running_north_are_turned_over() {
    let folder = tempfile::tempdir().unwrap();
    let made = Made { transform: Some([100.0, 0.5, 0.0, 46.0, 0.0, 0.5]), ..Made::default() };
    let source = make::<u8>(&folder, &made, &counting(24));
    let (converted, out) = ingest(&folder, &source, &ndvi()).unwrap();
    assert_eq!((converted.meta.y_max, converted.meta.dy), (48.0, 0.5));
    assert!(codes(&converted).contains(&"rows_turned_over"));
    let turned = values::<u8>(&out, 1);
    assert_eq!(turned[..6], [18, 19, 20, 21, 22, 23]);
    assert_eq!(turned[18..], [0, 1, 2, 3, 4, 5]);
}

#[test]
fn signed_bytes_keep_their_sign() {
    let folder = tempfile::tempdir().unwrap();
    let made = Made { size: (2, 2), options: &["PIXELTYPE=SIGNEDBYTE"], nodata: Some(-128.0), ..Made::default() };
    let source = make::<u8>(&folder, &made, &[0x80, 0xff, 0, 127]);
    let (converted, out) = ingest(&folder, &source, &ndvi()).unwrap();
    assert_eq!((converted.meta.pixel_type, converted.meta.nodata), (PixelType::I16, Some(-128.0)));
    assert_eq!(values::<i16>(&out, 1), [-128, -1, 0, 127]);
    assert_eq!(codes(&converted), ["signed_bytes_widened", "values_out_of_range"]);
}

#[test]
fn an_alpha_band_becomes_the_mask_and_bands_can_be_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let made = Made { bands: 2, options: &["ALPHA=YES"], ..Made::default() };
    let source = make::<u8>(&folder, &made, &counting(24));
    let (converted, out) = ingest(&folder, &source, &ndvi()).unwrap();
    assert_eq!((converted.meta.bands, converted.meta.has_mask), (1, true));
    assert_eq!(codes(&converted), ["alpha_as_mask"]);
    let dataset = Dataset::open(&out).unwrap();
    let band = dataset.rasterband(1).unwrap();
    let mask = band.open_mask_band().unwrap().read_band_as::<u8>().unwrap();
    assert_eq!((mask.data()[0], mask.data()[1], mask.data()[23]), (0, 255, 255));
    drop(dataset);
    assert_eq!(refused(&source, &ConvertOptions { band: Some(2), ..ndvi() }).code, "band_number");
    let three = make::<u8>(&folder, &Made { bands: 3, nodata: Some(0.0), ..Made::default() }, &counting(24));
    let (converted, _) = ingest(&folder, &three, &ConvertOptions { band: Some(3), ..ndvi() }).unwrap();
    assert_eq!(converted.meta.bands, 1);
    assert_eq!(ingest(&folder, &three, &ndvi()).unwrap().0.meta.bands, 3);
}

#[test]
fn grids_and_systems_that_mislead_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let code = |made: Made, options: &ConvertOptions| refused(&make::<u8>(&folder, &made, &counting(24)), options).code;
    let rotated = Some([100.0, 0.5, 0.1, 48.0, 0.1, -0.5]);
    assert_eq!(code(Made { transform: rotated, ..Made::default() }, &ndvi()), "rotated_grid");
    let mirrored = Some([100.0, -0.5, 0.0, 48.0, 0.0, -0.5]);
    assert_eq!(code(Made { transform: mirrored, ..Made::default() }, &ndvi()), "rotated_grid");
    assert_eq!(code(Made { transform: None, ..Made::default() }, &ndvi()), "no_georeference");
    let metres = Some([500_000.0, 30.0, 0.0, 5_300_000.0, 0.0, -30.0]);
    assert_eq!(code(Made { transform: metres, ..Made::default() }, &ndvi()), "extent_off_globe");
    assert_eq!(code(Made { epsg: None, ..Made::default() }, &ndvi()), "missing_crs");
    let unknown = ConvertOptions { crs_epsg: Some(999_999), ..ndvi() };
    assert_eq!(code(Made { epsg: None, ..Made::default() }, &unknown), "crs_unknown");
    let wide = make::<i64>(&folder, &Made::default(), &[7; 24]);
    assert_eq!(refused(&wide, &ndvi()).code, "pixel_type");
}

#[test]
fn a_given_system_is_used_and_noted() {
    let folder = tempfile::tempdir().unwrap();
    let given = ConvertOptions { crs_epsg: Some(32648), ..ndvi() };
    let metres = Some([500_000.0, 30.0, 0.0, 5_300_000.0, 0.0, -30.0]);
    let bare = make::<u8>(
        &folder,
        &Made { epsg: None, transform: metres, nodata: Some(0.0), ..Made::default() },
        &counting(24),
    );
    let (converted, _) = ingest(&folder, &bare, &given).unwrap();
    assert_eq!((converted.meta.crs.epsg, converted.meta.crs.geographic), (Some(32648), false));
    assert_eq!(codes(&converted), ["crs_given"]);
    let other = make::<u8>(
        &folder,
        &Made { epsg: Some(32647), transform: metres, nodata: Some(0.0), ..Made::default() },
        &counting(24),
    );
    let (converted, _) = ingest(&folder, &other, &given).unwrap();
    assert_eq!((codes(&converted), converted.findings[0].severity), (vec!["crs_overridden"], Severity::Warning));
    assert_eq!(converted.meta.crs.epsg, Some(32648));
}

#[test]
fn odd_nodata_is_never_silently_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let source = make::<u8>(&folder, &Made { nodata: Some(-9999.0), ..Made::default() }, &counting(24));
    let (converted, _) = ingest(&folder, &source, &ndvi()).unwrap();
    assert_eq!(converted.meta.nodata, None);
    assert_eq!(codes(&converted), ["nodata_out_of_range", "no_nodata_declared"]);
    // a text that is no number would be read as 0 and hide true zeros
    let bytes = std::fs::read(&source).unwrap();
    let at = bytes.windows(5).position(|w| w == b"-9999").unwrap();
    let mut text = bytes;
    text[at..at + 5].copy_from_slice(b"none\0");
    std::fs::write(&source, text).unwrap();
    let (converted, _) = ingest(&folder, &source, &ndvi()).unwrap();
    assert_eq!(converted.meta.nodata, None);
    assert_eq!(codes(&converted), ["nodata_unreadable", "no_nodata_declared"]);
    let given = ConvertOptions { nodata: Some(7.0), ..ndvi() };
    let (converted, _) = ingest(&folder, &source, &given).unwrap();
    assert_eq!((converted.meta.nodata, codes(&converted).len()), (Some(7.0), 0));
    let mixed = [f32::NAN, -9999.9, 0.5, f32::INFINITY];
    let source = make::<f32>(&folder, &Made { size: (2, 2), nodata: Some(-9999.9), ..Made::default() }, &mixed);
    let (converted, _) = ingest(&folder, &source, &ndvi()).unwrap();
    assert_eq!(converted.meta.nodata, Some(f64::from(-9999.9_f32)));
    assert_eq!(codes(&converted), ["nan_means_missing", "infinite_values", "values_out_of_range"]);
}

#[test]
fn a_raster_is_brought_into_another_system_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let metres = Some([500_000.0, 1000.0, 0.0, 5_300_000.0, 0.0, -1000.0]);
    let made = Made { size: (40, 30), epsg: Some(32648), transform: metres, nodata: Some(-9.0), ..Made::default() };
    // a plane: bilinear interpolation keeps it
    let plane: Vec<f32> = (0..1200_u16).map(|i| f32::from(i % 40) + 2.0 * f32::from(i / 40)).collect();
    let source = make::<f32>(&folder, &made, &plane);
    let degrees = ConvertOptions { to_crs: Some(4326), ..ndvi() };
    let (converted, out) = ingest(&folder, &source, &degrees).unwrap();
    let meta = &converted.meta;
    assert_eq!((meta.crs.epsg, meta.crs.geographic), (Some(4326), true));
    assert!(codes(&converted).contains(&"warped"));
    assert!((meta.x_min - 105.0).abs() < 1e-3 && (meta.y_max - 47.85).abs() < 0.01, "{meta:?}");
    let (width, height) = (meta.width as usize, meta.height as usize);
    let found = values::<f32>(&out, 1);
    let to_metres = |x: f64, y: f64| {
        let mut degrees = SpatialRef::from_epsg(4326).unwrap();
        degrees.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        let transform = CoordTransform::new(&degrees, &SpatialRef::from_epsg(32648).unwrap()).unwrap();
        let (mut x, mut y) = ([x], [y]);
        transform.transform_coords(&mut x, &mut y, &mut []).unwrap();
        (x[0], y[0])
    };
    for (col, row) in [(width / 2, height / 2), (width / 4, height / 3), (3 * width / 4, 2 * height / 3)] {
        let (lon, lat) = (meta.x_min + (col as f64 + 0.5) * meta.dx, meta.y_max - (row as f64 + 0.5) * meta.dy);
        let (x, y) = to_metres(lon, lat);
        let expected = (x - 500_500.0) / 1000.0 + 2.0 * (5_299_500.0 - y) / 1000.0;
        // the transformation itself is interpolated within an eighth of a cell
        assert!((f64::from(found[row * width + col]) - expected).abs() < 0.4, "{col} {row}");
    }
    // asked for its own system, nothing changes
    let own = ConvertOptions { to_crs: Some(32648), ..ndvi() };
    assert_eq!(values::<f32>(&ingest(&folder, &source, &own).unwrap().1, 1), plane);
    assert_eq!(refused(&source, &ConvertOptions { to_crs: Some(999_999), ..ndvi() }).code, "crs_unknown");
    let without = make::<u8>(&folder, &Made::default(), &counting(24));
    let code = refused(&without, &ConvertOptions { to_crs: Some(32648), ..ndvi() }).code;
    assert_eq!(code, "warp_needs_nodata");
}
