//! The weather panel: yearly vegetation of many soums with weather and zone-wide years taken out, natural log units.
//!
//! ```text
//! y_st = a_s + g_z(s),t + beta W_st + r_st          s soum, t year, z natural zone, y = ln VI
//! ```
//! 1. `beta` by the within estimator: soum means and zone-by-year effects are removed from y and W, *baseline years only*,
//!    so that a change in the reporting period cannot bend the weather relation.
//! 2. `g_zt` as the median over the *other* soums of the zone in year t of `y - a - beta W`.
//! 3. `r_st` is what remains. Its change between periods is the soum's climate-adjusted change.
//!
//! **Robustness.** A median does not move with a minority: as long as fewer than half of a zone's soums changed, `g_zt`
//! still shows what the year did to an unchanged soum. A mean would take part of the changed soums' change away from
//! them and give its opposite to all others.
//!
//! **What this cannot see.** A decline common to a whole zone (or nation) is absorbed by `g_zt`: every soum then looks
//! unchanged *relative to its zone*. So the zone's own weather-adjusted yearly series is put out as well, and
//! [`WeatherPanel::common_zone_change`] states the change that the zone-by-year effects swallowed. Print it beside every
//! adjusted result.
//!
//! Sources: panel after domain sheet 6.3; alternating projections after Guimarães & Portugal 2010; two-way clustering
//! after Cameron, Gelbach & Miller 2011.

mod least_squares;
mod within;
mod zone_year;

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::{NaturalZone, SoumCode, Years};
use serde::{Deserialize, Serialize};

use crate::{
    Change, ChangeError, Flag, TestSettings, VerificationParameters, change_between,
    sums::{mean, variance},
};

/// One soum and year of the panel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PanelRow {
    /// The soum.
    pub soum: SoumCode,
    /// Its dominant natural zone, the same in every year.
    pub zone: NaturalZone,
    /// The year.
    pub year: i32,
    /// Natural log of the growing-season vegetation metric.
    pub ln_vi: f64,
    /// Weather covariates in a fixed order, any unit; `None` where not observed. May be empty.
    pub weather: Vec<Option<f64>>,
}

/// The estimated effect of one weather covariate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// Change of ln VI per unit of the covariate; 0 when `estimable` is false.
    pub value: f64,
    /// Standard error clustered by soum and by year; `None` when not estimable.
    pub se: Option<f64>,
    /// Whether the covariate varies within zones and years beyond what the others explain.
    pub estimable: bool,
}

/// One soum's series before and after adjustment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdjustedSeries {
    /// The soum's zone.
    pub zone: NaturalZone,
    /// ln VI as observed, by year.
    pub raw: BTreeMap<i32, f64>,
    /// Residual r_st by year; its baseline mean is 0 up to rounding. Empty when the soum has no baseline or no weather.
    pub adjusted: BTreeMap<i32, f64>,
    /// ln VI less what weather explains, by year; years common to the zone are left in.
    pub less_weather: BTreeMap<i32, f64>,
    /// What limits the adjustment.
    pub flags: Vec<Flag>,
}

/// The fitted panel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeatherPanel {
    /// One coefficient per covariate, in the order of the rows.
    pub coefficients: Vec<Coefficient>,
    /// The series by soum.
    pub soums: BTreeMap<SoumCode, AdjustedSeries>,
    /// Median over all soums of a zone of `y - a - beta W`, by year: the zone's own weather-adjusted series.
    pub zones: BTreeMap<NaturalZone, BTreeMap<i32, f64>>,
    /// Whether zone-by-year effects were in the regression; without, beta also carries what the years had in common.
    pub zone_year_effects: bool,
    /// Whether the projections converged.
    pub converged: bool,
}

