//! The JSON of data sets.

use std::collections::BTreeMap;

use belcheer_catalog::{DatasetEvent, DatasetKind, DatasetRecord, DatasetState};
use belcheer_domain::{Digest, PixelType, RasterMeta, Severity, records::Level};
use serde::{Deserialize as _, Serialize};
use utoipa::ToSchema;

use crate::desk::terms::{TermsBody, TouchedAssessment};
use crate::links;

/// A page of the data sets that are held.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatasetList {
    /// Data sets on all pages.
    pub(crate) total: usize,
    /// Most data sets on a page.
    pub(crate) limit: usize,
    /// Data sets skipped.
    pub(crate) offset: usize,
    /// The data sets.
    pub(crate) datasets: Vec<DatasetBody>,
    /// The address of the next page, if there is one.
    pub(crate) next: Option<String>,
}

/// A data set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatasetBody {
    /// The digest of what it says.
    #[schema(value_type = String)]
    digest: Digest,
    /// What it holds.
    #[schema(value_type = String, example = "raster")]
    kind: DatasetKind,
    /// The level of boundaries, or of the units of a table.
    #[schema(value_type = Option<String>)]
    level: Option<Level>,
    /// The product of a raster.
    product: Option<String>,
    /// The date that a raster stands for.
    date: Option<String>,
    /// Whether an assessment may use it.
    #[schema(value_type = String, pattern = "^(ready|needs_metadata|superseded)$")]
    state: DatasetState,
    /// The name of the file it came from.
    source_name: String,
    /// The digest of that file.
    #[schema(value_type = String)]
    source_digest: Digest,
    /// How many records it holds; for a raster, bands.
    records: u64,
    /// When it was added, RFC 3339.
    created_at: String,
    /// What was noticed on the way in, by code.
    findings: Vec<FindingCount>,
    /// The grid and values of a raster.
    raster: Option<RasterBody>,
    /// This data set.
    href: String,
}

/// A data set with its terms and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatasetDetail {
    /// The data set.
    #[serde(flatten)]
    pub(crate) dataset: DatasetBody,
    /// Under which terms it may be used.
    pub(crate) terms: TermsBody,
    /// Whether it was superseded or retracted, and why; empty while it is in use.
    pub(crate) events: Vec<DatasetEventBody>,
    /// The published assessments made from it.
    pub(crate) assessments: Vec<TouchedAssessment>,
}

/// The end of a data set's use.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatasetEventBody {
    /// `supersede` or `retract`.
    action: &'static str,
    /// The data set that took its place.
    #[schema(value_type = Option<String>)]
    successor: Option<Digest>,
    /// Why.
    reason: String,
    /// When, RFC 3339.
    at: String,
}

impl From<DatasetEvent> for DatasetEventBody {
    fn from(event: DatasetEvent) -> Self {
        Self { action: event.action.as_str(), successor: event.successor, reason: event.reason, at: event.at }
    }
}

/// How often something was noticed about a data set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingCount {
    /// Machine code.
    code: String,
    /// How much it matters.
    #[schema(value_type = String, pattern = "^(info|warning|error)$")]
    severity: Severity,
    /// How many records are concerned.
    count: u64,
}

/// The grid and values of a raster; one value is `raw * scale + offset`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RasterBody {
    /// Columns.
    width: u32,
    /// Rows.
    height: u32,
    /// Bands.
    bands: u32,
    /// Sample type as stored.
    #[schema(value_type = String, example = "f32")]
    pixel_type: PixelType,
    /// EPSG number of the coordinate system, where it has one.
    epsg: Option<u32>,
    /// Left, bottom, right and top edge in units of the coordinate system.
    extent: [f64; 4],
    /// Cell width and height.
    cell_size: [f64; 2],
    /// Factor from raw to physical value.
    scale: Option<f64>,
    /// Offset added after scaling.
    offset: Option<f64>,
    /// Raw value that means missing.
    nodata: Option<f64>,
}

impl From<&DatasetRecord> for DatasetBody {
    fn from(record: &DatasetRecord) -> Self {
        let mut noticed: BTreeMap<(&str, Severity), u64> = BTreeMap::new();
        for finding in &record.findings {
            let count = noticed.entry((&finding.code, finding.severity)).or_default();
            *count = count.saturating_add(finding.count);
        }
        let findings = noticed.into_iter();
        Self {
            digest: record.digest,
            kind: record.kind,
            level: record.level,
            product: record.product.clone(),
            date: record.date.clone(),
            state: record.state,
            source_name: record.source_name.clone(),
            source_digest: record.source_digest,
            records: record.records,
            created_at: record.created_at.clone(),
            findings: findings
                .map(|((code, severity), count)| FindingCount { code: code.to_owned(), severity, count })
                .collect(),
            raster: (record.kind == DatasetKind::Raster).then(|| raster(&record.meta)).flatten(),
            href: links::dataset(record.digest),
        }
    }
}

fn raster(meta: &serde_json::Value) -> Option<RasterBody> {
    let meta = RasterMeta::deserialize(meta).ok()?;
    let right = meta.x_min + meta.dx * f64::from(meta.width);
    let bottom = meta.y_max - meta.dy * f64::from(meta.height);
    Some(RasterBody {
        width: meta.width,
        height: meta.height,
        bands: meta.bands,
        pixel_type: meta.pixel_type,
        epsg: meta.crs.epsg,
        extent: [meta.x_min, bottom, right, meta.y_max],
        cell_size: [meta.dx, meta.dy],
        scale: meta.scale,
        offset: meta.offset,
        nodata: meta.nodata,
    })
}
