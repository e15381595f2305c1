//! Keys, drafts, the audit trail and limits, over HTTP.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use belcheer_api::{IdentitySettings, KeyRequest, issue_key, rotate_key};
use belcheer_catalog::{NewUser, Role};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::fixture::{Answer, Service, result};

async fn me(service: &Service, authorization: &str) -> Answer {
    service.get_with("/v1/me", &[("authorization", authorization)]).await
}

async fn post_key(service: &Service, authorization: &str, body: Value) -> Answer {
    let request = Request::post("/v1/keys").header("authorization", authorization);
    service.send_body(request, Body::from(body.to_string())).await
}

#[tokio::test]
async fn an_operator_makes_and_revokes_keys_and_the_trail_says_so() {
    let service = Service::full().await;
    let operator = service.bearer(Role::Operator).await;
    let asked = json!({"holder": "cashmere platform", "label": "payments", "role": "platform", "days": 30});
    let made = post_key(&service, &operator, asked).await;
    assert_eq!((made.status.as_u16(), made.header("cache-control")), (201, "no-store"), "{}", made.text());
    let (key, id) = (made.json()["key"].as_str().unwrap().to_owned(), made.json()["record"]["id"].clone());
    assert_eq!(made.header("location"), format!("/v1/keys/{}", id.as_str().unwrap()));
    let platform = format!("Bearer {key}");
    let who = me(&service, &platform).await.json();
    assert_eq!((&who["role"], &who["soums"], &who["drafts"]), (&json!("platform"), &json!("all"), &json!(false)));
    assert_eq!(who["actions"], json!(["read"]));

    let listed = service.get_with("/v1/keys", &[("authorization", &operator)]).await;
    assert_eq!(listed.json()["total"], 2);
    assert!(!listed.text().contains(&key[key.len() - 43..]), "a secret is shown once");
    let gone = Request::delete(format!("/v1/keys/{}", id.as_str().unwrap())).header("authorization", &operator);
    assert_eq!(service.send(gone).await.status, 204);
    assert_eq!(me(&service, &platform).await.json()["code"], "ended_key", "revoked at once");
    let unknown = Request::delete("/v1/keys/nothing").header("authorization", &operator);
    assert_eq!(service.send(unknown).await.json()["code"], "unknown_key");

    let actor = me(&service, &operator).await.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/audit?actor={actor}&limit=1");
    let first = service.get_with(&path, &[("authorization", &operator)]).await.json();
    assert_eq!((&first["entries"][0]["action"], &first["entries"][0]["subject"]), (&json!("key_revoke"), &id));
    let second = service.get_with(&format!("{path}&before={}", first["before"]), &[("authorization", &operator)]).await;
    assert_eq!(second.json()["entries"][0]["action"], "key_issue");
    assert_eq!(second.json()["before"], Value::Null);
    assert!(!second.text().contains(&key[key.len() - 43..]));
}

#[tokio::test]
async fn a_key_cannot_be_made_for_more_than_may_be() {
    let service = Service::full().await;
    let operator = service.bearer(Role::Operator).await;
    for (body, status, code) in [
        (json!({"holder": "x", "label": "y"}), 422, "key_refused"),
        (json!({"holder": "x", "label": "y", "role": "public"}), 422, "key_refused"),
        (json!({"holder": "x", "label": "y", "role": "analyst", "actions": ["publish"]}), 422, "key_refused"),
        (json!({"holder": "x", "label": "y", "role": "analyst", "days": 401}), 422, "key_refused"),
        (json!({"holder": "", "label": "y", "role": "analyst"}), 422, "key_refused"),
        (json!({"holder": "x", "label": "y", "role": "king"}), 400, "bad_body"),
        (json!({"holder": "x", "label": "y", "role": "analyst", "soums": ["6404x"]}), 400, "bad_body"),
        (json!({"holder": "x", "label": "y", "role": "analyst", "admin": true}), 400, "bad_body"),
    ] {
        let answer = post_key(&service, &operator, body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text());
        assert_eq!(answer.json()["code"], code, "{body}");
    }
    let local = KeyRequest {
        holder: "aimag".into(),
        label: "keys of one soum".into(),
        role: Some(Role::Operator),
        actions: None,
        soums: Some("06404".parse().unwrap()),
        days: 10,
    };
    let local = issue_key(&service.catalog, "live", &local, "cli:test", Utc::now()).await.unwrap().text;
    let wide = json!({"holder": "x", "label": "y", "role": "analyst", "soums": ["06404", "06405"]});
    let local = format!("Bearer {local}");
    assert_eq!(post_key(&service, &local, wide).await.json()["code"], "key_refused");
    let narrow = post_key(&service, &local, json!({"holder": "x", "label": "y", "role": "analyst"})).await.json();
    assert_eq!(narrow["record"]["soums"], json!(["06404"]), "no wider than who makes it");
}

