//! Data sets: one harmonised input each, with what was noticed about it.

use belcheer_domain::{Digest, Finding, records::Level};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    canonical::canonical_json,
    error::{CatalogError, check_time, shortened},
    words::words,
};

words!(
    /// What a data set holds.
    DatasetKind {
        /// One raster in our own form.
        Raster = "raster",
        /// Boundaries of one level.
        Boundaries = "boundaries",
        /// Biomass of plots.
        BiomassPlots = "biomass_plots",
        /// Photo monitoring points.
        PhotoPoints = "photo_points",
        /// Livestock by soum.
        Livestock = "livestock",
        /// Livestock by species and aimag.
        AimagSpecies = "aimag_species",
        /// Weather of growing seasons.
        Weather = "weather",
        /// Weather of months.
        MonthlyWeather = "monthly_weather",
        /// Livestock lost from January to May.
        Losses = "losses",
        /// Otor and supplementary feed by soum and season.
        Presence = "presence",
        /// Land use by the land agency's codes.
        LandUse = "land_use",
        /// Water that livestock can drink.
        Water = "water",
        /// Protected areas.
        Protected = "protected",
        /// Land that is not grazed for another reason.
        Exclusion = "exclusion",
    }
);
words!(
    /// Whether a data set may be used by an assessment.
    DatasetState {
        /// All is known that an assessment needs.
        Ready = "ready",
        /// Something is missing: usable by zonal statistics, never by an assessment.
        NeedsMetadata = "needs_metadata",
        /// Set aside by the user for another one.
        Superseded = "superseded",
    }
);

/// A data set to be added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewDataset {
    /// What it holds.
    pub kind: DatasetKind,
    /// The level of boundaries, or of the units of a table.
    pub level: Option<Level>,
    /// The product of a raster.
    pub product: Option<String>,
    /// The date that a raster stands for: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Whether an assessment may use it.
    pub state: DatasetState,
    /// The name of the file it came from, without its folder.
    pub source_name: String,
    /// The digest of that file.
    pub source_digest: Digest,
    /// The blob that holds the harmonised form.
    pub blob: Digest,
    /// How many records it holds; for a raster, bands.
    pub records: u64,
    /// Whatever else a reader needs, such as a raster's description.
    pub meta: Value,
    /// What was noticed on the way in.
    pub findings: Vec<Finding>,
    /// When it was added, RFC 3339, as the caller's clock says.
    pub created_at: String,
}

impl NewDataset {
    /// The digest of what the data set says: SHA-256 of the canonical JSON of kind, level, product, date, blob and
    /// meta. The file's name, the time and the findings do not count.
    #[must_use]
    pub fn digest(&self) -> Digest {
        said(self.kind, self.level, self.product.as_deref(), self.date.as_deref(), self.blob, &self.meta)
    }

    pub(crate) fn check(&self) -> Result<(), CatalogError> {
        check_file_name(&self.source_name)?;
        check_time(&self.created_at)
    }
}

/// Refuses a name that is no plain file name.
pub(crate) fn check_file_name(name: &str) -> Result<(), CatalogError> {
    if matches!(name, "" | "." | "..") || name.contains(['/', '\\', '\0']) {
        return Err(CatalogError::SourceName { found: shortened(name) });
    }
    Ok(())
}

/// A data set that is held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DatasetRecord {
    /// The digest of what it says; see [`NewDataset::digest`].
    pub digest: Digest,
    /// Its place in the order of arrival.
    pub sequence: u64,
    /// What it holds.
    pub kind: DatasetKind,
    /// The level of boundaries, or of the units of a table.
    pub level: Option<Level>,
    /// The product of a raster.
    pub product: Option<String>,
    /// The date that a raster stands for.
    pub date: Option<String>,
    /// Whether an assessment may use it.
    pub state: DatasetState,
    /// The name of the file it came from, without its folder.
    pub source_name: String,
    /// The digest of that file.
    pub source_digest: Digest,
    /// The blob that holds the harmonised form.
    pub blob: Digest,
    /// How many records it holds; for a raster, bands.
    pub records: u64,
    /// Whatever else a reader needs.
    pub meta: Value,
    /// What was noticed on the way in.
    pub findings: Vec<Finding>,
    /// When it was first added, RFC 3339.
    pub created_at: String,
}

impl DatasetRecord {
    /// Whether the row still says what its digest stands for.
    pub(crate) fn is_unaltered(&self) -> bool {
        let found = said(self.kind, self.level, self.product.as_deref(), self.date.as_deref(), self.blob, &self.meta);
        found == self.digest
    }
}

/// Which data sets to list; what is `None` does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this kind.
    pub kind: Option<DatasetKind>,
    /// Only of this level.
    pub level: Option<Level>,
    /// Only in this state.
    pub state: Option<DatasetState>,
    /// Only of this product.
    pub product: Option<String>,
}

fn said(
    kind: DatasetKind,
    level: Option<Level>,
    product: Option<&str>,
    date: Option<&str>,
    blob: Digest,
    meta: &Value,
) -> Digest {
    let level = level.map(Level::as_str);
    let said = json!({
        "kind": kind.as_str(), "level": level, "product": product, "date": date, "blob": blob.to_string(), "meta": meta,
    });
    Digest::of(&canonical_json(&said))
}
