//! Yearly rasters that lie with others: in S3-compatible stores, on web servers, behind a STAC API, in a shared folder.
//!
//! A [`Source`] says where; [`Source::resolve`] turns a search into a list of addresses, so that the list can be
//! written down and run again; [`Source::open`] reads the headers and checks that the years fit together. Nothing is
//! copied: windows are read by ranges of bytes, from whichever machine computes a block.

mod open;
mod stac;

use std::collections::BTreeMap;

use belcheer_domain::{Finding, Severity, Years};
use belcheer_raster_ingest::{Product, ProductKind, product};
use serde::{Deserialize, Serialize};

use crate::error::AssessmentError;
use crate::storage::Place;
pub use stac::StacSource;

/// Where the word for the year stands in a template.
const YEAR: &str = "{year}";

/// Where the years of a product lie; as TOML:
///
/// ```
/// use belcheer_assessment::regions::RegionPlan;
/// let text = "levels = [\"soum\"]\nyears = { first = 2001, last = 2002 }\n\
///     [source]\nproduct = \"ndvi_peak\"\nscale = 0.0001\n\
///     [source.rasters]\n2001 = \"s3://ndvi/2001.tif\"\n2002 = \"https://example.org/2002.tif\"\n";
/// let plan = RegionPlan::from_toml(text)?;
/// assert_eq!(plan.source.as_ref().map(|source| source.rasters.len()), Some(2));
/// assert_eq!(RegionPlan::from_toml(&plan.to_toml()?)?, plan);
/// assert!(RegionPlan::from_toml(&text.replace("2002 =", "next =")).is_err());
/// # Ok::<(), belcheer_assessment::AssessmentError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What the values are.
    pub product: String,
    /// Factor from stored to physical value, where the files declare none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// Offset added after scaling, where the files declare none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<f64>,
    /// The search that the list came from, for readers of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_by: Option<String>,
    /// The address of each year's raster.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", with = "years_as_keys")]
    pub rasters: BTreeMap<i32, String>,
    /// The search that finds them, instead of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stac: Option<StacSource>,
}

impl Source {
    /// A source of a product without rasters yet.
    #[must_use]
    pub fn of_product(product: &str) -> Self {
        let rasters = BTreeMap::new();
        Self { product: product.to_owned(), scale: None, offset: None, found_by: None, rasters, stac: None }
    }

    /// The list that a template gives, such as `s3://ndvi/peak_{year}.tif`.
    ///
    /// # Errors
    /// When the template does not tell where the year stands.
    pub fn with_template(self, template: &str, years: Years) -> Result<Self, AssessmentError> {
        if !template.contains(YEAR) {
            return Err(refused(format!("{template} has no {YEAR}; write it where the year stands in the address")));
        }
        Ok(Self {
            rasters: years.iter().map(|year| (year, template.replace(YEAR, &year.to_string()))).collect(),
            ..self
        })
    }

    /// Checks what can be checked without reading anything.
    ///
    /// # Errors
    /// When the product is unknown or one of classes, or there is not exactly one of a list and a search.
    pub fn check(&self) -> Result<(), AssessmentError> {
        self.known_product()?;
        if self.rasters.is_empty() == self.stac.is_none() {
            return Err(refused("the source: write either [source.rasters] or [source.stac]".to_owned()));
        }
        let sound = self.scale.is_none_or(|scale| scale.is_finite() && scale != 0.0);
        if !sound || self.offset.is_some_and(|offset| !offset.is_finite()) {
            return Err(refused("the source: scale and offset are finite numbers, and scale is not 0".to_owned()));
        }
        Ok(())
    }

