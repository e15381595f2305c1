//! Uploads: files that arrive in pieces, and the drafts that they become.
//!
//! The bytes lie in `uploads/<id>` until all are there, then as a blob. What is acknowledged is on disk: the piece
//! first, then the row that counts it. After a crash the row is right, and bytes behind its count are cut off.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use belcheer_domain::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::any::AnyRow;

use crate::{
    blobs::Blobs,
    database::{Columns, database_error},
    error::{CatalogError, check_time, file_error},
    failpoint::failpoint,
    jobs::text_of,
    statements,
    words::words,
    workspace::{Catalog, blocking},
};

words!(
    /// What has become of an upload.
    UploadState {
        /// Bytes are still to come.
        Receiving = "receiving",
        /// All bytes are there; it is a draft.
        Received = "received",
        /// It became data sets.
        Accepted = "accepted",
        /// Its owner gave it up.
        Discarded = "discarded",
        /// It was not finished in time.
        Expired = "expired",
    }
);

/// An upload to be begun.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUpload {
    /// A name that nobody can guess: 1 to 64 small letters, digits and dashes.
    pub id: String,
    /// Whose it is.
    pub owner: String,
    /// The file's name as its owner knows it.
    pub file_name: String,
    /// What was said with the first request, as the protocol has it.
    pub meta: Value,
    /// Bytes in all.
    pub length: u64,
    /// What its owner says of the file.
    pub options: Value,
    /// When it is begun, RFC 3339.
    pub at: String,
    /// When it is given up if it is not finished, RFC 3339.
    pub expires_at: String,
}

/// An upload or draft as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Upload {
    /// Its place in the order of arrival.
    pub sequence: u64,
    /// Its name.
    pub id: String,
    /// Whose it is.
    pub owner: String,
    /// The file's name.
    pub file_name: String,
    /// What was said with the first request.
    pub meta: Value,
    /// Bytes in all.
    pub length: u64,
    /// Bytes that are here for good.
    pub received: u64,
    /// What has become of it.
    pub state: UploadState,
    /// The blob, once all bytes are there.
    pub blob: Option<Digest>,
    /// What its owner says of the file.
    pub options: Value,
    /// How often that was changed.
    pub revision: u64,
    /// What was seen in the file, and at which revision.
    pub preview: Option<Value>,
    /// The data sets that it became.
    pub datasets: Vec<Digest>,
    /// When it was begun, RFC 3339.
    pub created_at: String,
    /// When it changed last, RFC 3339.
    pub changed_at: String,
    /// When it is given up if it is not finished, RFC 3339.
    pub expires_at: String,
}

