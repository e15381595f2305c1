//! Content-addressed files, on the local disk or in S3-compatible storage: written once, named by their SHA-256,
//! re-hashed on read.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use belcheer_domain::Digest;

use crate::{
    durable::Durability,
    error::{CatalogError, file_error},
    failpoint::failpoint,
    layout::{Layout, blob_digest},
    remote::Remote,
    temp::TempFile,
};

/// The blobs of one workspace. Every method blocks; callers on an async runtime go through `blob_api`.
#[derive(Debug)]
pub(crate) struct Blobs {
    pub(crate) layout: Layout,
    pub(crate) durability: Durability,
    /// Where the blobs are instead, if not on the local disk.
    pub(crate) remote: Option<Remote>,
    /// Shard directories whose own name this process has made durable.
    shards: [AtomicBool; 256],
}

/// What lies under `blobs`.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Blobs, sorted.
    pub(crate) held: Vec<Digest>,
    /// Files that are no blob, as paths under the workspace, sorted.
    pub(crate) strangers: Vec<String>,
}

impl Blobs {
    /// The blobs of a workspace.
    pub(crate) fn new(layout: Layout, remote: Option<Remote>) -> Self {
        Self { layout, durability: Durability::default(), remote, shards: [const { AtomicBool::new(false) }; 256] }
    }

    /// Stores bytes. A blob already held is verified; a damaged one is replaced.
    pub(crate) fn put_bytes(&self, bytes: &[u8]) -> Result<Digest, CatalogError> {
        self.durability.check()?;
        if let Some(remote) = &self.remote {
            return remote.put_bytes(bytes);
        }
        let digest = Digest::of(bytes);
        if !self.holds(digest, bytes.len() as u64)? {
            let mut temp = TempFile::create(&self.layout.tmp)?;
            temp.write_all(bytes).map_err(file_error("write", temp.path()))?;
            self.finish(temp, digest)?;
        }
        self.sync_names(digest)?;
        Ok(digest)
    }

    /// Stores a file: moved when it lies directly in the workspace's `tmp` or `uploads`, else copied and left alone.
    pub(crate) fn put_file(&self, path: &Path) -> Result<Digest, CatalogError> {
        self.durability.check()?;
        let passing = [&self.layout.tmp, &self.layout.uploads].iter().any(|dir| path.parent() == Some(dir.as_path()));
        match &self.remote {
            None if passing => self.move_in(path),
            None => self.copy_in(path),
            Some(remote) => {
                let digest = remote.put_file(path)?;
                if passing {
                    fs::remove_file(path).map_err(file_error("remove", path))?;
                }
                Ok(digest)
            }
        }
    }

    fn copy_in(&self, path: &Path) -> Result<Digest, CatalogError> {
        let source = File::open(path).map_err(file_error("read", path))?;
        let mut temp = TempFile::create(&self.layout.tmp)?;
        let mut copied = Tee { source, copy: &mut temp, length: 0 };
        let digest = Digest::of_reader(&mut copied).map_err(file_error("copy", path))?;
        let length = copied.length;
        if !self.holds(digest, length)? {
            self.finish(temp, digest)?;
        }
        self.sync_names(digest)?;
        Ok(digest)
    }

    fn move_in(&self, path: &Path) -> Result<Digest, CatalogError> {
        let kind = fs::symlink_metadata(path).map_err(file_error("read", path))?;
        if !kind.is_file() {
            let cause = io::Error::new(io::ErrorKind::InvalidInput, "it is not a plain file");
            return Err(file_error("store", path)(cause));
        }
        let file = File::open(path).map_err(file_error("read", path))?;
        seal(&file, path)?;
        let digest = Digest::of_reader(&file).map_err(file_error("read", path))?;
        if self.holds(digest, kind.len())? {
            fs::remove_file(path).map_err(file_error("remove", path))?;
        } else {
            self.durability.sync_file(&file, path)?;
            self.make_shard(digest)?;
            fs::rename(path, self.layout.blob(digest)).map_err(file_error("move into place", path))?;
            failpoint("blob.moved");
        }
        self.sync_names(digest)?;
        Ok(digest)
    }

    fn finish(&self, temp: TempFile, digest: Digest) -> Result<(), CatalogError> {
        failpoint("blob.written");
        seal(temp.file(), temp.path())?;
        self.durability.sync_file(temp.file(), temp.path())?;
        failpoint("blob.synced");
        self.make_shard(digest)?;
        temp.rename(&self.layout.blob(digest))?;
        failpoint("blob.renamed");
        Ok(())
    }

