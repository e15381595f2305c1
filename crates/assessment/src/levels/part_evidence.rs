//! Evidence of bags and user groups: I1, I3 and I5 by zonal sums, I2 by small-area estimation; I4 is not told of parts.

use std::collections::BTreeMap;

use belcheer_domain::records::Level;
use belcheer_domain::{Finding, Indicator, SoumCode};
use belcheer_verification::Reason;

use super::parts::{Part, parts};
use super::{Roll, SmallArea, Told, small_areas};
use crate::assess::ground::CoverSeries;
use crate::error::AssessmentError;
use crate::evidence::pressure::{self, Pressure};
use crate::evidence::productivity::{self, Periods};
use crate::evidence::{Measured, conversion};
use crate::land_cover::{Conversion, loss_percent};
use crate::yields::soum_yields;

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

/// I1 of a part: its own series, less what weather and the zone's years did to its soum.
fn productivity_of(from: &Roll<'_>, part: &Part) -> Measured {
    let soum = from.measured.iter().find(|(i, ..)| *i == Indicator::I1).and_then(|(.., m)| m.get(&part.au2));
    let adjustment = from.vegetation.panel.as_ref().and_then(|panel| panel.soums.get(&part.au2));
    let (Some(soum), Some(adjustment)) = (soum, adjustment) else {
        return Measured::nothing(productivity::UNIT, vec![Reason::NotComputed]);
    };
    let coverage_min = from.request.scheme.decision.coverage_min;
    let seen = part.vegetation.iter().filter(|(_, sums)| sums.coverage() >= coverage_min);
    let raw: BTreeMap<i32, f64> =
        seen.filter_map(|(year, sums)| Some((*year, sums.mean().filter(|v| *v > 0.0)?.ln()))).collect();
    let adjusted: BTreeMap<i32, f64> = raw
        .iter()
        .filter_map(|(year, ln)| Some((*year, ln - adjustment.raw.get(year)? + adjustment.adjusted.get(year)?)))
        .collect();
    let phi = soum.yearly.as_ref().and_then(|y| y.persistence).unwrap_or(0.0);
    let periods = Periods { baseline: from.request.baseline, reporting: from.request.reporting, phi };
    Measured {
        tier: soum.tier,
        flags: soum.flags.clone(),
        ..productivity::of_series(&part.vegetation, &raw, adjusted, periods, from.settings)
    }
}

/// I3 of user groups whose animals were counted apart: yield and utilisation are those of the soum.
fn pressure_of(from: &Roll<'_>, level: Level, parts: &[Part]) -> Result<Vec<Measured>, AssessmentError> {
    let yields = soum_yields(&from.inputs.plots, from.zones);
    let pressure = Pressure::new(from.inputs, from.request, from.sets, from.zones, (&yields, from.area_ha))?;
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
    // rasters left out of the series were told when the soums were surveyed
    let Some(series) = CoverSeries::held(from.inputs, from.request, from.sets, &mut Vec::new())? else {
        return Ok(BTreeMap::new());
    };
    from.watch.step("land cover of parts", 0, 1);
    let of_level = from.inputs.parts.iter().filter(|((of, _), _)| *of == level);
    let cover = series.survey(&of_level.map(|((_, id), zone)| (id.clone(), zone.geometry.clone())).collect())?;
    from.watch.step("land cover of parts", 1, 1);
    Ok(cover.converted_ha)
}
