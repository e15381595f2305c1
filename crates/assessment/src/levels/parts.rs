//! Bags and user groups: I1, I3 and I5 by zonal sums, I2 by small-area estimation; I4 is not told of parts.

use std::collections::BTreeMap;

use belcheer_domain::records::Level;
use belcheer_domain::{Finding, Indicator, Severity, SoumCode};
use belcheer_verification::{Reason, change_between, persistent_change, persistent_noise_floor};

use super::{Roll, SmallArea, Told, small_areas};
use crate::area_sums::AreaSums;
use crate::assess::ground::one_grid;
use crate::error::AssessmentError;
use crate::evidence::{Facts, Measured, Yearly, conversion, mean, pressure, productivity};
use crate::frame::Frame;
use crate::land_cover::{Conversion, loss_percent, mask_year, survey};
use crate::yields::soum_yields;

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

/// Indicators of one level with their methods.
type OfLevel = Vec<(Indicator, &'static str, Vec<Told>)>;

/// Measures every part of every soum asked for.
pub(super) fn measure(from: &Roll<'_>, level: Level, findings: &mut Vec<Finding>) -> Result<OfLevel, AssessmentError> {
    let parts = parts(from, level, findings);
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let own = |indicator| from.measured.iter().find(|(i, ..)| *i == indicator).map(|(.., by_soum)| by_soum);
    let told = |indicator, measured: Vec<(Measured, Option<SmallArea>)>| -> Vec<Told> {
        let of_soum = |part: &Part| own(indicator)?.get(&part.au2)?.estimate.map(|e| e.effect);
        let zones = parts.iter().zip(measured).map(|(part, (measured, small_area))| Told {
            au2: Some(part.au2),
            id: part.id.clone(),
            names: part.names.clone(),
            soums: 1,
            area_ha: Some(part.area_ha),
            area_share: Some(part.share),
            soum_effect: of_soum(part),
            small_area,
            measured,
        });
        zones.collect()
    };
    let plain = |measured: Vec<Measured>| measured.into_iter().map(|m| (m, None)).collect();
    let i1: Vec<Measured> = parts.iter().map(|part| productivity_of(from, part)).collect();
    let i2 = small_areas::measure(from, level, &parts, &i1);
    let i3 = pressure_of(from, level, &parts)?;
    let i5 = conversion_of(from, level, &parts)?;
    Ok(vec![
        (Indicator::I1, productivity::METHOD, told(Indicator::I1, plain(i1))),
        (Indicator::I2, small_areas::METHOD, told(Indicator::I2, i2)),
        (Indicator::I3, pressure::METHOD, told(Indicator::I3, plain(i3))),
        (Indicator::I5, conversion::METHOD, told(Indicator::I5, plain(i5))),
    ])
}

/// The parts of every soum that has any, and what is left of it.
fn parts(from: &Roll<'_>, level: Level, findings: &mut Vec<Finding>) -> Vec<Part> {
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

/// I1 of a part: its own series, less what weather and the zone's years did to its soum.
fn productivity_of(from: &Roll<'_>, part: &Part) -> Measured {
    let unit = "vegetation_index";
    let soum = from.measured.iter().find(|(i, ..)| *i == Indicator::I1).and_then(|(.., m)| m.get(&part.au2));
    let adjustment = from.vegetation.panel.as_ref().and_then(|panel| panel.soums.get(&part.au2));
    let (Some(soum), Some(adjustment)) = (soum, adjustment) else {
        return Measured::nothing(unit, vec![Reason::NotComputed]);
    };
    let (baseline, reporting) = (from.request.baseline, from.request.reporting);
    let coverage_min = from.request.scheme.decision.coverage_min;
    let seen = part.vegetation.iter().filter(|(_, sums)| sums.coverage() >= coverage_min);
    let values: BTreeMap<i32, f64> =
        seen.filter_map(|(year, sums)| Some((*year, sums.mean().filter(|v| *v > 0.0)?))).collect();
    let raw: BTreeMap<i32, f64> = values.iter().map(|(year, value)| (*year, value.ln())).collect();
    let adjusted: BTreeMap<i32, f64> = raw
        .iter()
        .filter_map(|(year, ln)| Some((*year, ln - adjustment.raw.get(year)? + adjustment.adjusted.get(year)?)))
        .collect();
    let phi = soum.yearly.as_ref().and_then(|y| y.persistence).unwrap_or(0.0);
    let change = persistent_change(&adjusted, baseline, reporting, phi, from.settings);
    let noise = persistent_noise_floor(&adjusted, baseline, reporting, phi, from.settings);
    let raw_change = change_between(&raw, baseline, reporting, from.settings);
    let within =
        |span: belcheer_domain::Years| -> Vec<f64> { values.range(span.first..=span.last).map(|(_, v)| *v).collect() };
    let compared = part.vegetation.iter().filter(|(y, _)| baseline.contains(**y) || reporting.contains(**y));
    let coverage: Vec<f64> = compared.map(|(_, sums)| sums.coverage()).collect();
    let years = |span: belcheer_domain::Years| adjusted.keys().filter(|y| span.contains(**y)).count();
    Measured {
        estimate: change.as_ref().ok().map(|c| c.estimate.ln_to_percent()),
        noise_floor: noise.map(|e| e.ln_to_percent().half_width()),
        raw_effect: raw_change.ok().map(|c| c.estimate.ln_to_percent().effect),
        baseline_value: mean(&within(baseline)),
        reporting_value: mean(&within(reporting)),
        value_unit: unit,
        years: (years(baseline), years(reporting)),
        tier: soum.tier,
        coverage: mean(&coverage),
        n_plots: None,
        n_eff: change.as_ref().ok().map(|c| c.baseline_years_effective + c.reporting_years_effective),
        reasons: change.err().map(|e| e.reason()).into_iter().collect(),
        flags: soum.flags.clone(),
        yearly: Some(Yearly { values: adjusted, common: 0.0, ln_to_percent: true, persistence: Some(phi) }),
        points: None,
        facts: Facts::default(),
    }
}

/// I3 of user groups whose animals were counted apart: yield and utilisation are those of the soum.
fn pressure_of(from: &Roll<'_>, level: Level, parts: &[Part]) -> Result<Vec<Measured>, AssessmentError> {
    let yields = soum_yields(&from.inputs.plots, from.zones);
    let pressure = pressure::Pressure {
        inputs: from.inputs,
        sets: from.sets,
        zones: from.zones,
        yields: &yields,
        area_ha: from.area_ha,
        herd_fall_max_percent: from.request.scheme.rule(Indicator::I3)?.herd_fall_max_percent,
        draws: from.request.scheme.decision.monte_carlo_draws,
        confidence: from.request.scheme.decision.confidence,
        seed: from.request.seed,
    };
    let herds = pressure::sfu_of(&from.inputs.livestock_of_groups, from.sets, |c| Some((c.au2, c.pug.clone()?)));
    let mut capacity: BTreeMap<SoumCode, f64> = BTreeMap::new();
    for row in from.stocking {
        if let Some(sfu) = row.capacity_sfu {
            let least = capacity.entry(row.au2).or_insert(sfu);
            *least = least.min(sfu);
        }
    }
    let (baseline, reporting) = (from.request.baseline, from.request.reporting);
    let of = |part: &Part| {
        let unit = "stocking_ratio";
        let herd = herds.get(&(part.au2, part.id.clone())).filter(|_| level == Level::Pug && !part.rest);
        let Some(herd) = herd else { return Measured::nothing(unit, vec![Reason::NoLivestockSeries]) };
        let own = capacity.get(&part.au2).map(|soum| soum * part.share).filter(|own| *own > 0.0);
        let Some(own) = own else { return Measured::nothing(unit, vec![Reason::NoPlots]) };
        let ratio = herd.iter().map(|(year, sfu)| (*year, sfu / own)).collect();
        pressure::one(&pressure, part.au2, &ratio, herd, baseline, reporting, from.settings)
    };
    Ok(parts.iter().map(of).collect())
}

/// I5 of parts: the land-cover series by part; of the land that none covers, what is left of the soum.
fn conversion_of(from: &Roll<'_>, level: Level, parts: &[Part]) -> Result<Vec<Measured>, AssessmentError> {
    let (baseline, reporting) = (from.request.baseline, from.request.reporting);
    let found = surveyed(from, level)?;
    let of = |part: &Part| {
        let own = if part.rest {
            let others = parts.iter().filter(|p| p.au2 == part.au2 && !p.rest).filter_map(|p| found.get(&p.id));
            from.converted_ha.and_then(|soums| soums.get(&part.au2)).map(|soum| less(soum, others))
        } else {
            found.get(&part.id).cloned()
        };
        let percent = own.map(|years| loss_percent(&years));
        conversion::one(percent.as_ref(), baseline, reporting, from.settings)
    };
    Ok(parts.iter().map(of).collect())
}

/// Rangeland and conversion of a soum less those of its parts.
fn less<'a>(soum: &Conversion, parts: impl Iterator<Item = &'a Conversion>) -> Conversion {
    let mut rest = soum.clone();
    for part in parts {
        for (year, (rangeland, lost)) in &mut rest {
            let (own, own_lost) = part.get(year).copied().unwrap_or_default();
            *rangeland = (*rangeland - own).max(0.0);
            *lost = (*lost - own_lost).max(0.0);
        }
    }
    rest
}

/// Rangeland and conversion of every part of a level; empty without land cover.
fn surveyed(from: &Roll<'_>, level: Level) -> Result<BTreeMap<String, Conversion>, AssessmentError> {
    let Some((legend, rasters)) = &from.inputs.land_cover else { return Ok(BTreeMap::new()) };
    let (Some(year), Some(classes)) = (mask_year(rasters, from.request.baseline.last), from.sets.mask(legend)) else {
        return Ok(BTreeMap::new());
    };
    let same_grid = one_grid(rasters, year, &mut Vec::new());
    let Some(first) = same_grid.get(&year) else { return Ok(BTreeMap::new()) };
    from.watch.step("land cover of parts", 0, 1);
    let of_level = from.inputs.parts.iter().filter(|((of, _), _)| *of == level);
    let shapes: BTreeMap<String, _> = of_level.map(|((_, id), zone)| (id.clone(), zone.geometry.clone())).collect();
    let frame = Frame::new(&first.meta, &first.name, &shapes)?;
    let cover = survey(&frame, &same_grid, year, classes)?;
    from.watch.step("land cover of parts", 1, 1);
    Ok(cover.converted_ha)
}
