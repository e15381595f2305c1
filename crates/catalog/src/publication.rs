//! Publications: which assessment is public for a cycle, and what was public before. Append-only.

use belcheer_domain::Digest;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{Any, Transaction};

use crate::{
    assessment::{AssessmentRecord, assessment_record, check_cycle},
    audit,
    database::{Columns, database_error},
    error::{CatalogError, check_time},
    statements,
    webhooks::tell,
    words::words,
    workspace::Catalog,
};

words!(
    /// What was done with an assessment.
    PublicationAction {
        /// It became what is public for the cycle.
        Publish = "publish",
        /// It was taken back; nothing is public for the cycle until the next publication.
        Withdraw = "withdraw",
    }
);

/// A cycle for which something is public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycle {
    /// The cycle's name, such as `2024`.
    pub cycle: String,
    /// The assessment that is public.
    pub assessment: Digest,
    /// Since when, RFC 3339.
    pub published_at: String,
}

/// One step in the history of a cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationEvent {
    /// The cycle's name.
    pub cycle: String,
    /// The assessment concerned.
    pub assessment: Digest,
    /// What was done.
    pub action: PublicationAction,
    /// The assessment that was public until then and was replaced.
    pub supersedes: Option<Digest>,
    /// When, RFC 3339.
    pub at: String,
}

impl Catalog {
    /// Makes an assessment what is public for a cycle, and returns the one it replaces. Publishing what is public
    /// already changes nothing.
    ///
    /// # Errors
    /// `UnknownAssessment` when it is not held; `CycleName` or `Time` when these have no valid form.
    pub async fn publish(
        &self,
        id: Digest,
        cycle: &str,
        actor: &str,
        at: &str,
    ) -> Result<Option<Digest>, CatalogError> {
        const DOING: &str = "publish the assessment";
        check_cycle(cycle)?;
        check_time(at)?;
        let mut transaction = self.begin(DOING).await?;
        let held = sqlx::query(statements::ASSESSMENT)
            .bind(id.to_string())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        if held.is_none() {
            return Err(CatalogError::UnknownAssessment { id });
        }
        let current = sqlx::query(statements::PUBLISHED)
            .bind(cycle)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        let current = current.as_ref().map(assessment_record).transpose()?.map(|a| a.id);
        if current == Some(id) {
            return Ok(None);
        }
        let event = PublicationEvent {
            cycle: cycle.to_owned(),
            assessment: id,
            action: PublicationAction::Publish,
            supersedes: current,
            at: at.to_owned(),
        };
        append(&mut transaction, &event, DOING).await?;
        let detail = json!({ "cycle": cycle, "supersedes": current });
        audit::append(&mut transaction, actor, "publish", &id.to_string(), &detail, at).await?;
        self.commit(transaction, DOING).await?;
        Ok(current)
    }

    /// Takes an assessment back from every cycle for which it is public, and returns these cycles. What was public
    /// before it does not come back by itself.
    ///
    /// # Errors
    /// `UnknownAssessment` when it is not held, `NotPublished` when it is not public; `Time` when that has no valid form.
    pub async fn withdraw(&self, id: Digest, actor: &str, at: &str) -> Result<Vec<String>, CatalogError> {
        const DOING: &str = "withdraw the assessment";
        check_time(at)?;
        if self.assessment(id).await?.is_none() {
            return Err(CatalogError::UnknownAssessment { id });
        }
        let mut transaction = self.begin(DOING).await?;
        let cycles: Vec<String> = sqlx::query_scalar(statements::CYCLES_OF)
            .bind(id.to_string())
            .fetch_all(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        if cycles.is_empty() {
            return Err(CatalogError::NotPublished { id });
        }
        for cycle in &cycles {
            let event = PublicationEvent {
                cycle: cycle.clone(),
                assessment: id,
                action: PublicationAction::Withdraw,
                supersedes: None,
                at: at.to_owned(),
            };
            append(&mut transaction, &event, DOING).await?;
        }
        audit::append(&mut transaction, actor, "withdraw", &id.to_string(), &json!({ "cycles": cycles }), at).await?;
        self.commit(transaction, DOING).await?;
        Ok(cycles)
    }

    /// The assessment that is public for a cycle.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn published(&self, cycle: &str) -> Result<Option<AssessmentRecord>, CatalogError> {
        let row = sqlx::query(statements::PUBLISHED)
            .bind(cycle)
            .fetch_optional(&self.database().reader)
            .await
            .map_err(database_error("find what is published"))?;
        row.as_ref().map(assessment_record).transpose()
    }

    /// The cycles for which something is public, ordered by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cycles(&self) -> Result<Vec<Cycle>, CatalogError> {
        let rows = sqlx::query(statements::CYCLES)
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("list the cycles"))?;
        let cycle = |row| {
            let columns = Columns { table: "publications", row };
            Ok(Cycle {
                cycle: columns.text("cycle")?,
                assessment: columns.parsed("assessment")?,
                published_at: columns.text("at")?,
            })
        };
        rows.iter().map(cycle).collect()
    }

    /// All that was published and withdrawn for a cycle, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn history(&self, cycle: &str) -> Result<Vec<PublicationEvent>, CatalogError> {
        let rows = sqlx::query(statements::HISTORY)
            .bind(cycle)
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("read the history of the cycle"))?;
        let event = |row| {
            let columns = Columns { table: "publications", row };
            Ok(PublicationEvent {
                cycle: columns.text("cycle")?,
                assessment: columns.parsed("assessment")?,
                action: columns.parsed("action")?,
                supersedes: columns.maybe_parsed("supersedes")?,
                at: columns.text("at")?,
            })
        };
        rows.iter().map(event).collect()
    }
}

async fn append(
    transaction: &mut Transaction<'static, Any>,
    event: &PublicationEvent,
    doing: &'static str,
) -> Result<(), CatalogError> {
    sqlx::query(statements::ADD_PUBLICATION)
        .bind(&event.cycle)
        .bind(event.assessment.to_string())
        .bind(event.action.as_str())
        .bind(event.supersedes.map(|d| d.to_string()))
        .bind(&event.at)
        .execute(&mut **transaction)
        .await
        .map_err(database_error(doing))?;
    let (name, told) = match event.action {
        PublicationAction::Publish => (
            "cycle.published",
            json!({
                "event": "cycle.published", "cycle": event.cycle, "assessment": event.assessment,
                "supersedes": event.supersedes, "at": event.at,
            }),
        ),
        PublicationAction::Withdraw => (
            "cycle.withdrawn",
            json!({
                "event": "cycle.withdrawn", "cycle": event.cycle, "assessment": event.assessment, "at": event.at,
            }),
        ),
    };
    tell(transaction, name, &told, &event.at).await
}
