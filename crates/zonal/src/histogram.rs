//! The covered area of each distinct value.

use std::borrow::Cow;

/// Areas that differ by less than this share of the larger are equal: sums in another order differ by rounding.
const TIE_TOLERANCE: f64 = 1e-9;
/// Entries that may wait unsorted before they are merged into the sorted part.
const WAITING_MIN: usize = 1024;
/// Distinct values that a sketch keeps at most, 24 bytes each.
pub(crate) const SKETCH_BINS_MAX: usize = 1 << 20;
/// Bits of a 64-bit real's fraction.
const FRACTION_BITS: u32 = 52;
/// Fewest bits of the fraction that a sketch keeps: values are known to 2^-8 of themselves even then.
const FRACTION_BITS_MIN: u32 = 7;

/// A distinct value with its covered area, plain and weighted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bin {
    pub value: f64,
    pub area: f64,
    pub weighted_area: f64,
}

/// Bins of distinct values.
///
/// New entries wait at the end and are merged in now and then, so adding costs little even when nearly all
/// values differ, and memory stays within twice the number of distinct values.
///
/// A sketch bounds that number: beyond [`SKETCH_BINS_MAX`] the last bits of all values are cut, as few as suffice, and a
/// value is told as the middle of what was cut. With the 2^20 bins that are left, values of one sign within a factor of
/// 64 are known to about 2^-15 of themselves. What is cut depends on the values alone, so any order and grouping of
/// merging gives the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Histogram {
    bins: Vec<Bin>,
    /// The first bins are sorted and distinct.
    sorted: usize,
    /// Most distinct values kept; any number when `None`.
    bins_max: Option<usize>,
    /// Bits cut from every value's fraction.
    cut: u32,
}

impl Histogram {
    /// One that cuts values when more than `bins_max` differ.
    pub fn sketch(bins_max: usize) -> Self {
        Self { bins_max: Some(bins_max), ..Self::default() }
    }

    /// A value without its last bits.
    fn cut(&self, value: f64) -> f64 {
        f64::from_bits(value.to_bits() & (u64::MAX << self.cut))
    }

    /// The middle of the values that are one after the cut.
    fn middle(&self, value: f64) -> f64 {
        if self.cut == 0 || !value.is_finite() {
            return value;
        }
        f64::from_bits(value.to_bits() | (1 << (self.cut - 1)))
    }

    /// Cuts bits until few enough values differ.
    fn keep_within(&mut self) {
        let Some(most) = self.bins_max else { return };
        while self.bins.len() > most && self.cut < FRACTION_BITS - FRACTION_BITS_MIN {
            self.cut += 1;
            self.cut_all();
        }
        self.sorted = self.bins.len();
    }

    /// Cuts the values of all bins, which keeps their order, and joins those that have become one.
    fn cut_all(&mut self) {
        let mask = u64::MAX << self.cut;
        for bin in &mut self.bins {
            bin.value = f64::from_bits(bin.value.to_bits() & mask) + 0.0;
        }
        join_equal(&mut self.bins);
    }

    pub fn add(&mut self, value: f64, area: f64, weighted_area: f64) {
        let value = self.cut(value);
        let any_waiting = self.sorted < self.bins.len();
        if let Some(last) = self.bins.last_mut()
            && any_waiting
            && last.value == value
        {
            last.area += area;
            last.weighted_area += weighted_area;
            return;
        }
        // Adding zero makes -0 and 0 one value.
        self.bins.push(Bin { value: value + 0.0, area, weighted_area });
        if self.bins.len() - self.sorted >= WAITING_MIN.max(self.sorted) {
            self.compact();
        }
    }

    /// Bins that are sorted and distinct already.
    pub fn of_sorted(mut bins: Vec<Bin>) -> Self {
        join_equal(&mut bins);
        Self { sorted: bins.len(), bins, ..Self::default() }
    }

    pub fn merge(&mut self, other: &Self) {
        self.compact();
        if other.cut > self.cut {
            self.cut = other.cut;
            self.cut_all();
        }
        self.sorted = self.bins.len();
        let mask = u64::MAX << self.cut;
        let cut = |bin: &Bin| Bin { value: f64::from_bits(bin.value.to_bits() & mask), ..*bin };
        let mut other = other.clone();
        other.compact();
        self.bins.extend(other.bins.iter().map(cut));
        self.compact();
    }

    /// The bins by ascending value.
    pub fn distinct(&self) -> Cow<'_, [Bin]> {
        if self.sorted == self.bins.len() && self.cut == 0 {
            return Cow::Borrowed(&self.bins);
        }
        let mut all = self.clone();
        all.compact();
        let mut bins = std::mem::take(&mut all.bins);
        bins.iter_mut().for_each(|bin| bin.value = all.middle(bin.value));
        Cow::Owned(bins)
    }

    /// Merges the waiting entries in.
    pub fn compact(&mut self) {
        if self.sorted == self.bins.len() {
            return;
        }
        // A stable sort: equal values are added in the order they came.
        self.bins.sort_by(|a, b| a.value.total_cmp(&b.value));
        join_equal(&mut self.bins);
        self.sorted = self.bins.len();
        self.keep_within();
    }
}

/// Makes neighbours of one value one bin.
fn join_equal(bins: &mut Vec<Bin>) {
    bins.dedup_by(|next, kept| {
        let same = next.value == kept.value;
        if same {
            kept.area += next.area;
            kept.weighted_area += next.weighted_area;
        }
        same
    });
}

