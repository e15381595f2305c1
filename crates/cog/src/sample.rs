//! The typed values of a window.

use belcheer_domain::PixelType;

/// Values as stored, one `Vec` for each sample type, row after row.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names say all")]
pub enum Samples {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

/// Runs `$body` with `$values` bound to the typed slice of `$samples`.
macro_rules! each_type {
    ($samples:expr, $values:ident => $body:expr) => {
        match $samples {
            $crate::sample::Samples::U8($values) => $body,
            $crate::sample::Samples::I8($values) => $body,
            $crate::sample::Samples::U16($values) => $body,
            $crate::sample::Samples::I16($values) => $body,
            $crate::sample::Samples::U32($values) => $body,
            $crate::sample::Samples::I32($values) => $body,
            $crate::sample::Samples::F32($values) => $body,
            $crate::sample::Samples::F64($values) => $body,
        }
    };
}
pub(crate) use each_type;

impl Samples {
    /// Number of values.
    #[must_use]
    pub const fn len(&self) -> usize {
        each_type!(self, values => values.len())
    }

    /// Whether there is no value.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type of the values.
    #[must_use]
    pub const fn pixel_type(&self) -> PixelType {
        match self {
            Self::U8(_) => PixelType::U8,
            Self::I8(_) => PixelType::I8,
            Self::U16(_) => PixelType::U16,
            Self::I16(_) => PixelType::I16,
            Self::U32(_) => PixelType::U32,
            Self::I32(_) => PixelType::I32,
            Self::F32(_) => PixelType::F32,
            Self::F64(_) => PixelType::F64,
        }
    }

    /// The value at `index` as `f64`, exactly.
    #[must_use]
    pub fn get_f64(&self, index: usize) -> Option<f64> {
        each_type!(self, values => values.get(index).map(|value| value.to_f64()))
    }
}

/// A sample type that rasters are stored in.
pub(crate) trait Sample: bytemuck::Pod + PartialEq + Send + Sync {
    /// Whether the type has NaN, which always means missing.
    const FLOATING: bool;
    /// The declared nodata value in this type; `None` if no sample can equal it.
    fn nodata(declared: f64) -> Option<Self>;
    fn is_nan(self) -> bool;
    fn to_f64(self) -> f64;
    fn wrap(values: Vec<Self>) -> Samples;
}

macro_rules! integer_sample {
    ($($type:ty => $variant:ident),*) => {$(
        impl Sample for $type {
            const FLOATING: bool = false;
            fn nodata(declared: f64) -> Option<Self> {
                let raw = declared as Self;
                (f64::from(raw) == declared).then_some(raw)
            }
            fn is_nan(self) -> bool {
                false
            }
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            fn wrap(values: Vec<Self>) -> Samples {
                Samples::$variant(values)
            }
        }
    )*};
}
integer_sample!(u8 => U8, i8 => I8, u16 => U16, i16 => I16, u32 => U32, i32 => I32);

impl Sample for f32 {
    const FLOATING: bool = true;
    fn nodata(declared: f64) -> Option<Self> {
        let raw = declared as Self;
        (raw.is_infinite() == declared.is_infinite()).then_some(raw)
    }
    fn is_nan(self) -> bool {
        self.is_nan()
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    fn wrap(values: Vec<Self>) -> Samples {
        Samples::F32(values)
    }
}

impl Sample for f64 {
    const FLOATING: bool = true;
    fn nodata(declared: f64) -> Option<Self> {
        Some(declared)
    }
    fn is_nan(self) -> bool {
        self.is_nan()
    }
    fn to_f64(self) -> f64 {
        self
    }
    fn wrap(values: Vec<Self>) -> Samples {
        Samples::F64(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodata_that_no_sample_can_equal_is_none() {
        assert_eq!(u8::nodata(255.0), Some(255));
        assert_eq!(u8::nodata(-1.0), None);
        assert_eq!(u8::nodata(0.5), None);
        assert_eq!(i16::nodata(f64::NAN), None);
        assert_eq!(f32::nodata(-9999.0), Some(-9999.0));
        assert_eq!(f32::nodata(-1.797e308), None);
        assert_eq!(f32::nodata(3.402_823_5e38), Some(f32::MAX));
        assert!(f32::nodata(f64::NAN).unwrap().is_nan());
    }
}
