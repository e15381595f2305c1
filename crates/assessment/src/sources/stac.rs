//! A search of a STAC API: the addresses of one asset a year (STAC API 1.0, Item Search).

mod client;
mod item;

use std::collections::BTreeMap;

use belcheer_domain::Years;
use serde::{Deserialize, Serialize};

use super::refused;
use belcheer_catalog::network::on_io;

use crate::error::AssessmentError;
use item::Item;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StacSource {
    /// The API's first page, or its `/search`.
    pub url: String,
    /// The collection.
    pub collection: String,
    /// The asset of an item that is read.
    pub asset: String,
}

impl StacSource {
    /// The address of each year's asset, found by collection, rectangle of longitudes and latitudes, and time.
    ///
    /// # Errors
    /// When the search fails, a year has several items, or an item lacks the asset.
    pub(super) async fn rasters(&self, bbox: [f64; 4], years: Years) -> Result<BTreeMap<i32, String>, AssessmentError> {
        let wanted = self.clone();
        let found = on_io(async move { client::search(&wanted, bbox, years).await });
        let items =
            found.await.and_then(|found| found).map_err(|e| refused(format!("STAC search at {}: {e}", self.url)))?;
        self.one_a_year(&items, bbox, years).map_err(refused)
    }

    fn one_a_year(&self, items: &[Item], bbox: [f64; 4], years: Years) -> Result<BTreeMap<i32, String>, String> {
        let mut by_year: BTreeMap<i32, Vec<&Item>> = BTreeMap::new();
        for item in items.iter().filter(|item| item.is_of(&self.collection, bbox)) {
            let year = item.year()?;
            let of_year = by_year.entry(year).or_default();
            // an item that came into the collection while it was paged may come twice
            if years.contains(year) && of_year.iter().all(|other| other.id != item.id) {
                of_year.push(item);
            }
        }
        by_year.retain(|_, items| !items.is_empty());
        by_year.into_iter().map(|(year, items)| Ok((year, self.address(year, &items)?))).collect()
    }

    fn address(&self, year: i32, items: &[&Item]) -> Result<String, String> {
        match items {
            [one] => one.address(&self.asset),
            several => {
                let names: Vec<&str> = several.iter().map(|item| item.id.as_str()).collect();
                Err(format!(
                    "collection {} has {} items of {year}: {}; one raster a year is read: name a collection of yearly mosaics, or list the addresses under [source.rasters]",
                    self.collection,
                    names.len(),
                    names.join(", ")
                ))
            }
        }
    }
}
