//! GeoJSON: feature collections, single features, bare geometries, and lists of records with a geometry text.
//!
//! Coordinates are longitude, latitude on WGS 84 unless the file names a system in the older `crs` member. One broken
//! feature does not spoil the others; it is read as [`Shape::Broken`].

use std::path::Path;

use belcheer_door::Refusal;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::{
    RawFeature, RawLayer, input_name,
    strict_json::{self, Json},
};
use crate::{crs, geometry::foreign::Shape, limits::Limits, messages::refuse};

/// Reads a GeoJSON file.
pub(crate) fn read(path: &Path, limits: &Limits) -> Result<RawLayer, Refusal> {
    let input = input_name(path);
    let bytes = std::fs::read(path).map_err(|_| refuse("unreadable", input.clone(), ""))?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let root = strict_json::parse(bytes, limits.json_depth).map_err(|e| refuse("bad_json", input.clone(), e))?;
    let members = features_of(&root).map_err(|e| refuse("not_geojson", input.clone(), e))?;
    let crs = match root.get("crs") {
        None | Some(Json::Null) => crs::from_epsg(crs::WGS84),
        Some(named) => {
            let name = named.get("properties").and_then(|p| p.get("name")).and_then(Json::text).unwrap_or_default();
            let number = crs::epsg_of(name).ok_or_else(|| refuse("unknown_crs", input.clone(), name))?;
            Some(crs::from_epsg(number).ok_or_else(|| refuse("unknown_crs", input.clone(), name))?)
        }
    };
    if members.len() as u64 > limits.features {
        return Err(refuse("too_many_features", input, limits.features.to_string()));
    }
    let fields = field_names(&members, limits);
    let mut budget = limits.file_vertices;
    let features = members
        .iter()
        .zip(1..)
        .map(|(member, number)| RawFeature {
            number,
            values: fields.iter().map(|f| member.value(f).and_then(Json::cell)).collect(),
            shape: member.shape(limits, &mut budget),
        })
        .collect();
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(RawLayer { name, fields, crs, features, encoding: None })
}

/// One feature, wherever its properties and geometry stand.
struct Member<'a> {
    properties: Option<&'a [(String, Json)]>,
    id: Option<&'a Json>,
    geometry: Option<&'a Json>,
    fault: Option<&'static str>,
}

impl<'a> Member<'a> {
    fn feature(json: &'a Json) -> Self {
        let fault = match json.get("type").and_then(Json::text) {
            Some("Feature") => None,
            _ => Some("a member of features is not of type Feature"),
        };
        let properties = match json.get("properties") {
            Some(Json::Object(members)) => Some(members.as_slice()),
            _ => None,
        };
        Self { properties, id: json.get("id"), geometry: json.get("geometry"), fault }
    }

    fn record(json: &'a Json) -> Self {
        let properties = match json {
            Json::Object(members) => Some(members.as_slice()),
            _ => None,
        };
        Self { properties, id: None, geometry: json.get("geometry"), fault: None }
    }

    fn value(&self, field: &str) -> Option<&'a Json> {
        let own = self.properties.and_then(|p| p.iter().find(|(k, _)| k == field).map(|(_, v)| v));
        own.or(if field == "id" { self.id } else { None })
    }

    fn shape(&self, limits: &Limits, budget: &mut usize) -> Shape {
        if let Some(fault) = self.fault {
            return Shape::Broken(fault.to_owned());
        }
        match self.geometry {
            None | Some(Json::Null) => Shape::Missing,
            // the land agency's exports hold the geometry as a text inside the record
            Some(Json::Text(text)) => match strict_json::parse(text.as_bytes(), limits.json_depth) {
                Ok(json) => shape_of(&json, limits, budget),
                Err(reason) => Shape::Broken(reason),
            },
            Some(json) => shape_of(json, limits, budget),
        }
    }
}

