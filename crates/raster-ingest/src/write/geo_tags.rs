//! The tags that place a raster and name its values, as GDAL writes them.
//!
//! Coordinate systems are many and their GeoTIFF keys are GDAL's business: it writes an empty file of the same system,
//! nodata, scale and items, and its tags are taken over byte for byte.

use std::{fs::File, path::Path};

use belcheer_domain::{Crs, RasterMeta};
use gdal::{DriverManager, Metadata, config, raster::RasterCreationOptions, spatial_ref::SpatialRef};

use super::{CopyFault, sample::Sample, tiff::Tag};
use crate::{
    gdal_setup::WRITER,
    inspect::{DATE_ITEM, PRODUCT_ITEM},
    tiff_header::Tiff,
};

/// Place, coordinate system, items, nodata.
const TAKEN: [u16; 7] = [33_550, 33_922, 34_735, 34_736, 34_737, 42_112, NODATA];
/// The nodata text, which overviews carry too.
pub const NODATA: u16 = 42_113;
/// Side of the empty file.
const SIDE: usize = 16;

/// The tags of a raster; `unfinished` is where its file will be, beside which the empty file is made and removed.
pub fn tags<T: Sample>(
    unfinished: &Path,
    meta: &RasterMeta,
    nodata: Option<f64>,
    descriptions: &[&str],
) -> Result<Vec<Tag>, CopyFault> {
    let path = unfinished.with_extension("tags.tif");
    write_empty::<T>(&path, meta, nodata, descriptions)?;
    let mut tiff = Tiff::open(File::open(&path)?).map_err(header_fault)?;
    let ifd = tiff.ifd(tiff.first_ifd).map_err(header_fault)?;
    let taken = ifd.entries.iter().filter(|(tag, _)| TAKEN.contains(tag));
    let tags = taken.map(|(tag, entry)| {
        let (kind, bytes) = tiff.raw(entry).map_err(header_fault)?;
        Ok(Tag { tag: *tag, kind, count: entry.count, bytes })
    });
    let tags = tags.collect::<Result<Vec<Tag>, CopyFault>>()?;
    std::fs::remove_file(&path)?;
    Ok(tags)
}

fn header_fault(fault: crate::tiff_header::HeaderFault) -> CopyFault {
    CopyFault::Io(std::io::Error::other(format!("{fault:?}")))
}

fn write_empty<T: Sample>(
    path: &Path,
    meta: &RasterMeta,
    nodata: Option<f64>,
    descriptions: &[&str],
) -> gdal::errors::Result<()> {
    config::set_thread_local_config_option("GDAL_PAM_ENABLED", "NO")?;
    let options = RasterCreationOptions::from_iter(["ENDIANNESS=LITTLE", "SPARSE_OK=TRUE", "PHOTOMETRIC=MINISBLACK"]);
    let driver = DriverManager::get_driver_by_name(WRITER)?;
    let bands = meta.bands as usize;
    let mut dataset = driver.create_with_band_type_with_options::<T, _>(path, SIDE, SIDE, bands, &options)?;
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
        if let Some(description) = descriptions.get(number - 1).filter(|text| !text.is_empty()) {
            band.set_description(description)?;
        }
    }
    dataset.close()
}

fn spatial_ref(crs: &Crs) -> gdal::errors::Result<SpatialRef> {
    match crs.epsg {
        Some(number) => SpatialRef::from_epsg(number),
        None => SpatialRef::from_wkt(&crs.wkt),
    }
}
