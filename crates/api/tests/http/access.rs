//! Every route of the access file, asked by everybody; the file, the OpenAPI document and the handbook agree.

use std::collections::BTreeSet;
use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use belcheer_api::IdentitySettings;
use belcheer_catalog::Role;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::fixture::{Answer, Service};

const FILE: &str = include_str!("../../data/access.toml");

#[derive(Deserialize)]
struct File {
    drafts: Vec<String>,
    route: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    method: String,
    path: String,
    roles: Vec<String>,
    action: String,
    #[serde(default)]
    soums: bool,
    #[serde(default)]
    idempotent: bool,
}

impl Row {
    fn allows(&self, role: Role) -> bool {
        self.roles.iter().any(|r| r == "public" || r == role.as_str())
    }

    /// A request of the route; what stands for the names of things need not be there.
    async fn ask(&self, service: &Service, authorization: Option<&str>) -> Answer {
        let path = self.path.replace("{au2}", "06404").replace(['{', '}'], "");
        let mut request = Request::builder().method(self.method.as_str()).uri(path);
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        service.send_body(request, Body::from("{}")).await
    }
}

fn file() -> File {
    toml::from_str(FILE).unwrap()
}

fn no_limits() -> IdentitySettings {
    IdentitySettings { rate_public: 0, rate_key: 0, ..IdentitySettings::default() }
}

#[tokio::test]
async fn every_route_answers_those_that_may_and_nobody_else() {
    let service = Service::full().await.under(no_limits()).await;
    let now = Utc::now();
    let long_ago: DateTime<Utc> = "2020-01-01T00:00:00Z".parse().unwrap();
    let expired = service.key_made(Role::Operator, long_ago).await.0;
    let (revoked, id) = service.key_made(Role::Operator, now).await;
    service.catalog.revoke_key(&id, "cli:test", "2026-01-01T00:00:00Z").await.unwrap();
    let good = service.key_made(Role::Operator, now).await.0;
    let wrong_secret = format!("{}{}", &good[..good.len() - 43], "x".repeat(43));
    let test_key = good.replace("soum_live_", "soum_test_");
    let refused = [
        (format!("Bearer {expired}"), "ended_key"),
        (format!("Bearer {revoked}"), "ended_key"),
        (format!("Bearer {wrong_secret}"), "bad_key"),
        (format!("Bearer {test_key}"), "bad_key"),
        ("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.".to_owned(), "bad_token"),
        (format!("Basic {good}"), "bad_authorization"),
        ("Bearer".to_owned(), "bad_authorization"),
    ];
    let mut callers = vec![(Role::Public, None)];
    for role in [Role::Analyst, Role::Reviewer, Role::Platform, Role::Operator] {
        callers.push((role, Some(service.bearer(role).await)));
    }
    let mut asked = 0;
    for row in file().route {
        let route = format!("{} {}", row.method, row.path);
        for (role, authorization) in &callers {
            let answer = row.ask(&service, authorization.as_deref()).await;
            let expected = match (row.allows(*role), role) {
                (true, _) => None,
                (false, Role::Public) => Some((401, "key_needed")),
                (false, _) => Some((403, "role_may_not")),
            };
            match expected {
                None => assert!(
                    ![401, 403, 405, 429, 500].contains(&answer.status.as_u16()),
                    "{route} {role}: {}",
                    answer.text()
                ),
                Some((status, code)) => check(&answer, status, code, &format!("{route} {role}")),
            }
            if !row.allows(Role::Public) && answer.status.is_success() {
                assert_eq!(answer.header("cache-control"), "no-store", "{route} {role}");
            }
            asked += 1;
        }
        for (authorization, code) in &refused {
            let answer = row.ask(&service, Some(authorization)).await;
            check(&answer, 401, code, &format!("{route} {code}"));
            assert!(!answer.text().contains("soum_"), "a refusal repeats nothing of the key");
            asked += 1;
        }
    }
    assert_eq!(asked, file().route.len() * 12);
}

fn check(answer: &Answer, status: u16, code: &str, what: &str) {
    assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text());
    assert_eq!(answer.header("www-authenticate"), if status == 401 { "Bearer" } else { "" }, "{what}");
    if !answer.bytes.is_empty() {
        assert_eq!(answer.json()["code"], code, "{what}");
    }
}

#[tokio::test]
async fn the_file_names_every_route_and_no_other() {
    let document = serde_json::to_value(belcheer_api::openapi()).unwrap();
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "put", "post", "delete", "options", "head", "patch"] {
            if item.get(method).is_some_and(Value::is_object) {
                operations.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    let rows: BTreeSet<String> = file().route.iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    assert_eq!(rows, operations, "add a row to crates/api/data/access.toml for every route");
}

#[test]
fn the_handbook_has_the_table_of_the_file() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/access.md");
    let written = std::fs::read_to_string(&place).unwrap();
    let (start, end) = ("<!-- routes: made from crates/api/data/access.toml -->\n", "<!-- end of routes -->");
    let (before, rest) = written.split_once(start).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let current = format!("{before}{start}{}{end}{after}", table());
    if std::env::var_os("BELCHEER_BLESS").is_some() {
        std::fs::write(&place, &current).unwrap();
    } else {
        assert!(
            written == current,
            "docs/access.md is old: BELCHEER_BLESS=1 cargo test -p belcheer-api --test http access"
        );
    }
}

fn table() -> String {
    let names: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let mut lines = vec![
        format!("| route | {} | action | notes |", names.join(" | ")),
        format!("|---|{}---|---|", "---|".repeat(names.len())),
    ];
    let file = file();
    for row in &file.route {
        let cells: Vec<&str> = Role::ALL.iter().map(|role| if row.allows(*role) { "yes" } else { "" }).collect();
        let mut notes = Vec::new();
        if row.path.contains("{assessment}") {
            notes.push(format!("drafts: {}", file.drafts.join(", ")));
        }
        if row.soums {
            notes.push("own soums".to_owned());
        }
        if row.idempotent {
            notes.push("`Idempotency-Key`".to_owned());
        }
        let cells = cells.join(" | ");
        lines.push(format!("| `{} {}` | {cells} | {} | {} |", row.method, row.path, row.action, notes.join("; ")));
    }
    lines.join("\n") + "\n"
}
