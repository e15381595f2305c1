//! The outermost service: request ids, headers that every answer carries, answers from memory, counts and spans.
//!
//! What is answered from memory passes nothing else, not even the router.

mod cors;
mod security;

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tower::{Service, ServiceExt};
use tracing::{Instrument, Span, field};
use uuid::Uuid;

use crate::answers::{Asked, Keepable, Key, in_order};
use crate::front::cors::Cors;
use crate::front::security::SecurityHeaders;
use crate::metrics::Memory;
use crate::state::ApiState;

/// The header that carries a request's id.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The template of the address that a response answers.
#[derive(Debug, Clone)]
struct Route(Arc<str>);

/// The outermost service; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Front {
    inner: Router,
    state: ApiState,
    fixed: Arc<Fixed>,
}

#[derive(Debug)]
struct Fixed {
    security: SecurityHeaders,
    cors: Cors,
}

impl Front {
    /// Puts the front before a router.
    pub(crate) fn before(inner: Router, state: ApiState) -> Self {
        let settings = state.settings();
        let security = SecurityHeaders::new(settings.https);
        let cors = Cors::new(&settings.cors_origins);
        Self { inner, state, fixed: Arc::new(Fixed { security, cors }) }
    }

    async fn answer(self, mut request: Request) -> Response {
        let started = Instant::now();
        let _under_way = self.state.metrics().under_way();
        // request ids are ours alone: one that a client sends never reaches the log
        let id = request_id();
        request.headers_mut().insert(REQUEST_ID, id.clone());
        let method = request.method().clone();
        let span = span(&request, &id);
        let grant = self.fixed.cors.grant(&request);
        let (mut response, route, memory) = match self.fixed.cors.preflight(&request) {
            Some(response) => (response, Route("preflight".into()), Memory::None),
            None => self.found(request).instrument(span.clone()).await,
        };
        let headers = response.headers_mut();
        self.fixed.security.add_to(headers);
        grant.add_to(headers);
        headers.insert(REQUEST_ID, id);
        let status = response.status();
        let elapsed = started.elapsed();
        self.state.metrics().answered(&method, &route.0, status, memory, elapsed);
        told(&span, &route.0, status.as_u16(), memory, elapsed);
        response
    }

    /// The answer from memory, or else from the router.
    async fn found(&self, mut request: Request) -> (Response, Route, Memory) {
        let mut memory = Memory::None;
        if let Some(key) = Key::of(&request)
            && let Ok(state) = self.state.catalog().publication_state().await
        {
            if let Some(answer) = self.state.answers().get(&key, state)
                // one that asks too often goes on to the guard, which says so
                && self.state.identity().within_limit(&request)
            {
                let asked = Asked::of(request.method(), request.headers());
                return (answer.give(&asked).await, Route(Arc::clone(answer.route())), Memory::Hit);
            }
            memory = Memory::Miss;
            request.extensions_mut().insert(Keepable { key, state });
        }
        overridden(&mut request);
        if let Some(uri) = in_order(request.uri()) {
            *request.uri_mut() = uri;
        }
        let mut response = self.inner.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let route = response.extensions_mut().remove::<Route>().unwrap_or_else(|| Route("none".into()));
        (response, route, memory)
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let front = self.clone();
        Box::pin(async move { Ok(front.answer(request).await) })
    }
}

/// Tells the front which route answers; a layer of the router.
pub(crate) async fn tell_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| Route(path.as_str().into()));
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// Clients that cannot send every method name the one they mean, as tus asks; only uploads are asked so.
fn overridden(request: &mut Request) {
    let meant = request.headers().get("x-http-method-override").and_then(|v| v.to_str().ok());
    let meant = match meant {
        Some("PATCH") => Method::PATCH,
        Some("DELETE") => Method::DELETE,
        Some("HEAD") => Method::HEAD,
        _ => return,
    };
    if request.method() == Method::POST && request.uri().path().starts_with("/uploads/") {
        *request.method_mut() = meant;
    }
}

fn request_id() -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    let text = Uuid::new_v4().hyphenated().encode_lower(&mut text);
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("none"))
}

fn span(request: &Request, id: &HeaderValue) -> Span {
    tracing::info_span!(
        "request",
        otel.kind = "server",
        method = %request.method(),
        path = request.uri().path(),
        request_id = id.to_str().unwrap_or_default(),
        route = field::Empty,
        status = field::Empty,
        memory = field::Empty,
    )
}

/// Completes the span, and writes one line of log a request.
fn told(span: &Span, route: &str, status: u16, memory: Memory, elapsed: std::time::Duration) {
    if span.is_disabled() {
        return;
    }
    span.record("route", route).record("status", status).record("memory", memory.word());
    let microseconds = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(route, status, memory = memory.word(), microseconds, "answered"));
}

/// Whether a method only reads.
pub(crate) fn reads(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}
