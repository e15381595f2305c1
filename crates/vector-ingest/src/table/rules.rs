//! The figures of `table_rules.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Rules {
    pub(crate) trace_kg_ha: f64,
    pub(crate) outlier_kg_ha: f64,
    pub(crate) standard_method_from: i32,
    pub(crate) years: [i32; 2],
    pub(crate) precipitation_mm: [f64; 2],
    pub(crate) temperature_c: [f64; 2],
    pub(crate) month_temperature_c: [f64; 2],
    pub(crate) species_share_distance: f64,
    pub(crate) jump: f64,
    pub(crate) neighbours_agree: f64,
    pub(crate) sum_tolerance: f64,
    pub(crate) sum_rounding_thousand: f64,
    pub(crate) thousand_head_max: f64,
}

pub(crate) static RULES: LazyLock<Rules> =
    LazyLock::new(|| toml::from_str(include_str!("../../data/table_rules.toml")).unwrap_or_default());

#[cfg(test)]
mod tests {
    #[test]
    fn the_rules_are_readable() {
        assert_eq!(super::RULES.outlier_kg_ha, 3000.0);
    }
}
