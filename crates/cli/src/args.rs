//! The command line.

mod access;
mod assess;
mod ingest;
mod rangeland;
mod rasters;
mod samples;
mod serve;
mod source;

use std::path::PathBuf;

use belcheer_domain::Years;
use clap::{Args, Parser, Subcommand};

use crate::log::LogFormat;

pub use access::{IssueArgs, KeyCommand, RotateArgs, UserArgs, UserCommand};
pub use assess::{
    AssessArgs, AssessmentName, ClusterCommand, DiffArgs, EngineName, EnrolArgs, InquiryArgs, PlaceboArgs, PowerArgs,
    PublicationArgs, RegionArgs, ReportArgs, RunArgs, Soums,
};
pub use ingest::{Compression, IngestCommand, LandArgs, TableKind};
pub use rangeland::{CapacityArgs, CapacityWay, ClimateArgs, ConditionArgs};
pub use rasters::{
    CompositeArgs, DegradationArgs, DegradationMode, SeasonName, SensorName, TrendArgs, Where, ZonalArgs, ZonesArgs,
};
pub use samples::{AreaArgs, ModelAssistedArgs};
pub use serve::ServeArgs;
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
    /// The form of the log on standard error.
    #[arg(long, global = true, env = "BELCHEER_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
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
    /// Areas and accuracies of mapped classes, from a reference sample.
    Area(AreaArgs),
    /// Means of a map over zones, put right by measured points.
    ModelAssisted(ModelAssistedArgs),
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
    /// Write the page of a soum as one file, HTML or PDF.
    Report(ReportArgs),
    /// Serve the HTTP interface and the pages.
    Serve(ServeArgs),
    /// People who sign in to the service.
    #[command(subcommand)]
    User(UserCommand),
    /// Keys of programs and people.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Write everything that is held into a folder; the service may go on meanwhile.
    Backup {
        /// The folder; blobs that lie there already are not copied again.
        folder: PathBuf,
    },
    /// Make a workspace of a backup, in whatever database and storage the environment names.
    Restore {
        /// The folder that backup wrote.
        folder: PathBuf,
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
    /// Does one job of the service.
    #[command(hide = true)]
    JobWorker,
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