    /// Whether a blob is held whole: right size, right hash. One that is not will be replaced.
    fn holds(&self, digest: Digest, length: u64) -> Result<bool, CatalogError> {
        let path = self.layout.blob(digest);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(cause) => return Err(file_error("read", &path)(cause)),
        };
        let held = file.metadata().map_err(file_error("read", &path))?;
        let whole = held.len() == length && Digest::of_reader(file).is_ok_and(|found| found == digest);
        if !whole {
            tracing::warn!(%digest, "a damaged stored file is replaced by the same content");
        }
        Ok(whole)
    }

    /// Whether a blob's file is there, with no look at its bytes.
    pub(crate) fn exists(&self, digest: Digest) -> Result<bool, CatalogError> {
        match &self.remote {
            None => Ok(self.layout.blob(digest).is_file()),
            Some(remote) => Ok(remote.length(digest)?.is_some()),
        }
    }

    /// The bytes of a blob, checked against its name.
    pub(crate) fn read(&self, digest: Digest) -> Result<Vec<u8>, CatalogError> {
        let bytes = match &self.remote {
            Some(remote) => remote.bytes(digest)?,
            None => {
                let mut bytes = Vec::new();
                let path = self.layout.blob(digest);
                self.open(digest)?.read_to_end(&mut bytes).map_err(file_error("read", &path))?;
                bytes
            }
        };
        if Digest::of(&bytes) == digest { Ok(bytes) } else { Err(CatalogError::Corrupt { digest }) }
    }

    /// Copies a blob to a new file, and checks the copy against its name.
    pub(crate) fn copy_out(&self, digest: Digest, path: &Path) -> Result<(), CatalogError> {
        match &self.remote {
            Some(remote) => fs::write(path, remote.bytes(digest)?).map_err(file_error("write", path))?,
            None => {
                let mut target = File::create_new(path).map_err(file_error("create", path))?;
                io::copy(&mut self.open(digest)?, &mut target).map_err(file_error("write", path))?;
            }
        }
        let copied = File::open(path).and_then(Digest::of_reader).map_err(file_error("read", path))?;
        if copied == digest { Ok(()) } else { Err(CatalogError::Corrupt { digest }) }
    }

    /// The digest of the bytes that a blob's file holds now.
    pub(crate) fn rehash(&self, digest: Digest) -> Result<Digest, CatalogError> {
        if let Some(remote) = &self.remote {
            return remote.bytes(digest).map(|bytes| Digest::of(&bytes));
        }
        let path = self.layout.blob(digest);
        Digest::of_reader(self.open(digest)?).map_err(file_error("read", &path))
    }

    fn open(&self, digest: Digest) -> Result<File, CatalogError> {
        let path = self.layout.blob(digest);
        File::open(&path).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => CatalogError::MissingBlob { digest },
            _ => file_error("read", &path)(cause),
        })
    }

    fn make_shard(&self, digest: Digest) -> Result<(), CatalogError> {
        let shard = self.layout.shard(digest);
        fs::create_dir_all(&shard).map_err(file_error("create", &shard))
    }

    /// Makes the blob's name durable, also when another process created it a moment ago.
    fn sync_names(&self, digest: Digest) -> Result<(), CatalogError> {
        self.durability.sync_dir(&self.layout.shard(digest))?;
        failpoint("blob.named");
        let index = usize::from_str_radix(digest.hex().get(..2).unwrap_or("0"), 16).unwrap_or(0);
        let Some(known) = self.shards.get(index) else { return Ok(()) };
        if !known.load(Ordering::Acquire) {
            self.durability.sync_dir(&self.layout.blobs)?;
            known.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// Everything under `blobs`, in order.
    pub(crate) fn list(&self) -> Result<Listing, CatalogError> {
        if let Some(remote) = &self.remote {
            return remote.list();
        }
        let mut listing = Listing::default();
        for (shard, is_dir) in entries(&self.layout.blobs)? {
            if !is_dir {
                listing.strangers.push(format!("blobs/{shard}"));
                continue;
            }
            for (name, is_dir) in entries(&self.layout.blobs.join(&shard))? {
                match blob_digest(&shard, &name) {
                    Some(digest) if !is_dir => listing.held.push(digest),
                    _ => listing.strangers.push(format!("blobs/{shard}/{name}")),
                }
            }
        }
        Ok(listing)
    }
}

/// The names in a directory, sorted, each with whether it is a directory.
pub(crate) fn entries(dir: &Path) -> Result<Vec<(String, bool)>, CatalogError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(file_error("list", dir))? {
        let entry = entry.map_err(file_error("list", dir))?;
        let is_dir = entry.file_type().map_err(file_error("list", dir))?.is_dir();
        names.push((entry.file_name().to_string_lossy().into_owned(), is_dir));
    }
    names.sort();
    Ok(names)
}

/// Takes write permission away: a blob never changes.
fn seal(file: &File, path: &Path) -> Result<(), CatalogError> {
    #[cfg(unix)]
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o444);
    #[cfg(not(unix))]
    let permissions = {
        let mut permissions = file.metadata().map_err(file_error("read", path))?.permissions();
        permissions.set_readonly(true);
        permissions
    };
    file.set_permissions(permissions).map_err(file_error("seal", path))
}

/// A reader that keeps a copy of what passes.
struct Tee<'a> {
    source: File,
    copy: &'a mut TempFile,
    length: u64,
}

impl Read for Tee<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(buffer)?;
        self.copy.write_all(buffer.get(..n).unwrap_or(&[]))?;
        self.length += n as u64;
        Ok(n)
    }
}
