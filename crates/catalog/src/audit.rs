//! The audit trail: who did what, append-only.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{Any, Transaction};

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
    /// Its place in the trail; later entries have higher ones.
    pub seq: u64,
    /// Who did it: `key:<id>`, `user:<name>`, `cli:<name>`; empty in entries from before actors were named.
    pub actor: String,
    /// What was done, snake case, such as `ingest_refused`.
    pub action: String,
    /// What it was done to: a digest, a cycle, a file name.
    pub subject: String,
    /// Particulars.
    pub detail: Value,
    /// When, RFC 3339.
    pub at: String,
}

/// Which entries of the trail to list; empty words and absent numbers choose all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Only by this actor.
    pub actor: String,
    /// Only this action.
    pub action: String,
    /// Only of this subject.
    pub subject: String,
    /// Only entries before this place of the trail.
    pub before: Option<u64>,
}

impl Catalog {
    /// Appends an entry to the trail. Entries are never changed or deleted, and do not count in the doctor's digest.
    ///
    /// # Errors
    /// When the database cannot be written, or `at` is no RFC 3339 time.
    pub async fn audit(
        &self,
        actor: &str,
        action: &str,
        subject: &str,
        detail: &Value,
        at: &str,
    ) -> Result<(), CatalogError> {
        const DOING: &str = "write the audit trail";
        let mut transaction = self.begin(DOING).await?;
        append(&mut transaction, actor, action, subject, detail, at).await?;
        self.commit(transaction, DOING).await
    }

    /// The newest `limit` entries, newest first; of one subject, or of all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_trail(&self, subject: Option<&str>, limit: u32) -> Result<Vec<AuditEntry>, CatalogError> {
        let filter = AuditFilter { subject: subject.unwrap_or("").to_owned(), ..AuditFilter::default() };
        self.audit_entries(&filter, limit).await
    }

    /// The newest `limit` entries that pass a filter, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_entries(&self, filter: &AuditFilter, limit: u32) -> Result<Vec<AuditEntry>, CatalogError> {
        let before = filter.before.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX);
        let rows = sqlx::query(statements::AUDIT)
            .bind(&filter.subject)
            .bind(&filter.actor)
            .bind(&filter.action)
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("read the audit trail"))?;
        let entry = |row| {
            let columns = Columns { table: "audit", row };
            Ok(AuditEntry {
                seq: columns.count("seq")?,
                actor: columns.text("actor")?,
                action: columns.text("action")?,
                subject: columns.text("subject")?,
                detail: columns.json("detail")?,
                at: columns.text("at")?,
            })
        };
        rows.iter().map(entry).collect()
    }
}

/// Appends an entry together with the change that it speaks of.
pub(crate) async fn append(
    transaction: &mut Transaction<'static, Any>,
    actor: &str,
    action: &str,
    subject: &str,
    detail: &Value,
    at: &str,
) -> Result<(), CatalogError> {
    check_time(at)?;
    let detail = String::from_utf8(canonical_json(detail)).map_err(encode("the detail of the audit entry"))?;
    sqlx::query(statements::ADD_AUDIT)
        .bind(action)
        .bind(subject)
        .bind(detail)
        .bind(at)
        .bind(actor)
        .execute(&mut **transaction)
        .await
        .map(drop)
        .map_err(database_error("write the audit trail"))
}
