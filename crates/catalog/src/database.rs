//! Connections to the catalog's rows, in SQLite or PostgreSQL, and reading of columns.

use std::{path::Path, str::FromStr, time::Duration};

use sqlx::{
    Any, AnyConnection, AnyPool, Connection as _, Executor as _, Pool, Row as _,
    any::{AnyPoolOptions, AnyRow},
};

use crate::{
    dialect::Dialect,
    error::{CatalogError, Cause},
    migrations, statements,
};

/// The form of workspace that this program writes.
const FORMAT: i64 = 1;
/// How long a task waits for its turn at a connection.
const ACQUIRE_TIMEOUT_S: u64 = 120;
const READERS_MAX: u32 = 4;

/// One connection that writes, a few that read.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) dialect: Dialect,
    pub(crate) writer: AnyPool,
    pub(crate) reader: AnyPool,
}

impl Database {
    /// Connects to the file of a workspace, and brings the tables to the form of this program.
    pub(crate) async fn of_file(file: &Path, create: bool) -> Result<Self, CatalogError> {
        let address = |mode: &str| {
            let mut address = String::from("sqlite://");
            for byte in file.as_os_str().as_encoded_bytes() {
                match byte {
                    b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                        address.push(char::from(*byte));
                    }
                    other => address.push_str(&format!("%{other:02X}")),
                }
            }
            address + "?mode=" + mode
        };
        Self::connect(Dialect::Sqlite, &address(if create { "rwc" } else { "rw" }), &address("ro")).await
    }

    /// Connects to a PostgreSQL database, and brings the tables to the form of this program.
    pub(crate) async fn of_postgres(url: &str) -> Result<Self, CatalogError> {
        Self::connect(Dialect::Postgres, url, url).await
    }

    async fn connect(dialect: Dialect, writing: &str, reading: &str) -> Result<Self, CatalogError> {
        sqlx::any::install_default_drivers();
        // a pool tries again and again what will never work; the first connection tells at once
        let mut first = AnyConnection::connect(writing).await.map_err(connect_error)?;
        first.execute(sqlx::raw_sql(dialect.writer_settings())).await.map_err(connect_error)?;
        first.close().await.map_err(connect_error)?;
        let writer = pool(1, dialect.writer_settings()).connect(writing).await.map_err(connect_error)?;
        migrations::run(&writer, dialect).await?;
        let reader = pool(READERS_MAX, dialect.reader_settings()).connect_lazy(reading).map_err(connect_error)?;
        let database = Self { dialect, writer, reader };
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

fn pool(connections_max: u32, settings: &'static str) -> sqlx::pool::PoolOptions<Any> {
    // connections to a file need no renewal; the task that would renew them can spin for ever (sqlx issue 3645)
    AnyPoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(Duration::from_secs(ACQUIRE_TIMEOUT_S))
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(move |connection, _| {
            Box::pin(async move { connection.execute(sqlx::raw_sql(settings)).await.map(drop) })
        })
}

/// An error of connecting; the address may hold a password and is never told.
fn connect_error(cause: sqlx::Error) -> CatalogError {
    match cause {
        sqlx::Error::Configuration(_) => CatalogError::DatabaseAddress,
        other => database_error("open the tables")(other),
    }
}

/// Hides a database error behind what was tried.
pub(crate) fn database_error(doing: &'static str) -> impl FnOnce(sqlx::Error) -> CatalogError {
    move |cause| CatalogError::Database { doing, cause: Box::new(cause) }
}

/// Whether SQLite could not make its own files durable (`SQLITE_IOERR_FSYNC`, `SQLITE_IOERR_DIR_FSYNC`).
pub(crate) fn is_lost_write(cause: &sqlx::Error) -> bool {
    let code = cause.as_database_error().and_then(|e| e.code());
    matches!(code.as_deref(), Some("1034" | "1290"))
}

/// A row of a named table, read column by column.
pub(crate) struct Columns<'a> {
    pub(crate) table: &'static str,
    pub(crate) row: &'a AnyRow,
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

    /// An optional value kept as JSON.
    pub(crate) fn maybe_json<T: serde::de::DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, CatalogError> {
        let text = self.maybe(column)?;
        text.map(|t| serde_json::from_str(&t)).transpose().map_err(|e| self.wrong(column, Box::new(e)))
    }
}

/// Closes both pools.
pub(crate) async fn close(database: &Database) {
    for pool in [&database.reader, &database.writer] {
        Pool::close(pool).await;
    }
}
