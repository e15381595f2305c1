//! A piece of an upload: written, made durable, counted.

use std::{
    fs::{File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::PathBuf,
    sync::Arc,
};

use crate::{
    error::{CatalogError, check_time, file_error},
    failpoint::failpoint,
    statements,
    uploads::{Upload, UploadState},
    workspace::{Catalog, blocking},
};

/// A piece being written behind what is there; dropped without [`UploadPiece::commit`], it is as if it never came.
#[derive(Debug)]
pub struct UploadPiece {
    catalog: Catalog,
    id: String,
    path: PathBuf,
    file: Option<File>,
    from: u64,
    written: u64,
    room: u64,
}

impl Catalog {
    /// Opens an upload for a piece that begins at byte `from`, which must be the count of bytes received. Bytes that
    /// an interrupted piece left behind it are cut off. One piece at a time: the caller holds a lock of the upload.
    ///
    /// # Errors
    /// `UploadOffset` when `from` is another count, `UploadClosed` when no bytes are to come.
    pub async fn upload_piece(&self, upload: &Upload, from: u64) -> Result<UploadPiece, CatalogError> {
        if upload.state != UploadState::Receiving {
            return Err(CatalogError::UploadClosed);
        }
        if upload.received != from {
            return Err(CatalogError::UploadOffset { received: upload.received });
        }
        let path = self.upload_path(&upload.id);
        let opened = path.clone();
        let file = blocking(move || {
            let unusable = || file_error("open", &opened);
            // the first piece makes the file
            let mut file = OpenOptions::new().write(true).create(from == 0).open(&opened).map_err(unusable())?;
            if file.metadata().map_err(unusable())?.len() < from {
                return Err(unusable()(io::Error::other("bytes that were received are missing")));
            }
            file.set_len(from).map_err(unusable())?;
            file.seek(SeekFrom::Start(from)).map_err(unusable())?;
            Ok(file)
        })
        .await?;
        let (catalog, id) = (self.clone(), upload.id.clone());
        Ok(UploadPiece { catalog, id, path, file: Some(file), from, written: 0, room: upload.length - from })
    }
}

impl UploadPiece {
    /// Writes bytes behind what is there.
    ///
    /// # Errors
    /// `UploadTooLong` when there would be more than the upload's length; when the disk is full or failing.
    pub async fn write(&mut self, bytes: bytes::Bytes) -> Result<(), CatalogError> {
        let length = bytes.len() as u64;
        if self.written + length > self.room {
            return Err(CatalogError::UploadTooLong);
        }
        let Some(mut file) = self.file.take() else { return Err(CatalogError::Interrupted) };
        let path = self.path.clone();
        let file = blocking(move || {
            file.write_all(&bytes).map_err(file_error("write", &path))?;
            Ok(file)
        })
        .await?;
        self.file = Some(file);
        self.written += length;
        failpoint("piece.written");
        Ok(())
    }

    /// How many bytes there will be with this piece.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.from + self.written
    }

    /// Makes the piece durable and counts it; returns how many bytes are there now.
    ///
    /// # Errors
    /// When the disk or database cannot be written; `UploadOffset` when somebody else wrote meanwhile.
    pub async fn commit(mut self, at: &str) -> Result<u64, CatalogError> {
        const DOING: &str = "count the piece";
        check_time(at)?;
        if let Some(file) = self.file.take() {
            let (blobs, path) = (Arc::clone(self.catalog.blobs()), self.path.clone());
            let first = self.from == 0;
            blocking(move || {
                blobs.durability.sync_file(&file, &path)?;
                if first { blobs.durability.sync_dir(&blobs.layout.uploads) } else { Ok(()) }
            })
            .await?;
            failpoint("piece.synced");
        }
        let count = |bytes: u64| i64::try_from(bytes).map_err(|_| CatalogError::UploadLength);
        let statement = sqlx::query(statements::COUNT_PIECE)
            .bind(&self.id)
            .bind(count(self.from)?)
            .bind(count(self.offset())?)
            .bind(at);
        let counted = self.catalog.write(DOING, statement).await?;
        failpoint("piece.counted");
        if counted == 1 { Ok(self.offset()) } else { Err(CatalogError::UploadClosed) }
    }
}