#[tokio::test]
async fn a_key_without_the_action_is_refused() {
    let service = Service::full().await;
    let request = KeyRequest {
        holder: "auditor".into(),
        label: "reads the trail".into(),
        role: Some(Role::Operator),
        actions: Some("audit".parse().unwrap()),
        soums: None,
        days: 10,
    };
    let key = issue_key(&service.catalog, "live", &request, "cli:test", Utc::now()).await.unwrap().text;
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(service.get_with("/v1/audit", &headers).await.status, 200);
    assert_eq!(service.get_with("/v1/keys", &headers).await.json()["code"], "action_not_granted");
    assert_eq!(service.get_with("/v1/soums", &headers).await.json()["code"], "action_not_granted");
}

#[tokio::test]
async fn drafts_are_seen_by_those_who_work_on_them_and_kept_by_nobody() {
    let service = Service::full().await;
    let (draft, public) = (result("2025", 4).manifest.id(), result("2024", 3).manifest.id());
    let path = format!("/v1/assessments/{draft}");
    assert_eq!(service.get(&path).await.json()["code"], "unknown_assessment");
    for (role, status) in [(Role::Platform, 404), (Role::Analyst, 200), (Role::Reviewer, 200), (Role::Operator, 200)] {
        let bearer = service.bearer(role).await;
        let headers = [("authorization", bearer.as_str())];
        let answer = service.get_with(&path, &headers).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (status, "no-store"), "{role}");
        let diff = service.get_with(&format!("/v1/assessments/{public}/diff/{draft}"), &headers).await;
        assert_eq!((diff.status.as_u16(), diff.header("cache-control")), (status, "no-store"), "{role}");
        let published = service.get_with(&format!("/v1/assessments/{public}"), &headers).await;
        assert_eq!(published.header("cache-control"), "public, max-age=60");
    }
    let one_soum = KeyRequest {
        holder: "bayan-undur".into(),
        label: "own soum".into(),
        role: Some(Role::Analyst),
        actions: None,
        soums: Some("06404".parse().unwrap()),
        days: 10,
    };
    let key = issue_key(&service.catalog, "live", &one_soum, "cli:test", Utc::now()).await.unwrap().text;
    let answer = service.get_with(&path, &[("authorization", &format!("Bearer {key}"))]).await;
    assert_eq!(answer.status, 404, "a draft of other soums is not theirs");
}

#[tokio::test]
async fn a_key_ends_with_its_holder_and_a_rotated_one_after_its_overlap() {
    let service = Service::full().await;
    let user = NewUser {
        name: "bat".into(),
        subject: None,
        role: Role::Analyst,
        soums: "06404".parse().unwrap(),
        created_at: "2026-01-01T00:00:00Z".into(),
        created_by: "cli:test".into(),
    };
    service.catalog.add_user(&user).await.unwrap();
    let asked = |role, soums: Option<&str>| KeyRequest {
        holder: "bat".into(),
        label: "laptop".into(),
        role,
        actions: None,
        soums: soums.map(|s| s.parse().unwrap()),
        days: 10,
    };
    let now = Utc::now();
    let issue = |request: KeyRequest| {
        let catalog = service.catalog.clone();
        async move { issue_key(&catalog, "live", &request, "cli:test", now).await }
    };
    assert!(issue(asked(Some(Role::Operator), None)).await.is_err(), "a key has the role of its holder");
    assert!(issue(asked(None, Some("all"))).await.is_err(), "and no more soums");
    let first = issue(asked(None, None)).await.unwrap();
    assert_eq!((first.record.role, first.record.soums.to_string()), (Role::Analyst, "06404".to_owned()));
    let overlap = TimeDelta::milliseconds(1500);
    let second =
        rotate_key(&service.catalog, "live", &first.record.id, 20, overlap, "cli:test", Utc::now()).await.unwrap();
    let (old, new) = (format!("Bearer {}", first.text), format!("Bearer {}", second.text));
    assert_eq!((me(&service, &old).await.status.as_u16(), me(&service, &new).await.status.as_u16()), (200, 200));
    tokio::time::sleep(std::time::Duration::from_millis(1600)).await;
    assert_eq!(me(&service, &old).await.json()["code"], "ended_key");
    assert_eq!(me(&service, &new).await.status, 200);
    service.catalog.disable_user("bat", "cli:test", "2026-01-02T00:00:00Z").await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(me(&service, &new).await.json()["code"], "ended_key", "a change elsewhere shows after a second");
    assert!(rotate_key(&service.catalog, "live", &second.record.id, 20, overlap, "cli:test", now).await.is_err());
}

