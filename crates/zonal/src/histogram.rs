//! The covered area of each distinct value.

use std::borrow::Cow;

/// Areas that differ by less than this share of the larger are equal: sums in another order differ by rounding.
const TIE_TOLERANCE: f64 = 1e-9;
/// Entries that may wait unsorted before they are merged into the sorted part.
const WAITING_MIN: usize = 1024;

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
#[derive(Debug, Clone, Default)]
pub(crate) struct Histogram {
    bins: Vec<Bin>,
    /// The first bins are sorted and distinct.
    sorted: usize,
}

impl Histogram {
    pub fn add(&mut self, value: f64, area: f64, weighted_area: f64) {
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
        bins.dedup_by(|next, kept| {
            let same = next.value == kept.value;
            if same {
                kept.area += next.area;
                kept.weighted_area += next.weighted_area;
            }
            same
        });
        Self { sorted: bins.len(), bins }
    }

    pub fn merge(&mut self, other: &Self) {
        self.compact();
        self.bins.extend_from_slice(&other.distinct());
        self.compact();
    }

    /// The bins by ascending value.
    pub fn distinct(&self) -> Cow<'_, [Bin]> {
        if self.sorted == self.bins.len() {
            return Cow::Borrowed(&self.bins);
        }
        let mut all = self.clone();
        all.compact();
        Cow::Owned(all.bins)
    }

    /// Merges the waiting entries in.
    pub fn compact(&mut self) {
        if self.sorted == self.bins.len() {
            return;
        }
        // A stable sort: equal values are added in the order they came.
        self.bins.sort_by(|a, b| a.value.total_cmp(&b.value));
        self.bins.dedup_by(|next, kept| {
            let same = next.value == kept.value;
            if same {
                kept.area += next.area;
                kept.weighted_area += next.weighted_area;
            }
            same
        });
        self.sorted = self.bins.len();
    }
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
