//! Files made to do harm, each with what must become of it: the table that the tests of the door go through.
//!
//! Every file is made by code from nothing but the project's own samples, so each trick can be read. A file that is
//! read in spite of its trick is there because the trick must not work: it is accepted with a finding, and nothing else
//! happens.

mod databases;
mod disguises;
mod geometry;
mod json;
mod lm2;
mod rasters;
mod shapefiles;
mod tables;
mod tiff;
mod workbooks;
mod zip;
mod zips;

pub use databases::database_with;
pub use tiff::{Directory, Value};
pub use zip::{Entry, Zip, deflated};

/// Where files that try to reach the network try to reach it; nothing may ever arrive there.
pub const BAIT: &str = "127.0.0.1:47113";

/// A file of this machine that files try to have read.
pub const SECRET: &str = "/etc/passwd";

/// What kind of harm is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Something else under a raster's, layer's or table's name.
    Disguise,
    /// Sizes and counts that ask for memory.
    Size,
    /// Little that unpacks to much.
    Bomb,
    /// Directories of a TIFF that loop, overlap or point outside.
    Directory,
    /// Numbers that place a raster nowhere.
    Georeference,
    /// Archives that lie about what is in them.
    Zip,
    /// Shapefiles whose counts lie.
    Shapefile,
    /// Polygons that are none.
    Geometry,
    /// Tricks of JSON.
    Json,
    /// Databases that do something.
    Database,
    /// Tables of text.
    Table,
    /// Workbooks.
    Workbook,
    /// The land agency's export.
    Lm2,
}

/// What a file is handed in as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// A raster.
    Raster,
    /// Boundaries of soums.
    Boundaries,
    /// A table of biomass plots.
    Plots,
    /// The land agency's export.
    Lm2,
}

impl Handed {
    /// The arguments of the program that take in the file at `path`.
    #[must_use]
    pub fn arguments(self, path: &str) -> Vec<&str> {
        let (before, after): (&[&str], &[&str]) = match self {
            Self::Raster => (&["raster"], &["--product", "ndvi", "--date", "2014", "--scale", "1", "--offset", "0"]),
            Self::Boundaries => (&["boundaries"], &["--level", "soum"]),
            Self::Plots => (&["table"], &["--kind", "biomass-plots"]),
            Self::Lm2 => (&["table"], &["--kind", "lm2"]),
        };
        [&["ingest"], before, &[path], after].concat()
    }
}

/// What must become of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// It is refused with this code.
    Refused(&'static str),
    /// It is read, and a finding of this code tells of it.
    Finding(&'static str),
}

/// A file made to do harm.
#[derive(Debug, Clone)]
pub struct HostileFile {
    /// Its name, of no other file of the table.
    pub name: &'static str,
    /// What harm is tried.
    pub class: Class,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Files that must lie beside it, each by its name; without them the table's file is complete.
    pub beside: Vec<(&'static str, Vec<u8>)>,
    /// What it is handed in as.
    pub handed: Handed,
    /// What must become of it.
    pub expected: Expected,
}

impl HostileFile {
    fn refused(class: Class, handed: Handed, name: &'static str, code: &'static str, bytes: Vec<u8>) -> Self {
        Self { name, class, bytes, beside: Vec::new(), handed, expected: Expected::Refused(code) }
    }

    fn found(class: Class, handed: Handed, name: &'static str, code: &'static str, bytes: Vec<u8>) -> Self {
        Self { name, class, bytes, beside: Vec::new(), handed, expected: Expected::Finding(code) }
    }
}

/// Every file of the table.
///
/// # Panics
/// When the project's samples, from which databases are made, are not there.
#[must_use]
pub fn files() -> Vec<HostileFile> {
    [
        disguises::files(),
        rasters::files(),
        zips::files(),
        shapefiles::files(),
        geometry::files(),
        json::files(),
        databases::files(),
        tables::files(),
        workbooks::files(),
        lm2::files(),
    ]
    .concat()
}
