//! Sample types: what a raw value is worth, its differences, and the mean of four.

use gdal::raster::GdalType;

/// A raw value.
pub trait Sample: GdalType + bytemuck::Pod + Default + PartialOrd + Send + Sync {
    /// Whether it is a floating-point type.
    const FLOAT: bool;
    /// TIFF's number of the format: 1 unsigned, 2 signed, 3 floating-point.
    const FORMAT: u16;
    /// What a mask holds where there is a value.
    const MASKED_IN: Self;
    /// Its value.
    fn value(self) -> f64;
    /// The nearest sample of a value.
    fn of(value: f64) -> Self;
    /// Writes the differences along a row, modulo the type's range.
    fn differences(row: &[Self], out: &mut [u8]);
    /// Undoes [`Self::differences`] in place.
    fn sums(row: &mut [Self]);
    /// The mean of the first `count` values; whole numbers are rounded, halves up, and step aside of `not`.
    fn mean(values: [Self; 4], count: usize, not: Option<Self>) -> Self;
}

macro_rules! whole {
    ($($type:ty, $format:literal);*) => {$(
        impl Sample for $type {
            const FLOAT: bool = false;
            const FORMAT: u16 = $format;
            const MASKED_IN: Self = 255_u8 as Self;
            fn value(self) -> f64 {
                f64::from(self)
            }
            fn of(value: f64) -> Self {
                value as Self
            }
            fn differences(row: &[Self], out: &mut [u8]) {
                let mut before = 0;
                for (value, out) in row.iter().zip(out.chunks_exact_mut(size_of::<Self>())) {
                    out.copy_from_slice(&value.wrapping_sub(before).to_le_bytes());
                    before = *value;
                }
            }
            fn sums(row: &mut [Self]) {
                let mut sum: Self = 0;
                for value in row {
                    sum = sum.wrapping_add(Self::from_le(*value));
                    *value = sum;
                }
            }
            fn mean(values: [Self; 4], count: usize, not: Option<Self>) -> Self {
                let [a, b, c, d] = values.map(i64::from);
                let mean = match count {
                    4 => (a + b + c + d + 2) >> 2,
                    3 => (2 * (a + b + c) + 3).div_euclid(6),
                    2 => (a + b + 1) >> 1,
                    _ => a,
                };
                let mean = mean as Self;
                if not != Some(mean) {
                    return mean;
                }
                mean.checked_add(1).unwrap_or(Self::MAX - 1)
            }
        }
    )*};
}

whole!(u8, 1; u16, 1; i16, 2; u32, 1; i32, 2);

macro_rules! floating {
    ($($type:ty),*) => {$(
        impl Sample for $type {
            const FLOAT: bool = true;
            const FORMAT: u16 = 3;
            const MASKED_IN: Self = 255.0;
            fn value(self) -> f64 {
                f64::from(self)
            }
            fn of(value: f64) -> Self {
                value as Self
            }
            // floats are stored in byte planes
            fn differences(row: &[Self], out: &mut [u8]) {
                out.copy_from_slice(bytemuck::cast_slice(row));
            }
            fn sums(_: &mut [Self]) {}
            fn mean(values: [Self; 4], count: usize, _: Option<Self>) -> Self {
                let sum: f64 = values.iter().take(count).map(|v| f64::from(*v)).sum();
                (sum / count.max(1) as f64) as Self
            }
        }
    )*};
}

floating!(f32, f64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_of_whole_numbers_round_halves_up() {
        assert_eq!(i16::mean([1, 2, 2, 2], 4, None), 2);
        assert_eq!(i16::mean([-1, -2, 9, 9], 2, None), -1);
        assert_eq!(i16::mean([-1, -1, -2, 9], 3, None), -1);
        assert_eq!(u8::mean([254, 255, 255, 255], 4, None), 255);
        assert_eq!(u32::mean([u32::MAX; 4], 4, None), u32::MAX);
        assert_eq!(f32::mean([0.5, 1.0, 9.0, 9.0], 2, None), 0.75);
    }

    #[test]
    fn a_mean_is_never_taken_for_nodata() {
        assert_eq!(i16::mean([-1, 1, 0, 0], 2, Some(0)), 1);
        assert_eq!(u8::mean([255; 4], 4, Some(255)), 254);
    }
}
