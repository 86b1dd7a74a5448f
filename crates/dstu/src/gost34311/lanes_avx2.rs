//! [`Lanes`] of AVX2: eight messages side by side, S-boxes as shuffles of 16 octets.
#![expect(unsafe_code, reason = "intrinsics in methods of a trait, which cannot have target features")]

// Clippy does not ask in tests.
#[cfg_attr(
    not(test),
    expect(clippy::wildcard_imports, reason = "intrinsics are the vocabulary of this file")
)]
use core::arch::x86_64::*;

use super::lanes::{self, Lanes, Planes};
use super::nibbles::Nibbles;

/// Messages side by side.
pub(super) const COUNT: usize = 8;

/// With fewer messages left than this, one after another is faster: a lane makes about 75 MB/s, one stream 165 (Zen 4).
pub(super) const WORTHWHILE: usize = 3;

/// One step of eight messages.
#[target_feature(enable = "avx2")]
pub(super) fn step(nibbles: &Nibbles, h: &mut Planes<COUNT>, m: &Planes<COUNT>) {
    let sboxes = Sboxes { low: nibbles.low.each_ref().map(twice), high: nibbles.high.each_ref().map(twice) };
    let next = lanes::step(&sboxes, &h.each_ref().map(load), &m.each_ref().map(load));
    for (plane, value) in h.iter_mut().zip(next) {
        // SAFETY: `plane` is writable for its 32 octets; the store asks for no alignment.
        unsafe { _mm256_storeu_si256(plane.as_mut_ptr().cast(), value.0) };
    }
}

#[inline(always)]
fn load(plane: &[u32; COUNT]) -> Words8 {
    // SAFETY: `plane` is readable for its 32 octets; the load asks for no alignment. Called by `step` only, which has AVX2.
    Words8(unsafe { _mm256_loadu_si256(plane.as_ptr().cast()) })
}

/// A table in both halves of a register: the shuffle looks up in each half apart.
#[inline(always)]
fn twice(table: &[u8; 16]) -> __m256i {
    // SAFETY: `table` is readable for its 16 octets; the load asks for no alignment. Called by `step` only, which has AVX2.
    unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(table.as_ptr().cast())) }
}

/// Eight 32-bit words. Made and used inside [`step`] only, so that every method below runs with its target features.
#[derive(Clone, Copy)]
struct Words8(__m256i);

#[derive(Clone, Copy)]
struct Sboxes {
    low: [__m256i; 4],
    high: [__m256i; 4],
}

impl Lanes for Words8 {
    type Sboxes = Sboxes;

    #[inline(always)]
    fn splat(word: u32) -> Self {
        // SAFETY: `step` has AVX2, as for all methods here.
        Self(unsafe { _mm256_set1_epi32(word.cast_signed()) })
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe { _mm256_xor_si256(self.0, other.0) })
    }

    #[inline(always)]
    fn wrapping_add(self, other: Self) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe { _mm256_add_epi32(self.0, other.0) })
    }

    #[inline(always)]
    fn shl<const BITS: u32>(self) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe { _mm256_sll_epi32(self.0, _mm_cvtsi32_si128(BITS.cast_signed())) })
    }

    #[inline(always)]
    fn shr<const BITS: u32>(self) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe { _mm256_srl_epi32(self.0, _mm_cvtsi32_si128(BITS.cast_signed())) })
    }

    #[inline(always)]
    fn select(self, other: Self, mask: Self) -> Self {
        // SAFETY: as in `splat`. Masks are of whole octets.
        Self(unsafe { _mm256_blendv_epi8(other.0, self.0, mask.0) })
    }

    #[inline(always)]
    fn round(self, half: Self, sboxes: &Sboxes) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe {
            let nibble = _mm256_set1_epi8(0x0F);
            let low = _mm256_and_si256(self.0, nibble);
            let high = _mm256_and_si256(_mm256_srli_epi32::<4>(self.0), nibble);
            // Each pair of tables is right for one octet of a word only; the right octets are picked together.
            let [l0, l1, l2, l3] = sboxes.low.map(|table| _mm256_shuffle_epi8(table, low));
            let [h0, h1, h2, h3] = sboxes.high.map(|table| _mm256_shuffle_epi8(table, high));
            let even = _mm256_blend_epi16::<0b1010_1010>(_mm256_or_si256(l0, h0), _mm256_or_si256(l2, h2));
            let odd = _mm256_blend_epi16::<0b1010_1010>(_mm256_or_si256(l1, h1), _mm256_or_si256(l3, h3));
            let y = _mm256_blendv_epi8(odd, even, _mm256_set1_epi16(0x00FF));
            let rotated = _mm256_or_si256(_mm256_slli_epi32::<11>(y), _mm256_srli_epi32::<21>(y));
            _mm256_xor_si256(half.0, rotated)
        })
    }
}
