//! Sums of values over the zones and statistical cells of a block.

use std::collections::BTreeMap;

use belcheer_cog::Samples;

use super::moments::{Moments, Summed};
use super::overlay::Overlay;
use super::row::{Measure, PartialRow};
use crate::area_sums::AreaSums;

/// What a set of rows has in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    pub(super) measure: Measure,
    pub(super) year: i32,
    pub(super) block: u32,
}

/// Values of a block, row by row, and how they become physical.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) samples: &'a Samples,
    /// Which are valid; all without it.
    pub(super) valid: Option<&'a [bool]>,
    pub(super) scale: f64,
    pub(super) offset: f64,
}

/// Adds `pixels` pixels that weigh the same, of which `found` have a value: `x = scale raw + offset`.
fn add(sums: &mut AreaSums, weight_ha: f64, pixels: u32, found: Moments, (scale, offset): (f64, f64)) {
    let n = found.n as f64;
    sums.sum_w += weight_ha * n;
    sums.sum_wx += weight_ha * (scale * found.sum + offset * n);
    sums.sum_wxx +=
        weight_ha * (scale * scale * found.squares + 2.0 * scale * offset * found.sum + offset * offset * n);
    sums.missing_w += weight_ha * (f64::from(pixels) - n);
    sums.n += found.n;
}

/// Sums values by zone and cell, in the order of both.
///
/// Weight = pixel area times covered fraction, ha. Pixels outside the mask count nowhere; pixels of the mask without a
/// value add to `missing_w`.
pub(super) fn sum(overlay: &Overlay, values: Values<'_>, stamp: Stamp) -> Vec<PartialRow> {
    let buckets = match values.samples {
        Samples::U8(raw) => by_bucket(overlay, raw, values),
        Samples::I8(raw) => by_bucket(overlay, raw, values),
        Samples::U16(raw) => by_bucket(overlay, raw, values),
        Samples::I16(raw) => by_bucket(overlay, raw, values),
        Samples::U32(raw) => by_bucket(overlay, raw, values),
        Samples::I32(raw) => by_bucket(overlay, raw, values),
        Samples::F32(raw) => by_bucket(overlay, raw, values),
        Samples::F64(raw) => by_bucket(overlay, raw, values),
    };
    let mut merged: BTreeMap<(u32, (i32, i32)), AreaSums> = BTreeMap::new();
    for (bucket, sums) in overlay.layout.buckets.iter().zip(&buckets) {
        for zone in &bucket.zones {
            merged.entry((*zone, bucket.cell)).or_default().merge(sums);
        }
    }
    let row = |((zone, (east, north)), sums): ((u32, (i32, i32)), AreaSums)| PartialRow {
        zone,
        measure: stamp.measure,
        year: stamp.year,
        east,
        north,
        block: stamp.block,
        sums,
    };
    merged.into_iter().map(row).collect()
}

fn by_bucket<T: Summed>(overlay: &Overlay, raw: &[T], values: Values<'_>) -> Vec<AreaSums> {
    let layout = &overlay.layout;
    let physical = (values.scale, values.offset);
    let mut buckets = vec![AreaSums::default(); layout.buckets.len()];
    for run in &layout.runs {
        let pixels = run.start as usize..(run.start + run.length) as usize;
        let found = T::moments(&raw[pixels.clone()], values.valid.map(|valid| &valid[pixels]));
        add(&mut buckets[run.bucket as usize], overlay.row_area_ha[run.row as usize], run.length, found, physical);
    }
    for part in &layout.parts {
        let pixel = part.pixel as usize;
        let found = T::moments(&raw[pixel..=pixel], values.valid.map(|valid| &valid[pixel..=pixel]));
        add(&mut buckets[part.bucket as usize], part.weight_ha, 1, found, physical);
    }
    buckets
}
