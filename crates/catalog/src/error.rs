//! What can go wrong with a workspace, in words for the person who keeps it.

use std::{io, path::PathBuf};

use belcheer_domain::Digest;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::identity::{Actions, Role};

/// An opaque cause from a library below.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why the catalog could not do what was asked.
///
/// The cause is part of the message, so `source()` is empty and nothing is said twice.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// The directory holds no workspace.
    #[error("{dir} is not a belcheer workspace; run belcheer init {dir}", dir = dir.display())]
    NotAWorkspace {
        /// The directory as the user named it.
        dir: PathBuf,
    },
    /// The folder holds no backup.
    #[error("{dir} is no backup, or not a whole one; name the folder that belcheer backup wrote", dir = dir.display())]
    NotABackup {
        /// The folder or file.
        dir: PathBuf,
    },
    /// A backup cannot be restored over rows.
    #[error("{dir} holds data already; restore into a new folder and an empty database", dir = dir.display())]
    NotEmpty {
        /// The workspace.
        dir: PathBuf,
    },
    /// The workspace has a form this program does not know.
    #[error("the workspace was written by another version of belcheer ({found}); use that version or a newer one")]
    Format {
        /// What was found.
        found: String,
    },
    /// A file or directory of the workspace could not be read or written.
    #[error("cannot {doing} {place}: {cause}", place = place.display())]
    File {
        /// What was tried, such as `write`.
        doing: &'static str,
        /// The file or directory.
        place: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The catalog database refused.
    #[error("cannot {doing} in the catalog database: {cause}")]
    Database {
        /// What was tried.
        doing: &'static str,
        /// What the database said.
        cause: Cause,
    },
    /// The address of the database is none that is known.
    #[error("DATABASE_URL is no address of a PostgreSQL database; write it as postgres://user:password@host/name")]
    DatabaseAddress,
    /// The address of the blob storage is none that is known.
    #[error("\"{found}\" is no address of storage for files; write it as s3://bucket/prefix")]
    BlobAddress {
        /// The address.
        found: String,
    },
    /// S3-compatible storage refused.
    #[error("cannot {doing} the storage of files: {cause}")]
    Remote {
        /// What was tried.
        doing: &'static str,
        /// What the storage said.
        cause: Cause,
    },
    /// Rows or blobs are kept elsewhere than the environment says.
    #[error("this workspace keeps {what} {variable}, or move it with belcheer backup and belcheer restore")]
    StorageDiffers {
        /// What is kept where, and what to do with the variable.
        what: &'static str,
        /// The variable.
        variable: &'static str,
    },
    /// A write could not be made durable earlier; nothing more is written by this process.
    #[error(
        "the disk failed to keep an earlier write; check the disk, then start belcheer again and run belcheer doctor"
    )]
    Degraded,
    /// The bytes of a blob are not those that were stored.
    #[error("the stored file {digest} is corrupt; ingest its source again or restore it from a backup")]
    Corrupt {
        /// The blob's name.
        digest: Digest,
    },
    /// A blob is not held.
    #[error("the stored file {digest} is missing; ingest its source again or restore it from a backup")]
    MissingBlob {
        /// The blob's name.
        digest: Digest,
    },
    /// A blob holds no JSON of the form asked for.
    #[error("the stored file {digest} does not hold {expected}: {cause}")]
    Content {
        /// The blob's name.
        digest: Digest,
        /// The form asked for.
        expected: &'static str,
        /// What the reader said.
        cause: Cause,
    },
    /// A value cannot be written as JSON.
    #[error("cannot write {what} as JSON: {cause}")]
    Encode {
        /// The type's name.
        what: &'static str,
        /// What the writer said.
        cause: Cause,
    },
    /// A stored row cannot be read.
    #[error("a row of table {table} holds no valid {column}: {cause}; run belcheer doctor")]
    Row {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What the reader said.
        cause: Cause,
    },
    /// No data set of that digest is held.
    #[error("no data set {digest} is held")]
    UnknownDataset {
        /// The digest asked for.
        digest: Digest,
    },
    /// The data set is used no more already.
    #[error("data set {digest} was superseded or retracted before")]
    DatasetGone {
        /// The digest.
        digest: Digest,
    },
    /// No assessment of that id is held.
    #[error("no assessment {id} is held; run belcheer assess first")]
    UnknownAssessment {
        /// The id asked for.
        id: Digest,
    },
    /// The same inputs, parameters and method versions gave another result than before.
    #[error(
        "assessment {id} is already held with the result {held}, not {found}; a changed method needs a new version"
    )]
    ResultConflict {
        /// The assessment.
        id: Digest,
        /// The blob held.
        held: Digest,
        /// The blob offered.
        found: Digest,
    },
    /// The assessment is not public in any cycle.
    #[error("assessment {id} is not published in any cycle; there is nothing to withdraw")]
    NotPublished {
        /// The assessment.
        id: Digest,
    },
    /// A source name that is not a plain file name.
    #[error("\"{found}\" is not a plain file name; give the name without its folder")]
    SourceName {
        /// The name, shortened.
        found: String,
    },
    /// A name of a cycle that cannot be used.
    #[error(
        "\"{found}\" cannot name a cycle; use at most 64 letters, digits, dots, dashes or underscores, such as 2024"
    )]
    CycleName {
        /// The name, shortened.
        found: String,
    },
    /// A name of a user that cannot be used.
    #[error("\"{found}\" cannot name a user; use at most 64 letters, digits, dots, dashes, underscores or @")]
    Name {
        /// The name, shortened.
        found: String,
    },
    /// A provider's subject that cannot be used.
    #[error("the subject must have 1 to 255 visible characters; copy it from the provider")]
    Subject,
    /// The name or the subject of a user is taken.
    #[error("the name {name}, or its subject, is taken by another user; belcheer user list shows them")]
    UserHeld {
        /// The name asked for.
        name: String,
    },
    /// Nobody has the name.
    #[error("there is no user {name}; belcheer user list shows them")]
    UnknownUser {
        /// The name asked for, shortened.
        name: String,
    },
    /// No key of that id is held.
    #[error("there is no key {id}; belcheer key list shows them")]
    UnknownKey {
        /// The id asked for, shortened.
        id: String,
    },
    /// A key asks for more than its role may do, or for nothing.
    #[error("a key of the role {role} may do: {most}; name at least one of these actions")]
    KeyActions {
        /// The role.
        role: Role,
        /// The most that it may do.
        most: Actions,
    },
    /// A key that would live too long or not at all.
    #[error("a key lives at least a moment and at most 400 days; give another number of days")]
    KeyLife,
    /// A key without a label or holder.
    #[error("label and holder of a key have 1 to 120 visible characters each")]
    KeyWords,
    /// A time that is not RFC 3339.
    #[error("\"{found}\" is not a time; write it as 2024-06-01T08:00:00Z")]
    Time {
        /// The text, shortened.
        found: String,
    },
    /// An upload's id has no valid form.
    #[error("an upload is named by 1 to 64 small letters, digits and dashes")]
    UploadName,
    /// An upload's length is no length of a file.
    #[error("no file has that many bytes")]
    UploadLength,
    /// A piece does not begin where the upload ends.
    #[error("the upload has {received} bytes; send the piece that begins there")]
    UploadOffset {
        /// Bytes received.
        received: u64,
    },
    /// A piece is longer than what is to come.
    #[error("the piece is longer than the rest of the upload")]
    UploadTooLong,
    /// The upload takes no more bytes.
    #[error("the upload is complete, or was given up; it takes no more bytes")]
    UploadClosed,
    /// Work on a file stopped because the program is ending.
    #[error("the program stopped while it was working on a stored file; run the command again")]
    Interrupted,
}

