//! I1: climate-adjusted pasture productivity, percent change of the yearly vegetation metric on rangeland.
//!
//! The change is measured on the satellite metric; plots only tell whether the metric means biomass here.

use std::collections::BTreeMap;

use belcheer_domain::{NaturalZone, SoumCode, Tier, Years};
use belcheer_verification::{
    Flag, PanelRow, Reason, TestSettings, VerificationParameters, WeatherPanel, adjust_for_weather_between,
    change_between, persistent_change, persistent_noise_floor, shared_persistence,
};

use super::conversion::{YearlyLoss, after_baseline};
use super::{BySoum, Facts, Measured, Observed, Yearly, mean};
use crate::area_sums::AreaSums;
use crate::calibration::Calibration;
use crate::inputs::Inputs;

/// Method and version.
pub const METHOD: &str = "i1.weather_adjusted_productivity@2";

/// Unit of its values.
pub(crate) const UNIT: &str = "vegetation_index";

/// What the indicator is computed from.
#[derive(Debug)]
pub struct Productivity<'a> {
    /// All inputs.
    pub inputs: &'a Inputs,
    /// Vegetation by soum and year.
    pub vegetation: &'a BTreeMap<SoumCode, BTreeMap<i32, AreaSums>>,
    /// Zone by soum.
    pub zones: &'a BTreeMap<SoumCode, NaturalZone>,
    /// Whether the metric follows biomass, by zone.
    pub calibration: &'a Calibration,
    /// Yearly conversion of rangeland.
    pub losses: &'a YearlyLoss,
    /// Largest share of the rangeland, percent, that may be converted for an improvement, where the scheme says so.
    pub conversion_max_percent: Option<f64>,
    /// Smallest share of the rangeland that must be seen for a year to count.
    pub coverage_min: f64,
}

/// The indicator by soum, with the panel it came from.
#[must_use]
pub fn measure(
    from: &Productivity<'_>,
    baseline: Years,
    reporting: Years,
    settings: &TestSettings,
    parameters: &VerificationParameters,
) -> (BySoum, Option<WeatherPanel>) {
    let nothing = |reason| {
        let all = from.inputs.soums.keys().map(|code| (*code, Measured::nothing(UNIT, vec![reason])));
        (all.collect::<BySoum>(), None)
    };
    if from.vegetation.is_empty() {
        return nothing(Reason::NoViStack);
    }
    let Ok(panel) = adjust_for_weather_between(&rows(from), baseline, reporting, parameters) else {
        return nothing(Reason::NotComputed);
    };
    let adjusted = panel.soums.values().map(|s| &s.adjusted);
    let phi = shared_persistence(adjusted, baseline, reporting, settings.lag1_pairs_min).unwrap_or(0.0);
    let periods = Periods { baseline, reporting, phi };
    let measured = from
        .inputs
        .soums
        .keys()
        .map(|code| {
            (*code, one(from, *code, &panel, periods, settings).unwrap_or_else(|r| Measured::nothing(UNIT, vec![r])))
        })
        .collect();
    (measured, Some(panel))
}

/// Rows of the panel: years in which enough of the rangeland was seen.
fn rows(from: &Productivity<'_>) -> Vec<PanelRow> {
    let weather: BTreeMap<(SoumCode, i32), (f64, Option<f64>)> =
        from.inputs.weather.iter().map(|w| ((w.au2, w.year), (w.precipitation_mm, w.temperature_c))).collect();
    let mut rows = Vec::new();
    for (soum, years) in from.vegetation {
        let Some(zone) = from.zones.get(soum) else { continue };
        for (year, seen) in years {
            let Some(value) = seen.mean().filter(|v| *v > 0.0 && seen.coverage() >= from.coverage_min) else {
                continue;
            };
            let of_year = weather.get(&(*soum, *year));
            let rain = of_year.map(|w| w.0).filter(|mm| *mm > 0.0).map(f64::ln);
            let warmth = of_year.and_then(|w| w.1);
            rows.push(PanelRow {
                soum: *soum,
                zone: *zone,
                year: *year,
                ln_vi: value.ln(),
                weather: vec![rain, warmth],
            });
        }
    }
    rows
}

