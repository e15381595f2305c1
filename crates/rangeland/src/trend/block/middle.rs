//! The middle of all pair slopes of sixteen pixels, exactly, by counting.
//!
//! For a trial slope `m` in steps of 2^-16, `d / g <= m` is `d <= floor(m g)`: one threshold a gap `g`, one comparison
//! of 16-bit words a pair. Trials start at the least-squares slope and go by the counts until exactly half of the pairs
//! lie below; the middle is then between the largest slope below and the least above, fractions `d / g` both. Distinct
//! fractions with gaps up to 63 lie at least 1/3906 apart, so steps of 2^-16 part them; where equal slopes stand in
//! the middle no trial parts them, and the search walks from slope to slope instead.

#![allow(clippy::needless_range_loop, reason = "lanes of many arrays stand side by side")]

use super::{chunk::Chunk, pairs::Pairs, significance::TIED_PAIR};
use crate::lanes::{LANES, Lanes};

/// Above every difference of two valid values, which is at most 16383.
const MISSING: i16 = 16384;
/// Steps of a trial in one unit.
const STEPS: f32 = 65536.0;
/// Trials by count, before the search goes from slope to slope.
const TRIALS_MAX: u32 = 11;
/// Trials after which every second one halves the bracket.
const HALVING_FROM: u32 = 5;
/// A difference and its gap are one real: `GAP_BASE * d + g`, exact below 2^24.
const GAP_BASE: f32 = 64.0;

#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Aligned([i16; LANES]);

/// Room for the differences of all pairs.
#[derive(Debug)]
pub(super) struct Room {
    differences: Vec<Aligned>,
}

impl Room {
    pub fn new(pairs: &Pairs) -> Self {
        Self { differences: vec![Aligned([0; LANES]); pairs.count] }
    }
}

/// What was found of sixteen pixels; slopes only of those with enough years.
pub(super) struct Sixteen {
    pub s: [i32; LANES],
    /// Sum of `t(t-1)(2t+5)` over groups of equal values.
    pub ties: [i32; LANES],
    pub slope: [f64; LANES],
}

/// Trends of the sixteen pixels of a chunk from `at` on.
#[inline(always)]
pub(super) fn sixteen<M: Lanes>(
    machine: M,
    pairs: &Pairs,
    room: &mut Room,
    chunk: &Chunk,
    at: usize,
    years_min: i16,
) -> Sixteen {
    let n = lanes_of(&chunk.n, at);
    let signs = subtract(machine, pairs, room, chunk, at);
    let differences = room.differences.as_slice();
    let (mut s, mut ties, mut most) = ([0; LANES], [0; LANES], 0);
    let mut search = Search::new(&n, years_min, &signs);
    for lane in 0..LANES {
        let [below, not_above] = [signs.below[lane], signs.not_above[lane]].map(i32::from);
        s[lane] = search.pairs[lane] - below - not_above;
        ties[lane] = TIED_PAIR * (not_above - below);
        most = most.max(not_above - below);
    }
    if most > 2 {
        ties = tie_sum(chunk, at);
    }
    if search.is_open() {
        let (guess, per_rank) = least_squares(machine, pairs, chunk, at, &n);
        search.begin(&guess);
        let mut trial = 0;
        while search.is_open() && trial < TRIALS_MAX {
            let counted = count(machine, pairs, differences, &search.trial_words());
            search.learn(&counted, &per_rank, trial);
            trial += 1;
        }
        search.walk(machine, pairs, differences);
    }
    let slope = search.middles(machine, pairs, differences);
    Sixteen { s, ties, slope }
}

#[inline(always)]
fn lanes_of(plane: &[i16], at: usize) -> [i16; LANES] {
    std::array::from_fn(|lane| plane[at + lane])
}

/// Pairs with a negative difference, and with one that is not positive.
struct Signs {
    below: [i16; LANES],
    not_above: [i16; LANES],
}

