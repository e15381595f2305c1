//! What the user says about a raster.

use belcheer_door::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What the converted raster is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To be kept: overviews are built and missing metadata is a finding.
    #[default]
    Keep,
    /// To be read once for statistics: no overviews, no finding about date and product.
    ReadOnce,
    /// To be looked at: nothing is written, and its cells are not read.
    Look,
}

/// How the cells of the converted raster are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// DEFLATE: read by every program.
    #[default]
    Deflate,
    /// Zstandard: quicker to read; programs need GDAL 2.3 or newer, built with it.
    Zstd,
}

/// What the user says about a raster; it goes before what the file says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ConvertOptions {
    /// Product name, such as `ndvi` or `mcd12c1_igbp`.
    pub product: Option<String>,
    /// Date `YYYY`, `YYYY-MM` or `YYYY-MM-DD` that the values stand for.
    pub date: Option<String>,
    /// Factor from raw to physical value.
    pub scale: Option<f64>,
    /// Offset added after scaling.
    pub offset: Option<f64>,
    /// Raw value that means missing.
    pub nodata: Option<f64>,
    /// EPSG number of the coordinate system.
    pub crs_epsg: Option<u32>,
    /// EPSG number of the system to bring the raster into; its own when `None`.
    #[serde(default)]
    pub to_crs: Option<u32>,
    /// The one band to keep, from 1; all when `None`.
    pub band: Option<u32>,
    /// The layer of a netCDF or HDF file, by its name or the end of it; the only one when `None`.
    #[serde(default)]
    pub layer: Option<String>,
    /// How cells are compressed.
    #[serde(default)]
    pub compression: Compression,
    /// What the raster is for.
    pub purpose: Purpose,
}

impl ConvertOptions {
    /// Checks the form of every option before any file is read.
    pub(crate) fn check(&self, input: &str) -> Result<(), Refusal> {
        if self.product.as_deref().is_some_and(|name| !is_product_name(name)) {
            return Err(Refusal::new(
                "product_name",
                input,
                "a product name is up to 64 small letters, digits and underscores, such as mod13q1_ndvi",
                "бүтээгдэхүүний нэр нь 64 хүртэл жижиг латин үсэг, тоо, доогуур зураас байна, жишээ нь mod13q1_ndvi",
            ));
        }
        if self.date.as_deref().is_some_and(|date| !is_date(date)) {
            return Err(Refusal::new(
                "date_form",
                input,
                "the date is not a day, month or year of the calendar; write YYYY, YYYY-MM or YYYY-MM-DD",
                "огноо буруу байна; YYYY, YYYY-MM эсвэл YYYY-MM-DD хэлбэрээр бичнэ үү",
            ));
        }
        if self.scale.is_some_and(|s| !s.is_finite() || s == 0.0) || self.offset.is_some_and(|o| !o.is_finite()) {
            return Err(Refusal::new(
                "scale_value",
                input,
                "scale must be a number other than 0 and offset a number",
                "scale нь 0-ээс өөр тоо, offset нь тоо байх ёстой",
            ));
        }
        if self.band == Some(0) {
            return Err(Refusal::new(
                "band_number",
                input,
                "bands are counted from 1; give --band 1 for the first",
                "сувгийг 1-ээс эхэлж тоолно; эхнийхэд --band 1 гэж өгнө үү",
            ));
        }
        Ok(())
    }
}

pub(crate) fn is_product_name(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    !name.is_empty() && name.len() <= 64 && name.bytes().all(allowed)
}

/// Whether a text is a year, month or day of the calendar.
pub(crate) fn is_date(text: &str) -> bool {
    if !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return false;
    }
    let full = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        10 => text.to_owned(),
        _ => return false,
    };
    NaiveDate::parse_from_str(&full, "%Y-%m-%d").is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for good in ["2014", "2014-02", "2016-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in ["", "14", "2014-13", "2015-02-29", "2014-2-1", "2014/02/01", "+014", "2014-02-01T00", "----"] {
            assert!(!is_date(bad), "{bad}");
        }
    }

    #[test]
    fn options_are_checked_before_the_file() {
        let code = |options: ConvertOptions| options.check("a.tif").err().map(|r| r.code);
        assert_eq!(code(ConvertOptions::default()), None);
        let product = Some("../etc".to_owned());
        assert_eq!(code(ConvertOptions { product, ..Default::default() }).as_deref(), Some("product_name"));
        let zero = ConvertOptions { scale: Some(0.0), ..Default::default() };
        assert_eq!(code(zero).as_deref(), Some("scale_value"));
        let band = ConvertOptions { band: Some(0), ..Default::default() };
        assert_eq!(code(band).as_deref(), Some("band_number"));
    }
}
