//! People who sign in, by the subject of their provider's tokens or by keys that they hold.

use serde::Serialize;
use serde_json::json;

use crate::{
    audit::append,
    database::{Columns, database_error},
    error::{CatalogError, check_name, utc},
    identity::{Role, SoumScope},
    statements,
    workspace::Catalog,
};

/// Somebody to enrol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// A short name: letters, digits, `.`, `_`, `-`, `@`; at most 64.
    pub name: String,
    /// The subject (`sub`) of the tokens that stand for them, if they sign in by a provider.
    pub subject: Option<String>,
    /// What they are to the service.
    pub role: Role,
    /// The soums that they may act on.
    pub soums: SoumScope,
    /// When, RFC 3339.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
}

/// Somebody who is enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserRecord {
    /// The short name.
    pub name: String,
    /// The subject of their tokens.
    pub subject: Option<String>,
    /// What they are to the service.
    pub role: Role,
    /// The soums that they may act on.
    pub soums: SoumScope,
    /// When they were enrolled.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
    /// Since when they may do nothing any more.
    pub disabled_at: Option<String>,
}

impl Catalog {
    /// Enrols somebody, and writes that into the trail.
    ///
    /// # Errors
    /// `UserHeld` when the name or the subject is taken; `Name` or `Time` when these have no valid form.
    pub async fn add_user(&self, user: &NewUser) -> Result<(), CatalogError> {
        const DOING: &str = "enrol the user";
        check_name(&user.name)?;
        let subject = user.subject.as_deref();
        if subject.is_some_and(|s| s.is_empty() || s.len() > 255 || s.chars().any(char::is_control)) {
            return Err(CatalogError::Subject);
        }
        let at = utc(&user.created_at)?;
        let mut transaction = self.begin(DOING).await?;
        let added = sqlx::query(statements::ADD_USER)
            .bind(&user.name)
            .bind(subject)
            .bind(user.role.as_str())
            .bind(user.soums.to_string())
            .bind(&at)
            .bind(&user.created_by)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        if added.rows_affected() == 0 {
            return Err(CatalogError::UserHeld { name: user.name.clone() });
        }
        let detail = json!({ "role": user.role, "soums": user.soums, "subject": user.subject });
        append(&mut transaction, &user.created_by, "user_add", &user.name, &detail, &at).await?;
        self.commit(transaction, DOING).await
    }

    /// Everybody who is or was enrolled, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn users(&self) -> Result<Vec<UserRecord>, CatalogError> {
        self.find_users("", "").await
    }

    /// The user of a name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn user(&self, name: &str) -> Result<Option<UserRecord>, CatalogError> {
        if name.is_empty() { Ok(None) } else { Ok(self.find_users(name, "").await?.pop()) }
    }

    /// The user whom a provider's subject stands for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn user_of_subject(&self, subject: &str) -> Result<Option<UserRecord>, CatalogError> {
        if subject.is_empty() { Ok(None) } else { Ok(self.find_users("", subject).await?.pop()) }
    }

    async fn find_users(&self, name: &str, subject: &str) -> Result<Vec<UserRecord>, CatalogError> {
        let rows = sqlx::query(statements::USERS)
            .bind(name)
            .bind(subject)
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("read the users"))?;
        let user = |row| {
            let columns = Columns { table: "users", row };
            Ok(UserRecord {
                name: columns.text("name")?,
                subject: columns.maybe("subject")?,
                role: columns.parsed("role")?,
                soums: columns.parsed("soums")?,
                created_at: columns.text("created_at")?,
                created_by: columns.text("created_by")?,
                disabled_at: columns.maybe("disabled_at")?,
            })
        };
        rows.iter().map(user).collect()
    }

    /// Lets a user do nothing any more, by tokens or by keys that they hold. Disabling twice changes nothing.
    ///
    /// # Errors
    /// `UnknownUser` when nobody has the name; `Time` when that has no valid form.
    pub async fn disable_user(&self, name: &str, actor: &str, at: &str) -> Result<(), CatalogError> {
        const DOING: &str = "disable the user";
        let at = utc(at)?;
        let held = self.user(name).await?;
        let user = held.ok_or_else(|| CatalogError::UnknownUser { name: crate::error::shortened(name) })?;
        if user.disabled_at.is_some() {
            return Ok(());
        }
        let mut transaction = self.begin(DOING).await?;
        sqlx::query(statements::DISABLE_USER)
            .bind(name)
            .bind(&at)
            .execute(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        append(&mut transaction, actor, "user_disable", name, &json!({}), &at).await?;
        self.commit(transaction, DOING).await
    }
}
