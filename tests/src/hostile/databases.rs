//! GeoPackages that do something: a database from outside is a program.

use std::fs;

use sqlx::{Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{Class::Database, Handed, HostileFile};
use crate::project;

/// A view without end.
const ENDLESS: &str = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT";

/// The sample's soums as a GeoPackage on which the statements were run.
///
/// # Panics
/// When the sample is not there or a statement fails.
#[must_use]
pub fn database_with(statements: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("soums.gpkg");
    fs::write(&path, sample()).expect("a temporary file");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(&path).foreign_keys(false).pragma("journal_mode", "DELETE");
        let mut database = SqliteConnection::connect_with(&options).await.expect("the sample is a database");
        for statement in statements {
            // text of this file alone
            let done = database.execute(sqlx::AssertSqlSafe((*statement).to_owned())).await;
            done.unwrap_or_else(|e| panic!("{statement}: {e}"));
        }
        database.close().await.expect("the database is closed");
    });
    fs::read(&path).expect("the database is there")
}

fn sample() -> Vec<u8> {
    fs::read(project().join("data-samples/soums.gpkg")).expect("the sample's soums")
}

fn endless(table: &str, columns: &str) -> Vec<u8> {
    let renamed = format!("ALTER TABLE {table} RENAME TO {table}_aside");
    database_with(&[
        "PRAGMA legacy_alter_table = ON",
        &renamed,
        &format!("CREATE VIEW {table} AS {ENDLESS} {columns} FROM n"),
    ])
}

pub(super) fn files() -> Vec<HostileFile> {
    let refused = |name, code, bytes| HostileFile::refused(Database, Handed::Boundaries, name, code, bytes);
    let active = |name, statement: &str| refused(name, "active_database", database_with(&[statement]));
    let changed = |at: usize, bytes: &[u8]| {
        let mut file = sample();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    };
    let from = |page: usize, fill: u8| {
        let mut file = sample();
        file[page * 4096..].fill(fill);
        file
    };
    vec![
        active("view.gpkg", "CREATE VIEW soums_too AS SELECT * FROM soums"),
        active("trigger.gpkg", "CREATE TRIGGER t AFTER INSERT ON soums BEGIN DELETE FROM gpkg_contents; END"),
        refused(
            "endless_contents.gpkg",
            "active_database",
            endless(
                "gpkg_contents",
                "x AS table_name, 'features' AS data_type, x AS identifier, '' AS description, '' AS last_change, 0 AS min_x, 0 AS min_y, 1 AS max_x, 1 AS max_y, 4326 AS srs_id",
            ),
        ),
        refused(
            "endless_geometries.gpkg",
            "active_database",
            endless(
                "gpkg_geometry_columns",
                "'soums' AS table_name, 'geom' AS column_name, 'POLYGON' AS geometry_type_name, 4326 AS srs_id, 0 AS z, 0 AS m",
            ),
        ),
        active("table_of_functions.gpkg", "CREATE VIRTUAL TABLE words USING fts5(word)"),
        refused("header_alone.gpkg", "unreadable", sample()[..100].to_vec()),
        refused("no_pages.gpkg", "unreadable", changed(16, &[0, 0])),
        refused("pages_of_3_bytes.gpkg", "unreadable", changed(16, &[0, 3])),
        refused("zeros.gpkg", "unreadable", from(1, 0)),
        refused("ones.gpkg", "unreadable", from(1, 0xff)),
        refused("schema_of_nothing.gpkg", "unreadable", changed(100, &[0xff; 64])),
        refused("no_layers.gpkg", "unreadable", database_with(&["DELETE FROM gpkg_contents"])),
    ]
}
