//! From what was gathered of a zone to its sums.

#![allow(clippy::indexing_slicing)]

use super::gather::{Counts, Scratch};
use super::index::Part;
use super::sample::TileSample;
use super::sums::{Gathered, Scaling, TileSums};
use crate::accumulator::{Accumulator, Exact};
use crate::histogram::Bin;
use crate::sums::{Moments, NeumaierSum};

/// The sums of a zone whose parts are all there.
pub(super) fn finish<'p, T: TileSample>(
    sums: &TileSums<'_, T>,
    parts: impl Iterator<Item = &'p Part>,
    gathered: Gathered<T>,
    scratch: &mut Scratch,
) -> Accumulator {
    let parts: Vec<&Part> = parts.collect();
    if T::BIN_BITS == 0 { finish_wide(sums, &parts, gathered) } else { finish_narrow(sums, &parts, gathered, scratch) }
}

/// Partly covered cells in the order of the index: value (if there is one), fraction.
fn edges<'p, T: TileSample>(
    parts: &'p [&'p Part],
    gathered: &'p Gathered<T>,
    nodata: Option<T>,
) -> impl Iterator<Item = (Option<T>, f64)> {
    parts.iter().zip(&gathered.parts).filter_map(|(part, cells)| Some((part, cells.as_ref()?))).flat_map(
        move |(part, cells)| {
            cells.edges.iter().zip(&part.fractions).enumerate().map(move |(i, (&x, &fraction))| {
                let valid = cells.edges_valid.as_ref().is_none_or(|valid| valid[i]);
                ((valid && nodata != Some(x) && !x.to_f64().is_nan()).then_some(x), fraction)
            })
        },
    )
}

/// Exact sums of counted values.
#[derive(Debug, Clone, Copy, Default)]
struct Whole {
    cells: u64,
    sum: i128,
    squares: i128,
}

fn whole_sums<T: TileSample>(counts: &Counts) -> Whole {
    let (mut cells, mut sum, mut squares) = (0_u64, 0_i128, 0_i128);
    for (chunk, first) in counts.counts.chunks(256).zip((counts.low..).step_by(256)) {
        // counted from the chunk's first value, squares are below 2^16; times 2^32 cells they fit in 64 bits
        let (mut n, mut s, mut q) = (0_u64, 0_i64, 0_i64);
        let middle = i64::from(T::of_bin(first as u16));
        for (i, &count) in (0_i64..).zip(chunk) {
            n += u64::from(count);
            s += i * i64::from(count);
            q += i * i * i64::from(count);
        }
        // moved from the chunk's first value to zero
        let (n, s, q, k) = (i128::from(n), i128::from(s), i128::from(q), i128::from(middle));
        cells += n as u64;
        sum += s + k * n;
        squares += q + 2 * k * s + k * k * n;
    }
    Whole { cells, sum, squares }
}

fn finish_narrow<T: TileSample>(
    sums: &TileSums<'_, T>,
    parts: &[&Part],
    mut gathered: Gathered<T>,
    scratch: &mut Scratch,
) -> Accumulator {
    let run_cells: u64 = parts.iter().map(|part| part.run_cells).sum();
    let nodata = sums.nodata;
    if let Some(nodata) = nodata.map(|x| usize::from(x.bin()))
        && let Some(count) = nodata.checked_sub(gathered.counts.low).and_then(|at| gathered.counts.counts.get_mut(at))
    {
        *count = 0;
    }
    let whole = whole_sums::<T>(&gathered.counts);
    let (mut covered, mut area, mut sum) = (NeumaierSum::default(), NeumaierSum::default(), NeumaierSum::default());
    let (mut edge_cells, mut valid_edges) = (0, 0);
    let (mut low, mut high) = range(&gathered.counts);
    for (value, fraction) in edges(parts, &gathered, nodata) {
        edge_cells += 1;
        covered.add(fraction);
        if let Some(x) = value {
            valid_edges += 1;
            area.add(fraction);
            sum.add(fraction * x.to_f64());
            low = low.min(x.bin());
            high = high.max(x.bin());
        }
    }
    let (area_of_edges, sum_of_edges) = (area.value(), sum.value());
    covered.add(run_cells as f64);
    area.add(whole.cells as f64);
    sum.add(whole.sum as f64);
    let values = |bin: u16| sums.scaling.physical(f64::from(T::of_bin(bin)));
    let some = whole.cells + valid_edges > 0;
    let mut exact = Exact {
        cells: run_cells + edge_cells,
        valid_cells: whole.cells + valid_edges,
        covered,
        area,
        sum: scaled_sum(sum.value(), area.value(), sums.scaling),
        range: some.then(|| (values(low).min(values(high)), values(low).max(values(high)))),
        moments: Moments::default(),
        bins: Vec::new(),
    };
    if sums.kept.moments && some {
        let mean = ((sum_of_edges + whole.sum as f64) / area.value()).round();
        let moments = moments(whole, (area_of_edges, sum_of_edges), mean, || {
            edges(parts, &gathered, nodata).filter_map(|(x, fraction)| Some((x?.to_f64(), fraction)))
        });
        exact.moments = scaled_moments(moments, sums.scaling);
    }
    if sums.kept.histogram && some {
        let counted = &gathered.counts;
        exact.bins = bins(sums, (low, high), counted, edges(parts, &gathered, nodata), scratch);
    }
    Accumulator::of_exact(sums.kept, exact)
}

