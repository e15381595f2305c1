//! The OpenAPI document describes every route, and only routes that answer.

use std::collections::BTreeSet;

use belcheer_catalog::Role;
use belcheer_domain::Digest;
use serde_json::Value;

use crate::fixture::{Service, result};

/// Routes that are read, and answer without anything having been uploaded or asked for; which routes there are in all
/// is compared with the access file (`access.rs`).
const ROUTES: [&str; 26] = [
    "/",
    "/healthz",
    "/metrics",
    "/openapi.json",
    "/readyz",
    "/soums/{au2}",
    "/style.css",
    "/v1/assessments",
    "/v1/assessments/{assessment}",
    "/v1/assessments/{assessment}/diff/{other}",
    "/v1/audit",
    "/v1/cycles",
    "/v1/datasets",
    "/v1/datasets/{digest}",
    "/v1/drafts",
    "/v1/jobs",
    "/v1/keys",
    "/v1/limits",
    "/v1/me",
    "/v1/methods/{id}",
    "/v1/soums",
    "/v1/soums/{au2}",
    "/v1/soums/{au2}/history",
    "/v1/soums/{au2}/pugs",
    "/v1/soums/{au2}/verification",
    "/v1/webhooks",
];

#[tokio::test]
async fn the_document_lists_every_route_and_each_answers() {
    let service = Service::full().await;
    let document = service.get("/openapi.json").await;
    assert_eq!(document.header("content-type"), "application/json");
    let document = document.json();
    assert_eq!(document["openapi"], "3.1.0");
    let listed: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert!(BTreeSet::from(ROUTES).is_subset(&listed));
    let operator = service.bearer(Role::Operator).await;
    let analyst = service.bearer(Role::Analyst).await;
    let dataset = service.get("/v1/datasets").await.json()["datasets"][0]["digest"].as_str().unwrap().to_owned();
    assert!(dataset.parse::<Digest>().is_ok());
    let assessment = result("2024", 3).manifest.id().to_string();
    for route in ROUTES {
        let path = route
            .replace("{au2}", "06404")
            .replace("{id}", "i2.recovery_class_change@1")
            .replace("{digest}", &dataset)
            .replace("{assessment}", &assessment)
            .replace("{other}", &assessment);
        // the metrics are for the machine itself, and no machine asks here
        let expected = if route == "/metrics" { 404 } else { 200 };
        let mut answer = service.get_with(&path, &[("authorization", &operator)]).await;
        if answer.status == 403 {
            answer = service.get_with(&path, &[("authorization", &analyst)]).await;
        }
        assert_eq!(answer.status, expected, "{route}: {}", answer.text());
        assert!(document["paths"][route]["get"]["operationId"].is_string(), "{route}");
    }
}

/// The document that is checked in is the one of the routes. To renew it:
/// `BELCHEER_RENEW=1 cargo test -p belcheer-api --test http the_checked_in_document`
#[test]
fn the_checked_in_document_is_current() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/openapi.json");
    let mut current = serde_json::to_string_pretty(&belcheer_api::openapi()).unwrap();
    current.push('\n');
    if std::env::var_os("BELCHEER_RENEW").is_some() {
        std::fs::write(file, &current).unwrap();
    }
    let held = std::fs::read_to_string(file).unwrap();
    let differs = held.lines().zip(current.lines()).find(|(held, current)| held != current);
    assert!(
        held == current,
        "schemas/openapi.json is not that of the routes; first difference: {differs:?}; renew it with \
         BELCHEER_RENEW=1 cargo test -p belcheer-api --test http the_checked_in_document"
    );
}

#[test]
fn routes_are_registered_only_together_with_their_operation() {
    let source = include_str!("../../src/routes.rs");
    assert!(!source.contains(".route(") && !source.contains(".nest(") && !source.contains("_service("));
    let listed = serde_json::to_value(belcheer_api::openapi()).unwrap()["paths"].as_object().unwrap().len();
    assert_eq!(source.matches(".routes(routes!(").count(), listed);
}

#[test]
fn every_reference_and_every_query_parameter_is_described() {
    let document = serde_json::to_value(belcheer_api::openapi()).unwrap();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 10);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    let parameters = document["paths"]["/v1/soums"]["get"]["parameters"].as_array().unwrap();
    let names: Vec<_> = parameters.iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["cycle", "status", "aimag", "bbox", "q", "limit", "offset", "f", "detail"]);
    for parameter in parameters {
        assert_eq!((parameter["in"].as_str(), parameter["required"].as_bool()), (Some("query"), Some(false)));
        assert!(parameter["description"].is_string());
    }
}

/// The shapes that are served have the fields that the document names, no more and no fewer.
#[tokio::test]
async fn answers_have_the_fields_of_their_schema() {
    let service = Service::full().await;
    let document = service.get("/openapi.json").await.json();
    let (a, b) = (result("2023", 1).manifest.id(), result("2024", 3).manifest.id());
    let operator = service.bearer(Role::Operator).await;
    for (path, schema) in [
        (format!("/v1/assessments/{a}").as_str(), "AssessmentBody"),
        (format!("/v1/assessments/{a}/diff/{b}").as_str(), "DiffBody"),
        ("/v1/soums/06404/pugs", "GroupsBody"),
        ("/v1/soums/06404/series", "SeriesBody"),
        ("/v1/cycles", "CycleList"),
        ("/v1/soums", "SoumList"),
        ("/v1/soums/06404", "SoumBody"),
        ("/v1/soums/06404/verification", "VerificationBody"),
        ("/v1/soums/06404/history", "HistoryBody"),
        ("/v1/methods/i5.pasture_conversion@1", "MethodDescription"),
        ("/v1/datasets", "DatasetList"),
        ("/v1/me", "MeBody"),
        ("/v1/keys", "KeyList"),
        ("/v1/audit", "AuditList"),
        ("/v1/soums/09999", "ProblemBody"),
    ] {
        let body = service.get_with(path, &[("authorization", &operator)]).await.json();
        let fields = |v: &Value| -> BTreeSet<String> { v.as_object().unwrap().keys().cloned().collect() };
        assert_eq!(fields(&body), fields(&document["components"]["schemas"][schema]["properties"]), "{path}");
    }
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
                found.insert(reference.to_owned());
            }
            object.values().for_each(|v| collect(v, found));
        }
        Value::Array(values) => values.iter().for_each(|v| collect(v, found)),
        _ => {}
    }
}
