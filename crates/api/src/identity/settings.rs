//! What the operator sets by environment variables.

use std::path::PathBuf;

use ipnet::IpNet;

use crate::identity::key_text::is_environment;

/// How the service knows its callers and limits them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentitySettings {
    /// `BELCHEER_ENV`: the environment that keys are made for and taken from; `live` when not set.
    pub environment: String,
    /// `BELCHEER_RATE_PUBLIC`: requests a second and address; 0 = no limit; 200 when not set.
    pub rate_public: u32,
    /// `BELCHEER_RATE_KEY`: requests a second and key or user; 0 = no limit; 100 when not set.
    pub rate_key: u32,
    /// `BELCHEER_TRUSTED_PROXIES`: addresses and networks whose `X-Forwarded-For` is believed; none when not set.
    pub trusted_proxies: Vec<IpNet>,
    /// The OpenID provider whose tokens are taken; none when `BELCHEER_OIDC_ISSUER` is not set.
    pub provider: Option<ProviderSettings>,
}

/// An OpenID provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderSettings {
    /// `BELCHEER_OIDC_ISSUER`: what `iss` of a token must be; where keys are asked for when there is no file of them.
    pub issuer: String,
    /// `BELCHEER_OIDC_AUDIENCE`: what `aud` of a token must be or contain.
    pub audience: String,
    /// `BELCHEER_OIDC_JWKS`: a file with the provider's keys, read again when it changes.
    pub jwks: Option<PathBuf>,
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// No name of an environment.
    #[error("BELCHEER_ENV is \"{found}\"; write 1 to 16 small letters and digits, such as live or test")]
    Environment {
        /// What was set.
        found: String,
    },
    /// No number of requests.
    #[error("{name} is \"{found}\"; write a number of requests a second, 0 for no limit")]
    Rate {
        /// The variable.
        name: &'static str,
        /// What was set.
        found: String,
    },
    /// No list of addresses.
    #[error(
        "BELCHEER_TRUSTED_PROXIES holds \"{found}\"; write addresses or networks with commas between, such as 10.0.0.0/8"
    )]
    Proxies {
        /// The part that is no address.
        found: String,
    },
    /// Half a provider.
    #[error("BELCHEER_OIDC_ISSUER and BELCHEER_OIDC_AUDIENCE belong together; set both or none")]
    HalfProvider,
    /// An issuer that is no https address.
    #[error("BELCHEER_OIDC_ISSUER is \"{found}\"; without BELCHEER_OIDC_JWKS it must be an https address")]
    Issuer {
        /// What was set.
        found: String,
    },
    /// Keys of the provider that cannot be read.
    #[error("the keys in {place} cannot be used: {cause}; copy them again from the provider")]
    ProviderKeys {
        /// The file or address.
        place: String,
        /// Why.
        cause: String,
    },
}

impl Default for IdentitySettings {
    fn default() -> Self {
        Self {
            environment: "live".into(),
            rate_public: 200,
            rate_key: 100,
            trusted_proxies: Vec::new(),
            provider: None,
        }
    }
}

impl IdentitySettings {
    /// Reads the settings from the environment.
    ///
    /// # Errors
    /// When a variable is set to what cannot be used.
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::from_words(|name| std::env::var(name).ok())
    }

    /// Reads the settings from words by name; an empty word counts as not set.
    ///
    /// # Errors
    /// When a word cannot be used.
    pub fn from_words(word: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let word = |name: &str| word(name).map(|w| w.trim().to_owned()).filter(|w| !w.is_empty());
        let default = Self::default();
        let rate = |name: &'static str, default| {
            word(name).map_or(Ok(default), |found| found.parse().map_err(|_| SettingsError::Rate { name, found }))
        };
        let environment = word("BELCHEER_ENV").unwrap_or(default.environment);
        if !is_environment(&environment) {
            return Err(SettingsError::Environment { found: environment });
        }
        let proxies = word("BELCHEER_TRUSTED_PROXIES").unwrap_or_default();
        Ok(Self {
            environment,
            rate_public: rate("BELCHEER_RATE_PUBLIC", default.rate_public)?,
            rate_key: rate("BELCHEER_RATE_KEY", default.rate_key)?,
            trusted_proxies: networks(&proxies)?,
            provider: provider(&word)?,
        })
    }
}

fn networks(text: &str) -> Result<Vec<IpNet>, SettingsError> {
    let network = |part: &str| {
        let address = part.parse::<IpNet>().ok().or_else(|| part.parse::<std::net::IpAddr>().ok().map(IpNet::from));
        address.ok_or_else(|| SettingsError::Proxies { found: part.to_owned() })
    };
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(network).collect()
}

fn provider(word: &impl Fn(&str) -> Option<String>) -> Result<Option<ProviderSettings>, SettingsError> {
    let (issuer, audience) = match (word("BELCHEER_OIDC_ISSUER"), word("BELCHEER_OIDC_AUDIENCE")) {
        (None, None) => return Ok(None),
        (Some(issuer), Some(audience)) => (issuer, audience),
        _ => return Err(SettingsError::HalfProvider),
    };
    let jwks = word("BELCHEER_OIDC_JWKS").map(PathBuf::from);
    if jwks.is_none() && !issuer.starts_with("https://") {
        return Err(SettingsError::Issuer { found: issuer });
    }
    Ok(Some(ProviderSettings { issuer, audience, jwks }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[(&str, &str)]) -> Result<IdentitySettings, SettingsError> {
        let find = |name: &str| words.iter().find(|(n, _)| *n == name).map(|(_, w)| (*w).to_owned());
        IdentitySettings::from_words(find)
    }

    #[test]
    fn nothing_set_is_the_default_and_nonsense_is_refused() {
        assert_eq!(read(&[]).unwrap(), IdentitySettings::default());
        let set = read(&[("BELCHEER_TRUSTED_PROXIES", "10.0.0.0/8, ::1"), ("BELCHEER_RATE_PUBLIC", "0")]).unwrap();
        assert_eq!((set.trusted_proxies.len(), set.rate_public), (2, 0));
        for (name, bad) in [
            ("BELCHEER_ENV", "Live!"),
            ("BELCHEER_RATE_PUBLIC", "many"),
            ("BELCHEER_RATE_KEY", "-1"),
            ("BELCHEER_TRUSTED_PROXIES", "10.0.0.0/8 proxy"),
            ("BELCHEER_OIDC_ISSUER", "https://id.example.mn"),
            ("BELCHEER_OIDC_AUDIENCE", "belcheer"),
        ] {
            assert!(read(&[(name, bad)]).unwrap_err().to_string().contains("BELCHEER_"), "{name}");
        }
    }

    #[test]
    fn an_issuer_is_asked_only_by_https() {
        let words = [("BELCHEER_OIDC_ISSUER", "http://id.example.mn"), ("BELCHEER_OIDC_AUDIENCE", "belcheer")];
        assert!(matches!(read(&words), Err(SettingsError::Issuer { .. })));
        let with_file = [words[0], words[1], ("BELCHEER_OIDC_JWKS", "keys.json")];
        assert!(read(&with_file).unwrap().provider.is_some());
    }
}
