//! The types that tiles store.

use crate::Sample;

/// A number as a tile stores it.
pub trait TileSample: Sample + PartialEq + PartialOrd + Send + Sync {
    /// Bits of the types whose every value has a bin of its own; 0 for wider types, which are summed one by one.
    const BIN_BITS: u32;

    /// The bin of a value, ascending with it; 0 for wider types.
    fn bin(self) -> u16;

    /// The value of a bin.
    fn of_bin(bin: u16) -> i32;

    /// A declared value in this type; `None` if no sample can equal it.
    fn declared(value: f64) -> Option<Self>;
}

macro_rules! narrow {
    ($($type:ty, $unsigned:ty, $turn:expr);*) => {$(
        impl TileSample for $type {
            const BIN_BITS: u32 = <$type>::BITS;

            #[inline(always)]
            fn bin(self) -> u16 {
                u16::from((self as $unsigned) ^ $turn)
            }

            fn of_bin(bin: u16) -> i32 {
                i32::from(((bin as $unsigned) ^ $turn) as $type)
            }

            fn declared(value: f64) -> Option<Self> {
                let raw = value as Self;
                (f64::from(raw) == value).then_some(raw)
            }
        }
    )*};
}
narrow!(u8, u8, 0; i8, u8, 0x80; u16, u16, 0; i16, u16, 0x8000);

macro_rules! wide {
    ($($type:ty),*) => {$(
        impl TileSample for $type {
            const BIN_BITS: u32 = 0;

            fn bin(self) -> u16 {
                0
            }

            fn of_bin(_: u16) -> i32 {
                0
            }

            fn declared(value: f64) -> Option<Self> {
                let raw = value as Self;
                (f64::from(raw) == value).then_some(raw)
            }
        }
    )*};
}
wide!(u32, i32, f32, f64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_ascend_with_values() {
        assert_eq!([i16::MIN, -1, 0, i16::MAX].map(TileSample::bin), [0, 32767, 32768, 65535]);
        assert_eq!([i8::MIN, -1, 0, i8::MAX].map(TileSample::bin), [0, 127, 128, 255]);
        assert!(
            (0..=u16::MAX).all(|bin| i16::of_bin(bin) == i32::from(bin) - 32768 && u16::of_bin(bin) == i32::from(bin))
        );
        assert!((0..=255).all(|bin| i8::of_bin(bin) == i32::from(bin) - 128 && u8::of_bin(bin) == i32::from(bin)));
    }

    #[test]
    fn a_declared_value_is_held_or_is_none() {
        assert_eq!((u8::declared(255.0), u8::declared(-1.0), i16::declared(0.5)), (Some(255), None, None));
        assert_eq!((f32::declared(-9999.0), f64::declared(f64::NAN)), (Some(-9999.0), None));
    }
}