    /// The list of a source: a search is made, over a rectangle of longitudes and latitudes; a list stays what it is.
    ///
    /// A year without a raster is a finding.
    ///
    /// # Errors
    /// When the search fails, finds nothing at all, or more than one raster of a year.
    pub async fn resolve(self, bbox: [f64; 4], years: Years) -> Result<(Self, Vec<Finding>), AssessmentError> {
        self.check()?;
        let resolved = match &self.stac {
            Some(stac) => Self {
                rasters: stac.rasters(bbox, years).await?,
                found_by: Some(format!("STAC {} collection {} asset {}", stac.url, stac.collection, stac.asset)),
                stac: None,
                ..self
            },
            None => self,
        };
        let of_years = resolved.rasters.into_iter().filter(|(year, _)| years.contains(*year));
        let rasters = of_years.map(|(year, address)| (year, everywhere_the_same(address)));
        let resolved = Self { rasters: rasters.collect(), ..resolved };
        let name = resolved.found_by.as_deref().unwrap_or("source");
        if resolved.rasters.is_empty() {
            return Err(refused(format!("{name}: there is no raster of {years}; check collection, years and area")));
        }
        let missing = years.iter().filter(|year| !resolved.rasters.contains_key(year));
        let findings = missing.map(|year| year_missing(name, year)).collect();
        Ok((resolved, findings))
    }

    fn known_product(&self) -> Result<&'static Product, AssessmentError> {
        let known = product(&self.product).ok_or_else(|| {
            refused(format!("the source: product \"{}\" is not known; ndvi_peak is one", self.product))
        })?;
        if known.kind == ProductKind::Categorical {
            return Err(refused(format!("the source: {} holds classes, which have no mean", self.product)));
        }
        Ok(known)
    }
}

fn refused(reason: String) -> AssessmentError {
    AssessmentError::Refused(reason)
}

/// An address that means the same in every folder.
fn everywhere_the_same(address: String) -> String {
    let file = Place::of_address(&address).ok().filter(|place| place.store.starts_with("file://"));
    file.map_or(address, |place| place.to_string())
}

fn year_missing(name: &str, year: i32) -> Finding {
    Finding::new("year_missing", Severity::Warning, name).at(year.to_string()).text(
        format!("there is no raster of {year}; the year is left out of the means and of the slopes"),
        format!("{year} оны растр алга; дундаж болон чиг хандлагад тухайн жилийг оруулаагүй"),
    )
}

/// Years as the keys of a TOML table.
mod years_as_keys {
    use std::collections::BTreeMap;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(rasters: &BTreeMap<i32, String>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(rasters.iter().map(|(year, address)| (year.to_string(), address)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<i32, String>, D::Error> {
        let read: BTreeMap<String, String> = BTreeMap::deserialize(from)?;
        let year = |text: &str| {
            text.parse().map_err(|_| D::Error::custom(format!("\"{text}\" is no year; write 2001 = \"address\"")))
        };
        read.into_iter().map(|(text, address)| Ok((year(&text)?, address))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_one_of_two_and_of_measurements() {
        let years = Years { first: 2001, last: 2003 };
        let listed = Source::of_product("ndvi_peak").with_template("s3://b/{year}.tif", years).unwrap();
        assert_eq!(listed.rasters[&2002], "s3://b/2002.tif");
        listed.check().unwrap();
        assert!(Source::of_product("ndvi_peak").check().is_err());
        assert!(Source::of_product("ndvi_peak").with_template("s3://b/a.tif", years).is_err());
        let of =
            |product: &str| Source { product: product.to_owned(), ..listed.clone() }.check().unwrap_err().to_string();
        assert!(of("igbp").contains("classes") && of("nvdi").contains("not known"));
        assert!(Source { scale: Some(0.0), ..listed.clone() }.check().is_err());
        let stac = Some(StacSource { url: "https://h".into(), collection: "c".into(), asset: "a".into() });
        assert!(Source { stac, ..listed }.check().is_err());
    }

    #[test]
    fn a_year_without_a_raster_is_a_finding() {
        let years = Years { first: 2001, last: 2003 };
        let mut listed = Source::of_product("ndvi_peak").with_template("/a/{year}.tif", years).unwrap();
        listed.rasters.remove(&2002);
        listed.rasters.insert(2020, "/a/b.tif".to_owned());
        let (resolved, findings) = futures::executor::block_on(listed.resolve([0.0; 4], years)).unwrap();
        assert_eq!(resolved.rasters.keys().copied().collect::<Vec<_>>(), [2001, 2003]);
        assert_eq!(
            (findings.len(), findings[0].code.as_str(), findings[0].place.as_str()),
            (1, "year_missing", "2002")
        );
    }
}
