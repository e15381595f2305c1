//! What every request passes before a handler sees it.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use http_body_util::Limited;
use tokio::time::timeout;

use crate::identity::access::{Found, Rule, access};
use crate::identity::caller::Caller;
use crate::identity::client::client;
use crate::identity::idempotent;
use crate::identity::sign_in::{self, Refused};
use crate::problem::Problem;
use crate::state::{ApiState, soum_code};

/// Lets a request through to its handler, with a [`Caller`] in its extensions, or refuses it.
pub(crate) async fn guard(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let Some(path) = request.extensions().get::<MatchedPath>().cloned() else {
        // nothing is there: the answer is 404, which is limited, too
        return match state.identity().limits.address(client(&request, trusted(&state))) {
            Ok(()) => next.run(request).await,
            Err(wait) => too_many(wait),
        };
    };
    let rule = match access().find(request.method(), path.as_str()) {
        Found::Rule(rule) => rule,
        Found::OtherMethods(allowed) => return other_methods(&allowed),
        Found::Missing => {
            tracing::error!(path = path.as_str(), "the route is missing from the access file");
            return Problem::closed_route().into_response();
        }
    };
    match admit(&state, rule, request).await {
        Err(refusal) => refusal,
        Ok((caller, request)) => {
            let request = match within_bounds(rule, request) {
                Ok(request) => request,
                Err(problem) => return problem.into_response(),
            };
            let answering = async {
                if rule.idempotent {
                    idempotent::once(state.catalog(), &caller, request, next).await
                } else {
                    next.run(request).await
                }
            };
            let mut response = match rule.time {
                None => answering.await,
                Some(time) => match timeout(time, answering).await {
                    Ok(response) => response,
                    Err(_) => return Problem::of_status(StatusCode::SERVICE_UNAVAILABLE).into_response(),
                },
            };
            if !rule.is_public() {
                let headers = response.headers_mut();
                headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
            }
            response
        }
    }
}

fn trusted(state: &ApiState) -> &[ipnet::IpNet] {
    &state.identity().settings().trusted_proxies
}

/// Counts the request, finds out who asks, and holds them against the rule.
async fn admit(state: &ApiState, rule: &Rule, request: Request) -> Result<(Caller, Request), Response> {
    let identity = state.identity();
    let address = client(&request, trusted(state));
    if rule.limited {
        identity.limits.address(address).map_err(too_many)?;
    }
    let caller = sign_in::caller(identity, state.catalog(), request.headers()).await.map_err(|refused| {
        let from = address.map(|a| a.to_string()).unwrap_or_default();
        tracing::warn!(code = refused.code(), client = from, "somebody was not let in");
        match refused.is_guess().then(|| identity.limits.bad_key(address)) {
            Some(Err(wait)) => too_many(wait),
            _ => not_let_in(refused),
        }
    })?;
    if !caller.is_public() {
        identity.limits.caller(&caller.id).map_err(too_many)?;
    }
    if !rule.allows(caller.role) {
        return Err(match caller.is_public() {
            true => asking_for_key(Problem::key_needed()),
            false => Problem::role_may_not(caller.role).into_response(),
        });
    }
    if !caller.may(rule.action) {
        return Err(Problem::action_not_granted(rule.action).into_response());
    }
    let (mut parts, body) = request.into_parts();
    if rule.soums {
        within_scope(&caller, &mut parts).await.map_err(IntoResponse::into_response)?;
    }
    parts.extensions.insert(caller.clone());
    Ok((caller, Request::from_parts(parts, body)))
}

/// Refuses a body that says it is longer than the route takes, and cuts off one that turns out to be.
fn within_bounds(rule: &Rule, request: Request) -> Result<Request, Problem> {
    let Some(most) = rule.body else { return Ok(request) };
    let said = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > most) {
        return Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE));
    }
    Ok(request.map(|body| Body::new(Limited::new(body, most))))
}

/// Refuses a soum of the path that is not among the caller's.
async fn within_scope(caller: &Caller, parts: &mut axum::http::request::Parts) -> Result<(), Problem> {
    let params = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| Problem::bad_request())?;
    let (_, text) = params.iter().find(|(name, _)| *name == "au2").ok_or_else(Problem::internal)?;
    let soum = soum_code(text)?;
    if caller.soums.covers(soum) { Ok(()) } else { Err(Problem::outside_scope(soum)) }
}

fn not_let_in(refused: Refused) -> Response {
    let problem = refused.problem();
    if problem.status == StatusCode::UNAUTHORIZED { asking_for_key(problem) } else { problem.into_response() }
}

fn asking_for_key(problem: Problem) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// A refusal that says after how many whole seconds to try again.
fn too_many(wait: Duration) -> Response {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let mut response = Problem::too_many_requests(seconds.max(1)).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    response
}

fn other_methods(allowed: &str) -> Response {
    let mut response = Problem::of_status(StatusCode::METHOD_NOT_ALLOWED).into_response();
    if let Ok(value) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}
