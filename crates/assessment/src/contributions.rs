//! Enrolled soums against soums outside: like zone, not neighbours. Attribution stays apart from outcome.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::{NaturalZone, Scheme, SoumCode, Years};
use belcheer_verification::{Contribution, TestSettings, contribution};
use geo::{BoundingRect, Intersects};
use geo_types::{MultiPolygon, Rect};

use crate::evidence::{BySoum, Yearly};

/// The comparison of every enrolled soum on one indicator; values on the scale of the test.
#[must_use]
pub fn contributions(
    measured: &BySoum,
    enrolled: &BTreeSet<SoumCode>,
    neighbours: &BTreeMap<SoumCode, BTreeSet<SoumCode>>,
    zones: &BTreeMap<SoumCode, NaturalZone>,
    scheme: &Scheme,
    settings: &TestSettings,
    periods: (Years, Years),
) -> BTreeMap<SoumCode, Contribution> {
    let yearly = |soum: &SoumCode| -> Option<&Yearly> { measured.get(soum)?.yearly.as_ref() };
    enrolled
        .iter()
        .filter_map(|soum| {
            let own = yearly(soum)?;
            let zone = zones.get(soum)?;
            let near = neighbours.get(soum);
            let donors: Vec<&BTreeMap<i32, f64>> = zones
                .iter()
                .filter(|(other, of)| *of == zone && !enrolled.contains(other))
                .filter(|(other, _)| !near.is_some_and(|n| n.contains(other)))
                .filter_map(|(other, _)| yearly(other).map(|y| &y.values))
                .collect();
            let rule = &scheme.contribution;
            let mut found = contribution(&own.values, &donors, periods.0, periods.1, rule, own.persistence, settings);
            found.estimate = found.estimate.map(|e| own.in_unit(e));
            Some((*soum, found))
        })
        .collect()
}

/// Which soums touch each of the enrolled.
#[must_use]
pub fn neighbours(
    shapes: &BTreeMap<SoumCode, MultiPolygon<f64>>,
    enrolled: &BTreeSet<SoumCode>,
) -> BTreeMap<SoumCode, BTreeSet<SoumCode>> {
    let boxes: BTreeMap<SoumCode, Rect<f64>> =
        shapes.iter().filter_map(|(code, shape)| shape.bounding_rect().map(|b| (*code, b))).collect();
    enrolled
        .iter()
        .filter_map(|soum| {
            let (shape, own) = (shapes.get(soum)?, boxes.get(soum)?);
            let near = boxes.iter().filter(|(other, b)| *other != soum && b.intersects(own));
            let touching = near.filter(|(other, _)| shapes.get(other).is_some_and(|s| s.intersects(shape)));
            Some((*soum, touching.map(|(other, _)| *other).collect()))
        })
        .collect()
}