/// Why a panel was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WeatherError {
    /// Rows differ in the number of covariates.
    #[error(
        "soum {soum} has {found} weather covariates in {year}, other rows {expected}; give every row the same list"
    )]
    CovariateCount {
        /// Soum of the row.
        soum: SoumCode,
        /// Year of the row.
        year: i32,
        /// Covariates found.
        found: usize,
        /// Covariates of the first row.
        expected: usize,
    },
    /// Two rows for one soum and year.
    #[error("soum {soum} has two rows for {year}; give one value per soum and year")]
    Repeated {
        /// Soum of the row.
        soum: SoumCode,
        /// Year of the row.
        year: i32,
    },
    /// A soum stands in two zones.
    #[error("soum {soum} stands in zones {first} and {second}; give it its dominant zone in all years")]
    TwoZones {
        /// The soum.
        soum: SoumCode,
        /// Zone of an earlier row.
        first: NaturalZone,
        /// Zone of this row.
        second: NaturalZone,
    },
    /// A number is not finite.
    #[error("soum {soum} has a value that is not a finite number in {year}; leave the row or covariate out")]
    NotFinite {
        /// Soum of the row.
        soum: SoumCode,
        /// Year of the row.
        year: i32,
    },
}

/// Takes weather and zone-wide years out of the yearly series of all soums; see the module's text for the model.
///
/// A row with a missing covariate keeps its raw value and is left out of the fit and the adjusted series. A soum
/// needs at least `zone_peers_min` other soums of its zone in a year for a zone-by-year effect: years without are left
/// out ([`Flag::YearsWithoutPeers`]), and where that concerns more than half of a soum's years no zone-by-year effect
/// is taken from any of them ([`Flag::FewZonePeers`]), so that years with and without are never compared.
///
/// # Errors
/// When rows disagree on the number of covariates or a soum's zone, repeat a soum and year, or hold a number that is
/// not finite. An empty panel gives an empty result.
pub fn adjust_for_weather(
    rows: &[PanelRow],
    baseline: Years,
    parameters: &VerificationParameters,
) -> Result<WeatherPanel, WeatherError> {
    adjust(rows, baseline, None, parameters)
}

/// [`adjust_for_weather`] with zone-by-year effects read from soums that did not themselves change.
///
/// A median over all peers moves when one side of a zone changes: a fifth of the soums rising shifts it by a third of
/// the standard deviation between soums. So soums whose change from baseline to reporting period stands out of their
/// zone's are found by their own noise and no longer vote on the years, until the vote settles. Where fewer than half
/// of a zone's soums would be left, all vote.
///
/// # Errors
/// As [`adjust_for_weather`].
pub fn adjust_for_weather_between(
    rows: &[PanelRow],
    baseline: Years,
    reporting: Years,
    parameters: &VerificationParameters,
) -> Result<WeatherPanel, WeatherError> {
    adjust(rows, baseline, Some(reporting), parameters)
}

fn adjust(
    rows: &[PanelRow],
    baseline: Years,
    reporting: Option<Years>,
    parameters: &VerificationParameters,
) -> Result<WeatherPanel, WeatherError> {
    let by_soum = checked(rows)?;
    let covariates = rows.first().map_or(0, |r| r.weather.len());
    let no_weather_at_all = covariates > 0 && !rows.iter().any(complete);
    let usable = |r: &PanelRow| no_weather_at_all || complete(r);

    let fit_rows: Vec<&PanelRow> = by_soum
        .values()
        .flat_map(BTreeMap::values)
        .copied()
        .filter(|r| baseline.contains(r.year) && usable(r))
        .collect();
    let used = if no_weather_at_all { 0 } else { covariates };
    let fit = within::estimate(&fit_rows, used, parameters);
    let mut coefficients = fit.coefficients;
    coefficients.resize(covariates, Coefficient { value: 0.0, se: None, estimable: false });

    let less_weather = |r: &PanelRow| {
        let explained = r.weather.iter().zip(&coefficients).map(|(w, c)| w.unwrap_or(0.0) * c.value);
        r.ln_vi - explained.sum::<f64>()
    };
    let mut panel = BTreeMap::new();
    for (soum, years) in &by_soum {
        let values = years.iter().filter(|(_, r)| usable(r)).map(|(y, r)| (*y, less_weather(r))).collect();
        if let Some(row) = years.values().next() {
            panel.insert(*soum, (row.zone, values));
        }
    }
    let unexplained = zone_year::remove(&panel, baseline, reporting, &parameters.panel);

    let mut soums = BTreeMap::new();
    for (soum, years) in &by_soum {
        let Some(zone) = years.values().next().map(|r| r.zone) else { continue };
        let (adjusted, mut flags) = unexplained.soums.get(soum).cloned().unwrap_or_default();
        if !fit.zone_year_effects {
            flags.push(Flag::NoZoneYearEffects);
        }
        flags.extend(weather_flags(years, &coefficients, covariates));
        flags.sort_unstable();
        let raw = years.iter().map(|(y, r)| (*y, r.ln_vi)).collect();
        let less_weather = panel.get(soum).map(|(_, values)| values.clone()).unwrap_or_default();
        soums.insert(*soum, AdjustedSeries { zone, raw, adjusted, less_weather, flags });
    }
    let (zone_year_effects, converged) = (fit.zone_year_effects, fit.converged);
    Ok(WeatherPanel { coefficients, soums, zones: unexplained.zones, zone_year_effects, converged })
}

