//! Boundary files to jurisdictions: codes and names found, rings repaired, areas measured on the ellipsoid.

pub(crate) mod checks;
pub(crate) mod codes;
pub(crate) mod fields;
pub(crate) mod shapes;
pub(crate) mod units;

use std::path::{Path, PathBuf};

use belcheer_domain::{
    Finding,
    records::{Jurisdiction, Level},
};
use belcheer_door::Refusal;
use serde::{Deserialize, Serialize};

use crate::{
    crs,
    limits::Limits,
    messages::{Log, refuse},
    source::{RawLayer, Wanted, input_name, read_layer},
};

/// What to read as boundaries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoundaryJob {
    /// GeoPackage, GeoJSON, shapefile (any member or its folder) or a zip with one shapefile.
    pub path: PathBuf,
    /// What the features are.
    pub level: Level,
    /// Layer or shapefile, where the file has several.
    #[serde(default)]
    pub layer: Option<String>,
    /// Field with the unit's code; found by known names when absent.
    #[serde(default)]
    pub code_field: Option<String>,
    /// Field with the unit's name; found by known names when absent.
    #[serde(default)]
    pub name_field: Option<String>,
    /// Coordinate system, EPSG number or WKT; overrides what the file says.
    #[serde(default)]
    pub crs: Option<String>,
}

impl BoundaryJob {
    /// A job with everything to be found out.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, level: Level) -> Self {
        Self { path: path.into(), level, layer: None, code_field: None, name_field: None, crs: None }
    }
}

/// Boundaries with what was noticed about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Boundaries {
    /// One for each code, by code.
    pub units: Vec<Jurisdiction>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Reads boundaries in this process; the gate is elsewhere.
pub(crate) fn read(job: &BoundaryJob) -> Result<Boundaries, Refusal> {
    let input = input_name(&job.path);
    let mut log = Log::new(&input);
    let wanted = Wanted { layer: job.layer.as_deref(), crs: job.crs.as_deref() };
    let mut layer = read_layer(Path::new(&job.path), &wanted, &mut log)?;
    let fields = fields::choose(&layer, job, &input)?;
    let lonlat = crs::from_epsg(crs::WGS84).ok_or_else(|| refuse("unknown_crs", input.clone(), "EPSG:4326"))?;
    let shapes = shapes::settle(&mut layer, &lonlat, None, &Limits::DEFAULT, &input, &mut log)?;
    let drafts = units::drafts(&layer, shapes, &fields, job.level, &mut log);
    if drafts.is_empty() {
        return Err(refuse("no_readable_codes", input, fields.code_name(&layer)));
    }
    checks::supplied_areas(&layer, &drafts, &mut log);
    let units = units::finish(drafts, job.level, &Limits::DEFAULT, &mut log);
    checks::national_area(&units, job.level, &mut log);
    checks::place(&units, &mut log);
    Ok(Boundaries { units, findings: log.finish() })
}

/// The value of a field of a record.
pub(crate) fn value(layer: &RawLayer, feature: usize, field: Option<usize>) -> Option<&str> {
    layer.features.get(feature)?.values.get(field?)?.as_deref()
}
