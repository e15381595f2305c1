//! From evidence to verdicts: one indicator over all soums at once, then each soum.

use std::collections::BTreeMap;

use belcheer_domain::records::Level;
use belcheer_domain::{Class, Indicator, IndicatorRule, Scheme, SchemeError, SoumCode, Years};
use belcheer_verification::{
    Bands, Evidence, Reason, ScorePart, SoumScore, TestSettings, Verdict, VerificationParameters, baseline_windows,
    benjamini_hochberg, benjamini_yekutieli, decide, soum_score, soum_status,
};

use crate::bootstraps::Bootstraps;
use crate::evidence::{BySoum, Measured};
use crate::result::{IndicatorRow, Sensitivity};

/// Verdicts of one soum by indicator.
pub type Verdicts = BTreeMap<SoumCode, BTreeMap<Indicator, Verdict>>;

/// Rows and verdicts of one indicator: p adjusted over the soums (Benjamini and Hochberg 1995), then decided.
///
/// Other baselines before the reporting period are tried beside the frozen one.
///
/// # Errors
/// When the scheme has no rule for the indicator.
pub fn decide_indicator(
    indicator: Indicator,
    method: &str,
    measured: &BySoum,
    scheme: &Scheme,
    parameters: &VerificationParameters,
    (baseline, reporting): (Years, Years),
    verdicts: &mut Verdicts,
) -> Result<Vec<IndicatorRow>, SchemeError> {
    let rule = scheme.rule(indicator)?;
    let p: Vec<Option<f64>> = measured.values().map(|m| m.estimate.and_then(|e| e.p)).collect();
    let adjusted = benjamini_hochberg(&p);
    let cautious = benjamini_yekutieli(&p);
    let settings = TestSettings::new(&scheme.decision, parameters);
    let mut rows = Vec::with_capacity(measured.len());
    for (((soum, found), p_bh), p_by) in measured.iter().zip(adjusted).zip(cautious) {
        let verdict = decide(&evidence(found, p_bh), rule, &scheme.decision, parameters);
        let sensitivity = Sensitivity {
            p_by,
            noise_floor: found.noise_floor,
            baseline_windows: found.yearly.as_ref().and_then(|yearly| {
                let mut windows =
                    baseline_windows(&yearly.values, reporting, &scheme.baseline, yearly.persistence, &settings)?;
                windows.worst_estimate = yearly.in_unit(windows.worst_estimate);
                windows.best_estimate = yearly.in_unit(windows.best_estimate);
                Some(windows)
            }),
            bootstraps: Bootstraps::default(),
            year_band90: found.yearly.as_ref().and_then(|yearly| yearly.band_in_unit(baseline, settings.confidence)),
            flags: found.flags.clone(),
            contribution: None,
            facts: found.facts,
        };
        let zone = (*soum, Level::Soum.as_str(), soum.to_string());
        rows.push(IndicatorRow { sensitivity, ..row(zone, (indicator, method), found, &verdict, p_bh, rule) });
        verdicts.entry(*soum).or_default().insert(indicator, verdict);
    }
    Ok(rows)
}

pub(crate) fn evidence(found: &Measured, p_bh: Option<f64>) -> Evidence {
    let yearly = found.years != (0, 0);
    let base = match &found.estimate {
        Some(estimate) => Evidence::of(estimate, p_bh, found.tier, found.coverage.unwrap_or(0.0)),
        None => Evidence { tier: found.tier, ..Evidence::missing(Vec::new()) },
    };
    Evidence {
        coverage: found.coverage,
        noise_floor: found.noise_floor,
        baseline_years: yearly.then_some(found.years.0),
        reporting_years: yearly.then_some(found.years.1),
        points: found.points.map(|(_, n)| n),
        point_sd: found.points.map(|(sd, _)| sd),
        flags: found.flags.clone(),
        gaps: found.reasons.clone(),
        ..base
    }
}

/// What is said of one indicator of a zone, `(soum, level, id)`.
pub(crate) fn row<Z>(
    (au2, zone_level, zone_id): (Z, &str, String),
    (indicator, method): (Indicator, &str),
    found: &Measured,
    verdict: &Verdict,
    p_bh: Option<f64>,
    rule: &IndicatorRule,
) -> IndicatorRow<Z> {
    let estimate = found.estimate;
    let mut reasons: Vec<String> = verdict.reasons.iter().map(|r| r.code().to_owned()).collect();
    for flag in &found.flags {
        let code = flag.code().to_owned();
        if !reasons.contains(&code) {
            reasons.push(code);
        }
    }
    IndicatorRow {
        au2,
        indicator,
        unit: rule.unit.clone(),
        zone_level: zone_level.to_owned(),
        zone_id,
        baseline_value: found.baseline_value,
        reporting_value: found.reporting_value,
        value_unit: found.value_unit.to_owned(),
        level_score: found.reporting_value.zip(Bands::new(rule.level.clone())).map(|(value, bands)| bands.score(value)),
        effect: estimate.map(|e| e.effect),
        raw_effect: found.raw_effect,
        ci90: estimate.map(|e| (e.ci_low, e.ci_high)),
        p: estimate.and_then(|e| e.p),
        p_bh,
        mdc: estimate.map(|e| e.mdc),
        epsilon: verdict.epsilon,
        class: verdict.class,
        reasons,
        resolution: verdict.cheapest.as_ref().map(|r| (r.text_en.clone(), r.text_mn.clone())),
        tier: verdict.tier,
        coverage: found.coverage,
        n_plots: found.n_plots,
        n_eff: found.n_eff,
        method_id: method.to_owned(),
        sensitivity: Sensitivity::default(),
    }
}

/// The status of one soum and its score, from its verdicts and rows.
#[must_use]
pub fn decide_soum(
    soum: SoumCode,
    verdicts: &BTreeMap<Indicator, Verdict>,
    rows: &[&IndicatorRow],
    scheme: &Scheme,
    parameters: &VerificationParameters,
    seed: u64,
) -> (belcheer_domain::Status, Vec<Reason>, SoumScore) {
    let (status, reasons) = soum_status(verdicts, &scheme.decision);
    (status, reasons, soum_score(soum, &score_parts(rows, scheme), &scheme.decision, parameters, seed))
}

/// What each indicator of a soum brings to its score.
#[must_use]
pub fn score_parts(rows: &[&IndicatorRow], scheme: &Scheme) -> Vec<ScorePart> {
    rows.iter()
        .map(|r| ScorePart {
            indicator: r.indicator,
            class: r.class,
            tier: r.tier,
            weight: scheme.indicators.get(&r.indicator).map_or(0.0, |rule| rule.weight),
            effect: r.effect,
            ci_low: r.ci90.map(|c| c.0),
            ci_high: r.ci90.map(|c| c.1),
            epsilon: r.epsilon,
            level: r.level_score,
            blocked: r.class == Class::Insufficient && r.reasons.iter().any(|c| c == Reason::BlockingFlag.code()),
        })
        .collect()
}
