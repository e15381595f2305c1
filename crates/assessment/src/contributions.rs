//! Enrolled soums against like soums outside: same zone, not neighbours. Attribution stays apart from outcome.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::{ContributionRule, Indicator, NaturalZone, SoumCode, Years};
use belcheer_verification::{
    Compared, Contribution, ContributionLimit, Flag, TestSettings, WeatherPanel, contribution, contribution_by_model,
};
use geo::{BoundingRect, Intersects};
use geo_types::{MultiPolygon, Rect};

use crate::evidence::{BySoum, Yearly};
use crate::result::IndicatorRow;
use crate::table::Table;

/// What a comparison asks of the soums beside their values.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// Soums of the programme.
    pub enrolled: BTreeSet<SoumCode>,
    /// Which soums touch each of them.
    pub neighbours: BTreeMap<SoumCode, BTreeSet<SoumCode>>,
    /// Natural zone.
    pub zones: &'a BTreeMap<SoumCode, NaturalZone>,
    /// Mean stocking ratio over the baseline, where known.
    pub stocking_ratio: BTreeMap<SoumCode, f64>,
    /// Baseline and reporting period.
    pub periods: (Years, Years),
}

/// Mean stocking ratios over the baseline, of what was measured.
#[must_use]
pub fn stocking_ratios(measured: &[(Indicator, &'static str, BySoum)]) -> BTreeMap<SoumCode, f64> {
    let pressure = measured.iter().find(|(indicator, ..)| *indicator == Indicator::I3);
    let by_soum = pressure.into_iter().flat_map(|(_, _, by_soum)| by_soum);
    by_soum.filter_map(|(soum, found)| Some((*soum, found.baseline_value?))).collect()
}

/// One soum, taken for enrolled, against the soums of the given series that are not.
#[must_use]
pub fn compare(
    soum: SoumCode,
    series: &BTreeMap<SoumCode, &BTreeMap<i32, f64>>,
    around: &Surroundings<'_>,
    rule: &ContributionRule,
    persistence: Option<f64>,
    settings: &TestSettings,
) -> Option<Contribution> {
    let near = around.neighbours.get(&soum);
    let compared = series.iter().map(|(other, series)| Compared {
        soum: *other,
        zone: around.zones.get(other).copied(),
        enrolled: around.enrolled.contains(other),
        adjacent: near.is_some_and(|n| n.contains(other)),
        stocking_ratio: around.stocking_ratio.get(other).copied(),
        series,
    });
    let pool: Vec<Compared<'_>> = compared.collect();
    let own = pool.iter().find(|c| c.soum == soum)?;
    Some(contribution(own, &pool, around.periods, rule, persistence, settings))
}

/// The comparison of every enrolled soum on one indicator, in its unit.
///
/// Where too few soums are left outside, an indicator that knows its weather is compared with what that alone would let
/// expect; `panel` is given for such an indicator.
#[must_use]
pub fn contributions(
    measured: &BySoum,
    around: &Surroundings<'_>,
    panel: Option<&WeatherPanel>,
    rule: &ContributionRule,
    settings: &TestSettings,
) -> BTreeMap<SoumCode, Contribution> {
    let yearly: BTreeMap<SoumCode, &Yearly> =
        measured.iter().filter_map(|(soum, m)| Some((*soum, m.yearly.as_ref()?))).collect();
    let series: BTreeMap<SoumCode, &BTreeMap<i32, f64>> = yearly.iter().map(|(soum, y)| (*soum, &y.values)).collect();
    let one = |soum: &SoumCode| -> Option<(SoumCode, Contribution)> {
        let own = yearly.get(soum)?;
        // without a zone there is no telling which soums are alike
        let _zone = around.zones.get(soum)?;
        let mut found = compare(*soum, &series, around, rule, own.persistence, settings)?;
        let alone = found.limits.contains(&ContributionLimit::FewDonors);
        if let Some(model) = panel.and_then(|panel| panel.soums.get(soum)).filter(|_| alone) {
            found = contribution_by_model(&model.less_weather, around.periods, rule, own.persistence, settings);
        }
        found.estimate = found.estimate.map(|e| own.in_unit(e));
        if let Some(synthetic) = &mut found.synthetic {
            synthetic.effect = synthetic.effect.map(|e| own.effect_in_unit(e));
        }
        Some((*soum, found))
    };
    around.enrolled.iter().filter_map(one).collect()
}

/// Puts a comparison beside a row; diverged trends are flagged.
pub fn put(row: &mut IndicatorRow, found: Option<&Contribution>) {
    if found.is_some_and(|c| c.limits.contains(&ContributionLimit::Diverged)) {
        row.sensitivity.flags.push(Flag::PreTrendViolation);
    }
    row.sensitivity.contribution = found.cloned();
}

/// Adds the comparison's columns to the table of indicators.
#[must_use]
pub fn columns<Z>(table: Table, rows: &[&IndicatorRow<Z>]) -> Table {
    let each = || rows.iter().map(|r| r.sensitivity.contribution.as_ref());
    let joined = |words: Vec<String>| (!words.is_empty()).then(|| words.join(";"));
    table
        .text("contribution_evidence", each().map(|c| Some(c?.evidence.as_str())))
        .text("contribution_counterfactual", each().map(|c| Some(c?.counterfactual?.as_str())))
        .float("contribution_effect", each().map(|c| Some(c?.estimate?.effect)))
        .float("contribution_placebo_p", each().map(|c| c?.placebo_p))
        .int("contribution_donors", each().map(|c| i64::try_from(c?.donors).ok()))
        .float("contribution_smallest_p", each().map(|c| c?.smallest_placebo_p))
        .float("contribution_pre_trend_p", each().map(|c| c?.pre_trend_p))
        .text("contribution_pre_trend_test", each().map(|c| Some(c?.pre_trend_test?.as_str())))
        .float("contribution_synthetic_effect", each().map(|c| c?.synthetic?.effect))
        .float("contribution_synthetic_fit_sd", each().map(|c| Some(c?.synthetic?.fit_sd)))
        .float("contribution_worst_difference", each().map(|c| c?.worst_difference))
        .text("contribution_limits", each().map(|c| joined(c?.limits.iter().map(|l| l.code().to_owned()).collect())))
        .text(
            "contribution_donor_soums",
            each().map(|c| joined(c?.donor_soums.iter().map(SoumCode::to_string).collect())),
        )
}

/// Which soums touch each of the given ones.
#[must_use]
pub fn neighbours(
    shapes: &BTreeMap<SoumCode, MultiPolygon<f64>>,
    of: impl IntoIterator<Item = SoumCode>,
) -> BTreeMap<SoumCode, BTreeSet<SoumCode>> {
    let boxes: BTreeMap<SoumCode, Rect<f64>> =
        shapes.iter().filter_map(|(code, shape)| shape.bounding_rect().map(|b| (*code, b))).collect();
    of.into_iter()
        .filter_map(|soum| {
            let (shape, own) = (shapes.get(&soum)?, boxes.get(&soum)?);
            let near = boxes.iter().filter(|(other, b)| **other != soum && b.intersects(own));
            let touching = near.filter(|(other, _)| shapes.get(other).is_some_and(|s| s.intersects(shape)));
            Some((soum, touching.map(|(other, _)| *other).collect()))
        })
        .collect()
}
