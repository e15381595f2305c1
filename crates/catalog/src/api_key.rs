//! API keys as rows: what they may do, for whom, until when. The secret itself is never here.

use belcheer_domain::Digest;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::json;

use crate::{
    audit::append,
    database::{Columns, database_error},
    error::{CatalogError, utc},
    identity::{Actions, Role, SoumScope},
    statements,
    workspace::Catalog,
};

/// Most days from a key's making to its end.
pub const KEY_DAYS_MAX: i64 = 400;
/// Most characters of a label or holder.
const WORDS_MAX: usize = 120;

/// A key to be held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// The public part that names it.
    pub id: String,
    /// SHA-256 of the secret part.
    pub secret: Digest,
    /// What its holder is to the service.
    pub role: Role,
    /// What it may do, within what the role may.
    pub actions: Actions,
    /// The soums that it may act on.
    pub soums: SoumScope,
    /// What it is for.
    pub label: String,
    /// Who holds it: the name of a user, or any other words.
    pub holder: String,
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
    /// When it ends, RFC 3339; at most [`KEY_DAYS_MAX`] days after its making.
    pub expires_at: String,
    /// The key that it takes the place of, and when that one ends, RFC 3339.
    pub replaces: Option<(String, String)>,
}

/// A key that is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyRecord {
    /// The public part that names it.
    pub id: String,
    /// SHA-256 of the secret part; never shown.
    #[serde(skip)]
    pub secret: Digest,
    /// What its holder is to the service.
    pub role: Role,
    /// What it may do.
    pub actions: Actions,
    /// The soums that it may act on.
    pub soums: SoumScope,
    /// What it is for.
    pub label: String,
    /// Who holds it.
    pub holder: String,
    /// When it was made.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
    /// When it ends.
    pub expires_at: String,
    /// Since when it counts no more.
    pub revoked_at: Option<String>,
    /// When it was last used, to the hour.
    pub last_used: Option<String>,
    /// The key that it took the place of.
    pub replaces: Option<String>,
    /// Since when the user who holds it may do nothing.
    pub holder_disabled_at: Option<String>,
}

impl NewKey {
    /// Checks everything that does not need the database, and returns the times of making and end in UTC.
    fn check(&self) -> Result<(String, String), CatalogError> {
        let visible =
            |text: &str| !text.is_empty() && text.chars().count() <= WORDS_MAX && !text.chars().any(char::is_control);
        if !visible(&self.label) || !visible(&self.holder) {
            return Err(CatalogError::KeyWords);
        }
        if self.actions.is_empty() || !self.actions.within(self.role.actions()) || self.role == Role::Public {
            return Err(CatalogError::KeyActions { role: self.role, most: self.role.actions() });
        }
        let (created, expires) = (utc(&self.created_at)?, utc(&self.expires_at)?);
        let latest = moment(&created).and_then(|t| t.checked_add_signed(TimeDelta::days(KEY_DAYS_MAX)));
        match (moment(&expires), latest) {
            (Some(expires_at), Some(latest)) if expires_at <= latest && expires > created => Ok((created, expires)),
            _ => Err(CatalogError::KeyLife),
        }
    }
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|t| t.to_utc())
}

impl KeyRecord {
    /// Whether the key counts at a time: neither ended, nor revoked, nor its holder disabled. A time that cannot be read
    /// counts as past.
    #[must_use]
    pub fn is_valid(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none()
            && self.holder_disabled_at.is_none()
            && moment(&self.expires_at).is_some_and(|end| now < end)
    }
}

