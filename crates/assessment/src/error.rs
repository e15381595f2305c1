//! Why an assessment could not be made.

use belcheer_domain::SchemeError;

/// An error of planning, computing or writing an assessment.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AssessmentError {
    /// The workspace holds no soum boundaries.
    #[error("the workspace holds no soum boundaries; run: belcheer ingest boundaries FILE --level soum")]
    NoSoums,
    /// The periods cannot be compared.
    #[error("baseline {baseline} and reporting {reporting} overlap or are out of order; the baseline must end first")]
    Periods {
        /// The baseline as asked.
        baseline: String,
        /// The reporting period as asked.
        reporting: String,
    },
    /// A soum was asked for that the boundaries do not hold.
    #[error("no soum {0} in the ingested boundaries; list them with: belcheer assess --soums all --dry-run")]
    UnknownSoum(String),
    /// The scheme document or one of its parameter sets is not valid.
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    /// A parameter set that was named does not exist or lacks something.
    #[error("the parameters: {0}")]
    ParameterSet(String),
    /// The scheme names a parameter set that does not exist.
    #[error("the scheme's parameters.{field}: {reason}")]
    SchemeParameter {
        /// The field of the scheme's parameters.
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The scheme document was refused, with the line.
    #[error("line {line}: {reason}")]
    SchemeLine {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A stored raster could not be read.
    #[error("raster {name} could not be read: {reason}; run belcheer doctor")]
    Raster {
        /// The raster's name.
        name: String,
        /// What the reader said.
        reason: String,
    },
    /// Zones could not be put on a raster's grid.
    #[error("the zones could not be put on the grid of {name}: {reason}")]
    Zones {
        /// The raster's name.
        name: String,
        /// What went wrong.
        reason: String,
    },
    /// A block could not be computed.
    #[error(transparent)]
    Block(#[from] crate::blocks::BlockError),
    /// A block could not be computed where an engine had carried it; another submission would only repeat it.
    #[error("{0}")]
    CarriedBlock(String),
    /// The engine that carries blocks failed.
    #[error("{engine}: {reason}")]
    Engine {
        /// Its name.
        engine: &'static str,
        /// What it said.
        reason: String,
    },
    /// The catalog failed.
    #[error(transparent)]
    Catalog(#[from] belcheer_catalog::CatalogError),
    /// An input was refused at the door.
    #[error("{0}")]
    Refused(String),
    /// An output could not be written.
    #[error("the output could not be written: {0}")]
    Output(String),
}

macro_rules! output_error {
    ($($source:ty),+) => {
        $(impl From<$source> for AssessmentError {
            fn from(error: $source) -> Self {
                Self::Output(error.to_string())
            }
        })+
    };
}
output_error!(
    std::io::Error,
    csv::Error,
    arrow::error::ArrowError,
    parquet::errors::ParquetError,
    serde_json::Error,
    belcheer_raster_ingest::WriteError
);
