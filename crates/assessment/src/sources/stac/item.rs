//! Items as a STAC API tells them: what is looked at of them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A page of a search.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub(super) features: Vec<Item>,
    #[serde(default)]
    pub(super) links: Vec<Link>,
}

/// A link of a page or of an item.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Link {
    pub(super) rel: String,
    pub(super) href: String,
    #[serde(default)]
    pub(super) method: Option<String>,
    #[serde(default)]
    pub(super) body: Option<serde_json::Value>,
    #[serde(default)]
    pub(super) merge: bool,
}

/// An item.
#[derive(Debug, Deserialize)]
pub(super) struct Item {
    pub(super) id: String,
    #[serde(default)]
    collection: Option<String>,
    #[serde(default)]
    bbox: Option<Vec<f64>>,
    properties: Times,
    #[serde(default)]
    assets: BTreeMap<String, Asset>,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Debug, Deserialize)]
struct Times {
    #[serde(default)]
    datetime: Option<String>,
    #[serde(default)]
    start_datetime: Option<String>,
    #[serde(default)]
    end_datetime: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Asset {
    href: String,
}

impl Item {
    /// Whether it is what was searched for; some servers leave out a filter that they do not know.
    pub(super) fn is_of(&self, collection: &str, [west, south, east, north]: [f64; 4]) -> bool {
        let apart = match self.bbox.as_deref() {
            // an item across the date line has its west after its east
            Some([w, s, e, n] | [w, s, _, e, n, _]) => *s > north || *n < south || (w <= e && (*w > east || *e < west)),
            _ => false,
        };
        !apart && self.collection.as_deref().is_none_or(|own| own == collection)
    }

    /// The year that the values stand for: that of the middle of its time.
    pub(super) fn year(&self) -> Result<i32, String> {
        let Times { datetime, start_datetime, end_datetime } = &self.properties;
        let middle = match (start_datetime, end_datetime, datetime) {
            (Some(start), Some(end), _) => years_of(start).zip(years_of(end)).map(|(a, b)| f64::midpoint(a, b)),
            (.., Some(at)) => years_of(at),
            _ => None,
        };
        middle.map(|years| years.floor() as i32).ok_or_else(|| format!("item {} does not tell its time", self.id))
    }

    /// The address of an asset.
    pub(super) fn address(&self, asset: &str) -> Result<String, String> {
        let Some(found) = self.assets.get(asset) else {
            let known: Vec<&str> = self.assets.keys().map(String::as_str).collect();
            return Err(format!("item {} has no asset {asset}; it has: {}", self.id, known.join(", ")));
        };
        let address = match found.href.split_once("://") {
            Some(_) => found.href.clone(),
            None => self.beside(&found.href).ok_or_else(|| {
                format!("item {}: the address of asset {asset} is relative, and the item does not say to what", self.id)
            })?,
        };
        // what a server answers must not open files of this machine
        if address.split_once("://").is_none_or(|(scheme, _)| !matches!(scheme, "s3" | "http" | "https")) {
            return Err(format!(
                "item {}: asset {asset} lies at {address}, which is neither s3:// nor https://",
                self.id
            ));
        }
        Ok(address)
    }

    fn beside(&self, href: &str) -> Option<String> {
        let own = self.links.iter().find(|link| link.rel == "self")?;
        Some(reqwest::Url::parse(&own.href).ok()?.join(href).ok()?.to_string())
    }
}

/// A time of RFC 3339 in years, months and days counted as equal parts.
fn years_of(time: &str) -> Option<f64> {
    let part = |range: std::ops::Range<usize>| time.get(range)?.parse::<u16>().ok().map(f64::from);
    let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
    let dashed = time.get(4..5) == Some("-") && time.get(7..8) == Some("-");
    (dashed && (1.0..=12.0).contains(&month) && (1.0..=31.0).contains(&day))
        .then(|| year + (month - 1.0) / 12.0 + (day - 1.0) / 372.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(properties: &str, more: &str) -> Item {
        let text = format!(
            "{{\"id\": \"i\", \"properties\": {properties}, \"assets\": {{\"a\": {{\"href\": \"x.tif\"}}}}{more}}}"
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn the_year_is_that_of_the_middle() {
        let year = |properties: &str| item(properties, "").year();
        assert_eq!(year("{\"datetime\": \"2001-07-15T00:00:00Z\"}"), Ok(2001));
        let yearly = "{\"datetime\": null, \"start_datetime\": \"2001-01-01T00:00:00Z\", \"end_datetime\": \"2002-01-01T00:00:00Z\"}";
        assert_eq!(year(yearly), Ok(2001));
        assert!(year("{\"datetime\": null}").is_err() && year("{\"datetime\": \"July\"}").is_err());
    }

    #[test]
    fn an_asset_lies_with_a_server_or_is_refused() {
        let at = "{\"datetime\": \"2001-07-15T00:00:00Z\"}";
        let own = ", \"links\": [{\"rel\": \"self\", \"href\": \"https://host/c/i.json\"}]";
        assert_eq!(item(at, own).address("a").unwrap(), "https://host/c/x.tif");
        assert!(item(at, "").address("a").unwrap_err().contains("relative"));
        assert!(item(at, own).address("b").unwrap_err().contains("it has: a"));
        let mut of_this_machine = item(at, own);
        of_this_machine.assets.get_mut("a").unwrap().href = "file:///etc/passwd".to_owned();
        assert!(of_this_machine.address("a").unwrap_err().contains("neither"));
    }

    #[test]
    fn what_a_server_should_have_left_out_is_left_out() {
        let at = "{\"datetime\": \"2001-07-15T00:00:00Z\"}";
        let one = item(at, ", \"collection\": \"c\", \"bbox\": [87, 41, 120, 52]");
        assert!(one.is_of("c", [100.0, 45.0, 101.0, 46.0]));
        assert!(!one.is_of("d", [100.0, 45.0, 101.0, 46.0]) && !one.is_of("c", [0.0, 45.0, 1.0, 46.0]));
    }
}
