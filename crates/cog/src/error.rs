//! Why a raster, or one of its tiles, cannot be read.

/// Why a raster cannot be opened or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CogError {
    /// The store did not give the bytes; trying again may help.
    #[error("cannot read {path} from its store; check that it is there and may be read")]
    Store {
        /// Path within the store.
        path: String,
        /// What the store said.
        #[source]
        source: Box<object_store::Error>,
    },
    /// The first bytes are not those of a TIFF.
    #[error("not a TIFF: the first bytes name another format; convert the file to GeoTIFF")]
    NotTiff,
    /// The file ends before something its header promises.
    #[error("{what} ends at byte {end} but the file has {file_bytes} bytes; copy the file again")]
    Truncated {
        /// What lies past the end.
        what: &'static str,
        /// First byte after it.
        end: u64,
        /// Length of the file.
        file_bytes: u64,
    },
    /// The header contradicts the format or itself.
    #[error("malformed {what}: {reason}; write the file again")]
    Malformed {
        /// Tag or structure.
        what: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The header asks for more than a limit allows.
    #[error("{what} is {found}, above the limit of {limit}; split the raster or raise the limit")]
    Limit {
        /// What is limited.
        what: &'static str,
        /// What the file asks for.
        found: u64,
        /// What is allowed.
        limit: u64,
    },
    /// A sound TIFF of a kind that is not read here.
    #[error("{what} is not supported; convert the file to a tiled GeoTIFF with DEFLATE or ZSTD tiles")]
    Unsupported {
        /// The kind, in words.
        what: String,
    },
    /// There is no such band.
    #[error("band {band} does not exist; bands run from 0 to {bands} exclusive")]
    NoBand {
        /// Band asked for, from 0.
        band: u32,
        /// Number of bands.
        bands: u32,
    },
    /// There is no such level.
    #[error("level {level} does not exist; levels run from 0 (full size) to {levels} exclusive")]
    NoLevel {
        /// Level asked for.
        level: usize,
        /// Number of levels.
        levels: usize,
    },
    /// The window leaves the raster.
    #[error(
        "window of {rows} x {cols} cells at row {row}, column {col} leaves the raster of {height} x {width}; clip it first"
    )]
    Outside {
        /// First row.
        row: u32,
        /// First column.
        col: u32,
        /// Rows.
        rows: u32,
        /// Columns.
        cols: u32,
        /// Rows of the raster at that level.
        height: u32,
        /// Columns of the raster at that level.
        width: u32,
    },
    /// A tile cannot be decoded.
    #[error("tile at row {row}, column {col} of level {level}: {fault}; write the file again")]
    Tile {
        /// Level, 0 = full size.
        level: usize,
        /// Row of the tile in the grid of tiles.
        row: u32,
        /// Column of the tile in the grid of tiles.
        col: u32,
        /// What is wrong with it.
        fault: TileFault,
    },
    /// The threads that decode were lost.
    #[error("tile decoding was interrupted; read the window again")]
    Interrupted,
}

impl CogError {
    /// Whether the same call may succeed later: the store failed in a way that passes, or decoding was interrupted.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        use object_store::Error as Store;
        match self {
            Self::Interrupted => true,
            Self::Store { source, .. } => !matches!(
                **source,
                Store::NotFound { .. }
                    | Store::InvalidPath { .. }
                    | Store::NotSupported { .. }
                    | Store::PermissionDenied { .. }
                    | Store::Unauthenticated { .. }
                    | Store::Precondition { .. }
            ),
            _ => false,
        }
    }
}

/// What is wrong with a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TileFault {
    /// Its bytes lie past the end of the file.
    #[error("its bytes lie past the end of the file")]
    PastEnd,
    /// It has a length but no place.
    #[error("it has a length but no offset")]
    NoOffset,
    /// Its stored form is longer than any coding of the tile can be.
    #[error("it is stored in {stored} bytes, more than {most} can be")]
    TooLong {
        /// Stored bytes.
        stored: u64,
        /// The most that makes sense.
        most: u64,
    },
    /// The compressed stream is broken.
    #[error("its compressed stream is damaged")]
    Damaged,
    /// It decodes to more than the tile holds.
    #[error("it decodes to more than the tile's {expected} bytes")]
    Overlong {
        /// Size of the tile.
        expected: usize,
    },
    /// It decodes to less than the tile holds.
    #[error("it decodes to {found} of {expected} bytes")]
    Short {
        /// Decoded bytes.
        found: usize,
        /// Bytes needed.
        expected: usize,
    },
    /// It uses the LZW bit order of writers before TIFF 5.
    #[error("it uses the old LZW bit order, which is not supported")]
    OldLzw,
}

pub(crate) fn unsupported(what: impl Into<String>) -> CogError {
    CogError::Unsupported { what: what.into() }
}

pub(crate) const fn malformed(what: &'static str, reason: &'static str) -> CogError {
    CogError::Malformed { what, reason }
}

/// `found` if it is within `limit`.
pub(crate) const fn within(what: &'static str, found: u64, limit: u64) -> Result<u64, CogError> {
    if found > limit { Err(CogError::Limit { what, found, limit }) } else { Ok(found) }
}
