//! Sixteen numbers at a time: the few operations that counting needs, on whatever the machine has.

#[cfg(target_arch = "x86_64")]
mod wide;

/// How many.
pub(crate) const LANES: usize = 16;

/// Work on lanes, whatever they are.
pub(crate) trait Task: Sized {
    /// Does it on a machine's lanes.
    fn run<L: Lanes>(self, lanes: L);

    /// Does it on the widest lanes that this machine has.
    fn dispatch(self) {
        #[cfg(target_arch = "x86_64")]
        let Err(this) = wide::dispatch(self) else { return };
        #[cfg(not(target_arch = "x86_64"))]
        let this = self;
        this.run(Plain);
    }
}

/// Operations on sixteen 16-bit words and sixteen 32-bit reals; a mask is all ones or all zeros in each lane.
pub(crate) trait Lanes: Copy {
    type Words: Copy;
    type Reals: Copy;
    /// Sixteen 32-bit sums.
    type Wholes: Copy;

    fn words(self, values: [i16; LANES]) -> Self::Words;
    fn array(self, words: Self::Words) -> [i16; LANES];
    fn add(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn sub(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn add_saturating(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn sub_saturating(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn min(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn max(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn min_unsigned(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn max_unsigned(self, a: Self::Words, b: Self::Words) -> Self::Words;
    /// Mask of `a > b`.
    fn above(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn and(self, a: Self::Words, b: Self::Words) -> Self::Words;
    /// `a` where the mask is set, else `b`.
    fn pick(self, mask: Self::Words, a: Self::Words, b: Self::Words) -> Self::Words;

    /// Sums of nothing.
    fn none(self) -> Self::Wholes;
    /// `sum + a x + b y`.
    fn add_products(
        self,
        sum: Self::Wholes,
        a_x: (Self::Words, Self::Words),
        b_y: (Self::Words, Self::Words),
    ) -> Self::Wholes;
    fn wholes_array(self, wholes: Self::Wholes) -> [i32; LANES];

    fn reals(self, values: [f32; LANES]) -> Self::Reals;
    fn reals_array(self, reals: Self::Reals) -> [f32; LANES];
    /// Words as reals.
    fn convert(self, words: Self::Words) -> Self::Reals;
    /// A mask of words as one of reals.
    fn widen(self, mask: Self::Words) -> Self::Reals;
    fn plus(self, a: Self::Reals, b: Self::Reals) -> Self::Reals;
    fn times(self, a: Self::Reals, b: Self::Reals) -> Self::Reals;
    /// Mask of `a > b`.
    fn greater(self, a: Self::Reals, b: Self::Reals) -> Self::Reals;
    /// `a` where the mask is set, else `b`.
    fn choose(self, mask: Self::Reals, a: Self::Reals, b: Self::Reals) -> Self::Reals;

    #[inline(always)]
    fn all(self, value: i16) -> Self::Words {
        self.words([value; LANES])
    }

    #[inline(always)]
    fn all_reals(self, value: f32) -> Self::Reals {
        self.reals([value; LANES])
    }
}

/// Lanes on any machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain;

#[inline(always)]
fn each<A: Copy, B: Copy, C: Copy + Default>(a: [A; LANES], b: [B; LANES], f: impl Fn(A, B) -> C) -> [C; LANES] {
    std::array::from_fn(|lane| f(a[lane], b[lane]))
}

/// A real whose bits are all ones or all zeros.
#[inline(always)]
fn mask(set: bool) -> f32 {
    f32::from_bits(if set { u32::MAX } else { 0 })
}

impl Lanes for Plain {
    type Words = [i16; LANES];
    type Reals = [f32; LANES];
    type Wholes = [i32; LANES];

    fn words(self, values: [i16; LANES]) -> Self::Words {
        values
    }
    fn array(self, words: Self::Words) -> [i16; LANES] {
        words
    }
    fn add(self, a: Self::Words, b: Self::Words) -> Self::Words {
        each(a, b, i16::wrapping_add)
    }
    fn sub(self, a: Self::Words, b: Self::Words) -> Self::Words {
        each(a, b, i16::wrapping_sub)
    }
    fn add_saturating(self, a: Self::Words, b: Self::Words) -> Self::Words {
        each(a, b, i16::saturating_add)
    }
    fn sub_saturating(self, a: Self::Words, b: Self::Words) -> Self::Words {
        each(a, b, i16::saturating_sub)
    }
    fn min(self, a: Self::Words, b: Self::Words) -> Self::Words {
        each(a, b, i16::min)
    }
    fn max(self, a: Self::Words, b: Self::Words) -> Self::Words {
        each(a, b, i16::max)
    }
    fn min_unsigned(self, a: Self::Words, b: Self::Words) -> Self::Words {
        each(a, b, |a, b| a.cast_unsigned().min(b.cast_unsigned()).cast_signed())
    }
    fn max_unsigned(self, a: Self::Words, b: Self::Words) -> Self::Words {
        each(a, b, |a, b| a.cast_unsigned().max(b.cast_unsigned()).cast_signed())
    }
    fn above(self, a: Self::Words, b: Self::Words) -> Self::Words {
        each(a, b, |a, b| -i16::from(a > b))
    }
    fn and(self, a: Self::Words, b: Self::Words) -> Self::Words {
        each(a, b, |a, b| a & b)
    }
    fn pick(self, mask: Self::Words, a: Self::Words, b: Self::Words) -> Self::Words {
        std::array::from_fn(|lane| if mask[lane] != 0 { a[lane] } else { b[lane] })
    }
    fn none(self) -> Self::Wholes {
        [0; LANES]
    }
    fn add_products(
        self,
        sum: Self::Wholes,
        (a, x): (Self::Words, Self::Words),
        (b, y): (Self::Words, Self::Words),
    ) -> Self::Wholes {
        let product = |a: i16, x: i16| i32::from(a) * i32::from(x);
        std::array::from_fn(|lane| sum[lane] + product(a[lane], x[lane]) + product(b[lane], y[lane]))
    }
    fn wholes_array(self, wholes: Self::Wholes) -> [i32; LANES] {
        wholes
    }
    fn reals(self, values: [f32; LANES]) -> Self::Reals {
        values
    }
    fn reals_array(self, reals: Self::Reals) -> [f32; LANES] {
        reals
    }
    fn convert(self, words: Self::Words) -> Self::Reals {
        words.map(f32::from)
    }
    fn widen(self, mask: Self::Words) -> Self::Reals {
        mask.map(|word| self::mask(word != 0))
    }
    fn plus(self, a: Self::Reals, b: Self::Reals) -> Self::Reals {
        each(a, b, |a, b| a + b)
    }
    fn times(self, a: Self::Reals, b: Self::Reals) -> Self::Reals {
        each(a, b, |a, b| a * b)
    }
    fn greater(self, a: Self::Reals, b: Self::Reals) -> Self::Reals {
        each(a, b, |a, b| mask(a > b))
    }
    fn choose(self, mask: Self::Reals, a: Self::Reals, b: Self::Reals) -> Self::Reals {
        std::array::from_fn(|lane| if mask[lane].to_bits() != 0 { a[lane] } else { b[lane] })
    }
}
