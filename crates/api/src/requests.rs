//! What clients ask to be done: the bodies of requests that become jobs. The worker reads the same shapes.

use std::collections::BTreeMap;

use belcheer_domain::{Digest, SoumCode, Years, records::Level};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Kinds of jobs, as the queue names them.
pub mod kind {
    /// Look at an upload.
    pub const INSPECT: &str = "inspect";
    /// Take an upload in.
    pub const INGEST: &str = "ingest";
    /// Assess soums.
    pub const ASSESS: &str = "assess";
    /// Statistics of rasters over zones.
    pub const ZONAL_STATS: &str = "zonal_stats";
    /// SDG 15.3.1 of every cell.
    pub const DEGRADATION: &str = "degradation";
    /// Tables of an assessment as one zip file.
    pub const EXPORT: &str = "export";
}

/// An assessment to be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessmentRequest {
    /// Baseline years, `FIRST..LAST`.
    #[serde(with = "as_text")]
    #[schema(value_type = String, example = "2001..2015", pattern = r"^\d{4}\.\.\d{4}$")]
    pub baseline: Years,
    /// Reporting years, `FIRST..LAST`.
    #[serde(with = "as_text")]
    #[schema(value_type = String, example = "2022..2024", pattern = r"^\d{4}\.\.\d{4}$")]
    pub reporting: Years,
    /// The cycle; the last reporting year when absent.
    #[schema(max_length = 64, example = "2024")]
    pub cycle: Option<String>,
    /// Codes of the soums; all when absent or empty.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["06404"]))]
    pub soums: Vec<SoumCode>,
    /// Levels beside the soum: bag, pug, aimag, zone.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["pug"]))]
    pub levels: Vec<Level>,
    /// Seed of every random draw; 1 when absent.
    #[serde(default = "first_seed")]
    pub seed: u64,
    /// A scheme document (TOML); the national one when absent.
    #[schema(max_length = 65536)]
    pub scheme: Option<String>,
    /// Digest of the soum boundaries in which the baseline was counted, where soums changed since.
    #[schema(value_type = Option<String>)]
    pub baseline_boundaries: Option<Digest>,
}

fn first_seed() -> u64 {
    1
}

/// Statistics of rasters over zones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ZonalStatsRequest {
    /// Digests of raster data sets.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 64)]
    pub rasters: Vec<Digest>,
    /// The zones.
    pub zones: ZonesRequest,
    /// The statistics, by comma, as the command `zonal-stats` names them.
    #[schema(example = "mean,count", max_length = 400)]
    pub stats: String,
    /// `area` weighs cells by their geodesic area; absent: they weigh the same.
    #[schema(value_type = Option<String>, pattern = "^area$")]
    pub weights: Option<String>,
    /// Which cells count: `cover` (by their covered part, the default), `centre`, `all-touched`.
    #[serde(rename = "where")]
    #[schema(value_type = Option<String>, pattern = "^(cover|centre|all-touched)$")]
    pub rule: Option<String>,
}

/// Zones of a request: exactly one of the three.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ZonesRequest {
    /// The boundaries held last of a level: soum, aimag, bag or pug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "soum")]
    pub level: Option<Level>,
    /// Boundaries by their digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub dataset: Option<Digest>,
    /// Own polygons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geojson: Option<OwnZones>,
}

/// Own polygons: a GeoJSON feature collection on longitude and latitude, and the property that names a zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnZones {
    /// The property.
    #[schema(max_length = 200)]
    pub id: String,
    /// The feature collection.
    #[schema(value_type = Object)]
    pub features: Value,
}

/// SDG 15.3.1 of every cell, from rasters that are held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DegradationRequest {
    /// Product of the yearly vegetation index.
    #[schema(example = "ndvi", max_length = 64)]
    pub vi: String,
    /// First and last year, `FIRST..LAST`.
    #[serde(with = "as_text")]
    #[schema(value_type = String, example = "2001..2024", pattern = r"^\d{4}\.\.\d{4}$")]
    pub years: Years,
    /// Digests of the land cover of the first and of the last year.
    #[schema(value_type = Vec<String>, min_items = 2, max_items = 2)]
    pub land_cover: [Digest; 2],
    /// Legend of the land cover: `esa_cci`, `mcd12_igbp`, `unccd`.
    #[schema(example = "esa_cci")]
    pub legend: Option<String>,
    /// What transitions mean: `unccd_default` (the default), `mn_pastoral`.
    pub matrix: Option<String>,
    /// How trend and state are judged: `gpg` (the default), `trends-earth`.
    pub mode: Option<String>,
}

/// Tables of an assessment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// The assessment.
    #[schema(value_type = String)]
    pub assessment: Digest,
}

/// What the owner of a draft says of the file; whatever is absent is found in the file, or asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DraftOptions {
    /// What the file is: raster, boundaries, table, landuse, water, protected, exclusion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<DraftKind>,
    /// Product of a raster, such as `ndvi`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    pub product: Option<String>,
    /// Date of a raster: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 10)]
    pub date: Option<String>,
    /// Factor from stored to physical value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// Offset added after scaling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<f64>,
    /// Stored value that means missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nodata: Option<f64>,
    /// EPSG number of the coordinate system, where the file declares none or a wrong one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crs: Option<u32>,
    /// Only this band, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<u32>,
    /// Layer, where the file holds several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub layer: Option<String>,
    /// Level of boundaries: soum, aimag, bag, pug.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub level: Option<Level>,
    /// Field that holds the code, of boundaries or land use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub code_field: Option<String>,
    /// Field that holds the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub name_field: Option<String>,
    /// The law allows grazing on this protected land.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limited_use: Option<bool>,
    /// What a table holds: livestock, biomass-plots, photo-points, weather, losses, presence, lm2.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40)]
    pub table: Option<String>,
    /// Sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub sheet: Option<String>,
    /// Field to column, over what was found.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub map: BTreeMap<String, String>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DraftKind {
    /// Cells with values.
    Raster,
    /// Polygons of jurisdictions.
    Boundaries,
    /// Rows of records.
    Table,
    /// Land use by the land agency's codes.
    Landuse,
    /// Water that livestock can drink.
    Water,
    /// Protected areas.
    Protected,
    /// Land that is not grazed for another reason.
    Exclusion,
}

/// What a job's result names as files to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResultFile {
    /// The file's name.
    pub name: String,
    /// The bytes.
    #[schema(value_type = String)]
    pub digest: Digest,
    /// What they are.
    pub media_type: String,
}

/// Values written as the text that people write.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr,
        T::Err: Display,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
