//! Pieces of a soum that have one yield, one distance to water and one slope.

use std::collections::BTreeMap;

use belcheer_domain::{Fraction, Hectares, KgPerHa, Species};
use belcheer_rangeland::access::{SlopeFactors, WaterFactors};
use belcheer_rangeland::capacity::ForagePatch;

/// The part of a soum in one cell; or the whole soum without a grid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// Accessible area, ha.
    pub area_ha: f64,
    /// Of it remote, rugged or unwatered, ha.
    pub potential_ha: f64,
    /// Peak yield, kg/ha.
    pub yield_kg_ha: f64,
    /// Distance to water, km; `None` = not known.
    pub distance_km: Option<f64>,
    /// Slope, degrees; `None` = not known.
    pub slope_degrees: Option<f64>,
}

/// What reduces the utilisation of a piece.
#[derive(Debug, Clone, Copy)]
pub(super) struct Access<'a> {
    /// Distance to water with the herd; `None` where snow stands in for water, or the factor is not applied.
    pub water: Option<(&'a WaterFactors, &'a BTreeMap<Species, f64>)>,
    /// Slope.
    pub slope: Option<&'a SlopeFactors>,
}

impl Access<'_> {
    /// Nothing is reduced.
    pub const FULL: Self = Self { water: None, slope: None };

    fn of(&self, piece: &Piece) -> f64 {
        let water = self.water.and_then(|(set, herd)| set.of_herd(herd, piece.distance_km?)).unwrap_or(1.0);
        let slope = self.slope.and_then(|set| set.of_degrees(piece.slope_degrees?)).unwrap_or(1.0);
        water * slope
    }
}

/// The pieces as patches of forage.
pub(super) fn patches(pieces: &[Piece], utilisation: f64, access: &Access<'_>) -> Vec<ForagePatch> {
    let patch = |piece: &Piece| {
        Some(ForagePatch {
            area: Hectares::new(piece.area_ha).ok()?,
            yield_kg_ha: KgPerHa::new(piece.yield_kg_ha).ok()?,
            utilisation: Fraction::new(utilisation).ok()?,
            access: Fraction::new(access.of(piece).clamp(0.0, 1.0)).ok()?,
        })
    };
    pieces.iter().filter_map(patch).collect()
}
