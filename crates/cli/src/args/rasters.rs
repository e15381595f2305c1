//! Computations on rasters of the user: statistics, trends, composites, land degradation.

use std::path::PathBuf;

use belcheer_assessment::composite::Index;
use belcheer_domain::Years;
use belcheer_vector_ingest::ZoneJob;
use clap::{Args, ValueEnum};

/// Which cells a zone takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Where {
    /// Every cell by the exact share that the zone covers.
    Cover,
    /// Cells whose centre lies in the zone.
    Centre,
    /// Every cell that the zone touches.
    AllTouched,
}

/// Polygons that a raster is summed over.
#[derive(Debug, Args)]
pub struct ZonesArgs {
    /// The zones: GeoPackage, GeoJSON or Shapefile.
    #[arg(long = "zones", value_name = "ZONES")]
    pub file: PathBuf,
    /// Layer of the zones.
    #[arg(long)]
    pub layer: Option<String>,
    /// Field that names a zone.
    #[arg(long)]
    pub id: String,
    /// EPSG number, where a file declares no coordinate system.
    #[arg(long)]
    pub crs: Option<u32>,
}

impl ZonesArgs {
    /// The job that reads them.
    pub fn job(&self) -> ZoneJob {
        ZoneJob {
            layer: self.layer.clone(),
            crs: self.crs.map(|n| format!("EPSG:{n}")),
            ..ZoneJob::new(&self.file, Some(&self.id), None)
        }
    }
}

/// Options of `zonal-stats`.
#[derive(Debug, Args)]
pub struct ZonalArgs {
    /// The rasters.
    #[arg(required = true)]
    pub rasters: Vec<PathBuf>,
    /// The zones.
    #[command(flatten)]
    pub zones: ZonesArgs,
    /// Statistics, by comma: count, mean, quantile(q=0.9), frac, weighted_mean ...
    ///
    /// Quantiles are exact up to 1,048,576 distinct values a zone; beyond, values are cut to about 2^-15 of themselves.
    #[arg(long)]
    pub stats: String,
    /// A weighting raster, or `area` for the cells' area on the ellipsoid.
    #[arg(long)]
    pub weights: Option<String>,
    /// Which cells a zone takes.
    #[arg(long = "where", value_enum, default_value_t = Where::Cover)]
    pub rule: Where,
    /// Output: .csv, .parquet, .gpkg, .geojson or .json; `-` for CSV on standard output.
    #[arg(short, long, default_value = "-")]
    pub output: String,
}

/// Options of `trend`.
#[derive(Debug, Args)]
pub struct TrendArgs {
    /// One raster a year, or one raster with a band a year.
    ///
    /// The year of a raster is that of the date in the file (item BELCHEER_DATE, which ingested rasters have). Where
    /// files carry no date and are as many as the years, they are taken in the order given.
    #[arg(required = true)]
    pub rasters: Vec<PathBuf>,
    /// First and last year, such as 2001..2024.
    #[arg(long)]
    pub years: Years,
    /// Fewest valid years of a cell with a trend.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(2..))]
    pub min_years: u16,
    /// EPSG number, where a file declares no coordinate system.
    #[arg(long)]
    pub crs: Option<u32>,
    /// Which bands to write, by comma.
    #[arg(long, value_delimiter = ',', default_values_t = belcheer_assessment::trend::TREND_BANDS.map(str::to_owned))]
    pub bands: Vec<String>,
    /// The raster to write, .tif.
    #[arg(short, long)]
    pub output: PathBuf,
}

/// Whose granules they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SensorName {
    /// MODIS MOD13: INDEX,QUALITY, or the HDF file as it is published.
    Mod13,
    /// Sentinel-2 Level 2A: reflectances of the index, SCL; for NDVI RED,NIR,SCL.
    Sentinel2,
    /// Landsat Collection 2 Level 2: reflectances of the index, `QA_PIXEL`.
    Landsat,
    /// Monthly weather grids of May to August, one a granule.
    Weather,
}

/// What is made of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum SeasonName {
    /// Largest index of 15 July to 31 August.
    Peak,
    /// Mean of May to September.
    MeanGs,
    /// Sum over April to October above bare soil, index days.
    IntegralGs,
    /// Mean of the calendar year, as Trends.Earth takes it; it holds snow months.
    TeAnnual,
    /// Sum of May to August, of monthly precipitation.
    TotalMayAug,
    /// Mean of May to August, of monthly temperature.
    MeanMayAug,
}

