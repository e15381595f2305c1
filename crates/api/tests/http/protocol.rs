//! Who may do what from where: pages of other origins, the metrics, languages and forms.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use belcheer_api::Settings;

use crate::fixture::Service;

const LISTED: &str = "https://platform.example";

async fn listing() -> Service {
    Service::with_settings(Settings { cors_origins: vec![format!("{LISTED}/")], ..Settings::default() }).await
}

fn preflight(origin: &str, method: &str, headers: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(Method::OPTIONS)
        .uri("/v1/soums")
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", headers)
}

#[tokio::test]
async fn any_page_may_read_and_only_listed_ones_may_do_more() {
    let service = listing().await;
    let allowed = "access-control-allow-origin";
    for origin in [LISTED, "https://elsewhere.example"] {
        let read = service.get_with("/v1/soums", &[("origin", origin)]).await;
        assert_eq!((read.status.as_u16(), read.header(allowed)), (200, "*"), "{origin}");
        assert!(read.header("access-control-expose-headers").contains("etag"));
        assert!(!read.headers.contains_key("access-control-allow-credentials"));
    }
    for (origin, method, headers, expected) in [
        (LISTED, "POST", "authorization, content-type", LISTED),
        (LISTED, "GET", "authorization", LISTED),
        ("https://elsewhere.example", "GET", "if-none-match", "*"),
        ("https://elsewhere.example", "GET", "", "*"),
        ("https://elsewhere.example", "GET", "authorization", ""),
        ("https://elsewhere.example", "POST", "", ""),
        ("https://platform.example.evil.example", "DELETE", "", ""),
        ("null", "PATCH", "", ""),
    ] {
        let answer = service.send(preflight(origin, method, headers)).await;
        assert_eq!((answer.status.as_u16(), answer.header(allowed)), (204, expected), "{origin} {method} {headers}");
        assert_eq!(answer.headers.contains_key("access-control-allow-methods"), !expected.is_empty());
        assert!(answer.header("vary").contains("Origin"));
    }
    for (origin, expected) in [(LISTED, LISTED), ("https://elsewhere.example", "")] {
        let answer = service.get_with("/v1/soums", &[("origin", origin), ("authorization", "Bearer x")]).await;
        assert_eq!(answer.header(allowed), expected, "{origin}");
    }
}

#[tokio::test]
async fn the_metrics_are_for_the_machine_itself() {
    let service = Service::full().await;
    let _ = service.get("/v1/cycles").await;
    let ask = async |address: [u8; 4], header: Option<&str>| {
        let mut request = Request::get("/metrics").extension(ConnectInfo(SocketAddr::from((address, 9))));
        if let Some(name) = header {
            request = request.header(name, "192.0.2.7");
        }
        service.send(request).await
    };
    let near = ask([127, 0, 0, 1], None).await;
    assert_eq!(near.status, 200);
    assert!(near.header("content-type").starts_with("application/openmetrics-text"));
    let text = near.text();
    for line in [
        "belcheer_http_requests_total{method=\"GET\",route=\"/v1/cycles\",status=\"200\"} 1\n",
        "belcheer_http_request_duration_seconds_bucket{le=\"+Inf\",route=\"/v1/cycles\",memory=\"miss\"} 1\n",
        "belcheer_http_requests_under_way 1\n",
        "belcheer_answers_held 1\n",
        "# EOF\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    for (address, header) in
        [([192, 0, 2, 7], None), ([127, 0, 0, 1], Some("x-forwarded-for")), ([127, 0, 0, 1], Some("forwarded"))]
    {
        let far = ask(address, header).await;
        assert_eq!((far.status.as_u16(), far.json()["code"].as_str()), (404, Some("not_found")), "{address:?}");
    }
    let open = Service::with_settings(Settings { metrics_public: true, ..Settings::default() }).await;
    assert_eq!(open.get("/metrics").await.status, 200);
}

#[tokio::test]
async fn a_page_speaks_the_language_asked_for_and_says_which() {
    let service = Service::full().await;
    for (path, accept, expected) in [
        ("/", "", "mn"),
        ("/", "en-GB,en;q=0.9", "en"),
        ("/?lang=mn", "en", "mn"),
        ("/soums/06404", "en", "en"),
        ("/soums/06404", "fr", "mn"),
        ("/v1/soums/06404", "en", "mn, en"),
    ] {
        for _ in 0..2 {
            let page = service.get_with(path, &[("accept-language", accept)]).await;
            assert_eq!(page.header("content-language"), expected, "{path} {accept}");
            if path.starts_with("/v1/") {
                continue;
            }
            assert!(page.text().contains(&format!("<html lang=\"{expected}\">")), "{path} {accept}");
        }
    }
}
