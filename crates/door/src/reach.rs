//! Which files a child may touch.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The files that one job needs; where the kernel can, the child is kept from all others.
///
/// Beside these a child reads the libraries and format tables of the system, and has an empty folder of its own for
/// temporary files, which is gone with it.
///
/// ```
/// use belcheer_door::Reach;
/// let reach = Reach::default().read("herders.csv").write("results");
/// assert_eq!((reach.files.len(), reach.outputs.len()), (1, 1));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Files that may be read, and folders that may be read with all that is in them.
    pub files: Vec<PathBuf>,
    /// Folders whose names may be listed; what is in them is not read.
    pub listed: Vec<PathBuf>,
    /// Folders in which files may be read, made, changed and removed.
    pub outputs: Vec<PathBuf>,
}

impl Reach {
    /// Adds a file, or a folder with all that is in it, to be read.
    #[must_use]
    pub fn read(mut self, path: impl AsRef<Path>) -> Self {
        self.files.push(path.as_ref().to_path_buf());
        self
    }

    /// Adds a folder whose names may be listed.
    #[must_use]
    pub fn list(mut self, folder: impl AsRef<Path>) -> Self {
        self.listed.push(folder.as_ref().to_path_buf());
        self
    }

    /// Adds a folder in which files may be written.
    #[must_use]
    pub fn write(mut self, folder: impl AsRef<Path>) -> Self {
        self.outputs.push(folder.as_ref().to_path_buf());
        self
    }
}
