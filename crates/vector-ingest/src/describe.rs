//! What a vector file holds, for a person who has to name its fields.

use std::path::Path;

use belcheer_domain::{Crs, Finding};
use belcheer_door::Refusal;
use serde::{Deserialize, Serialize};

use crate::{
    geometry::foreign::Shape,
    messages::Log,
    source::{Wanted, input_name, read_layer},
};

/// A layer in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// The layer's name.
    pub layer: String,
    /// Number of features.
    pub features: u64,
    /// How many of them are polygons.
    pub polygons: u64,
    /// Coordinate system.
    pub crs: Option<Crs>,
    /// The fields, in the order of the file.
    pub fields: Vec<FieldSample>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// A field with some of its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSample {
    /// The field's name.
    pub name: String,
    /// Up to five different values, in the order of the file.
    pub samples: Vec<String>,
}

/// Describes a file in this process; the gate is elsewhere.
pub(crate) fn read(path: &Path, layer: Option<&str>, crs: Option<&str>) -> Result<Description, Refusal> {
    let mut log = Log::new(&input_name(path));
    let layer = read_layer(path, &Wanted { layer, crs }, &mut log)?;
    let sample = |(index, name): (usize, &String)| {
        let mut samples: Vec<String> = Vec::new();
        for value in layer.features.iter().filter_map(|f| f.values.get(index)?.as_ref()) {
            if samples.len() < 5 && !samples.contains(value) {
                samples.push(value.clone());
            }
        }
        FieldSample { name: name.clone(), samples }
    };
    let polygons = layer.features.iter().filter(|f| matches!(f.shape, Shape::Polygons(_))).count();
    Ok(Description {
        features: layer.features.len() as u64,
        polygons: polygons as u64,
        fields: layer.fields.iter().enumerate().map(sample).collect(),
        layer: layer.name,
        crs: layer.crs,
        findings: log.finish(),
    })
}
