//! What is said of a data set after it was added: its terms, and whether it was superseded or retracted. Append-only.

use belcheer_domain::Digest;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    assessment::{AssessmentRecord, assessment_record},
    audit::append,
    database::{Columns, database_error},
    dataset::DatasetState,
    error::{CatalogError, check_time},
    statements,
    webhooks::tell,
    words::words,
    workspace::Catalog,
};

words!(
    /// Who may be handed the data themselves; their description is public in any case.
    Visibility {
        /// Everybody.
        Public = "public",
        /// Those with a key.
        Platform = "platform",
        /// Those who work on assessments.
        Private = "private",
    }
);

words!(
    /// What became of a data set.
    DatasetAction {
        /// Another one took its place.
        Supersede = "supersede",
        /// It turned out wrong, and is used no more.
        Retract = "retract",
    }
);

/// Under which terms a data set may be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The licence, such as `CC-BY-4.0`; empty when it is not known.
    pub licence: String,
    /// Whom to name.
    pub attribution: String,
    /// Who may be handed it.
    pub visibility: Visibility,
    /// Who said so.
    pub actor: String,
    /// When, RFC 3339.
    pub at: String,
}

/// What became of a data set, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetEvent {
    /// The data set.
    pub dataset: Digest,
    /// What became of it.
    pub action: DatasetAction,
    /// The one that took its place.
    pub successor: Option<Digest>,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub actor: String,
    /// When, RFC 3339.
    pub at: String,
}

impl Catalog {
    /// Says under which terms a data set may be used; what was said before stays on record.
    ///
    /// # Errors
    /// `UnknownDataset` when it is not held.
    pub async fn set_terms(&self, dataset: Digest, terms: &Terms) -> Result<(), CatalogError> {
        const DOING: &str = "say the terms of the data set";
        check_time(&terms.at)?;
        self.require_dataset(dataset).await?;
        let mut transaction = self.begin(DOING).await?;
        sqlx::query(statements::ADD_TERMS)
            .bind(dataset.to_string())
            .bind(&terms.licence)
            .bind(&terms.attribution)
            .bind(terms.visibility.as_str())
            .bind(&terms.actor)
            .bind(&terms.at)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        let detail = json!({
            "licence": terms.licence, "attribution": terms.attribution, "visibility": terms.visibility,
        });
        append(&mut transaction, &terms.actor, "terms_set", &dataset.to_string(), &detail, &terms.at).await?;
        self.commit(transaction, DOING).await
    }

    /// The terms of a data set as said last; `None` when nothing was said.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn terms(&self, dataset: Digest) -> Result<Option<Terms>, CatalogError> {
        let row = sqlx::query(statements::TERMS)
            .bind(dataset.to_string())
            .fetch_optional(&self.database().reader)
            .await
            .map_err(database_error("find the terms of the data set"))?;
        let terms = |row| {
            let columns = Columns { table: "dataset_terms", row };
            Ok(Terms {
                licence: columns.text("licence")?,
                attribution: columns.text("attribution")?,
                visibility: columns.parsed("visibility")?,
                actor: columns.text("actor")?,
                at: columns.text("at")?,
            })
        };
        row.as_ref().map(terms).transpose()
    }

    /// Marks a data set as superseded or retracted: no later assessment uses it. Assessments already made from it stay
    /// as they are; they are returned, in the order they were stored.
    ///
    /// # Errors
    /// `UnknownDataset` when it or its successor is not held; `DatasetGone` when it was superseded or retracted before.
    pub async fn end_dataset(&self, event: &DatasetEvent) -> Result<Vec<AssessmentRecord>, CatalogError> {
        const DOING: &str = "end the data set";
        check_time(&event.at)?;
        self.require_dataset(event.dataset).await?;
        if let Some(successor) = event.successor {
            self.require_dataset(successor).await?;
        }
        let mut transaction = self.begin(DOING).await?;
        let changed = sqlx::query(statements::END_DATASET)
            .bind(event.dataset.to_string())
            .bind(DatasetState::Superseded.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        if changed.rows_affected() == 0 {
            return Err(CatalogError::DatasetGone { digest: event.dataset });
        }
        sqlx::query(statements::ADD_DATASET_EVENT)
            .bind(event.dataset.to_string())
            .bind(event.action.as_str())
            .bind(event.successor.map(|d| d.to_string()))
            .bind(&event.reason)
            .bind(&event.actor)
            .bind(&event.at)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        let rows = sqlx::query(statements::ASSESSMENTS_NAMING)
            .bind(naming(event.dataset))
            .fetch_all(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        let made: Vec<AssessmentRecord> = rows.iter().map(assessment_record).collect::<Result<_, _>>()?;
        let ids: Vec<Digest> = made.iter().map(|record| record.id).collect();
        let told = json!({
            "event": "dataset.retracted", "dataset": event.dataset, "action": event.action,
            "successor": event.successor, "reason": event.reason, "assessments": ids, "at": event.at,
        });
        tell(&mut transaction, "dataset.retracted", &told, &event.at).await?;
        let detail = json!({ "reason": event.reason, "successor": event.successor, "assessments": ids });
        let (action, subject) = (event.action.as_str(), event.dataset.to_string());
        append(&mut transaction, &event.actor, action, &subject, &detail, &event.at).await?;
        self.commit(transaction, DOING).await?;
        Ok(made)
    }

    /// What became of a data set, oldest first; empty while it is in use.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dataset_events(&self, dataset: Digest) -> Result<Vec<DatasetEvent>, CatalogError> {
        let rows = sqlx::query(statements::DATASET_EVENTS)
            .bind(dataset.to_string())
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("find what became of the data set"))?;
        let event = |row| {
            let columns = Columns { table: "dataset_events", row };
            Ok(DatasetEvent {
                dataset: columns.parsed("dataset")?,
                action: columns.parsed("action")?,
                successor: columns.maybe_parsed("successor")?,
                reason: columns.text("reason")?,
                actor: columns.text("actor")?,
                at: columns.text("at")?,
            })
        };
        rows.iter().map(event).collect()
    }

    /// The assessments whose manifest names a data set, in the order they were stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn assessments_of(&self, dataset: Digest) -> Result<Vec<AssessmentRecord>, CatalogError> {
        let rows = sqlx::query(statements::ASSESSMENTS_NAMING)
            .bind(naming(dataset))
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("find assessments of the data set"))?;
        rows.iter().map(assessment_record).collect()
    }

    async fn require_dataset(&self, digest: Digest) -> Result<(), CatalogError> {
        match self.dataset(digest).await? {
            Some(_) => Ok(()),
            None => Err(CatalogError::UnknownDataset { digest }),
        }
    }
}

/// What is looked for in a manifest.
fn naming(dataset: Digest) -> String {
    format!("%\"{dataset}\"%")
}
