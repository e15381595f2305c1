//! Answers to requests that may be sent again: kept for a day under the caller and a token of the caller's choice.
//!
//! These rows alone are deleted when they are old.

use belcheer_domain::Digest;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    database::{Columns, database_error},
    error::{CatalogError, utc, utc_less},
    statements,
    workspace::Catalog,
};

/// How long answers are kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// How long a request may be under way before another may take its place; the process that ran it must have ended.
const RUNNING: TimeDelta = TimeDelta::minutes(5);

/// An answer that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// HTTP status.
    pub status: u16,
    /// Headers, by name.
    pub headers: Vec<(String, String)>,
    /// The body, as text of the caller's encoding.
    pub body: String,
}

/// What is known of a request that carries a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nothing; it is now noted as under way.
    New,
    /// It is under way.
    Running,
    /// Another request had the same token.
    Different,
    /// It was answered so.
    Answered(KeptAnswer),
}

impl Catalog {
    /// Notes a request as under way unless the same caller has used the token before.
    ///
    /// # Errors
    /// When the database cannot be read or written, or `at` is no RFC 3339 time.
    pub async fn claim_request(
        &self,
        caller: &str,
        token: &str,
        request: Digest,
        at: &str,
    ) -> Result<Claim, CatalogError> {
        const DOING: &str = "note the request";
        let mut transaction = self.begin(DOING).await?;
        sqlx::query(statements::FORGET_REQUESTS)
            .bind(utc_less(at, KEPT)?)
            .bind(utc_less(at, RUNNING)?)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        let added = sqlx::query(statements::ADD_REQUEST)
            .bind(caller)
            .bind(token)
            .bind(request.to_string())
            .bind(utc(at)?)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        let claim = if added.rows_affected() > 0 {
            Claim::New
        } else {
            let row = sqlx::query(statements::REQUEST)
                .bind(caller)
                .bind(token)
                .fetch_one(&mut *transaction)
                .await
                .map_err(database_error(DOING))?;
            let columns = Columns { table: "idempotency", row: &row };
            let status = columns.count("status")?;
            if columns.parsed::<Digest>("request")? != request {
                Claim::Different
            } else if status == 0 {
                Claim::Running
            } else {
                Claim::Answered(KeptAnswer {
                    status: u16::try_from(status).unwrap_or(500),
                    headers: columns.json("headers")?,
                    body: columns.text("body")?,
                })
            }
        };
        self.commit(transaction, DOING).await?;
        Ok(claim)
    }

    /// Keeps the answer to a request that was noted as under way; without an answer the request is forgotten, so that it
    /// may be sent again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn settle_request(
        &self,
        caller: &str,
        token: &str,
        answer: Option<&KeptAnswer>,
    ) -> Result<(), CatalogError> {
        const DOING: &str = "keep the answer";
        let mut transaction = self.begin(DOING).await?;
        match answer {
            Some(answer) => {
                let headers = serde_json::to_string(&answer.headers)
                    .map_err(crate::dataset_rows::encode("the headers of the answer"))?;
                sqlx::query(statements::ANSWER_REQUEST)
                    .bind(caller)
                    .bind(token)
                    .bind(i64::from(answer.status))
                    .bind(headers)
                    .bind(&answer.body)
                    .execute(&mut *transaction)
                    .await
            }
            None => sqlx::query(statements::FORGET_REQUEST).bind(caller).bind(token).execute(&mut *transaction).await,
        }
        .map_err(database_error(DOING))?;
        self.commit(transaction, DOING).await
    }
}
