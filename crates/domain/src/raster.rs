//! What is known of a stored raster.

use serde::{Deserialize, Serialize};

/// A coordinate system: its EPSG number where it has one, and always its WKT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crs {
    /// EPSG number, where the system is a registered one.
    pub epsg: Option<u32>,
    /// Well-known text.
    pub wkt: String,
    /// Whether coordinates are degrees of longitude and latitude.
    pub geographic: bool,
}

impl Crs {
    /// What PROJ is asked for: the EPSG number where there is one, else the WKT.
    #[must_use]
    pub fn definition(&self) -> String {
        self.epsg.map_or_else(|| self.wkt.clone(), |number| format!("EPSG:{number}"))
    }
}

/// The sample type of a raster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say all")]
pub enum PixelType {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    F64,
}

/// Whether a raster may be used by an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RasterState {
    /// Date, product and scale are known.
    Ready,
    /// Something is missing: usable by zonal statistics, never by an assessment.
    NeedsMetadata,
}

/// A stored raster: tiled GeoTIFF, north up, one value = `raw * scale + offset`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RasterMeta {
    /// Columns.
    pub width: u32,
    /// Rows, north to south.
    pub height: u32,
    /// Bands, each stored as its own plane.
    pub bands: u32,
    /// Sample type as stored.
    pub pixel_type: PixelType,
    /// Coordinate system.
    pub crs: Crs,
    /// Left edge, in units of the coordinate system.
    pub x_min: f64,
    /// Top edge.
    pub y_max: f64,
    /// Cell width, positive.
    pub dx: f64,
    /// Cell height, positive; rows run south.
    pub dy: f64,
    /// Raw value that means missing, where one is declared.
    pub nodata: Option<f64>,
    /// Whether a mask is stored beside the values.
    pub has_mask: bool,
    /// Factor from raw to physical value; `None` when neither the file nor the user declared one.
    pub scale: Option<f64>,
    /// Offset added after scaling; `None` as for `scale`.
    pub offset: Option<f64>,
    /// Product name, such as `ndvi` or `mcd12c1_igbp`, where declared.
    pub product: Option<String>,
    /// Date `YYYY`, `YYYY-MM` or `YYYY-MM-DD` that the values stand for, where declared.
    pub date: Option<String>,
}

impl RasterMeta {
    /// What is known of a raster of computed values on this one's grid: real numbers as they are, or classes.
    #[must_use]
    pub fn computed(&self, bands: u32, pixel_type: PixelType, nodata: f64) -> Self {
        Self {
            bands,
            pixel_type,
            nodata: Some(nodata),
            has_mask: false,
            scale: None,
            offset: None,
            product: None,
            date: None,
            ..self.clone()
        }
    }

    /// The year of the date, where there is one.
    #[must_use]
    pub fn year(&self) -> Option<i32> {
        self.date.as_deref()?.get(..4)?.parse().ok()
    }
}