impl WeatherPanel {
    /// The weather-adjusted change of a zone as a whole, in ln units: what zone-by-year effects take from every soum.
    ///
    /// # Errors
    /// As [`change_between`]; a zone without soums has no values.
    pub fn common_zone_change(
        &self,
        zone: NaturalZone,
        baseline: Years,
        reporting: Years,
        settings: &TestSettings,
    ) -> Result<Change, ChangeError> {
        let series = self.zones.get(&zone).ok_or(ChangeError::NoValues)?;
        change_between(series, baseline, reporting, settings)
    }
}

fn complete(row: &PanelRow) -> bool {
    row.weather.iter().all(Option::is_some)
}

type BySoum<'a> = BTreeMap<SoumCode, BTreeMap<i32, &'a PanelRow>>;

fn checked(rows: &[PanelRow]) -> Result<BySoum<'_>, WeatherError> {
    let expected = rows.first().map_or(0, |r| r.weather.len());
    let mut by_soum: BySoum<'_> = BTreeMap::new();
    for row in rows {
        let (soum, year) = (row.soum, row.year);
        if row.weather.len() != expected {
            return Err(WeatherError::CovariateCount { soum, year, found: row.weather.len(), expected });
        }
        if !row.ln_vi.is_finite() || row.weather.iter().flatten().any(|w| !w.is_finite()) {
            return Err(WeatherError::NotFinite { soum, year });
        }
        let years = by_soum.entry(soum).or_default();
        if let Some(other) = years.values().next().filter(|other| other.zone != row.zone) {
            return Err(WeatherError::TwoZones { soum, first: other.zone, second: row.zone });
        }
        if years.insert(year, row).is_some() {
            return Err(WeatherError::Repeated { soum, year });
        }
    }
    Ok(by_soum)
}

fn weather_flags(years: &BTreeMap<i32, &PanelRow>, coefficients: &[Coefficient], covariates: usize) -> BTreeSet<Flag> {
    let with_weather = years.values().filter(|r| complete(r)).count();
    let mut flags = BTreeSet::new();
    if covariates == 0 || with_weather == 0 {
        flags.insert(Flag::NoWeatherCovariates);
    } else if with_weather < years.len() {
        flags.insert(Flag::YearsWithoutWeather);
    }
    if with_weather > 0 && coefficients.iter().any(|c| !c.estimable) {
        flags.insert(Flag::WeatherNotEstimable);
    }
    flags
}

/// Values less their mean, in units of their standard deviation, with both; `None` for values that do not vary.
fn standardised(values: &[f64]) -> Option<(Vec<f64>, f64)> {
    let (centre, spread) = (mean(values)?, variance(values)?.sqrt());
    (spread > 0.0).then(|| (values.iter().map(|v| (v - centre) / spread).collect(), spread))
}

#[cfg(test)]
mod tests;
