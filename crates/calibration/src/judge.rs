//! The assessment's own path from partials to verdicts, run on a simulated country.

use std::collections::BTreeMap;

use anyhow::Context;
use belcheer_assessment::calibration::Calibration;
use belcheer_assessment::decide::{Verdicts, decide_indicator, decide_soum};
use belcheer_assessment::evidence::conversion::YearlyLoss;
use belcheer_assessment::evidence::{BySoum, Measured, condition, dominant_zones, productivity};
use belcheer_assessment::partials::{Partial, by_zone_year};
use belcheer_assessment::result::IndicatorRow;
use belcheer_assessment::{Inputs, NATIONAL_SCHEME};
use belcheer_domain::{Indicator, Scheme, SoumCode, Status, Tier};
use belcheer_verification::{PanelRow, TestSettings, VerificationParameters, adjust_for_weather, change_between};

use crate::simulate::{BASELINE, REPORTING, Simulated};

/// The national scheme with its constants.
#[derive(Debug, Clone)]
pub struct Rules {
    pub scheme: Scheme,
    pub parameters: VerificationParameters,
    pub settings: TestSettings,
}

impl Rules {
    pub fn national() -> anyhow::Result<Self> {
        let scheme = Scheme::from_toml(NATIONAL_SCHEME).context("the national scheme")?;
        let parameters = VerificationParameters::of(&scheme)?;
        let settings = TestSettings::new(&scheme.decision, &parameters);
        Ok(Self { scheme, parameters, settings })
    }

    /// Rows of one indicator.
    pub fn rows(&self, of: Indicator, measured: &BySoum, verdicts: &mut Verdicts) -> anyhow::Result<Vec<IndicatorRow>> {
        Ok(decide_indicator(
            of,
            "calibration",
            measured,
            &self.scheme,
            &self.parameters,
            (BASELINE, REPORTING),
            verdicts,
        )?)
    }
}

/// What was said of a simulated country.
pub struct Judged {
    pub productivity: Vec<IndicatorRow>,
    pub condition: Vec<IndicatorRow>,
    /// Productivity judged by plots alone.
    pub plots_only: Vec<IndicatorRow>,
    pub status: BTreeMap<SoumCode, Status>,
    /// Productivity by Welch's comparison after plain zone-by-year medians, percent: low and high end.
    pub plain: BTreeMap<SoumCode, (f64, f64)>,
}

/// Productivity as the assessment measures it, from stored partials.
pub fn productivity_of(inputs: &Inputs, partials: &[Partial], rules: &Rules) -> BySoum {
    let vegetation = by_zone_year(partials, "vegetation");
    let zones = dominant_zones(inputs);
    let calibration = Calibration::fit(inputs, &vegetation, &zones);
    let from = productivity::Productivity {
        inputs,
        vegetation: &vegetation,
        zones: &zones,
        calibration: &calibration,
        losses: &YearlyLoss::new(),
        conversion_max_percent: None,
        coverage_min: rules.scheme.decision.coverage_min,
    };
    productivity::measure(&from, BASELINE, REPORTING, &rules.settings, &rules.parameters).0
}

/// Judges a country.
pub fn judge(country: &Simulated, rules: &Rules, seed: u64) -> anyhow::Result<Judged> {
    let mut verdicts = Verdicts::new();
    let i1 = productivity_of(&country.inputs, &country.partials, rules);
    let productivity = rules.rows(Indicator::I1, &i1, &mut verdicts)?;
    let i2 = condition::measure(&country.inputs, BASELINE, REPORTING, &rules.settings);
    let condition = rules.rows(Indicator::I2, &i2, &mut verdicts)?;
    let plots_only = rules.rows(Indicator::I1, &plots_alone(country, rules), &mut Verdicts::new())?;
    let mut status = BTreeMap::new();
    for (soum, of_soum) in &verdicts {
        let own: Vec<&IndicatorRow> = productivity.iter().chain(&condition).filter(|r| r.au2 == *soum).collect();
        status.insert(*soum, decide_soum(*soum, of_soum, &own, &rules.scheme, &rules.parameters, seed).0);
    }
    let plain = plain_intervals(country, rules)?;
    Ok(Judged { productivity, condition, plots_only, status, plain })
}

/// Productivity from the yearly means of a soum's plots, with no image.
fn plots_alone(country: &Simulated, rules: &Rules) -> BySoum {
    let one = |years: &BTreeMap<i32, Vec<f64>>| {
        let series: BTreeMap<i32, f64> =
            years.iter().map(|(y, v)| (*y, v.iter().sum::<f64>() / v.len() as f64)).collect();
        let change = change_between(&series, BASELINE, REPORTING, &rules.settings).ok();
        Measured {
            estimate: change.map(|c| c.estimate.ln_to_percent()),
            years: change.map_or((0, 0), |c| (c.baseline_years, c.reporting_years)),
            tier: Tier::T3,
            coverage: Some(1.0),
            ..Measured::nothing("kg_ha", Vec::new())
        }
    };
    country.plots_ln.iter().map(|(soum, years)| (*soum, one(years))).collect()
}

/// Intervals of the estimator without what the calibration added to it.
fn plain_intervals(country: &Simulated, rules: &Rules) -> anyhow::Result<BTreeMap<SoumCode, (f64, f64)>> {
    let inputs = &country.inputs;
    let zones = dominant_zones(inputs);
    let weather: BTreeMap<_, _> = inputs
        .weather
        .iter()
        .map(|w| ((w.au2, w.year), vec![Some(w.precipitation_mm.ln()), w.temperature_c]))
        .collect();
    let mut rows = Vec::new();
    for (soum, years) in by_zone_year(&country.partials, "vegetation") {
        let Some(zone) = zones.get(&soum).copied() else { continue };
        for (year, seen) in years.into_iter().filter(|(_, v)| v.coverage() >= rules.scheme.decision.coverage_min) {
            let (Some(value), Some(weather)) = (seen.mean(), weather.get(&(soum, year)).cloned()) else { continue };
            rows.push(PanelRow { soum, zone, year, ln_vi: value.ln(), weather });
        }
    }
    let panel = adjust_for_weather(&rows, BASELINE, &rules.parameters)?;
    let interval = |series: &BTreeMap<i32, f64>| {
        let estimate = change_between(series, BASELINE, REPORTING, &rules.settings).ok()?.estimate.ln_to_percent();
        Some((estimate.ci_low, estimate.ci_high))
    };
    Ok(panel.soums.iter().filter_map(|(soum, s)| Some((*soum, interval(&s.adjusted)?))).collect())
}
