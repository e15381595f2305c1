//! Why a raster did not come in.

use std::io;

use belcheer_door::{DoorError, Refusal};

/// Why [`convert`](crate::convert) gave nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestRasterError {
    /// The file cannot be used; the refusal tells what to do.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The reader could not be run; the file is not to blame.
    #[error("the raster reader could not be run: {0}")]
    Reader(#[source] DoorError),
    /// The source could not be read.
    #[error("{file}: the file could not be read to its end, copy it to another disk and try again: {source}")]
    Source {
        /// The file's name.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// The result could not be written.
    #[error("the converted raster could not be written, see that the disk has room: {0}")]
    Output(#[source] io::Error),
}
