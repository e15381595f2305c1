//! Zone-by-year effects as medians over the other soums of a zone, ln units.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::{NaturalZone, SoumCode, Years};

use crate::{
    Flag,
    sums::{mean, sorted_median, variance},
};

/// Yearly values less weather, by soum, with the soum's zone.
pub(super) type Panel = BTreeMap<SoumCode, (NaturalZone, BTreeMap<i32, f64>)>;

/// Residual series by soum and median series by zone.
pub(super) struct Unexplained {
    pub(super) soums: BTreeMap<SoumCode, (BTreeMap<i32, f64>, Vec<Flag>)>,
    pub(super) zones: BTreeMap<NaturalZone, BTreeMap<i32, f64>>,
}

/// How often soum levels and zone-by-year medians are refined; with a balanced panel the second round changes nothing.
const ROUNDS: usize = 5;

/// Values less their soum's level with the soum each belongs to, sorted by value, by zone and year.
type ZoneYears = BTreeMap<(NaturalZone, i32), Vec<(f64, SoumCode)>>;

/// Removes soum levels (baseline mean) and leave-one-out zone-by-year medians.
///
/// The level of a soum that lacks baseline years is first taken over its own years, which differ from its peers'; the
/// rounds that follow correct it by the zone's medians of exactly those years. With a reporting period, soums whose
/// change stands out stop voting on the medians.
pub(super) fn remove(
    panel: &Panel,
    baseline: Years,
    reporting: Option<Years>,
    parameters: &crate::parameters::Panel,
) -> Unexplained {
    let peers_min = parameters.zone_peers_min;
    let mut levels: BTreeMap<SoumCode, f64> =
        panel.iter().filter_map(|(s, (_, values))| Some((*s, baseline_mean(values, baseline)?))).collect();
    let mut silent = BTreeSet::new();
    let mut medians = zone_years(panel, &levels, &silent);
    for _ in 1..ROUNDS {
        for (soum, (zone, values)) in panel {
            let Some(level) = levels.get_mut(soum) else { continue };
            let (rest, _) = residuals(values, *soum, *zone, *level, &medians, peers_min);
            *level += baseline_mean(&rest, baseline).unwrap_or(0.0);
        }
        if let Some(reporting) = reporting {
            silent = standing_out(panel, &levels, &medians, baseline, reporting, parameters);
        }
        medians = zone_years(panel, &levels, &silent);
    }
    let mut soums = BTreeMap::new();
    for (soum, (zone, values)) in panel {
        let Some(level) = levels.get(soum) else { continue };
        let (mut rest, flags) = residuals(values, *soum, *zone, *level, &medians, peers_min);
        let left = baseline_mean(&rest, baseline).unwrap_or(0.0);
        rest.values_mut().for_each(|r| *r -= left);
        soums.insert(*soum, (rest, flags));
    }
    let mut zones: BTreeMap<NaturalZone, BTreeMap<i32, f64>> = BTreeMap::new();
    for ((zone, year), values) in &medians {
        if let Some(median) = sorted_median(&values.iter().map(|v| v.0).collect::<Vec<_>>()) {
            zones.entry(*zone).or_default().insert(*year, median);
        }
    }
    Unexplained { soums, zones }
}

/// Soums whose change is further from the middle of their zone's changes than their own noise explains.
fn standing_out(
    panel: &Panel,
    levels: &BTreeMap<SoumCode, f64>,
    medians: &ZoneYears,
    baseline: Years,
    reporting: Years,
    parameters: &crate::parameters::Panel,
) -> BTreeSet<SoumCode> {
    let mut by_zone: BTreeMap<NaturalZone, Vec<(SoumCode, f64, f64)>> = BTreeMap::new();
    for (soum, (zone, values)) in panel {
        let Some(level) = levels.get(soum) else { continue };
        let (rest, _) = residuals(values, *soum, *zone, *level, medians, parameters.zone_peers_min);
        let of = |span: Years| rest.range(span.first..=span.last).map(|(_, v)| *v).collect::<Vec<_>>();
        let (before, after) = (of(baseline), of(reporting));
        let (Some(b), Some(a), Some(vb), Some(va)) = (mean(&before), mean(&after), variance(&before), variance(&after))
        else {
            continue;
        };
        let (nb, na) = (before.len() as f64, after.len() as f64);
        let pooled = ((nb - 1.0) * vb + (na - 1.0) * va) / (nb + na - 2.0);
        by_zone.entry(*zone).or_default().push((*soum, a - b, (pooled * (1.0 / nb + 1.0 / na)).sqrt()));
    }
    let mut silent = BTreeSet::new();
    for changes in by_zone.into_values() {
        let mut sorted: Vec<f64> = changes.iter().map(|c| c.1).collect();
        sorted.sort_by(f64::total_cmp);
        let Some(middle) = sorted_median(&sorted) else { continue };
        let out: Vec<SoumCode> = changes
            .iter()
            .filter(|(_, change, noise)| (change - middle).abs() > parameters.standing_out_t * noise)
            .map(|c| c.0)
            .collect();
        let left = changes.len() - out.len();
        if 2 * left >= changes.len() && left > parameters.zone_peers_min {
            silent.extend(out);
        }
    }
    silent
}

