//! I3: stocking pressure on capacity, change of the natural log of the binding stocking ratio.
//!
//! A herd that falls within a year by more than the scheme allows is taken to have died: without records of deaths
//! nothing tells a dzud from destocking, and the doubt must not make an improvement.
//!
//! Capacity stands on the mean yield over years, so that pressure moves with the herd and not with last summer's rain.

use std::collections::BTreeMap;

use belcheer_domain::records::{Instrument, LivestockCount};
use belcheer_domain::{
    Fraction, Hectares, Indicator, KgPerHa, NaturalZone, SchemeError, SheepForageUnits, SoumCode, Species, Tier, Years,
};
use belcheer_rangeland::capacity::{Forage, ForagePatch, forage, season_balance};
use belcheer_rangeland::uncertainty::{MeasuredCv, RatioInterval, SeasonRatio, ratio_interval};
use belcheer_rangeland::utilisation::UtilisationSet;
use belcheer_verification::{Better, Flag, Reason, TestSettings, change_between, monte_carlo};
use rayon::prelude::*;

use super::{BySoum, Facts, Measured, Observed, Yearly, mean};
use crate::Request;
use crate::inputs::Inputs;
use crate::parameters::ParameterSets;
use crate::result::StockingRow;
use crate::yields::{Yield, YieldSource};

/// Method and version.
pub const METHOD: &str = "i3.stocking_ratio@1";

/// What the stocking table is computed from.
#[derive(Debug)]
pub struct Pressure<'a> {
    /// All inputs.
    pub inputs: &'a Inputs,
    /// Parameter sets of the scheme.
    pub sets: &'a ParameterSets,
    /// Zone by soum.
    pub zones: &'a BTreeMap<SoumCode, NaturalZone>,
    /// Mean yields by soum.
    pub yields: &'a BTreeMap<SoumCode, Yield>,
    /// Grazed area by soum, ha: rangeland where land cover says so, else the whole soum.
    pub area_ha: &'a BTreeMap<SoumCode, f64>,
    /// Draws of the error budget.
    pub draws: usize,
    /// Largest fall of the herd within a year, percent, that an improvement may hold, where the scheme says so.
    pub herd_fall_max_percent: Option<f64>,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// Seed of the draws.
    pub seed: u64,
}

impl<'a> Pressure<'a> {
    /// As an assessment's scheme asks, from mean yields and grazed areas of the soums.
    ///
    /// # Errors
    /// When the scheme has no rule for the indicator.
    pub(crate) fn new(
        inputs: &'a Inputs,
        request: &Request,
        sets: &'a ParameterSets,
        zones: &'a BTreeMap<SoumCode, NaturalZone>,
        (yields, area_ha): (&'a BTreeMap<SoumCode, Yield>, &'a BTreeMap<SoumCode, f64>),
    ) -> Result<Self, SchemeError> {
        let decision = &request.scheme.decision;
        Ok(Self {
            inputs,
            sets,
            zones,
            yields,
            area_ha,
            herd_fall_max_percent: request.scheme.rule(Indicator::I3)?.herd_fall_max_percent,
            draws: decision.monte_carlo_draws,
            confidence: decision.confidence,
            seed: request.seed,
        })
    }
}

/// Livestock of every soum and year, sheep forage units; soums counted only in total are absent.
#[must_use]
pub fn livestock_sfu(inputs: &Inputs, sets: &ParameterSets) -> BTreeMap<SoumCode, BTreeMap<i32, f64>> {
    sfu_of(&inputs.livestock, sets, |count| Some(count.au2))
}