/// The periods compared, with the persistence of years that all soums share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Periods {
    pub(crate) baseline: Years,
    pub(crate) reporting: Years,
    pub(crate) phi: f64,
}

fn one(
    from: &Productivity<'_>,
    soum: SoumCode,
    panel: &WeatherPanel,
    periods: Periods,
    settings: &TestSettings,
) -> Result<Measured, Reason> {
    let zone = from.zones.get(&soum).ok_or(Reason::ZoneUnknown)?;
    let series = panel.soums.get(&soum).ok_or(Reason::CoverageBelowMinimum)?;
    let years = from.vegetation.get(&soum).ok_or(Reason::NoViStack)?;
    let mut flags = series.flags.clone();
    if periods.phi > settings.lag1_threshold {
        flags.push(Flag::AutocorrelatedYears);
    }
    let converted = from.losses.get(&soum).map(|loss| after_baseline(loss, periods.baseline, periods.reporting));
    if converted.zip(from.conversion_max_percent).is_some_and(|(share, most)| share > most) {
        flags.push(Flag::LandConverted);
    }
    Ok(Measured {
        tier: if from.calibration.holds(*zone) { Tier::T2 } else { Tier::T1 },
        n_plots: from.calibration.plots(*zone),
        flags,
        facts: Facts { converted_percent: converted, ..Facts::default() },
        ..of_series(years, &series.raw, series.adjusted.clone(), periods, settings)
    })
}

/// The change of a yearly series, of a soum or a part of one: `raw` and `adjusted` are ln of the metric by year.
pub(crate) fn of_series(
    years: &BTreeMap<i32, AreaSums>,
    raw: &BTreeMap<i32, f64>,
    adjusted: BTreeMap<i32, f64>,
    Periods { baseline, reporting, phi }: Periods,
    settings: &TestSettings,
) -> Measured {
    let within = |span: Years| -> Vec<f64> {
        years.iter().filter(|(y, _)| span.contains(**y)).filter_map(|(_, v)| v.mean()).collect()
    };
    let compared = years.iter().filter(|(y, _)| baseline.contains(**y) || reporting.contains(**y));
    let coverage: Vec<f64> = compared.map(|(_, v)| v.coverage()).collect();
    // years of which too little was seen are not among the raw ones
    let seen = years.iter().filter(|(year, _)| raw.contains_key(year));
    let observed = seen.filter_map(|(year, sums)| Some((*year, Observed { value: sums.mean()?, ci90: None })));
    let observed = observed.collect();
    let raw = change_between(raw, baseline, reporting, settings);
    let change = persistent_change(&adjusted, baseline, reporting, phi, settings);
    let noise = persistent_noise_floor(&adjusted, baseline, reporting, phi, settings);
    let in_period = |span: Years| adjusted.keys().filter(|y| span.contains(**y)).count();
    Measured {
        estimate: change.as_ref().ok().map(|c| c.estimate.ln_to_percent()),
        noise_floor: noise.map(|e| e.ln_to_percent().half_width()),
        raw_effect: raw.ok().map(|c| c.estimate.ln_to_percent().effect),
        baseline_value: mean(&within(baseline)),
        reporting_value: mean(&within(reporting)),
        years: (in_period(baseline), in_period(reporting)),
        coverage: mean(&coverage),
        n_eff: change.as_ref().ok().map(|c| c.baseline_years_effective + c.reporting_years_effective),
        yearly: Some(Yearly { observed, values: adjusted, common: 0.0, ln_to_percent: true, persistence: Some(phi) }),
        ..Measured::nothing(UNIT, change.err().map(|e| e.reason()).into_iter().collect())
    }
}
