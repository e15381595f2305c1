//! Why a file could not be read through the gate.

use belcheer_door::{DoorError, Refusal};

/// What may come back instead of records.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The input was refused; nothing of it was used.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The reading process could not be run, or died on the file.
    #[error(transparent)]
    Door(DoorError),
    /// No handler of this crate knows the kind of job.
    #[error("no reader for jobs of kind `{0}`; parent and reader are of different versions")]
    UnknownKind(String),
    /// The answer is not of the agreed shape.
    #[error("the answer to `{kind}` could not be understood: {reason}")]
    Reply {
        /// Kind of job that was asked.
        kind: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl From<DoorError> for IngestError {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::Refused(refusal) => Self::Refused(refusal),
            other => Self::Door(other),
        }
    }
}
