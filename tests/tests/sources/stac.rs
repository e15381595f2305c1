//! A STAC API over a list of items: it honours collection, rectangle and time, and hands out one item a page.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

/// How searches are sent and paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Get,
    Post,
}

#[derive(Clone)]
struct Shared {
    kind: Kind,
    token: Option<&'static str>,
    items: Arc<Vec<Value>>,
    asked: Arc<Mutex<Vec<Value>>>,
}

/// The server; it ends with the test.
pub struct Server {
    shared: Shared,
    address: String,
}

/// An item of a collection with one asset, in Mongolia.
pub fn item(id: &str, collection: &str, time: &str, href: &str) -> Value {
    json!({
        "type": "Feature", "stac_version": "1.0.0", "id": id, "collection": collection,
        "bbox": [87.0, 41.0, 120.0, 53.0], "geometry": null, "properties": { "datetime": time },
        "assets": { "ndvi": { "href": href, "type": "image/tiff; application=geotiff; profile=cloud-optimized" } },
        "links": [],
    })
}

impl Server {
    pub fn start(kind: Kind, token: Option<&'static str>, items: Vec<Value>) -> Self {
        let shared = Shared { kind, token, items: Arc::new(items), asked: Arc::default() };
        let routes = Router::new()
            .route("/stac", get(landing))
            .route("/stac/search", get(by_get).post(by_post))
            .with_state(shared.clone());
        Self { shared, address: super::serve(routes) }
    }

    pub fn url(&self) -> String {
        format!("{}/stac", self.address)
    }

    /// The searches since the last look.
    pub fn asked(&self) -> Vec<Value> {
        std::mem::take(&mut *self.shared.asked.lock().unwrap())
    }
}

async fn landing(State(shared): State<Shared>, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    let host = headers["host"].to_str().unwrap();
    let mut links = vec![json!({"rel": "search", "href": format!("http://{host}/stac/search"), "method": "GET"})];
    if shared.kind == Kind::Post {
        links.push(json!({"rel": "search", "href": format!("http://{host}/stac/search"), "method": "POST"}));
    }
    let token = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if shared.token.is_some_and(|needed| token != Some(needed)) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(Json(json!({"type": "Catalog", "id": "sample", "links": links})))
}

async fn by_get(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Json<Value>, StatusCode> {
    let numbers: Vec<f64> = query["bbox"].split(',').map(|n| n.parse().unwrap()).collect();
    let mut asked = json!({"collections": [query["collections"]], "bbox": numbers, "datetime": query["datetime"]});
    asked["page"] = query.get("page").map_or(0, |page| page.parse().unwrap()).into();
    search(&shared, &headers, &asked)
}

async fn by_post(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    if shared.kind == Kind::Get { Err(StatusCode::METHOD_NOT_ALLOWED) } else { search(&shared, &headers, &body) }
}

fn search(shared: &Shared, headers: &HeaderMap, asked: &Value) -> Result<Json<Value>, StatusCode> {
    let token = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if shared.token.is_some_and(|needed| token != Some(needed)) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    shared.asked.lock().unwrap().push(asked.clone());
    let corner = |of: &Value, i: usize| of[i].as_f64().unwrap();
    let (first, last) = asked["datetime"].as_str().unwrap().split_once('/').unwrap();
    let wanted = |item: &&Value| {
        let (a, b) = (&item["bbox"], &asked["bbox"]);
        let meets = (0..2).all(|axis| corner(a, axis) <= corner(b, axis + 2) && corner(b, axis) <= corner(a, axis + 2));
        let time = item["properties"]["datetime"].as_str().unwrap();
        meets && asked["collections"].as_array().unwrap().contains(&item["collection"]) && first <= time && time <= last
    };
    let page = asked["page"].as_u64().unwrap_or(0) as usize;
    let found: Vec<&Value> = shared.items.iter().filter(wanted).collect();
    let host = headers["host"].to_str().unwrap();
    let mut links = vec![json!({"rel": "self", "href": format!("http://{host}/stac/search")})];
    if page + 1 < found.len() {
        links.push(next(shared.kind, host, asked, page + 1));
    }
    let features: Vec<&Value> = found.into_iter().skip(page).take(1).collect();
    Ok(Json(json!({"type": "FeatureCollection", "features": features, "links": links})))
}

fn next(kind: Kind, host: &str, asked: &Value, page: usize) -> Value {
    let href = format!("http://{host}/stac/search");
    if kind == Kind::Post {
        return json!({"rel": "next", "href": href, "method": "POST", "merge": true, "body": {"page": page}});
    }
    let numbers: Vec<String> = asked["bbox"].as_array().unwrap().iter().map(ToString::to_string).collect();
    let (collection, time) = (asked["collections"][0].as_str().unwrap(), asked["datetime"].as_str().unwrap());
    let query = format!("collections={collection}&bbox={}&datetime={time}&page={page}", numbers.join(","));
    json!({"rel": "next", "href": format!("{href}?{query}"), "method": "GET"})
}
