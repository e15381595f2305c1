//! Assessments: what was computed from what, never changed once stored.

use belcheer_domain::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::any::AnyRow;

use crate::{
    canonical::canonical_json,
    database::{Columns, database_error},
    dataset_rows::encode,
    error::{CatalogError, check_time, shortened},
    statements,
    workspace::Catalog,
};

/// An assessment that is held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssessmentRecord {
    /// The digest of scheme, inputs, parameters and method versions.
    pub id: Digest,
    /// The reporting cycle it was made for, such as `2024`.
    pub cycle: String,
    /// The scheme's name.
    pub scheme_id: String,
    /// The scheme's digest.
    pub scheme_digest: Digest,
    /// What went in, and how it was run.
    pub manifest: Value,
    /// The blob that holds the result.
    pub result: Digest,
    /// When it was stored, RFC 3339, as the caller's clock says.
    pub created_at: String,
}

impl Catalog {
    /// Stores an assessment whose result blob is stored already. The same one again changes nothing.
    ///
    /// # Errors
    /// `MissingBlob` when the result was not stored first; `ResultConflict` when the same id is held with another
    /// result; `CycleName` or `Time` when these have no valid form.
    pub async fn add_assessment(&self, assessment: &AssessmentRecord) -> Result<(), CatalogError> {
        const DOING: &str = "add the assessment";
        check_cycle(&assessment.cycle)?;
        check_time(&assessment.created_at)?;
        self.require_blob(assessment.result).await?;
        let manifest = String::from_utf8(canonical_json(&assessment.manifest)).map_err(encode("the manifest"))?;
        let mut transaction = self.begin(DOING).await?;
        sqlx::query(statements::ADD_ASSESSMENT)
            .bind(assessment.id.to_string())
            .bind(&assessment.cycle)
            .bind(&assessment.scheme_id)
            .bind(assessment.scheme_digest.to_string())
            .bind(manifest)
            .bind(assessment.result.to_string())
            .bind(&assessment.created_at)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        let row = sqlx::query(statements::ASSESSMENT)
            .bind(assessment.id.to_string())
            .fetch_one(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        let held = assessment_record(&row)?.result;
        if held != assessment.result {
            return Err(CatalogError::ResultConflict { id: assessment.id, held, found: assessment.result });
        }
        self.commit(transaction, DOING).await
    }

    /// All assessments, in the order they were stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn assessments(&self) -> Result<Vec<AssessmentRecord>, CatalogError> {
        let rows = sqlx::query(statements::ASSESSMENTS)
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("list the assessments"))?;
        rows.iter().map(assessment_record).collect()
    }

    /// One assessment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn assessment(&self, id: Digest) -> Result<Option<AssessmentRecord>, CatalogError> {
        let row = sqlx::query(statements::ASSESSMENT)
            .bind(id.to_string())
            .fetch_optional(&self.database().reader)
            .await
            .map_err(database_error("find the assessment"))?;
        row.as_ref().map(assessment_record).transpose()
    }
}

/// Reads a row of `assessments`.
pub(crate) fn assessment_record(row: &AnyRow) -> Result<AssessmentRecord, CatalogError> {
    let columns = Columns { table: "assessments", row };
    Ok(AssessmentRecord {
        id: columns.parsed("id")?,
        cycle: columns.text("cycle")?,
        scheme_id: columns.text("scheme_id")?,
        scheme_digest: columns.parsed("scheme_digest")?,
        manifest: columns.json("manifest")?,
        result: columns.parsed("result")?,
        created_at: columns.text("created_at")?,
    })
}

/// Checks a cycle's name: 1 to 64 letters, digits, dots, dashes or underscores.
pub(crate) fn check_cycle(cycle: &str) -> Result<(), CatalogError> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    if (1..=64).contains(&cycle.chars().count()) && cycle.chars().all(plain) {
        Ok(())
    } else {
        Err(CatalogError::CycleName { found: shortened(cycle) })
    }
}
