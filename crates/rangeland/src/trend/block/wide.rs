//! Sixteen lanes in the 256-bit registers of x86 (AVX2), where the machine that runs has them.

use pulp::x86::V3;
use pulp::{NullaryFnOnce, cast};
use std::arch::x86_64::{__m256, __m256i};

use super::{
    ChunkJob, RawValue,
    lanes::{LANES, Lanes},
};

/// The machine's AVX2, where it has it.
pub(super) fn machine() -> Option<V3> {
    V3::try_new()
}

/// Runs a job with functions compiled for AVX2.
pub(super) fn dispatch<T: RawValue>(machine: V3, job: ChunkJob<'_, '_, T>) {
    machine.vectorize(Wide { machine, job });
}

struct Wide<'a, 'p, T> {
    machine: V3,
    job: ChunkJob<'a, 'p, T>,
}

impl<T: RawValue> NullaryFnOnce for Wide<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.job.run(self.machine);
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
