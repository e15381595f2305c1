//! Files to records through the same jobs that the child process runs.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod boundaries;
mod hostile;
mod made;
mod shared;
mod tables;
mod writing;