/// Livestock of the places that `place` tells, by year, sheep forage units: the December census by species.
pub(crate) fn sfu_of<K: Ord + Clone>(
    counts: &[LivestockCount],
    sets: &ParameterSets,
    place: impl Fn(&LivestockCount) -> Option<K>,
) -> BTreeMap<K, BTreeMap<i32, f64>> {
    let mut heads: BTreeMap<(K, i32), BTreeMap<Species, f64>> = BTreeMap::new();
    for count in counts.iter().filter(|c| c.instrument == Instrument::DecemberCensus) {
        if let (Some(species), Some(place)) = (count.species, place(count)) {
            *heads.entry((place, count.year)).or_default().entry(species).or_default() += count.head;
        }
    }
    let mut sfu: BTreeMap<K, BTreeMap<i32, f64>> = BTreeMap::new();
    for ((place, year), head) in heads {
        if let Ok(units) = belcheer_rangeland::sheep_forage_units::sheep_forage_units(&head, &sets.sfu) {
            sfu.entry(place).or_default().insert(year, units.get());
        }
    }
    sfu
}

/// The stocking table: one row per soum, year and season that has livestock; where yield or area is not known the
/// row has the livestock alone.
#[must_use]
pub fn stocking(from: &Pressure<'_>, sfu: &BTreeMap<SoumCode, BTreeMap<i32, f64>>) -> Vec<StockingRow> {
    let soums: Vec<SoumCode> = from.inputs.soums.keys().copied().collect();
    soums
        .par_iter()
        .flat_map_iter(|soum| {
            let supply = soum_forage(from, *soum);
            sfu.get(soum).map(|years| rows(from, *soum, years, supply.as_ref())).unwrap_or_default()
        })
        .collect()
}

struct Supply {
    forage: Forage,
    yield_cv: f64,
    parameter_set: String,
}

fn soum_forage(from: &Pressure<'_>, soum: SoumCode) -> Option<Supply> {
    let found = from.yields.get(&soum)?;
    let area = *from.area_ha.get(&soum)?;
    let (utilisation, set) = utilisation(from, soum)?;
    let patch = ForagePatch {
        area: Hectares::new(area).ok()?,
        yield_kg_ha: KgPerHa::new(found.kg_ha).ok()?,
        utilisation: Fraction::new(utilisation).ok()?,
        access: Fraction::new(1.0).ok()?,
    };
    let sets = from.sets;
    let source = match found.source {
        YieldSource::OwnPlots => "yield_own_plots",
        YieldSource::Zone => "yield_zone",
    };
    let parameter_set = [&sets.sfu.id, &sets.intake.id, set, &sets.seasons.id, source].map(str::to_owned).join(";");
    Some(Supply { forage: forage(&[patch]), yield_cv: found.cv, parameter_set })
}

fn utilisation<'a>(from: &Pressure<'a>, soum: SoumCode) -> Option<(f64, &'a str)> {
    let sets = from.sets;
    soum_utilisation(from.inputs, &sets.utilisation, &sets.utilisation_fallback, from.zones, soum)
}

/// Mean utilisation over the soum's photo points of their latest year, else that of its zone; with the set's name.
pub(crate) fn soum_utilisation<'a>(
    inputs: &Inputs,
    set: &'a UtilisationSet,
    fallback: &'a UtilisationSet,
    zones: &BTreeMap<SoumCode, NaturalZone>,
    soum: SoumCode,
) -> Option<(f64, &'a str)> {
    let mut latest: BTreeMap<&str, (i32, f64)> = BTreeMap::new();
    for point in inputs.photo_points.iter().filter(|p| p.au2 == Some(soum)) {
        let Some(fraction) = set.fraction(point.recovery_class, point.zone) else { continue };
        let held = latest.entry(&point.point).or_insert((point.year, fraction.get()));
        if point.year >= held.0 {
            *held = (point.year, fraction.get());
        }
    }
    let values: Vec<f64> = latest.values().map(|(_, fraction)| *fraction).collect();
    if let Some(value) = mean(&values).filter(|v| *v > 0.0) {
        return Some((value, &set.id));
    }
    let zone = zones.get(&soum).copied();
    fallback.fraction(None, zone).map(|fraction| (fraction.get(), fallback.id.as_str()))
}

