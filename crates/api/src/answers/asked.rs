//! What a reader asks for, as far as the form of the answer depends on it.

use std::borrow::Cow;

use axum::extract::Request;
use axum::http::{HeaderMap, Method, Uri, header};

use crate::lang::Lang;
use crate::soums::Format;

/// Longest address whose answer is kept, bytes.
const ADDRESS_MAX: usize = 1024;

/// Under what an answer is kept: address, order of parameters aside, and what of the headers it depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key(String);

impl Key {
    /// A key of its text.
    #[cfg(test)]
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The key of a request to read; none for one that writes, shows a credential, or has an overlong address.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let headers = request.headers();
        let reads = request.method() == Method::GET || request.method() == Method::HEAD;
        let credential = headers.contains_key(header::AUTHORIZATION) || headers.contains_key(header::COOKIE);
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or(""));
        if !reads || credential || path.len() + query.len() > ADDRESS_MAX {
            return None;
        }
        let query = sorted(query);
        let mut text = String::with_capacity(path.len() + query.len() + 4);
        text.push_str(path);
        text.push('?');
        text.push_str(&query);
        // neither can stand in an address
        text.push(' ');
        text.push(Format::accepted(headers).letter());
        if !path.starts_with("/v1/") {
            text.push_str(Lang::named(headers).map_or("", Lang::tag));
        }
        Some(Self(text))
    }

    /// Bytes of the key.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The address with its parameters in order, where they are not: answers must not depend on who asked first.
pub(crate) fn in_order(uri: &Uri) -> Option<Uri> {
    let Cow::Owned(query) = sorted(uri.query()?) else {
        return None;
    };
    format!("{}?{query}", uri.path()).parse().ok()
}

fn sorted(query: &str) -> Cow<'_, str> {
    if query.split('&').is_sorted() {
        return Cow::Borrowed(query);
    }
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    Cow::Owned(pairs.join("&"))
}

/// In what form and under which condition a reader wants an answer.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Without the body.
    pub(crate) head: bool,
    /// A gzip body is welcome.
    pub(crate) gzip: bool,
    held: Vec<String>,
}

impl Asked {
    /// What a request asks for.
    pub(crate) fn of(method: &Method, headers: &HeaderMap) -> Self {
        let held = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok());
        Self { head: method == Method::HEAD, gzip: takes_gzip(headers), held: held.map(str::to_owned).collect() }
    }

    /// Whether the reader holds the body of a tag, in whatever encoding.
    pub(crate) fn holds(&self, tag: &str) -> bool {
        self.held.iter().flat_map(|value| value.split(',')).map(str::trim).any(|candidate| {
            let candidate = candidate.strip_prefix("W/").unwrap_or(candidate).trim_matches('"');
            candidate == "*" || candidate.strip_suffix(super::answer::GZIP_SUFFIX).unwrap_or(candidate) == tag
        })
    }
}

/// Whether `Accept-Encoding` allows gzip.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    let mut any = false;
    for coding in values.flat_map(|value| value.split(',')) {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or("");
        let weight: f32 = parts.find_map(|p| p.strip_prefix("q=")).map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
        if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            return weight > 0.0;
        }
        any |= name == "*" && weight > 0.0;
    }
    any
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn asked(name: header::HeaderName, value: &str) -> Asked {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        Asked::of(&Method::GET, &headers)
    }

    #[test]
    fn a_tag_is_found_among_others() {
        let holds = |header: &str, tag: &str| asked(header::IF_NONE_MATCH, header).holds(tag);
        assert!(holds("\"a\", W/\"b\"", "b") && holds("\"b-gzip\"", "b") && holds("*", "b"));
        assert!(!holds("\"a\"", "b") && !holds("", "b"));
    }

    #[test]
    fn gzip_is_for_those_who_take_it() {
        for (value, expected) in [
            ("gzip", true),
            ("br, gzip;q=0.5", true),
            ("*", true),
            ("gzip;q=0, *", false),
            ("identity", false),
            ("", false),
            ("*;q=0", false),
        ] {
            assert_eq!(asked(header::ACCEPT_ENCODING, value).gzip, expected, "{value}");
        }
    }

    #[test]
    fn keys_differ_where_answers_do() {
        let key = |path: &str, header: Option<(&str, &str)>| {
            let mut request = Request::get(path);
            if let Some((name, value)) = header {
                request = request.header(name, value);
            }
            Key::of(&request.body(Body::empty()).unwrap())
        };
        let plain = key("/v1/soums?a=1&b=2", None);
        assert_eq!(plain, key("/v1/soums?b=2&a=1", None));
        assert_ne!(plain, key("/v1/soums?a=1&b=3", None));
        assert_eq!(plain, key("/v1/soums?a=1&b=2", Some(("accept-language", "mn"))));
        assert_ne!(plain, key("/v1/soums?a=1&b=2", Some(("accept", "text/csv"))));
        assert_ne!(key("/", None), key("/", Some(("accept-language", "en"))));
        assert_eq!(key("/", Some(("authorization", "Bearer x"))), None);
        assert_eq!(key("/", Some(("cookie", "x=y"))), None);
        assert_eq!(key(&format!("/{}", "x".repeat(2000)), None), None);
        assert_eq!(in_order(&"/v1/soums?b=2&a=1".parse().unwrap()).unwrap(), "/v1/soums?a=1&b=2");
        assert_eq!(in_order(&"/v1/soums?a=1&b=2".parse().unwrap()), None);
    }
}
