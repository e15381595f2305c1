//! Refusals: problem documents with stable codes, in the reader's language.

use axum::http::Request;

use crate::fixture::Service;

#[tokio::test]
async fn what_cannot_be_used_is_refused_with_its_code() {
    let service = Service::full().await;
    for (path, status, code) in [
        ("/v1/soums/6404", 400, "malformed_soum_code"),
        ("/v1/soums/abc/verification", 400, "malformed_soum_code"),
        ("/v1/soums/064040/history", 400, "malformed_soum_code"),
        ("/v1/soums/%2e%2e%2fetc", 400, "malformed_soum_code"),
        ("/v1/soums/%ff", 400, "bad_request"),
        ("/v1/soums/09999", 404, "unknown_soum"),
        ("/v1/soums/09999/history", 404, "unknown_soum"),
        ("/v1/soums/06404/verification?cycle=1999", 404, "unknown_cycle"),
        ("/v1/soums?colour=red", 400, "unknown_parameter"),
        ("/v1/cycles?x", 400, "unknown_parameter"),
        ("/v1/soums/06404?lang=mn", 400, "unknown_parameter"),
        ("/v1/soums?q=a&q=b", 400, "bad_parameter"),
        ("/v1/soums?bbox=1,2,3", 400, "bad_parameter"),
        ("/v1/soums?bbox=99,45,97,47", 400, "bad_parameter"),
        ("/v1/soums?status=good", 400, "bad_parameter"),
        ("/v1/soums?limit=0", 400, "bad_parameter"),
        ("/v1/soums?limit=1001", 400, "bad_parameter"),
        ("/v1/soums?offset=-1", 400, "bad_parameter"),
        ("/v1/soums?offset=2147483648", 400, "bad_parameter"),
        ("/v1/soums?q=%ff", 400, "bad_request"),
        ("/v1/datasets?kind=secrets", 400, "bad_parameter"),
        ("/v1/datasets/xyz", 400, "malformed_digest"),
        ("/v1/soums/06404/statement", 404, "not_found"),
        ("/v1/assessments", 401, "key_needed"),
        ("/collections", 404, "not_found"),
        ("/v1/soums/", 404, "not_found"),
        ("/nothing", 404, "not_found"),
    ] {
        let answer = service.get(path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        let body = answer.json();
        assert_eq!(body["code"], code, "{path}");
        assert_eq!(body["status"], status, "{path}");
        assert_eq!(body["type"], format!("urn:belcheer:problem:{code}"), "{path}");
        for part in ["title", "detail", "detail_mn", "detail_en"] {
            assert!(body[part].as_str().is_some_and(|t| !t.is_empty()), "{path}: {part}");
        }
        assert_eq!(body["request_id"], answer.header("x-request-id"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_method_that_is_not_known_is_refused_with_those_that_are() {
    let service = Service::full().await;
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let answer = service.send(Request::builder().method(method).uri("/v1/soums")).await;
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), "GET,HEAD", "{method}");
        assert_eq!(answer.json()["code"], "method_not_allowed", "{method}");
    }
    assert_eq!(service.send(Request::post("/collections")).await.status, 404);
}

#[tokio::test]
async fn the_reader_s_language_is_spoken() {
    let service = Service::full().await;
    let path = "/v1/soums/09999";
    for (header, lang) in [("mn-MN,mn;q=0.9,en;q=0.5", "mn"), ("en", "en"), ("de", "en")] {
        let answer = service.get_with(path, &[("accept-language", header)]).await;
        assert_eq!(answer.header("content-language"), lang, "{header}");
        let body = answer.json();
        assert_eq!(body["detail"], body[format!("detail_{lang}")], "{header}");
    }
    let mongolian = service.get_with(path, &[("accept-language", "mn")]).await.json();
    assert_eq!(mongolian["title"], "Ийм сум алга");
}

#[tokio::test]
async fn a_request_id_is_ours_and_a_hint_names_the_right_code() {
    let service = Service::full().await;
    let answer = service.get_with("/v1/soums/6404", &[("x-request-id", "mine")]).await;
    assert_ne!(answer.header("x-request-id"), "mine");
    assert_eq!(answer.header("x-request-id").len(), 36);
    assert!(answer.json()["detail"].as_str().unwrap().contains("06404"));
}

/// The bounds of bodies stand in the access file, route by route.
#[tokio::test]
async fn a_body_is_refused_where_its_route_takes_less() {
    let service = Service::full().await;
    let analyst = service.bearer(belcheer_catalog::Role::Analyst).await;
    for (method, path, length, status) in [
        ("GET", "/v1/cycles", 1 << 20, 413),
        ("POST", "/v1/assessments", 1 << 20, 413),
        ("POST", "/v1/assessments", 100 << 10, 400),
        ("POST", "/v1/zonal-stats", 3 << 20, 400),
        ("POST", "/v1/zonal-stats", 9 << 20, 413),
    ] {
        let request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", &analyst)
            .header("content-length", length);
        let answer = service.send_body(request, axum::body::Body::from(vec![b' '; length])).await;
        assert_eq!(answer.status, status, "{method} {path} with {length} bytes: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}