/// Fills the differences, gap by gap; [`MISSING`] where a year of the pair is.
#[inline(always)]
fn subtract<M: Lanes>(machine: M, pairs: &Pairs, room: &mut Room, chunk: &Chunk, at: usize) -> Signs {
    let (zero, minus, missing) = (machine.all(0), machine.all(-1), machine.all(MISSING));
    // comparisons count downwards: a mask is -1
    let (mut positive, mut not_negative) = (zero, zero);
    let mut out = room.differences.iter_mut();
    for gap in &pairs.by_gap {
        for ((earlier, later), out) in gap.iter().zip(out.by_ref()) {
            let earlier = machine.words(lanes_of(&chunk.earlier[*earlier], at));
            let later = machine.words(lanes_of(&chunk.later[*later], at));
            let difference = machine.min(machine.sub_saturating(later, earlier), missing);
            positive = machine.add(positive, machine.above(difference, zero));
            not_negative = machine.add(not_negative, machine.above(difference, minus));
            *out = Aligned(machine.array(difference));
        }
    }
    let all = machine.all(pairs.count as i16);
    Signs { below: machine.array(machine.add(all, not_negative)), not_above: machine.array(machine.add(all, positive)) }
}

/// Sum of `t(t-1)(2t+5)` over groups of equal values: each value adds `6 e (e + 2)` for its `e` equals before.
fn tie_sum(chunk: &Chunk, at: usize) -> [i32; LANES] {
    let mut sum = [0; LANES];
    for (year, later) in chunk.later.iter().enumerate() {
        for (lane, sum) in sum.iter_mut().enumerate() {
            let equals = chunk.earlier.iter().take(year).filter(|earlier| earlier[at + lane] == later[at + lane]);
            let equals = equals.count() as i32;
            *sum += 6 * equals * (equals + 2);
        }
    }
    sum
}

/// Least-squares slope of each pixel, and the change of slope that moves the count of pairs below it by one, were the
/// residuals normal.
#[inline(always)]
fn least_squares<M: Lanes>(
    machine: M,
    pairs: &Pairs,
    chunk: &Chunk,
    at: usize,
    n: &[i16; LANES],
) -> ([f32; LANES], [f32; LANES]) {
    /// `2 / (6 sqrt(pi))` pairs a rank, halved with `n(n-1)/2` and divided by `span + 1`.
    const DENSITY: f32 = 0.047;
    let zero = machine.all_reals(0.0);
    let (mut t1, mut x1, mut t2, mut tx, mut x2) = (zero, zero, zero, zero, zero);
    let centre = pairs.span as f32 * 0.5;
    for (year, later) in pairs.years.iter().zip(&chunk.later) {
        let time = year - centre;
        let words = machine.words(lanes_of(later, at));
        let missing = machine.widen(machine.above(words, machine.all(i16::MAX - 1)));
        let there = |real: f32| machine.choose(missing, zero, machine.all_reals(real));
        let x = machine.choose(missing, zero, machine.convert(words));
        t1 = machine.plus(t1, there(time));
        t2 = machine.plus(t2, there(time * time));
        x1 = machine.plus(x1, x);
        x2 = machine.plus(x2, machine.times(x, x));
        tx = machine.plus(tx, machine.times(x, machine.all_reals(time)));
    }
    let [t1, x1, t2, tx, x2] = [t1, x1, t2, tx, x2].map(|sum| machine.reals_array(sum));
    let (mut slope, mut per_rank) = ([0.0; LANES], [0.0; LANES]);
    for lane in 0..LANES {
        let years = f32::from(n[lane]).max(2.0);
        let of_time = (t2[lane] - t1[lane] * t1[lane] / years).max(0.25);
        let with_time = tx[lane] - t1[lane] * x1[lane] / years;
        let of_value = x2[lane] - x1[lane] * x1[lane] / years;
        slope[lane] = with_time / of_time;
        let residual = ((of_value - slope[lane] * with_time).max(0.0) / years).sqrt();
        per_rank[lane] = residual / (DENSITY * years * (years - 1.0) * (pairs.span as f32 + 1.0));
    }
    (slope, per_rank)
}

/// A trial slope in whole units and 65536ths.
struct TrialWords {
    whole: [i16; LANES],
    part: [i16; LANES],
}

impl TrialWords {
    #[inline(always)]
    fn of(steps: &[i32; LANES]) -> Self {
        let (mut whole, mut part) = ([0; LANES], [0; LANES]);
        for lane in 0..LANES {
            whole[lane] = (steps[lane] >> 16) as i16;
            part[lane] = steps[lane] as i16;
        }
        Self { whole, part }
    }
}

/// `floor(m g)` for g = 1, 2, ... by adding `m` up, held within what differences can be.
struct Thresholds<M: Lanes> {
    machine: M,
    whole: M::Words,
    part: M::Words,
    whole_sum: M::Words,
    part_sum: M::Words,
}

