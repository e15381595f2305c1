//! What becomes of an upload: corrected, seen, accepted, given up.

use belcheer_domain::Digest;
use serde_json::Value;

use crate::{
    database::{Columns, database_error},
    error::{CatalogError, check_time},
    jobs::text_of,
    statements,
    workspace::Catalog,
};

impl Catalog {
    /// Changes what the owner says of a draft, and returns the new revision; `None` when it is no draft any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_upload_options(&self, id: &str, options: &Value, at: &str) -> Result<Option<u64>, CatalogError> {
        const DOING: &str = "change the draft";
        check_time(at)?;
        let options = text_of("the options of the draft", options)?;
        let mut transaction = self.begin(DOING).await?;
        let row = sqlx::query(statements::SET_UPLOAD_OPTIONS)
            .bind(id)
            .bind(options)
            .bind(at)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        self.commit(transaction, DOING).await?;
        row.as_ref().map(|row| Columns { table: "uploads", row }.count("revision")).transpose()
    }

    /// Keeps what was seen in a draft at a revision; one that was changed meanwhile is left alone, and `false` told.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_upload_preview(
        &self,
        id: &str,
        revision: u64,
        preview: &Value,
        at: &str,
    ) -> Result<bool, CatalogError> {
        const DOING: &str = "keep the preview";
        check_time(at)?;
        let preview = text_of("the preview", preview)?;
        let statement = sqlx::query(statements::SET_UPLOAD_PREVIEW)
            .bind(id)
            .bind(i64::try_from(revision).unwrap_or(i64::MAX))
            .bind(preview)
            .bind(at);
        let kept = self.write(DOING, statement).await?;
        Ok(kept == 1)
    }

    /// Says which data sets a draft became. The same again changes nothing.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn accept_upload(&self, id: &str, datasets: &[Digest], at: &str) -> Result<(), CatalogError> {
        check_time(at)?;
        let names: Vec<String> = datasets.iter().map(ToString::to_string).collect();
        let names = text_of("the data sets", &Value::from(names))?;
        self.change_upload(statements::ACCEPT_UPLOAD, id, &[&names, at], "accept the draft").await.map(drop)
    }

    /// Gives up an upload or draft; `false` when it has been accepted or given up already.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn discard_upload(&self, id: &str, at: &str) -> Result<bool, CatalogError> {
        check_time(at)?;
        let discarded = self.change_upload(statements::DISCARD_UPLOAD, id, &[at], "discard the upload").await?;
        if discarded {
            self.remove_upload_file(id).await?;
        }
        Ok(discarded)
    }

    /// Gives up uploads that were not finished in time, and returns how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn expire_uploads(&self, at: &str) -> Result<usize, CatalogError> {
        const DOING: &str = "expire uploads";
        check_time(at)?;
        let mut transaction = self.begin(DOING).await?;
        let rows = sqlx::query(statements::EXPIRE_UPLOADS)
            .bind(at)
            .fetch_all(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        self.commit(transaction, DOING).await?;
        for row in &rows {
            self.remove_upload_file(&Columns { table: "uploads", row }.text("id")?).await?;
        }
        Ok(rows.len())
    }
}