impl Catalog {
    /// Holds a new key, ends the one that it replaces when it says so, and writes both into the trail.
    ///
    /// # Errors
    /// `KeyActions`, `KeyLife` or `KeyWords` when it asks for more than its role may, lives too long, or has no label or
    /// holder; `UnknownKey` when it replaces one that is not held.
    pub async fn issue_key(&self, key: &NewKey) -> Result<(), CatalogError> {
        const DOING: &str = "hold the key";
        let (created, expires) = key.check()?;
        let mut transaction = self.begin(DOING).await?;
        sqlx::query(statements::ADD_KEY)
            .bind(&key.id)
            .bind(key.secret.to_string())
            .bind(key.role.as_str())
            .bind(key.actions.to_string())
            .bind(key.soums.to_string())
            .bind(&key.label)
            .bind(&key.holder)
            .bind(&created)
            .bind(&key.created_by)
            .bind(&expires)
            .bind(key.replaces.as_ref().map(|(id, _)| id))
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        let mut detail = json!({
            "role": key.role, "actions": key.actions, "soums": key.soums, "label": key.label, "holder": key.holder,
            "expires_at": expires,
        });
        if let Some((id, end)) = &key.replaces {
            let ended = sqlx::query(statements::SHORTEN_KEY)
                .bind(id)
                .bind(utc(end)?)
                .execute(&mut *transaction)
                .await
                .map_err(database_error(DOING))?;
            if ended.rows_affected() == 0 {
                return Err(CatalogError::UnknownKey { id: crate::error::shortened(id) });
            }
            if let Some(fields) = detail.as_object_mut() {
                fields.insert("replaces".into(), json!(id));
                fields.insert("replaced_until".into(), json!(end));
            }
        }
        append(&mut transaction, &key.created_by, "key_issue", &key.id, &detail, &created).await?;
        self.commit(transaction, DOING).await
    }

    /// The key of an id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn key(&self, id: &str) -> Result<Option<KeyRecord>, CatalogError> {
        if id.is_empty() { Ok(None) } else { Ok(self.find_keys(id).await?.pop()) }
    }

    /// Every key that is or was held, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn keys(&self) -> Result<Vec<KeyRecord>, CatalogError> {
        self.find_keys("").await
    }

    async fn find_keys(&self, id: &str) -> Result<Vec<KeyRecord>, CatalogError> {
        let rows = sqlx::query(statements::KEYS)
            .bind(id)
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("read the keys"))?;
        let key = |row| {
            let columns = Columns { table: "api_keys", row };
            Ok(KeyRecord {
                id: columns.text("id")?,
                secret: columns.parsed("secret")?,
                role: columns.parsed("role")?,
                actions: columns.parsed("actions")?,
                soums: columns.parsed("soums")?,
                label: columns.text("label")?,
                holder: columns.text("holder")?,
                created_at: columns.text("created_at")?,
                created_by: columns.text("created_by")?,
                expires_at: columns.text("expires_at")?,
                revoked_at: columns.maybe("revoked_at")?,
                last_used: columns.maybe("last_used")?,
                replaces: columns.maybe("replaces")?,
                holder_disabled_at: columns.maybe("holder_disabled_at")?,
            })
        };
        rows.iter().map(key).collect()
    }

    /// Lets a key count no more. Revoking twice changes nothing.
    ///
    /// # Errors
    /// `UnknownKey` when it is not held; `Time` when that has no valid form.
    pub async fn revoke_key(&self, id: &str, actor: &str, at: &str) -> Result<(), CatalogError> {
        const DOING: &str = "revoke the key";
        let at = utc(at)?;
        if self.key(id).await?.is_none() {
            return Err(CatalogError::UnknownKey { id: crate::error::shortened(id) });
        }
        let mut transaction = self.begin(DOING).await?;
        let revoked = sqlx::query(statements::REVOKE_KEY)
            .bind(id)
            .bind(&at)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        if revoked.rows_affected() > 0 {
            append(&mut transaction, actor, "key_revoke", id, &json!({}), &at).await?;
        }
        self.commit(transaction, DOING).await
    }

    /// Notes that a key was used.
    ///
    /// # Errors
    /// When the database cannot be written, or `at` is no RFC 3339 time.
    pub async fn touch_key(&self, id: &str, at: &str) -> Result<(), CatalogError> {
        const DOING: &str = "note the use of the key";
        let at = utc(at)?;
        let statement = sqlx::query(statements::TOUCH_KEY).bind(id).bind(at);
        self.write(DOING, statement).await.map(drop)
    }
}
