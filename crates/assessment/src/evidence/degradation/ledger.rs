//! Areas of a soum by whether they are degraded, and the reference productivity of the country.

use std::collections::BTreeMap;

use belcheer_domain::{NaturalZone, SoumCode};
use belcheer_rangeland::degradation::{LandCover, ProductivityTable};

use super::pixel::{Judge, Pixel};

/// Width of the bins in which the 90th percentile is found, in units of the index.
const BIN: f64 = 1e-4;

/// Reference productivity by period, zone and land cover.
pub(super) type References = BTreeMap<(usize, NaturalZone, Option<u8>), f64>;

/// The 90th percentile, by area, of each zone and land cover in the whole country, in both periods.
pub(super) fn references(pixels: &BTreeMap<SoumCode, Vec<Pixel>>, judge: &Judge<'_>) -> References {
    let mut areas: BTreeMap<(usize, NaturalZone, Option<u8>), BTreeMap<i64, f64>> = BTreeMap::new();
    for pixel in pixels.values().flatten() {
        for (k, period) in pixel.periods.iter().enumerate() {
            let Some(mean) = period.mean else { continue };
            let bin = (f64::from(mean) / BIN).round() as i64;
            *areas.entry(unit(k, pixel, judge)).or_default().entry(bin).or_default() += f64::from(pixel.weight_ha);
        }
    }
    areas
        .into_iter()
        .filter_map(|(unit, bins)| {
            let total: f64 = bins.values().sum();
            let mut below = 0.0;
            let p90 = bins.into_iter().find(|(_, area)| {
                below += area;
                below >= 0.9 * total
            });
            p90.map(|(bin, _)| (unit, bin as f64 * BIN))
        })
        .collect()
}

fn unit(period: usize, pixel: &Pixel, judge: &Judge<'_>) -> (usize, NaturalZone, Option<u8>) {
    let cover = pixel.periods[period].cover.filter(|_| judge.has_cover()).map(LandCover::code);
    (period, pixel.zone, cover)
}

/// Areas in one statistical cell.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct CellShares {
    /// Judged in both periods, ha.
    pub weight_ha: f64,
    /// Degraded at the end of the baseline, ha.
    pub before_ha: f64,
    /// Degraded at the end of the reporting period, ha.
    pub after_ha: f64,
}

/// Areas of one soum.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// By statistical cell; only cells with area that is judged in both periods.
    pub cells: BTreeMap<(i32, i32), CellShares>,
    assessed_ha: f64,
}

impl Ledger {
    /// Judges every cell of a soum by a table and sums areas.
    pub(super) fn of(pixels: &[Pixel], judge: &Judge<'_>, table: &ProductivityTable, references: &References) -> Self {
        let mut ledger = Self::default();
        for pixel in pixels {
            let weight = f64::from(pixel.weight_ha);
            ledger.assessed_ha += weight;
            let degraded =
                |k: usize| judge.degraded(table, &pixel.periods[k], references.get(&unit(k, pixel, judge)).copied());
            let (Some(before), Some(after)) = (degraded(0), degraded(1)) else { continue };
            let cell = ledger.cells.entry(pixel.cell).or_default();
            cell.weight_ha += weight;
            cell.before_ha += if before { weight } else { 0.0 };
            cell.after_ha += if after { weight } else { 0.0 };
        }
        ledger
    }

    /// Degraded shares before and after; `None` when nothing was judged.
    pub(super) fn shares(&self) -> Option<(f64, f64)> {
        let sum = |f: fn(&CellShares) -> f64| self.cells.values().map(f).sum::<f64>();
        let judged = sum(|c| c.weight_ha);
        (judged > 0.0).then(|| (sum(|c| c.before_ha) / judged, sum(|c| c.after_ha) / judged))
    }

    /// Share of the assessed area that was judged in both periods.
    pub(super) fn coverage(&self) -> Option<f64> {
        let judged: f64 = self.cells.values().map(|c| c.weight_ha).sum();
        (self.assessed_ha > 0.0).then(|| judged / self.assessed_ha)
    }
}
