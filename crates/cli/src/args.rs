//! The command line.

mod source;

use std::net::SocketAddr;
use std::path::PathBuf;

use belcheer_assessment::composite::Index;
use belcheer_domain::records::Level;
use belcheer_domain::{Digest, SoumCode, Years};
use clap::{Args, Parser, Subcommand, ValueEnum};

pub use source::SourceArgs;

/// Verifies, soum by soum, whether rangeland gets better or worse.
#[derive(Debug, Parser)]
#[command(name = "belcheer", version, propagate_version = true)]
pub struct Arguments {
    /// The workspace that holds inputs and results.
    #[arg(long, global = true, env = "BELCHEER_WORKSPACE", default_value = "./belcheer-data")]
    pub workspace: PathBuf,
    /// No progress bar and no summary.
    #[arg(long, global = true)]
    pub quiet: bool,
    /// Progress as JSON lines on standard error.
    #[arg(long, global = true)]
    pub json_progress: bool,
    /// More of the log; may be repeated.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Threads to use; 0 = one per core.
    #[arg(long, global = true, default_value_t = 0)]
    pub threads: usize,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an empty workspace.
    Init {
        /// Where.
        dir: PathBuf,
    },
    /// Make a made-up country with known truth as a ready workspace.
    Sample(SampleArgs),
    /// Take files into the workspace.
    #[command(subcommand)]
    Ingest(IngestCommand),
    /// Statistics of rasters over zones, with exact coverage of cells.
    ZonalStats(ZonalArgs),
    /// Theil-Sen slope and Mann-Kendall test of every cell of yearly rasters.
    ///
    /// The output has 32-bit real bands slope_per_year, mk_s, mk_z, mk_p, n; all but n are NaN where a cell has too few
    /// valid years.
    Trend(TrendArgs),
    /// SDG 15.3.1 of every cell: productivity, land cover and soil organic carbon, as rasters, areas and a summary.
    ///
    /// Reference productivity is taken over the whole raster: give rasters of the whole country, not of one soum.
    Degradation(Box<DegradationArgs>),
    /// One value a cell and year from a satellite's granules, by their own quality bits.
    ///
    /// The output has 32-bit real bands: the metric, NaN where it cannot be given, and the number of 16-day composites
    /// that were observed.
    Composite(CompositeArgs),
    /// Forage, carrying capacity and stocking ratio of every soum, by season.
    Capacity(CapacityArgs),
    /// What the weather did: drought and dzud of every soum and year, and trends that rain does not explain.
    Climate(ClimateArgs),
    /// Cover, gaps and recovery class of surveyed plots, from line-point intercepts and rules.
    Condition(ConditionArgs),
    /// Assess soums and record the result in the workspace.
    Assess(AssessArgs),
    /// How often tests find a change where there can be none: interleaved years and fake programmes.
    Placebo(PlaceboArgs),
    /// What each soum would need for a change to be detected.
    Power(PowerArgs),
    /// What differs between two assessments, by how much, because of which input.
    Diff(DiffArgs),
    /// Freeze the baselines of soums as an assessment has them.
    Enrol(EnrolArgs),
    /// Make an assessment what the service answers for its cycle.
    Publish(PublicationArgs),
    /// Take a published assessment back.
    Withdraw(PublicationArgs),
    /// Serve the HTTP interface and the pages.
    Serve {
        /// Address and port.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
    },
    /// Re-derive every digest of the workspace and say what is missing or altered.
    Doctor,
    /// Yearly means of the vegetation series, and its trend, by zones of several levels.
    Regions(RegionArgs),
    /// Servers of a Ballista cluster, in the program belcheer-cluster.
    #[command(subcommand)]
    Cluster(ClusterCommand),
    /// Reads one foreign file for the parent process.
    #[command(hide = true)]
    IngestWorker,
}

