//! Theil-Sen slope and Mann-Kendall test of many pixels at once, with missing years.
//!
//! A block is one plane of raw values a year, pixels in the same order in every plane. Integers of up to 16 bits are
//! computed sixteen pixels at a time: differences of raw values are whole numbers, so slopes are fractions with small
//! denominators, and the middle of all pair slopes is found exactly by counting. Other types, and pixels whose raw
//! values spread over more than 16383, take the way of [`trend`](super::trend). Both give the same numbers.

mod chunk;
mod middle;
mod pairs;
mod significance;

use chunk::{CHUNK, Chunk};
use middle::{Room, sixteen};
use pairs::Pairs;
use significance::Significance;

use super::{TrendError, TrendScratch, trend};
use crate::lanes::{LANES, Lanes, Task};

/// A raw value of a raster.
pub trait RawValue: Copy + PartialEq + Send + Sync {
    /// Whether differences of two values fit 17 bits, so that [`word`](Self::word) means something.
    const SHORT: bool;
    /// The value, exactly.
    fn real(self) -> f64;
    /// The value less a constant, modulo 2^16, such that order is kept within 16 bits.
    fn word(self) -> i16;
}

macro_rules! raw_value {
    ($($type:ty, $short:literal, |$value:ident| $word:expr;)+) => {$(
        impl RawValue for $type {
            const SHORT: bool = $short;
            #[inline(always)]
            fn real(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn word(self) -> i16 {
                let $value = self;
                $word
            }
        }
    )+};
}

raw_value! {
    u8, true, |v| i16::from(v);
    i8, true, |v| i16::from(v);
    i16, true, |v| v;
    u16, true, |v| (v ^ 0x8000).cast_signed();
    u32, false, |_v| 0;
    i32, false, |_v| 0;
    f32, false, |_v| 0;
    f64, false, |_v| 0;
}

/// One year of a block: raw values, and which of them are valid where not all are.
///
/// A number that is not finite is never valid.
#[derive(Debug, Clone, Copy)]
pub struct Plane<'a, T> {
    /// Raw values.
    pub values: &'a [T],
    /// The raw value that means missing, where one does.
    pub nodata: Option<T>,
    /// For each value whether it is valid; `None` when `nodata` tells all.
    pub valid: Option<&'a [bool]>,
}

/// Trends of the pixels of a block, in their order.
///
/// Where [`is_known`](Self::is_known) says no, all but `n` are 0 and mean nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrendBlock {
    /// Theil-Sen slope, raw units a year.
    pub slope_per_year: Vec<f64>,
    /// Mann-Kendall S.
    pub s: Vec<i32>,
    /// Mann-Kendall Z, corrected for ties and continuity.
    pub z: Vec<f64>,
    /// Two-sided p value of Z.
    pub p: Vec<f64>,
    /// Valid years.
    pub n: Vec<u16>,
    years_min: u16,
}

impl TrendBlock {
    /// Whether a pixel has enough valid years for a trend.
    #[must_use]
    pub fn is_known(&self, pixel: usize) -> bool {
        self.n.get(pixel).is_some_and(|n| *n >= self.years_min)
    }

    fn reset(&mut self, pixels: usize, years_min: u16) {
        self.years_min = years_min;
        for reals in [&mut self.slope_per_year, &mut self.z, &mut self.p] {
            reals.clear();
            reals.resize(pixels, 0.0);
        }
        self.s.clear();
        self.s.resize(pixels, 0);
        self.n.clear();
        self.n.resize(pixels, 0);
    }
}

/// The trend of blocks of given years.
#[derive(Debug, Clone)]
pub struct BlockTrend {
    years: Vec<f64>,
    pairs: Option<Pairs>,
    significance: Significance,
    years_min: u16,
}

impl BlockTrend {
    /// Prepares for these years, one a plane, strictly increasing; `years_min` valid years make a trend, at least 2.
    ///
    /// # Errors
    /// With fewer than two years or years out of order.
    pub fn new(years: &[i32], years_min: u16) -> Result<Self, TrendError> {
        if years.len() < 2 {
            return Err(TrendError::TooFew { found: years.len() });
        }
        if let Some(before) = years.windows(2).position(|w| w[0] >= w[1]) {
            return Err(TrendError::Order { position: before + 1 });
        }
        Ok(Self {
            years: years.iter().map(|y| f64::from(*y)).collect(),
            pairs: Pairs::of(years),
            significance: Significance::of(years.len()),
            years_min: years_min.max(2),
        })
    }

