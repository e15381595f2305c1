//! The tables, step by step. Each step is written once, for SQLite; PostgreSQL's form is made from it word by word.

use sqlx::{
    AnyPool, AssertSqlSafe, SqlSafeStr as _,
    migrate::{MigrateError, Migration, Migrator},
};

use crate::{dialect::Dialect, error::CatalogError};

static STEPS: Migrator = sqlx::migrate!("./migrations");

/// PostgreSQL's counterpart of `RAISE(ABORT, text)` in a trigger.
const REFUSE: &str = "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
                      $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;\n";

/// Words of SQLite and what PostgreSQL calls the same, in the order of replacement. Text is compared by code point in
/// both, so that both list in the same order.
const WORDS: [(&str, &str); 6] = [
    ("INTEGER PRIMARY KEY AUTOINCREMENT", "BIGSERIAL PRIMARY KEY"),
    (" INTEGER", " BIGINT"),
    (" TEXT", " TEXT COLLATE \"C\""),
    (") STRICT;", ");"),
    ("BEGIN SELECT RAISE(ABORT, ", "FOR EACH ROW EXECUTE FUNCTION refuse("),
    ("); END;", ");"),
];

/// Brings the tables to the form of this program; tables of a newer program are refused.
pub(crate) async fn run(pool: &AnyPool, dialect: Dialect) -> Result<(), CatalogError> {
    steps(dialect).run(pool).await.map_err(migrate_error)
}

/// The steps as a database is told them.
pub(crate) fn steps(dialect: Dialect) -> Migrator {
    let told = |step: &Migration| match dialect {
        Dialect::Sqlite => step.clone(),
        Dialect::Postgres => {
            let sql = AssertSqlSafe(for_postgres(step.sql.as_str())).into_sql_str();
            Migration::new(step.version, step.description.clone(), step.migration_type, sql, step.no_tx)
        }
    };
    Migrator::with_migrations(STEPS.iter().map(told).collect())
}

fn for_postgres(sqlite: &str) -> String {
    WORDS.iter().fold(REFUSE.to_owned() + sqlite, |sql, (from, to)| sql.replace(from, to))
}

fn migrate_error(cause: MigrateError) -> CatalogError {
    match cause {
        MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) | MigrateError::Dirty(_) => {
            CatalogError::Format { found: cause.to_string() }
        }
        other => CatalogError::Database { doing: "prepare the tables", cause: Box::new(other) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_sqlite_is_left_for_postgres() {
        for step in steps(Dialect::Postgres).iter() {
            let sql = step.sql.as_str();
            for word in ["AUTOINCREMENT", "STRICT", "RAISE(", " INTEGER", "datetime(", "PRAGMA"] {
                assert!(!sql.contains(word), "step {} says {word}", step.version);
            }
        }
    }
}
