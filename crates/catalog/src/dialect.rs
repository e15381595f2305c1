//! What SQLite and PostgreSQL are told differently. Statements are the same for both; only these few words are not.

/// The database that keeps the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// One file in the workspace.
    Sqlite,
    /// A server.
    Postgres,
}

impl Dialect {
    /// What a connection that writes is set to: an acknowledged row is on disk.
    pub(crate) const fn writer_settings(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "PRAGMA busy_timeout = 30000; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
                 PRAGMA cell_size_check = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            }
            Self::Postgres => "SET synchronous_commit = on; SET lock_timeout = '30s'; SET TIME ZONE 'UTC';",
        }
    }

    /// What a connection that reads is set to.
    pub(crate) const fn reader_settings(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "PRAGMA busy_timeout = 30000; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; \
                 PRAGMA query_only = ON;"
            }
            Self::Postgres => {
                "SET default_transaction_read_only = on; SET default_transaction_isolation = 'repeatable read'; \
                 SET TIME ZONE 'UTC';"
            }
        }
    }

    /// Starts a transaction that will write, so that it never waits half way through.
    pub(crate) const fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// Makes writers take turns; asked first in a transaction that writes.
    pub(crate) const fn take_turn(self) -> Option<&'static str> {
        match self {
            // BEGIN IMMEDIATE has done it
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT id FROM workspace WHERE id = 1 FOR UPDATE"),
        }
    }

    /// The database's own look at its pages; one row `ok` when all is well.
    pub(crate) const fn integrity(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("PRAGMA integrity_check(20)"),
            Self::Postgres => None,
        }
    }

    /// Tables with rows that point nowhere; PostgreSQL holds no such rows.
    pub(crate) const fn foreign_keys(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("SELECT \"table\" FROM pragma_foreign_key_check"),
            Self::Postgres => None,
        }
    }
}
