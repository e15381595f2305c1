//! What runner and worker tell each other: one order in, lines of JSON out. The worker's input stays open for as long
//! as it is wanted.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a worker is to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The job.
    pub id: String,
    /// What kind of job it is.
    pub kind: String,
    /// Who asked for it.
    pub owner: String,
    /// What it is about.
    pub subject: String,
    /// With which parameters.
    pub request: Value,
}

/// Why a job could not be done, for the person who asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable machine code, snake case.
    pub code: String,
    /// One English sentence: what is wrong and what to do.
    pub text_en: String,
    /// The same in Mongolian.
    pub text_mn: String,
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is done.
    Done(Value),
    /// It cannot be done with this input; trying again is of no use.
    Refused(Problem),
    /// Something else went wrong; it is tried again. The text is for the log.
    Broken(String),
}

/// One line of a worker.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Line {
    /// How far it is.
    Step { stage: String, done: u64, total: u64 },
    /// The last line.
    End(Outcome),
}
