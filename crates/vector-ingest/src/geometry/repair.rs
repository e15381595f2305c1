//! Rings made fit for measuring: finite, closed, simple, shells counter-clockwise.

use gdal::{cpl::CslStringList, vector::Geometry};
use geo::{CoordsIter, Orient, orient::Direction};
use geo_types::{LineString, MultiPolygon, Polygon};

use super::{
    foreign,
    simple::{certainly_valid, cross_more_often},
};
use crate::limits::Limits;

/// Polygons made valid, and what had to be done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Repaired {
    /// Valid polygons; empty when nothing with an area was left.
    pub(crate) polygons: MultiPolygon<f64>,
    /// Rings with fewer than three different vertices, left out.
    pub(crate) rings_dropped: usize,
    /// Whether a ring crossed or touched itself or another one.
    pub(crate) mended: bool,
    /// Whether edges cross at so many places that nothing was tried.
    pub(crate) tangled: bool,
}

/// Whether every coordinate is finite.
pub(crate) fn is_finite(polygons: &MultiPolygon<f64>) -> bool {
    polygons.coords_iter().all(|c| c.x.is_finite() && c.y.is_finite())
}

/// Shells counter-clockwise, holes clockwise.
pub(crate) fn oriented(polygons: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    polygons.orient(Direction::Default)
}

/// Makes finite polygons valid in the sense of OGC simple features.
///
/// Most polygons are found valid by one sweep; the others are left to GEOS. What is invalid is rebuilt
/// from its rings (method *structure*: shells are united, holes subtracted), else from its lines.
pub(crate) fn repair(polygons: &MultiPolygon<f64>, limits: &Limits) -> Repaired {
    let (polygons, rings_dropped) = without_stubs(polygons);
    let empty =
        |dropped| Repaired { polygons: MultiPolygon(vec![]), rings_dropped: dropped, mended: false, tangled: false };
    if polygons.0.is_empty() {
        return empty(rings_dropped);
    }
    if certainly_valid(&polygons) {
        return Repaired { polygons: oriented(&polygons), rings_dropped, mended: false, tangled: false };
    }
    if cross_more_often(&polygons, limits.feature_crossings) {
        return Repaired { tangled: true, ..empty(rings_dropped) };
    }
    let Some(geometry) = foreign::to_gdal(&polygons) else { return empty(rings_dropped) };
    if geometry.is_valid() {
        return Repaired { polygons: oriented(&polygons), rings_dropped, mended: false, tangled: false };
    }
    let rebuilt = ["STRUCTURE", "LINEWORK"].iter().find_map(|method| rebuild(&geometry, method, limits));
    Repaired {
        polygons: oriented(&rebuilt.unwrap_or(MultiPolygon(vec![]))),
        rings_dropped,
        mended: true,
        tangled: false,
    }
}

fn rebuild(geometry: &Geometry, method: &str, limits: &Limits) -> Option<MultiPolygon<f64>> {
    let mut options = CslStringList::new();
    options.set_name_value("METHOD", method).ok()?;
    let valid = geometry.make_valid(&options).ok()?;
    let polygons = foreign::polygons_of(&valid, limits).ok()?;
    let again = foreign::to_gdal(&polygons)?;
    (!polygons.0.is_empty() && again.is_valid()).then_some(polygons)
}

/// Leaves out rings with fewer than three different vertices; a shell takes its holes with it.
fn without_stubs(polygons: &MultiPolygon<f64>) -> (MultiPolygon<f64>, usize) {
    let stub = |ring: &LineString<f64>| {
        let mut different: Vec<_> = ring.0.iter().map(|c| (c.x, c.y)).take(64).collect();
        different.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        different.dedup();
        different.len() < 3 && ring.0.len() <= 64
    };
    let mut dropped = 0;
    let mut kept = Vec::with_capacity(polygons.0.len());
    for polygon in polygons {
        if stub(polygon.exterior()) {
            dropped += 1;
            continue;
        }
        let holes: Vec<_> = polygon.interiors().iter().filter(|h| !stub(h)).cloned().collect();
        dropped += polygon.interiors().len() - holes.len();
        kept.push(Polygon::new(polygon.exterior().clone(), holes));
    }
    (MultiPolygon(kept), dropped)
}

/// The union of polygons, when it can be formed.
pub(crate) fn united(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>, limits: &Limits) -> Option<MultiPolygon<f64>> {
    let union = foreign::to_gdal(a)?.union(&foreign::to_gdal(b)?)?;
    let polygons = foreign::polygons_of(&union, limits).ok()?;
    (!polygons.0.is_empty()).then(|| oriented(&polygons))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Area;
    use geo_types::polygon;

    #[test]
    fn a_bow_tie_keeps_both_wings() {
        let tie = MultiPolygon(vec![polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0), (x: 0.0, y: 2.0)]]);
        let repaired = repair(&tie, &Limits::DEFAULT);
        assert!(repaired.mended);
        assert!((repaired.polygons.signed_area() - 2.0).abs() < 1e-9);
    }

    #[test]
    fn sound_polygons_only_turn() {
        let clockwise = MultiPolygon(vec![polygon![(x: 0.0, y: 0.0), (x: 0.0, y: 1.0), (x: 1.0, y: 1.0)]]);
        let repaired = repair(&clockwise, &Limits::DEFAULT);
        assert!(!repaired.mended && repaired.polygons.signed_area() > 0.0);
    }

    #[test]
    fn stubs_are_left_out() {
        let stub = MultiPolygon(vec![polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 1.0)]]);
        let repaired = repair(&stub, &Limits::DEFAULT);
        assert_eq!((repaired.polygons.0.len(), repaired.rings_dropped), (0, 1));
        assert!(!is_finite(&MultiPolygon(vec![polygon![(x: f64::NAN, y: 0.0), (x: 1.0, y: 1.0), (x: 0.0, y: 1.0)]])));
    }
}
