//! A finished answer: its bytes as they are and compressed, its tag and its headers.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use belcheer_domain::Digest;
use libdeflater::{CompressionLvl, Compressor};
use tokio::sync::OnceCell;

use crate::answers::Asked;

/// Marks the tag of a compressed body: a strong tag stands for exact bytes.
pub(super) const GZIP_SUFFIX: &str = "-gzip";

/// Fewer bytes than this are sent as they are.
const GZIP_FROM: usize = 512;
/// More bytes than this are compressed off the threads that answer.
const ASIDE_FROM: usize = 64 << 10;
/// More bytes than this are compressed less tightly.
const LIGHTLY_FROM: usize = 2 << 20;
const LEVEL: i32 = 6;
const LIGHT_LEVEL: i32 = 3;

/// The body of a successful answer in every form it may be sent in.
#[derive(Debug)]
pub(crate) struct Answer {
    headers: HeaderMap,
    tag: String,
    etag: HeaderValue,
    etag_gzip: HeaderValue,
    body: Bytes,
    compressible: bool,
    gzip: OnceCell<Option<Bytes>>,
    route: Arc<str>,
}

impl Answer {
    /// An answer of its headers (without tag, length and encoding) and its body; the tag is the body's SHA-256.
    pub(crate) fn new(mut headers: HeaderMap, body: Bytes, route: &str) -> Self {
        headers.remove(header::CONTENT_LENGTH);
        let tag = Digest::of(&body).hex();
        let quoted = |suffix: &str| {
            HeaderValue::from_str(&format!("\"{tag}{suffix}\"")).unwrap_or(HeaderValue::from_static("\"\""))
        };
        let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        // words, numbers and lines; pictures are packed already
        let text =
            kind.starts_with("text/") || kind.contains("json") || kind.contains("xml") || kind.contains("vector-tile");
        let plain = !headers.contains_key(header::CONTENT_ENCODING);
        Self {
            etag: quoted(""),
            etag_gzip: quoted(GZIP_SUFFIX),
            compressible: text && plain && body.len() >= GZIP_FROM,
            headers,
            tag,
            body,
            gzip: OnceCell::new(),
            route: route.into(),
        }
    }

    /// Most bytes that the answer can take, compressed form included.
    pub(crate) fn bytes_max(&self) -> u64 {
        let forms = if self.compressible { 3 } else { 2 };
        (self.body.len() * forms / 2) as u64 + 1024
    }

    /// The template of the address that it answers.
    pub(crate) fn route(&self) -> &Arc<str> {
        &self.route
    }

    /// The answer in the form asked for; 304 when the reader holds it.
    pub(crate) async fn give(&self, asked: &Asked) -> Response {
        let gzip = asked.gzip && self.compressible;
        let mut headers = self.headers.clone();
        if asked.holds(&self.tag) {
            headers.remove(header::CONTENT_TYPE);
            headers.insert(header::ETAG, if gzip { &self.etag_gzip } else { &self.etag }.clone());
            return response(StatusCode::NOT_MODIFIED, headers, Body::empty());
        }
        let packed = if gzip { self.gzip().await } else { None };
        let (etag, bytes) = match packed {
            Some(bytes) => {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                (&self.etag_gzip, bytes)
            }
            None => (&self.etag, self.body.clone()),
        };
        headers.insert(header::ETAG, etag.clone());
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        response(StatusCode::OK, headers, if asked.head { Body::empty() } else { Body::from(bytes) })
    }

    /// The compressed body, made at the first wish for it; none when it cannot be made.
    async fn gzip(&self) -> Option<Bytes> {
        let make = || async {
            let body = self.body.clone();
            if body.len() < ASIDE_FROM {
                return gzipped(&body);
            }
            tokio::task::spawn_blocking(move || gzipped(&body)).await.unwrap_or(None)
        };
        self.gzip.get_or_init(make).await.clone()
    }
}

fn response(status: StatusCode, headers: HeaderMap, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn gzipped(body: &[u8]) -> Option<Bytes> {
    let level = if body.len() > LIGHTLY_FROM { LIGHT_LEVEL } else { LEVEL };
    let mut compressor = Compressor::new(CompressionLvl::new(level).ok()?);
    let mut packed = vec![0; compressor.gzip_compress_bound(body.len())];
    let length = compressor.gzip_compress(body, &mut packed).ok()?;
    packed.truncate(length);
    packed.shrink_to_fit();
    Some(packed.into())
}
