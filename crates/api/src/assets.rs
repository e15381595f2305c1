//! The files of the web application: scripts, styles, fonts. They are part of the program; without them pages are plain.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;

use crate::problem::{Problem, Refusals};

/// What `make web` built.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// A name that changes with what it holds may be kept for good.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// An entry of the application: its script and what else a page must name.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Entry {
    /// The script, below `/`.
    pub(crate) file: String,
    /// The style sheets, below `/`.
    #[serde(default)]
    pub(crate) css: Vec<String>,
}

static ENTRIES: LazyLock<HashMap<String, Entry>> = LazyLock::new(|| {
    let Some(manifest) = Dist::get(".vite/manifest.json") else { return HashMap::new() };
    serde_json::from_slice(&manifest.data).unwrap_or_else(|error| {
        tracing::error!(%error, "the list of the web application's files cannot be read");
        HashMap::new()
    })
});

/// An entry by the name of its source, such as `src/site.ts`; none when the program was built without them.
pub(crate) fn entry(source: &str) -> Option<&'static Entry> {
    ENTRIES.get(source)
}

/// A file of the web application. Its name changes with its content.
#[utoipa::path(get, path = "/assets/{name}", tag = "pages",
    params(("name" = String, Path, description = "The file's name, as pages give it")),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"), Refusals))]
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let unknown = || Problem::of_status(StatusCode::NOT_FOUND);
    let kind = kind(&name).ok_or_else(unknown)?;
    let path = format!("assets/{name}");
    let (file, coding) =
        packed(&path, &headers).or_else(|| Dist::get(&path).map(|file| (file, None))).ok_or_else(unknown)?;
    let tag = format!("\"{}{}\"", hex(&file.metadata.sha256_hash()), coding.unwrap_or_default());
    let mut response = Body::from(Bytes::from(file.data.into_owned())).into_response();
    let told = response.headers_mut();
    told.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    told.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_GOOD));
    told.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = coding {
        told.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    let held = headers.get(header::IF_NONE_MATCH).is_some_and(|held| held.as_bytes() == tag.as_bytes());
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        told.insert(header::ETAG, tag);
    }
    if held {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
    }
    Ok(response)
}

/// The form packed when the application was built, if the reader takes it.
fn packed(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = |coding: &str| {
        accepted.split(',').map(str::trim).any(|one| {
            let (name, weight) = one.split_once(';').map_or((one, ""), |(name, weight)| (name.trim(), weight.trim()));
            name == coding && !matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(coding, _)| takes(coding))
        .find_map(|(coding, ending)| Dist::get(&format!("{path}{ending}")).map(|file| (file, Some(coding))))
}

/// The media type of what the application consists of; nothing else is served.
fn kind(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "js" | "mjs" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "woff2" => Some("font/woff2"),
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // writing into text cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}
