//! From the header `Authorization` to a caller.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use belcheer_catalog::{Catalog, KeyRecord, UserRecord};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::identity::caller::Caller;
use crate::identity::key_text::{KeyText, looks_like_key};
use crate::identity::{Identity, token};
use crate::problem::Problem;

/// Longest header that is looked at, bytes.
const HEADER_MAX: usize = 8 * 1024;

/// Why somebody was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The header is none of `Bearer` with a key or token, or stands there twice.
    Malformed,
    /// No such key, or another secret.
    BadKey,
    /// The key has ended, was revoked, or its holder disabled.
    EndedKey,
    /// A token that does not stand for anybody: wrong signature, issuer, audience, time or form.
    BadToken,
    /// A good token of somebody who is not enrolled, or was disabled.
    NotEnrolled,
    /// The catalog could not be asked.
    Unknown,
}

impl Refused {
    /// The code, as the log and the refusal name it.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Malformed => "bad_authorization",
            Self::BadKey => "bad_key",
            Self::EndedKey => "ended_key",
            Self::BadToken => "bad_token",
            Self::NotEnrolled => "not_enrolled",
            Self::Unknown => "internal",
        }
    }

    /// Whether it counts as a guess.
    pub(super) fn is_guess(self) -> bool {
        !matches!(self, Self::NotEnrolled | Self::Unknown)
    }

    /// The refusal as the reader gets it.
    pub(super) fn problem(self) -> Problem {
        match self {
            Self::Malformed => Problem::bad_authorization(),
            Self::BadKey => Problem::bad_key(),
            Self::EndedKey => Problem::ended_key(),
            Self::BadToken => Problem::bad_token(),
            Self::NotEnrolled => Problem::not_enrolled(),
            Self::Unknown => Problem::internal(),
        }
    }
}

/// Who asks. A request without the header is anybody's; a bad header is refused, never taken for anybody's.
pub(super) async fn caller(identity: &Identity, catalog: &Catalog, headers: &HeaderMap) -> Result<Caller, Refused> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = given.next() else {
        return Ok(Caller::public());
    };
    let text = value.to_str().ok().filter(|text| text.len() <= HEADER_MAX && given.next().is_none());
    let (scheme, secret) = text.and_then(|text| text.split_once(' ')).ok_or(Refused::Malformed)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refused::Malformed);
    }
    let secret = secret.trim();
    if looks_like_key(secret) {
        of_key(identity, catalog, secret).await
    } else if secret.split('.').count() == 3 {
        of_token(identity, catalog, secret).await
    } else {
        Err(Refused::Malformed)
    }
}

async fn of_key(identity: &Identity, catalog: &Catalog, text: &str) -> Result<Caller, Refused> {
    let text = KeyText::parse(text).ok_or(Refused::BadKey)?;
    if text.environment != identity.settings().environment {
        return Err(Refused::BadKey);
    }
    let now = Utc::now();
    let key = match identity.keys.get(text.id) {
        Ok(key) => key,
        Err(age) => {
            let key: Arc<KeyRecord> = catalog.key(text.id).await.map_err(failed)?.ok_or(Refused::BadKey)?.into();
            identity.keys.keep(text.id, Arc::clone(&key), age);
            if text.is_of(key.secret) && key.is_valid(now) {
                note_use(catalog, &key, now);
            }
            key
        }
    };
    if !text.is_of(key.secret) {
        return Err(Refused::BadKey);
    }
    if !key.is_valid(now) {
        return Err(Refused::EndedKey);
    }
    Ok(Caller::of_key(&key))
}

/// Writes down that a key was used, once an hour, beside the request.
fn note_use(catalog: &Catalog, key: &KeyRecord, now: DateTime<Utc>) {
    let noted = key.last_used.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    if noted.is_some_and(|at| now.signed_duration_since(at) < TimeDelta::hours(1)) {
        return;
    }
    let (catalog, id) = (catalog.clone(), key.id.clone());
    tokio::spawn(async move {
        let at = now.to_rfc3339_opts(SecondsFormat::Millis, true);
        if let Err(error) = catalog.touch_key(&id, &at).await {
            tracing::warn!(%error, key = id, "the use of a key could not be noted");
        }
    });
}

async fn of_token(identity: &Identity, catalog: &Catalog, text: &str) -> Result<Caller, Refused> {
    let provider = identity.provider.as_ref().ok_or(Refused::BadToken)?;
    let subject = token::subject(text, provider).await.map_err(|reason| {
        tracing::info!(%reason, "a token was refused");
        Refused::BadToken
    })?;
    let user = match identity.users.get(&subject) {
        Ok(user) => user,
        Err(age) => {
            let held = catalog.user_of_subject(&subject).await.map_err(failed)?;
            let user: Arc<UserRecord> = held.ok_or(Refused::NotEnrolled)?.into();
            identity.users.keep(&subject, Arc::clone(&user), age);
            user
        }
    };
    if user.disabled_at.is_some() { Err(Refused::NotEnrolled) } else { Ok(Caller::of_user(&user)) }
}

fn failed(error: belcheer_catalog::CatalogError) -> Refused {
    tracing::error!(%error, "the catalog failed");
    Refused::Unknown
}
