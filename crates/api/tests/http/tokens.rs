//! Tokens of a provider whose keys stand in a file.

use std::path::Path;
use std::time::Duration;

use belcheer_api::{IdentitySettings, ProviderSettings};
use belcheer_catalog::{NewUser, Role};
use chrono::Utc;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixture::{Answer, Service};

const ISSUER: &str = "https://id.example.mn";

/// A key of the provider; each algorithm and number gives another.
fn signing(algorithm: Algorithm, number: u8) -> EncodingKey {
    let pkcs8 = |prefix: &[u8]| [prefix, &[number; 32]].concat();
    match algorithm {
        Algorithm::RS256 => EncodingKey::from_rsa_der(include_bytes!("rsa_of_tests.der")),
        Algorithm::ES256 => EncodingKey::from_ec_der(&pkcs8(
            b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20",
        )),
        _ => EncodingKey::from_ed_der(&pkcs8(
            b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20",
        )),
    }
}

fn published(algorithm: Algorithm, number: u8) -> Jwk {
    let mut key = Jwk::from_encoding_key(&signing(algorithm, number), algorithm).unwrap();
    key.common.key_id = Some(format!("{algorithm:?}-{number}"));
    key
}

fn write_keys(file: &Path, keys: &[(Algorithm, u8)]) {
    let set = JwkSet { keys: keys.iter().map(|(algorithm, number)| published(*algorithm, *number)).collect() };
    std::fs::write(file, serde_json::to_vec(&set).unwrap()).unwrap();
}

fn claims() -> Value {
    let now = Utc::now().timestamp();
    json!({"iss": ISSUER, "aud": ["belcheer", "other"], "sub": "auth|bat", "exp": now + 300, "nbf": now - 5})
}

fn header(algorithm: Algorithm, number: u8) -> Header {
    Header { kid: Some(format!("{algorithm:?}-{number}")), ..Header::new(algorithm) }
}

fn token(algorithm: Algorithm, number: u8) -> String {
    encode(&header(algorithm, number), &claims(), &signing(algorithm, number)).unwrap()
}

/// A service that takes tokens of the provider, with the user bat; and the file of the provider's keys.
async fn service() -> (Service, TempDir) {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("keys.json");
    write_keys(&file, &[(Algorithm::EdDSA, 1), (Algorithm::ES256, 1), (Algorithm::RS256, 1)]);
    let provider = ProviderSettings { issuer: ISSUER.into(), audience: "belcheer".into(), jwks: Some(file) };
    let settings = IdentitySettings { provider: Some(provider), ..IdentitySettings::default() };
    let service = Service::full().await.under(settings).await;
    let bat = NewUser {
        name: "bat".into(),
        subject: Some("auth|bat".into()),
        role: Role::Reviewer,
        soums: "06404".parse().unwrap(),
        created_at: "2026-01-01T00:00:00Z".into(),
        created_by: "cli:test".into(),
    };
    service.catalog.add_user(&bat).await.unwrap();
    (service, dir)
}

async fn me(service: &Service, token: &str) -> Answer {
    service.get_with("/v1/me", &[("authorization", &format!("Bearer {token}"))]).await
}

#[tokio::test]
async fn a_token_stands_for_the_user_who_was_enrolled() {
    let (service, _dir) = service().await;
    for algorithm in [Algorithm::EdDSA, Algorithm::ES256, Algorithm::RS256] {
        let answer = me(&service, &token(algorithm, 1)).await;
        assert_eq!(answer.status, 200, "{algorithm:?}: {}", answer.text());
        let who = answer.json();
        assert_eq!(
            (&who["id"], &who["role"], &who["soums"]),
            (&json!("user:bat"), &json!("reviewer"), &json!(["06404"]))
        );
    }
    let mut other = claims();
    other["sub"] = json!("auth|dorj");
    let other = encode(&header(Algorithm::EdDSA, 1), &other, &signing(Algorithm::EdDSA, 1)).unwrap();
    let answer = me(&service, &other).await;
    assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (403, Some("not_enrolled")));
    service.catalog.disable_user("bat", "cli:test", "2026-01-02T00:00:00Z").await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(me(&service, &token(Algorithm::EdDSA, 1)).await.json()["code"], "not_enrolled");
}

#[tokio::test]
async fn a_token_that_does_not_hold_is_refused() {
    let (service, _dir) = service().await;
    let ed = Algorithm::EdDSA;
    let now = Utc::now().timestamp();
    for (claim, value) in [
        ("iss", json!("https://other.example.mn")),
        ("aud", json!("somebody")),
        ("exp", json!(now - 60)),
        ("nbf", json!(now + 60)),
        ("exp", Value::Null),
        ("aud", Value::Null),
        ("sub", Value::Null),
        ("sub", json!("")),
    ] {
        let mut changed = claims();
        match &value {
            Value::Null => drop(changed.as_object_mut().unwrap().remove(claim)),
            other => changed[claim] = other.clone(),
        }
        let token = encode(&header(ed, 1), &changed, &signing(ed, 1)).unwrap();
        assert_eq!(me(&service, &token).await.json()["code"], "bad_token", "{claim} {value}");
    }
    let good = header(ed, 1);
    for (what, header) in [
        ("type", Header { typ: Some("logout+jwt".into()), ..good.clone() }),
        ("no type", Header { typ: None, ..good.clone() }),
        ("jku", Header { jku: Some(format!("{ISSUER}/keys")), ..good.clone() }),
        ("x5u", Header { x5u: Some(format!("{ISSUER}/keys")), ..good.clone() }),
        ("jwk", Header { jwk: Some(published(ed, 1)), ..good.clone() }),
        ("crit", Header { crit: Some(vec!["b64".into()]), ..good.clone() }),
        ("no kid", Header { kid: None, ..good.clone() }),
        ("unknown kid", Header { kid: Some("EdDSA-2".into()), ..good.clone() }),
        ("kid of another algorithm", Header { kid: Some("ES256-1".into()), ..good.clone() }),
    ] {
        let token = encode(&header, &claims(), &signing(ed, 1)).unwrap();
        assert_eq!(me(&service, &token).await.json()["code"], "bad_token", "{what}");
    }
    let strange = encode(&good, &claims(), &signing(ed, 2)).unwrap();
    assert_eq!(me(&service, &strange).await.json()["code"], "bad_token", "signed by another");
    let public = serde_json::to_vec(&published(ed, 1)).unwrap();
    let confused = Header { alg: Algorithm::HS256, ..good.clone() };
    let confused = encode(&confused, &claims(), &EncodingKey::from_secret(&public)).unwrap();
    assert_eq!(me(&service, &confused).await.json()["code"], "bad_token", "the public key is no secret");
}

#[tokio::test]
async fn the_file_of_keys_is_read_again_when_it_changes() {
    let (service, dir) = service().await;
    let file = dir.path().join("keys.json");
    let (old, new) = (token(Algorithm::EdDSA, 1), token(Algorithm::EdDSA, 2));
    assert_eq!((me(&service, &old).await.status.as_u16(), me(&service, &new).await.status.as_u16()), (200, 401));
    write_keys(&file, &[(Algorithm::EdDSA, 2)]);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!((me(&service, &old).await.status.as_u16(), me(&service, &new).await.status.as_u16()), (401, 200));
    std::fs::write(&file, b"{").unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(me(&service, &new).await.status, 200, "a file that cannot be read changes nothing");
}
