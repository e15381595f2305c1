//! Rasters through the door: made files with known answers, hostile files, and real ones.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test stops at what it did not expect")]

mod hostile;
mod made;
mod own;
mod real;
mod support;
