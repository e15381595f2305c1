//! A temporary file of the workspace, gone when dropped.

use std::{
    io,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::error::{CatalogError, file_error};

/// A file in the workspace's `tmp`, on the same file system as the blobs.
///
/// Write to it here, or let another program write to [`TempFile::path`]; then hand the path to
/// [`Catalog::put_file`](crate::Catalog::put_file), which moves it in without a copy. Dropped, the file is removed.
#[derive(Debug)]
pub struct TempFile {
    inner: NamedTempFile,
}

impl TempFile {
    /// A new empty file in `dir`.
    pub(crate) fn create(dir: &Path) -> Result<Self, CatalogError> {
        tempfile::Builder::new()
            .prefix("part-")
            .tempfile_in(dir)
            .map(|inner| Self { inner })
            .map_err(file_error("create a file in", dir))
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.inner.path()
    }

    /// The open file.
    pub(crate) fn file(&self) -> &std::fs::File {
        self.inner.as_file()
    }

    /// Renames the file; it is no longer temporary.
    pub(crate) fn rename(self, to: &Path) -> Result<(), CatalogError> {
        let from: PathBuf = self.path().to_path_buf();
        self.inner.persist(to).map(drop).map_err(|e| file_error("move into place", &from)(e.error))
    }
}

impl AsRef<Path> for TempFile {
    fn as_ref(&self) -> &Path {
        self.path()
    }
}

impl io::Write for TempFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
