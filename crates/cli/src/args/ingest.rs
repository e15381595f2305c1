//! What is taken in, and how.

use std::path::PathBuf;

use belcheer_domain::records::Level;
use clap::{Args, Subcommand, ValueEnum};

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
