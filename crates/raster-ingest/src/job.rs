//! The job that goes through the door, and the child's entry.

use std::path::PathBuf;

use belcheer_domain::{Finding, RasterMeta, RasterState};
use belcheer_door::{Handled, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ConvertOptions, child, magic::FileKind};

/// Kind of the one job of this crate.
pub const CONVERT: &str = "raster.convert";

/// Convert a private copy.
#[derive(Debug, Serialize, Deserialize)]
pub struct ConvertJob {
    /// The private copy.
    pub source: PathBuf,
    /// Its kind by magic bytes.
    pub file_kind: FileKind,
    /// Where the result goes.
    pub output: PathBuf,
    /// The file's name as the user knows it.
    pub input: String,
    /// How many threads may code tiles.
    pub threads: usize,
    /// What the user says about it.
    pub options: ConvertOptions,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct ConvertReply {
    /// What is known of the result.
    pub meta: RasterMeta,
    /// Whether it may be assessed.
    pub state: RasterState,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Serves the jobs of this crate in the child; `None` for any other kind.
#[must_use]
pub fn handle(kind: &str, body: Value) -> Handled {
    (kind == CONVERT).then(|| {
        let broken = |_| Refusal::new("job_form", "", "the job is not understood", "даалгаврыг ойлгосонгүй");
        let job: ConvertJob = serde_json::from_value(body).map_err(broken)?;
        let reply = child::convert(&job)?;
        serde_json::to_value(reply).map_err(broken)
    })
}
