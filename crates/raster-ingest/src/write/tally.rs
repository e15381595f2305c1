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
    scale: f64,
    offset: f64,
    range: Option<[f64; 2]>,
}

impl<T: Sample> Counter<T> {
    /// A counter for what the source declares.
    pub fn new(source: &Source, nodata: Option<f64>) -> Self {
        let scale = source.meta.scale.zip(source.meta.offset);
        let range = source.product.and_then(|p| p.valid).filter(|_| scale.is_some()).map(|[low, high]| {
            let slack = RANGE_SLACK * (high - low);
            [low - slack, high + slack]
        });
        let (scale, offset) = scale.unwrap_or((1.0, 0.0));
        Self { nodata: nodata.map(T::of), scale, offset, range }
    }

    /// Counts a row; a mask of 0 means missing.
    pub fn count(&self, values: &[T], mask: Option<&[u8]>, tally: &mut Tally) {
        match (mask, self.range) {
            (None, None) => self.tell(values, |_| true, |_| false, tally),
            (None, Some([low, high])) => self.tell(values, |_| true, |p| (p < low) | (p > high), tally),
            (Some(mask), range) => {
                let [low, high] = range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
                self.tell(values, |i| mask.get(i) != Some(&0), |p| (p < low) | (p > high), tally);
            }
        }
    }

    #[inline(always)]
    fn tell(&self, values: &[T], kept: impl Fn(usize) -> bool, outside: impl Fn(f64) -> bool, tally: &mut Tally) {
        let (mut valid, mut nan, mut infinite, mut out_of_range) = (0_u32, 0_u32, 0_u32, 0_u32);
        let (declared, nodata) = (self.nodata.is_some(), self.nodata.unwrap_or_default());
        for (i, value) in values.iter().enumerate() {
            let number = value.value();
            let is_nan = T::FLOAT && number.is_nan();
            let good = kept(i) & !is_nan & !(declared & (*value == nodata));
            nan += u32::from(is_nan);
            valid += u32::from(good);
            infinite += u32::from(T::FLOAT && good & number.is_infinite());
            out_of_range += u32::from(good & outside(number * self.scale + self.offset));
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
