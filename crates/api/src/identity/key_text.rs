//! The text of a key: `soum_<environment>_<id>_<43 base62 digits>`.

use belcheer_domain::Digest;
use subtle::ConstantTimeEq;

const PREFIX: &str = "soum";
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Digits of the part that names a key.
const ID_DIGITS: usize = 12;
/// Digits of the secret part; 62^43 is more than 2^256.
const SECRET_DIGITS: usize = 43;

/// A key as its holder writes it, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyText<'a> {
    /// The environment that it was made for.
    pub(super) environment: &'a str,
    /// The part that names it.
    pub(super) id: &'a str,
    secret: &'a str,
}

impl<'a> KeyText<'a> {
    /// Takes a key apart; none when it has another form.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split('_');
        let (prefix, environment, id, secret) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_alphanumeric());
        let fits = prefix == PREFIX
            && parts.next().is_none()
            && is_environment(environment)
            && digits(id, ID_DIGITS)
            && digits(secret, SECRET_DIGITS);
        fits.then_some(Self { environment, id, secret })
    }

    /// Whether the secret part is the one of a digest; takes the same time wherever they differ.
    pub(super) fn is_of(&self, secret: Digest) -> bool {
        Digest::of(self.secret.as_bytes()).hex().as_bytes().ct_eq(secret.hex().as_bytes()).into()
    }
}

/// Whether a text begins as keys do.
pub(super) fn looks_like_key(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with('_'))
}

/// Whether a text can name an environment: 1 to 16 small letters and digits.
pub(super) fn is_environment(text: &str) -> bool {
    (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// A key that nobody has seen yet.
#[derive(Debug)]
pub(super) struct FreshKey {
    /// The part that names it.
    pub(super) id: String,
    /// SHA-256 of the secret part.
    pub(super) secret: Digest,
    /// All of it, to be shown once.
    pub(super) text: String,
}

impl FreshKey {
    /// Makes a key from the operating system's random bytes; none when it gives none.
    pub(super) fn make(environment: &str) -> Option<Self> {
        let (id, secret) = (digits(ID_DIGITS)?, digits(SECRET_DIGITS)?);
        let text = format!("{PREFIX}_{environment}_{id}_{secret}");
        Some(Self { id, secret: Digest::of(secret.as_bytes()), text })
    }
}

/// So many digits of base 62, each equally likely.
fn digits(count: usize) -> Option<String> {
    let mut text = String::with_capacity(count);
    while text.len() < count {
        let mut bytes = [0_u8; 64];
        getrandom::fill(&mut bytes).ok()?;
        // 248 = 4 * 62: bytes above would make the first digits likelier
        let drawn = bytes.iter().filter(|b| **b < 248).filter_map(|b| BASE62.get(usize::from(b % 62)));
        text.extend(drawn.take(count - text.len()).map(|b| char::from(*b)));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_key_is_its_own_and_no_other() {
        let (key, other) = (FreshKey::make("live").unwrap(), FreshKey::make("live").unwrap());
        let parsed = KeyText::parse(&key.text).unwrap();
        assert_eq!((parsed.environment, parsed.id), ("live", key.id.as_str()));
        assert!(parsed.is_of(key.secret) && !parsed.is_of(other.secret));
        assert_ne!((key.id, key.text), (other.id, other.text));
    }

    #[test]
    fn other_forms_are_no_keys() {
        let secret = "a".repeat(43);
        assert!(KeyText::parse(&format!("soum_live_abcdefghijkl_{secret}")).is_some());
        for bad in [
            format!("soum_live_abcdefghijkl_{secret}x"),
            format!("soum_live_abcdefghijkl_{secret}_"),
            format!("soum_LIVE_abcdefghijkl_{secret}"),
            format!("soum__abcdefghijkl_{secret}"),
            format!("soum_live_abc_{secret}"),
            format!("goum_live_abcdefghijkl_{secret}"),
            "soum_live".to_owned(),
            String::new(),
        ] {
            assert!(KeyText::parse(&bad).is_none(), "{bad}");
        }
        assert!(looks_like_key("soum_x") && !looks_like_key("soumx") && !looks_like_key("a.b.c"));
    }

    #[test]
    fn digits_are_even() {
        let text = digits(62_000).unwrap();
        for digit in BASE62 {
            let count = text.bytes().filter(|b| b == digit).count();
            assert!((800..1200).contains(&count), "{digit}: {count}");
        }
    }
}
