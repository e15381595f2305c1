//! Which pages of other origins may use the service: all may read what is public, the rest needs to be on a list.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use crate::front::REQUEST_ID;

/// What pages of listed origins may send.
const HEADERS: &str = "authorization, content-type, if-match, if-none-match, idempotency-key, tus-resumable, \
     upload-checksum, upload-length, upload-metadata, upload-offset";
/// What any page may send with a read.
const READING_HEADERS: [&str; 5] = ["accept", "accept-language", "content-language", "if-none-match", "cache-control"];
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const READING_METHODS: &str = "GET, HEAD";
/// What scripts may see of an answer beside what they always may.
const EXPOSED: &str = "etag, location, retry-after, upload-offset, x-request-id";
/// How long a browser may remember a permission, seconds.
const REMEMBERED_S: &str = "600";

/// The listed origins.
#[derive(Debug)]
pub(crate) struct Cors {
    origins: Vec<HeaderValue>,
}

/// What a request is allowed, to be said in its answer.
#[derive(Debug, Clone)]
pub(crate) enum Grant {
    /// Any page may see the answer: a read without credentials.
    Anyone,
    /// The page of this listed origin may.
    Origin(HeaderValue),
    /// No page of another origin may.
    Nobody,
}

impl Cors {
    /// The policy with these origins listed; what cannot stand in a header is left out.
    pub(crate) fn new(origins: &[String]) -> Self {
        let tidy = |text: &String| HeaderValue::from_str(text.trim().trim_end_matches('/')).ok();
        Self { origins: origins.iter().filter_map(tidy).filter(|origin| !origin.is_empty()).collect() }
    }

    /// What a request is allowed.
    pub(crate) fn grant(&self, request: &Request) -> Grant {
        let headers = request.headers();
        let listed = headers.get(header::ORIGIN).filter(|origin| self.origins.contains(origin));
        let reads = request.method() == Method::GET || request.method() == Method::HEAD;
        let credential = headers.contains_key(header::AUTHORIZATION) || headers.contains_key(header::COOKIE);
        match listed {
            Some(origin) if credential || !reads => Grant::Origin(origin.clone()),
            _ if reads && !credential => Grant::Anyone,
            _ => Grant::Nobody,
        }
    }

    /// The answer to a browser that asks first whether it may send a request; none when this is no such question.
    pub(crate) fn preflight(&self, request: &Request) -> Option<Response> {
        let headers = request.headers();
        let method = headers.get(header::ACCESS_CONTROL_REQUEST_METHOD)?;
        let origin = headers.get(header::ORIGIN)?;
        if request.method() != Method::OPTIONS {
            return None;
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let said = response.headers_mut();
        said.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let mut allow = |origin: HeaderValue, methods: &'static str, headers: HeaderValue| {
            said.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            said.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
            said.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, headers);
            said.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(REMEMBERED_S));
        };
        if self.origins.contains(origin) {
            allow(origin.clone(), METHODS, HeaderValue::from_static(HEADERS));
        } else if (method == "GET" || method == "HEAD") && only_reading_headers(headers) {
            let headers = HeaderValue::from_str(&READING_HEADERS.join(", ")).unwrap_or(HeaderValue::from_static("*"));
            allow(HeaderValue::from_static("*"), READING_METHODS, headers);
        }
        let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        response.headers_mut().insert(header::VARY, HeaderValue::from_static(vary));
        Some(response)
    }
}

impl Grant {
    /// Says in an answer what is allowed.
    pub(crate) fn add_to(self, headers: &mut HeaderMap) {
        let origin = match self {
            Self::Nobody => return,
            Self::Anyone => HeaderValue::from_static("*"),
            Self::Origin(origin) => {
                headers.append(header::VARY, HeaderValue::from_static("Origin"));
                origin
            }
        };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}

/// Whether the headers that a browser wants to send go with a read without credentials.
fn only_reading_headers(headers: &HeaderMap) -> bool {
    let wanted = headers.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let names = wanted.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).map(str::trim);
    names.filter(|name| !name.is_empty()).all(|name| {
        READING_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name))
            || HeaderName::from_bytes(name.as_bytes()).is_ok_and(|name| name == REQUEST_ID)
    })
}
