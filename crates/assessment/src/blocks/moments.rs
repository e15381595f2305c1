//! Count, sum and sum of squares of stored values: integers exactly, without a conversion of every value.

/// Count, sum and sum of squares of the valid values.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Moments {
    pub(super) n: u64,
    pub(super) sum: f64,
    pub(super) squares: f64,
}

/// A stored value that can be summed.
pub(super) trait Summed: Copy {
    /// Moments of values; all are valid without `valid`.
    fn moments(values: &[Self], valid: Option<&[bool]>) -> Moments;
}

macro_rules! by_integers {
    ($($of:ty),*) => {$(
        impl Summed for $of {
            fn moments(values: &[Self], valid: Option<&[bool]>) -> Moments {
                let (mut n, mut sum, mut squares) = (0_u64, 0_i64, 0_i64);
                // 32-bit sums of 64 values cannot overflow, and several of them fit in a register
                let mut add = |part: &[Self], valid: Option<&[bool]>| {
                    let (mut few, mut small) = (0_u32, 0_i32);
                    match valid {
                        None => {
                            few = part.len() as u32;
                            for value in part {
                                let x = i32::from(*value);
                                small += x;
                                squares += i64::from(x) * i64::from(x);
                            }
                        }
                        Some(valid) => {
                            for (value, valid) in part.iter().zip(valid) {
                                let x = if *valid { i32::from(*value) } else { 0 };
                                few += u32::from(*valid);
                                small += x;
                                squares += i64::from(x) * i64::from(x);
                            }
                        }
                    }
                    n += u64::from(few);
                    sum += i64::from(small);
                };
                match valid {
                    None => values.chunks(64).for_each(|part| add(part, None)),
                    Some(valid) => values.chunks(64).zip(valid.chunks(64)).for_each(|(p, v)| add(p, Some(v))),
                }
                Moments { n, sum: sum as f64, squares: squares as f64 }
            }
        }
    )*};
}

macro_rules! by_reals {
    ($($of:ty),*) => {$(
        impl Summed for $of {
            fn moments(values: &[Self], valid: Option<&[bool]>) -> Moments {
                let mut all = Moments::default();
                for (i, value) in values.iter().enumerate() {
                    if valid.is_none_or(|valid| valid[i]) {
                        let x = f64::from(*value);
                        all.n += 1;
                        all.sum += x;
                        all.squares += x * x;
                    }
                }
                all
            }
        }
    )*};
}

by_integers!(u8, i8, u16, i16);
by_reals!(u32, i32, f32, f64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_sum_as_reals_do() {
        let values: Vec<i16> = (0..1000).map(|i| if i % 3 == 0 { i16::MIN } else { i16::MAX - i }).collect();
        let valid: Vec<bool> = (0..1000).map(|i| i % 7 != 0).collect();
        let reals: Vec<f64> = values.iter().map(|v| f64::from(*v)).collect();
        assert_eq!(i16::moments(&values, Some(&valid)), f64::moments(&reals, Some(&valid)));
        assert_eq!(i16::moments(&values, None), f64::moments(&reals, None));
        assert_eq!(u8::moments(&[255; 200], None), Moments { n: 200, sum: 51000.0, squares: 13_005_000.0 });
    }
}