/// Options of `sample`.
#[derive(Debug, Args)]
pub struct SampleArgs {
    /// The workspace to make; the files it is made of are kept in DIR/source, what is true in DIR/truth.csv.
    pub dir: PathBuf,
    /// Pixel size of the yearly vegetation rasters, degrees.
    #[arg(long, default_value_t = 0.02)]
    pub resolution: f64,
    /// Years of data.
    #[arg(long, default_value = "2001..2024")]
    pub years: Years,
    /// Seed of everything.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many soums, at most 360.
    #[arg(long, default_value_t = 24)]
    pub soums: usize,
    /// Write the files only; do not ingest them.
    #[arg(long)]
    pub files_only: bool,
}

/// What to take in.
#[derive(Debug, Subcommand)]
pub enum IngestCommand {
    /// Boundaries from GeoPackage, GeoJSON or Shapefile (zipped or not).
    Boundaries {
        /// The file.
        file: PathBuf,
        /// What the polygons are.
        #[arg(long, value_parser = clap::builder::ValueParser::new(|s: &str| s.parse::<Level>()))]
        level: Level,
        /// Field that holds the code.
        #[arg(long)]
        code_field: Option<String>,
        /// Field that holds the name.
        #[arg(long)]
        name_field: Option<String>,
        /// Layer, where the file holds several.
        #[arg(long)]
        layer: Option<String>,
        /// EPSG number, where the file declares no coordinate system.
        #[arg(long)]
        crs: Option<u32>,
    },
    /// Rasters; each is checked and stored as tiled GeoTIFF.
    Raster {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Product name.
        #[arg(long)]
        product: Option<String>,
        /// Date of the values, YYYY, YYYY-MM or YYYY-MM-DD.
        #[arg(long)]
        date: Option<String>,
        /// Factor from stored to physical value.
        #[arg(long, allow_negative_numbers = true)]
        scale: Option<f64>,
        /// Offset added after scaling.
        #[arg(long, allow_negative_numbers = true)]
        offset: Option<f64>,
        /// Stored value that means missing.
        #[arg(long, allow_negative_numbers = true)]
        nodata: Option<f64>,
        /// EPSG number, where the file declares no coordinate system.
        #[arg(long)]
        crs: Option<u32>,
        /// EPSG number of a system to bring the raster into: measurements bilinearly, classes by their nearest cell.
        #[arg(long)]
        to_crs: Option<u32>,
        /// How cells are stored: deflate is read by every program, zstd is quicker to read.
        #[arg(long, value_enum, default_value = "deflate")]
        compression: Compression,
        /// Only this band, counted from 1.
        #[arg(long)]
        band: Option<u32>,
        /// The layer of a netCDF or HDF file, by its name or the end of it.
        #[arg(long)]
        layer: Option<String>,
    },
    /// Land use by the land agency's codes, as polygons.
    #[command(name = "landuse")]
    LandUse(LandArgs),
    /// Water that livestock can drink: polygons, or points such as wells.
    Water(LandArgs),
    /// Protected areas, not grazed unless --limited-use.
    Protected(LandArgs),
    /// Other land that is not grazed.
    Exclusion(LandArgs),
    /// A table from CSV or Excel.
    Table {
        /// The file.
        file: PathBuf,
        /// What it holds.
        #[arg(long)]
        kind: TableKind,
        /// Sheet of an Excel file.
        #[arg(long)]
        sheet: Option<String>,
        /// Which column holds a field; may be repeated.
        #[arg(long = "map", value_name = "FIELD=COLUMN")]
        map: Vec<String>,
    },
}

/// How cells are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Compression {
    /// DEFLATE.
    Deflate,
    /// Zstandard.
    Zstd,
}

impl From<Compression> for belcheer_raster_ingest::Compression {
    fn from(compression: Compression) -> Self {
        match compression {
            Compression::Deflate => Self::Deflate,
            Compression::Zstd => Self::Zstd,
        }
    }
}

/// Options of `ingest landuse|water|protected|exclusion`.
#[derive(Debug, Args)]
pub struct LandArgs {
    /// GeoPackage, GeoJSON or Shapefile.
    pub file: PathBuf,
    /// Field that holds the land-use code; needed for land use.
    #[arg(long)]
    pub code_field: Option<String>,
    /// Layer, where the file holds several.
    #[arg(long)]
    pub layer: Option<String>,
    /// EPSG number, where the file declares no coordinate system.
    #[arg(long)]
    pub crs: Option<u32>,
    /// The law allows grazing on this land although it is protected.
    #[arg(long)]
    pub limited_use: bool,
}