impl<M: Lanes> Thresholds<M> {
    #[inline(always)]
    fn of(machine: M, trial: &TrialWords) -> Self {
        // parts are held less 2^15, so that a comparison of signed words tells the carry
        let (whole, part) = (machine.words(trial.whole), machine.words(trial.part));
        Self { machine, whole, part, whole_sum: machine.all(0), part_sum: machine.all(i16::MIN) }
    }

    #[inline(always)]
    fn next(&mut self) -> M::Words {
        let machine = self.machine;
        let sum = machine.add(self.part_sum, self.part);
        let carry = machine.above(self.part_sum, sum);
        self.part_sum = sum;
        self.whole_sum = machine.add_saturating(self.whole_sum, machine.sub(self.whole, carry));
        machine.max(machine.min(self.whole_sum, machine.all(MISSING - 1)), machine.all(-MISSING))
    }
}

/// Pairs whose slope is at most the trial.
#[inline(always)]
fn count<M: Lanes>(machine: M, pairs: &Pairs, differences: &[Aligned], trial: &TrialWords) -> [i16; LANES] {
    let mut thresholds = Thresholds::of(machine, trial);
    // four sums, so that additions need not wait for each other
    let mut above = [machine.all(0); 4];
    let mut rest = differences;
    for gap in &pairs.by_gap {
        let threshold = thresholds.next();
        let (group, after) = rest.split_at(gap.len());
        rest = after;
        let fours = group.chunks_exact(4);
        let left = fours.remainder();
        for four in fours {
            for (sum, difference) in above.iter_mut().zip(four) {
                *sum = machine.add(*sum, machine.above(machine.words(difference.0), threshold));
            }
        }
        for (sum, difference) in above.iter_mut().zip(left) {
            *sum = machine.add(*sum, machine.above(machine.words(difference.0), threshold));
        }
    }
    let [a, b, c, d] = above;
    let sum = machine.add(machine.add(a, b), machine.add(c, d));
    machine.array(machine.add(machine.all(pairs.count as i16), sum))
}

/// A slope as the fraction `difference / gap`.
#[derive(Debug, Clone, Copy)]
struct Fraction {
    difference: i32,
    gap: i32,
}

impl Fraction {
    #[inline(always)]
    fn unpacked(packed: f32) -> Self {
        let packed = packed as i32;
        Self { difference: packed >> 6, gap: (packed & 63).max(1) }
    }

    #[inline(always)]
    fn value(self) -> f64 {
        f64::from(self.difference) / f64::from(self.gap)
    }

    /// The first step at or after the slope; no other slope lies between.
    fn steps(self) -> i32 {
        (self.difference << 16).div_euclid(self.gap) + 1
    }
}

/// The largest slope at or below the trial, and the least above it.
struct Neighbours {
    below: [f32; LANES],
    above: [f32; LANES],
}

#[inline(always)]
fn neighbours<M: Lanes>(machine: M, pairs: &Pairs, differences: &[Aligned], steps: &[i32; LANES]) -> Neighbours {
    let mut thresholds = Thresholds::of(machine, &TrialWords::of(steps));
    let (most, least, zero) = (machine.all_reals(f32::MAX), machine.all_reals(f32::MIN), machine.all_reals(0.0));
    let (mut above, mut below, mut above_packed, mut below_packed) = (most, least, zero, zero);
    let (minus, missing) = (machine.all(-1), machine.all(MISSING));
    let mut rest = differences;
    for (gap, places) in (1_u8..).zip(&pairs.by_gap) {
        let base = machine.sub(thresholds.next(), minus);
        let (group, after) = rest.split_at(places.len());
        rest = after;
        // beyond the threshold counts from 0 upwards, what is not beyond wraps to the upper half
        let (mut beyond, mut within) = ([minus; 2], [machine.all(0); 2]);
        for two in group.chunks(2) {
            for ((beyond, within), difference) in beyond.iter_mut().zip(&mut within).zip(two) {
                let from_base = machine.sub(machine.words(difference.0), base);
                *beyond = machine.min_unsigned(*beyond, from_base);
                *within = machine.max_unsigned(*within, from_base);
            }
        }
        let beyond = machine.min_unsigned(beyond[0], beyond[1]);
        let within = machine.max_unsigned(within[0], within[1]);
        let (next, last) = (machine.add(base, beyond), machine.add(base, within));
        let is_next = machine.and(machine.above(beyond, minus), machine.above(missing, next));
        let is_last = machine.above(machine.all(0), within);
        let (gap, per_gap) = (machine.all_reals(f32::from(gap)), machine.all_reals(1.0 / f32::from(gap)));
        let (next, last) = (machine.convert(next), machine.convert(last));
        let pack = |d: M::Reals| machine.plus(machine.times(d, machine.all_reals(GAP_BASE)), gap);
        let slope = machine.choose(machine.widen(is_next), machine.times(next, per_gap), most);
        let nearer = machine.greater(above, slope);
        above = machine.choose(nearer, slope, above);
        above_packed = machine.choose(nearer, pack(next), above_packed);
        let slope = machine.choose(machine.widen(is_last), machine.times(last, per_gap), least);
        let nearer = machine.greater(slope, below);
        below = machine.choose(nearer, slope, below);
        below_packed = machine.choose(nearer, pack(last), below_packed);
    }
    Neighbours { below: machine.reals_array(below_packed), above: machine.reals_array(above_packed) }
}