fn rows(from: &Pressure<'_>, soum: SoumCode, years: &BTreeMap<i32, f64>, supply: Option<&Supply>) -> Vec<StockingRow> {
    let mut rows = Vec::new();
    for season in &from.sets.seasons.season {
        // the errors are relative, so one set of draws of a ratio of 1 serves every year of the season
        let unit = supply.and_then(|supply| unit_interval(from, soum, supply, season));
        for (year, sfu) in years {
            let balance = SheepForageUnits::new(*sfu)
                .ok()
                .zip(supply)
                .map(|(livestock, supply)| season_balance(&supply.forage, season, &from.sets.intake, livestock));
            let ratio = balance.as_ref().and_then(|b| b.ratio);
            rows.push(StockingRow {
                au2: soum,
                year: *year,
                season: season.id.clone(),
                sfu: *sfu,
                area_ha: from.area_ha.get(&soum).copied(),
                yield_kg_ha: supply.and_then(|s| s.forage.yield_kg_ha()),
                utilisation: supply.and_then(|s| s.forage.utilisation_fraction()),
                capacity_sfu: balance.as_ref().map(|b| b.capacity_sfu),
                stocking_rate_sfu_ha: from.area_ha.get(&soum).filter(|a| **a > 0.0).map(|area| sfu / area),
                ratio,
                ratio_ci90: ratio.zip(unit).map(|(ratio, unit)| (unit.low * ratio, unit.high * ratio)),
                class: ratio.and_then(|r| from.sets.stocking.classify(r)).map(|c| c.id.clone()),
                balance_sfu: balance.as_ref().map(|b| b.balance_sfu),
                parameter_set: supply.map_or_else(|| from.sets.sfu.id.clone(), |s| s.parameter_set.clone()),
            });
        }
    }
    rows.sort_by(|a, b| (a.year, &a.season).cmp(&(b.year, &b.season)));
    rows
}

fn unit_interval(
    from: &Pressure<'_>,
    soum: SoumCode,
    supply: &Supply,
    season: &belcheer_rangeland::seasons::Season,
) -> Option<RatioInterval> {
    let mut stream = monte_carlo::stream(from.seed, &format!("{soum}/stocking/{}", season.id));
    let measured = MeasuredCv { yield_cv: supply.yield_cv, area_cv: None };
    let one = [SeasonRatio::new(1.0, season)];
    ratio_interval(&one, &from.sets.errors, measured, from.draws, from.confidence, &mut || {
        monte_carlo::uniform(&mut stream)
    })
}

/// The indicator by soum, from the stocking table.
#[must_use]
pub fn measure(
    from: &Pressure<'_>,
    sfu: &BTreeMap<SoumCode, BTreeMap<i32, f64>>,
    table: &[StockingRow],
    baseline: Years,
    reporting: Years,
    settings: &TestSettings,
) -> BySoum {
    let mut binding: BTreeMap<SoumCode, BTreeMap<i32, Observed>> = BTreeMap::new();
    for row in table {
        let Some(value) = row.ratio else { continue };
        let of_season = Observed { value, ci90: row.ratio_ci90 };
        let held = binding.entry(row.au2).or_default().entry(row.year).or_insert(of_season);
        if held.value < value {
            *held = of_season;
        }
    }
    from.inputs
        .soums
        .keys()
        .map(|soum| {
            let measured = match binding.get(soum) {
                Some(observed) => {
                    let none = BTreeMap::new();
                    let ratio = observed.iter().map(|(year, seen)| (*year, seen.value)).collect();
                    let herd = sfu.get(soum).unwrap_or(&none);
                    let mut measured = one(from, *soum, &ratio, herd, baseline, reporting, settings);
                    if let Some(yearly) = &mut measured.yearly {
                        yearly.observed.clone_from(observed);
                    }
                    measured
                }
                None => Measured::nothing("stocking_ratio", missing(from, *soum, sfu)),
            };
            (*soum, measured)
        })
        .collect()
}

fn missing(from: &Pressure<'_>, soum: SoumCode, sfu: &BTreeMap<SoumCode, BTreeMap<i32, f64>>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if !sfu.contains_key(&soum) {
        reasons.push(Reason::NoLivestockSeries);
    }
    if !from.yields.contains_key(&soum) {
        reasons.push(Reason::NoPlots);
    }
    if utilisation(from, soum).is_none() {
        reasons.push(Reason::ZoneUnknown);
    }
    if reasons.is_empty() {
        reasons.push(Reason::NoRangelandMask);
    }
    reasons
}

