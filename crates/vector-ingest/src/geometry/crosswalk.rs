//! Two versions of boundaries laid over each other, by area.

use std::collections::BTreeMap;

use belcheer_domain::records::Jurisdiction;
use geo::{BooleanOps, Orient, orient::Direction};
use geo_types::MultiPolygon;

use super::area::geodesic_ha;
use super::overlap::{OVERLAP_SHARE, boxes, candidates};

/// The part of a unit of the old version that lies in a unit of the new one.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// Code in the old version.
    pub from: String,
    /// Code in the new version.
    pub to: String,
    /// Area that both cover, ha.
    pub area_ha: f64,
    /// As a share of the old unit; shares of one old unit sum to 1 unless ground of it is lost.
    pub of_from: f64,
}

/// What part of each old unit went where.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Crosswalk {
    /// By old and new code.
    pub shares: Vec<Share>,
    /// Old units of which more than a hundredth lies in no new unit, with that share.
    pub lost: BTreeMap<String, f64>,
}

/// Ground of an old unit that may be missing in all new ones before it counts as lost: digitising noise.
const LOST_SHARE: f64 = 0.01;

impl Crosswalk {
    /// Old units that are not simply the new unit of their code.
    #[must_use]
    pub fn changed(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = self.shares.iter().filter(|s| !s.is_whole()).map(|s| s.from.as_str()).collect();
        codes.extend(self.lost.keys().map(String::as_str));
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

impl Share {
    /// Whether the old unit is the new one of the same code.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.from == self.to && self.of_from == 1.0
    }
}

/// Shares of old units in new ones, by geodesic area.
///
/// Common ground below 0.1 % of the old unit is digitising noise and left out; what is left of a unit is scaled to 1
/// where at most a hundredth is missing.
#[must_use]
pub fn crosswalk(old: &[Jurisdiction], new: &[Jurisdiction]) -> Crosswalk {
    let tree = boxes(new.iter().map(|unit| &unit.geometry));
    let mut found = Crosswalk::default();
    for unit in old {
        let whole = geodesic_ha(&oriented(&unit.geometry));
        if whole <= 0.0 {
            continue;
        }
        let common = |index: &usize| {
            let other = &new[*index];
            let area = geodesic_ha(&oriented(&unit.geometry.intersection(&other.geometry)));
            (area > OVERLAP_SHARE * whole).then(|| (other.code.clone(), area))
        };
        let parts: Vec<(String, f64)> = candidates(&tree, &unit.geometry).iter().filter_map(common).collect();
        let kept = parts.iter().map(|(_, area)| area / whole).sum::<f64>();
        let scale = if (1.0 - kept).abs() <= LOST_SHARE { 1.0 / kept } else { 1.0 };
        if kept < 1.0 - LOST_SHARE {
            found.lost.insert(unit.code.clone(), 1.0 - kept);
        }
        let only = parts.len() == 1 && scale != 1.0;
        found.shares.extend(parts.into_iter().map(|(to, area_ha)| Share {
            from: unit.code.clone(),
            to,
            area_ha,
            of_from: if only { 1.0 } else { scale * area_ha / whole },
        }));
    }
    found.shares.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    found
}

fn oriented(polygons: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    polygons.orient(Direction::Default)
}

#[cfg(test)]
mod tests {
    use belcheer_domain::records::Level;
    use geo_types::{Rect, coord};

    use super::*;

    fn unit(code: &str, x: (f64, f64)) -> Jurisdiction {
        let rectangle = Rect::new(coord! { x: x.0, y: 47.0 }, coord! { x: x.1, y: 48.0 }).to_polygon();
        Jurisdiction {
            level: Level::Soum,
            code: code.to_owned(),
            au2: code.parse().ok(),
            name_mn: None,
            name_en: None,
            geometry: MultiPolygon(vec![rectangle]),
            area_ha: 1.0,
        }
    }

    #[test]
    fn a_divided_unit_goes_to_its_parts_and_an_equal_one_stays() {
        let old = [unit("06404", (100.0, 101.0)), unit("06407", (101.0, 102.0))];
        assert!(crosswalk(&old, &old).changed().is_empty());
        let new = [unit("06404", (100.0, 100.25)), unit("06405", (100.25, 101.0)), unit("06407", (101.0, 102.0))];
        let found = crosswalk(&old, &new);
        assert_eq!(found.changed(), ["06404"]);
        // sides that run east are geodesics, which bulge less when they are shorter
        let shares: Vec<_> = found.shares.iter().map(|s| (s.to.as_str(), (s.of_from * 1e5).round() / 1e5)).collect();
        assert_eq!(shares, [("06404", 0.25), ("06405", 0.75), ("06407", 1.0)]);
        assert!(found.lost.is_empty());
        let found = crosswalk(&old, &new[..1]);
        assert!((found.lost["06404"] - 0.75).abs() < 1e-5 && (found.lost["06407"] - 1.0).abs() < 1e-9);
    }
}