/// The search for a trial that parts the pairs of each pixel in half.
struct Search {
    pairs: [i32; LANES],
    /// Not yet found: all ones.
    open: [i32; LANES],
    /// Where not open: the steps of the parting trial, and the count at it.
    parted: [i32; LANES],
    parted_count: [i32; LANES],
    /// The slope itself, where equal slopes stand in the middle.
    tied: [Option<f64>; LANES],
    live: [bool; LANES],
    trial: [f32; LANES],
    low: [f32; LANES],
    low_count: [i32; LANES],
    low_seen: [i32; LANES],
    high: [f32; LANES],
    high_count: [i32; LANES],
    high_seen: [i32; LANES],
}

/// Whether a count of slopes at or below a trial puts the middle of `pairs` next to the trial.
#[inline(always)]
fn parts(pairs: i32, count: i32) -> bool {
    (count == (pairs + 1) >> 1) | (count == pairs >> 1)
}

impl Search {
    /// What the signs of the differences tell: counts at the trials 0 and -1/65536.
    #[inline(always)]
    fn new(n: &[i16; LANES], years_min: i16, signs: &Signs) -> Self {
        let (reals, whole) = ([0.0; LANES], [0; LANES]);
        let mut search = Self {
            pairs: whole,
            open: whole,
            parted: whole,
            parted_count: whole,
            tied: [None; LANES],
            live: [false; LANES],
            trial: reals,
            low: reals,
            low_count: whole,
            low_seen: whole,
            high: reals,
            high_count: whole,
            high_seen: whole,
        };
        for lane in 0..LANES {
            let years = i32::from(n[lane]);
            let pairs = years * (years - 1) / 2;
            let [below, not_above] = [signs.below[lane], signs.not_above[lane]].map(i32::from);
            search.pairs[lane] = pairs;
            search.live[lane] = n[lane] >= years_min;
            let zero_parts = parts(pairs, not_above);
            search.parted[lane] = if zero_parts { 0 } else { -1 };
            search.parted_count[lane] = if zero_parts { not_above } else { below };
            let parted = zero_parts | parts(pairs, below);
            let rises = 2 * not_above < pairs;
            let falls = 2 * below > pairs;
            search.low[lane] = if rises { 0.0 } else { -f32::from(MISSING) };
            search.low_count[lane] = if rises { not_above } else { 0 };
            search.high[lane] = if rises { f32::from(MISSING) } else { -1.0 / STEPS };
            search.high_count[lane] = if rises { pairs } else { below };
            if !parted & !rises & !falls {
                search.tied[lane] = Some(0.0);
            }
            search.open[lane] = -i32::from(search.live[lane] & !parted & (rises | falls));
        }
        search
    }

    #[inline(always)]
    fn is_open(&self) -> bool {
        self.open.iter().fold(0, |any, open| any | open) != 0
    }

    #[inline(always)]
    fn begin(&mut self, guess: &[f32; LANES]) {
        /// Where the guess has the wrong sign: the far end of a first step, units a year.
        const STEP: f32 = 16.0;
        for lane in 0..LANES {
            let (low, high) = (self.low[lane], self.high[lane]);
            let fits = (guess[lane] > low) & (guess[lane] < high);
            let near_zero = if low < 0.0 { high - STEP } else { low + STEP };
            self.trial[lane] = if fits { guess[lane] } else { near_zero };
        }
    }