#[tokio::test]
async fn the_use_of_a_key_is_noted_once_an_hour() {
    let service = Service::full().await;
    let (key, id) = service.key_made(Role::Analyst, Utc::now()).await;
    me(&service, &format!("Bearer {key}")).await;
    let noted = loop {
        if let Some(at) = service.catalog.key(&id).await.unwrap().unwrap().last_used {
            break at;
        }
        tokio::task::yield_now().await;
    };
    let half_an_hour_ago = (Utc::now() - TimeDelta::minutes(30)).to_rfc3339();
    service.catalog.touch_key(&id, &half_an_hour_ago).await.unwrap();
    let before = service.catalog.key(&id).await.unwrap().unwrap().last_used.unwrap();
    assert!(before < noted);
    let again = service.under(IdentitySettings::default()).await;
    me(&again, &format!("Bearer {key}")).await;
    // a write would have its turn before this one
    service.catalog.audit("cli:test", "wait", "x", &json!({}), "2026-01-01T00:00:00Z").await.unwrap();
    assert_eq!(service.catalog.key(&id).await.unwrap().unwrap().last_used.unwrap(), before);
}

fn from(address: &str, path: &str) -> axum::http::request::Builder {
    let address: SocketAddr = address.parse().unwrap();
    Request::get(path).extension(ConnectInfo(address))
}

#[tokio::test]
async fn an_address_that_asks_too_often_waits() {
    let settings = IdentitySettings { rate_public: 3, ..IdentitySettings::default() };
    let service = Service::full().await.under(settings).await;
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(service.send(from("203.0.113.9:1000", "/v1/cycles")).await);
    }
    let statuses: Vec<u16> = answers.iter().map(|a| a.status.as_u16()).collect();
    assert_eq!(statuses, [200, 200, 200, 429]);
    assert_eq!(
        (answers[3].header("retry-after"), answers[3].json()["code"].as_str()),
        ("1", Some("too_many_requests"))
    );
    assert_eq!(service.send(from("203.0.113.9:1001", "/nothing")).await.status, 429, "what is not there counts, too");
    assert_eq!(service.send(from("203.0.113.9:1001", "/healthz")).await.status, 200, "but not whether it lives");
    let forged = from("203.0.113.9:1002", "/v1/cycles").header("x-forwarded-for", "198.51.100.7");
    assert_eq!(service.send(forged).await.status, 429, "nobody else is believed who they are");
    assert_eq!(service.send(from("203.0.113.10:1000", "/v1/cycles")).await.status, 200);
}

#[tokio::test]
async fn a_key_that_asks_too_often_waits_and_others_do_not() {
    let settings = IdentitySettings { rate_key: 2, ..IdentitySettings::default() };
    let service = Service::full().await.under(settings).await;
    let (one, two) = (service.bearer(Role::Analyst).await, service.bearer(Role::Analyst).await);
    let mut statuses = Vec::new();
    for key in [&one, &one, &one, &two] {
        statuses.push(me(&service, key).await.status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 429, 200]);
    assert_eq!(service.get("/v1/me").await.status, 200);
}

#[tokio::test]
async fn the_sixth_bad_key_of_a_minute_waits_a_good_one_does_not() {
    let service = Service::full().await;
    let bad = format!("Bearer soum_live_abcdefghijkl_{}", "a".repeat(43));
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let request = from("203.0.113.9:1000", "/v1/cycles").header("authorization", &bad);
        statuses.push(service.send(request).await.status.as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
    let good = service.bearer(Role::Analyst).await;
    let request = from("203.0.113.9:1000", "/v1/cycles").header("authorization", good);
    assert_eq!(service.send(request).await.status, 200);
    let elsewhere = from("203.0.113.10:1000", "/v1/cycles").header("authorization", &bad);
    assert_eq!(service.send(elsewhere).await.status, 401);
    let twice = from("203.0.113.11:1", "/v1/cycles").header("authorization", &bad).header("authorization", &bad);
    assert_eq!(service.send(twice).await.json()["code"], "bad_authorization");
}
