//! Data sets in the catalog: added once, listed in a fixed order.

use belcheer_domain::{Digest, records::Level};
use sqlx::any::AnyRow;

use crate::{
    canonical::canonical_json,
    database::{Columns, database_error},
    dataset::{DatasetKind, DatasetRecord, DatasetState, Filter, NewDataset},
    error::{CatalogError, Cause},
    statements,
    workspace::Catalog,
};

impl Catalog {
    /// Adds a data set whose blob is stored already, and returns its digest. One that is held already stays as it is:
    /// its place, time, file name and findings are those of the first time.
    ///
    /// # Errors
    /// `MissingBlob` when the blob was not stored first; `SourceName` or `Time` when these have no valid form.
    pub async fn add_dataset(&self, dataset: &NewDataset) -> Result<Digest, CatalogError> {
        const DOING: &str = "add the data set";
        dataset.check()?;
        self.require_blob(dataset.blob).await?;
        let digest = dataset.digest();
        let findings = serde_json::to_string(&dataset.findings).map_err(encode("findings"))?;
        let records = i64::try_from(dataset.records).map_err(encode("the number of records"))?;
        let meta = String::from_utf8(canonical_json(&dataset.meta)).map_err(encode("meta"))?;
        let statement = sqlx::query(statements::ADD_DATASET)
            .bind(digest.to_string())
            .bind(dataset.kind.as_str())
            .bind(dataset.level.map(Level::as_str))
            .bind(dataset.product.as_deref())
            .bind(dataset.date.as_deref())
            .bind(dataset.state.as_str())
            .bind(&dataset.source_name)
            .bind(dataset.source_digest.to_string())
            .bind(dataset.blob.to_string())
            .bind(records)
            .bind(meta)
            .bind(findings)
            .bind(&dataset.created_at);
        self.write(DOING, statement).await?;
        Ok(digest)
    }

    /// The data sets that pass a filter, ordered by kind, product, date and digest; what has no product or date first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn datasets(&self, filter: &Filter) -> Result<Vec<DatasetRecord>, CatalogError> {
        let rows = sqlx::query(statements::DATASETS)
            .bind(filter.kind.map_or("", DatasetKind::as_str))
            .bind(filter.level.map_or("", Level::as_str))
            .bind(filter.state.map_or("", DatasetState::as_str))
            .bind(filter.product.as_deref().unwrap_or(""))
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("list the data sets"))?;
        rows.iter().map(dataset_record).collect()
    }

    /// One data set.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dataset(&self, digest: Digest) -> Result<Option<DatasetRecord>, CatalogError> {
        let row = sqlx::query(statements::DATASET)
            .bind(digest.to_string())
            .fetch_optional(&self.database().reader)
            .await
            .map_err(database_error("find the data set"))?;
        row.as_ref().map(dataset_record).transpose()
    }

    /// The data set of a kind that arrived last and is ready; of one level, or of any when `level` is `None`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn latest(&self, kind: DatasetKind, level: Option<Level>) -> Result<Option<DatasetRecord>, CatalogError> {
        let row = sqlx::query(statements::LATEST_DATASET)
            .bind(kind.as_str())
            .bind(level.map_or("", Level::as_str))
            .fetch_optional(&self.database().reader)
            .await
            .map_err(database_error("find the latest data set"))?;
        row.as_ref().map(dataset_record).transpose()
    }

    /// Changes the state of a data set; nothing else about it ever changes.
    ///
    /// # Errors
    /// `UnknownDataset` when it is not held.
    pub async fn set_dataset_state(&self, digest: Digest, state: DatasetState) -> Result<(), CatalogError> {
        const DOING: &str = "change the state of the data set";
        let mut transaction = self.begin(DOING).await?;
        let changed = sqlx::query(statements::SET_DATASET_STATE)
            .bind(digest.to_string())
            .bind(state.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        if changed.rows_affected() == 0 {
            return Err(CatalogError::UnknownDataset { digest });
        }
        self.commit(transaction, DOING).await
    }
}

/// Reads a row of `datasets`.
pub(crate) fn dataset_record(row: &AnyRow) -> Result<DatasetRecord, CatalogError> {
    let columns = Columns { table: "datasets", row };
    Ok(DatasetRecord {
        digest: columns.parsed("digest")?,
        sequence: columns.count("seq")?,
        kind: columns.parsed("kind")?,
        level: columns.maybe_parsed("level")?,
        product: columns.maybe("product")?,
        date: columns.maybe("date")?,
        state: columns.parsed("state")?,
        source_name: columns.text("source_name")?,
        source_digest: columns.parsed("source_digest")?,
        blob: columns.parsed("blob")?,
        records: columns.count("records")?,
        meta: columns.json("meta")?,
        findings: columns.json("findings")?,
        created_at: columns.text("created_at")?,
    })
}

/// Turns a failure to write a value into an error that names it.
pub(crate) fn encode<E: Into<Cause>>(what: &'static str) -> impl FnOnce(E) -> CatalogError {
    move |cause| CatalogError::Encode { what, cause: cause.into() }
}
