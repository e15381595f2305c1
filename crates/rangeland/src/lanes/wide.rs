//! Sixteen lanes in the 256-bit registers of x86 (AVX2), where the machine that runs has them.

use pulp::x86::V3;
use pulp::{NullaryFnOnce, cast};
use std::arch::x86_64::{__m256, __m256i};

use super::{LANES, Lanes, Task};

/// Runs a task with functions compiled for AVX2; gives it back where the machine has none.
pub(super) fn dispatch<T: Task>(task: T) -> Result<(), T> {
    match V3::try_new() {
        Some(machine) => {
            machine.vectorize(Wide { machine, task });
            Ok(())
        }
        None => Err(task),
    }
}

struct Wide<T> {
    machine: V3,
    task: T,
}

impl<T: Task> NullaryFnOnce for Wide<T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.task.run(self.machine);
    }
}

macro_rules! words {
    ($($name:ident => $intrinsic:ident;)+) => {$(
        #[inline(always)]
        fn $name(self, a: __m256i, b: __m256i) -> __m256i {
            self.avx2.$intrinsic(a, b)
        }
    )+};
}

impl Lanes for V3 {
    type Words = __m256i;
    type Reals = [__m256; 2];
    /// Of every eight lanes the first four, and the last four.
    type Wholes = [__m256i; 2];

    words! {
        add => _mm256_add_epi16;
        sub => _mm256_sub_epi16;
        add_saturating => _mm256_adds_epi16;
        sub_saturating => _mm256_subs_epi16;
        min => _mm256_min_epi16;
        max => _mm256_max_epi16;
        min_unsigned => _mm256_min_epu16;
        max_unsigned => _mm256_max_epu16;
        above => _mm256_cmpgt_epi16;
        and => _mm256_and_si256;
    }

    #[inline(always)]
    fn words(self, values: [i16; LANES]) -> __m256i {
        cast(values)
    }
    #[inline(always)]
    fn array(self, words: __m256i) -> [i16; LANES] {
        cast(words)
    }
    #[inline(always)]
    fn pick(self, mask: __m256i, a: __m256i, b: __m256i) -> __m256i {
        self.avx2._mm256_blendv_epi8(b, a, mask)
    }
    #[inline(always)]
    fn none(self) -> Self::Wholes {
        [self.avx._mm256_setzero_si256(); 2]
    }
    #[inline(always)]
    fn add_products(self, sum: Self::Wholes, (a, x): (__m256i, __m256i), (b, y): (__m256i, __m256i)) -> Self::Wholes {
        let simd = self.avx2;
        let low = simd._mm256_madd_epi16(simd._mm256_unpacklo_epi16(a, b), simd._mm256_unpacklo_epi16(x, y));
        let high = simd._mm256_madd_epi16(simd._mm256_unpackhi_epi16(a, b), simd._mm256_unpackhi_epi16(x, y));
        [simd._mm256_add_epi32(sum[0], low), simd._mm256_add_epi32(sum[1], high)]
    }
    #[inline(always)]
    fn wholes_array(self, wholes: Self::Wholes) -> [i32; LANES] {
        let [low, high]: [[i32; 8]; 2] = wholes.map(cast);
        std::array::from_fn(|lane| {
            let half = if lane % 8 < 4 { &low } else { &high };
            half[lane % 4 + if lane < 8 { 0 } else { 4 }]
        })
    }
    #[inline(always)]
    fn reals(self, values: [f32; LANES]) -> Self::Reals {
        cast(values)
    }
    #[inline(always)]
    fn reals_array(self, reals: Self::Reals) -> [f32; LANES] {
        cast(reals)
    }
    #[inline(always)]
    fn convert(self, words: __m256i) -> Self::Reals {
        extended(self, words).map(|half| self.avx._mm256_cvtepi32_ps(half))
    }
    #[inline(always)]
    fn widen(self, mask: __m256i) -> Self::Reals {
        extended(self, mask).map(|half| self.avx._mm256_castsi256_ps(half))
    }
    #[inline(always)]
    fn plus(self, a: Self::Reals, b: Self::Reals) -> Self::Reals {
        [self.avx._mm256_add_ps(a[0], b[0]), self.avx._mm256_add_ps(a[1], b[1])]
    }
    #[inline(always)]
    fn times(self, a: Self::Reals, b: Self::Reals) -> Self::Reals {
        [self.avx._mm256_mul_ps(a[0], b[0]), self.avx._mm256_mul_ps(a[1], b[1])]
    }
    #[inline(always)]
    fn greater(self, a: Self::Reals, b: Self::Reals) -> Self::Reals {
        /// Greater than, false for NaN, without a signal.
        const GT_OQ: i32 = 0x1e;
        [self.avx._mm256_cmp_ps::<GT_OQ>(a[0], b[0]), self.avx._mm256_cmp_ps::<GT_OQ>(a[1], b[1])]
    }
    #[inline(always)]
    fn choose(self, mask: Self::Reals, a: Self::Reals, b: Self::Reals) -> Self::Reals {
        [self.avx._mm256_blendv_ps(b[0], a[0], mask[0]), self.avx._mm256_blendv_ps(b[1], a[1], mask[1])]
    }
}

/// Words with their sign as two times eight 32-bit numbers.
#[inline(always)]
fn extended(machine: V3, words: __m256i) -> [__m256i; 2] {
    let low = machine.avx._mm256_castsi256_si128(words);
    let high = machine.avx2._mm256_extracti128_si256::<1>(words);
    [machine.avx2._mm256_cvtepi16_epi32(low), machine.avx2._mm256_cvtepi16_epi32(high)]
}
