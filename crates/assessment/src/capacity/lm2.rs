//! The land agency's arithmetic: unweighted means of points, the whole soum, 180 days, a whole number.

use belcheer_domain::SoumCode;
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::almgac_lm2::{Lm2Constants, unit_capacity};
use belcheer_rangeland::sheep_forage_units::sheep_forage_units;

use super::{Basis, CapacityRow};
use crate::evidence::pressure::soum_utilisation;
use crate::inputs::Inputs;

/// The one row of a soum.
pub(super) fn soum(basis: &Basis<'_>, soum: SoumCode) -> CapacityRow {
    let common = &basis.sets.common;
    let area_ha = basis.inputs.soums.get(&soum).map_or(0.0, |s| s.area_ha);
    let heads = basis.heads.get(&soum);
    let sfu = heads.and_then(|h| sheep_forage_units(h, &common.sfu).ok()).map(|s| s.get());
    let own = plot_means(basis.inputs, |of| of == soum);
    let zone = basis.zones.get(&soum);
    let (points, source) = match (own.is_empty(), zone) {
        (false, _) => (own, Some("own_plots")),
        (true, Some(zone)) => (plot_means(basis.inputs, |of| basis.zones.get(&of) == Some(zone)), Some("zone_plots")),
        (true, None) => (Vec::new(), None),
    };
    let found = soum_utilisation(basis.inputs, &common.utilisation, &common.utilisation_fallback, &basis.zones, soum);
    let mut reasons = Vec::new();
    if sfu.is_none() {
        reasons.push("no_livestock");
    }
    if points.is_empty() {
        reasons.push("no_plots");
    }
    if found.is_none() {
        reasons.push("zone_unknown");
    }
    if basis.borrowed.contains(&soum) {
        reasons.push("zone_of_neighbour");
    }
    let constants = Lm2Constants::by_name("almgac_lm2").ok();
    let capacity = constants.as_ref().zip(found).and_then(|(constants, (share, _))| {
        let pairs: Vec<(f64, f64)> = points.iter().map(|kg| (*kg, 100.0 * share)).collect();
        unit_capacity(area_ha, &pairs, constants).ok()
    });
    let mean = (!points.is_empty()).then(|| points.iter().sum::<f64>() / points.len() as f64);
    CapacityRow {
        au2: soum,
        season: "use_period".to_owned(),
        sfu,
        area_ha,
        potential_area_ha: None,
        yield_kg_ha: mean,
        yield_source: source,
        utilisation: found.map(|f| f.0),
        water_factor: None,
        slope_factor: None,
        carry_over: 1.0,
        days: constants.as_ref().map_or(0.0, |c| c.unit_days),
        capacity_sfu: capacity.map(|c| c.d3),
        capacity_if_watered_sfu: None,
        ratio: capacity.zip(sfu).filter(|(c, _)| c.d3 > 0.0).map(|(c, sfu)| sfu / c.d3),
        percent_use: None,
        d1_d2: capacity.map(|c| (c.d1, c.d2)),
        parameter_set: ["almgac_lm2", &common.sfu.id, found.map_or("", |f| f.1)].join(";"),
        reasons,
    }
}

/// Mean of each plot over its years, kg/ha, of the soums wanted.
fn plot_means(inputs: &Inputs, wanted: impl Fn(SoumCode) -> bool) -> Vec<f64> {
    let mut plots: std::collections::BTreeMap<&str, (f64, u32)> = std::collections::BTreeMap::new();
    for plot in inputs.plots.iter().filter(|p| p.au2.is_some_and(&wanted)) {
        if let Some(kg) = plot.biomass_kg_ha {
            let sum = plots.entry(&plot.plot).or_default();
            *sum = (sum.0 + kg, sum.1 + 1);
        }
    }
    plots.values().map(|(sum, n)| sum / f64::from(*n)).collect()
}
