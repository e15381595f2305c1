//! Who has the workspace open: file locks that a dying process gives back by itself.
//!
//! `.opening` is held alone while a process opens the workspace; `.in-use` is shared by all that have it open. Whoever
//! opens it and finds nobody inside may clear `tmp`, since no one can be writing there.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::Path,
};

use crate::{
    blobs::entries,
    error::{CatalogError, file_error},
    layout::Layout,
};

/// Held for as long as the workspace is open.
#[derive(Debug)]
pub(crate) struct Presence {
    _in_use: File,
}

/// Held while the workspace is being opened, so that two programs do not migrate it at once.
#[derive(Debug)]
pub(crate) struct Opening {
    _lock: File,
}

/// Enters a workspace: waits for others that are entering, clears leftovers when nobody is inside. Blocks.
pub(crate) fn enter(layout: &Layout) -> Result<(Opening, Presence), CatalogError> {
    let opening = lock_file(&layout.root.join(".opening"))?;
    opening.lock().map_err(file_error("lock", &layout.root))?;
    let in_use = lock_file(&layout.root.join(".in-use"))?;
    match in_use.try_lock() {
        Ok(()) => {
            clear(&layout.tmp)?;
            in_use.unlock().map_err(file_error("unlock", &layout.root))?;
        }
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(cause)) => return Err(file_error("lock", &layout.root)(cause)),
    }
    // workspaces of older releases have no such folder
    fs::create_dir_all(&layout.uploads).map_err(file_error("create", &layout.uploads))?;
    in_use.lock_shared().map_err(file_error("lock", &layout.root))?;
    Ok((Opening { _lock: opening }, Presence { _in_use: in_use }))
}

fn lock_file(path: &Path) -> Result<File, CatalogError> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(file_error("open the lock file", path))
}

/// Removes what an interrupted run left in `tmp`.
fn clear(tmp: &Path) -> Result<(), CatalogError> {
    fs::create_dir_all(tmp).map_err(file_error("create", tmp))?;
    for (name, is_dir) in entries(tmp)? {
        let path = tmp.join(&name);
        tracing::info!(name, "removing what an interrupted run left");
        let removed = if is_dir { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        match removed {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(file_error("remove", &path)(cause)),
            _ => {}
        }
    }
    Ok(())
}
