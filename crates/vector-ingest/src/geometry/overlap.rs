//! Units that cover the same ground.

use std::panic::{AssertUnwindSafe, catch_unwind};

use belcheer_domain::{Finding, records::Jurisdiction};
use geo::{Area, BooleanOps, BoundingRect};
use geo_types::MultiPolygon;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use super::foreign;
use crate::messages::Log;

/// Overlaps below this share of the smaller unit are taken for digitising noise.
pub(crate) const OVERLAP_SHARE: f64 = 0.001;

type Boxes = RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>;

fn rectangle(polygons: &MultiPolygon<f64>) -> Option<Rectangle<[f64; 2]>> {
    let r = polygons.bounding_rect()?;
    Some(Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]))
}

/// Envelopes of polygons, to find candidates by.
pub(crate) fn boxes<'a>(polygons: impl Iterator<Item = &'a MultiPolygon<f64>>) -> Boxes {
    let all = polygons.enumerate().filter_map(|(i, p)| Some(GeomWithData::new(rectangle(p)?, i)));
    RTree::bulk_load(all.collect())
}

fn candidates(tree: &Boxes, polygons: &MultiPolygon<f64>) -> Vec<usize> {
    let Some(r) = rectangle(polygons) else { return vec![] };
    let window = AABB::from_corners(r.lower(), r.upper());
    let mut found: Vec<usize> = tree.locate_in_envelope_intersecting(&window).map(|b| b.data).collect();
    found.sort_unstable();
    found
}

/// Two units of one set and the share of the smaller one that both cover.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Overlap {
    pub(crate) first: usize,
    pub(crate) second: usize,
    pub(crate) share: f64,
}

/// Pairs that overlap by more than [`OVERLAP_SHARE`]; planar areas of the same neighbourhood are compared.
///
/// `None` in the second place of the answer counts pairs that could not be compared.
pub(crate) fn overlaps_within(units: &[&MultiPolygon<f64>]) -> (Vec<Overlap>, usize) {
    let tree = boxes(units.iter().copied());
    let foreign: Vec<_> = units.iter().map(|u| foreign::to_gdal(u)).collect();
    let areas: Vec<f64> = units.iter().map(|u| u.unsigned_area()).collect();
    let (mut found, mut unknown) = (Vec::new(), 0);
    for (first, unit) in units.iter().enumerate() {
        for second in candidates(&tree, unit).into_iter().filter(|s| *s > first) {
            let smaller = areas[first].min(areas[second]);
            let common = match (&foreign[first], &foreign[second]) {
                (Some(a), Some(b)) => a.intersection(b).map(|i| i.area()),
                _ => None,
            };
            match common {
                Some(area) if smaller > 0.0 && area / smaller > OVERLAP_SHARE => {
                    found.push(Overlap { first, second, share: area / smaller });
                }
                Some(_) => {}
                None => unknown += 1,
            }
        }
    }
    (found, unknown)
}

/// Units of a new set that cover ground of a unit with another code in the old set.
///
/// One finding `units_overlap` for each such pair over 0.1 % of the smaller unit, by code; planar areas in degrees of
/// the same place are compared. A pair that cannot be compared is a finding too.
#[must_use]
pub fn overlaps_between(old: &[Jurisdiction], new: &[Jurisdiction], input: &str) -> Vec<Finding> {
    let mut log = Log::new(input);
    let tree = boxes(old.iter().map(|u| &u.geometry));
    for unit in new {
        for index in candidates(&tree, &unit.geometry) {
            let other = &old[index];
            if other.code == unit.code {
                continue;
            }
            let pair = format!("{} and {}", unit.code, other.code);
            let common = catch_unwind(AssertUnwindSafe(|| unit.geometry.intersection(&other.geometry).unsigned_area()));
            let smaller = unit.geometry.unsigned_area().min(other.geometry.unsigned_area());
            match common {
                Ok(area) if area > OVERLAP_SHARE * smaller => {
                    log.note_soum("units_overlap", unit.au2, pair, 1, &format!("{:.2}", 100.0 * area / smaller));
                }
                Ok(_) => {}
                Err(_) => log.note("overlap_unknown", pair, 1, ""),
            }
        }
    }
    log.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use belcheer_domain::records::Level;
    use geo_types::{Rect, coord};

    fn square(x: f64, side: f64) -> MultiPolygon<f64> {
        MultiPolygon(vec![Rect::new(coord! { x: x, y: 47.0 }, coord! { x: x + side, y: 47.0 + side }).to_polygon()])
    }

    #[test]
    fn neighbours_do_not_overlap_and_intruders_do() {
        let (a, b, c) = (square(100.0, 1.0), square(101.0, 1.0), square(100.9, 0.5));
        let (found, unknown) = overlaps_within(&[&a, &b]);
        assert_eq!((found.len(), unknown), (0, 0));
        let (found, _) = overlaps_within(&[&a, &b, &c]);
        assert_eq!(found.len(), 2);
        assert!((found[0].share - 0.2).abs() < 1e-9 && (found[1].share - 0.8).abs() < 1e-9);
    }

    #[test]
    fn two_sets_that_disagree_are_noticed() {
        let unit = |code: &str, geometry| Jurisdiction {
            level: Level::Soum,
            code: code.to_owned(),
            au2: code.parse().ok(),
            name_mn: None,
            name_en: None,
            geometry,
            area_ha: 1.0,
        };
        let old = [unit("06404", square(100.0, 1.0)), unit("06407", square(101.0, 1.0))];
        assert!(overlaps_between(&old, &old, "new.gpkg").is_empty());
        let findings = overlaps_between(&old, &[unit("06404", square(100.2, 1.0))], "new.gpkg");
        assert_eq!((findings.len(), findings[0].place.as_str()), (1, "06404 and 06407"));
    }
}
