//! Backup and restore: a folder with every row as a line of JSON and every blob under its name, of whatever database and
//! storage, into whatever database and storage.
//!
//! Rows are read in one snapshot, and before the blobs that they name: what is added meanwhile is not in the backup, and
//! what is in it is whole. Blobs that the folder holds already are not copied again, so that a second backup into the same
//! folder is quick.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    path::Path,
    sync::Arc,
};

use belcheer_domain::Digest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::{Any, AssertSqlSafe, Column as _, Row as _, Transaction, TypeInfo as _, any::AnyRow};

use crate::{
    database::database_error,
    dialect::Dialect,
    durable::Durability,
    error::{CatalogError, file_error},
    layout::blob_key,
    statements::TABLES,
    storage::Storage,
    workspace::{Catalog, blocking},
};

/// The form of backups that this program writes.
const FORMAT: u32 = 1;
const MANIFEST: &str = "backup.json";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupReport {
    /// The form of the backup.
    pub format: u32,
    /// Rows of each table, in the order in which they are restored.
    pub rows: Vec<(String, u64)>,
    /// Blobs.
    pub blobs: u64,
    /// Blobs that were copied by this run; the others lay there already.
    pub copied: u64,
    /// When it was made, RFC 3339, as the caller's clock says.
    pub when: String,
}

impl Catalog {
    /// Writes everything that is held into a folder, which is made if it is missing. The service may go on meanwhile.
    ///
    /// # Errors
    /// When the folder cannot be written, a blob is missing or corrupt, or the database cannot be read.
    pub async fn backup(&self, folder: &Path, when: &str) -> Result<BackupReport, CatalogError> {
        const DOING: &str = "read the rows for a backup";
        let rows_folder = folder.join("rows");
        for part in [&rows_folder, &folder.join("blobs")] {
            fs::create_dir_all(part).map_err(file_error("create", part))?;
        }
        let mut snapshot = self.database().reader.begin().await.map_err(database_error(DOING))?;
        let mut rows = Vec::new();
        let mut named = Vec::new();
        for (table, order) in TABLES {
            let statement = format!("SELECT * FROM {table} ORDER BY {order}");
            let found =
                sqlx::query(AssertSqlSafe(statement)).fetch_all(&mut *snapshot).await.map_err(database_error(DOING))?;
            let path = rows_folder.join(format!("{table}.jsonl"));
            let mut out = BufWriter::new(File::create(&path).map_err(file_error("create", &path))?);
            for row in &found {
                let line = Value::Object(as_json(row, DOING)?);
                mentions(&line, &mut named);
                writeln!(out, "{line}").map_err(file_error("write", &path))?;
            }
            let file = out.into_inner().map_err(|e| file_error("write", &path)(e.into_error()))?;
            file.sync_all().map_err(file_error("make durable", &path))?;
            rows.push(((*table).to_owned(), found.len() as u64));
        }
        drop(snapshot);
        named.sort();
        named.dedup();
        let (blobs, copied) = self.copy_blobs(named, folder).await?;
        let report = BackupReport { format: FORMAT, rows, blobs, copied, when: when.to_owned() };
        let path = folder.join(MANIFEST);
        let json = serde_json::to_vec_pretty(&report).unwrap_or_default();
        fs::write(&path, json).map_err(file_error("write", &path))?;
        let durability = Durability::default();
        durability.sync_dir(&rows_folder)?;
        durability.sync_dir(folder)?;
        Ok(report)
    }

    /// Copies the blobs among these digests that are held; how many there are, and how many were not there before.
    async fn copy_blobs(&self, named: Vec<Digest>, folder: &Path) -> Result<(u64, u64), CatalogError> {
        let (blobs, folder) = (Arc::clone(self.blobs()), folder.to_path_buf());
        blocking(move || {
            let (mut held, mut copied) = (0, 0);
            for digest in named {
                if !blobs.exists(digest)? {
                    // rows speak of digests that are no blobs, too, such as those of schemes
                    continue;
                }
                held += 1;
                let target = folder.join(blob_key(digest));
                let there = File::open(&target).and_then(Digest::of_reader).is_ok_and(|found| found == digest);
                if !there {
                    let shard = target.parent().unwrap_or(&folder);
                    fs::create_dir_all(shard).map_err(file_error("create", shard))?;
                    if target.exists() {
                        fs::remove_file(&target).map_err(file_error("remove", &target))?;
                    }
                    blobs.copy_out(digest, &target)?;
                    File::open(&target).and_then(|f| f.sync_all()).map_err(file_error("make durable", &target))?;
                    copied += 1;
                }
            }
            Ok((held, copied))
        })
        .await
    }

