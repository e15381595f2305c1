//! Making writes outlive a power cut: fsync, and no second try after a failed one.

use std::{
    fs::File,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use crate::error::{CatalogError, file_error};

/// Whether the disk has kept every write so far.
///
/// After a failed fsync the system may have dropped the pages, and a second fsync would lie. So the first failure is
/// remembered, and every later write of the process is refused.
#[derive(Debug, Default)]
pub(crate) struct Durability {
    degraded: AtomicBool,
}

impl Durability {
    /// Refuses when an earlier write was not kept.
    pub(crate) fn check(&self) -> Result<(), CatalogError> {
        if self.degraded.load(Ordering::Acquire) { Err(CatalogError::Degraded) } else { Ok(()) }
    }

    /// Remembers that a write was not kept.
    pub(crate) fn lost(&self, place: &str) {
        if !self.degraded.swap(true, Ordering::AcqRel) {
            tracing::error!(place, "a write could not be made durable; no more writes are taken");
        }
    }

    /// Fsync of an open file.
    pub(crate) fn sync_file(&self, file: &File, place: &Path) -> Result<(), CatalogError> {
        self.check()?;
        file.sync_all().map_err(|cause| {
            self.lost(&place.display().to_string());
            file_error("make durable", place)(cause)
        })
    }

    /// Fsync of a directory, so that names created or renamed in it last.
    pub(crate) fn sync_dir(&self, dir: &Path) -> Result<(), CatalogError> {
        let handle = File::open(dir).map_err(file_error("open", dir))?;
        self.sync_file(&handle, dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_lost_write_nothing_is_written() {
        let durability = Durability::default();
        let dir = tempfile::tempdir().unwrap();
        durability.sync_dir(dir.path()).unwrap();
        durability.lost("blob");
        assert!(matches!(durability.sync_dir(dir.path()), Err(CatalogError::Degraded)));
        assert!(matches!(durability.check(), Err(CatalogError::Degraded)));
    }
}