/// The bins of the smallest and largest value; an empty range when there is none.
fn range(counts: &Counts) -> (u16, u16) {
    let first = counts.counts.iter().position(|count| *count > 0);
    let last = counts.counts.iter().rposition(|count| *count > 0);
    match first.zip(last) {
        Some((first, last)) => ((counts.low + first) as u16, (counts.low + last) as u16),
        None => (u16::MAX, 0),
    }
}

/// Moments about a whole number near the mean, so that nothing is lost: the whole cells exactly, then the others.
fn moments<I: Iterator<Item = (f64, f64)>>(
    whole: Whole,
    (edge_area, edge_sum): (f64, f64),
    near: f64,
    edges: impl Fn() -> I,
) -> Moments {
    let (n, k) = (i128::from(whole.cells), near as i128);
    let first = (whole.sum - k * n) as f64 + (edge_sum - near * edge_area);
    let mut second = NeumaierSum::default();
    second.add((whole.squares - 2 * k * whole.sum + k * k * n) as f64);
    edges().for_each(|(x, fraction)| second.add(fraction * (x - near) * (x - near)));
    let weight = whole.cells as f64 + edge_area;
    let drift = first / weight;
    Moments { weight, mean: near + drift, m2: (second.value() - first * drift).max(0.0) }
}

/// The covered area of each distinct value, by ascending physical value.
fn bins<T: TileSample>(
    sums: &TileSums<'_, T>,
    (low, high): (u16, u16),
    counted: &Counts,
    edges: impl Iterator<Item = (Option<T>, f64)>,
    scratch: &mut Scratch,
) -> Vec<Bin> {
    let base = usize::from(low);
    let areas = &mut scratch.areas;
    areas.clear();
    areas.resize(usize::from(high) + 1 - base, 0.0);
    for (value, fraction) in edges {
        if let Some(x) = value {
            areas[usize::from(x.bin()) - base] += fraction;
        }
    }
    // nothing is counted outside the range of valid values
    let skipped = base.saturating_sub(counted.low);
    let from = counted.low.saturating_sub(base);
    let counts = counted.counts.get(skipped..).unwrap_or_default();
    for (area, count) in areas.iter_mut().skip(from).zip(counts) {
        *area += f64::from(*count);
    }
    let seen = areas.iter().filter(|area| **area > 0.0).count();
    let mut bins = Vec::with_capacity(seen);
    let bin = |(bin, area): (u16, &f64)| Bin {
        value: sums.scaling.physical(f64::from(T::of_bin(bin))) + 0.0,
        area: *area,
        weighted_area: 0.0,
    };
    let present = (low..=high).zip(areas.iter()).filter(|(_, area)| **area > 0.0);
    if sums.scaling.scale < 0.0 {
        bins.extend(present.rev().map(bin))
    } else {
        bins.extend(present.map(bin))
    }
    bins
}

fn scaled_sum(sum: f64, area: f64, scaling: Scaling) -> NeumaierSum {
    let mut scaled = NeumaierSum::default();
    scaled.add(sum * scaling.scale);
    scaled.add(area * scaling.offset);
    scaled
}

fn scaled_moments(moments: Moments, scaling: Scaling) -> Moments {
    Moments {
        weight: moments.weight,
        mean: scaling.physical(moments.mean),
        m2: moments.m2 * scaling.scale * scaling.scale,
    }
}

fn finish_wide<T: TileSample>(sums: &TileSums<'_, T>, parts: &[&Part], gathered: Gathered<T>) -> Accumulator {
    let mut total = Accumulator::keeping(sums.kept);
    for (value, fraction) in edges(parts, &gathered, sums.nodata) {
        match value {
            Some(x) => total.add_cell(sums.scaling.physical(x.to_f64()), fraction, None),
            None => total.add_missing(1, fraction),
        }
    }
    let mut values: Vec<f64> = Vec::new();
    for wide in gathered.parts.into_iter().flatten().filter_map(|part| part.wide) {
        total.merge(&wide.sums);
        // adding zero makes -0 and 0 one value
        values.extend(wide.values.iter().map(|x| sums.scaling.physical(x.to_f64()) + 0.0));
    }
    values.sort_unstable_by(f64::total_cmp);
    let bins = values
        .chunk_by(|a, b| a == b)
        .filter_map(|same| Some(Bin { value: *same.first()?, area: same.len() as f64, weighted_area: 0.0 }));
    total.merge_bins(bins.collect());
    total
}
