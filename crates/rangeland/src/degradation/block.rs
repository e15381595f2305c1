//! Productivity metrics of Trends.Earth of many pixels at once: trend code, difference of state classes, mean.
//!
//! Gives for each pixel what [`TrendCode::of`](crate::trend::TrendCode::of) and
//! [`StateClasses::of`](super::StateClasses::of) give, sixteen pixels side by side.

#![allow(clippy::needless_range_loop, reason = "lanes of many arrays stand side by side")]

use super::{StateClasses, TrendsEarthRules};
use crate::lanes::{LANES, Lanes, Task};
use crate::trend::{Confidence, KendallTable, TrendCode, TrendError};

/// Code of a metric that is not known.
pub const UNKNOWN: i8 = i8::MIN;
/// The stored number that means missing in the planes of a block.
pub const MISSING: i16 = i16::MIN;
const DECILES: usize = 9;

type Words = [i16; LANES];
type Wholes = [i32; LANES];

/// Metrics of the pixels of a block, in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProductivityBlock {
    /// Trend code -3 to 3, or [`UNKNOWN`].
    pub trend: Vec<i8>,
    /// Difference of the decile classes, -9 to 9, 0 within the dead band, or [`UNKNOWN`].
    pub state: Vec<i8>,
    /// Sum of the valid values.
    pub sum: Vec<i32>,
    /// Number of valid values.
    pub n: Vec<u8>,
}

impl ProductivityBlock {
    fn reset(&mut self, pixels: usize) {
        for codes in [&mut self.trend, &mut self.state] {
            codes.clear();
            codes.resize(pixels, UNKNOWN);
        }
        self.sum.clear();
        self.sum.resize(pixels, 0);
        self.n.clear();
        self.n.resize(pixels, 0);
    }

    /// Mean of the valid values of a pixel; `None` without one.
    #[must_use]
    pub fn mean(&self, pixel: usize) -> Option<f64> {
        let (sum, n) = (*self.sum.get(pixel)?, *self.n.get(pixel)?);
        (n > 0).then(|| f64::from(sum) / f64::from(n))
    }
}

/// The metrics of blocks of given years.
#[derive(Debug, Clone)]
pub struct TrendsEarthBlock {
    times: Vec<i16>,
    recent: usize,
    years_min: i16,
    critical: [i32; 3],
    slope_floor: f64,
    extension: f64,
    difference_floor: f64,
    /// By number of baseline years.
    places: Vec<DecilePlaces>,
}

impl TrendsEarthBlock {
    /// Longest series: sums stay within 32 bits, counts within 8.
    pub const YEARS_MAX: usize = 64;

    /// Prepares for these years, one a plane, strictly increasing; the last `recent` of them are compared with those
    /// before. The critical values are those of the number of years from first to last, as in Trends.Earth; a trend
    /// takes `years_min` valid years, at least 2.
    ///
    /// # Errors
    /// With fewer years than 4 or `recent` + 1, more than 64, or years out of order.
    pub fn new(
        years: &[i32],
        recent: usize,
        years_min: u16,
        rules: &TrendsEarthRules,
        table: &KendallTable,
    ) -> Result<Self, TrendError> {
        let (Some(first), Some(last)) = (years.first(), years.last()) else {
            return Err(TrendError::TooFew { found: 0 });
        };
        if let Some(before) = years.windows(2).position(|w| w[0] >= w[1]) {
            return Err(TrendError::Order { position: before + 1 });
        }
        let span = (last - first) as usize + 1;
        if years.len() <= recent || recent == 0 || years.len() > Self::YEARS_MAX || span > Self::YEARS_MAX {
            return Err(TrendError::TooFew { found: years.len() });
        }
        let critical = |confidence| table.critical(span, confidence).map_or(i32::MAX, |s| s as i32);
        let c90 = table.critical(span, Confidence::C90).ok_or(TrendError::TooFew { found: span })? as i32;
        let baseline = years.len() - recent;
        Ok(Self {
            times: years.iter().map(|year| (year - first) as i16).collect(),
            recent,
            years_min: years_min.max(2) as i16,
            critical: [c90, critical(Confidence::C95), critical(Confidence::C99)],
            slope_floor: rules.slope_floor_per_year,
            extension: rules.state_extension,
            difference_floor: rules.state_difference_floor,
            places: (0..=baseline).map(DecilePlaces::of).collect(),
        })
    }