/// At most 40 characters of a text, for messages.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Turns an I/O error into one that names what was done, and where.
pub(crate) fn file_error(doing: &'static str, place: &std::path::Path) -> impl FnOnce(io::Error) -> CatalogError {
    let place = place.to_path_buf();
    move |cause| CatalogError::File { doing, place, cause }
}

/// Checks that a text is an RFC 3339 time.
pub(crate) fn check_time(text: &str) -> Result<(), CatalogError> {
    match chrono::DateTime::parse_from_rfc3339(text) {
        Ok(_) => Ok(()),
        Err(_) => Err(CatalogError::Time { found: shortened(text) }),
    }
}

/// The same moment in UTC to the millisecond, so that times order as text.
pub(crate) fn utc(text: &str) -> Result<String, CatalogError> {
    utc_less(text, TimeDelta::zero())
}

/// Some time before a moment, in UTC to the millisecond.
pub(crate) fn utc_less(text: &str, earlier: TimeDelta) -> Result<String, CatalogError> {
    let moment: Option<DateTime<Utc>> = DateTime::parse_from_rfc3339(text).ok().map(|t| t.to_utc());
    let moment = moment.and_then(|t| t.checked_sub_signed(earlier));
    let moment = moment.ok_or_else(|| CatalogError::Time { found: shortened(text) })?;
    Ok(moment.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// Checks that a text can name a user.
pub(crate) fn check_name(text: &str) -> Result<(), CatalogError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-@".contains(c);
    if (1..=64).contains(&text.len()) && text.chars().all(fits) {
        Ok(())
    } else {
        Err(CatalogError::Name { found: shortened(text) })
    }
}