/// The value with the largest area; the larger value of a tie.
pub(crate) fn mode(bins: &[Bin]) -> Option<f64> {
    let largest = bins.iter().map(|bin| bin.area).fold(0.0, f64::max);
    bins.iter().rev().find(|bin| bin.area >= largest * (1.0 - TIE_TOLERANCE)).map(|bin| bin.value)
}

/// The value with the smallest area; the smaller value of a tie.
pub(crate) fn minority(bins: &[Bin]) -> Option<f64> {
    let smallest = bins.iter().map(|bin| bin.area).fold(f64::INFINITY, f64::min);
    bins.iter().find(|bin| bin.area <= smallest * (1.0 + TIE_TOLERANCE)).map(|bin| bin.value)
}

/// The quantile `q` of distinct values weighted by area; `None` without bins.
///
/// The extension of R's type 7 to weights: with values ascending, `n` of them and areas `a`, value `i` stands
/// at `s_i = i a_i + (n − 1) Σ_{j<i} a_j`, and the quantile is interpolated linearly at `q s_{n−1}`. With equal
/// areas this is type 7 (Hyndman and Fan 1996).
pub(crate) fn quantile(bins: &[Bin], q: f64) -> Option<f64> {
    let (first, last) = (bins.first()?, bins.last()?);
    let steps = bins.len() as f64 - 1.0;
    let before_last: f64 = bins[..bins.len() - 1].iter().fold(0.0, |sum, bin| sum + bin.area);
    let target = q * (steps * last.area + steps * before_last);
    // Places never descend: the first value placed beyond the target ends the search.
    let (mut area_before, mut low_place) = (0.0, 0.0);
    for (i, bin) in bins.iter().enumerate() {
        let place = i as f64 * bin.area + steps * area_before;
        if place > target {
            let Some(low) = i.checked_sub(1).and_then(|i| bins.get(i)) else { return Some(first.value) };
            let share = (target - low_place) / (place - low_place);
            return Some(low.value + share * (bin.value - low.value));
        }
        area_before += bin.area;
        low_place = place;
    }
    Some(last.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sketch_is_bounded_and_the_same_in_any_order() {
        let values: Vec<f64> = (0..5000_u64).map(|i| (i.wrapping_mul(7919) % 5003) as f64 / 5003.0 + 0.25).collect();
        let sketch = |parts: &[&[f64]]| {
            let part = |values: &[f64]| {
                let mut sketch = Histogram::sketch(512);
                values.iter().for_each(|value| sketch.add(*value, 1.0, 0.0));
                sketch
            };
            let mut all = Histogram::sketch(512);
            parts.iter().for_each(|values| all.merge(&part(values)));
            all
        };
        let whole = sketch(&[&values]);
        assert!(whole.distinct().len() <= 512 && whole.cut > 0);
        let parted = sketch(&[&values[3000..], &values[..10], &values[10..3000]]);
        assert_eq!(parted.cut, whole.cut);
        let told =
            |sketch: &Histogram| sketch.distinct().iter().map(|b| (b.value.to_bits(), b.area)).collect::<Vec<_>>();
        assert_eq!(told(&parted), told(&whole));
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        for q in [0.1, 0.5, 0.9] {
            let exact = sorted[(q * 4999.0) as usize];
            let found = quantile(&whole.distinct(), q).unwrap();
            assert!((found - exact).abs() <= exact.abs() / 100.0, "{q}: {found} and {exact}");
        }
    }

    #[test]
    fn few_values_are_exact_in_a_sketch() {
        let mut sketch = Histogram::sketch(8);
        [0.1, 0.3, 0.1, -0.7].iter().for_each(|value| sketch.add(*value, 1.0, 0.0));
        assert_eq!(sketch.distinct().iter().map(|b| b.value).collect::<Vec<_>>(), [-0.7, 0.1, 0.3]);
    }

    fn bins(pairs: &[(f64, f64)]) -> Vec<Bin> {
        let mut histogram = Histogram::default();
        pairs.iter().for_each(|&(value, area)| histogram.add(value, area, 0.0));
        histogram.distinct().into_owned()
    }

    #[test]
    fn equal_areas_give_type_7() {
        // R: quantile(c(3, 1, 2, 10), 0.3) is 1.9.
        let bins = bins(&[(3.0, 0.7), (1.0, 0.7), (2.0, 0.7), (10.0, 0.7)]);
        assert!((quantile(&bins, 0.3).unwrap() - 1.9).abs() < 1e-12);
        assert_eq!(quantile(&bins, 0.0), Some(1.0));
        assert_eq!(quantile(&bins, 1.0), Some(10.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn ties() {
        let tied = bins(&[(1.0, 0.3), (1.0, 0.6), (2.0, 0.9), (0.0, 0.9)]);
        assert_eq!(mode(&tied), Some(2.0));
        assert_eq!(minority(&tied), Some(0.0));
        assert_eq!((mode(&[]), minority(&[])), (None, None));
    }

    #[test]
    fn many_values_are_merged_in_time() {
        let mut histogram = Histogram::default();
        for i in 0..100_000 {
            histogram.add(f64::from(i % 7), 1.0, 2.0);
        }
        assert!(histogram.bins.len() < 2 * WAITING_MIN);
        let distinct = histogram.distinct();
        assert_eq!(distinct.len(), 7);
        assert_eq!(distinct.iter().map(|bin| bin.area).sum::<f64>(), 1e5);
        assert_eq!(distinct.iter().map(|bin| bin.weighted_area).sum::<f64>(), 2e5);
        assert_eq!(bins(&[(-0.0, 1.0), (0.0, 1.0)]).len(), 1);
    }
}