    /// Computes the metrics of a block of NDVI times 10,000; [`MISSING`] is missing. What `found` held is gone.
    ///
    /// # Errors
    /// When the planes are not one a year or differ in length.
    pub fn run(&self, planes: &[&[i16]], found: &mut ProductivityBlock) -> Result<(), TrendError> {
        if planes.len() != self.times.len() {
            return Err(TrendError::Length { times: self.times.len(), values: planes.len() });
        }
        let pixels = planes.first().map_or(0, |plane| plane.len());
        if let Some(odd) = planes.iter().find(|plane| plane.len() != pixels) {
            return Err(TrendError::Pixels { expected: pixels, found: odd.len() });
        }
        found.reset(pixels);
        Job { of: self, planes, found }.dispatch();
        Ok(())
    }

    /// Least-squares slope, significance by the table, dead band.
    #[inline(always)]
    fn trend(&self, sums: &Sums, s: &Words) -> [i8; LANES] {
        let mut codes = [UNKNOWN; LANES];
        for lane in 0..LANES {
            let [n, t] = [sums.n[lane], sums.t[lane]].map(f64::from);
            let [x, tt, tx] = [sums.x[lane], sums.tt[lane], sums.tx[lane]].map(f64::from);
            let (over, under) = (n * tx - t * x, n * tt - t * t);
            let signed = i32::from(s[lane]);
            let size = signed.abs();
            let moving = (size > self.critical[0]) & (over.abs() > self.slope_floor * under);
            let level = 1 + i8::from(size >= self.critical[1]) + i8::from(size >= self.critical[2]);
            let code = if over < 0.0 { -level } else { level };
            let known = sums.n[lane] >= self.years_min;
            codes[lane] = if known { if moving { code } else { 0 } } else { UNKNOWN };
        }
        codes
    }

    /// Difference of the decile classes of the recent and the baseline mean.
    ///
    /// A decile lies between two neighbours of the sorted values, so that of all deciles only those around a mean need
    /// be computed: how many values lie below the mean says which, and no value needs to be sorted.
    #[inline(always)]
    fn state<L: Lanes>(&self, group: &Group<L>, before: &Sums, now: &Sums) -> [i8; LANES] {
        let baseline = self.times.len() - self.recent;
        let (mean, recent) = (before.means(), now.means());
        let (least, largest) = group.range(baseline);
        let (around_mean, around_recent) = (group.around(baseline, &mean), group.around(baseline, &recent));
        let mut codes = [UNKNOWN; LANES];
        for lane in 0..LANES {
            let n = before.n[lane] as usize;
            if n == 0 || now.n[lane] == 0 {
                continue;
            }
            if (recent[lane] - mean[lane]).abs() <= self.difference_floor {
                codes[lane] = 0;
                continue;
            }
            let (low, high) = (f64::from(least[lane]), f64::from(largest[lane]));
            let margin = (high - low) * self.extension;
            let ends = (low - margin, high + margin);
            let now = self.places[n].below(recent[lane], around_recent.neighbours(lane, n, ends));
            codes[lane] = now - self.places[n].below(mean[lane], around_mean.neighbours(lane, n, ends));
        }
        codes
    }
}

/// Sums over the valid values of some years.
struct Sums {
    n: Words,
    t: Words,
    x: Wholes,
    tt: Wholes,
    tx: Wholes,
}

impl Sums {
    /// The mean of every lane; 0 where there is no value.
    #[inline(always)]
    fn means(&self) -> [f64; LANES] {
        std::array::from_fn(|lane| f64::from(self.x[lane]) / f64::from(self.n[lane].max(1)))
    }

    #[inline(always)]
    fn with(&self, other: &Self) -> Self {
        let words = |a: &Words, b: &Words| std::array::from_fn(|lane| a[lane] + b[lane]);
        let wholes = |a: &Wholes, b: &Wholes| std::array::from_fn(|lane| a[lane] + b[lane]);
        Self {
            n: words(&self.n, &other.n),
            t: words(&self.t, &other.t),
            x: wholes(&self.x, &other.x),
            tt: wholes(&self.tt, &other.tt),
            tx: wholes(&self.tx, &other.tx),
        }
    }
}