fn baseline_mean(values: &BTreeMap<i32, f64>, baseline: Years) -> Option<f64> {
    mean(&values.iter().filter(|(y, _)| baseline.contains(**y)).map(|(_, v)| *v).collect::<Vec<_>>())
}

fn zone_years(panel: &Panel, levels: &BTreeMap<SoumCode, f64>, silent: &BTreeSet<SoumCode>) -> ZoneYears {
    let mut groups = ZoneYears::new();
    for (soum, (zone, values)) in panel.iter().filter(|(soum, _)| !silent.contains(soum)) {
        let Some(level) = levels.get(soum) else { continue };
        for (year, value) in values {
            groups.entry((*zone, *year)).or_default().push((value - level, *soum));
        }
    }
    groups.values_mut().for_each(|v| v.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))));
    groups
}

fn residuals(
    values: &BTreeMap<i32, f64>,
    soum: SoumCode,
    zone: NaturalZone,
    level: f64,
    zone_years: &ZoneYears,
    peers_min: usize,
) -> (BTreeMap<i32, f64>, Vec<Flag>) {
    let mut rest = BTreeMap::new();
    for (year, value) in values {
        let peers = zone_years.get(&(zone, *year)).map_or(&[][..], Vec::as_slice);
        if let Some(shock) = median_of_others(peers, soum, peers_min) {
            rest.insert(*year, value - level - shock);
        }
    }
    if rest.len() == values.len() {
        return (rest, Vec::new());
    }
    if 2 * rest.len() >= values.len() {
        return (rest, vec![Flag::YearsWithoutPeers]);
    }
    (values.iter().map(|(y, v)| (*y, v - level)).collect(), vec![Flag::FewZonePeers])
}

/// The median of sorted values without the soum's own; `None` with fewer than `peers_min` others.
fn median_of_others(sorted: &[(f64, SoumCode)], own: SoumCode, peers_min: usize) -> Option<f64> {
    let at = sorted.iter().position(|(_, soum)| *soum == own).unwrap_or(sorted.len());
    let kept = |i: usize| sorted.get(if i < at { i } else { i + 1 }).map(|v| v.0);
    let n = sorted.len() - usize::from(at < sorted.len());
    if n < peers_min.max(1) {
        return None;
    }
    let upper = kept(n / 2)?;
    if n % 2 == 1 { Some(upper) } else { kept((n / 2).checked_sub(1)?).map(|lower| 0.5 * (lower + upper)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_own_value_is_left_out_of_the_median() {
        let soum = |n: u16| SoumCode::new(6401 + n).unwrap();
        let sorted: Vec<_> = [1.0, 2.0, 3.0, 4.0, 100.0].into_iter().zip((0..).map(soum)).collect();
        assert_eq!(median_of_others(&sorted, soum(4), 1), Some(2.5));
        assert_eq!(median_of_others(&sorted, soum(0), 1), Some(3.5));
        assert_eq!(median_of_others(&sorted, soum(2), 1), Some(3.0));
        assert_eq!(median_of_others(&sorted, soum(9), 5), Some(3.0));
        assert_eq!(median_of_others(&sorted, soum(2), 5), None);
        assert_eq!(median_of_others(&[], soum(0), 0), None);
    }
}
