//! Who asks, what they may, and how often: keys, tokens, roles, limits, and answers to requests that are sent again.
//!
//! Every request passes [`guard`]. It looks the route up in `data/access.toml`, counts the request, finds out who asks,
//! and puts a [`Caller`] into the request's extensions; what the file does not allow never reaches a handler. A request
//! without `Authorization` costs no look into the database.

mod access;
mod caller;
mod client;
mod guard;
mod idempotent;
mod issue;
mod key_text;
pub(crate) mod keys;
mod limits;
pub(crate) mod me;
mod provider;
mod recent;
mod settings;
mod sign_in;
mod token;
pub(crate) mod trail;

use std::sync::Arc;

use belcheer_catalog::{KeyRecord, UserRecord};

pub(crate) use caller::Caller;
pub(crate) use guard::guard;
pub use issue::{IssueError, IssuedKey, KeyRequest, issue_key, rotate_key};
pub use settings::{IdentitySettings, ProviderSettings, SettingsError};

use crate::identity::limits::Limits;
use crate::identity::provider::Provider;
use crate::identity::recent::Recent;

/// What the guard remembers between requests.
#[derive(Debug)]
pub struct Identity {
    settings: IdentitySettings,
    limits: Limits,
    keys: Recent<Arc<KeyRecord>>,
    users: Recent<Arc<UserRecord>>,
    provider: Option<Provider>,
}

impl Identity {
    /// Prepares what the settings ask for. With a provider, its keys are read; when they cannot be had from its address
    /// now, the service starts all the same and asks again when a token comes.
    ///
    /// # Errors
    /// When the file of the provider's keys cannot be read.
    pub async fn open(settings: IdentitySettings) -> Result<Self, SettingsError> {
        let provider = match &settings.provider {
            Some(provider) => Some(Provider::open(provider.clone()).await?),
            None => None,
        };
        Ok(Self::new(settings, provider))
    }

    fn new(settings: IdentitySettings, provider: Option<Provider>) -> Self {
        let limits = Limits::new(&settings);
        Self { settings, limits, keys: Recent::default(), users: Recent::default(), provider }
    }

    /// Forgets who was seen, so that a change of keys acts at once.
    pub(crate) fn forget(&self) {
        self.keys.forget();
        self.users.forget();
    }

    /// Counts a request that is answered from memory, before the guard; whether its address may still ask.
    pub(crate) fn within_limit(&self, request: &axum::extract::Request) -> bool {
        self.limits.address(client::client(request, &self.settings.trusted_proxies)).is_ok()
    }

    /// The settings.
    pub(crate) fn settings(&self) -> &IdentitySettings {
        &self.settings
    }
}

/// Default limits, and no provider.
impl Default for Identity {
    fn default() -> Self {
        Self::new(IdentitySettings::default(), None)
    }
}
