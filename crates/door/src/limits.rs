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

#[cfg(test)]
mod tests {
    use belcheer_tests::limits::documented;

    use super::*;

    #[test]
    fn the_table_of_limits_is_true() {
        let limits = Limits::default();
        for (limit, value) in [
            ("address_space", limits.address_space),
            ("cpu_seconds", limits.cpu_seconds),
            ("file_size", limits.file_size),
            ("open_files", limits.open_files),
            ("wall_seconds", limits.wall_seconds),
            ("answer_bytes", limits.answer_bytes),
        ] {
            assert_eq!(documented(limit), value, "{limit}");
        }
    }
}