    /// Makes a workspace of a backup: a folder that is no workspace yet, and a database without rows.
    ///
    /// # Errors
    /// `NotABackup` when the folder holds none; `NotEmpty` when there are rows already; `Corrupt` when a blob of the backup
    /// is not what its name says.
    pub async fn restore(folder: &Path, dir: &Path, storage: &Storage) -> Result<Self, CatalogError> {
        const DOING: &str = "restore the rows";
        let manifest = folder.join(MANIFEST);
        let wrong = || CatalogError::NotABackup { dir: folder.to_path_buf() };
        let report: BackupReport =
            serde_json::from_slice(&fs::read(&manifest).map_err(|_| wrong())?).map_err(|_| wrong())?;
        if report.format != FORMAT {
            return Err(CatalogError::Format { found: format!("backup format {}", report.format) });
        }
        let catalog = Self::init_in(dir, storage).await?;
        if catalog.counts_rows().await? {
            return Err(CatalogError::NotEmpty { dir: dir.to_path_buf() });
        }
        catalog.take_blobs(folder).await?;
        let mut transaction = catalog.begin(DOING).await?;
        for (table, _) in TABLES.iter().filter(|(table, _)| *table != "workspace") {
            let path = folder.join("rows").join(format!("{table}.jsonl"));
            let file = File::open(&path).map_err(file_error("read", &path))?;
            for line in BufReader::new(file).lines() {
                let line = line.map_err(file_error("read", &path))?;
                let row: Map<String, Value> = serde_json::from_str(&line)
                    .map_err(|e| file_error("understand", &path)(std::io::Error::other(e)))?;
                insert(&mut transaction, table, &row).await?;
            }
        }
        catalog.commit(transaction, DOING).await?;
        catalog.after_restore().await?;
        Ok(catalog)
    }

    /// Whether any row but that of the workspace itself is there.
    async fn counts_rows(&self) -> Result<bool, CatalogError> {
        const DOING: &str = "look for rows";
        for (table, _) in TABLES.iter().filter(|(table, _)| *table != "workspace") {
            let statement = format!("SELECT COUNT(*) FROM {table}");
            let count: i64 = sqlx::query_scalar(AssertSqlSafe(statement))
                .fetch_one(&self.database().writer)
                .await
                .map_err(database_error(DOING))?;
            if count > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn take_blobs(&self, folder: &Path) -> Result<(), CatalogError> {
        let (blobs, folder) = (Arc::clone(self.blobs()), folder.join("blobs"));
        blocking(move || {
            for (shard, is_dir) in crate::blobs::entries(&folder)? {
                for (name, _) in if is_dir { crate::blobs::entries(&folder.join(&shard))? } else { Vec::new() } {
                    let path = folder.join(&shard).join(&name);
                    let digest = crate::layout::blob_digest(&shard, &name);
                    let digest = digest.ok_or_else(|| CatalogError::NotABackup { dir: path.clone() })?;
                    if blobs.put_file(&path)? != digest {
                        return Err(CatalogError::Corrupt { digest });
                    }
                }
            }
            Ok(())
        })
        .await
    }

    /// PostgreSQL counts on from where the restored rows end.
    async fn after_restore(&self) -> Result<(), CatalogError> {
        const DOING: &str = "count on after the restored rows";
        if self.database().dialect == Dialect::Postgres {
            for (table, order) in TABLES.iter().filter(|(_, order)| *order == "seq") {
                let statement = format!(
                    "SELECT setval(pg_get_serial_sequence('{table}', '{order}'), COALESCE(MAX({order}), 0) + 1, false) \
                     FROM {table}"
                );
                sqlx::query(AssertSqlSafe(statement))
                    .execute(&self.database().writer)
                    .await
                    .map_err(database_error(DOING))?;
            }
        }
        Ok(())
    }
}

/// A row as JSON: texts, whole numbers and what is missing.
fn as_json(row: &AnyRow, doing: &'static str) -> Result<Map<String, Value>, CatalogError> {
    let mut members = Map::new();
    for (index, column) in row.columns().iter().enumerate() {
        let number = matches!(column.type_info().name(), "BIGINT" | "INTEGER" | "SMALLINT" | "INT8" | "INT4");
        let value = if number {
            row.try_get::<Option<i64>, _>(index).map(Value::from)
        } else {
            row.try_get::<Option<String>, _>(index).map(Value::from)
        };
        members.insert(column.name().to_owned(), value.map_err(database_error(doing))?);
    }
    Ok(members)
}

async fn insert(
    transaction: &mut Transaction<'static, Any>,
    table: &str,
    row: &Map<String, Value>,
) -> Result<(), CatalogError> {
    // a column that is missing in the row stays what the table says of it
    let given: Vec<(&String, &Value)> = row.iter().filter(|(_, value)| !value.is_null()).collect();
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if let Some((name, _)) = given.iter().find(|(name, _)| !plain(name)) {
        return Err(CatalogError::Format { found: format!("a column {name}") });
    }
    let names: Vec<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
    let places: Vec<String> = (1..=given.len()).map(|n| format!("${n}")).collect();
    let statement = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for (_, value) in given {
        query = match value {
            Value::Number(number) => query.bind(number.as_i64().unwrap_or_default()),
            Value::String(text) => query.bind(text.clone()),
            other => query.bind(other.to_string()),
        };
    }
    query.execute(&mut **transaction).await.map(drop).map_err(database_error("restore a row"))
}

/// Every digest written in a row, also inside texts that hold JSON.
fn mentions(value: &Value, found: &mut Vec<Digest>) {
    match value {
        Value::String(text) => match text.parse::<Digest>() {
            Ok(digest) => found.push(digest),
            Err(_) if text.starts_with(['{', '[']) => {
                if let Ok(inner) = serde_json::from_str::<Value>(text) {
                    mentions(&inner, found);
                }
            }
            Err(_) => {}
        },
        Value::Array(items) => items.iter().for_each(|item| mentions(item, found)),
        Value::Object(members) => members.values().for_each(|member| mentions(member, found)),
        _ => {}
    }
}
