//! The sums of all zones of one raster while its tiles come in.

use std::sync::{Mutex, PoisonError};

use super::finish::finish;
use super::gather::{Counts, PartCells, Scratch, TileCells, WideRules, gather};
use super::index::TileIndex;
use super::sample::TileSample;
use crate::StatisticSet;
use crate::accumulator::Accumulator;
use crate::statistic::Kept;

/// From raw to physical values: `raw * scale + offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scaling {
    /// Factor, finite and not 0.
    pub scale: f64,
    /// Added after scaling, finite.
    pub offset: f64,
}

impl Scaling {
    /// Raw values are the physical ones.
    pub const NONE: Self = Self { scale: 1.0, offset: 0.0 };

    pub(super) fn physical(&self, raw: f64) -> f64 {
        raw * self.scale + self.offset
    }
}

/// A zone whose last tile has come, with its sums.
pub type Finished = (usize, Accumulator);

/// The sums of every zone of an index over one band of a raster.
///
/// Each tile of the index is given once, in any order, from any thread. Without weights, and without lists of single
/// cells: for those use [`crate::accumulate`].
///
/// ```
/// use belcheer_zonal::*;
/// let layout = TileLayout { tile_rows: 1, tile_cols: 2 };
/// let zone = Coverage::from_spans(vec![Span { row: 0, col_start: 1, col_end: 3, fraction: 1.0 }])?;
/// let index = TileIndex::new(layout, vec![ZoneTiles::cut(&zone, layout)]);
/// let set: StatisticSet = "mean,median".parse()?;
/// let sums = TileSums::<i16>::new(&set, &index, Some(-1.0), Scaling::NONE);
/// let mut scratch = Scratch::default();
/// let first = sums.add(0, &TileCells { values: &[7, 3], mask: None }, &mut scratch).unwrap();
/// assert!(first.is_empty());
/// let second = sums.add(1, &TileCells { values: &[4, -1], mask: None }, &mut scratch).unwrap();
/// assert_eq!(second[0].1.value(&Statistic::Mean), Some(3.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TileSums<'a, T> {
    index: &'a TileIndex,
    pub(super) kept: Kept,
    pub(super) nodata: Option<T>,
    pub(super) scaling: Scaling,
    rules: WideRules<T>,
    zones: Vec<Mutex<Waiting<T>>>,
}

/// A zone of which tiles are still to come.
#[derive(Debug)]
struct Waiting<T> {
    left: usize,
    gathered: Gathered<T>,
}

/// What was gathered for a zone.
#[derive(Debug)]
pub(super) struct Gathered<T> {
    pub counts: Counts,
    /// By slot.
    pub parts: Vec<Option<PartCells<T>>>,
}

impl<'a, T: TileSample> TileSums<'a, T> {
    /// Sums that have seen no tile. `nodata` is the raw value that means missing; NaN always does.
    #[must_use]
    pub fn new(set: &StatisticSet, index: &'a TileIndex, nodata: Option<f64>, scaling: Scaling) -> Self {
        let kept = Kept { weights: false, ..set.kept() };
        let nodata = nodata.and_then(T::declared);
        let rules = WideRules {
            empty: Accumulator::keeping(Kept { histogram: false, ..kept }),
            nodata,
            scale: scaling.scale,
            offset: scaling.offset,
            keep_values: kept.histogram,
        };
        let waiting = |zone| {
            let parts = index.parts_count(zone);
            let gathered = Gathered { counts: Counts::default(), parts: Vec::new() };
            Mutex::new(Waiting { left: parts, gathered })
        };
        let zones = (0..index.zones()).map(waiting).collect();
        Self { index, kept, nodata, scaling, rules, zones }
    }

    /// Adds the tile at this place in [`TileIndex::tiles`]; gives the zones that it was the last for.
    ///
    /// `None` when there is no such tile or it has too few values.
    pub fn add(&self, tile: usize, cells: &TileCells<'_, T>, scratch: &mut Scratch) -> Option<Vec<Finished>> {
        let mut finished = Vec::new();
        for part in &self.index.tiles().get(tile)?.parts {
            let zone = part.zone as usize;
            let mut gathered = gather(part, cells, &self.rules, scratch)?;
            let complete = {
                let mut waiting = self.zones.get(zone)?.lock().unwrap_or_else(PoisonError::into_inner);
                let sums = &mut waiting.gathered;
                sums.counts.add(std::mem::take(&mut gathered.counts));
                if sums.parts.is_empty() {
                    sums.parts.resize_with(self.index.parts_count(zone), || None);
                }
                *sums.parts.get_mut(part.slot as usize)? = Some(gathered);
                waiting.left = waiting.left.checked_sub(1)?;
                let empty = Gathered { counts: Counts::default(), parts: Vec::new() };
                (waiting.left == 0).then(|| std::mem::replace(&mut waiting.gathered, empty))
            };
            if let Some(gathered) = complete {
                finished.push((zone, finish(self, self.index.parts_of(zone), gathered, scratch)));
            }
        }
        Some(finished)
    }
}
