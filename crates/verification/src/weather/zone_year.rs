//! Zone-by-year effects as medians over the other soums of a zone, ln units.

use std::collections::BTreeMap;

use belcheer_domain::{NaturalZone, SoumCode, Years};

use crate::{
    Flag,
    sums::{mean, sorted_median},
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

type ZoneYears = BTreeMap<(NaturalZone, i32), Vec<f64>>;

/// Removes soum levels (baseline mean) and leave-one-out zone-by-year medians.
///
/// The level of a soum that lacks baseline years is first taken over its own years, which differ from its peers'; the
/// rounds that follow correct it by the zone's medians of exactly those years.
pub(super) fn remove(panel: &Panel, baseline: Years, peers_min: usize) -> Unexplained {
    let mut levels: BTreeMap<SoumCode, f64> =
        panel.iter().filter_map(|(s, (_, values))| Some((*s, baseline_mean(values, baseline)?))).collect();
    let mut medians = zone_years(panel, &levels);
    for _ in 1..ROUNDS {
        for (soum, (zone, values)) in panel {
            let Some(level) = levels.get_mut(soum) else { continue };
            let (rest, _) = residuals(values, *zone, *level, &medians, peers_min);
            *level += baseline_mean(&rest, baseline).unwrap_or(0.0);
        }
        medians = zone_years(panel, &levels);
    }
    let mut soums = BTreeMap::new();
    for (soum, (zone, values)) in panel {
        let Some(level) = levels.get(soum) else { continue };
        let (mut rest, flags) = residuals(values, *zone, *level, &medians, peers_min);
        let left = baseline_mean(&rest, baseline).unwrap_or(0.0);
        rest.values_mut().for_each(|r| *r -= left);
        soums.insert(*soum, (rest, flags));
    }
    let mut zones: BTreeMap<NaturalZone, BTreeMap<i32, f64>> = BTreeMap::new();
    for ((zone, year), values) in &medians {
        if let Some(median) = sorted_median(values) {
            zones.entry(*zone).or_default().insert(*year, median);
        }
    }
    Unexplained { soums, zones }
}

fn baseline_mean(values: &BTreeMap<i32, f64>, baseline: Years) -> Option<f64> {
    mean(&values.iter().filter(|(y, _)| baseline.contains(**y)).map(|(_, v)| *v).collect::<Vec<_>>())
}

fn zone_years(panel: &Panel, levels: &BTreeMap<SoumCode, f64>) -> ZoneYears {
    let mut groups = ZoneYears::new();
    for (soum, (zone, values)) in panel {
        let Some(level) = levels.get(soum) else { continue };
        for (year, value) in values {
            groups.entry((*zone, *year)).or_default().push(value - level);
        }
    }
    groups.values_mut().for_each(|v| v.sort_by(f64::total_cmp));
    groups
}

fn residuals(
    values: &BTreeMap<i32, f64>,
    zone: NaturalZone,
    level: f64,
    zone_years: &ZoneYears,
    peers_min: usize,
) -> (BTreeMap<i32, f64>, Vec<Flag>) {
    let mut rest = BTreeMap::new();
    for (year, value) in values {
        let peers = zone_years.get(&(zone, *year)).map_or(&[][..], Vec::as_slice);
        if let Some(shock) = median_of_others(peers, value - level).filter(|_| peers.len() > peers_min) {
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

/// The median of sorted values without one occurrence of `own`, or nearly its value.
fn median_of_others(sorted: &[f64], own: f64) -> Option<f64> {
    let at = sorted.partition_point(|v| *v < own).min(sorted.len().checked_sub(1)?);
    let kept = |i: usize| sorted.get(if i < at { i } else { i + 1 }).copied();
    let n = sorted.len() - 1;
    let upper = kept(n / 2)?;
    if n % 2 == 1 { Some(upper) } else { kept((n / 2).checked_sub(1)?).map(|lower| 0.5 * (lower + upper)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_own_value_is_left_out_of_the_median() {
        let sorted = [1.0, 2.0, 3.0, 4.0, 100.0];
        assert_eq!(median_of_others(&sorted, 100.0), Some(2.5));
        assert_eq!(median_of_others(&sorted, 1.0), Some(3.5));
        assert_eq!(median_of_others(&sorted, 3.0), Some(3.0));
        assert_eq!(median_of_others(&[1.0, 2.0, 2.0, 9.0], 2.0), Some(2.0));
        assert_eq!(median_of_others(&[1.0], 1.0), None);
        assert_eq!(median_of_others(&[], 1.0), None);
    }
}
