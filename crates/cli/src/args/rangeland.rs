//! Capacity, weather and surveyed plots.

use std::path::PathBuf;

use belcheer_domain::Years;
use clap::{Args, ValueEnum};

use super::RunArgs;

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
