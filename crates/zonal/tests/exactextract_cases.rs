//! The recorded cases of exactextract's own tests (core 3b4926b, Python 0.3.0; Apache-2.0) as an outside oracle.
//!
//! Every check either agrees or is listed in `known_differences.rs` with its reason. A listed difference that
//! disappears fails too, so the list can only shrink.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a case that cannot be read must fail the test, and skipping must be said"
)]

#[path = "exactextract/calls.rs"]
mod calls;
#[path = "exactextract/coverage_cases.rs"]
mod coverage_cases;
#[path = "exactextract/geometry.rs"]
mod geometry;
#[path = "exactextract/known_differences.rs"]
mod known_differences;
#[path = "exactextract/oracle.rs"]
mod oracle;
#[path = "exactextract/stats_cases.rs"]
mod stats_cases;

use oracle::{Checks, cases_folder, read_json};

#[test]
fn coverage_of_every_polygon() {
    let Some(folder) = cases_folder() else { return };
    let mut checks = Checks::default();
    coverage_cases::run(&folder, &read_json(&folder.join("coverage_cases.json")), &mut checks);
    checks.compare(known_differences::COVERAGE, 37);
}

#[test]
fn statistics_of_listed_values() {
    let Some(folder) = cases_folder() else { return };
    let mut checks = Checks::default();
    stats_cases::run(&read_json(&folder.join("stats_cases.json")), &mut checks);
    checks.compare(known_differences::STATISTICS, 97);
}

#[test]
fn calls_of_exact_extract() {
    let Some(folder) = cases_folder() else { return };
    let mut files: Vec<_> =
        std::fs::read_dir(folder.join("calls")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut checks = Checks::default();
    for file in &files {
        calls::run(&read_json(file), &mut checks);
    }
    checks.compare(known_differences::CALLS, 239);
}
