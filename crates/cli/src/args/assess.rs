//! Assessments, inquiries into them, regions, and the servers of a cluster.

use std::net::SocketAddr;
use std::path::PathBuf;

use belcheer_domain::records::Level;
use belcheer_domain::{Digest, SoumCode, Years};
use clap::{Args, Subcommand, ValueEnum};

use super::SourceArgs;

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
    /// Levels of zones, by comma: soum, bag, pug, aimag, zone. The soum is always assessed.
    #[arg(long, value_delimiter = ',', default_value = "soum", value_parser = clap::builder::ValueParser::new(|s: &str| s.parse::<Level>()))]
    pub level: Vec<Level>,
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

/// What to report.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Soum code, such as 06404
    pub soum: String,
    /// The cycle; the latest when absent
    #[arg(long)]
    pub cycle: Option<String>,
    /// The language
    #[arg(long, value_enum, default_value_t = ReportLang::Mn)]
    pub lang: ReportLang,
    /// The file: .html or .pdf
    #[arg(short, long)]
    pub output: PathBuf,
}

/// The language of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportLang {
    /// Mongolian
    Mn,
    /// English
    En,
}

impl ReportLang {
    /// The language's tag.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mn => "mn",
            Self::En => "en",
        }
    }
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
