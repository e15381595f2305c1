//! Any polygon file to zones for zonal statistics: an identifier as text, polygons in a wanted system.

use std::path::{Path, PathBuf};

use belcheer_domain::{Crs, Finding};
use belcheer_door::Refusal;
use geo_types::{Coord, MultiPolygon, Rect};
use serde::{Deserialize, Serialize};

use crate::{
    boundaries::{fields, shapes, value},
    crs,
    geometry::{foreign::Shape, wire},
    limits::Limits,
    messages::{Log, refuse},
    source::{RawLayer, Wanted, input_name, read_layer},
};

/// What to read as zones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ZoneJob {
    /// GeoPackage, GeoJSON, shapefile (any member or its folder) or a zip with one shapefile.
    pub path: PathBuf,
    /// Layer or shapefile, where the file has several.
    #[serde(default)]
    pub layer: Option<String>,
    /// Field with the identifier; without it features are numbered from 1.
    #[serde(default)]
    pub id_field: Option<String>,
    /// Coordinate system of the file, EPSG number or WKT; overrides what the file says.
    #[serde(default)]
    pub crs: Option<String>,
    /// Wanted coordinate system, EPSG number or WKT; the file's own when absent.
    #[serde(default)]
    pub target_crs: Option<String>,
    /// Longest edge before a change of system, in units of the file's system; 0.01 degrees or 1000 m when absent.
    #[serde(default)]
    pub segment_max: Option<f64>,
    /// Whether points become squares of about 20 m, such as wells; else they are left out with a finding.
    #[serde(default)]
    pub points_as_squares: bool,
}

impl ZoneJob {
    /// A job with everything else to be found out.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, id_field: Option<&str>, target_crs: Option<&str>) -> Self {
        Self {
            path: path.into(),
            layer: None,
            id_field: id_field.map(str::to_owned),
            crs: None,
            target_crs: target_crs.map(str::to_owned),
            segment_max: None,
            points_as_squares: false,
        }
    }
}

/// One zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    /// The identifier as text; numbers without needless zeros.
    pub id: String,
    /// Valid polygons, shells counter-clockwise.
    #[serde(with = "wire")]
    pub geometry: MultiPolygon<f64>,
}

/// Zones in the order of the file, with what was noticed about them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Zones {
    /// The zones; features without polygons are left out with a finding.
    pub zones: Vec<Zone>,
    /// The system of their coordinates, longitude (easting) first.
    pub crs: Crs,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Half the side of the square that stands for a point, degrees and metres.
const HALF_SIDE: (f64, f64) = (0.0001, 10.0);

/// Points become small squares around them.
fn squares_of_points(layer: &mut RawLayer) {
    let half = if layer.crs.as_ref().is_some_and(|crs| crs.geographic) { HALF_SIDE.0 } else { HALF_SIDE.1 };
    for feature in &mut layer.features {
        if let Shape::Point(at) = feature.shape {
            let square = Rect::new(Coord { x: at.x - half, y: at.y - half }, Coord { x: at.x + half, y: at.y + half });
            feature.shape = Shape::Polygons(MultiPolygon(vec![square.to_polygon()]));
        }
    }
}

/// Reads zones in this process; the gate is elsewhere.
pub(crate) fn read(job: &ZoneJob) -> Result<Zones, Refusal> {
    let input = input_name(&job.path);
    let mut log = Log::new(&input);
    let wanted = Wanted { layer: job.layer.as_deref(), crs: job.crs.as_deref() };
    let mut layer = read_layer(Path::new(&job.path), &wanted, &mut log)?;
    if job.points_as_squares {
        squares_of_points(&mut layer);
    }
    let id =
        match &job.id_field {
            None => None,
            Some(name) => Some(fields::named(&layer, name).ok_or_else(|| {
                refuse("no_such_field", input.clone(), format!("{name}; {}", layer.fields.join(", ")))
            })?),
        };
    let target = match (&job.target_crs, &layer.crs) {
        (Some(text), _) => crs::from_user(text, &input)?,
        (None, Some(own)) => own.clone(),
        (None, None) => return Err(refuse("missing_crs", input, "")),
    };
    let shapes = shapes::settle(&mut layer, &target, job.segment_max, &Limits::DEFAULT, &input, &mut log)?;
    let mut zones: Vec<Zone> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (feature, geometry) in shapes.into_iter().enumerate() {
        let Some(geometry) = geometry else { continue };
        let number = feature + 1;
        let id = match (id, value(&layer, feature, id)) {
            (None, _) => number.to_string(),
            (Some(_), Some(text)) => text.to_owned(),
            (Some(_), None) => {
                log.record("id_missing", None, format!("feature {number}"), "");
                String::new()
            }
        };
        if !seen.insert(id.clone()) {
            log.record("duplicate_id", None, format!("feature {number}"), &id);
        }
        zones.push(Zone { id, geometry });
    }
    Ok(Zones { zones, crs: target, findings: log.finish() })
}