fn features_of(root: &Json) -> Result<Vec<Member<'_>>, String> {
    if let Json::List(records) = root {
        let with_geometry = records.iter().filter(|r| r.get("geometry").is_some()).count();
        if with_geometry == 0 {
            return Err("a list of records without geometry".to_owned());
        }
        return Ok(records.iter().map(Member::record).collect());
    }
    match root.get("type").and_then(Json::text) {
        Some("FeatureCollection") => match root.get("features") {
            Some(Json::List(features)) => Ok(features.iter().map(Member::feature).collect()),
            _ => Err("features is not a list".to_owned()),
        },
        Some("Feature") => Ok(vec![Member::feature(root)]),
        Some("Polygon" | "MultiPolygon" | "Point") => {
            Ok(vec![Member { properties: None, id: None, geometry: Some(root), fault: None }])
        }
        Some(other) => Err(format!("type is {}", other.chars().take(30).collect::<String>())),
        None => Err("there is no type".to_owned()),
    }
}

/// The names of properties in order of first appearance; `id` when features carry one.
fn field_names(members: &[Member<'_>], limits: &Limits) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for member in members {
        for (key, value) in member.properties.unwrap_or_default() {
            let plain = !matches!(value, Json::Object(_) | Json::List(_)) && key != "geometry";
            if plain && fields.len() < limits.columns && !fields.contains(key) {
                fields.push(key.clone());
            }
        }
    }
    let has_id = members.iter().any(|m| m.id.is_some_and(|id| id.cell().is_some()));
    if has_id && !fields.iter().any(|f| f == "id") {
        fields.push("id".to_owned());
    }
    fields
}

fn shape_of(geometry: &Json, limits: &Limits, budget: &mut usize) -> Shape {
    let coordinates = geometry.get("coordinates");
    let polygons = |list: Result<Vec<Polygon<f64>>, String>| match list {
        Ok(p) => Shape::Polygons(MultiPolygon(p)),
        Err(reason) => Shape::Broken(reason),
    };
    match (geometry.get("type").and_then(Json::text), coordinates) {
        (Some("Polygon"), Some(c)) => polygons(polygon(c, limits, budget).map(|p| vec![p])),
        (Some("MultiPolygon"), Some(Json::List(parts))) => {
            polygons(parts.iter().map(|c| polygon(c, limits, budget)).collect())
        }
        (Some("Point"), Some(c)) => position(c).map_or_else(Shape::Broken, Shape::Point),
        (Some("Polygon" | "MultiPolygon" | "Point"), _) => Shape::Broken("no coordinates".to_owned()),
        (Some(other), _) => Shape::Other(other.chars().take(30).collect()),
        (None, _) => Shape::Broken("a geometry without type".to_owned()),
    }
}

fn polygon(json: &Json, limits: &Limits, budget: &mut usize) -> Result<Polygon<f64>, String> {
    let Json::List(rings) = json else { return Err("a polygon is no list of rings".to_owned()) };
    if rings.len() > limits.feature_rings {
        return Err("too many rings".to_owned());
    }
    let mut read = rings.iter().map(|ring| {
        let Json::List(positions) = ring else { return Err("a ring is no list of positions".to_owned()) };
        if positions.len() > limits.feature_vertices || positions.len() > *budget {
            return Err("too many vertices".to_owned());
        }
        *budget -= positions.len();
        positions.iter().map(position).collect::<Result<Vec<_>, _>>().map(LineString)
    });
    let shell = read.next().unwrap_or_else(|| Err("a polygon without rings".to_owned()))?;
    Ok(Polygon::new(shell, read.collect::<Result<Vec<_>, _>>()?))
}

fn position(json: &Json) -> Result<Coord<f64>, String> {
    match json {
        Json::List(numbers) => match (numbers.first().and_then(Json::number), numbers.get(1).and_then(Json::number)) {
            (Some(x), Some(y)) => Ok(Coord { x, y }),
            _ => Err("a position is not two numbers".to_owned()),
        },
        _ => Err("a position is no list".to_owned()),
    }
}
