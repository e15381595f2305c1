//! `user` and `key`: who may do what with the service.

use belcheer_api::{IdentitySettings, IssueError, IssuedKey, KeyRequest, issue_key, rotate_key};
use belcheer_catalog::{CatalogError, NewUser, Role};
use chrono::{TimeDelta, Utc};

use super::{Context, write_out};
use crate::args::{IssueArgs, KeyCommand, RotateArgs, UserArgs, UserCommand};
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Enrols, lists or disables users.
pub async fn user(command: UserCommand, context: &Context) -> Result<Outcome, Failure> {
    let catalog = workspace::open(&context.workspace).await?;
    match command {
        UserCommand::Add(UserArgs { name, role, subject, soums }) => {
            if role == Role::Public {
                return Err(Failure::Usage("nobody is enrolled as public; choose another role".to_owned()));
            }
            let (created_at, created_by) = (workspace::now(), workspace::actor());
            let user = NewUser { name, subject, role, soums, created_at, created_by };
            catalog.add_user(&user).await.map_err(told)?;
            context.say(&format!("{} is enrolled as {role}", user.name));
        }
        UserCommand::List => {
            let header = ["name", "role", "soums", "subject", "created_at", "created_by", "disabled_at"];
            let rows = catalog.users().await?.into_iter().map(|u| {
                let soums = u.soums.to_string();
                let [subject, disabled_at] = [u.subject, u.disabled_at].map(Option::unwrap_or_default);
                [u.name, u.role.to_string(), soums, subject, u.created_at, u.created_by, disabled_at]
            });
            write_csv(header, rows)?;
        }
        UserCommand::Disable { name } => {
            catalog.disable_user(&name, &workspace::actor(), &workspace::now()).await.map_err(told)?;
            context.say(&format!("{name} may do nothing any more"));
        }
    }
    Ok(Outcome::Done)
}

/// Issues, lists, revokes or replaces keys.
pub async fn key(command: KeyCommand, context: &Context) -> Result<Outcome, Failure> {
    let catalog = workspace::open(&context.workspace).await?;
    let settings = IdentitySettings::from_env().map_err(|e| Failure::Usage(e.to_string()))?;
    let (environment, actor, now) = (settings.environment.as_str(), workspace::actor(), Utc::now());
    match command {
        KeyCommand::Issue(IssueArgs { holder, label, role, actions, soums, days }) => {
            let label = label.unwrap_or_else(|| holder.clone());
            let request = KeyRequest { holder, label, role, actions, soums, days };
            show(&issue_key(&catalog, environment, &request, &actor, now).await.map_err(refused)?, context)?;
        }
        KeyCommand::List => {
            let header = [
                "id",
                "role",
                "actions",
                "soums",
                "label",
                "holder",
                "valid",
                "created_at",
                "created_by",
                "expires_at",
                "revoked_at",
                "last_used",
                "replaces",
            ];
            let rows = catalog.keys().await?.into_iter().map(|k| {
                let valid = if k.is_valid(now) { "yes" } else { "no" }.to_owned();
                let [revoked_at, last_used, replaces] =
                    [k.revoked_at, k.last_used, k.replaces].map(Option::unwrap_or_default);
                let (role, actions, soums) = (k.role.to_string(), k.actions.to_string(), k.soums.to_string());
                let (created_at, created_by, expires_at) = (k.created_at, k.created_by, k.expires_at);
                [
                    k.id, role, actions, soums, k.label, k.holder, valid, created_at, created_by, expires_at,
                    revoked_at, last_used, replaces,
                ]
            });
            write_csv(header, rows)?;
        }
        KeyCommand::Revoke { id } => {
            catalog.revoke_key(&id, &actor, &workspace::now()).await.map_err(told)?;
            context.say(&format!("the key {id} counts no more; a running service learns it within a second"));
        }
        KeyCommand::Rotate(RotateArgs { id, overlap_hours, days }) => {
            let overlap = TimeDelta::hours(i64::from(overlap_hours));
            let issued = rotate_key(&catalog, environment, &id, days, overlap, &actor, now).await;
            show(&issued.map_err(refused)?, context)?;
            context.say(&format!("the key {id} goes on to count for at most {overlap_hours} hours"));
        }
    }
    Ok(Outcome::Done)
}

/// Writes a new key to standard output, and what it is to standard error.
fn show(issued: &IssuedKey, context: &Context) -> Result<(), Failure> {
    write_out(&format!("{}\n", issued.text))?;
    let key = &issued.record;
    context.say(&format!(
        "key {} of {}, role {}, may {}, soums {}, until {}; it is not shown again",
        key.id, key.holder, key.role, key.actions, key.soums, key.expires_at
    ));
    Ok(())
}

fn write_csv<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Result<(), Failure> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(header).map_err(anyhow::Error::from)?;
    for row in rows {
        table.write_record(&row).map_err(anyhow::Error::from)?;
    }
    let bytes = table.into_inner().map_err(|e| anyhow::anyhow!("{e}"))?;
    write_out(&String::from_utf8_lossy(&bytes))
}

/// What the user can put right.
fn told(error: CatalogError) -> Failure {
    match error {
        CatalogError::UnknownKey { .. }
        | CatalogError::UnknownUser { .. }
        | CatalogError::UserHeld { .. }
        | CatalogError::Name { .. }
        | CatalogError::Subject
        | CatalogError::KeyActions { .. }
        | CatalogError::KeyLife
        | CatalogError::KeyWords => Failure::Usage(error.to_string()),
        other => other.into(),
    }
}

fn refused(error: IssueError) -> Failure {
    match error {
        IssueError::Catalog(error) => told(error),
        IssueError::Randomness => Failure::Internal(error.into()),
        other => Failure::Usage(other.to_string()),
    }
}
