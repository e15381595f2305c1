//! The keys of an OpenID provider, from a file or from its address.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::Deserialize;

use crate::identity::settings::{ProviderSettings, SettingsError};

/// Least time between two requests to the provider.
const ASKED_AGAIN: Duration = Duration::from_secs(60);
/// Least time between two looks at the file.
const LOOKED_AGAIN: Duration = Duration::from_secs(1);
/// Longest time that the provider may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes of a key set or discovery document.
const BYTES_MAX: usize = 1 << 20;

/// A provider with the keys that it was last seen to have.
#[derive(Debug)]
pub(super) struct Provider {
    /// What it is.
    pub(super) settings: ProviderSettings,
    held: Mutex<Held>,
    /// One request to the provider at a time.
    asking: tokio::sync::Mutex<Option<Instant>>,
}

#[derive(Debug)]
struct Held {
    keys: Arc<JwkSet>,
    /// Of the file: when it was looked at, and what it was then.
    file: Option<(Instant, FileForm)>,
}

/// What tells a changed file.
type FileForm = (SystemTime, u64);

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Provider {
    /// Reads the keys for the first time.
    pub(super) async fn open(settings: ProviderSettings) -> Result<Self, SettingsError> {
        let held = match &settings.jwks {
            Some(file) => {
                let (keys, form) = read(file)
                    .map_err(|cause| SettingsError::ProviderKeys { place: file.display().to_string(), cause })?;
                Held { keys: Arc::new(keys), file: Some((Instant::now(), form)) }
            }
            None => Held { keys: Arc::new(JwkSet { keys: Vec::new() }), file: None },
        };
        let provider = Self { settings, held: Mutex::new(held), asking: tokio::sync::Mutex::new(None) };
        if provider.settings.jwks.is_none() {
            provider.ask().await;
        }
        Ok(provider)
    }

    /// The key of an id; when it is not known, the file or the provider is asked again.
    pub(super) async fn key(&self, kid: &str) -> Option<Jwk> {
        if let Some(file) = &self.settings.jwks {
            self.look_again(file);
            return self.known(kid);
        }
        match self.known(kid) {
            Some(key) => Some(key),
            None => {
                self.ask().await;
                self.known(kid)
            }
        }
    }

    fn known(&self, kid: &str) -> Option<Jwk> {
        let keys = Arc::clone(&self.lock().keys);
        keys.find(kid).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the file again when it is another one than a second ago. One that cannot be read changes nothing.
    fn look_again(&self, file: &Path) {
        let mut held = self.lock();
        let Some((_, form)) = held.file.filter(|(looked, _)| looked.elapsed() >= LOOKED_AGAIN) else {
            return;
        };
        held.file = Some((Instant::now(), form));
        if self::form(file).is_ok_and(|now| now == form) {
            return;
        }
        match read(file) {
            Ok((keys, form)) => {
                held.keys = Arc::new(keys);
                held.file = Some((Instant::now(), form));
            }
            Err(cause) => tracing::error!(%cause, "the provider's keys cannot be read again; the earlier ones stay"),
        }
    }

    /// Asks the provider for its keys, unless that was done within the last minute.
    async fn ask(&self) {
        let mut asked = self.asking.lock().await;
        if asked.is_some_and(|at| at.elapsed() < ASKED_AGAIN) {
            return;
        }
        *asked = Some(Instant::now());
        match fetch(&self.settings.issuer).await {
            Ok(keys) => self.lock().keys = Arc::new(keys),
            Err(cause) => tracing::error!(%cause, "the provider does not tell its keys"),
        }
    }
}

fn form(file: &Path) -> std::io::Result<FileForm> {
    let about = std::fs::metadata(file)?;
    Ok((about.modified()?, about.len()))
}

fn read(file: &Path) -> Result<(JwkSet, FileForm), String> {
    let form = form(file).map_err(|e| e.to_string())?;
    if form.1 > BYTES_MAX as u64 {
        return Err(format!("it has more than {BYTES_MAX} bytes"));
    }
    let bytes = std::fs::read(file).map_err(|e| e.to_string())?;
    Ok((serde_json::from_slice(&bytes).map_err(|e| e.to_string())?, form))
}

/// The keys that the discovery document of an issuer leads to: by https, without redirects.
async fn fetch(issuer: &str) -> Result<JwkSet, String> {
    let client = reqwest::Client::builder()
        .https_only(true)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .build()
        .map_err(|e| e.to_string())?;
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let discovery: Discovery = get(&client, &address).await?;
    if discovery.issuer != issuer {
        return Err(format!("{address} speaks for another issuer"));
    }
    get(&client, &discovery.jwks_uri).await
}

async fn get<T: serde::de::DeserializeOwned>(client: &reqwest::Client, address: &str) -> Result<T, String> {
    let told = |error: reqwest::Error| format!("{address}: {error:?}");
    let mut response = client.get(address).send().await.map_err(told)?;
    if response.status() != reqwest::StatusCode::OK {
        return Err(format!("{address} answers {}", response.status()));
    }
    let mut bytes = Vec::new();
    while let Some(part) = response.chunk().await.map_err(told)? {
        if bytes.len() + part.len() > BYTES_MAX {
            return Err(format!("{address} answers with more than {BYTES_MAX} bytes"));
        }
        bytes.extend_from_slice(&part);
    }
    serde_json::from_slice(&bytes).map_err(|e| format!("{address}: {e}"))
}