/// Options of `composite`.
#[derive(Debug, Args)]
pub struct CompositeArgs {
    /// The granules, each as its parts joined by commas; FILE#2 is the second band of FILE, FILE#NAME a layer of a netCDF
    /// or HDF file, by its name or the end of it.
    #[arg(required = true, value_name = "PART,PART[,PART]")]
    pub granules: Vec<String>,
    /// Whose they are.
    #[arg(long, value_enum)]
    pub sensor: SensorName,
    /// The index of every granule, with the reflectances it takes, in their order: ndvi, evi2, evi2_sepal, savi, msavi2,
    /// nirv (RED,NIR); evi (RED,NIR,BLUE); lswi (NIR,SWIR1); ndwi (GREEN,NIR); mndwi (GREEN,SWIR1); bsi
    /// (RED,NIR,BLUE,SWIR1); ndti (SWIR1,SWIR2); nbr (NIR,SWIR2).
    #[arg(long, default_value = "ndvi")]
    pub index: Index,
    /// What is made of the year.
    #[arg(long, value_enum)]
    pub season: SeasonName,
    /// The year.
    #[arg(long)]
    pub year: i32,
    /// Index of bare soil, for integral_gs.
    #[arg(long, default_value_t = 0.1)]
    pub soil_index: f64,
    /// Processing baseline of Sentinel-2 in hundredths, such as 509, where file names do not tell it.
    #[arg(long)]
    pub processing_baseline: Option<u16>,
    /// EPSG number, where a file declares no coordinate system.
    #[arg(long)]
    pub crs: Option<u32>,
    /// The raster to write, .tif.
    #[arg(short, long)]
    pub output: PathBuf,
}

/// How trend and state of productivity are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DegradationMode {
    /// Good Practice Guidance version 2, with two-sided significance.
    Gpg,
    /// As Trends.Earth does, faults and all; docs/methods.md names them.
    TrendsEarth,
}

/// Options of `degradation`.
#[derive(Debug, Args)]
pub struct DegradationArgs {
    /// Vegetation index: one raster a year, or one raster with a band a year.
    #[arg(long, required = true, num_args = 1..)]
    pub vi: Vec<PathBuf>,
    /// First and last year, such as 2001..2024.
    #[arg(long)]
    pub years: Years,
    /// Land cover of the first and of the last year. FILE#2 is the second band of FILE, here and below.
    #[arg(long, required = true, num_args = 2, value_names = ["FIRST", "LAST"])]
    pub landcover: Vec<String>,
    /// How trend and state are judged.
    #[arg(long, value_enum, default_value_t = DegradationMode::Gpg)]
    pub mode: DegradationMode,
    /// Look-up table of productivity: gpg_v1, gpg_v2, trends_earth; default: that of the mode.
    #[arg(long)]
    pub lut: Option<String>,
    /// Factor from stored number to index, where the files do not declare it: 0.0001 for NDVI times 10000.
    #[arg(long)]
    pub scale: Option<f64>,
    /// Recent years that state compares with those before.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..60))]
    pub recent_years: u16,
    /// Fewest valid years of a cell with a trend; default: 4, with trends-earth 2.
    #[arg(long, value_parser = clap::value_parser!(u16).range(2..))]
    pub min_years: Option<u16>,
    /// Legend of land cover: esa_cci, mcd12_igbp, unccd.
    #[arg(long, default_value = "esa_cci")]
    pub legend: String,
    /// What transitions mean: mn_pastoral, unccd_default, or a file of your own that ends in .toml; mn_pastoral, or
    /// beside it unccd_default, is shown beside it.
    #[arg(long, default_value = "unccd_default")]
    pub matrix: String,
    /// Units of like land for reference productivity; default: first land cover, by soil where given.
    #[arg(long)]
    pub units: Option<String>,
    /// Soil codes.
    #[arg(long, conflicts_with = "units")]
    pub soil: Option<String>,
    /// Soil organic carbon: one stock, changed by land cover, or the stocks of first and last year.
    #[arg(long, num_args = 1..=2)]
    pub soc: Vec<String>,
    /// Precipitation of the growing season in mm: one raster a year, or one with a band a year; any grid. It is taken
    /// out of the trend where it explains the index (RESTREND).
    #[arg(long, num_args = 1..)]
    pub precipitation: Vec<PathBuf>,
    /// Climate of the cropland factor.
    #[arg(long, default_value = "temperate_dry")]
    pub climate: String,
    /// Water, wherever it is not 0; default: water of the last land cover.
    #[arg(long)]
    pub water: Option<String>,
    /// Indicator of a baseline (sdg_15_3_1.tif of another run), for the status.
    #[arg(long)]
    pub baseline: Option<String>,
    /// Soums or other zones, for the table of areas.
    #[arg(long, requires = "id")]
    pub zones: Option<PathBuf>,
    /// Field that names a zone.
    #[arg(long)]
    pub id: Option<String>,
    /// Layer of the zones.
    #[arg(long)]
    pub layer: Option<String>,
    /// EPSG number, where a file declares no coordinate system.
    #[arg(long)]
    pub crs: Option<u32>,
    /// Say what would be done, and how much memory it needs; do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Folder for the results.
    #[arg(short, long)]
    pub output: PathBuf,
}
