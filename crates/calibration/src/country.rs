//! A made-up country: where its soums lie, which natural zone each belongs to, and fields correlated in space.

use belcheer_domain::{NaturalZone, SoumCode};
use nalgebra::{DMatrix, DVector};

use crate::draw::Draw;

/// Soums of a country; the national list has about as many.
pub const SOUMS: usize = 330;
const COLUMNS: usize = 22;
/// Distance between neighbouring centres, km.
const SPACING_KM: f64 = 68.0;
/// Correlation of yearly soum effects with distance: `SHARED exp(-(d/RANGE)²)` meets .33 below 60 km, .30 at 60-100,
/// .23 at 100-150, .17 at 150-200, .09 at 200-300, 0 beyond (NAMEM plots 2007-2020).
pub const SHARED: f64 = 0.38;
const RANGE_KM: f64 = 190.0;

/// Zones from north to south with the share of the country's rows.
const ZONES: [(NaturalZone, f64); 5] = [
    (NaturalZone::MountainTaiga, 0.14),
    (NaturalZone::ForestSteppe, 0.36),
    (NaturalZone::Steppe, 0.62),
    (NaturalZone::DesertSteppe, 0.86),
    (NaturalZone::Desert, 1.01),
];

/// One soum.
#[derive(Debug, Clone, Copy)]
pub struct Soum {
    pub code: SoumCode,
    pub zone: NaturalZone,
    pub x_km: f64,
    pub y_km: f64,
}

/// Soums and the root of their correlation matrix.
pub struct Country {
    pub soums: Vec<Soum>,
    root: DMatrix<f64>,
}

impl Country {
    /// Lays out the soums on a jittered grid.
    pub fn new(draw: &mut Draw) -> anyhow::Result<Self> {
        let rows = SOUMS.div_ceil(COLUMNS) as f64;
        let mut soums = Vec::with_capacity(SOUMS);
        for i in 0..SOUMS {
            let number = 9101 + 100 * (i / 45) + i % 45;
            let code =
                SoumCode::new(u16::try_from(number)?).ok_or_else(|| anyhow::anyhow!("{number} is no soum code"))?;
            let x_km = SPACING_KM * ((i % COLUMNS) as f64 + 0.5 * draw.uniform());
            let row = (i / COLUMNS) as f64 + 0.5 * draw.uniform();
            let share = (row / rows + 0.06 * draw.normal()).clamp(0.0, 1.0);
            let zone = ZONES.iter().find(|(_, upto)| share < *upto).map_or(NaturalZone::Desert, |(zone, _)| *zone);
            soums.push(Soum { code, zone, x_km, y_km: SPACING_KM * row });
        }
        let at = |i: usize, j: usize| {
            let (a, b): (&Soum, &Soum) = (&soums[i], &soums[j]);
            let squared = (a.x_km - b.x_km).powi(2) + (a.y_km - b.y_km).powi(2);
            (-squared / RANGE_KM.powi(2)).exp() + if i == j { 1e-6 } else { 0.0 }
        };
        let matrix = DMatrix::from_fn(SOUMS, SOUMS, at);
        let root = matrix.cholesky().ok_or_else(|| anyhow::anyhow!("the correlation of soums is not definite"))?.l();
        Ok(Self { soums, root })
    }

    /// A smooth field over the soums, standard normal at each.
    pub fn smooth(&self, draw: &mut Draw) -> Vec<f64> {
        let white = DVector::from_fn(SOUMS, |_, _| draw.normal());
        (&self.root * white).iter().copied().collect()
    }
}
