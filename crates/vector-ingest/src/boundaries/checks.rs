//! Checks of a set of units as a whole: supplied areas, the country's area, the place on earth.

use belcheer_domain::records::{Jurisdiction, Level};
use geo::BoundingRect;

use super::{
    fields::{KNOWN, listed},
    units::Draft,
    value,
};
use crate::{messages::Log, source::RawLayer, text::number::parse_number};

/// Hectares in one unit of a supplied area.
const UNITS: [(&str, f64); 3] = [("km2", 100.0), ("ha", 1.0), ("m2", 1e-4)];

/// Compares supplied areas with the computed ones; one finding for each field that differs by more than 1 %.
///
/// A field without a unit in its name is taken in the unit that makes its median nearest to the computed areas; when
/// none comes within a factor of three (square degrees, say) the field is not compared.
pub(crate) fn supplied_areas(layer: &RawLayer, drafts: &[Draft], log: &mut Log) {
    for (unit_name, names) in &KNOWN.area {
        for field in listed(layer, names) {
            let pairs: Vec<(f64, f64, &Draft)> = drafts
                .iter()
                .filter_map(|d| {
                    let supplied = parse_number(value(layer, d.feature, Some(field))?, false).value()?;
                    (supplied > 0.0 && d.area_ha > 0.0).then_some((supplied, d.area_ha, d))
                })
                .collect();
            let stated = UNITS.iter().find(|(name, _)| name == unit_name).map(|(_, ha)| *ha);
            if let Some(ha) = stated.or_else(|| likely_unit(&pairs)) {
                compare(layer, field, ha, &pairs, log);
            }
        }
    }
}

fn likely_unit(pairs: &[(f64, f64, &Draft)]) -> Option<f64> {
    let mut ratios: Vec<f64> = pairs.iter().map(|(supplied, own, _)| supplied / own).collect();
    ratios.sort_by(f64::total_cmp);
    let median = ratios.get(ratios.len() / 2)?;
    let off = |ha: f64| (median * ha).ln().abs();
    let best = UNITS.iter().map(|(_, ha)| *ha).min_by(|a, b| off(*a).total_cmp(&off(*b)))?;
    (off(best) < 3.0_f64.ln()).then_some(best)
}

fn compare(layer: &RawLayer, field: usize, ha: f64, pairs: &[(f64, f64, &Draft)], log: &mut Log) {
    let differing: Vec<(f64, &str)> = pairs
        .iter()
        .map(|(supplied, own, d)| (supplied * ha / own - 1.0, d.code.as_str()))
        .filter(|(difference, _)| difference.abs() > KNOWN.national.area_tolerance)
        .collect();
    let least = differing.iter().min_by(|a, b| a.0.total_cmp(&b.0));
    let most = differing.iter().max_by(|a, b| a.0.total_cmp(&b.0));
    if let (Some((low, _)), Some((high, worst))) = (least, most) {
        let name = layer.fields.get(field).cloned().unwrap_or_default();
        let detail = format!("{:+.1} % ... {:+.1} % ({worst})", 100.0 * low, 100.0 * high);
        log.note("area_differs", format!("field {name}"), differing.len() as u64, &detail);
    }
}

/// A set of three hundred soums or more is the country; its area is compared with the official one.
pub(crate) fn national_area(units: &[Jurisdiction], level: Level, log: &mut Log) {
    let national = &KNOWN.national;
    if level != Level::Soum || units.len() < national.soums {
        return;
    }
    let sum_km2 = units.iter().map(|u| u.area_ha).sum::<f64>() / 100.0;
    let difference = sum_km2 / national.area_km2 - 1.0;
    let detail = format!("{sum_km2:.0} km2, {:+.2} %", 100.0 * difference);
    if difference.abs() > national.tolerance {
        log.note("national_area_differs", "", units.len() as u64, &detail);
    } else {
        log.note("national_area", "", units.len() as u64, &detail);
    }
}

/// Units whose envelope lies wholly outside the country's window.
pub(crate) fn place(units: &[Jurisdiction], log: &mut Log) {
    let [west, south, east, north] = KNOWN.national.window;
    for unit in units {
        let Some(r) = unit.geometry.bounding_rect() else { continue };
        if r.max().x < west || r.min().x > east || r.max().y < south || r.min().y > north {
            log.record("outside_country", unit.au2, unit.code.clone(), "");
        }
    }
}
