//! Uploads: files that arrive in pieces, and the drafts that they become.
//!
//! The bytes lie in `uploads/<id>` until all are there, then as a blob. What is acknowledged is on disk: the piece
//! first, then the row that counts it. After a crash the row is right, and bytes behind its count are cut off.

mod drafts;
mod piece;

pub use piece::UploadPiece;

use std::{
    fs::{self, File},
    io,
    path::PathBuf,
    sync::Arc,
};

use belcheer_domain::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::any::AnyRow;

use crate::{
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
        let statement = sqlx::query(statements::BEGIN_UPLOAD)
            .bind(&upload.id)
            .bind(&upload.owner)
            .bind(&upload.file_name)
            .bind(meta)
            .bind(length)
            .bind(options)
            .bind(&upload.at)
            .bind(&upload.expires_at);
        self.write(DOING, statement).await.map(drop)
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

    /// Makes a blob of an upload whose bytes are all there, and returns it. May be repeated after a crash.
    ///
    /// # Errors
    /// When the disk, the storage or the database cannot be written.
    pub async fn complete_upload(&self, upload: &Upload, at: &str) -> Result<Digest, CatalogError> {
        const DOING: &str = "complete the upload";
        check_time(at)?;
        let (blobs, path, known) = (Arc::clone(self.blobs()), self.upload_path(&upload.id), upload.blob);
        let (waiting, empty) = (path.clone(), upload.length == 0);
        let digest = blocking(move || match (File::open(&waiting), known) {
            (Err(_), None) if empty => {
                File::create(&waiting).map_err(file_error("create", &waiting))?;
                Ok(Digest::of(b""))
            }
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

    async fn remove_upload_file(&self, id: &str) -> Result<(), CatalogError> {
        let path = self.upload_path(id);
        blocking(move || match fs::remove_file(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(file_error("remove", &path)(cause)),
            _ => Ok(()),
        })
        .await
    }

    pub(super) async fn change_upload(
        &self,
        statement: &'static str,
        id: &str,
        values: &[&str],
        doing: &'static str,
    ) -> Result<bool, CatalogError> {
        let query = values.iter().fold(sqlx::query(statement).bind(id), |query, value| query.bind(*value));
        Ok(self.write(doing, query).await? == 1)
    }

    fn upload_path(&self, id: &str) -> PathBuf {
        self.blobs().layout.uploads.join(id)
    }
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
