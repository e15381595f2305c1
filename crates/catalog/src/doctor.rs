//! The doctor: re-hashes every blob, checks every row, and says in one digest what the workspace holds.

use std::{collections::BTreeSet, sync::Arc};

use belcheer_domain::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{Any, Row as _, Transaction};

use crate::{
    blobs::{Blobs, Listing, entries},
    database::database_error,
    dataset_rows::dataset_record,
    error::CatalogError,
    statements,
    workspace::{Catalog, blocking},
};

const DOING: &str = "examine the rows";

/// What the doctor found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoctorReport {
    /// One digest over every blob's name and true hash, and every row but those of users, keys and the audit trail.
    pub digest: Digest,
    /// How many blobs are held.
    pub blobs: u64,
    /// Blobs that a row names and that are not there.
    pub missing: Vec<Digest>,
    /// Blobs whose bytes are not those that were stored.
    pub corrupt: Vec<Digest>,
    /// Blobs that no row names: left by a crash between blob and row. Harmless.
    pub orphans: Vec<Digest>,
    /// Files in `tmp`, in use or left by an interrupted run, and files under `blobs` that are no blobs. Harmless.
    pub leftovers: Vec<String>,
    /// Rows that cannot be read, or whose content is not what their digest stands for.
    pub altered: Vec<String>,
    /// What the database says of its own pages and references.
    pub database: Vec<String>,
}

impl DoctorReport {
    /// Whether nothing is lost or damaged; orphans and leftovers are no damage.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && self.corrupt.is_empty() && self.altered.is_empty() && self.database.is_empty()
    }
}

/// What the rows say.
#[derive(Debug, Default)]
struct Rows {
    /// One line a row: its table and the digest of its columns.
    lines: Vec<String>,
    /// Blobs that must be there.
    named: BTreeSet<Digest>,
    /// Digests that a row's JSON speaks of; some are blobs.
    mentioned: BTreeSet<Digest>,
    altered: Vec<String>,
    database: Vec<String>,
}

/// What the disk says.
struct Disk {
    listing: Listing,
    /// One line a blob: its name and its true hash.
    lines: Vec<String>,
    corrupt: Vec<Digest>,
    leftovers: Vec<String>,
}

impl Catalog {
    /// Examines the whole workspace: every row, every byte. Reads all blobs, at about the speed of the disk.
    ///
    /// The digest is the same before and after an ingest that was refused, and after the same file is ingested again.
    ///
    /// # Errors
    /// When the database or the directories cannot be read at all; damage is reported, not an error.
    pub async fn doctor(&self) -> Result<DoctorReport, CatalogError> {
        // Rows first: whatever they name was stored before them.
        let rows = self.examine_rows().await?;
        let blobs = Arc::clone(self.blobs());
        let disk = blocking(move || examine_disk(&blobs)).await?;
        let held: BTreeSet<Digest> = disk.listing.held.iter().copied().collect();
        let text = [rows.lines, disk.lines].concat().concat();
        let is_orphan = |d: &&Digest| !rows.named.contains(d) && !rows.mentioned.contains(d);
        Ok(DoctorReport {
            digest: Digest::of(text.as_bytes()),
            blobs: held.len() as u64,
            missing: rows.named.difference(&held).copied().collect(),
            corrupt: disk.corrupt,
            orphans: held.iter().filter(is_orphan).copied().collect(),
            leftovers: disk.leftovers,
            altered: rows.altered,
            database: rows.database,
        })
    }

