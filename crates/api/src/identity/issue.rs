//! Making keys, for the command line and over HTTP alike.

use belcheer_catalog::{Actions, Catalog, CatalogError, KeyRecord, NewKey, Role, SoumScope};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::identity::key_text::FreshKey;

/// What a new key shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRequest {
    /// Who will hold it: the name of a user, whose role and soums it then has, or any other words.
    pub holder: String,
    /// What it is for.
    pub label: String,
    /// Its role; needed when the holder is no user.
    pub role: Option<Role>,
    /// What it may do; all that the role may when absent.
    pub actions: Option<Actions>,
    /// The soums that it may act on; those of the user, or all, when absent.
    pub soums: Option<SoumScope>,
    /// How many days it lives, 1 to 400.
    pub days: u16,
}

/// A key that was made; the only time that its text is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedKey {
    /// The key, as its holder sends it.
    pub text: String,
    /// What is held of it.
    pub record: KeyRecord,
}

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The holder is no user, and no role was given.
    #[error("{holder} is not a user; name a role, or enrol them with belcheer user add")]
    RoleNeeded {
        /// The holder.
        holder: String,
    },
    /// The holder is a user of another role.
    #[error("{holder} is enrolled as {held}; a key of theirs has that role")]
    RoleDiffers {
        /// The holder.
        holder: String,
        /// The user's role.
        held: Role,
    },
    /// The holder is a user who was disabled.
    #[error("the user {holder} is disabled; name another holder")]
    HolderDisabled {
        /// The holder.
        holder: String,
    },
    /// The soums reach beyond those of the user, or of who makes the key.
    #[error("the key would reach soums beyond {most}; name fewer")]
    WiderSoums {
        /// The most that it may reach.
        most: SoumScope,
    },
    /// The key to be replaced counts no more.
    #[error("the key {id} has ended or was revoked; issue a new one")]
    EndedKey {
        /// Its id.
        id: String,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gives no random bytes; no key was made")]
    Randomness,
    /// The catalog refused.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// Makes a key for an environment, holds it, and writes that into the audit trail.
///
/// # Errors
/// When the request asks for more than its holder or role may have, or the catalog cannot be written.
pub async fn issue_key(
    catalog: &Catalog,
    environment: &str,
    request: &KeyRequest,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<IssuedKey, IssueError> {
    let holder = request.holder.clone();
    let user = catalog.user(&holder).await?;
    let (role, most) = match (user, request.role) {
        (Some(user), _) if user.disabled_at.is_some() => return Err(IssueError::HolderDisabled { holder }),
        (Some(user), Some(asked)) if asked != user.role => {
            return Err(IssueError::RoleDiffers { holder, held: user.role });
        }
        (Some(user), _) => (user.role, user.soums),
        (None, Some(role)) => (role, SoumScope::All),
        (None, None) => return Err(IssueError::RoleNeeded { holder }),
    };
    let soums = request.soums.clone().unwrap_or_else(|| most.clone());
    if !soums.within(&most) {
        return Err(IssueError::WiderSoums { most });
    }
    let key = Wanted {
        role,
        actions: request.actions.unwrap_or_else(|| role.actions()),
        soums,
        label: request.label.clone(),
        holder,
        days: request.days,
        replaces: None,
    };
    make(catalog, environment, key, actor, now).await
}

/// Makes a key like another one, which goes on to count for a while, so that both can be used while the holder changes.
///
/// # Errors
/// `UnknownKey` of the catalog when there is no such key, `EndedKey` when it counts no more.
pub async fn rotate_key(
    catalog: &Catalog,
    environment: &str,
    id: &str,
    days: u16,
    overlap: TimeDelta,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<IssuedKey, IssueError> {
    let old = catalog.key(id).await?.ok_or_else(|| CatalogError::UnknownKey { id: id.chars().take(40).collect() })?;
    if !old.is_valid(now) {
        return Err(IssueError::EndedKey { id: old.id });
    }
    let until = now.checked_add_signed(overlap).unwrap_or(now);
    let key = Wanted {
        role: old.role,
        actions: old.actions,
        soums: old.soums,
        label: old.label,
        holder: old.holder,
        days,
        replaces: Some((old.id, written(until))),
    };
    make(catalog, environment, key, actor, now).await
}

struct Wanted {
    role: Role,
    actions: Actions,
    soums: SoumScope,
    label: String,
    holder: String,
    days: u16,
    replaces: Option<(String, String)>,
}

async fn make(
    catalog: &Catalog,
    environment: &str,
    wanted: Wanted,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<IssuedKey, IssueError> {
    let FreshKey { id, secret, text } = FreshKey::make(environment).ok_or(IssueError::Randomness)?;
    let end = now.checked_add_signed(TimeDelta::days(i64::from(wanted.days))).unwrap_or(now);
    let key = NewKey {
        id: id.clone(),
        secret,
        role: wanted.role,
        actions: wanted.actions,
        soums: wanted.soums,
        label: wanted.label,
        holder: wanted.holder,
        created_at: written(now),
        created_by: actor.to_owned(),
        expires_at: written(end),
        replaces: wanted.replaces,
    };
    catalog.issue_key(&key).await?;
    let record = catalog.key(&id).await?.ok_or(CatalogError::UnknownKey { id })?;
    Ok(IssuedKey { text, record })
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
