//! What one child may use.

use serde::{Deserialize, Serialize};

/// Limits of one child process; each is set before the job's bytes are touched.
///
/// The defaults fit one file of a few hundred megabytes. They bound harm, they do not tune speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Address space, bytes; libraries included.
    pub address_space: u64,
    /// Processor time, seconds.
    pub cpu_seconds: u64,
    /// Largest file the child may write, bytes.
    pub file_size: u64,
    /// Open files.
    pub open_files: u64,
    /// Time on the clock, seconds; the parent kills the child after it.
    pub wall_seconds: u64,
    /// Largest answer the parent reads, bytes.
    pub answer_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            address_space: 3 << 29,
            cpu_seconds: 120,
            file_size: 16 << 30,
            open_files: 64,
            wall_seconds: 300,
            answer_bytes: 256 << 20,
        }
    }
}