/// Options of `capacity`.
#[derive(Debug, Args)]
pub struct CapacityArgs {
    /// How capacity is computed.
    #[arg(long, value_enum, default_value_t = CapacityWay::Native)]
    pub method: CapacityWay,
    /// Year of the livestock; default: the last that most soums have.
    #[arg(long)]
    pub year: Option<i32>,
    /// The scheme document with the parameter sets; default: the national one built in.
    #[arg(long)]
    pub scheme: Option<PathBuf>,
    /// Factors of the distance to water: water_mn_1 or water_holechek.
    #[arg(long, default_value = "water_mn_1")]
    pub water_factors: String,
    /// Factors of the slope: slope_mn_1 or slope_holechek.
    #[arg(long, default_value = "slope_mn_1")]
    pub slope_factors: String,
    /// Which land-use codes are pasture: almgac_pasture_1 or almgac_pasture_saxaul.
    #[arg(long, default_value = "almgac_pasture_1")]
    pub land_use_rules: String,
    /// When yields are taken from vegetation: vi_biomass_1 or vi_biomass_open.
    #[arg(long, default_value = "vi_biomass_1")]
    pub calibration_rules: String,
    /// Folder for tables and maps; `-` writes the table of soums and seasons to standard output.
    #[arg(short, long, default_value = "-")]
    pub output: String,
    /// Say what would be done, and how much memory it needs; do nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Options of `climate`.
#[derive(Debug, Args)]
pub struct ClimateArgs {
    /// Years that anomalies and fitted distributions refer to; default: all that are held.
    #[arg(long)]
    pub baseline: Option<Years>,
    /// How blocks are run.
    #[command(flatten)]
    pub run: RunArgs,
    /// Folder for `drought.csv`, `residual_trends.csv` and `findings.csv`; `-` writes the first to standard output.
    #[arg(short, long, default_value = "-")]
    pub output: String,
}

/// Options of `condition`.
#[derive(Debug, Args)]
pub struct ConditionArgs {
    /// What pins touched: a row a layer, with columns plot, line, point, layer (`TopCanopy`, `Lower1`, ...,
    /// `SoilSurface`) and code; those of the Landscape Data Commons are known.
    #[arg(long, required_unless_present = "gaps")]
    pub line_points: Option<PathBuf>,
    /// Gaps between plants: plot, line, `line_length_m`, `gap_cm`; a line without gaps has an empty one.
    #[arg(long)]
    pub gaps: Option<PathBuf>,
    /// Natural zone, land form and soil score of plots, which the rules ask for.
    #[arg(long, requires = "rules")]
    pub sites: Option<PathBuf>,
    /// State-and-transition rules, JSON.
    #[arg(long, requires = "sites")]
    pub rules: Option<PathBuf>,
    /// The table to write, .csv, .parquet or .json; `-` writes CSV to standard output.
    #[arg(short, long, default_value = "-")]
    pub output: String,
}

/// How capacity is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CapacityWay {
    /// Accessible pasture by season, with every factor that the workspace tells.
    Native,
    /// The land agency's LM2 arithmetic.
    #[value(name = "almgac_lm2")]
    AlmgacLm2,
}

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableKind {
    /// Livestock of soums, by species or in total, or thousand head of aimags by species.
    Livestock,
    /// Peak biomass of plots.
    BiomassPlots,
    /// Photo-monitoring points with recovery classes.
    PhotoPoints,
    /// Weather of soums or stations, by growing season or month.
    Weather,
    /// Livestock that soums lost from January to May.
    Losses,
    /// Otor and supplementary feed of soums by season.
    Presence,
    /// The land agency's LM2 export, a folder of JSON files, as photo points.
    Lm2,
}

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

