//! What comes with the first request: the file's name, and what its owner says of it.

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

use crate::problem::Problem;
use crate::requests::DraftOptions;

/// Longest name of a file, characters.
const NAME_MAX: usize = 200;
/// Most pairs.
const PAIRS_MAX: usize = 32;
/// Keys that are numbers.
const NUMBERS: [&str; 5] = ["scale", "offset", "nodata", "crs", "band"];
/// Keys that say nothing of the file.
const ASIDE: [&str; 4] = ["filename", "filetype", "name", "type"];

/// The header `Upload-Metadata`, understood.
#[derive(Debug)]
pub(super) struct Metadata {
    pub(super) file_name: String,
    /// As it came, decoded.
    pub(super) pairs: BTreeMap<String, String>,
    pub(super) options: DraftOptions,
}

impl Metadata {
    /// Reads `KEY BASE64,KEY BASE64`.
    pub(super) fn parse(value: Option<&HeaderValue>) -> Result<Self, Problem> {
        let wrong = || Problem::tus_header("Upload-Metadata");
        let text = value.ok_or_else(wrong)?.to_str().map_err(|_| wrong())?;
        let mut pairs = BTreeMap::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, coded) = pair.split_once(' ').unwrap_or((pair, ""));
            let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
            let bytes = BASE64_STANDARD.decode(coded.trim()).map_err(|_| wrong())?;
            let said = String::from_utf8(bytes).map_err(|_| wrong())?;
            let again = pairs.insert(key.to_owned(), said).is_some();
            if !plain || again || pairs.len() > PAIRS_MAX {
                return Err(wrong());
            }
        }
        let file_name = pairs.get("filename").or_else(|| pairs.get("name")).map(|name| file_name(name));
        let file_name = file_name.ok_or_else(Problem::file_name)?.ok_or_else(Problem::file_name)?;
        let options = options(&pairs)?;
        Ok(Self { file_name, pairs, options })
    }
}

/// Options of a draft among the pairs; what is no option is refused, so that nothing said is lost.
fn options(pairs: &BTreeMap<String, String>) -> Result<DraftOptions, Problem> {
    let mut members = Map::new();
    for (key, said) in pairs.iter().filter(|(key, _)| !ASIDE.contains(&key.as_str())) {
        let value = if NUMBERS.contains(&key.as_str()) {
            said.parse::<serde_json::Number>().map_or(Value::Null, Value::Number)
        } else if matches!(key.as_str(), "map" | "limited_use") {
            serde_json::from_str(said).unwrap_or(Value::Null)
        } else {
            json!(said)
        };
        members.insert(key.clone(), value);
    }
    serde_json::from_value(Value::Object(members)).map_err(|e| Problem::bad_body(&e))
}

/// The last part of a name, if it can name a file: no control or bidirectional marks, not hidden, not too long.
fn file_name(said: &str) -> Option<String> {
    let last = said.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let strange = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let fits = !last.is_empty() && !last.starts_with('.') && last.chars().count() <= NAME_MAX && last.len() <= 250;
    (fits && !last.chars().any(strange)).then(|| last.to_owned())
}

/// The pairs as the header writes them.
pub(super) fn written(pairs: &Map<String, Value>) -> String {
    let pair =
        |(key, said): (&String, &Value)| format!("{key} {}", BASE64_STANDARD.encode(said.as_str().unwrap_or("")));
    pairs.iter().map(pair).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(pairs: &[(&str, &str)]) -> HeaderValue {
        let coded: Vec<String> =
            pairs.iter().map(|(key, said)| format!("{key} {}", BASE64_STANDARD.encode(said))).collect();
        HeaderValue::from_str(&coded.join(",")).unwrap()
    }

    #[test]
    fn a_name_and_options_are_understood() {
        let said = header(&[("filename", "C:\\data\\Өвс 2024.tif"), ("product", "ndvi"), ("scale", "0.0001")]);
        let metadata = Metadata::parse(Some(&said)).unwrap();
        assert_eq!(metadata.file_name, "Өвс 2024.tif");
        assert_eq!((metadata.options.product.as_deref(), metadata.options.scale), (Some("ndvi"), Some(0.0001)));
        let again = written(json!(metadata.pairs).as_object().unwrap());
        assert_eq!(Metadata::parse(Some(&HeaderValue::from_str(&again).unwrap())).unwrap().pairs, metadata.pairs);
    }

    #[test]
    fn names_that_are_none_and_unknown_options_are_refused() {
        for name in ["", "..", ".hidden", "a/", "a\u{202e}fit.exe", "tab\t.tif", &"x".repeat(300)] {
            assert!(Metadata::parse(Some(&header(&[("filename", name)]))).is_err(), "{name:?}");
        }
        assert!(Metadata::parse(None).is_err());
        assert!(Metadata::parse(Some(&header(&[("product", "ndvi")]))).is_err(), "no name");
        assert!(Metadata::parse(Some(&header(&[("filename", "a.tif"), ("prodct", "ndvi")]))).is_err());
        assert!(Metadata::parse(Some(&HeaderValue::from_static("filename !!!"))).is_err());
    }
}
