//! What was counted in a band while it was copied.

use super::sample::Sample;
use crate::inspect::Source;

/// Share of a product's range by which a value may exceed it through rounding.
const RANGE_SLACK: f64 = 1e-6;

/// What was counted in a band.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cells with a value.
    pub valid: u64,
    /// Cells without.
    pub missing: u64,
    /// Cells of NaN.
    pub nan: u64,
    /// Cells of an infinite value that is not nodata.
    pub infinite: u64,
    /// Valid cells outside the product's range.
    pub out_of_range: u64,
}

impl Tally {
    /// Adds another's counts.
    pub fn add(&mut self, other: Self) {
        self.valid += other.valid;
        self.missing += other.missing;
        self.nan += other.nan;
        self.infinite += other.infinite;
        self.out_of_range += other.out_of_range;
    }
}

/// Counts what values are.
#[derive(Debug, Clone, Copy)]
pub struct Counter<T> {
    nodata: Option<T>,
    range: Range<T>,
}

/// The range of the product, in whichever numbers are quicker to compare.
#[derive(Debug, Clone, Copy)]
enum Range<T> {
    Any,
    /// The smallest and largest raw value inside.
    Raw(T, T),
    /// Scale, offset, and the smallest and largest physical value.
    Physical([f64; 4]),
}

impl<T: Sample> Range<T> {
    fn new([scale, offset, low, high]: [f64; 4]) -> Self {
        if T::FLOAT {
            return Self::Physical([scale, offset, low, high]);
        }
        let physical = |raw: i64| raw as f64 * scale + offset;
        let (least, most) = (T::of(f64::NEG_INFINITY), T::of(f64::INFINITY));
        let all = (least.value() as i64, most.value() as i64);
        // scaling keeps or turns the order, rounding never mixes it
        let (from, beyond) = if scale > 0.0 {
            (first(all, |raw| physical(raw) >= low), first(all, |raw| physical(raw) > high))
        } else {
            (first(all, |raw| physical(raw) <= high), first(all, |raw| physical(raw) < low))
        };
        if from < beyond { Self::Raw(T::of(from as f64), T::of((beyond - 1) as f64)) } else { Self::Raw(most, least) }
    }
}

/// The first number from `low` to `high` from which on a condition holds, or the one after `high`.
fn first((low, high): (i64, i64), holds: impl Fn(i64) -> bool) -> i64 {
    let (mut low, mut high) = (low, high + 1);
    while low < high {
        // rounded down, below zero too, or the search would not end
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

impl<T: Sample> Counter<T> {
    /// A counter for what the source declares.
    pub fn new(source: &Source, nodata: Option<f64>) -> Self {
        let scale = source.meta.scale.zip(source.meta.offset);
        let range = source.product.and_then(|p| p.valid).zip(scale).map(|([low, high], (scale, offset))| {
            let slack = RANGE_SLACK * (high - low);
            Range::new([scale, offset, low - slack, high + slack])
        });
        Self { nodata: nodata.map(T::of), range: range.unwrap_or(Range::Any) }
    }

    /// Counts a row; a mask of 0 means missing.
    pub fn count(&self, values: &[T], mask: Option<&[u8]>, tally: &mut Tally) {
        match (mask, self.range) {
            (None, Range::Any) => self.tell(values, |_| true, |_| false, tally),
            (None, Range::Raw(low, high)) => self.tell(values, |_| true, |v| (v < low) | (v > high), tally),
            (mask, range) => {
                let outside = |v: T| match range {
                    Range::Any => false,
                    Range::Raw(low, high) => v < low || v > high,
                    Range::Physical([scale, offset, low, high]) => {
                        let physical = v.value() * scale + offset;
                        physical < low || physical > high
                    }
                };
                self.tell(values, |i| mask.is_none_or(|m| m.get(i) != Some(&0)), outside, tally);
            }
        }
    }

    #[inline(always)]
    fn tell(&self, values: &[T], kept: impl Fn(usize) -> bool, outside: impl Fn(T) -> bool, tally: &mut Tally) {
        let (mut valid, mut nan, mut infinite, mut out_of_range) = (0_u32, 0_u32, 0_u32, 0_u32);
        let (declared, nodata) = (self.nodata.is_some(), self.nodata.unwrap_or_default());
        for (i, value) in values.iter().enumerate() {
            let is_nan = T::FLOAT && value.value().is_nan();
            let good = kept(i) & !is_nan & !(declared & (*value == nodata));
            nan += u32::from(is_nan);
            valid += u32::from(good);
            infinite += u32::from(T::FLOAT && good & value.value().is_infinite());
            out_of_range += u32::from(good & outside(*value));
        }
        tally.add(Tally {
            valid: u64::from(valid),
            missing: values.len() as u64 - u64::from(valid),
            nan: u64::from(nan),
            infinite: u64::from(infinite),
            out_of_range: u64::from(out_of_range),
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counted<T: Sample>(range: Range<T>, nodata: Option<T>, values: &[T], mask: Option<&[u8]>) -> Tally {
        let mut tally = Tally::default();
        Counter { nodata, range }.count(values, mask, &mut tally);
        tally
    }

    #[test]
    fn six_cells_by_hand() {
        let range = Range::new([0.1, 0.0, -0.2, 1.0]);
        let values = [-3, -2, 0, 10, 11, 99_i16];
        let tally = counted(range, Some(99), &values, Some(&[255, 0, 255, 255, 255, 255]));
        assert_eq!((tally.valid, tally.missing, tally.out_of_range), (4, 2, 2));
        let values = [f32::NAN, f32::INFINITY, 0.5, -9.0, 2.0];
        let tally = counted(Range::new([1.0, 0.0, 0.0, 1.0]), Some(-9.0), &values, None);
        assert_eq!((tally.valid, tally.nan, tally.infinite, tally.out_of_range), (3, 1, 1, 2));
    }

    proptest! {
        #[test]
        fn raw_bounds_are_the_physical_ones(
            scale in prop_oneof![-10.0..-1e-4, 1e-4..10.0], offset in -300.0..300.0, low in -400.0..400.0,
            size in 0.0..300.0, values in proptest::collection::vec(any::<i16>(), 1..50), bytes: Vec<u8>,
        ) {
            let numbers = [scale, offset, low, low + size];
            let physical = Range::Physical(numbers);
            prop_assert_eq!(counted(Range::new(numbers), None, &values, None), counted(physical, None, &values, None));
            let physical = Range::Physical(numbers);
            prop_assert_eq!(counted(Range::new(numbers), None, &bytes, None), counted(physical, None, &bytes, None));
        }
    }
}
