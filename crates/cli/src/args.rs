//! The command line.

mod source;

use std::net::SocketAddr;
use std::path::PathBuf;

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
    /// Assess soums and record the result in the workspace.
    Assess(AssessArgs),
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
    },
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

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableKind {
    /// Livestock of soums, by species or in total, or thousand head of aimags by species.
    Livestock,
    /// Peak biomass of plots.
    BiomassPlots,
    /// Photo-monitoring points with recovery classes.
    PhotoPoints,
    /// Season weather of soums.
    Weather,
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
