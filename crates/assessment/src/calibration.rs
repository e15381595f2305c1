//! Whether the vegetation metric follows measured biomass in a zone.

use std::collections::BTreeMap;

use belcheer_domain::{NaturalZone, SoumCode};
use belcheer_verification::t_two_sided_p;

use crate::area_sums::AreaSums;
use crate::inputs::Inputs;

/// Added to biomass before the logarithm, kg/ha, so that traces do not dominate.
const BIOMASS_FLOOR_KG_HA: f64 = 5.0;
/// Fewest pairs of soum and year for a relation to be stated.
const PAIRS_MIN: usize = 30;
/// Largest p of the slope.
const P_MAX: f64 = 0.05;

/// The relation of one zone: `ln(biomass + 5) = a_soum + b ln(vegetation)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relation {
    /// Slope b.
    pub slope: f64,
    /// Two-sided p of the slope.
    pub p: f64,
    /// Pairs of soum and year.
    pub pairs: usize,
    /// Plot-years behind them.
    pub plots: u32,
}

/// Relations by zone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calibration(BTreeMap<NaturalZone, Relation>);

impl Calibration {
    /// Fits the relation in each zone, on deviations from each soum's own mean.
    ///
    /// Soum means of plots carry the observer; deviations from them leave only what changes from year to year.
    #[must_use]
    pub fn fit(
        inputs: &Inputs,
        vegetation: &BTreeMap<SoumCode, BTreeMap<i32, AreaSums>>,
        zones: &BTreeMap<SoumCode, NaturalZone>,
    ) -> Self {
        let mut biomass: BTreeMap<SoumCode, BTreeMap<i32, Vec<f64>>> = BTreeMap::new();
        for plot in &inputs.plots {
            if let (Some(soum), Some(kg)) = (plot.au2, plot.biomass_kg_ha) {
                biomass.entry(soum).or_default().entry(plot.year).or_default().push((kg + BIOMASS_FLOOR_KG_HA).ln());
            }
        }
        let mut pairs: BTreeMap<NaturalZone, ZonePairs> = BTreeMap::new();
        for (soum, years) in &biomass {
            let (Some(zone), Some(seen)) = (zones.get(soum), vegetation.get(soum)) else { continue };
            let of_soum: Vec<(f64, f64)> = years
                .iter()
                .filter_map(|(year, ln)| {
                    let index = seen.get(year)?.mean().filter(|v| *v > 0.0)?;
                    Some((index.ln(), ln.iter().sum::<f64>() / ln.len() as f64))
                })
                .collect();
            let plots: usize = years.values().map(Vec::len).sum();
            pairs.entry(*zone).or_default().add(&of_soum, plots);
        }
        Self(pairs.into_iter().filter_map(|(zone, p)| p.relation().map(|r| (zone, r))).collect())
    }

    /// Whether the metric rises with biomass in a zone, beyond chance.
    #[must_use]
    pub fn holds(&self, zone: NaturalZone) -> bool {
        self.0.get(&zone).is_some_and(|r| r.pairs >= PAIRS_MIN && r.slope > 0.0 && r.p <= P_MAX)
    }

    /// Plot-years behind a zone's relation.
    #[must_use]
    pub fn plots(&self, zone: NaturalZone) -> Option<u32> {
        self.0.get(&zone).map(|r| r.plots)
    }
}

#[derive(Debug, Default)]
struct ZonePairs {
    deviations: Vec<(f64, f64)>,
    soums: usize,
    plots: usize,
}

impl ZonePairs {
    fn add(&mut self, pairs: &[(f64, f64)], plots: usize) {
        if pairs.len() < 2 {
            return;
        }
        let n = pairs.len() as f64;
        let (mean_x, mean_y) = pairs.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
        self.deviations.extend(pairs.iter().map(|p| (p.0 - mean_x, p.1 - mean_y)));
        self.soums += 1;
        self.plots += plots;
    }

    fn relation(&self) -> Option<Relation> {
        let pairs = self.deviations.len();
        let sum = |f: fn(&(f64, f64)) -> f64| self.deviations.iter().map(f).sum::<f64>();
        let (xx, xy, yy) = (sum(|d| d.0 * d.0), sum(|d| d.0 * d.1), sum(|d| d.1 * d.1));
        let free = pairs.checked_sub(self.soums + 1).filter(|n| *n > 0)? as f64;
        if xx <= 0.0 {
            return None;
        }
        let slope = xy / xx;
        let residual = (yy - slope * xy).max(0.0) / free;
        let se = (residual / xx).sqrt();
        let p = if se > 0.0 { t_two_sided_p(slope / se, free)? } else { 0.0 };
        Some(Relation { slope, p, pairs, plots: u32::try_from(self.plots).unwrap_or(u32::MAX) })
    }
}
