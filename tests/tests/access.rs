//! Keys and users by the command line, and the running service that takes them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::{Duration, Instant};

use belcheer_tests::Workspace;
use belcheer_tests::service::Server;

/// One GET of `/v1/me` with a key: status and body.
fn me(server: &Server, key: &str) -> (u16, String) {
    let answer = server.ask("GET", "/v1/me", &[("authorization", &format!("Bearer {key}"))], b"");
    (answer.status, answer.text())
}

#[test]
fn a_key_from_the_command_line_counts_until_it_is_revoked_there() {
    let workspace = Workspace::init();
    let _ = workspace.expect(&[0], &["user", "add", "bat", "--role", "analyst", "--soums", "06404"]);
    let key = workspace.expect(&[0], &["key", "issue", "--holder", "bat"]).trim().to_owned();
    let id = key.split('_').nth(2).unwrap().to_owned();
    // asked in a loop below, faster than the default limits allow
    let mut server = Server::start(&workspace, &[("BELCHEER_RATE_PUBLIC", "0"), ("BELCHEER_RATE_KEY", "0")]);
    let (status, body) = me(&server, &key);
    assert_eq!(status, 200, "{body}");
    assert!(
        body.contains(&format!("\"key:{id}\"")) && body.contains("\"analyst\"") && body.contains("06404"),
        "{body}"
    );
    let second = workspace.expect(&[0], &["key", "rotate", &id]).trim().to_owned();
    assert_eq!((me(&server, &key).0, me(&server, &second).0), (200, 200), "both count during the overlap");
    let _ = workspace.expect(&[0], &["key", "revoke", &id]);
    let revoked = Instant::now();
    while me(&server, &key).0 != 401 {
        assert!(revoked.elapsed() < Duration::from_secs(5), "a revoked key goes on to count");
    }
    let _ = workspace.expect(&[0], &["user", "disable", "bat"]);
    let disabled = Instant::now();
    while me(&server, &second).0 != 401 {
        assert!(disabled.elapsed() < Duration::from_secs(5), "the key of a disabled user goes on to count");
    }
    let keys = workspace.expect(&[0], &["key", "list"]);
    assert_eq!(keys.lines().count(), 3);
    assert!(keys.lines().skip(1).all(|line| line.contains(",no,")) && !keys.contains(key.rsplit('_').next().unwrap()));
    assert!(workspace.expect(&[0], &["user", "list"]).lines().nth(1).unwrap().starts_with("bat,analyst,06404,"));
    server.stop();
}

#[test]
fn what_cannot_be_is_a_mistake_of_usage() {
    let workspace = Workspace::init();
    for arguments in [
        &["key", "issue", "--holder", "somebody"][..],
        &["key", "issue", "--holder", "somebody", "--role", "king"],
        &["key", "issue", "--holder", "somebody", "--role", "analyst", "--actions", "publish"],
        &["key", "issue", "--holder", "somebody", "--role", "analyst", "--days", "401"],
        &["key", "revoke", "nothing"],
        &["key", "rotate", "nothing"],
        &["user", "add", "two words", "--role", "analyst"],
        &["user", "add", "bat", "--role", "public"],
        &["user", "disable", "nobody"],
    ] {
        let _ = workspace.expect(&[2], arguments);
    }
    let bad = workspace.command(&["serve"]).env("BELCHEER_OIDC_ISSUER", "http://id.example.mn").output().unwrap();
    assert_eq!(bad.status.code(), Some(2), "half a provider is refused before anything is served");
}
