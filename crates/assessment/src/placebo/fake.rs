//! Fake programmes: soums drawn by lot are taken for enrolled, and every contribution found is false.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::{Indicator, NaturalZone, SoumCode, Years};
use belcheer_verification::{ContributionEvidence, Rejections, TestSettings, monte_carlo, pooled, welch};

use super::{LEVEL, PlaceboRow, row};
use crate::assess::Request;
use crate::contributions::{Surroundings, compare};
use crate::evidence::mean;

/// Yearly values of every soum on one scale.
pub(super) struct Series {
    pub indicator: Indicator,
    pub measure: &'static str,
    pub values: BTreeMap<SoumCode, BTreeMap<i32, f64>>,
    /// Lag-1 correlation that all soums share, where the change is formed with it.
    pub persistence: Option<f64>,
}

impl Series {
    /// Reporting less baseline mean of every soum.
    pub(super) fn changes(&self, (baseline, reporting): (Years, Years)) -> BTreeMap<SoumCode, f64> {
        let change = |values: &BTreeMap<i32, f64>| {
            let of = |span: Years| mean(&values.range(span.first..=span.last).map(|(_, v)| *v).collect::<Vec<_>>());
            Some(of(reporting)? - of(baseline)?)
        };
        self.values.iter().filter_map(|(soum, values)| Some((*soum, change(values)?))).collect()
    }
}

/// Contributions found where no programme was.
pub(super) fn fake_programmes(
    series: &Series,
    around: &Surroundings<'_>,
    request: &Request,
    draws: usize,
    settings: &TestSettings,
) -> Vec<PlaceboRow> {
    let (indicator, measure) = (series.indicator, series.measure);
    let changes = series.changes(around.periods);
    let single = one_by_one(series, around, request, settings);
    let lots = by_lot(&changes, around.zones, request.seed, indicator, draws, settings);
    let (naive, clustered) = by_aimag(&changes, request.seed, indicator, draws, settings);
    vec![
        row("fake_programme_soum", indicator, measure, "shipped", single, 0.5 * request.scheme.contribution.p_max),
        row("fake_programme_group", indicator, measure, "soums_independent", lots, LEVEL),
        row("fake_programme_aimag", indicator, measure, "soums_independent", naive, LEVEL),
        row("fake_programme_aimag", indicator, measure, "aimag_clustered", clustered, LEVEL),
    ]
}

/// Every soum in turn is taken for enrolled; a supported contribution is a false one.
fn one_by_one(series: &Series, around: &Surroundings<'_>, request: &Request, settings: &TestSettings) -> Rejections {
    let mut counted = Rejections::default();
    let values: BTreeMap<SoumCode, &BTreeMap<i32, f64>> = series.values.iter().map(|(s, v)| (*s, v)).collect();
    for soum in values.keys() {
        let rule = &request.scheme.contribution;
        let found = compare(*soum, &values, around, rule, series.persistence, settings);
        let judged = found.filter(|c| c.estimate.is_some());
        let supported = |evidence| if evidence == ContributionEvidence::Supported { 0.0 } else { 1.0 };
        counted.count(judged.map(|c| supported(c.evidence)), LEVEL);
    }
    counted
}

/// Groups of soums of one zone by lot, a fifth of the zone each; the soums' changes are compared as independent.
fn by_lot(
    changes: &BTreeMap<SoumCode, f64>,
    zones: &BTreeMap<SoumCode, NaturalZone>,
    seed: u64,
    indicator: Indicator,
    draws: usize,
    settings: &TestSettings,
) -> Rejections {
    let mut counted = Rejections::default();
    let named: BTreeSet<Option<&NaturalZone>> = changes.keys().map(|soum| zones.get(soum)).collect();
    let mut random = monte_carlo::stream(seed, &format!("placebo/group/{indicator}"));
    for zone in named {
        let mut values: Vec<f64> = changes.iter().filter(|(s, _)| zones.get(s) == zone).map(|(_, c)| *c).collect();
        let enrolled = (values.len() / 5).max(2);
        if values.len() < 3 * enrolled {
            continue;
        }
        for _ in 0..draws {
            shuffle(&mut values, &mut random);
            let (inside, outside) = values.split_at(enrolled);
            counted.count(welch(outside, inside, settings).ok().and_then(|e| e.p), LEVEL);
        }
    }
    counted
}

/// Whole aimags by lot, three at a time: soums of an aimag share its weather, so they are not independent.
fn by_aimag(
    changes: &BTreeMap<SoumCode, f64>,
    seed: u64,
    indicator: Indicator,
    draws: usize,
    settings: &TestSettings,
) -> (Rejections, Rejections) {
    let mut aimags: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (soum, change) in changes {
        aimags.entry(soum.au1()).or_default().push(*change);
    }
    let mut groups: Vec<Vec<f64>> = aimags.into_values().collect();
    let (mut naive, mut clustered) = (Rejections::default(), Rejections::default());
    if groups.len() < 6 {
        return (naive, clustered);
    }
    let mut random = monte_carlo::stream(seed, &format!("placebo/aimag/{indicator}"));
    for _ in 0..draws {
        shuffle(&mut groups, &mut random);
        let (inside, outside) = groups.split_at(3);
        let test = |a: Vec<f64>, b: Vec<f64>| pooled(&a, &b, settings).ok().and_then(|e| e.p);
        naive.count(test(outside.concat(), inside.concat()), LEVEL);
        let means = |g: &[Vec<f64>]| g.iter().filter_map(|v| mean(v)).collect::<Vec<f64>>();
        clustered.count(test(means(outside), means(inside)), LEVEL);
    }
    (naive, clustered)
}

/// Fisher and Yates.
pub(super) fn shuffle<T>(items: &mut [T], random: &mut monte_carlo::Stream) {
    for last in (1..items.len()).rev() {
        let at = (monte_carlo::uniform(random) * (last + 1) as f64) as usize;
        items.swap(last, at.min(last));
    }
}
