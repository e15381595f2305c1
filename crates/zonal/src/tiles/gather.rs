//! Cells of one tile gathered for one zone: whole cells counted or summed, partly covered ones kept.

#![allow(clippy::indexing_slicing)]

use super::index::{Part, Run};
use super::sample::TileSample;
use crate::accumulator::Accumulator;

/// Bins of the widest type that is counted by value.
const BINS: usize = 1 << 16;
/// Tables that values of 8 bits are counted in by turns: neighbours are often equal, and adding twice to one
/// place waits for itself.
const TURNS: usize = 4;

/// The values of a tile in row-major order, as many columns as the layout says.
#[derive(Debug, Clone, Copy)]
pub struct TileCells<'a, T> {
    /// Raw values; what lies beyond the raster is never looked at.
    pub values: &'a [T],
    /// Where this is 0 there is no value; `None` when all count.
    pub mask: Option<&'a [u8]>,
}

/// Room to count in, kept by each thread.
#[derive(Debug)]
pub struct Scratch {
    /// All zero between uses.
    counts: Box<[u32; BINS]>,
    /// All zero between uses.
    pub(super) areas: Vec<f64>,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { counts: Box::new([0; BINS]), areas: Vec::new() }
    }
}

/// How many cells have each value, over a range of bins.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Counts {
    /// The bin of the first count.
    pub low: usize,
    pub counts: Vec<u32>,
    /// Bins with their counts in any order, instead, where cells are few beside the range of their values.
    few: Vec<(u16, u32)>,
}

impl Counts {
    /// Makes room for bins from `low` to `high`.
    fn reach(&mut self, low: usize, high: usize) {
        if self.counts.is_empty() {
            *self = Self { low, counts: vec![0; high + 1 - low], few: Vec::new() };
            return;
        }
        if low < self.low {
            let before = self.low - low;
            self.counts.splice(0..0, std::iter::repeat_n(0, before));
            self.low = low;
        }
        if high >= self.low + self.counts.len() {
            self.counts.resize(high + 1 - self.low, 0);
        }
    }

    /// Adds counts; these have none of the few.
    pub fn add(&mut self, other: Self) {
        let bins = || other.few.iter().map(|(bin, _)| usize::from(*bin));
        if let Some((low, high)) = bins().min().zip(bins().max()) {
            self.reach(low, high);
            for (bin, count) in &other.few {
                self.counts[usize::from(*bin) - self.low] += count;
            }
            return;
        }
        if self.counts.is_empty() {
            *self = other;
            return;
        }
        if other.counts.is_empty() {
            return;
        }
        self.reach(other.low, other.low + other.counts.len() - 1);
        for (sum, count) in self.counts[other.low - self.low..].iter_mut().zip(&other.counts) {
            *sum += count;
        }
    }
}

/// Whole cells of a wide type.
#[derive(Debug, Clone)]
pub(super) struct Wide<T> {
    pub sums: Accumulator,
    /// All values, where the distinct ones are wanted.
    pub values: Vec<T>,
}

/// What one part gave.
#[derive(Debug, Clone)]
pub(super) struct PartCells<T> {
    /// Values of the partly covered cells, in the order of the part.
    pub edges: Vec<T>,
    /// Which of them count, where a mask says so.
    pub edges_valid: Option<Vec<bool>>,
    pub counts: Counts,
    pub wide: Option<Box<Wide<T>>>,
}

/// How wide values are taken.
#[derive(Debug, Clone)]
pub(super) struct WideRules<T> {
    /// Sums without a cell.
    pub empty: Accumulator,
    pub nodata: Option<T>,
    pub scale: f64,
    pub offset: f64,
    pub keep_values: bool,
}

/// Gathers a part's cells.
pub(super) fn gather<T: TileSample>(
    part: &Part,
    cells: &TileCells<'_, T>,
    rules: &WideRules<T>,
    scratch: &mut Scratch,
) -> Option<PartCells<T>> {
    let values = cells.values;
    let edges = part.edges.iter().map(|&at| values.get(at as usize).copied()).collect::<Option<Vec<T>>>()?;
    let edges_valid = match cells.mask {
        None => None,
        Some(mask) => Some(part.edges.iter().map(|&at| mask.get(at as usize).map(|m| *m != 0)).collect::<Option<_>>()?),
    };
    let runs = part.runs.iter().map(|run| {
        let range = run.offset as usize..(run.offset + run.cells) as usize;
        let mask = match cells.mask {
            None => None,
            Some(mask) => Some(mask.get(range.clone())?),
        };
        Some((values.get(range)?, mask))
    });
    if T::BIN_BITS == 0 {
        let wide = gather_wide(runs, rules)?;
        return Some(PartCells { edges, edges_valid, counts: Counts::default(), wide: Some(Box::new(wide)) });
    }
    let counts = count(runs, &part.runs, values, scratch)?;
    Some(PartCells { edges, edges_valid, counts, wide: None })
}

