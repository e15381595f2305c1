//! The polygons of a layer in a wanted coordinate system, valid, or a finding why not.

use belcheer_domain::Crs;
use belcheer_door::Refusal;
use geo::{Area, CoordsIter};
use geo_types::MultiPolygon;

use crate::{
    geometry::{
        foreign::Shape,
        repair::{is_finite, repair},
    },
    limits::Limits,
    messages::{Log, refuse},
    reproject::{Reprojector, usual_segment},
    source::{RawFeature, RawLayer, label},
};

/// For each feature its valid polygons, or `None` where it was left out with a finding.
///
/// Geographic coordinates out of range are refused, with a hint when latitude comes first. `name` of a feature in
/// findings is its number.
pub(crate) fn settle(
    layer: &mut RawLayer,
    target: &Crs,
    segment_max: Option<f64>,
    limits: &Limits,
    input: &str,
    log: &mut Log,
) -> Result<Vec<Option<MultiPolygon<f64>>>, Refusal> {
    let own = layer.crs.clone().ok_or_else(|| refuse("missing_crs", input, ""))?;
    check_range(layer, &own, input)?;
    let reprojector =
        Reprojector::between(&own, target).map_err(|e| refuse("no_transformation", input, e.to_string()))?;
    let segment = segment_max.unwrap_or_else(|| usual_segment(&own));
    let mut settled = Vec::with_capacity(layer.features.len());
    let mut first_fault = String::new();
    for feature in &mut layer.features {
        let place = format!("feature {}", feature.number);
        let shape = std::mem::replace(&mut feature.shape, Shape::Missing);
        let polygons = match one(shape, &place, log) {
            Ok(polygons) => polygons,
            Err(fault) => {
                first_fault = if first_fault.is_empty() { fault } else { first_fault };
                settled.push(None);
                continue;
            }
        };
        let moved = reprojector
            .polygons(&polygons, Some(segment))
            .map_err(|e| refuse("no_transformation", input, format!("{place}: {e}")))?;
        settled.push(valid(&moved, feature, limits, log));
    }
    if settled.iter().all(Option::is_none) {
        let seen = if first_fault.is_empty() { "no polygons".to_owned() } else { first_fault };
        return Err(refuse("no_polygons", input, seen));
    }
    if !reprojector.is_identity() {
        let count = settled.iter().flatten().count() as u64;
        log.note("zones_reprojected", "", count, &format!("{} -> {}", label(&own), label(target)));
    }
    Ok(settled)
}

/// The polygons of one shape; the error names what it is instead.
fn one(shape: Shape, place: &str, log: &mut Log) -> Result<MultiPolygon<f64>, String> {
    match shape {
        Shape::Polygons(polygons) if !is_finite(&polygons) => {
            log.record("bad_coordinates", None, place.to_owned(), "");
            Err("coordinates that are no numbers".to_owned())
        }
        Shape::Polygons(polygons) => Ok(polygons),
        Shape::Missing => {
            log.record("no_geometry", None, place.to_owned(), "");
            Err("no geometry".to_owned())
        }
        Shape::Point(_) => {
            log.record("geometry_kind", None, place.to_owned(), "Point");
            Err("a point".to_owned())
        }
        Shape::Other(kind) => {
            log.record("geometry_kind", None, place.to_owned(), &kind);
            Err(kind)
        }
        Shape::Broken(reason) => {
            log.record("bad_geometry", None, place.to_owned(), &reason);
            Err(reason)
        }
    }
}

fn valid(
    polygons: &MultiPolygon<f64>,
    feature: &RawFeature,
    limits: &Limits,
    log: &mut Log,
) -> Option<MultiPolygon<f64>> {
    let place = format!("feature {}", feature.number);
    let before = polygons.unsigned_area();
    let repaired = repair(polygons, limits);
    if repaired.rings_dropped > 0 {
        log.record("ring_dropped", None, place.clone(), "");
    }
    if repaired.polygons.0.is_empty() {
        let fault = if repaired.tangled { "edges that cross too often" } else { "nothing with an area" };
        log.record("bad_geometry", None, place, fault);
        return None;
    }
    if repaired.mended {
        let after = repaired.polygons.unsigned_area();
        let change = if before > 0.0 { 100.0 * (after / before - 1.0) } else { 0.0 };
        let named = feature.values.iter().flatten().find(|v| v.chars().any(char::is_alphabetic));
        let place = named.map_or_else(|| place.clone(), |name| format!("{place} ({name})"));
        log.note("ring_repaired", place, 1, &format!("{change:+.4}"));
    }
    Some(repaired.polygons)
}

/// Degrees must lie in their range; projected coordinates in a geographic system are refused.
fn check_range(layer: &RawLayer, crs: &Crs, input: &str) -> Result<(), Refusal> {
    if !crs.geographic {
        return Ok(());
    }
    let (mut outside, mut swapped) = (None, true);
    for feature in &layer.features {
        let Shape::Polygons(polygons) = &feature.shape else { continue };
        for c in polygons.coords_iter().filter(|c| c.x.is_finite() && c.y.is_finite()) {
            if c.x.abs() > 360.0 || c.y.abs() > 90.0 + 1e-9 {
                outside = outside.or(Some((feature.number, c)));
            }
            swapped &= (41.0..53.0).contains(&c.x) && (87.0..121.0).contains(&c.y);
        }
    }
    match outside {
        None => Ok(()),
        Some(_) if swapped => Err(refuse("latitude_first", input, "")),
        Some((number, c)) => {
            Err(refuse("coordinates_out_of_range", input, format!("feature {number}: {}, {}", c.x, c.y)))
        }
    }
}
