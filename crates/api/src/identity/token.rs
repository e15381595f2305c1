//! Tokens (JWT) of an OpenID provider.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurveKeyParameters, OctetKeyPairParameters};
use jsonwebtoken::jwk::{EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;

use crate::identity::provider::Provider;

/// How far two clocks may differ, seconds.
const LEEWAY_S: u64 = 30;
/// Fewest base64 digits of an RSA modulus: 2048 bits.
const MODULUS_DIGITS_MIN: usize = 342;

/// Why a token was refused; for the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum TokenError {
    /// It is no token.
    #[error("the header of the token cannot be read")]
    Header,
    /// Another algorithm than RS256, ES256 and EdDSA.
    #[error("the token is signed by another algorithm than RS256, ES256 or EdDSA")]
    Algorithm,
    /// It brings keys of its own, or asks for what is not known.
    #[error("the header of the token names keys or extensions of its own")]
    OwnKeys,
    /// It is no access or id token.
    #[error("the token has another type than JWT or at+jwt")]
    Type,
    /// The provider has no such key.
    #[error("the provider has no key of the token's kid, or it is not for this algorithm")]
    Key,
    /// Signature or claims are wrong.
    #[error("the token does not hold: {0}")]
    Claims(&'static str),
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
}

/// The subject of a token that the provider signed for us, and that counts now.
pub(super) async fn subject(token: &str, provider: &Provider) -> Result<String, TokenError> {
    let header = decode_header(token).map_err(|_| TokenError::Header)?;
    let algorithm = check(&header)?;
    let kid = header.kid.as_deref().ok_or(TokenError::Key)?;
    let key = provider.key(kid).await.ok_or(TokenError::Key)?;
    if !fits(&key, algorithm) {
        return Err(TokenError::Key);
    }
    let key = DecodingKey::from_jwk(&key).map_err(|_| TokenError::Key)?;
    let mut validation = Validation::new(algorithm);
    validation.leeway = LEEWAY_S;
    validation.validate_nbf = true;
    validation.set_issuer(&[&provider.settings.issuer]);
    validation.set_audience(&[&provider.settings.audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    match decode::<Claims>(token, &key, &validation) {
        Ok(data) if !data.claims.sub.is_empty() => Ok(data.claims.sub),
        Ok(_) => Err(TokenError::Claims("no subject")),
        Err(error) => Err(TokenError::Claims(wrong(&error))),
    }
}

/// The algorithm of a header that asks for nothing but a look at its signature.
fn check(header: &Header) -> Result<Algorithm, TokenError> {
    if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA) {
        return Err(TokenError::Algorithm);
    }
    let own_keys = header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() || header.x5c.is_some();
    if own_keys || header.crit.is_some() || header.enc.is_some() || header.zip.is_some() {
        return Err(TokenError::OwnKeys);
    }
    match header.typ.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("jwt" | "at+jwt" | "application/at+jwt") => Ok(header.alg),
        _ => Err(TokenError::Type),
    }
}

/// Whether a key is for signatures of an algorithm.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let signs = key.common.public_key_use.as_ref().is_none_or(|use_| *use_ == PublicKeyUse::Signature);
    let named = key.common.key_algorithm.is_none_or(|named| named.to_string() == format!("{algorithm:?}"));
    let shape = match &key.algorithm {
        AlgorithmParameters::RSA(rsa) => algorithm == Algorithm::RS256 && rsa.n.len() >= MODULUS_DIGITS_MIN,
        AlgorithmParameters::EllipticCurve(EllipticCurveKeyParameters { curve, .. }) => {
            algorithm == Algorithm::ES256 && *curve == EllipticCurve::P256
        }
        AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters { curve, .. }) => {
            algorithm == Algorithm::EdDSA && *curve == EllipticCurve::Ed25519
        }
        _ => false,
    };
    signs && named && shape
}

/// What was wrong, in words that hold nothing of the token.
fn wrong(error: &jsonwebtoken::errors::Error) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidSignature => "wrong signature",
        ErrorKind::ExpiredSignature => "it has expired",
        ErrorKind::ImmatureSignature => "it does not count yet",
        ErrorKind::InvalidIssuer => "another issuer",
        ErrorKind::InvalidAudience => "another audience",
        ErrorKind::MissingRequiredClaim(_) => "a claim is missing",
        _ => "it cannot be read",
    }
}
