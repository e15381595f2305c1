//! The division of a soum: its bags or user groups with their shares, and the land that none of them covers.

use std::collections::BTreeMap;

use belcheer_domain::records::Level;
use belcheer_domain::{Finding, Severity, SoumCode};

use super::Roll;
use crate::area_sums::AreaSums;

/// Shares of a soum smaller than this are slivers of borders, not land without a part.
const SLIVER: f64 = 0.001;

/// A part of a soum; the last one of a soum may be the land that no other covers.
pub(super) struct Part {
    pub(super) au2: SoumCode,
    pub(super) id: String,
    pub(super) names: (Option<String>, Option<String>),
    /// Assessed area, ha.
    pub(super) area_ha: f64,
    /// Share of the soum's assessed area; the parts of a soum sum to one.
    pub(super) share: f64,
    /// Vegetation by year.
    pub(super) vegetation: BTreeMap<i32, AreaSums>,
    /// Whether it is the land that no other part covers.
    pub(super) rest: bool,
}

/// The parts of every soum that has any, and what is left of it.
pub(super) fn parts(from: &Roll<'_>, level: Level, findings: &mut Vec<Finding>) -> Vec<Part> {
    let asked = |soum: &SoumCode| from.request.soums.is_empty() || from.request.soums.contains(soum);
    let mut by_soum: BTreeMap<SoumCode, Vec<Part>> = BTreeMap::new();
    for ((of, id), zone) in &from.inputs.parts {
        let Some(au2) = zone.au2.filter(|au2| *of == level && asked(au2)) else { continue };
        let vegetation = from.vegetation.parts.get(&(level, id.clone())).cloned().unwrap_or_default();
        let area_ha = assessed_ha(&vegetation).unwrap_or(zone.area_ha);
        let names = (zone.name_mn.clone(), zone.name_en.clone());
        let part = Part { au2, id: id.clone(), names, area_ha, share: 0.0, vegetation, rest: false };
        by_soum.entry(au2).or_default().push(part);
    }
    for (soum, parts) in &mut by_soum {
        complete(from, *soum, parts, findings);
    }
    by_soum.into_values().flatten().collect()
}

/// Gives the parts of a soum their shares and adds the land that none covers.
fn complete(from: &Roll<'_>, soum: SoumCode, parts: &mut Vec<Part>, findings: &mut Vec<Finding>) {
    let vegetation = from.vegetation.soums.get(&soum);
    let whole = vegetation.and_then(assessed_ha).or_else(|| from.inputs.soums.get(&soum).map(|s| s.area_ha));
    let covered: f64 = parts.iter().map(|p| p.area_ha).sum();
    let whole = whole.unwrap_or(covered);
    if covered > (1.0 + SLIVER) * whole {
        let percent = 100.0 * covered / whole;
        findings.push(Finding::new("parts_exceed_soum", Severity::Warning, "boundaries").soum(soum).text(
            format!("its parts together have {percent:.1} % of its assessed area: they overlap or reach beyond the soum"),
            format!("хэсгүүдийн нийлбэр талбай сумын үнэлсэн талбайн {percent:.1} %: давхцсан эсвэл сумын хилээс гарсан байна"),
        ));
    }
    if whole - covered > SLIVER * whole {
        let mut rest: BTreeMap<i32, AreaSums> = vegetation.cloned().unwrap_or_default();
        for (year, sums) in &mut rest {
            for part in parts.iter().filter_map(|p| p.vegetation.get(year)) {
                sums.sum_w = (sums.sum_w - part.sum_w).max(0.0);
                sums.sum_wx -= part.sum_wx;
                sums.sum_wxx -= part.sum_wxx;
                sums.missing_w = (sums.missing_w - part.missing_w).max(0.0);
                sums.n = sums.n.saturating_sub(part.n);
            }
        }
        let names = (Some("хэсэгт хамаарахгүй бэлчээр".to_owned()), Some("rangeland of no group".to_owned()));
        let (id, area_ha) = (format!("{soum}-none"), whole - covered);
        parts.push(Part { au2: soum, id, names, area_ha, share: 0.0, vegetation: rest, rest: true });
    }
    let total: f64 = parts.iter().map(|p| p.area_ha).sum();
    for part in parts {
        part.share = if total > 0.0 { part.area_ha / total } else { 0.0 };
    }
}

/// Assessed area of any year, which is that of every year.
fn assessed_ha(vegetation: &BTreeMap<i32, AreaSums>) -> Option<f64> {
    vegetation.values().next().map(|sums| sums.sum_w + sums.missing_w)
}
