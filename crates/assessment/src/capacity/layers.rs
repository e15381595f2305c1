//! Land use, water, protected and excluded land of the workspace, as polygons.

use belcheer_catalog::{Catalog, DatasetKind, DatasetState, Filter};
use belcheer_domain::records::SeasonPresence;
use belcheer_domain::{Finding, Severity};
use belcheer_rangeland::access::LandUseCode;
use belcheer_vector_ingest::Zones;
use geo_types::MultiPolygon;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::AssessmentError;
use crate::raster::StoredRaster;

/// A piece of land.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LandPiece {
    /// Land-use code of the land agency, where the layer has one.
    pub code: Option<u16>,
    /// Whether the law allows grazing here although it is protected.
    pub limited_use: bool,
    /// Longitude and latitude on WGS 84.
    pub geometry: MultiPolygon<f64>,
}

/// Every such layer of a workspace.
#[derive(Debug, Default)]
pub struct LandLayers {
    /// Land use by code.
    pub land_use: Vec<LandPiece>,
    /// Water that livestock can drink.
    pub water: Vec<LandPiece>,
    /// Protected areas.
    pub protected: Vec<LandPiece>,
    /// Land that is not grazed for another reason.
    pub exclusion: Vec<LandPiece>,
    /// Slope, degrees.
    pub slope: Option<StoredRaster>,
    /// Otor and supplementary feed by soum and season.
    pub presence: Vec<SeasonPresence>,
}

impl LandLayers {
    /// Reads what the catalog holds; layers of one kind are taken together.
    ///
    /// # Errors
    /// When a stored blob is missing or damaged.
    pub async fn load(catalog: &Catalog) -> Result<Self, AssessmentError> {
        Ok(Self {
            land_use: records(catalog, DatasetKind::LandUse).await?,
            water: records(catalog, DatasetKind::Water).await?,
            protected: records(catalog, DatasetKind::Protected).await?,
            exclusion: records(catalog, DatasetKind::Exclusion).await?,
            slope: slope(catalog).await?,
            presence: records(catalog, DatasetKind::Presence).await?,
        })
    }
}

/// The slope raster held last.
async fn slope(catalog: &Catalog) -> Result<Option<StoredRaster>, AssessmentError> {
    let filter = Filter { kind: Some(DatasetKind::Raster), state: Some(DatasetState::Ready), ..Filter::default() };
    let mut datasets = catalog.datasets(&filter).await?;
    datasets.retain(|d| d.product.as_deref() == Some("slope"));
    let Some(record) = datasets.into_iter().max_by_key(|d| d.sequence) else { return Ok(None) };
    let meta = serde_json::from_value(record.meta.clone())?;
    let place = catalog.blob_location(record.blob);
    StoredRaster::open(catalog.store(), place, &record.source_name, record.digest, meta).map(Some)
}

async fn records<T: DeserializeOwned + Send + 'static>(
    catalog: &Catalog,
    kind: DatasetKind,
) -> Result<Vec<T>, AssessmentError> {
    let filter = Filter { kind: Some(kind), state: Some(DatasetState::Ready), ..Filter::default() };
    let mut datasets = catalog.datasets(&filter).await?;
    datasets.sort_by_key(|d| d.sequence);
    let mut all = Vec::new();
    for dataset in datasets {
        all.extend(catalog.get_json::<Vec<T>>(dataset.blob).await?);
    }
    Ok(all)
}

/// Pieces of zones whose identifiers are land-use codes where `coded`; a piece without a readable code is left out.
///
/// The second part is what was noticed, beside the findings of the zones themselves.
#[must_use]
pub fn classify_pieces(zones: Zones, input: &str, coded: bool, limited_use: bool) -> (Vec<LandPiece>, Vec<Finding>) {
    let mut unreadable: Vec<String> = Vec::new();
    let mut pieces = Vec::new();
    for zone in zones.zones {
        let code = zone.id.parse::<LandUseCode>().ok().map(LandUseCode::number);
        if coded && code.is_none() {
            unreadable.push(zone.id);
        } else {
            pieces.push(LandPiece { code: code.filter(|_| coded), limited_use, geometry: zone.geometry });
        }
    }
    // one code stands on many polygons of such a layer
    let mut findings: Vec<Finding> = zones.findings.into_iter().filter(|f| f.code != "duplicate_id").collect();
    if let Some(first) = unreadable.first() {
        let n = unreadable.len();
        findings.push(Finding::new("land_use_code_unknown", Severity::Warning, input).at(first).count(n as u64).text(
            format!("{n} features have no land-use code of four digits ({first}, for one); they are left out"),
            format!("{n} дүрст 4 оронтой газар ашиглалтын код алга ({first} гэх мэт); эдгээрийг орхив"),
        ));
    }
    (pieces, findings)
}
