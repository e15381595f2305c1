//! Connections to the catalog database, its migrations, and reading of columns.

use std::{path::Path, str::FromStr, time::Duration};

use sqlx::{
    Row as _, SqlitePool,
    migrate::MigrateError,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};

use crate::{
    error::{CatalogError, Cause},
    statements,
};

/// The form of workspace that this program writes.
const FORMAT: i64 = 1;
/// How long a statement waits for another process that writes.
const BUSY_TIMEOUT_S: u64 = 30;
/// How long a task waits for its turn at a connection.
const ACQUIRE_TIMEOUT_S: u64 = 120;
const READERS_MAX: u32 = 4;

/// One connection that writes, a few that read.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) writer: SqlitePool,
    pub(crate) reader: SqlitePool,
}

impl Database {
    /// Connects, and brings the tables to the form of this program.
    pub(crate) async fn connect(file: &Path, create: bool) -> Result<Self, CatalogError> {
        let base = SqliteConnectOptions::new()
            .filename(file)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(BUSY_TIMEOUT_S))
            .pragma("trusted_schema", "OFF")
            .pragma("cell_size_check", "ON");
        let writing = base
            .clone()
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let writer = pool(1).connect_with(writing).await.map_err(database_error("open the tables"))?;
        sqlx::migrate!("./migrations").run(&writer).await.map_err(migrate_error)?;
        let reader = pool(READERS_MAX).connect_lazy_with(base.read_only(true));
        let database = Self { writer, reader };
        database.check_format().await?;
        Ok(database)
    }

    async fn check_format(&self) -> Result<(), CatalogError> {
        let format: i64 = sqlx::query_scalar(statements::FORMAT)
            .fetch_one(&self.writer)
            .await
            .map_err(database_error("read the workspace's version"))?;
        if format == FORMAT {
            Ok(())
        } else {
            Err(CatalogError::Format { found: format!("workspace format {format}") })
        }
    }
}

fn pool(connections_max: u32) -> SqlitePoolOptions {
    // connections to a file need no renewal; the task that would renew them can spin for ever (sqlx issue 3645)
    SqlitePoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(Duration::from_secs(ACQUIRE_TIMEOUT_S))
        .idle_timeout(None)
        .max_lifetime(None)
}

fn migrate_error(cause: MigrateError) -> CatalogError {
    match cause {
        MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) | MigrateError::Dirty(_) => {
            CatalogError::Format { found: cause.to_string() }
        }
        other => CatalogError::Database { doing: "prepare the tables", cause: Box::new(other) },
    }
}

/// Hides a database error behind what was tried.
pub(crate) fn database_error(doing: &'static str) -> impl FnOnce(sqlx::Error) -> CatalogError {
    move |cause| CatalogError::Database { doing, cause: Box::new(cause) }
}

/// Whether the database could not make its own files durable (`SQLITE_IOERR_FSYNC`, `SQLITE_IOERR_DIR_FSYNC`).
pub(crate) fn is_lost_write(cause: &sqlx::Error) -> bool {
    let code = cause.as_database_error().and_then(|e| e.code());
    matches!(code.as_deref(), Some("1034" | "1290"))
}

/// A row of a named table, read column by column.
pub(crate) struct Columns<'a> {
    pub(crate) table: &'static str,
    pub(crate) row: &'a SqliteRow,
}

impl Columns<'_> {
    fn wrong(&self, column: &'static str, cause: Cause) -> CatalogError {
        CatalogError::Row { table: self.table, column, cause }
    }

    /// An optional text.
    pub(crate) fn maybe(&self, column: &'static str) -> Result<Option<String>, CatalogError> {
        self.row.try_get(column).map_err(|e| self.wrong(column, Box::new(e)))
    }

    /// A text.
    pub(crate) fn text(&self, column: &'static str) -> Result<String, CatalogError> {
        self.row.try_get(column).map_err(|e| self.wrong(column, Box::new(e)))
    }

    /// A count, not negative.
    pub(crate) fn count(&self, column: &'static str) -> Result<u64, CatalogError> {
        let value: i64 = self.row.try_get(column).map_err(|e| self.wrong(column, Box::new(e)))?;
        u64::try_from(value).map_err(|e| self.wrong(column, Box::new(e)))
    }

    /// A word or digest.
    pub(crate) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, CatalogError>
    where
        T::Err: Into<Cause>,
    {
        self.text(column)?.parse().map_err(|e: T::Err| self.wrong(column, e.into()))
    }

    /// An optional word or digest.
    pub(crate) fn maybe_parsed<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, CatalogError>
    where
        T::Err: Into<Cause>,
    {
        let text = self.maybe(column)?;
        text.map(|t| t.parse()).transpose().map_err(|e: T::Err| self.wrong(column, e.into()))
    }

    /// A value kept as JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, column: &'static str) -> Result<T, CatalogError> {
        serde_json::from_str(&self.text(column)?).map_err(|e| self.wrong(column, Box::new(e)))
    }
}
