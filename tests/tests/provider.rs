//! Tokens of an OpenID provider that is found by its address: discovery and keys over https, and what does not count.

#![allow(clippy::unwrap_used, reason = "what a test expects")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use belcheer_tests::Workspace;
use belcheer_tests::service::Server;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

/// A provider on this machine, with its own certificate.
struct Provider {
    issuer: String,
    certificate: String,
    asked: Arc<AtomicUsize>,
}

impl Provider {
    /// Starts it; it speaks for `speaks_for`, or for itself.
    fn start(keys: Value, speaks_for: Option<&str>) -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let discovery = json!({
            "issuer": speaks_for.unwrap_or(&issuer),
            "jwks_uri": format!("{issuer}/keys"),
        });
        let asked = Arc::new(AtomicUsize::new(0));
        let (config, counted) = (Arc::new(config), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming() {
                counted.fetch_add(1, Ordering::Relaxed);
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                // a client that does not trust the certificate goes away
                drop(answer(StreamOwned::new(connection, stream.unwrap()), &discovery, &keys));
            }
        });
        Self { issuer, certificate: cert.pem(), asked }
    }

    fn token(&self, kid: &str, key: &EncodingKey, audience: &str) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let claims = json!({"iss": self.issuer, "aud": audience, "sub": "auth|bat", "exp": now + 300});
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::ES256) };
        encode(&header, &claims, key).unwrap()
    }
}

fn answer(
    mut stream: StreamOwned<ServerConnection, TcpStream>,
    discovery: &Value,
    keys: &Value,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let first = BufReader::new(&head[..]).lines().next().unwrap()?;
    let (status, body) = match first.split(' ').nth(1) {
        Some("/.well-known/openid-configuration") => ("200 OK", discovery.to_string()),
        Some("/keys") => ("200 OK", keys.to_string()),
        _ => ("404 Not Found", String::new()),
    };
    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())?;
    stream.conn.send_close_notify();
    stream.flush()
}

/// A signing key and the set with its public half.
fn signing() -> (EncodingKey, Value) {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let key = EncodingKey::from_ec_der(&pair.serialize_der());
    let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
    public.common.key_id = Some("one".to_owned());
    (key, json!({"keys": [public]}))
}

fn enrolled() -> Workspace {
    let workspace = Workspace::init();
    let add = ["user", "add", "bat", "--role", "reviewer", "--subject", "auth|bat"];
    let _ = workspace.expect(&[0], &add);
    workspace
}

/// Serves with the provider; its certificate is trusted or not.
fn serve(workspace: &Workspace, provider: &Provider, trusted: bool) -> Server {
    let authorities = workspace.path("authorities.pem");
    let other = generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
    std::fs::write(&authorities, if trusted { &provider.certificate } else { &other }).unwrap();
    let variables = [
        ("BELCHEER_OIDC_ISSUER", provider.issuer.as_str()),
        ("BELCHEER_OIDC_AUDIENCE", "belcheer"),
        ("SSL_CERT_FILE", authorities.to_str().unwrap()),
    ];
    Server::start(workspace, &variables)
}

fn me(server: &Server, token: &str) -> (u16, Value) {
    let answer = server.ask("GET", "/v1/me", &[("authorization", &format!("Bearer {token}"))], b"");
    (answer.status, answer.json())
}

#[test]
fn a_provider_is_found_by_its_address() {
    let (key, keys) = signing();
    let provider = Provider::start(keys, None);
    let workspace = enrolled();
    let server = serve(&workspace, &provider, true);
    let (status, who) = me(&server, &provider.token("one", &key, "belcheer"));
    assert_eq!((status, &who["id"], &who["role"]), (200, &json!("user:bat"), &json!("reviewer")), "{who}");
    assert_eq!(me(&server, &provider.token("one", &key, "another")).0, 401, "a token for somebody else");
    assert_eq!(me(&server, &provider.token("one", &signing().0, "belcheer")).0, 401, "signed by somebody else");
    // made-up key ids do not make the service ask the provider again and again
    let asked = provider.asked.load(Ordering::Relaxed);
    for n in 0..20 {
        let (status, _) = me(&server, &provider.token(&format!("made-up-{n}"), &key, "belcheer"));
        assert!([401, 429].contains(&status), "{status}");
    }
    assert_eq!(provider.asked.load(Ordering::Relaxed), asked, "asked within the minute");
}

#[test]
fn a_provider_that_cannot_be_believed_gives_no_keys() {
    let (key, keys) = signing();
    for (speaks_for, trusted) in [(None, false), (Some("https://other.example.mn"), true)] {
        let provider = Provider::start(keys.clone(), speaks_for);
        let workspace = enrolled();
        let server = serve(&workspace, &provider, trusted);
        assert!(provider.asked.load(Ordering::Relaxed) > 0);
        let (status, why) = me(&server, &provider.token("one", &key, "belcheer"));
        assert_eq!(status, 401, "{speaks_for:?}, trusted {trusted}: {why}");
    }
}