/// Options of `zonal-stats`.
#[derive(Debug, Args)]
pub struct ZonalArgs {
    /// The rasters.
    #[arg(required = true)]
    pub rasters: Vec<PathBuf>,
    /// The zones: GeoPackage, GeoJSON or Shapefile.
    #[arg(long)]
    pub zones: PathBuf,
    /// Layer of the zones.
    #[arg(long)]
    pub layer: Option<String>,
    /// Field that names a zone.
    #[arg(long)]
    pub id: String,
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
    /// EPSG number, where a file declares no coordinate system.
    #[arg(long)]
    pub crs: Option<u32>,
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

/// Options of `assess`.
#[derive(Debug, Args)]
pub struct AssessArgs {
    /// The scheme document; default: the national one built in.
    #[arg(long)]
    pub scheme: Option<PathBuf>,
    /// Baseline years.
    #[arg(long)]
    pub baseline: Years,
    /// Reporting years.
    #[arg(long)]
    pub reporting: Years,
    /// Digest of the soum boundaries in which the baseline was counted, where soums changed since.
    #[arg(long, value_parser = clap::builder::ValueParser::new(|s: &str| s.parse::<Digest>()))]
    pub baseline_boundaries: Option<Digest>,
    /// The cycle; default: the last reporting year.
    #[arg(long)]
    pub cycle: Option<String>,
    /// Soum codes by comma, or all.
    #[arg(long, default_value = "all", value_parser = soum_list)]
    pub soums: Soums,
    /// Seed of every random draw.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder for the tables.
    #[arg(short, long)]
    pub output: Option<PathBuf>,
    /// Say what would be done, and how much memory it needs; do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// How blocks are run.
    #[command(flatten)]
    pub run: RunArgs,
}

/// How blocks of rasters are run.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Where blocks of rasters are computed; every engine gives the same bytes.
    #[arg(long, value_enum, default_value_t = EngineName::Local)]
    pub engine: EngineName,
    /// The scheduler of a Ballista cluster, HOST:PORT.
    #[arg(long, required_if_eq("engine", "ballista"))]
    pub scheduler: Option<String>,
    /// Use the partial sums that an earlier or interrupted run kept.
    #[arg(long)]
    pub resume: bool,
    /// Memory that blocks in flight may take, MiB; default: what the machine has free.
    #[arg(long)]
    pub memory: Option<u64>,
}

/// Options of `regions`.
#[derive(Debug, Args)]
pub struct RegionArgs {
    /// Years of the vegetation series.
    #[arg(long)]
    pub years: Option<Years>,
    /// Levels of zones, by comma: soum, bag, pug, aimag, zone.
    #[arg(long, value_delimiter = ',', default_value = "soum", value_parser = clap::builder::ValueParser::new(|s: &str| s.parse::<Level>()))]
    pub level: Vec<Level>,
    /// The Theil-Sen slope of each cell over all years, too.
    #[arg(long)]
    pub trend: bool,
    /// Fewest valid years of a cell with a slope.
    #[arg(long, default_value_t = 8)]
    pub years_min: u16,
    /// Rasters that lie elsewhere, instead of those of the workspace.
    #[command(flatten)]
    pub source: SourceArgs,
    /// A plan file instead of years, levels, trend and source.
    #[arg(long, conflicts_with_all = ["years", "level", "trend", "source", "stac", "scale", "offset"])]
    pub plan: Option<PathBuf>,
    /// Write the plan as a file that others can run; a search is written as the list that it gave.
    #[arg(long)]
    pub write_plan: Option<PathBuf>,
    /// The table: .csv (with its metadata beside it), .parquet or .json; - writes CSV to standard output.
    #[arg(short, long)]
    pub output: String,
    /// A map layer, too, with one row a zone: .gpkg, .geojson or .parquet (GeoParquet).
    #[arg(long)]
    pub map: Option<PathBuf>,
    /// Say what would be done, and how much memory it needs; do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// How blocks are run.
    #[command(flatten)]
    pub run: RunArgs,
}

/// What carries blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineName {
    /// Threads of this process.
    Local,
    /// A Ballista cluster.
    Ballista,
}

