//! Writing our own arrays.

use belcheer_domain::{Crs, PixelType, RasterMeta, RasterState};
use belcheer_raster_ingest::{BandToWrite, ConvertOptions, Samples, WriteError, write_geotiff};
use gdal::{Dataset, Metadata};

use crate::support::{ingest, values};

fn meta(pixel_type: PixelType, bands: u32) -> RasterMeta {
    RasterMeta {
        width: 300,
        height: 200,
        bands,
        pixel_type,
        crs: Crs { epsg: Some(32648), wkt: String::new(), geographic: false },
        x_min: 400_000.0,
        y_max: 5_300_000.0,
        dx: 250.0,
        dy: 250.0,
        nodata: Some(-3000.0),
        has_mask: false,
        scale: Some(0.0001),
        offset: Some(0.0),
        product: Some("mod13q1_ndvi".into()),
        date: Some("2014".into()),
    }
}

#[test]
fn arrays_come_back_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.tif");
    let first: Vec<i16> = (0..60_000_i32).map(|i| (i % 9000) as i16).collect();
    let second: Vec<i16> = first.iter().rev().copied().collect();
    let bands = [
        BandToWrite { description: "first", samples: Samples::I16(&first) },
        BandToWrite { description: "", samples: Samples::I16(&second) },
    ];
    let meta = meta(PixelType::I16, 2);
    write_geotiff(&path, &meta, &bands).unwrap();
    assert_eq!((values::<i16>(&path, 1), values::<i16>(&path, 2)), (first, second));
    let dataset = Dataset::open(&path).unwrap();
    let band = dataset.rasterband(1).unwrap();
    assert_eq!((band.description().unwrap().as_str(), band.overview_count().unwrap()), ("first", 1));
    drop(dataset);
    // what we write is ready when it comes in again
    let (again, _) = ingest(&folder, &path, &ConvertOptions::default()).unwrap();
    assert_eq!((again.state, again.findings.len()), (RasterState::Ready, 0));
    assert_eq!(RasterMeta { crs: meta.crs.clone(), ..again.meta }, meta);
}

#[test]
fn equal_arrays_give_equal_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let values: Vec<f64> = (0..60_000).map(|i| f64::from(i).sin()).collect();
    let meta = RasterMeta { product: None, scale: None, ..meta(PixelType::F64, 1) };
    let write = |name: &str| {
        let path = folder.path().join(name);
        write_geotiff(&path, &meta, &[BandToWrite { description: "", samples: Samples::F64(&values) }]).unwrap();
        std::fs::read(path).unwrap()
    };
    assert_eq!(write("a.tif"), write("b.tif"));
}

#[test]
fn misfits_are_errors_and_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.tif");
    let short = [1_u8; 7];
    let band = BandToWrite { description: "", samples: Samples::U8(&short) };
    assert!(matches!(write_geotiff(&path, &meta(PixelType::U8, 1), &[band]), Err(WriteError::Misfit { found: 7, .. })));
    assert!(matches!(write_geotiff(&path, &meta(PixelType::U8, 2), &[band]), Err(WriteError::Misfit { band: 0, .. })));
    assert!(matches!(write_geotiff(&path, &meta(PixelType::I16, 1), &[band]), Err(WriteError::Type { band: 1, .. })));
    let masked = RasterMeta { has_mask: true, ..meta(PixelType::U8, 1) };
    assert!(matches!(write_geotiff(&path, &masked, &[band]), Err(WriteError::Mask)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
