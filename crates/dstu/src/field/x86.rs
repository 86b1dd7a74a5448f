//! Pairs of words in the vector registers of x86-64, multiplied by PCLMULQDQ.
#![expect(unsafe_code, reason = "intrinsics of instructions that the token's constructor has asked for")]

use core::arch::x86_64::{
    __m128i, _mm_alignr_epi8, _mm_and_si128, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_extract_epi64,
    _mm_loadu_si128, _mm_set_epi64x, _mm_shuffle_epi32, _mm_slli_epi32, _mm_slli_epi64, _mm_srai_epi32,
    _mm_srli_epi64, _mm_testz_si128, _mm_xor_si128,
};

use super::Field;
use super::vector::{Task, Vector};

cpufeatures::new!(features, "pclmulqdq", "ssse3", "sse4.1");
cpufeatures::new!(
    features_512,
    "pclmulqdq",
    "ssse3",
    "sse4.1",
    "avx",
    "avx2",
    "avx512f",
    "avx512bw",
    "avx512vl",
    "avx512vbmi2"
);

/// The processor has PCLMULQDQ, SSSE3 and SSE4.1: everything since 2010. With `AVX512`, it has AVX-512 (F, BW, VL,
/// VBMI2) as well: the same operations, of which the compiler then makes three-way sums and double shifts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pclmul<const AVX512: bool>(());

impl<const AVX512: bool> Pclmul<AVX512> {
    /// Asks the processor (once a process).
    #[inline]
    pub(crate) fn detect() -> Option<Self> {
        let found = if AVX512 { features_512::get() } else { features::get() };
        found.then_some(Self(()))
    }
}

// SAFETY, for every block below: `self` exists only after `detect` found the instructions.
impl<const AVX512: bool> Vector for Pclmul<AVX512> {
    type Pair = __m128i;
    const NAME: &'static str = if AVX512 { "pclmulqdq+avx512" } else { "pclmulqdq" };

    #[inline(always)]
    fn enter<F: Field, T: Task>(self, f: F, task: T) -> T::Output {
        #[inline(never)]
        #[target_feature(enable = "pclmulqdq,ssse3,sse4.1")]
        fn enabled<F: Field, T: Task>(f: F, task: T) -> T::Output {
            task.run(f)
        }
        #[inline(never)]
        #[target_feature(enable = "pclmulqdq,ssse3,sse4.1,avx,avx2,avx512f,avx512bw,avx512vl,avx512vbmi2")]
        fn enabled_512<F: Field, T: Task>(f: F, task: T) -> T::Output {
            task.run(f)
        }
        // SAFETY: `self` says that the processor has them.
        unsafe { if AVX512 { enabled_512(f, task) } else { enabled(f, task) } }
    }

    #[inline(always)]
    fn pair(self, low: u64, high: u64) -> __m128i {
        // SAFETY: SSE2 is part of x86-64.
        unsafe { _mm_set_epi64x(high.cast_signed(), low.cast_signed()) }
    }
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "callers pass constant indices inside an element's words")]
    fn pair_at(self, words: &[u64], index: usize) -> __m128i {
        let two = &words[index..index + 2];
        // SAFETY: 16 readable octets, no alignment asked for.
        unsafe { _mm_loadu_si128(two.as_ptr().cast()) }
    }
    #[inline(always)]
    fn words(self, a: __m128i) -> [u64; 2] {
        // SAFETY: `self` says that the processor has SSE4.1.
        unsafe { [_mm_cvtsi128_si64(a).cast_unsigned(), _mm_extract_epi64::<1>(a).cast_unsigned()] }
    }
    #[inline(always)]
    fn xor(self, a: __m128i, b: __m128i) -> __m128i {
        // SAFETY: SSE2 is part of x86-64.
        unsafe { _mm_xor_si128(a, b) }
    }
    #[inline(always)]
    fn and(self, a: __m128i, b: __m128i) -> __m128i {
        // SAFETY: SSE2 is part of x86-64.
        unsafe { _mm_and_si128(a, b) }
    }
    #[inline(always)]
    fn shl<const N: i32>(self, a: __m128i) -> __m128i {
        // SAFETY: SSE2 is part of x86-64.
        unsafe { _mm_slli_epi64::<N>(a) }
    }
    #[inline(always)]
    fn shr<const N: i32>(self, a: __m128i) -> __m128i {
        // SAFETY: SSE2 is part of x86-64.
        unsafe { _mm_srli_epi64::<N>(a) }
    }
    #[inline(always)]
    fn straddle(self, low: __m128i, high: __m128i) -> __m128i {
        // SAFETY: `self` says that the processor has SSSE3.
        unsafe { _mm_alignr_epi8::<8>(high, low) }
    }
    #[inline(always)]
    fn mul_low(self, a: __m128i, b: __m128i) -> __m128i {
        // SAFETY: `self` says that the processor has PCLMULQDQ.
        unsafe { _mm_clmulepi64_si128::<0x00>(a, b) }
    }
    #[inline(always)]
    fn mul_high(self, a: __m128i, b: __m128i) -> __m128i {
        // SAFETY: `self` says that the processor has PCLMULQDQ.
        unsafe { _mm_clmulepi64_si128::<0x11>(a, b) }
    }
    #[inline(always)]
    fn mul_cross(self, a: __m128i, b: __m128i) -> __m128i {
        // SAFETY: `self` says that the processor has PCLMULQDQ.
        unsafe { _mm_xor_si128(_mm_clmulepi64_si128::<0x01>(a, b), _mm_clmulepi64_si128::<0x10>(a, b)) }
    }
    #[inline(always)]
    fn spread_bit(self, a: __m128i) -> __m128i {
        // The low 32 bits everywhere, the lowest bit moved to the sign, the sign drawn over all.
        // SAFETY: SSE2 is part of x86-64.
        unsafe { _mm_srai_epi32::<31>(_mm_slli_epi32::<31>(_mm_shuffle_epi32::<0>(a))) }
    }
    #[inline(always)]
    fn is_zero(self, a: __m128i) -> bool {
        // SAFETY: `self` says that the processor has SSE4.1.
        unsafe { _mm_testz_si128(a, a) == 1 }
    }
}
