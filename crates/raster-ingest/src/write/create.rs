//! Creating the file, its overviews, and opening it again.

use std::path::Path;

use belcheer_domain::{Crs, RasterMeta};
use gdal::{
    Dataset, DatasetOptions, DriverManager, GdalOpenFlags, Metadata, config,
    errors::{GdalError, Result},
    raster::RasterCreationOptions,
    spatial_ref::SpatialRef,
};

use super::sample::Sample;
use crate::{
    gdal_setup::WRITER,
    inspect::{DATE_ITEM, PRODUCT_ITEM},
};

/// Block side of large rasters.
const BLOCK: usize = 512;
/// Block side of rasters up to this side.
const SMALL_BLOCK: usize = 256;
const SMALL_SIDE: usize = 1024;
/// Overviews are built until both sides are at most this.
const OVERVIEW_SIDE: u32 = 256;

/// The block side of a raster.
pub fn block_side(meta: &RasterMeta) -> usize {
    side_of_block(meta.width.max(meta.height) as usize)
}

/// The block side of a raster by its longer side.
pub fn side_of_block(longer_side: usize) -> usize {
    if longer_side <= SMALL_SIDE { SMALL_BLOCK } else { BLOCK }
}

/// Creates an empty file in our form.
pub fn create<T: Sample>(path: &Path, meta: &RasterMeta, nodata: Option<f64>, classes: bool) -> Result<Dataset> {
    let block = block_side(meta);
    let predictor = match (classes, T::FLOAT) {
        (true, _) => "PREDICTOR=1",
        (_, true) => "PREDICTOR=3",
        (_, false) => "PREDICTOR=2",
    };
    let mut options = RasterCreationOptions::new();
    for option in ["TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=6", "INTERLEAVE=BAND", "BIGTIFF=IF_SAFER", predictor] {
        options.add_string(option)?;
    }
    for side in ["BLOCKXSIZE", "BLOCKYSIZE"] {
        options.add_name_value(side, &block.to_string())?;
    }
    config::set_thread_local_config_option("GDAL_TIFF_INTERNAL_MASK", "YES")?;
    config::set_thread_local_config_option("GDAL_PAM_ENABLED", "NO")?;
    let driver = DriverManager::get_driver_by_name(WRITER)?;
    let (width, height, bands) = (meta.width as usize, meta.height as usize, meta.bands as usize);
    let mut dataset = driver.create_with_band_type_with_options::<T, _>(path, width, height, bands, &options)?;
    dataset.set_spatial_ref(&spatial_ref(&meta.crs)?)?;
    dataset.set_geo_transform(&[meta.x_min, meta.dx, 0.0, meta.y_max, 0.0, -meta.dy])?;
    for (item, value) in [(PRODUCT_ITEM, &meta.product), (DATE_ITEM, &meta.date)] {
        if let Some(value) = value {
            dataset.set_metadata_item(item, value, "")?;
        }
    }
    for number in 1..=bands {
        let mut band = dataset.rasterband(number)?;
        if nodata.is_some() {
            band.set_no_data_value(nodata)?;
        }
        if let (Some(scale), Some(offset)) = (meta.scale, meta.offset) {
            band.set_scale(scale)?;
            band.set_offset(offset)?;
        }
    }
    if meta.has_mask {
        dataset.rasterband(1)?.create_mask_band(true)?;
    }
    Ok(dataset)
}

fn spatial_ref(crs: &Crs) -> Result<SpatialRef> {
    match crs.epsg {
        Some(number) => SpatialRef::from_epsg(number),
        None => SpatialRef::from_wkt(&crs.wkt),
    }
}

/// Opens our own file with our own driver.
pub fn reopen(path: &Path, update: bool) -> Result<Dataset> {
    let access = if update { GdalOpenFlags::GDAL_OF_UPDATE } else { GdalOpenFlags::GDAL_OF_READONLY };
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_RASTER | access,
        allowed_drivers: Some(&[WRITER]),
        ..DatasetOptions::default()
    };
    Dataset::open_ex(path, options)
}

/// Builds overviews inside the file: halves until small.
pub fn build_overviews(path: &Path, meta: &RasterMeta, resampling: &str) -> Result<()> {
    let side = meta.width.max(meta.height);
    let factors: Vec<i32> =
        (1..31).map(|n| 1_i32 << n).take_while(|f| side.div_ceil(f.cast_unsigned() / 2) > OVERVIEW_SIDE).collect();
    if factors.is_empty() {
        return Ok(());
    }
    config::set_thread_local_config_option("GDAL_TIFF_OVR_BLOCKSIZE", &block_side(meta).to_string())?;
    let mut dataset = reopen(path, true)?;
    dataset.build_overviews(resampling, &factors, &[])?;
    let overviews = dataset.rasterband(1)?.overview_count()?;
    dataset.close()?;
    if usize::try_from(overviews) != Ok(factors.len()) {
        return Err(GdalError::BadArgument("overviews were not built".to_owned()));
    }
    Ok(())
}