/// Counts values; the table is left zero.
fn count<'a, T: TileSample + 'a>(
    runs: impl Iterator<Item = Option<(&'a [T], Option<&'a [u8]>)>>,
    places: &[Run],
    values: &[T],
    scratch: &mut Scratch,
) -> Option<Counts> {
    let Some(first) = places.first().and_then(|run| values.get(run.offset as usize)) else {
        return Some(Counts::default());
    };
    let (mut low, mut high) = (*first, *first);
    let table = &mut *scratch.counts;
    let mut complete = true;
    for run in runs {
        let Some((values, mask)) = run else {
            complete = false;
            break;
        };
        for &x in values {
            low = if x < low { x } else { low };
            high = if x > high { x } else { high };
        }
        match mask {
            None => count_run(values, table),
            Some(mask) => {
                for (x, mask) in values.iter().zip(mask) {
                    table[usize::from(x.bin())] += u32::from(*mask != 0);
                }
            }
        }
    }
    let (low, high) = (usize::from(low.bin()), usize::from(high.bin()));
    let (lanes, span) = (if T::BIN_BITS == 8 { TURNS } else { 1 }, high + 1 - low);
    let cells: usize = places.iter().map(|run| run.cells as usize).sum();
    if complete && 2 * cells < span {
        return Some(take_few(places, values, table));
    }
    let mut counts = table[low..=high].to_vec();
    table[low..=high].fill(0);
    for turn in 1..lanes {
        let range = low + (turn << 8)..=high + (turn << 8);
        counts.iter_mut().zip(&table[range.clone()]).for_each(|(sum, count)| *sum += count);
        table[range].fill(0);
    }
    complete.then_some(Counts { low, counts, few: Vec::new() })
}

/// Takes the counts of the values of a few runs out of the table.
fn take_few<T: TileSample>(places: &[Run], values: &[T], table: &mut [u32; BINS]) -> Counts {
    let mut few = Vec::new();
    for run in places {
        let seen = values.get(run.offset as usize..(run.offset + run.cells) as usize).unwrap_or_default();
        for x in seen {
            let bin = x.bin();
            let turns = if T::BIN_BITS == 8 { TURNS as u16 } else { 1 };
            let count: u32 = (0..turns).map(|turn| std::mem::take(&mut table[usize::from(bin | (turn << 8))])).sum();
            if count > 0 {
                few.push((bin, count));
            }
        }
    }
    Counts { low: 0, counts: Vec::new(), few }
}

#[inline(always)]
fn count_run<T: TileSample>(values: &[T], table: &mut [u32; BINS]) {
    let turn = |i: u16| if T::BIN_BITS == 8 { i << 8 } else { 0 };
    let mut fours = values.chunks_exact(TURNS);
    for four in &mut fours {
        table[usize::from(four[0].bin())] += 1;
        table[usize::from(four[1].bin() | turn(1))] += 1;
        table[usize::from(four[2].bin() | turn(2))] += 1;
        table[usize::from(four[3].bin() | turn(3))] += 1;
    }
    for x in fours.remainder() {
        table[usize::from(x.bin())] += 1;
    }
}

fn gather_wide<'a, T: TileSample + 'a>(
    runs: impl Iterator<Item = Option<(&'a [T], Option<&'a [u8]>)>>,
    rules: &WideRules<T>,
) -> Option<Wide<T>> {
    let mut wide = Wide { sums: rules.empty.clone(), values: Vec::new() };
    let mut present: Vec<f64> = Vec::new();
    for run in runs {
        let (values, mask) = run?;
        let counts = |x: &T| rules.nodata != Some(*x) && !x.to_f64().is_nan();
        let physical = |x: &T| x.to_f64() * rules.scale + rules.offset;
        present.clear();
        match mask {
            None => present.extend(values.iter().filter(|x| counts(x)).map(physical)),
            Some(mask) => {
                let seen = values.iter().zip(mask).filter(|(x, mask)| **mask != 0 && counts(x));
                present.extend(seen.map(|(x, _)| physical(x)));
            }
        }
        if rules.keep_values {
            match mask {
                None => wide.values.extend(values.iter().filter(|x| counts(x))),
                Some(mask) => {
                    let seen = values.iter().zip(mask).filter(|(x, mask)| **mask != 0 && counts(x));
                    wide.values.extend(seen.map(|(x, _)| *x));
                }
            }
        }
        wide.sums.add_missing((values.len() - present.len()) as u64, 1.0);
        wide.sums.add_present(&present, 1.0);
    }
    Some(wide)
}
