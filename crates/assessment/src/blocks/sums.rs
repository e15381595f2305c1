//! Sums of values over the zones and statistical cells of a block.

use std::collections::BTreeMap;

use belcheer_cog::Samples;

use super::ground::Ground;
use super::moments::{Moments, Summed};
use super::row::{Measure, PartialRow};

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

#[derive(Debug, Default, Clone, Copy)]
struct Sums {
    w: f64,
    wx: f64,
    wxx: f64,
    missing: f64,
    n: u64,
}

impl Sums {
    /// Adds `pixels` pixels that weigh the same, of which `found` have a value: `x = scale raw + offset`.
    fn add(&mut self, weight_ha: f64, pixels: u32, found: Moments, (scale, offset): (f64, f64)) {
        let n = found.n as f64;
        self.w += weight_ha * n;
        self.wx += weight_ha * (scale * found.sum + offset * n);
        self.wxx +=
            weight_ha * (scale * scale * found.squares + 2.0 * scale * offset * found.sum + offset * offset * n);
        self.missing += weight_ha * (f64::from(pixels) - n);
        self.n += found.n;
    }

    fn merge(&mut self, other: &Self) {
        self.w += other.w;
        self.wx += other.wx;
        self.wxx += other.wxx;
        self.missing += other.missing;
        self.n += other.n;
    }
}

/// Sums values by zone and cell, in the order of both.
///
/// Weight = pixel area times covered fraction, ha. Pixels outside the mask count nowhere; pixels of the mask without a
/// value add to `missing_w`.
pub(super) fn sum(ground: &Ground, values: Values<'_>, stamp: Stamp) -> Vec<PartialRow> {
    let buckets = match values.samples {
        Samples::U8(raw) => by_bucket(ground, raw, values),
        Samples::I8(raw) => by_bucket(ground, raw, values),
        Samples::U16(raw) => by_bucket(ground, raw, values),
        Samples::I16(raw) => by_bucket(ground, raw, values),
        Samples::U32(raw) => by_bucket(ground, raw, values),
        Samples::I32(raw) => by_bucket(ground, raw, values),
        Samples::F32(raw) => by_bucket(ground, raw, values),
        Samples::F64(raw) => by_bucket(ground, raw, values),
    };
    let mut merged: BTreeMap<(u32, (i32, i32)), Sums> = BTreeMap::new();
    for (bucket, sums) in ground.layout.buckets.iter().zip(&buckets) {
        for zone in &bucket.zones {
            merged.entry((*zone, bucket.cell)).or_default().merge(sums);
        }
    }
    let row = |((zone, (east, north)), sums): ((u32, (i32, i32)), Sums)| PartialRow {
        zone,
        measure: stamp.measure,
        year: stamp.year,
        east,
        north,
        block: stamp.block,
        sum_w: sums.w,
        sum_wx: sums.wx,
        sum_wxx: sums.wxx,
        missing_w: sums.missing,
        n: sums.n,
    };
    merged.into_iter().map(row).collect()
}

fn by_bucket<T: Summed>(ground: &Ground, raw: &[T], values: Values<'_>) -> Vec<Sums> {
    let layout = &ground.layout;
    let physical = (values.scale, values.offset);
    let mut buckets = vec![Sums::default(); layout.buckets.len()];
    for run in &layout.runs {
        let pixels = run.start as usize..(run.start + run.length) as usize;
        let found = T::moments(&raw[pixels.clone()], values.valid.map(|valid| &valid[pixels]));
        buckets[run.bucket as usize].add(ground.row_area_ha[run.row as usize], run.length, found, physical);
    }
    for part in &layout.parts {
        let pixel = part.pixel as usize;
        let found = T::moments(&raw[pixel..=pixel], values.valid.map(|valid| &valid[pixel..=pixel]));
        buckets[part.bucket as usize].add(part.weight_ha, 1, found, physical);
    }
    buckets
}
