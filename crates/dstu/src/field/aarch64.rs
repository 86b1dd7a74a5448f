//! Pairs of words in the vector registers of aarch64, multiplied by PMULL.
#![expect(unsafe_code, reason = "intrinsics of instructions that the token's constructor has asked for")]

use core::arch::aarch64::{
    uint64x2_t, vandq_u64, vcombine_u64, vcreate_u64, vdupq_n_u64, veorq_u64, vextq_u64, vgetq_lane_u64,
    vld1q_u64, vmull_high_p64, vmull_p64, vreinterpretq_p64_u64, vreinterpretq_u64_p128, vshlq_n_u64,
    vshrq_n_u64,
};

use super::Field;
use super::vector::{Task, Vector};

cpufeatures::new!(features, "aes");

/// The processor has PMULL (the cryptographic extension of `ARMv8`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pmull(());

impl Pmull {
    /// Asks the processor (once a process).
    #[inline]
    pub(crate) fn detect() -> Option<Self> {
        features::get().then_some(Self(()))
    }
}

impl Vector for Pmull {
    type Pair = uint64x2_t;
    const NAME: &'static str = "pmull";

    #[inline(always)]
    fn enter<F: Field, T: Task>(self, f: F, task: T) -> T::Output {
        #[inline(never)]
        #[target_feature(enable = "neon,aes")]
        fn enabled<F: Field, T: Task>(f: F, task: T) -> T::Output {
            task.run(f)
        }
        // SAFETY: `self` says that the processor has them.
        unsafe { enabled(f, task) }
    }

    #[inline(always)]
    fn pair(self, low: u64, high: u64) -> uint64x2_t {
        // SAFETY: NEON is part of aarch64.
        unsafe { vcombine_u64(vcreate_u64(low), vcreate_u64(high)) }
    }
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "callers pass constant indices inside an element's words")]
    fn pair_at(self, words: &[u64], index: usize) -> uint64x2_t {
        let two = &words[index..index + 2];
        // SAFETY: 16 readable octets, aligned as words.
        unsafe { vld1q_u64(two.as_ptr()) }
    }
    #[inline(always)]
    fn words(self, a: uint64x2_t) -> [u64; 2] {
        // SAFETY: NEON is part of aarch64.
        unsafe { [vgetq_lane_u64::<0>(a), vgetq_lane_u64::<1>(a)] }
    }
    #[inline(always)]
    fn xor(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
        // SAFETY: NEON is part of aarch64.
        unsafe { veorq_u64(a, b) }
    }
    #[inline(always)]
    fn and(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
        // SAFETY: NEON is part of aarch64.
        unsafe { vandq_u64(a, b) }
    }
    #[inline(always)]
    fn shl<const N: i32>(self, a: uint64x2_t) -> uint64x2_t {
        // SAFETY: NEON is part of aarch64.
        unsafe { vshlq_n_u64::<N>(a) }
    }
    #[inline(always)]
    fn shr<const N: i32>(self, a: uint64x2_t) -> uint64x2_t {
        // SAFETY: NEON is part of aarch64.
        unsafe { vshrq_n_u64::<N>(a) }
    }
    #[inline(always)]
    fn straddle(self, low: uint64x2_t, high: uint64x2_t) -> uint64x2_t {
        // SAFETY: NEON is part of aarch64.
        unsafe { vextq_u64::<1>(low, high) }
    }
    #[inline(always)]
    fn mul_low(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
        // SAFETY: `self` says that the processor has PMULL.
        unsafe { vreinterpretq_u64_p128(vmull_p64(vgetq_lane_u64::<0>(a), vgetq_lane_u64::<0>(b))) }
    }
    #[inline(always)]
    fn mul_high(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
        // SAFETY: `self` says that the processor has PMULL.
        unsafe { vreinterpretq_u64_p128(vmull_high_p64(vreinterpretq_p64_u64(a), vreinterpretq_p64_u64(b))) }
    }
    #[inline(always)]
    fn mul_cross(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
        // SAFETY: NEON is part of aarch64.
        let swapped = unsafe { vextq_u64::<1>(b, b) };
        self.xor(self.mul_low(a, swapped), self.mul_high(a, swapped))
    }
    #[inline(always)]
    fn spread_bit(self, a: uint64x2_t) -> uint64x2_t {
        // SAFETY: NEON is part of aarch64.
        unsafe { vdupq_n_u64(0u64.wrapping_sub(vgetq_lane_u64::<0>(a) & 1)) }
    }
    #[inline(always)]
    fn is_zero(self, a: uint64x2_t) -> bool {
        self.words(a) == [0, 0]
    }
}
