//! Entity tags, compression and security headers.

use axum::http::Request;

use belcheer_api::Settings;

use crate::fixture::{Answer, Service};

const TAGGED: [&str; 14] = [
    "/v1/cycles",
    "/v1/soums",
    "/v1/soums?q=bayan",
    "/v1/soums/06404",
    "/v1/soums/06404/verification",
    "/v1/soums/06404/history",
    "/v1/soums/06404/series",
    "/v1/soums/06404/files/years.csv",
    "/v1/methods/i3.stocking_ratio@1",
    "/v1/datasets",
    "/openapi.json",
    "/",
    "/soums/06404",
    "/style.css",
];

#[tokio::test]
async fn what_a_reader_holds_is_not_sent_again() {
    let service = Service::full().await;
    for path in TAGGED {
        let first = service.get(path).await;
        assert_eq!(first.status, 200, "{path}");
        let tag = first.header("etag").to_owned();
        assert_eq!((tag.len(), tag.starts_with('"')), (66, true), "{path}: {tag}");
        let cache = if path.starts_with("/v1/") { "public, max-age=60" } else { "no-cache" };
        assert_eq!(first.header("cache-control"), cache, "{path}");
        assert_eq!(first.header("vary"), "Accept, Accept-Encoding, Accept-Language", "{path}");
        for held in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let again = service.get_with(path, &[("if-none-match", &held)]).await;
            assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0), "{path} {held}");
            assert_eq!(again.header("etag"), tag, "{path}");
        }
        let other = service.get_with(path, &[("if-none-match", "\"other\"")]).await;
        assert_eq!((other.status.as_u16(), other.bytes), (200, first.bytes), "{path}");
        let head = service.send(Request::head(path)).await;
        assert_eq!((head.status.as_u16(), head.bytes.len(), head.header("etag")), (200, 0, tag.as_str()), "{path}");
    }
}

#[tokio::test]
async fn a_tag_changes_with_what_is_published() {
    let service = Service::full().await;
    let path = "/v1/soums/06404/verification";
    let before = service.get(path).await;
    let id = service.add(&crate::fixture::result("2024", 8)).await;
    service.catalog.publish(id, "2024", "cli:test", "2025-06-01T00:00:00Z").await.unwrap();
    let after = service.get_with(path, &[("if-none-match", before.header("etag"))]).await;
    assert_eq!(after.status, 200);
    assert_ne!(after.header("etag"), before.header("etag"));
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_ask() {
    let service = Service::full().await;
    let path = "/v1/soums/06404/verification";
    let plain = service.get(path).await;
    let packed = service.get_with(path, &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.bytes.len() * 2 < plain.bytes.len());
    assert_eq!(&packed.bytes[..2], [0x1f, 0x8b]);
    let tag = packed.header("etag").to_owned();
    assert!(tag.ends_with("-gzip\"") && tag != plain.header("etag"), "other bytes, other strong tag");
    let again = service.get_with(path, &[("accept-encoding", "gzip"), ("if-none-match", &tag)]).await;
    assert_eq!(again.status, 304);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let service = Service::full().await;
    for path in ["/v1/cycles", "/v1/cycles", "/", "/nothing", "/healthz", "/soums/bad", "/style.css"] {
        let answer = service.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'self'"), "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(answer.header("permissions-policy").contains("geolocation=()"), "{path}");
        assert!(!answer.headers.contains_key("strict-transport-security"), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
    }
}

#[tokio::test]
async fn a_kept_answer_is_the_answer_that_was_made() {
    let service = Service::full().await;
    for path in TAGGED {
        for (name, value) in [("accept", "*/*"), ("accept-encoding", "gzip"), ("accept-language", "mn")] {
            let made = service.get_with(path, &[(name, value)]).await;
            let kept = service.get_with(path, &[(name, value)]).await;
            assert_eq!((kept.status, &kept.bytes), (made.status, &made.bytes), "{path} {value}");
            let but_id = |answer: &Answer| {
                let mut headers = answer.headers.clone();
                headers.remove("x-request-id");
                headers
            };
            assert_eq!(but_id(&kept), but_id(&made), "{path} {value}");
            assert_ne!(kept.header("x-request-id"), made.header("x-request-id"), "{path}");
        }
    }
    let counted = service.metrics().await;
    let kept = "belcheer_http_request_duration_seconds_count{route=\"/v1/soums/{au2}/verification\",memory=\"hit\"} 5";
    assert!(counted.contains(kept), "{counted}");
}

#[tokio::test]
async fn one_who_shows_a_credential_is_never_answered_from_memory() {
    let service = Service::full().await;
    let platform = service.bearer(belcheer_catalog::Role::Platform).await;
    for _ in 0..2 {
        let answer = service.get_with("/v1/cycles", &[("authorization", &platform)]).await;
        assert_eq!(answer.status, 200);
    }
    let counted = service.metrics().await;
    assert!(counted.contains("route=\"/v1/cycles\",memory=\"none\"} 2"), "{counted}");
}

#[tokio::test]
async fn the_order_of_parameters_makes_no_other_answer() {
    let service = Service::full().await;
    let one = service.get("/v1/soums?limit=1&aimag=64").await;
    let other = service.get("/v1/soums?aimag=64&limit=1").await;
    assert_eq!((one.status.as_u16(), &one.bytes), (200, &other.bytes));
    assert!(service.metrics().await.contains("route=\"/v1/soums\",memory=\"hit\"} 1"));
}

#[tokio::test]
async fn browsers_are_held_to_https_where_the_service_is_reached_by_it() {
    let service = Service::with_settings(Settings { https: true, ..Settings::default() }).await;
    assert!(service.get("/healthz").await.header("strict-transport-security").contains("max-age=63072000"));
}

#[tokio::test]
async fn what_another_program_publishes_or_withdraws_shows() {
    let service = Service::full().await;
    let path = "/v1/soums/06404/verification";
    let first = service.get(path).await;
    assert_eq!(service.get(path).await.bytes, first.bytes);
    let cycles = service.get("/v1/cycles").await.json();
    let latest = cycles["cycles"].as_array().unwrap().last().unwrap()["assessment"].as_str().unwrap().parse().unwrap();
    let other = service.opened_by_another_program().await;
    other.withdraw(latest, "cli:test", "2025-07-01T00:00:00Z").await.unwrap();
    let waited = std::time::Instant::now();
    while service.get(path).await.bytes == first.bytes {
        assert!(waited.elapsed() < std::time::Duration::from_secs(5));
    }
}
