//! Maps held against samples: areas of classes, means of zones.

use std::path::PathBuf;

use clap::Args;

use super::ZonesArgs;

/// Options of `area`.
#[derive(Debug, Args)]
pub struct AreaArgs {
    /// The sample, one row a place: map_class, reference_class.
    pub sample: PathBuf,
    /// What the map says: class, area_ha (or area_km2).
    #[arg(long)]
    pub strata: PathBuf,
    /// A column that is not found by its heading; fields: map_class, reference_class, class, area_ha, area_km2.
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    pub map: Vec<String>,
    /// The table to write, .csv, .parquet or .json; `-` writes CSV to standard output.
    #[arg(short, long, default_value = "-")]
    pub output: String,
}

/// Options of `model-assisted`.
#[derive(Debug, Args)]
pub struct ModelAssistedArgs {
    /// Measured points: lon, lat (degrees) and value.
    pub points: PathBuf,
    /// The map, a raster of one band in the unit of the measured values.
    #[arg(long, value_name = "RASTER")]
    pub map: PathBuf,
    /// The zones.
    #[command(flatten)]
    pub zones: ZonesArgs,
    /// Column of the measured value.
    #[arg(long, value_name = "COLUMN")]
    pub value: Option<String>,
    /// Column of what points share errors with, such as their soum: give it when the map was trained on these points.
    ///
    /// A line of measured on mapped values is then fitted without each group in turn, so that no point is judged by
    /// itself.
    #[arg(long, value_name = "COLUMN")]
    pub group: Option<String>,
    /// Column of the longitude.
    #[arg(long, value_name = "COLUMN")]
    pub lon: Option<String>,
    /// Column of the latitude.
    #[arg(long, value_name = "COLUMN")]
    pub lat: Option<String>,
    /// The table to write, .csv, .parquet or .json; `-` writes CSV to standard output.
    #[arg(short, long, default_value = "-")]
    pub output: String,
}
