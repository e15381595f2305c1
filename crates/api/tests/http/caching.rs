//! Entity tags, compression and security headers.

use axum::http::Request;

use crate::fixture::Service;

const TAGGED: [&str; 12] = [
    "/v1/cycles",
    "/v1/soums",
    "/v1/soums?q=bayan",
    "/v1/soums/06404",
    "/v1/soums/06404/verification",
    "/v1/soums/06404/history",
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
        assert_eq!(first.header("vary"), "Accept-Language, Accept-Encoding", "{path}");
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
    service.catalog.publish(id, "2024", "2025-06-01T00:00:00Z").await.unwrap();
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
    for path in ["/v1/cycles", "/", "/nothing", "/healthz", "/soums/bad", "/style.css"] {
        let answer = service.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'self'"), "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
}
