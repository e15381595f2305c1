//! Sample types: what a raw value is worth, and how it is hashed.

use gdal::raster::GdalType;

/// A raw value.
pub trait Sample: GdalType + Copy + Default + PartialEq {
    /// Whether it is a floating-point type.
    const FLOAT: bool;
    /// Its exact bits, for hashing.
    fn bits(self) -> u64;
    /// Its value.
    fn value(self) -> f64;
    /// The nearest sample of a value.
    fn of(value: f64) -> Self;
}

macro_rules! whole {
    ($($type:ty),*) => {$(
        impl Sample for $type {
            const FLOAT: bool = false;
            fn bits(self) -> u64 {
                self as u64
            }
            fn value(self) -> f64 {
                f64::from(self)
            }
            fn of(value: f64) -> Self {
                value as Self
            }
        }
    )*};
}

whole!(u8, u16, i16, u32, i32);

macro_rules! floating {
    ($($type:ty),*) => {$(
        impl Sample for $type {
            const FLOAT: bool = true;
            fn bits(self) -> u64 {
                u64::from(self.to_bits())
            }
            fn value(self) -> f64 {
                f64::from(self)
            }
            fn of(value: f64) -> Self {
                value as Self
            }
        }
    )*};
}

floating!(f32, f64);

/// From the sample as read to the sample as written.
pub trait Widen<To> {
    /// The same value in the other type.
    fn widen(self) -> To;
}

impl<T: Sample> Widen<T> for T {
    fn widen(self) -> T {
        self
    }
}

/// Signed bytes come as their unsigned bit patterns.
impl Widen<i16> for u8 {
    fn widen(self) -> i16 {
        i16::from(self.cast_signed())
    }
}

/// A running hash of raw values in order (FNV-1a over words).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunningHash(u64);

impl Default for RunningHash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl RunningHash {
    /// Adds one row of values.
    pub fn add<T: Sample>(&mut self, values: &[T]) {
        self.0 = values.iter().fold(self.0, |hash, v| (hash ^ v.bits()).wrapping_mul(0x0100_0000_01b3));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_bytes_keep_their_sign() {
        let widened: i16 = 0x80_u8.widen();
        assert_eq!(widened, -128);
        assert_eq!(Widen::<i16>::widen(127_u8), 127);
        assert_eq!(Widen::<u8>::widen(200_u8), 200);
    }

    #[test]
    fn order_and_sign_change_the_hash() {
        let hash = |values: &[f32]| {
            let mut hash = RunningHash::default();
            hash.add(values);
            hash
        };
        assert_ne!(hash(&[1.0, 2.0]), hash(&[2.0, 1.0]));
        assert_ne!(hash(&[0.0]), hash(&[-0.0]));
        assert_eq!(hash(&[f32::NAN]), hash(&[f32::NAN]));
    }
}
