//! Units that cover the same ground.

use geo::{Area, BoundingRect};
use geo_types::MultiPolygon;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use super::foreign;
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

pub(crate) fn candidates(tree: &Boxes, polygons: &MultiPolygon<f64>) -> Vec<usize> {
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

#[cfg(test)]
mod tests {
    use super::*;
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
}