/// Sixteen pixels, lanes by year: where a value is missing, `low` holds the least number and `high` the largest,
/// elsewhere both hold the value.
struct Group<L: Lanes> {
    lanes: L,
    low: [L::Words; TrendsEarthBlock::YEARS_MAX],
    high: [L::Words; TrendsEarthBlock::YEARS_MAX],
}

impl<L: Lanes> Group<L> {
    #[inline(always)]
    fn new(lanes: L) -> Self {
        let nothing = [lanes.all(0); TrendsEarthBlock::YEARS_MAX];
        Self { lanes, low: nothing, high: nothing }
    }

    #[inline(always)]
    fn load(&mut self, planes: &[&[i16]], first: usize, pixels: usize) {
        let (missing, largest) = (self.lanes.all(MISSING), self.lanes.all(i16::MAX));
        for ((low, high), plane) in self.low.iter_mut().zip(&mut self.high).zip(planes) {
            let values = match plane.get(first..first + LANES).and_then(|values| values.try_into().ok()) {
                Some(values) => values,
                None => {
                    let mut padded = [MISSING; LANES];
                    padded[..pixels].copy_from_slice(&plane[first..first + pixels]);
                    padded
                }
            };
            *low = self.lanes.words(values);
            *high = self.lanes.pick(self.lanes.above(*low, missing), *low, largest);
        }
    }

    /// Sums over years, two at a time.
    #[inline(always)]
    fn sums(&self, times: &[i16], years: std::ops::Range<usize>) -> Sums {
        let lanes = self.lanes;
        let (zero, one, missing) = (lanes.all(0), lanes.all(1), lanes.all(MISSING));
        let (mut n, mut t) = (zero, zero);
        let (mut x, mut tt, mut tx) = (lanes.none(), lanes.none(), lanes.none());
        for year in years.clone().step_by(2) {
            let of = |year: usize| {
                if !years.contains(&year) {
                    return (zero, zero, zero);
                }
                let there = lanes.above(self.low[year], missing);
                (there, lanes.and(there, self.low[year]), lanes.and(there, lanes.all(times[year])))
            };
            let ((there, value, time), (there_next, value_next, time_next)) = (of(year), of(year + 1));
            n = lanes.sub(lanes.sub(n, there), there_next);
            t = lanes.add(lanes.add(t, time), time_next);
            x = lanes.add_products(x, (value, one), (value_next, one));
            tt = lanes.add_products(tt, (time, time), (time_next, time_next));
            tx = lanes.add_products(tx, (value, time), (value_next, time_next));
        }
        let [x, tt, tx] = [x, tt, tx].map(|sum| lanes.wholes_array(sum));
        Sums { n: lanes.array(n), t: lanes.array(t), x, tt, tx }
    }

    /// Kendall's S: pairs that rise less pairs that fall. A missing value is below all as the later and above all as
    /// the earlier of a rising pair, and the other way round of a falling one.
    #[inline(always)]
    fn pair_signs(&self, years: usize) -> Words {
        let lanes = self.lanes;
        let mut s = lanes.all(0);
        for later in 1..years {
            let (low, high) = (self.low[later], self.high[later]);
            for earlier in 0..later {
                // masks are -1 where they hold
                s = lanes.sub(s, lanes.above(low, self.high[earlier]));
                s = lanes.add(s, lanes.above(self.low[earlier], high));
            }
        }
        lanes.array(s)
    }

    /// Least and largest value of the first years.
    #[inline(always)]
    fn range(&self, years: usize) -> (Words, Words) {
        let lanes = self.lanes;
        let (mut least, mut largest) = (lanes.all(i16::MAX), lanes.all(i16::MIN));
        for year in 0..years {
            least = lanes.min(least, self.high[year]);
            largest = lanes.max(largest, self.low[year]);
        }
        (lanes.array(least), lanes.array(largest))
    }

