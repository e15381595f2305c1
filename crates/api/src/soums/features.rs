//! A page of soums as a feature collection: borders, status and score.

use axum::body::Bytes;
use belcheer_domain::{Digest, SoumCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::borders::{Borders, Detail, TOLERANCE_DEGREES};
use crate::places::Places;
use crate::problem::Problem;
use crate::soums::SoumSummary;
use crate::soums::list::{Heading, SoumRows};

/// Room for one soum's text beside its geometry.
const ROOM: usize = 1024;

/// A page of soums with their borders (RFC 7946; longitude and latitude on WGS 84, as CRS84).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FeatureList {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    #[schema(pattern = "^FeatureCollection$")]
    kind: &'static str,
    /// The cycle; absent when nothing is published.
    cycle: Option<String>,
    /// The assessment.
    #[schema(value_type = Option<String>)]
    assessment: Option<Digest>,
    /// Since when it is public, RFC 3339.
    published_at: Option<String>,
    /// Soums that meet the conditions, on all pages.
    total: usize,
    /// Most soums on a page.
    limit: usize,
    /// Soums skipped.
    offset: usize,
    /// The address of the next page, if there is one.
    next: Option<String>,
    /// How borders were simplified; absent where they are in full.
    simplification: Option<Simplification>,
    /// The soums; the last member, since their text is added to the rest.
    features: Vec<Feature>,
}

/// How borders were simplified.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Simplification {
    /// Douglas and Peucker by arcs that neighbours share.
    #[schema(example = "douglas_peucker_shared_arcs")]
    method: &'static str,
    /// How far a border may lie from the true one, degrees.
    tolerance_degrees: f64,
}

/// A soum with its border.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Feature {
    /// `Feature`.
    #[serde(rename = "type")]
    #[schema(pattern = "^Feature$")]
    kind: &'static str,
    /// Soum code.
    #[schema(value_type = String, example = "06404")]
    id: SoumCode,
    /// West, south, east, north in degrees; absent when no boundaries are held.
    #[serde(skip_serializing_if = "Option::is_none")]
    bbox: Option<[f64; 4]>,
    /// As in the list without borders.
    properties: SoumSummary,
    /// A `MultiPolygon`, null when no boundaries are held; the last member, since its text replaces the null.
    #[schema(value_type = Option<Object>)]
    geometry: Option<()>,
}

/// Writes a page of soums with their borders.
pub(crate) fn write(rows: SoumRows<'_>, places: &Places, borders: &Borders, detail: Detail) -> Result<Bytes, Problem> {
    let SoumRows { heading, rows } = rows;
    let Heading { cycle, assessment, published_at, total, limit, offset, next } = heading;
    let geometries: usize = rows.iter().filter_map(|row| borders.get(row.au2, detail)).map(<[u8]>::len).sum();
    let mut text = Vec::with_capacity(geometries + (rows.len() + 1) * ROOM);
    let name = cycle.clone().unwrap_or_default();
    let simplification = (detail == Detail::Simplified)
        .then_some(Simplification { method: "douglas_peucker_shared_arcs", tolerance_degrees: TOLERANCE_DEGREES });
    let (kind, features) = ("FeatureCollection", Vec::new());
    let list =
        FeatureList { kind, cycle, assessment, published_at, total, limit, offset, next, simplification, features };
    json_without(&mut text, &list, b"]}")?;
    for (place, row) in rows.iter().enumerate() {
        text.extend_from_slice(if place == 0 { b"\n" } else { b",\n" });
        let bbox = places.get(&row.au2).and_then(|place| place.bbox);
        let properties = SoumSummary::new(row, &name);
        let feature = Feature { kind: "Feature", id: row.au2, bbox, properties, geometry: None };
        json_without(&mut text, &feature, b"null}")?;
        text.extend_from_slice(borders.get(row.au2, detail).unwrap_or(b"null"));
        text.push(b'}');
    }
    text.extend_from_slice(b"\n]}");
    Ok(text.into())
}

/// Writes a value as JSON, without the end that it must have.
fn json_without(text: &mut Vec<u8>, value: &impl Serialize, end: &[u8]) -> Result<(), Problem> {
    let written = serde_json::to_writer(&mut *text, value);
    if let Err(error) = &written {
        tracing::error!(%error, "a feature cannot be written");
    }
    if written.is_err() || !text.ends_with(end) {
        return Err(Problem::internal());
    }
    text.truncate(text.len() - end.len());
    Ok(())
}