    #[inline(always)]
    fn trial_words(&self) -> TrialWords {
        TrialWords::of(&self.trial_steps())
    }

    #[inline(always)]
    fn trial_steps(&self) -> [i32; LANES] {
        let mut steps = [0; LANES];
        for lane in 0..LANES {
            steps[lane] = (self.trial[lane] * STEPS).floor() as i32;
        }
        steps
    }

    /// Takes in the counts at the trials and sets the next ones.
    #[inline(always)]
    fn learn(&mut self, counted: &[i16; LANES], per_rank: &[f32; LANES], trial: u32) {
        let grow = if trial == 0 { 1.15 } else { 2.0 };
        let halve = trial + 1 >= HALVING_FROM && trial.is_multiple_of(2);
        let steps = self.trial_steps();
        for lane in 0..LANES {
            let (pairs, found, at) = (self.pairs[lane], i32::from(counted[lane]), self.trial[lane]);
            let open = self.open[lane] != 0;
            let parted = open & parts(pairs, found);
            self.parted[lane] = if parted { steps[lane] } else { self.parted[lane] };
            self.parted_count[lane] = if parted { found } else { self.parted_count[lane] };
            self.open[lane] = if parted { 0 } else { self.open[lane] };
            let under = 2 * found < pairs;
            self.low[lane] = if under { at } else { self.low[lane] };
            self.low_count[lane] = if under { found } else { self.low_count[lane] };
            self.low_seen[lane] |= i32::from(under);
            self.high[lane] = if under { self.high[lane] } else { at };
            self.high_count[lane] = if under { self.high_count[lane] } else { found };
            self.high_seen[lane] |= i32::from(!under);
            let half = pairs as f32 * 0.5;
            let (low, high) = (self.low[lane], self.high[lane]);
            let ranks = (self.high_count[lane] - self.low_count[lane]) as f32;
            let between = low + (high - low) * ((half - self.low_count[lane] as f32) / ranks);
            let onwards = at + (half - found as f32) * per_rank[lane] * grow;
            let middle = 0.5 * low + 0.5 * high;
            let enclosed = (self.low_seen[lane] & self.high_seen[lane]) != 0;
            let next = if enclosed { if halve { middle } else { between } } else { onwards };
            self.trial[lane] = if (next > low) & (next < high) { next } else { middle };
        }
    }

    /// From the lower end of each open bracket, slope by slope, to the middle.
    #[inline(always)]
    fn walk<M: Lanes>(&mut self, machine: M, pairs: &Pairs, differences: &[Aligned]) {
        let mut from = [0; LANES];
        for lane in 0..LANES {
            from[lane] = (self.low[lane] * STEPS).floor() as i32;
        }
        while self.is_open() {
            let near = neighbours(machine, pairs, differences, &from);
            let above = near.above.map(Fraction::unpacked);
            for lane in 0..LANES {
                from[lane] = if self.open[lane] != 0 { above[lane].steps() } else { from[lane] };
            }
            let counted = count(machine, pairs, differences, &TrialWords::of(&from));
            for lane in 0..LANES {
                let found = i32::from(counted[lane]);
                if self.open[lane] == 0 || 2 * found < self.pairs[lane] && !parts(self.pairs[lane], found) {
                    continue;
                }
                self.open[lane] = 0;
                if parts(self.pairs[lane], found) {
                    self.parted[lane] = from[lane];
                    self.parted_count[lane] = found;
                } else {
                    self.tied[lane] = Some(above[lane].value());
                }
            }
        }
    }

    /// The middle slopes, next to the parting trials.
    #[inline(always)]
    fn middles<M: Lanes>(&self, machine: M, pairs: &Pairs, differences: &[Aligned]) -> [f64; LANES] {
        let near = neighbours(machine, pairs, differences, &self.parted);
        let mut slope = [0.0; LANES];
        for lane in 0..LANES {
            if !self.live[lane] {
                continue;
            }
            let below = Fraction::unpacked(near.below[lane]).value();
            let above = Fraction::unpacked(near.above[lane]).value();
            let odd = self.pairs[lane] % 2 == 1;
            let parted = match (odd, self.parted_count[lane] == self.pairs[lane] >> 1) {
                (false, _) => 0.5 * (below + above),
                (true, true) => above,
                (true, false) => below,
            };
            slope[lane] = self.tied[lane].unwrap_or(parted);
        }
        slope
    }
}