/// A server of a cluster.
#[derive(Debug, Subcommand)]
pub enum ClusterCommand {
    /// Hand out work. There is no password: listen on a private network only.
    Scheduler {
        /// Address and port.
        #[arg(long, default_value = "127.0.0.1:50050")]
        listen: SocketAddr,
    },
    /// Do it, by as many tasks at a time as there are --threads.
    Executor {
        /// The scheduler, HOST:PORT.
        #[arg(long)]
        scheduler: String,
        /// Address and port; the next port is used, too.
        #[arg(long, default_value = "127.0.0.1:50060")]
        listen: SocketAddr,
        /// Name or address by which others reach it; default: the address it listens on.
        #[arg(long)]
        advertise: Option<String>,
        /// Folder for what passes between stages; default: one in the system's temporary folder.
        #[arg(long)]
        work_dir: Option<PathBuf>,
    },
}

/// What is measured and how, for commands that decide nothing.
#[derive(Debug, Args)]
pub struct InquiryArgs {
    /// The scheme document; default: the national one built in.
    #[arg(long)]
    pub scheme: Option<PathBuf>,
    /// Baseline years.
    #[arg(long, default_value = "2008..2012")]
    pub baseline: Years,
    /// Reporting years.
    #[arg(long, default_value = "2016..2020")]
    pub reporting: Years,
    /// Seed of every random draw.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Output: .csv, .parquet or .json; `-` for CSV on standard output.
    #[arg(short, long, default_value = "-")]
    pub output: String,
}

/// Options of `placebo`.
#[derive(Debug, Args)]
pub struct PlaceboArgs {
    /// Scheme, periods, seed and output.
    #[command(flatten)]
    pub inquiry: InquiryArgs,
    /// Fake programmes to draw of each kind.
    #[arg(long, default_value_t = 500)]
    pub draws: usize,
}

/// Options of `power`.
#[derive(Debug, Args)]
pub struct PowerArgs {
    /// Scheme, periods, seed and output.
    #[command(flatten)]
    pub inquiry: InquiryArgs,
    /// The change to detect, in the indicator's unit; default: twice the scheme's margin.
    #[arg(long)]
    pub change: Option<f64>,
    /// Only this indicator.
    #[arg(long)]
    pub indicator: Option<belcheer_domain::Indicator>,
    /// Share of the variance within soums that a map explains.
    #[arg(long, default_value_t = 0.7)]
    pub map_r2: f64,
}

/// Options of `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The earlier assessment's id.
    pub before: AssessmentName,
    /// The later assessment's id, or `latest`.
    pub after: AssessmentName,
    /// Output: .csv, .parquet or .json; `-` for CSV on standard output.
    #[arg(short, long, default_value = "-")]
    pub output: String,
}

/// Options of `enrol`.
#[derive(Debug, Args)]
pub struct EnrolArgs {
    /// The assessment whose baseline is frozen, `sha256:...`, or `latest`.
    pub assessment: AssessmentName,
    /// Soum codes by comma, or all.
    #[arg(long, value_parser = soum_list)]
    pub soums: Soums,
    /// Register other baseline years of enrolled soums as a new version, to be run beside the old.
    #[arg(long)]
    pub new_version: bool,
}

/// Soums asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Soums {
    /// All.
    All,
    /// These.
    Some(Vec<SoumCode>),
}

fn soum_list(text: &str) -> Result<Soums, String> {
    if text == "all" {
        return Ok(Soums::All);
    }
    text.split(',')
        .map(|code| SoumCode::normalise(code).map(|(code, _)| code).map_err(|e| e.to_string()))
        .collect::<Result<Vec<_>, _>>()
        .map(Soums::Some)
}

/// Options of `publish` and `withdraw`.
#[derive(Debug, Args)]
pub struct PublicationArgs {
    /// The assessment's id, `sha256:...`, or `latest`.
    pub assessment: AssessmentName,
    /// The cycle, where it is not the assessment's own.
    #[arg(long)]
    pub cycle: Option<String>,
}

/// An assessment by id, or the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssessmentName {
    /// The one made last.
    Latest,
    /// By id.
    Id(Digest),
}

impl std::str::FromStr for AssessmentName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "latest" {
            return Ok(Self::Latest);
        }
        text.parse().map(Self::Id).map_err(|e: belcheer_domain::DigestError| e.to_string())
    }
}
