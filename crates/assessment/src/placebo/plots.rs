//! The tests on plots: every plot-year by itself, clustered one way and two ways, bootstrapped, and as shipped.

use std::collections::BTreeMap;

use belcheer_domain::records::BiomassPlot;
use belcheer_domain::{Indicator, SoumCode};
use belcheer_verification::{ByYear, Clustered, PlotYear, TestSettings, clustered_rejections, monte_carlo, rejections};

use super::{LEVEL, PlaceboRow, row};
use crate::evidence::mean;

/// What plots measure.
pub(super) const MEASURE: &str = "plot_yield_ln";
/// Smallest yield in a logarithm, kg/ha: smaller ones are traces.
const YIELD_FLOOR_KG_HA: f64 = 5.0;
/// Fewest plot-years of a soum in each period for the test on plot-years.
const PLOT_YEARS_MIN: usize = 10;
/// Most sign patterns of the wild bootstrap: all of ten years.
const SIGN_PATTERNS: usize = 1024;

/// ln yield of every plot and year by soum, traces at the floor.
pub(super) fn by_soum(plots: &[BiomassPlot]) -> BTreeMap<SoumCode, Vec<PlotYear>> {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut by_soum: BTreeMap<SoumCode, Vec<PlotYear>> = BTreeMap::new();
    for plot in plots {
        if let (Some(soum), Some(kg_ha)) = (plot.au2, plot.biomass_kg_ha) {
            let next = numbers.len() as u32;
            let number = *numbers.entry(&plot.plot).or_insert(next);
            let value = kg_ha.max(YIELD_FLOOR_KG_HA).ln();
            by_soum.entry(soum).or_default().push(PlotYear { plot: number, year: plot.year, value });
        }
    }
    by_soum
}

/// Yearly mean of every soum.
pub(super) fn yearly(plots: &BTreeMap<SoumCode, Vec<PlotYear>>) -> BTreeMap<SoumCode, BTreeMap<i32, f64>> {
    let means = |of_soum: &Vec<PlotYear>| years(of_soum).iter().filter_map(|(y, v)| Some((*y, mean(v)?))).collect();
    plots.iter().map(|(soum, of_soum)| (*soum, means(of_soum))).collect()
}

fn years(plots: &[PlotYear]) -> ByYear {
    let mut years = ByYear::new();
    plots.iter().for_each(|p| years.entry(p.year).or_default().push(p.value));
    years
}

/// One row a split and test.
pub(super) fn rows(
    plots: &BTreeMap<SoumCode, Vec<PlotYear>>,
    splits: &[(&'static str, Vec<i32>, Vec<i32>)],
    seed: u64,
    settings: &TestSettings,
) -> Vec<PlaceboRow> {
    let by_year: Vec<ByYear> = plots.values().map(|of_soum| years(of_soum)).collect();
    let mut rows = Vec::new();
    for (placebo, first, second) in splits {
        let found = rejections(&by_year, first, second, PLOT_YEARS_MIN, LEVEL, None, settings);
        let units = plots.iter().map(|(soum, of_soum)| {
            let random = monte_carlo::soum_stream(seed, &format!("placebo/wild/{placebo}"), *soum, Indicator::I1);
            (of_soum.as_slice(), random)
        });
        let Clustered { plot_and_year, wild } = clustered_rejections(units, first, second, LEVEL, SIGN_PATTERNS);
        let of = |estimator, counted| row(placebo, Indicator::I1, MEASURE, estimator, counted, LEVEL);
        rows.extend([
            of("independent", found.independent),
            of("year_clustered", found.year_clustered),
            of("plot_and_year_clustered", plot_and_year),
            of("wild_cluster_bootstrap", wild),
            of("shipped", found.shipped),
        ]);
    }
    rows
}