    /// The values of the first years around a number of each lane.
    #[inline(always)]
    fn around(&self, years: usize, numbers: &[f64; LANES]) -> Around {
        let lanes = self.lanes;
        // a whole number lies below another one just when it lies below the least whole number not below that
        let limits = lanes.words(std::array::from_fn(|lane| numbers[lane].ceil() as i32 as i16));
        let (least, largest) = (lanes.all(i16::MIN), lanes.all(i16::MAX));
        let (mut below, mut under, mut over) = (lanes.all(0), least, largest);
        for year in 0..years {
            // a missing value is the largest of all in `high`
            let high = self.high[year];
            let holds = lanes.above(limits, high);
            below = lanes.sub(below, holds);
            under = lanes.max(under, lanes.pick(holds, high, least));
            over = lanes.min(over, lanes.pick(holds, largest, high));
        }
        Around { below: lanes.array(below), under: lanes.array(under), over: lanes.array(over) }
    }
}

/// The values of every lane around one number: how many lie below it, the largest of those, the least of the others.
struct Around {
    below: Words,
    under: Words,
    over: Words,
}

impl Around {
    /// How many of `n` values lie below the number, and its neighbours among them and the two extremes beyond them.
    #[inline(always)]
    fn neighbours(&self, lane: usize, n: usize, (lowest, highest): (f64, f64)) -> (usize, f64, f64) {
        let below = self.below[lane] as usize;
        let under = if below == 0 { lowest } else { f64::from(self.under[lane]) };
        let over = if below == n { highest } else { f64::from(self.over[lane]) };
        (below, under, over)
    }
}

/// Where the deciles of a number of values and the two extremes beyond them lie, type 7.
#[derive(Debug, Clone)]
struct DecilePlaces {
    /// By number of values below: how many deciles lie below all that follow.
    before: Vec<u8>,
    /// Of each decile, how far it lies between its two neighbours.
    parts: [f64; DECILES],
}

impl DecilePlaces {
    fn of(n: usize) -> Self {
        let position = |tenth: usize| (n + 1) as f64 * ((tenth + 1) as f64 / 10.0);
        let places: [f64; DECILES] = std::array::from_fn(position);
        let before = (0..=n + 1).map(|at| places.iter().filter(|place| place.floor() < at as f64).count() as u8);
        Self { before: before.collect(), parts: places.map(|place| place - place.floor()) }
    }

    /// How many deciles lie below a value.
    #[inline(always)]
    fn below(&self, value: f64, (below, under, over): (usize, f64, f64)) -> i8 {
        let (first, last) = (self.before[below], self.before[below + 1]);
        let mut count = first as i8;
        for part in &self.parts[usize::from(first)..usize::from(last)] {
            count += i8::from(value > under + part * (over - under));
        }
        count
    }
}

struct Job<'a> {
    of: &'a TrendsEarthBlock,
    planes: &'a [&'a [i16]],
    found: &'a mut ProductivityBlock,
}

impl Task for Job<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self { of, planes, found } = self;
        let years = of.times.len();
        let baseline = years - of.recent;
        let mut group = Group::new(lanes);
        for first in (0..found.n.len()).step_by(LANES) {
            let pixels = LANES.min(found.n.len() - first);
            group.load(planes, first, pixels);
            let (before, now) = (group.sums(&of.times, 0..baseline), group.sums(&of.times, baseline..years));
            let sums = before.with(&now);
            let range = first..first + pixels;
            found.sum[range.clone()].copy_from_slice(&sums.x[..pixels]);
            for (n, count) in found.n[range.clone()].iter_mut().zip(&sums.n) {
                *n = *count as u8;
            }
            let trend = of.trend(&sums, &group.pair_signs(years));
            found.trend[range.clone()].copy_from_slice(&trend[..pixels]);
            let state = of.state(&group, &before, &now);
            found.state[range].copy_from_slice(&state[..pixels]);
        }
    }
}

/// The class of a trend code, `None` where unknown.
#[must_use]
pub fn trend_class(code: i8) -> Option<super::DegradationClass> {
    TrendCode::new(code).map(TrendCode::class)
}

/// The class of a difference of decile classes, `None` where unknown.
#[must_use]
pub fn state_class(code: i8, rules: &TrendsEarthRules) -> Option<super::DegradationClass> {
    StateClasses::class_of_difference(i16::from(code), rules)
}

#[cfg(test)]
mod tests;