    async fn examine_rows(&self) -> Result<Rows, CatalogError> {
        let mut rows = Rows::default();
        let mut snapshot = self.database().reader.begin().await.map_err(database_error(DOING))?;
        for (table, statement) in statements::DIGESTED {
            for columns in texts(&mut snapshot, statement).await? {
                let digest = Digest::of(&serde_json::to_vec(&columns).unwrap_or_default());
                rows.lines.push(format!("{table} {digest}\n"));
            }
        }
        rows.examine_datasets(&mut snapshot).await?;
        rows.examine_assessments(&mut snapshot).await?;
        for blob in texts(&mut snapshot, statements::UPLOAD_BLOBS).await?.into_iter().flatten().flatten() {
            match blob.parse() {
                Ok(digest) => drop(rows.named.insert(digest)),
                Err(_) => rows.altered.push(format!("an upload names {blob}, which is no digest")),
            }
        }
        let dialect = self.database().dialect;
        if let Some(statement) = dialect.integrity() {
            let said = texts(&mut snapshot, statement).await?.into_iter().flatten().flatten();
            rows.database.extend(said.filter(|line| line != "ok"));
        }
        if let Some(statement) = dialect.foreign_keys() {
            for table in texts(&mut snapshot, statement).await?.into_iter().flatten().flatten() {
                rows.database.push(format!("a row of {table} refers to a row that is not there"));
            }
        }
        Ok(rows)
    }
}

impl Rows {
    async fn examine_datasets(&mut self, snapshot: &mut Transaction<'static, Any>) -> Result<(), CatalogError> {
        let rows = sqlx::query(statements::DATASETS)
            .bind("")
            .bind("")
            .bind("")
            .bind("")
            .fetch_all(&mut **snapshot)
            .await
            .map_err(database_error(DOING))?;
        for row in &rows {
            match dataset_record(row) {
                Ok(record) => {
                    self.named.insert(record.blob);
                    mentions(&record.meta, &mut self.mentioned);
                    if !record.is_unaltered() {
                        self.altered
                            .push(format!("data set {} does not say what its digest stands for", record.digest));
                    }
                }
                Err(wrong) => self.altered.push(wrong.to_string()),
            }
        }
        Ok(())
    }

    async fn examine_assessments(&mut self, snapshot: &mut Transaction<'static, Any>) -> Result<(), CatalogError> {
        let rows =
            sqlx::query(statements::ASSESSMENTS).fetch_all(&mut **snapshot).await.map_err(database_error(DOING))?;
        for row in &rows {
            match crate::assessment::assessment_record(row) {
                Ok(record) => {
                    self.named.insert(record.result);
                    mentions(&record.manifest, &mut self.mentioned);
                }
                Err(wrong) => self.altered.push(wrong.to_string()),
            }
        }
        Ok(())
    }
}

fn examine_disk(blobs: &Blobs) -> Result<Disk, CatalogError> {
    let listing = blobs.list()?;
    let (mut lines, mut corrupt) = (Vec::new(), Vec::new());
    for digest in &listing.held {
        let found = blobs.rehash(*digest).map_or_else(|_| "unreadable".to_owned(), |d| d.to_string());
        if found != digest.to_string() {
            corrupt.push(*digest);
        }
        lines.push(format!("blob {digest} {found}\n"));
    }
    let waiting = entries(&blobs.layout.tmp)?;
    let mut leftovers: Vec<String> = waiting.into_iter().map(|(name, _)| format!("tmp/{name}")).collect();
    leftovers.extend(listing.strangers.iter().cloned());
    Ok(Disk { listing, lines, corrupt, leftovers })
}

/// The rows of a statement, every column as text.
async fn texts(
    snapshot: &mut Transaction<'static, Any>,
    statement: &'static str,
) -> Result<Vec<Vec<Option<String>>>, CatalogError> {
    let rows = sqlx::query(statement).fetch_all(&mut **snapshot).await.map_err(database_error(DOING))?;
    let columns = |row: &sqlx::any::AnyRow| (0..row.len()).map(|i| row.try_get(i)).collect::<Result<_, _>>();
    rows.iter().map(|row| columns(row).map_err(database_error(DOING))).collect()
}

/// Collects every digest written anywhere in a JSON value.
fn mentions(value: &Value, found: &mut BTreeSet<Digest>) {
    match value {
        Value::String(text) => found.extend(text.parse::<Digest>()),
        Value::Array(items) => items.iter().for_each(|item| mentions(item, found)),
        Value::Object(members) => members.values().for_each(|member| mentions(member, found)),
        _ => {}
    }
}
