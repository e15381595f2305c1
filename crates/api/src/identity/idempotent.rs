//! Requests that are done once, however often they are sent.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use belcheer_catalog::{Catalog, Claim, KeptAnswer};
use belcheer_domain::Digest;
use chrono::{SecondsFormat, Utc};

use crate::identity::caller::Caller;
use crate::problem::Problem;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Most characters of a key.
const KEY_MAX: usize = 128;
/// Most bytes of a body that is held to be compared; routes have limits of their own before.
const BODY_MAX: usize = 1 << 20;
/// The headers that are kept of an answer.
const KEPT_HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::LOCATION, header::CACHE_CONTROL];

/// Does a request with the header `Idempotency-Key` once: the same again gets the same answer, another with the same key
/// 422, one that is still under way 409. Only successes are kept: what was refused or failed may be sent again.
///
/// The work goes on when the client goes away, so that its answer is there when the client comes back. Without the header,
/// or without a key of their own, callers get no such promise.
pub(super) async fn once(catalog: &Catalog, caller: &Caller, request: Request, next: Next) -> Response {
    let Some(given) = request.headers().get(KEY).filter(|_| !caller.is_public()) else {
        return next.run(request).await;
    };
    let Some(token) = token(given, request.headers()) else {
        return Problem::bad_idempotency_key().into_response();
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let digest = digest(&parts, &body);
    let at = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    match catalog.claim_request(&caller.id, &token, digest, &at).await {
        Err(error) => Problem::from(error).into_response(),
        Ok(Claim::Running) => Problem::request_under_way().into_response(),
        Ok(Claim::Different) => Problem::idempotency_key_reused().into_response(),
        Ok(Claim::Answered(answer)) => replay(&answer),
        Ok(Claim::New) => {
            let (catalog, id) = (catalog.clone(), caller.id.clone());
            let request = Request::from_parts(parts, Body::from(body));
            let work = async move { settle(&catalog, &id, &token, next.run(request).await).await };
            let span = tracing::Span::current();
            let done = tokio::spawn(tracing::Instrument::instrument(work, span)).await;
            done.unwrap_or_else(|_| Problem::internal().into_response())
        }
    }
}

/// A key: one header of 1 to 128 visible ASCII characters.
fn token(given: &HeaderValue, headers: &HeaderMap) -> Option<String> {
    let text = given.to_str().ok()?;
    let fits = (1..=KEY_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    (fits && headers.get_all(KEY).iter().count() == 1).then(|| text.to_owned())
}

/// What makes a request the same: method, address, media type and body.
fn digest(parts: &Parts, body: &Bytes) -> Digest {
    let kind = parts.headers.get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let all = format!("{} {}\n{}\n", parts.method, parts.uri, Digest::of(kind));
    Digest::of(&[all.as_bytes(), body].concat())
}

/// Keeps a success, forgets the rest.
async fn settle(catalog: &Catalog, caller: &str, token: &str, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let read = to_bytes(body, usize::MAX).await;
    let kept = match &read {
        Ok(bytes) if parts.status.is_success() => std::str::from_utf8(bytes).ok().map(|body| KeptAnswer {
            status: parts.status.as_u16(),
            headers: kept_headers(&parts.headers),
            body: body.to_owned(),
        }),
        _ => None,
    };
    if let Err(error) = catalog.settle_request(caller, token, kept.as_ref()).await {
        tracing::error!(%error, "the answer to a request could not be kept");
    }
    match read {
        Ok(bytes) => Response::from_parts(parts, Body::from(bytes)),
        Err(_) => Problem::internal().into_response(),
    }
}

fn kept_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |name: &HeaderName| headers.get(name)?.to_str().ok().map(|v| (name.to_string(), v.to_owned()));
    KEPT_HEADERS.iter().filter_map(text).collect()
}

fn replay(answer: &KeptAnswer) -> Response {
    let mut response = Response::new(Body::from(answer.body.clone()));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use belcheer_catalog::Role;
    use tokio::sync::Notify;
    use tower::ServiceExt;

    use super::*;

    /// A service whose one route counts how often it ran, and waits when asked to.
    struct Counted {
        router: Router,
        runs: Arc<AtomicUsize>,
        go_on: Arc<Notify>,
        _dir: tempfile::TempDir,
    }

    async fn counted(caller: Caller) -> Counted {
        let dir = tempfile::tempdir().unwrap();
        let catalog = Catalog::init(dir.path()).await.unwrap();
        let (runs, go_on) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let (counter, waiting) = (Arc::clone(&runs), Arc::clone(&go_on));
        let work = move |body: String| async move {
            let run = counter.fetch_add(1, Ordering::SeqCst);
            match body.as_str() {
                "wait" => waiting.notified().await,
                "fail" => return (StatusCode::SERVICE_UNAVAILABLE, [(header::LOCATION, "/"); 1], String::new()),
                _ => {}
            }
            (StatusCode::CREATED, [(header::LOCATION, "/made"); 1], format!("run {run}"))
        };
        let layer = from_fn(move |request: Request, next: Next| {
            let (catalog, caller) = (catalog.clone(), caller.clone());
            async move { once(&catalog, &caller, request, next).await }
        });
        Counted { router: Router::new().route("/work", post(work)).layer(layer), runs, go_on, _dir: dir }
    }

    fn analyst() -> Caller {
        let actions = Role::Analyst.actions();
        Caller { id: "key:a".into(), role: Role::Analyst, actions, ..Caller::public() }
    }

    impl Counted {
        async fn send(&self, key: &str, body: &'static str) -> (u16, HeaderMap, String) {
            let request = Request::post("/work").header(KEY, key).body(Body::from(body)).unwrap();
            let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap();
            (parts.status.as_u16(), parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
        }
    }

    #[tokio::test]
    async fn the_same_again_gets_the_same_answer() {
        let service = counted(analyst()).await;
        let (status, headers, body) = service.send("one", "a").await;
        assert_eq!((status, headers.get(REPLAYED), body.as_str()), (201, None, "run 0"));
        let (status, headers, body) = service.send("one", "a").await;
        assert_eq!((status, body.as_str()), (201, "run 0"));
        assert_eq!(
            (&headers[REPLAYED], &headers[header::LOCATION]),
            (&"true".parse().unwrap(), &"/made".parse().unwrap())
        );
        assert_eq!(service.send("one", "b").await.0, 422);
        assert_eq!(service.send("two", "a").await.2, "run 1");
        assert_eq!(service.runs.load(Ordering::SeqCst), 2);
        for bad in ["", "two words", &"x".repeat(129)] {
            assert_eq!(service.send(bad, "a").await.0, 400, "{bad}");
        }
    }

    #[tokio::test]
    async fn what_failed_may_be_sent_again() {
        let service = counted(analyst()).await;
        assert_eq!(service.send("one", "fail").await.0, 503);
        assert_eq!(service.send("one", "fail").await.0, 503);
        assert_eq!(service.runs.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn work_goes_on_when_the_client_has_gone() {
        let service = counted(analyst()).await;
        {
            let mut first = std::pin::pin!(service.send("one", "wait"));
            // polled until the work has begun, then dropped as a lost connection would be
            while service.runs.load(Ordering::SeqCst) == 0 {
                tokio::select! { biased; _ = &mut first => panic!("not yet"), () = tokio::task::yield_now() => {} }
            }
        }
        assert_eq!(service.send("one", "wait").await.0, 409);
        service.go_on.notify_one();
        let answer = loop {
            let answer = service.send("one", "wait").await;
            if answer.0 != 409 {
                break answer;
            }
        };
        assert_eq!((answer.0, answer.2.as_str()), (201, "run 0"));
        assert_eq!(service.runs.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn those_without_a_key_share_no_answers() {
        let service = counted(Caller::public()).await;
        assert_eq!(
            (service.send("one", "a").await.2, service.send("one", "a").await.2),
            ("run 0".into(), "run 1".into())
        );
    }
}