/// The largest fall of a herd from one count to the next that lies after the baseline, percent; `None` without a fall.
fn largest_fall_percent(herd: &BTreeMap<i32, f64>, baseline: Years, reporting: Years) -> Option<f64> {
    falls(herd, baseline, reporting).map(|(_, percent)| percent).max_by(f64::total_cmp)
}

/// Falls of a herd after the baseline, percent, with the year in which they were counted.
fn falls(herd: &BTreeMap<i32, f64>, baseline: Years, reporting: Years) -> impl Iterator<Item = (i32, f64)> {
    let counts = herd.range(..=reporting.last).zip(herd.range(..=reporting.last).skip(1));
    counts
        .filter(move |((_, before), (year, after))| **year > baseline.last && after < before)
        .map(|((_, before), (year, after))| (*year, 100.0 * (1.0 - after / before)))
}

/// Whether livestock died off after the baseline: by the losses told of a year, and where none are told, by a fall that
/// the scheme takes for deaths.
fn died_off(
    from: &Pressure<'_>,
    soum: SoumCode,
    herd: &BTreeMap<i32, f64>,
    (baseline, reporting): (Years, Years),
) -> bool {
    let losses = &from.inputs.losses_percent;
    let mut told = losses.range((soum, baseline.last + 1)..=(soum, reporting.last)).map(|(_, percent)| *percent);
    let disaster = |percent| from.sets.drought.is_mortality_disaster(percent) != Some(false);
    let taken_for_deaths = |(year, fall): (i32, f64)| {
        !losses.contains_key(&(soum, year)) && from.herd_fall_max_percent.is_some_and(|most| fall > most)
    };
    told.any(disaster) || falls(herd, baseline, reporting).any(taken_for_deaths)
}

/// The change of a herd in a soum, or in a part of it, against its capacity.
pub(crate) fn one(
    from: &Pressure<'_>,
    soum: SoumCode,
    ratio: &BTreeMap<i32, f64>,
    herd: &BTreeMap<i32, f64>,
    baseline: Years,
    reporting: Years,
    settings: &TestSettings,
) -> Measured {
    let within = |span: Years| -> Vec<f64> { ratio.range(span.first..=span.last).map(|(_, v)| *v).collect() };
    let logs: BTreeMap<i32, f64> = ratio.iter().filter(|(_, r)| **r > 0.0).map(|(y, r)| (*y, r.ln())).collect();
    let change = change_between(&logs, baseline, reporting, settings);
    let seen = within(baseline).len() + within(reporting).len();
    let fall_percent = largest_fall_percent(herd, baseline, reporting);
    let died = died_off(from, soum, herd, (baseline, reporting));
    let plots = from.yields.get(&soum).map(|y| y.plots);
    Measured {
        estimate: change.as_ref().ok().map(|c| c.estimate.improvement_signed(Better::Lower)),
        noise_floor: None,
        raw_effect: change.as_ref().ok().map(|c| -c.estimate.effect),
        baseline_value: mean(&within(baseline)),
        reporting_value: mean(&within(reporting)),
        value_unit: "stocking_ratio",
        years: (within(baseline).len(), within(reporting).len()),
        tier: Tier::T2,
        coverage: Some(seen as f64 / (baseline.len() + reporting.len()) as f64),
        n_plots: plots,
        n_eff: change.as_ref().ok().map(|c| c.baseline_years_effective + c.reporting_years_effective),
        reasons: change.err().map(|e| e.reason()).into_iter().collect(),
        flags: if died { vec![Flag::InvoluntaryDestocking] } else { Vec::new() },
        yearly: Some(Yearly {
            observed: Observed::bare(ratio),
            values: logs.iter().map(|(y, ln)| (*y, -ln)).collect(),
            common: logs.iter().find_map(|(y, ln)| herd.get(y).map(|h| h.ln() - ln)).unwrap_or(0.0),
            ln_to_percent: false,
            persistence: None,
        }),
        points: None,
        facts: Facts { herd_fall_percent: fall_percent, ..Facts::default() },
    }
}
