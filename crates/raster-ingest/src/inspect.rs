//! What an opened dataset is, and whether it can be used.

mod bands;
mod crs;
mod grid;
mod values;

use belcheer_domain::RasterMeta;
use belcheer_door::Refusal;
use gdal::{Dataset, Metadata};

use crate::{
    ConvertOptions, Product, child,
    notes::Notes,
    options::{is_date, is_product_name},
    tiff_header::{TiffHeader, check_size},
};
pub use bands::MaskSource;

/// Items in which our own files carry product and date.
pub const PRODUCT_ITEM: &str = "BELCHEER_PRODUCT";
/// As [`PRODUCT_ITEM`].
pub const DATE_ITEM: &str = "BELCHEER_DATE";

/// A dataset understood: what is read from where, and what the result will be.
#[derive(Debug, Clone)]
pub struct Source {
    /// What the result will be.
    pub meta: RasterMeta,
    /// The bands to read, from 1.
    pub bands: Vec<usize>,
    /// Where the mask is read, if there is one.
    pub mask: Option<MaskSource>,
    /// Whether rows run north and are to be turned over.
    pub south_up: bool,
    /// Whether bytes are signed, which GDAL before 3.7 does not say by type.
    pub signed_bytes: bool,
    /// Whether NaN is the declared nodata.
    pub nodata_is_nan: bool,
    /// The declared product, if it is a known one.
    pub product: Option<&'static Product>,
}

/// Understands a dataset or refuses it.
pub fn inspect(
    dataset: &Dataset,
    header: Option<&TiffHeader>,
    options: &ConvertOptions,
    notes: &mut Notes,
) -> Result<Source, Refusal> {
    let chosen = bands::choose(dataset, options, notes)?;
    let grid = grid::read(dataset, notes)?;
    let crs = crs::read(dataset, options.crs_epsg, notes)?;
    grid::check_extent(&grid, &crs, notes)?;
    let declared = |item: &str, good: fn(&str) -> bool| dataset.metadata_item(item, "").filter(|text| good(text));
    let product_name = options.product.clone().or_else(|| declared(PRODUCT_ITEM, is_product_name));
    let date = options.date.clone().or_else(|| declared(DATE_ITEM, is_date));
    let product = child::known_product(product_name.as_deref(), notes);
    values::check_loss(header, product, chosen.pixel_type, product_name.is_some(), notes)?;
    let nodata = values::nodata(&chosen, header, options, product, notes);
    let (scale, offset) = values::scale(&chosen, options, product, notes);
    Ok(Source {
        meta: RasterMeta {
            width: grid.width,
            height: grid.height,
            bands: u32::try_from(chosen.bands.len()).unwrap_or(u32::MAX),
            pixel_type: chosen.pixel_type,
            crs,
            x_min: grid.x_min,
            y_max: grid.y_max,
            dx: grid.dx,
            dy: grid.dy,
            nodata: nodata.filter(|v| !v.is_nan()),
            has_mask: chosen.mask.is_some(),
            scale,
            offset,
            product: product_name,
            date,
        },
        bands: chosen.bands,
        mask: chosen.mask,
        south_up: grid.south_up,
        signed_bytes: chosen.signed_bytes,
        nodata_is_nan: nodata.is_some_and(f64::is_nan),
        product,
    })
}

/// Checks the size and extent of a raster that was brought into another system.
pub fn check_warped(source: &Source, notes: &Notes) -> Result<(), Refusal> {
    let m = &source.meta;
    check_size(u64::from(m.width), u64::from(m.height), u64::from(m.bands), 8).map_err(|fault| fault.refusal(notes))?;
    let grid = grid::Grid {
        width: m.width,
        height: m.height,
        x_min: m.x_min,
        y_max: m.y_max,
        dx: m.dx,
        dy: m.dy,
        south_up: false,
    };
    grid::check_extent(&grid, &m.crs, notes)
}

/// A date that the file names in an item of no agreed meaning: a hint for the user, never used.
pub fn date_hint(dataset: &Dataset) -> Option<String> {
    dataset.metadata_item("DATE", "").filter(|text| is_date(text))
}