/// What one owner, or everybody, has in uploads that are not yet accepted or given up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UploadUsage {
    /// Uploads.
    pub uploads: u64,
    /// Bytes that they will have.
    pub bytes: u64,
}

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
    /// Begins an upload; durable when this returns.
    ///
    /// # Errors
    /// `UploadName` when the id has no valid form; when the disk or database cannot be written.
    pub async fn begin_upload(&self, upload: &NewUpload) -> Result<(), CatalogError> {
        const DOING: &str = "begin the upload";
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if !(1..=64).contains(&upload.id.len()) || !upload.id.bytes().all(plain) {
            return Err(CatalogError::UploadName);
        }
        check_time(&upload.at)?;
        check_time(&upload.expires_at)?;
        let meta = text_of("what was said of the upload", &upload.meta)?;
        let options = text_of("the options of the upload", &upload.options)?;
        let length = i64::try_from(upload.length).map_err(|_| CatalogError::UploadLength)?;
        let (blobs, path) = (Arc::clone(self.blobs()), self.upload_path(&upload.id));
        blocking(move || {
            blobs.durability.check()?;
            fs::create_dir_all(&blobs.layout.uploads).map_err(file_error("create", &blobs.layout.uploads))?;
            let file = File::create_new(&path).map_err(file_error("create", &path))?;
            blobs.durability.sync_file(&file, &path)?;
            blobs.durability.sync_dir(&blobs.layout.uploads)?;
            blobs.durability.sync_dir(&blobs.layout.root)
        })
        .await?;
        let mut transaction = self.begin(DOING).await?;
        sqlx::query(statements::BEGIN_UPLOAD)
            .bind(&upload.id)
            .bind(&upload.owner)
            .bind(&upload.file_name)
            .bind(meta)
            .bind(length)
            .bind(options)
            .bind(&upload.at)
            .bind(&upload.expires_at)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        self.commit(transaction, DOING).await
    }

    /// One upload.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn upload(&self, id: &str) -> Result<Option<Upload>, CatalogError> {
        let row = sqlx::query(statements::UPLOAD).bind(id).fetch_optional(&self.database().reader).await;
        row.map_err(database_error("find the upload"))?.as_ref().map(upload).transpose()
    }

    /// Uploads of one owner, or of all when `owner` is empty, newest first: at most `limit`, those before `before` in
    /// the order of arrival (0: all).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn uploads(&self, owner: &str, before: u64, limit: u32) -> Result<Vec<Upload>, CatalogError> {
        let rows = sqlx::query(statements::UPLOADS)
            .bind(owner)
            .bind(i64::try_from(before).unwrap_or(i64::MAX))
            .bind(i64::from(limit))
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("list the uploads"))?;
        rows.iter().map(upload).collect()
    }

    /// What an owner, or everybody when `owner` is empty, has in uploads and drafts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn upload_usage(&self, owner: &str) -> Result<UploadUsage, CatalogError> {
        let row = sqlx::query(statements::UPLOAD_USAGE)
            .bind(owner)
            .fetch_one(&self.database().reader)
            .await
            .map_err(database_error("count the uploads"))?;
        let columns = Columns { table: "uploads", row: &row };
        Ok(UploadUsage { uploads: columns.count("uploads")?, bytes: columns.count("bytes")? })
    }

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
            let mut file = OpenOptions::new().write(true).open(&opened).map_err(unusable())?;
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

    /// Makes a blob of an upload whose bytes are all there, and returns it. May be repeated after a crash.
    ///
    /// # Errors
    /// When the disk, the storage or the database cannot be written.
    pub async fn complete_upload(&self, upload: &Upload, at: &str) -> Result<Digest, CatalogError> {
        const DOING: &str = "complete the upload";
        check_time(at)?;
        let (blobs, path, known) = (Arc::clone(self.blobs()), self.upload_path(&upload.id), upload.blob);
        let waiting = path.clone();
        let digest = blocking(move || match (File::open(&waiting), known) {
            (Ok(file), _) => Digest::of_reader(file).map_err(file_error("read", &waiting)),
            // moved into the blobs by a run that was interrupted before it could say so
            (Err(_), Some(digest)) if blobs.exists(digest)? => Ok(digest),
            (Err(cause), _) => Err(file_error("read", &waiting)(cause)),
        })
        .await?;
        if known != Some(digest) {
            self.change_upload(statements::NAME_UPLOAD, &upload.id, &[&digest.to_string(), at], DOING).await?;
        }
        let blobs = Arc::clone(self.blobs());
        failpoint("upload.named");
        blocking(move || if path.exists() { blobs.put_file(&path).map(drop) } else { Ok(()) }).await?;
        failpoint("upload.moved");
        self.change_upload(statements::COMPLETE_UPLOAD, &upload.id, &[at], DOING).await?;
        Ok(digest)
    }

    /// Changes what the owner says of a draft, and returns the new revision; `None` when it is no draft any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_upload_options(&self, id: &str, options: &Value, at: &str) -> Result<Option<u64>, CatalogError> {
        const DOING: &str = "change the draft";
        check_time(at)?;
        let options = text_of("the options of the draft", options)?;
        let mut transaction = self.begin(DOING).await?;
        let row = sqlx::query(statements::SET_UPLOAD_OPTIONS)
            .bind(id)
            .bind(options)
            .bind(at)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        self.commit(transaction, DOING).await?;
        row.as_ref().map(|row| Columns { table: "uploads", row }.count("revision")).transpose()
    }

    /// Keeps what was seen in a draft at a revision; one that was changed meanwhile is left alone, and `false` told.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_upload_preview(
        &self,
        id: &str,
        revision: u64,
        preview: &Value,
        at: &str,
    ) -> Result<bool, CatalogError> {
        const DOING: &str = "keep the preview";
        check_time(at)?;
        let preview = text_of("the preview", preview)?;
        let mut transaction = self.begin(DOING).await?;
        let kept = sqlx::query(statements::SET_UPLOAD_PREVIEW)
            .bind(id)
            .bind(i64::try_from(revision).unwrap_or(i64::MAX))
            .bind(preview)
            .bind(at)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        self.commit(transaction, DOING).await?;
        Ok(kept.rows_affected() == 1)
    }

    /// Says which data sets a draft became. The same again changes nothing.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn accept_upload(&self, id: &str, datasets: &[Digest], at: &str) -> Result<(), CatalogError> {
        check_time(at)?;
        let names: Vec<String> = datasets.iter().map(ToString::to_string).collect();
        let names = text_of("the data sets", &Value::from(names))?;
        self.change_upload(statements::ACCEPT_UPLOAD, id, &[&names, at], "accept the draft").await.map(drop)
    }

    /// Gives up an upload or draft; `false` when it has been accepted or given up already.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn discard_upload(&self, id: &str, at: &str) -> Result<bool, CatalogError> {
        check_time(at)?;
        let discarded = self.change_upload(statements::DISCARD_UPLOAD, id, &[at], "discard the upload").await?;
        if discarded {
            self.remove_upload_file(id).await?;
        }
        Ok(discarded)
    }

    /// Gives up uploads that were not finished in time, and returns how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn expire_uploads(&self, at: &str) -> Result<usize, CatalogError> {
        const DOING: &str = "expire uploads";
        check_time(at)?;
        let mut transaction = self.begin(DOING).await?;
        let rows = sqlx::query(statements::EXPIRE_UPLOADS)
            .bind(at)
            .fetch_all(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        self.commit(transaction, DOING).await?;
        for row in &rows {
            self.remove_upload_file(&Columns { table: "uploads", row }.text("id")?).await?;
        }
        Ok(rows.len())
    }

    async fn remove_upload_file(&self, id: &str) -> Result<(), CatalogError> {
        let path = self.upload_path(id);
        blocking(move || match fs::remove_file(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(file_error("remove", &path)(cause)),
            _ => Ok(()),
        })
        .await
    }

    async fn change_upload(
        &self,
        statement: &'static str,
        id: &str,
        values: &[&str],
        doing: &'static str,
    ) -> Result<bool, CatalogError> {
        let mut transaction = self.begin(doing).await?;
        let mut query = sqlx::query(statement).bind(id);
        for value in values {
            query = query.bind(*value);
        }
        let changed = query.execute(&mut *transaction).await.map_err(database_error(doing))?;
        self.commit(transaction, doing).await?;
        Ok(changed.rows_affected() == 1)
    }

    fn upload_path(&self, id: &str) -> PathBuf {
        self.blobs().layout.uploads.join(id)
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
            blocking(move || synced(&blobs, &file, &path)).await?;
            failpoint("piece.synced");
        }
        let count = |bytes: u64| i64::try_from(bytes).map_err(|_| CatalogError::UploadLength);
        let mut transaction = self.catalog.begin(DOING).await?;
        let counted = sqlx::query(statements::COUNT_PIECE)
            .bind(&self.id)
            .bind(count(self.from)?)
            .bind(count(self.offset())?)
            .bind(at)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        self.catalog.commit(transaction, DOING).await?;
        failpoint("piece.counted");
        if counted.rows_affected() == 1 { Ok(self.offset()) } else { Err(CatalogError::UploadClosed) }
    }
}

fn synced(blobs: &Blobs, file: &File, path: &Path) -> Result<(), CatalogError> {
    blobs.durability.sync_file(file, path)
}

pub(crate) fn upload(row: &AnyRow) -> Result<Upload, CatalogError> {
    let columns = Columns { table: "uploads", row };
    let datasets: Vec<Digest> = columns.json("datasets")?;
    Ok(Upload {
        sequence: columns.count("seq")?,
        id: columns.text("id")?,
        owner: columns.text("owner")?,
        file_name: columns.text("file_name")?,
        meta: columns.json("meta")?,
        length: columns.count("length")?,
        received: columns.count("received")?,
        state: columns.parsed("state")?,
        blob: columns.maybe_parsed("blob")?,
        options: columns.json("options")?,
        revision: columns.count("revision")?,
        preview: columns.maybe_json("preview")?,
        datasets,
        created_at: columns.text("created_at")?,
        changed_at: columns.text("changed_at")?,
        expires_at: columns.text("expires_at")?,
    })
}
