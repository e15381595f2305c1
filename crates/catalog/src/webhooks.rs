//! Addresses that are told of changes, and what is still to be told them.

use belcheer_domain::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{Any, Transaction, any::AnyRow};

use crate::{
    database::{Columns, database_error},
    error::{CatalogError, check_time},
    jobs::text_of,
    statements,
    words::words,
    workspace::Catalog,
};

words!(
    /// How far a delivery is.
    DeliveryState {
        /// To be told, or to be told again.
        Waiting = "waiting",
        /// The address said that it understood.
        Delivered = "delivered",
        /// Told too often without an answer.
        GivenUp = "given_up",
    }
);

/// An address that is told of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its name.
    pub id: String,
    /// Where to.
    pub address: String,
    /// The secret that signs what is sent; shown once.
    pub secret: String,
    /// Whether it is told anything.
    pub active: bool,
    /// Who added it.
    pub actor: String,
    /// When, RFC 3339.
    pub created_at: String,
}

/// Something to be told to one address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its name: the same however often it is told.
    pub id: String,
    /// The address.
    pub webhook: String,
    /// What happened, such as `cycle.published`.
    pub event: String,
    /// The body exactly as it is signed and sent.
    pub body: String,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was told.
    pub attempts: u64,
    /// What the address said last.
    pub said: String,
    /// When the event happened, RFC 3339.
    pub created_at: String,
}

impl Catalog {
    /// Adds an address.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn add_webhook(&self, webhook: &Webhook) -> Result<(), CatalogError> {
        const DOING: &str = "add the webhook";
        check_time(&webhook.created_at)?;
        let statement = sqlx::query(statements::ADD_WEBHOOK)
            .bind(&webhook.id)
            .bind(&webhook.address)
            .bind(&webhook.secret)
            .bind(&webhook.actor)
            .bind(&webhook.created_at);
        self.write(DOING, statement).await.map(drop)
    }

    /// Every address, in the order they were added.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>, CatalogError> {
        let rows = sqlx::query(statements::WEBHOOKS).fetch_all(&self.database().reader).await;
        rows.map_err(database_error("list the webhooks"))?.iter().map(webhook).collect()
    }

    /// Tells an address nothing more; `false` when there is no such one, or it is silent already.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn silence_webhook(&self, id: &str) -> Result<bool, CatalogError> {
        const DOING: &str = "silence the webhook";
        let statement = sqlx::query(statements::SILENCE_WEBHOOK).bind(id);
        let changed = self.write(DOING, statement).await?;
        Ok(changed == 1)
    }

    /// What is due, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn deliveries_due(&self, now_ms: i64, limit: u32) -> Result<Vec<Delivery>, CatalogError> {
        let rows = sqlx::query(statements::DELIVERIES_DUE)
            .bind(now_ms)
            .bind(i64::from(limit))
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("find what is to be told"))?;
        rows.iter().map(delivery).collect()
    }

    /// What an address was told last, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn deliveries(&self, webhook: &str, limit: u32) -> Result<Vec<Delivery>, CatalogError> {
        let rows = sqlx::query(statements::DELIVERIES)
            .bind(webhook)
            .bind(i64::from(limit))
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("list what was told"))?;
        rows.iter().map(delivery).collect()
    }

    /// Notes what came of telling; `due_ms` is when it is told again if it is still waiting.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_delivery(
        &self,
        id: &str,
        state: DeliveryState,
        due_ms: i64,
        said: &str,
    ) -> Result<(), CatalogError> {
        const DOING: &str = "note what was told";
        let statement = sqlx::query(statements::NOTE_DELIVERY).bind(id).bind(state.as_str()).bind(due_ms).bind(said);
        self.write(DOING, statement).await.map(drop)
    }
}

/// Notes an event for every address that is told, in a transaction with what happened. The same event has the same id.
pub(crate) async fn tell(
    transaction: &mut Transaction<'static, Any>,
    event: &str,
    body: &Value,
    at: &str,
) -> Result<(), CatalogError> {
    const DOING: &str = "note the event";
    let body = text_of("the event", body)?;
    let whole = Digest::of(body.as_bytes()).hex();
    let id = whole.get(..32).unwrap_or(&whole);
    let rows = sqlx::query(statements::WEBHOOKS).fetch_all(&mut **transaction).await.map_err(database_error(DOING))?;
    let webhooks = rows.iter().map(webhook).collect::<Result<Vec<_>, _>>()?;
    for webhook in webhooks.iter().filter(|webhook| webhook.active) {
        sqlx::query(statements::ADD_DELIVERY)
            .bind(format!("{id}-{}", webhook.id))
            .bind(&webhook.id)
            .bind(event)
            .bind(&body)
            .bind(at)
            .execute(&mut **transaction)
            .await
            .map_err(database_error(DOING))?;
    }
    Ok(())
}

fn webhook(row: &AnyRow) -> Result<Webhook, CatalogError> {
    let columns = Columns { table: "webhooks", row };
    Ok(Webhook {
        id: columns.text("id")?,
        address: columns.text("address")?,
        secret: columns.text("secret")?,
        active: columns.count("active")? == 1,
        actor: columns.text("actor")?,
        created_at: columns.text("created_at")?,
    })
}

fn delivery(row: &AnyRow) -> Result<Delivery, CatalogError> {
    let columns = Columns { table: "deliveries", row };
    Ok(Delivery {
        id: columns.text("id")?,
        webhook: columns.text("webhook")?,
        event: columns.text("event")?,
        body: columns.text("body")?,
        state: columns.parsed("state")?,
        attempts: columns.count("attempts")?,
        said: columns.text("said")?,
        created_at: columns.text("created_at")?,
    })
}
