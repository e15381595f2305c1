//! Why a block could not be computed.

use belcheer_cog::CogError;

/// An error of one block, or of the inputs of all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlockError {
    /// An input cannot be opened from this machine.
    #[error(
        "{name} at {place} cannot be opened on {host}: {reason}; check that every machine sees the same path and has the same variables set"
    )]
    Input {
        /// Name of the raster, or what it is.
        name: String,
        /// Store and path.
        place: String,
        /// The machine that tried.
        host: String,
        /// What the reader said.
        reason: String,
        /// Whether trying again may help.
        transient: bool,
    },
    /// A raster has another grid than the job says.
    #[error("{name} has {found} cells but the series has {expected}; bring the years to one grid first")]
    Grid {
        /// The raster.
        name: String,
        /// Columns and rows of the job.
        expected: String,
        /// Columns and rows found.
        found: String,
    },
    /// A part of a raster cannot be read.
    #[error(
        "block {block} of {name} cannot be read: {reason}; what was computed is kept: mend the file and run again with --resume"
    )]
    Read {
        /// The block.
        block: String,
        /// The raster.
        name: String,
        /// What the reader said.
        reason: String,
        /// Whether trying again may help.
        transient: bool,
    },
    /// Zones or mask cannot be laid on a block.
    #[error("block {block}: the zones cannot be laid on it: {reason}")]
    Overlay {
        /// The block.
        block: String,
        /// What went wrong.
        reason: String,
    },
    /// A piece cannot be stored.
    #[error(
        "the partial sums of block {block} cannot be kept at {place}: {reason}; make room and run again with --resume"
    )]
    Keep {
        /// The block.
        block: String,
        /// Where.
        place: String,
        /// What the store said.
        reason: String,
    },
    /// The job was written by another version of the program.
    #[error("the job was written by {theirs} and this is {ours} on {host}; install the same version on every machine")]
    Version {
        /// Version of the client.
        theirs: String,
        /// This version.
        ours: String,
        /// The machine.
        host: String,
    },
    /// The rows of an engine are not in their order.
    #[error(
        "the engine's rows are out of order at zone {zone}, year {year}; this is a fault of the program, report it"
    )]
    Order {
        /// Zone of the row.
        zone: u32,
        /// Year of the row.
        year: i32,
    },
    /// No zone touches the grid.
    #[error("none of the {zones} zones touches the grid of {name}; check the coordinate system of both")]
    NoOverlap {
        /// How many zones there are.
        zones: usize,
        /// The raster.
        name: String,
    },
}

impl BlockError {
    /// Whether trying again may help.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Input { transient: true, .. } | Self::Read { transient: true, .. })
    }
}

/// Whether another try may read what this one could not.
pub(super) fn is_transient(error: &CogError) -> bool {
    use object_store::Error as E;
    matches!(error, CogError::Store { source, .. }
    if !matches!(
        **source,
        E::NotFound { .. } | E::PermissionDenied { .. } | E::Unauthenticated { .. } | E::Precondition { .. }
    ))
}

/// The name of this machine, for messages.
pub(super) fn host() -> String {
    let named = std::env::var("HOSTNAME").ok().filter(|name| !name.is_empty());
    let named = named.or_else(|| std::fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned()));
    format!("{} (process {})", named.unwrap_or_else(|| "this machine".to_owned()), std::process::id())
}
