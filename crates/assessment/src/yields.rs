//! The forage a soum can count on: mean peak yield over years, from its own plots or its zone's.

use std::collections::BTreeMap;

use belcheer_domain::records::BiomassPlot;
use belcheer_domain::{NaturalZone, SoumCode};

/// Fewest plots for a soum to stand on its own; below, its zone's plots are used.
const OWN_PLOTS_MIN: usize = 3;
/// Fewest years for a mean over years.
const YEARS_MIN: usize = 3;

/// Where a yield comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YieldSource {
    /// The soum's own plots.
    OwnPlots,
    /// All plots of the soum's natural zone.
    Zone,
}

/// Mean peak yield over years.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Yield {
    /// Mean over years, kg/ha.
    pub kg_ha: f64,
    /// Coefficient of variation of that mean: between years and between plots.
    pub cv: f64,
    /// Plots behind it.
    pub plots: u32,
    /// Years behind it.
    pub years: u32,
    /// Whose plots they are.
    pub source: YieldSource,
}

/// Yields by soum. Values flagged as outliers are left out; traces count as measured.
///
/// The mean is taken over yearly means, so that a year with many plots weighs no more than another. Its variance has
/// a part between years and a part between plots; both are taken as independent.
#[must_use]
pub fn soum_yields(plots: &[BiomassPlot], zones: &BTreeMap<SoumCode, NaturalZone>) -> BTreeMap<SoumCode, Yield> {
    let usable = |p: &&BiomassPlot| !p.flags.iter().any(|f| f == "biomass_outlier");
    let mut by_soum: BTreeMap<SoumCode, Vec<&BiomassPlot>> = BTreeMap::new();
    let mut by_zone: BTreeMap<NaturalZone, Vec<&BiomassPlot>> = BTreeMap::new();
    for plot in plots.iter().filter(usable) {
        let Some(soum) = plot.au2 else { continue };
        by_soum.entry(soum).or_default().push(plot);
        if let Some(zone) = zones.get(&soum) {
            by_zone.entry(*zone).or_default().push(plot);
        }
    }
    let of_zone: BTreeMap<NaturalZone, Yield> =
        by_zone.iter().filter_map(|(z, plots)| mean_yield(plots, YieldSource::Zone).map(|y| (*z, y))).collect();
    let mut yields: BTreeMap<SoumCode, Yield> =
        zones.iter().filter_map(|(soum, zone)| of_zone.get(zone).map(|y| (*soum, *y))).collect();
    for (soum, plots) in &by_soum {
        if let Some(own) = mean_yield(plots, YieldSource::OwnPlots)
            && own.plots as usize >= OWN_PLOTS_MIN
        {
            yields.insert(*soum, own);
        }
    }
    yields
}

fn mean_yield(plots: &[&BiomassPlot], source: YieldSource) -> Option<Yield> {
    let mut by_year: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    let mut by_plot: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for plot in plots {
        if let Some(kg) = plot.biomass_kg_ha {
            by_year.entry(plot.year).or_default().push(kg);
            by_plot.entry(&plot.plot).or_default().push(kg);
        }
    }
    if by_year.len() < YEARS_MIN {
        return None;
    }
    let means = |groups: Vec<&Vec<f64>>| -> Vec<f64> {
        groups.into_iter().map(|g| g.iter().sum::<f64>() / g.len() as f64).collect()
    };
    let (kg_ha, between_years) = mean_and_error(&means(by_year.values().collect()))?;
    let between_plots = mean_and_error(&means(by_plot.values().collect())).map_or(0.0, |(_, se)| se);
    if kg_ha <= 0.0 {
        return None;
    }
    Some(Yield {
        kg_ha,
        cv: between_years.hypot(between_plots) / kg_ha,
        plots: u32::try_from(by_plot.len()).ok()?,
        years: u32::try_from(by_year.len()).ok()?,
        source,
    })
}

/// Mean and standard error of the mean; the error is 0 for a single value.
fn mean_and_error(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    if values.is_empty() {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Some((mean, if n > 1.0 { (squares / (n - 1.0) / n).sqrt() } else { 0.0 }))
}
