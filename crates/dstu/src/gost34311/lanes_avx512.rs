//! [`Lanes`] of AVX-512 VBMI: sixteen messages side by side, S-boxes as permutations of 64 octets.
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
pub(super) const COUNT: usize = 16;

/// With fewer messages left than this, one after another is faster: a lane makes about 90 MB/s, one stream 310 (Zen 4).
pub(super) const WORTHWHILE: usize = 4;

/// One step of sixteen messages.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]
pub(super) fn step(nibbles: &Nibbles, h: &mut Planes<COUNT>, m: &Planes<COUNT>) {
    // SAFETY: both tables are readable for 64 octets; the loads ask for no alignment.
    let sboxes = unsafe {
        Sboxes {
            low: _mm512_loadu_si512(nibbles.low.as_ptr().cast()),
            high: _mm512_loadu_si512(nibbles.high.as_ptr().cast()),
        }
    };
    let next = lanes::step(&sboxes, &h.each_ref().map(load), &m.each_ref().map(load));
    for (plane, value) in h.iter_mut().zip(next) {
        // SAFETY: `plane` is writable for its 64 octets; the store asks for no alignment.
        unsafe { _mm512_storeu_si512(plane.as_mut_ptr().cast(), value.0) };
    }
}

#[inline(always)]
fn load(plane: &[u32; COUNT]) -> Words16 {
    // SAFETY: `plane` is readable for its 64 octets; the load asks for no alignment. Called by `step` only, which has
    // AVX-512F.
    Words16(unsafe { _mm512_loadu_si512(plane.as_ptr().cast()) })
}

/// Sixteen 32-bit words. Made and used inside [`step`] only, so that every method below runs with its target features.
#[derive(Clone, Copy)]
struct Words16(__m512i);

#[derive(Clone, Copy)]
struct Sboxes {
    low: __m512i,
    high: __m512i,
}

impl Lanes for Words16 {
    type Sboxes = Sboxes;

    #[inline(always)]
    fn splat(word: u32) -> Self {
        // SAFETY: `step` has AVX-512F, as for all methods here.
        Self(unsafe { _mm512_set1_epi32(word.cast_signed()) })
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe { _mm512_xor_si512(self.0, other.0) })
    }

    #[inline(always)]
    fn xor3(self, second: Self, third: Self) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe { _mm512_ternarylogic_epi32::<0x96>(self.0, second.0, third.0) })
    }

    #[inline(always)]
    fn wrapping_add(self, other: Self) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe { _mm512_add_epi32(self.0, other.0) })
    }

    #[inline(always)]
    fn shl<const BITS: u32>(self) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe { _mm512_slli_epi32::<BITS>(self.0) })
    }

    #[inline(always)]
    fn shr<const BITS: u32>(self) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe { _mm512_srli_epi32::<BITS>(self.0) })
    }

    #[inline(always)]
    fn select(self, other: Self, mask: Self) -> Self {
        // SAFETY: as in `splat`. 0xCA: first ? second : third.
        Self(unsafe { _mm512_ternarylogic_epi32::<0xCA>(mask.0, self.0, other.0) })
    }

    #[inline(always)]
    fn odd(self, next: Self) -> Self {
        // SAFETY: `step` has AVX-512 VBMI2.
        Self(unsafe { _mm512_shrdi_epi32::<16>(self.0, next.0) })
    }

    #[inline(always)]
    fn round(self, half: Self, sboxes: &Sboxes) -> Self {
        // SAFETY: `step` has AVX-512F and VBMI.
        Self(unsafe {
            let low_nibbles = _mm512_set1_epi32(0x0F0F_0F0F);
            // Octet q of a word reads the sixteen entries from 16·q on.
            let rows = _mm512_set1_epi32(0x3020_1000);
            // (x & low_nibbles) | rows
            let low = _mm512_ternarylogic_epi32::<0xEA>(self.0, low_nibbles, rows);
            let high = _mm512_ternarylogic_epi32::<0xEA>(_mm512_srli_epi32::<4>(self.0), low_nibbles, rows);
            let low = _mm512_permutexvar_epi8(low, sboxes.low);
            let high = _mm512_permutexvar_epi8(high, sboxes.high);
            _mm512_xor_si512(half.0, _mm512_rol_epi32::<11>(_mm512_or_si512(low, high)))
        })
    }
}
