//! The audit trail: who did what, append-only.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    canonical::canonical_json,
    database::{Columns, database_error},
    dataset_rows::encode,
    error::{CatalogError, check_time},
    statements,
    workspace::Catalog,
};

/// One entry of the trail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// What was done, snake case, such as `ingest_refused`.
    pub action: String,
    /// What it was done to: a digest, a cycle, a file name.
    pub subject: String,
    /// Particulars.
    pub detail: Value,
    /// When, RFC 3339.
    pub at: String,
}

impl Catalog {
    /// Appends an entry to the trail. Entries are never changed or deleted, and do not count in the doctor's digest.
    ///
    /// # Errors
    /// When the database cannot be written, or `at` is no RFC 3339 time.
    pub async fn audit(&self, action: &str, subject: &str, detail: &Value, at: &str) -> Result<(), CatalogError> {
        const DOING: &str = "write the audit trail";
        check_time(at)?;
        let detail = String::from_utf8(canonical_json(detail)).map_err(encode("the detail of the audit entry"))?;
        let mut transaction = self.begin(DOING).await?;
        sqlx::query(statements::ADD_AUDIT)
            .bind(action)
            .bind(subject)
            .bind(detail)
            .bind(at)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        self.commit(transaction, DOING).await
    }

    /// The newest `limit` entries, newest first; of one subject, or of all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_trail(&self, subject: Option<&str>, limit: u32) -> Result<Vec<AuditEntry>, CatalogError> {
        let rows = sqlx::query(statements::AUDIT)
            .bind(subject.unwrap_or(""))
            .bind(i64::from(limit))
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("read the audit trail"))?;
        let entry = |row| {
            let columns = Columns { table: "audit", row };
            Ok(AuditEntry {
                action: columns.text("action")?,
                subject: columns.text("subject")?,
                detail: columns.json("detail")?,
                at: columns.text("at")?,
            })
        };
        rows.iter().map(entry).collect()
    }
}
