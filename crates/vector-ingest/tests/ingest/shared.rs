//! The real files beside the project, where they are.

use std::path::{Path, PathBuf};

use belcheer_domain::{Finding, records::Level};
use belcheer_vector_ingest::{Boundaries, BoundaryJob, InProcess, IngestError, SoumIndex, read_boundaries};

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
/// A real file; `None`, with a remark, when it is not here.
pub fn file(name: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("BELCHEER_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => {
            Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).ancestors().nth(3)?.join("shared")
        }
    };
    let path = root.join("data").join(name);
    if path.exists() {
        Some(path)
    } else {
        println!("skipped: no shared data ({name})");
        None
    }
}

pub fn boundaries(path: &Path, level: Level) -> Boundaries {
    read_boundaries(&InProcess, &BoundaryJob::new(path, level), None).unwrap()
}

/// The soums of the main set of boundaries.
pub fn soums() -> Option<SoumIndex> {
    let path = file("boundaries/soum_cod_v3.gpkg")?;
    Some(SoumIndex::new(&boundaries(&path, Level::Soum).units))
}

pub fn found<'a>(findings: &'a [Finding], code: &str) -> Vec<&'a Finding> {
    findings.iter().filter(|f| f.code == code).collect()
}

pub fn count(findings: &[Finding], code: &str) -> u64 {
    found(findings, code).iter().map(|f| f.count).sum()
}

/// The code of a refusal.
pub fn refused<T>(result: Result<T, IngestError>) -> String {
    match result {
        Err(IngestError::Refused(refusal)) => refusal.code,
        Err(other) => panic!("{other}"),
        Ok(_) => "accepted".to_owned(),
    }
}
