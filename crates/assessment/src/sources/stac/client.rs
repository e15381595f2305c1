//! The requests of a search, page by page.

use std::time::Duration;

use belcheer_domain::Years;
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};

use super::StacSource;
use super::item::{Item, Link, Page};
use crate::storage::reason_of;

/// Variable that holds a token to be sent to the API.
const TOKEN: &str = "BELCHEER_STAC_TOKEN";
/// Items asked for at a time.
const ITEMS_A_PAGE: u64 = 100;
/// Pages read at most.
const PAGES_MAX: usize = 1000;
/// Bytes of a page at most.
const PAGE_BYTES: usize = 64 << 20;
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(60);

/// A request of a search.
#[derive(Debug, Clone, PartialEq)]
struct Ask {
    url: Url,
    method: Method,
    body: Option<Value>,
}

struct Api {
    client: Client,
    first: Url,
    token: Option<String>,
}

/// All items that a search finds.
pub(super) async fn search(stac: &StacSource, bbox: [f64; 4], years: Years) -> Result<Vec<Item>, String> {
    let first = Url::parse(&stac.url).map_err(|e| format!("the address is none: {e}"))?;
    if !matches!(first.scheme(), "http" | "https") {
        return Err("the address is neither https:// nor http://".to_owned());
    }
    let program = concat!("belcheer/", env!("CARGO_PKG_VERSION"));
    let client = Client::builder().user_agent(program).timeout(ANSWER).build().map_err(|e| reason_of(&e))?;
    let token = std::env::var(TOKEN).ok().filter(|token| !token.is_empty());
    let api = Api { client, first, token };
    let mut ask = api.start(stac, bbox, years).await?;
    let (mut items, mut asked) = (Vec::new(), Vec::new());
    loop {
        let page: Page =
            serde_json::from_value(api.answer(&ask).await?).map_err(|e| format!("no page of items: {e}"))?;
        items.extend(page.features);
        let Some(next) = page.links.into_iter().find(|link| link.rel == "next") else { return Ok(items) };
        let following = follow(&ask, &next)?;
        asked.push(ask);
        if asked.contains(&following) || asked.len() >= PAGES_MAX {
            return Err(format!("its pages do not come to an end after {}; ask for less", asked.len()));
        }
        ask = following;
    }
}

impl Api {
    /// The first request: by POST where the API says that it takes one, by GET otherwise.
    async fn start(&self, stac: &StacSource, bbox: [f64; 4], years: Years) -> Result<Ask, String> {
        let time = format!("{:04}-01-01T00:00:00Z/{:04}-12-31T23:59:59Z", years.first, years.last);
        let (mut url, posts) = self.search_page().await?;
        if posts {
            let body = json!({"collections": [stac.collection], "bbox": bbox, "datetime": time, "limit": ITEMS_A_PAGE});
            return Ok(Ask { url, method: Method::POST, body: Some(body) });
        }
        url.query_pairs_mut()
            .append_pair("collections", &stac.collection)
            .append_pair("bbox", &bbox.map(|degrees| degrees.to_string()).join(","))
            .append_pair("datetime", &time)
            .append_pair("limit", &ITEMS_A_PAGE.to_string());
        Ok(Ask { url, method: Method::GET, body: None })
    }

    /// Where searches go, and whether they are posted.
    async fn search_page(&self) -> Result<(Url, bool), String> {
        if self.first.path().trim_end_matches('/').ends_with("/search") {
            return Ok((self.first.clone(), false));
        }
        let landing = self.answer(&Ask { url: self.first.clone(), method: Method::GET, body: None }).await?;
        let links = landing.get("links").and_then(Value::as_array).cloned().unwrap_or_default();
        let links = links.into_iter().filter_map(|link| serde_json::from_value::<Link>(link).ok());
        let found: Vec<Link> = links.filter(|link| link.rel == "search").collect();
        let posted = found.iter().find(|link| link.method.as_deref().is_some_and(|m| m.eq_ignore_ascii_case("post")));
        let link = posted.or(found.first()).ok_or("it names no search; give the first page of a STAC API")?;
        Ok((self.first.join(&link.href).map_err(|e| format!("{}: {e}", link.href))?, posted.is_some()))
    }

    async fn answer(&self, ask: &Ask) -> Result<Value, String> {
        let mut request = self.client.request(ask.method.clone(), ask.url.clone());
        request = request.header("accept", "application/geo+json, application/json");
        // the token is for this API alone, wherever its links lead
        if let (Some(token), true) = (&self.token, ask.url.origin() == self.first.origin()) {
            request = request.bearer_auth(token);
        }
        if let Some(body) = &ask.body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let mut answer = request.send().await.map_err(|e| reason_of(&e))?;
        let status = answer.status();
        if matches!(status.as_u16(), 401 | 403) {
            return Err(format!("it answers {status}; set {TOKEN} to a token that it takes"));
        }
        if !status.is_success() {
            return Err(format!("{} answers {status}", ask.url));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|e| reason_of(&e))? {
            if bytes.len() + chunk.len() > PAGE_BYTES {
                return Err(format!("a page has more than {PAGE_BYTES} bytes"));
            }
            bytes.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&bytes).map_err(|e| format!("{} gives no JSON: {e}", ask.url))
    }
}

/// The request of a link to the next page.
fn follow(ask: &Ask, next: &Link) -> Result<Ask, String> {
    let url = ask.url.join(&next.href).map_err(|e| format!("{}: {e}", next.href))?;
    if !matches!(url.scheme(), "http" | "https") || (ask.url.scheme() == "https" && url.scheme() != "https") {
        return Err(format!("its next page lies at {url}, which is not followed"));
    }
    if !next.method.as_deref().is_some_and(|method| method.eq_ignore_ascii_case("post")) {
        return Ok(Ask { url, method: Method::GET, body: None });
    }
    let body = match (next.merge, &ask.body, &next.body) {
        (true, Some(Value::Object(first)), Some(Value::Object(more))) => {
            let mut merged = first.clone();
            merged.extend(more.clone());
            Some(Value::Object(merged))
        }
        (true, first, None) => first.clone(),
        (_, _, given) => given.clone(),
    };
    Ok(Ask { url, method: Method::POST, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(text: &str) -> Link {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn links_to_the_next_page_are_followed_as_they_say() {
        let url = Url::parse("https://host/stac/search").unwrap();
        let ask = Ask { url, method: Method::POST, body: Some(json!({"limit": 2, "bbox": [1, 2, 3, 4]})) };
        let got = follow(&ask, &link(r#"{"rel": "next", "href": "search?page=2"}"#)).unwrap();
        assert_eq!((got.url.as_str(), got.method, got.body), ("https://host/stac/search?page=2", Method::GET, None));
        let merged =
            link(r#"{"rel": "next", "href": "/stac/search", "method": "POST", "merge": true, "body": {"token": "t"}}"#);
        assert_eq!(follow(&ask, &merged).unwrap().body, Some(json!({"limit": 2, "bbox": [1, 2, 3, 4], "token": "t"})));
        let whole = link(r#"{"rel": "next", "href": "/stac/search", "method": "POST", "body": {"token": "t"}}"#);
        assert_eq!(follow(&ask, &whole).unwrap().body, Some(json!({"token": "t"})));
        assert!(follow(&ask, &link(r#"{"rel": "next", "href": "http://host/2"}"#)).is_err());
        assert!(follow(&ask, &link(r#"{"rel": "next", "href": "file:///etc/passwd"}"#)).is_err());
    }
}
