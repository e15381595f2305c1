//! Where things lie in a workspace directory.

use std::path::{Path, PathBuf};

use belcheer_domain::Digest;

use crate::storage::MARK;

/// The paths of one workspace; all names are made here, none from a user's text.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// The workspace directory, absolute.
    pub(crate) root: PathBuf,
    /// `blobs`
    pub(crate) blobs: PathBuf,
    /// `tmp`, on the same file system as `blobs`
    pub(crate) tmp: PathBuf,
    /// `uploads`: files that are not all there yet
    pub(crate) uploads: PathBuf,
    /// `catalog.db`
    pub(crate) database: PathBuf,
}

impl Layout {
    /// The paths under a directory.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
            blobs: root.join("blobs"),
            tmp: root.join("tmp"),
            uploads: root.join("uploads"),
            database: root.join("catalog.db"),
        }
    }

    /// Whether the directory looks like a workspace.
    pub(crate) fn is_workspace(&self) -> bool {
        (self.database.is_file() || self.root.join(MARK).is_file()) && self.blobs.is_dir()
    }

    /// The directory of a blob: the first two hexadecimal digits.
    pub(crate) fn shard(&self, digest: Digest) -> PathBuf {
        self.blobs.join(shard_name(&digest.hex()))
    }

    /// The file of a blob.
    pub(crate) fn blob(&self, digest: Digest) -> PathBuf {
        let hex = digest.hex();
        self.blobs.join(shard_name(&hex)).join(hex)
    }
}

/// The place of a blob under the workspace, with `/` between the parts.
pub(crate) fn blob_key(digest: Digest) -> String {
    let hex = digest.hex();
    format!("blobs/{}/{hex}", shard_name(&hex))
}

/// The digest that a file `<shard>/<name>` stands for, if it is named as a blob is.
pub(crate) fn blob_digest(shard: &str, name: &str) -> Option<Digest> {
    let digest: Digest = format!("sha256:{name}").parse().ok()?;
    (shard_name(name) == shard).then_some(digest)
}

fn shard_name(hex: &str) -> &str {
    hex.get(..2).unwrap_or("00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_lies_in_the_shard_of_its_first_two_digits() {
        // SHA-256 of "abc", FIPS 180-4.
        let digest = Digest::of(b"abc");
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(blob_key(digest), format!("blobs/ba/{hex}"));
        assert!(Layout::new(Path::new("w")).blob(digest).ends_with(format!("blobs/ba/{hex}")));
        assert_eq!(blob_digest("ba", hex), Some(digest));
        assert_eq!(blob_digest("bb", hex), None);
        assert_eq!(blob_digest("ba", "ba78"), None);
        assert_eq!(blob_digest("BA", &hex.to_uppercase()), None);
    }
}
