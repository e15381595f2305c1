//! Aimags and natural zones: means of their soums, weighted by assessed area.
//!
//! Yearly indicators are averaged year by year, each soum as the difference from its own baseline, so that soums without
//! a value in a year do not shift the mean; the year stays the unit of replication, since soums share its shocks. I4 has
//! no yearly values; its soums are taken as independent.

use std::collections::BTreeMap;

use belcheer_domain::records::Level;
use belcheer_domain::{Indicator, SoumCode, Tier, Years, aimag_of};
use belcheer_verification::estimators::combination::combined;
use belcheer_verification::{Estimate, Flag, Reason, persistent_noise_floor, yearly_change};

use super::{Roll, Told};
use crate::evidence::{BySoum, Measured, Yearly, mean};

/// Method and version.
const METHOD: &str = "mean_of_soums@1";

/// Measures every group of soums on every indicator.
pub(super) fn measure(from: &Roll<'_>, level: Level) -> Vec<(Indicator, &'static str, Vec<Told>)> {
    let mut groups: BTreeMap<String, Vec<SoumCode>> = BTreeMap::new();
    for soum in from.inputs.soums.keys() {
        let group = if level == Level::Aimag {
            Some(soum.au1())
        } else {
            from.zones.get(soum).map(|zone| zone.as_str().to_owned())
        };
        if let Some(group) = group {
            groups.entry(group).or_default().push(*soum);
        }
    }
    let of_indicator = from.measured.iter().map(|(indicator, _, by_soum)| {
        let told = groups.iter().map(|(id, soums)| told(from, level, *indicator, by_soum, (id, soums)));
        (*indicator, METHOD, told.collect())
    });
    of_indicator.collect()
}

fn told(
    from: &Roll<'_>,
    level: Level,
    indicator: Indicator,
    by_soum: &BySoum,
    (id, soums): (&String, &[SoumCode]),
) -> Told {
    let name = if level == Level::Aimag {
        let held = from.inputs.aimag_names.get(id).cloned();
        held.or_else(|| soums.first().and_then(|s| aimag_of(*s)).map(|a| a.mn.to_owned()))
    } else {
        None
    };
    let members: Vec<(f64, &Measured)> = soums
        .iter()
        .filter_map(|soum| Some((from.area_ha.get(soum).copied().filter(|a| *a > 0.0)?, by_soum.get(soum)?)))
        .collect();
    Told {
        au2: None,
        id: id.clone(),
        names: (name, None),
        soums: soums.len() as u32,
        area_ha: Some(members.iter().map(|(area, _)| area).sum()),
        area_share: None,
        soum_effect: None,
        small_area: None,
        measured: group(from, level, indicator, &members),
    }
}

fn group(from: &Roll<'_>, level: Level, indicator: Indicator, members: &[(f64, &Measured)]) -> Measured {
    let unit = members.first().map_or("", |(_, m)| m.value_unit);
    let (baseline, reporting) = (from.request.baseline, from.request.reporting);
    let all: f64 = members.iter().map(|(area, _)| area).sum();
    let seen: Vec<(f64, &Measured)> = members.iter().filter(|(_, m)| m.estimate.is_some()).copied().collect();
    let weighted = |of: fn(&Measured) -> Option<f64>| {
        let known: Vec<(f64, f64)> = seen.iter().filter_map(|(area, m)| Some((*area, of(m)?))).collect();
        let area: f64 = known.iter().map(|(area, _)| area).sum();
        (area > 0.0).then(|| known.iter().map(|(area, v)| area * v).sum::<f64>() / area)
    };
    if seen.is_empty() {
        return Measured::nothing(unit, vec![Reason::NotComputed]);
    }
    let covered: f64 = seen.iter().map(|(area, m)| area * m.coverage.unwrap_or(0.0)).sum();
    let mut flags: Vec<Flag> = seen.iter().flat_map(|(_, m)| m.flags.iter().copied()).collect();
    flags.sort_unstable();
    flags.dedup();
    let base = Measured {
        raw_effect: weighted(|m| m.raw_effect),
        baseline_value: weighted(|m| m.baseline_value),
        reporting_value: weighted(|m| m.reporting_value),
        tier: seen.iter().map(|(_, m)| m.tier).min().unwrap_or(Tier::T0),
        coverage: Some(covered / all),
        n_plots: Some(seen.iter().filter_map(|(_, m)| m.n_plots).sum()),
        n_eff: Some(seen.len() as f64),
        flags,
        ..Measured::nothing(unit, Vec::new())
    };
    if level == Level::Zone && indicator == Indicator::I1 {
        return Measured { reasons: vec![Reason::ZoneYearsTakenOut], ..base };
    }
    let Some(series) = yearly(&seen, baseline) else { return Measured { estimate: independent(from, &seen), ..base } };
    let change = yearly_change(&series.values, baseline, reporting, series.persistence, from.settings);
    let noise = series
        .persistence
        .and_then(|phi| persistent_noise_floor(&series.values, baseline, reporting, phi, from.settings));
    let years = |span: Years| series.values.keys().filter(|y| span.contains(**y)).count();
    Measured {
        estimate: change.as_ref().ok().map(|c| series.in_unit(c.estimate)),
        noise_floor: noise.map(|e| series.in_unit(e).half_width()),
        years: (years(baseline), years(reporting)),
        reasons: change.err().map(|e| e.reason()).into_iter().collect(),
        yearly: Some(series),
        ..base
    }
}

/// Mean of the soums' differences from their own baselines, by year, in years that most of the area has; `None` where
/// an indicator has no yearly values.
fn yearly(members: &[(f64, &Measured)], baseline: Years) -> Option<Yearly> {
    let first = members.first()?.1.yearly.as_ref()?;
    let own = |m: &Measured| -> Option<BTreeMap<i32, f64>> {
        let values = &m.yearly.as_ref()?.values;
        let level = mean(&values.range(baseline.first..=baseline.last).map(|(_, v)| *v).collect::<Vec<_>>())?;
        Some(values.iter().map(|(year, v)| (*year, v - level)).collect())
    };
    let series: Vec<(f64, BTreeMap<i32, f64>)> = members.iter().filter_map(|(a, m)| Some((*a, own(m)?))).collect();
    let whole: f64 = series.iter().map(|(area, _)| area).sum();
    let mut sums: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
    for (area, values) in &series {
        for (year, value) in values {
            let sum = sums.entry(*year).or_default();
            *sum = (sum.0 + area, sum.1 + area * value);
        }
    }
    let most = sums.into_iter().filter(|(_, (area, _))| 2.0 * area >= whole);
    let values = most.map(|(year, (area, sum))| (year, sum / area)).collect();
    Some(Yearly { observed: BTreeMap::new(), values, common: 0.0, ..first.clone() })
}

/// The mean of changes of independent soums.
fn independent(from: &Roll<'_>, members: &[(f64, &Measured)]) -> Option<Estimate> {
    let area: f64 = members.iter().map(|(area, _)| area).sum();
    let parts: Vec<_> = members.iter().filter_map(|(a, m)| Some((a / area, m.estimate?))).collect();
    combined(&parts, from.settings)
}
