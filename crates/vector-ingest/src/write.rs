//! Our own polygons for other programs: GeoPackage and GeoJSON with typed columns.

pub(crate) mod geojson;
pub(crate) mod geopackage;
pub(crate) mod rows;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The file system said no.
    #[error("{name} cannot be written: {source}")]
    Io {
        /// File name.
        name: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The writing library said no.
    #[error("{name} cannot be written: {reason}")]
    Library {
        /// File name.
        name: String,
        /// What it said.
        reason: String,
    },
    /// A row does not fit the columns.
    #[error("row {row} does not fit the columns of {name}: {reason}")]
    Row {
        /// File name.
        name: String,
        /// Row, from 1.
        row: usize,
        /// What does not fit.
        reason: String,
    },
}