    /// Computes the trends of a block; what `found` held before is gone.
    ///
    /// ```
    /// use belcheer_rangeland::trend::{BlockTrend, Plane, TrendBlock};
    /// // two pixels over four years; the second misses the third year
    /// let raw = [[2000_i16, 0], [2200, 10], [2400, -3000], [2600, 40]];
    /// let mut planes = raw.each_ref().map(|values| Plane { values, nodata: None, valid: None });
    /// planes[2].nodata = Some(-3000);
    /// let mut found = TrendBlock::default();
    /// BlockTrend::new(&[2001, 2002, 2003, 2004], 3)?.run(&planes, &mut found)?;
    /// assert_eq!(found.n, [4, 3]);
    /// assert_eq!(found.s, [6, 3]);
    /// // slopes of the second: 10/1, 40/3, 30/2
    /// assert_eq!(found.slope_per_year, [200.0, 40.0 / 3.0]);
    /// # Ok::<(), belcheer_rangeland::trend::TrendError>(())
    /// ```
    ///
    /// # Errors
    /// When the planes are not one a year or differ in length.
    pub fn run<T: RawValue>(&self, planes: &[Plane<'_, T>], found: &mut TrendBlock) -> Result<(), TrendError> {
        let times = self.years.len();
        if planes.len() != times {
            return Err(TrendError::Length { times, values: planes.len() });
        }
        let pixels = planes.first().map_or(0, |plane| plane.values.len());
        for plane in planes {
            for length in [plane.values.len(), plane.valid.map_or(pixels, <[bool]>::len)] {
                if length != pixels {
                    return Err(TrendError::Pixels { expected: pixels, found: length });
                }
            }
        }
        found.reset(pixels, self.years_min);
        match &self.pairs {
            Some(pairs) if T::SHORT => self.run_short(pairs, planes, found),
            _ => self.one_by_one(planes, 0..pixels, found),
        }
        Ok(())
    }

    fn run_short<T: RawValue>(&self, pairs: &Pairs, planes: &[Plane<'_, T>], found: &mut TrendBlock) {
        let mut chunk = Chunk::new(planes.len());
        let mut room = Room::new(pairs);
        for first in (0..found.n.len()).step_by(CHUNK) {
            let pixels = CHUNK.min(found.n.len() - first);
            let job = ChunkJob { of: self, pairs, planes, chunk: &mut chunk, room: &mut room, first, pixels, found };
            job.dispatch();
            for pixel in chunk.too_wide(pixels) {
                self.one_by_one(planes, first + pixel..first + pixel + 1, found);
            }
        }
    }

    /// The way of single series.
    fn one_by_one<T: RawValue>(&self, planes: &[Plane<'_, T>], pixels: std::ops::Range<usize>, found: &mut TrendBlock) {
        let mut scratch = TrendScratch::default();
        let mut series = Vec::with_capacity(planes.len());
        for pixel in pixels {
            series.clear();
            series.extend(planes.iter().map(|plane| {
                let raw = plane.values[pixel];
                let valid = plane.valid.is_none_or(|valid| valid[pixel]) && plane.nodata != Some(raw);
                Some(raw.real()).filter(|value| valid && value.is_finite())
            }));
            let n = series.iter().flatten().count();
            found.n[pixel] = n as u16;
            if n < usize::from(self.years_min) {
                continue;
            }
            match trend(&self.years, &series, &mut scratch) {
                Ok(of) => {
                    found.slope_per_year[pixel] = of.sen.slope;
                    found.s[pixel] = of.mann_kendall.s as i32;
                    found.z[pixel] = of.mann_kendall.z;
                    found.p[pixel] = of.mann_kendall.p;
                }
                // values so far apart that a slope is no number
                Err(_) => found.n[pixel] = 0,
            }
        }
    }
}

/// One chunk of a block, for whichever set of instructions the machine has.
struct ChunkJob<'a, 'p, T> {
    of: &'a BlockTrend,
    pairs: &'a Pairs,
    planes: &'a [Plane<'p, T>],
    chunk: &'a mut Chunk,
    room: &'a mut Room,
    first: usize,
    pixels: usize,
    found: &'a mut TrendBlock,
}

impl<T: RawValue> Task for ChunkJob<'_, '_, T> {
    #[inline(always)]
    fn run<M: Lanes>(self, machine: M) {
        self.chunk.load(self.planes, self.first, self.pixels);
        for at in (0..self.pixels).step_by(LANES) {
            let group = sixteen(machine, self.pairs, self.room, self.chunk, at, self.of.years_min as i16);
            for lane in 0..LANES.min(self.pixels - at) {
                let n = self.chunk.years(at + lane);
                let to = self.first + at + lane;
                self.found.n[to] = n;
                if n >= self.of.years_min {
                    self.found.slope_per_year[to] = group.slope[lane];
                    self.found.s[to] = group.s[lane];
                    let (z, p) = self.of.significance.z_and_p(n, group.s[lane], group.ties[lane]);
                    self.found.z[to] = z;
                    self.found.p[to] = p;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
