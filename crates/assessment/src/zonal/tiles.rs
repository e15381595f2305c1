//! Sums tile by tile: each stored tile that a zone touches is decoded once, by whichever thread is free.
//!
//! Memory holds a tile and its compressed bytes for each thread, and what was gathered of the zones in work.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use belcheer_cog::{Cog, CogError, RawSamples};
use belcheer_zonal::{Accumulator, Column, Scaling, Scratch, StatisticSet, TileCells, TileIndex, TileSample, TileSums};

use super::ahead::Ahead;
use crate::by_type::by_type;
use crate::error::AssessmentError;
use crate::raster::StoredRaster;

/// The statistics of all zones over a band (from 1), in the order asked for.
///
/// # Errors
/// When a tile cannot be read.
pub(super) fn band_columns(
    set: &StatisticSet,
    index: &TileIndex,
    raster: &StoredRaster,
    band: u32,
    ahead: &Ahead,
) -> Result<Vec<Vec<Column>>, AssessmentError> {
    let failed = |e: CogError| AssessmentError::Raster { name: raster.name.clone(), reason: e.to_string() };
    let scaling = Scaling { scale: raster.meta.scale.unwrap_or(1.0), offset: raster.meta.offset.unwrap_or(0.0) };
    let given = Given { cog: raster.cog(), band: band.saturating_sub(1), scaling, ahead };
    by_type!(raster.cog().pixel_type(), typed(set, index, &given)).map_err(failed)
}

/// A sample type with its values in a decoded block.
pub(super) trait Stored: TileSample + Send + Sync + 'static {
    fn of<'a>(samples: &RawSamples<'a>) -> &'a [Self];
}

macro_rules! stored {
    ($($type:ty => $variant:ident),*) => {$(
        impl Stored for $type {
            fn of<'a>(samples: &RawSamples<'a>) -> &'a [Self] {
                match samples {
                    RawSamples::$variant(values) => values,
                    _ => &[],
                }
            }
        }
    )*};
}
stored!(u8 => U8, i8 => I8, u16 => U16, i16 => I16, u32 => U32, i32 => I32, f32 => F32, f64 => F64);

/// A band to go through.
struct Given<'a> {
    cog: &'a Cog,
    /// From 0.
    band: u32,
    scaling: Scaling,
    ahead: &'a Ahead,
}

fn typed<T: Stored>(
    set: &StatisticSet,
    index: &TileIndex,
    &Given { cog, band, scaling, ahead }: &Given<'_>,
) -> Result<Vec<Vec<Column>>, CogError> {
    let sums = TileSums::<T>::new(set, index, cog.nodata(), scaling);
    let columns = |sum: &Accumulator| set.statistics().iter().map(|s| sum.column(s)).collect::<Vec<_>>();
    let nothing = columns(&Accumulator::new(set));
    let answers = Mutex::new(vec![nothing; index.zones()]);
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    // the failure of the first tile that fails, whichever thread meets one first
    let failure: Mutex<Option<(usize, CogError)>> = Mutex::new(None);
    let work = || {
        let mut scratch = Scratch::default();
        while !stopped.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(tile) = index.tiles().get(number) else { return };
            let mut add = |values: &[T], mask: Option<&[u8]>| {
                sums.add(number, &TileCells { values, mask }, &mut scratch).ok_or(CogError::Interrupted)
            };
            let finished = match ahead.tile::<T>(tile.row, tile.col).filter(|_| band == 0) {
                Some(kept) => add(&kept.values, kept.mask.as_deref()),
                None => cog
                    .with_block(0, band, (tile.row, tile.col), |block| add(T::of(&block.samples), block.mask))
                    .flatten(),
            };
            match finished {
                Ok(finished) => {
                    let done: Vec<_> = finished.iter().map(|(zone, sum)| (*zone, columns(sum))).collect();
                    let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
                    for (zone, columns) in done {
                        if let Some(answer) = answers.get_mut(zone) {
                            *answer = columns;
                        }
                    }
                }
                Err(error) => {
                    stopped.store(true, Ordering::Relaxed);
                    let mut failure = failure.lock().unwrap_or_else(PoisonError::into_inner);
                    if failure.as_ref().is_none_or(|(earlier, _)| number < *earlier) {
                        *failure = Some((number, error));
                    }
                }
            }
        }
    };
    rayon::scope(|scope| {
        for _ in 0..rayon::current_num_threads() {
            scope.spawn(|_| work());
        }
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some((_, error)) => Err(error),
        None => Ok(answers.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}
