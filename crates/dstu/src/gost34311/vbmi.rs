//! A chaining value and message blocks → the next chaining value, with AVX-512 VBMI and GFNI: one stream.
//!
//! The same steps as in [`super::portable`], whose formulas stand there. The four encryptions lie in the four 32-bit
//! lanes of one register, S-boxes are byte permutations, ψ is a product of 8 × 8 bit matrices. One stream is bound by
//! latency: a round depends on the one before it. So what does not depend on H (the message's share of keys and of ψ)
//! is written where the processor can do it while it waits.
#![expect(unsafe_code, reason = "intrinsics that read memory")]

// Clippy does not ask in tests.
#[cfg_attr(
    not(test),
    expect(clippy::wildcard_imports, reason = "intrinsics are the vocabulary of this file")
)]
use core::arch::x86_64::*;

use super::nibbles::Nibbles;
use super::places::{
    GATHER, GATHER_OTHER, KEYS_0_3, KEYS_4_7, PSI_61, PSI_62, PSI_74, PsiPower, SPREAD, SPREAD_HALVES,
};
use super::portable::{C3, Words, add, words};

/// The chaining value after `blocks`, each of which also enters the checksum.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,gfni")]
pub(super) fn absorb(nibbles: &Nibbles, h: &mut Words, sum: &mut Words, blocks: &[[u8; 32]]) {
    let mut chaining = load(h);
    let sboxes = Sboxes::new(nibbles);
    for block in blocks {
        let m = words(block);
        chaining = compress(&sboxes, chaining, load(&m));
        add(sum, &m);
    }
    store(h, chaining);
}

/// Each table's 64 octets in two registers, rows 0 and 1 of [`Nibbles`] below rows 2 and 3.
///
/// The look-up in two registers of 256 bits takes 4 cycles on Zen 4, the one in a register of 512 bits takes 5.
struct Sboxes {
    low: [__m256i; 2],
    high: [__m256i; 2],
}

impl Sboxes {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,gfni")]
    fn new(nibbles: &Nibbles) -> Self {
        Self { low: halves(&nibbles.low), high: halves(&nibbles.high) }
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,gfni")]
fn halves(table: &[[u8; 16]; 4]) -> [__m256i; 2] {
    let table = load_table(table);
    [_mm512_castsi512_si256(table), _mm512_extracti64x4_epi64::<1>(table)]
}

/// S-boxes of one nibble of each octet; `places` has the nibble and, above it, the octet's number in its word.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,gfni")]
fn look_up([lower, upper]: [__m256i; 2], places: __m128i) -> __m128i {
    _mm256_castsi256_si128(_mm256_permutex2var_epi8(lower, _mm256_castsi128_si256(places), upper))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,gfni")]
fn compress(sboxes: &Sboxes, h: __m256i, m: __m256i) -> __m256i {
    let (keys_0_3, keys_4_7) = keys(_mm512_castsi256_si512(h), _mm512_castsi256_si512(m));
    // ψ⁶¹(H) ⊕ ψ⁶²(M) needs no S: the processor finds time for it during the rounds.
    let mixed = _mm512_xor_si512(
        psi(&PSI_61, _mm512_permutexvar_epi8(load_table(&SPREAD), _mm512_castsi256_si512(h))),
        psi(&PSI_62, _mm512_permutexvar_epi8(load_table(&SPREAD), _mm512_castsi256_si512(m))),
    );
    let (n1, n2) = encrypt(
        sboxes,
        _mm256_cvtepi64_epi32(h),
        _mm256_cvtepi64_epi32(_mm256_srli_epi64::<32>(h)),
        [
            _mm512_castsi512_si128(keys_0_3),
            _mm512_extracti32x4_epi32::<1>(keys_0_3),
            _mm512_extracti32x4_epi32::<2>(keys_0_3),
            _mm512_extracti32x4_epi32::<3>(keys_0_3),
            _mm512_castsi512_si128(keys_4_7),
            _mm512_extracti32x4_epi32::<1>(keys_4_7),
            _mm512_extracti32x4_epi32::<2>(keys_4_7),
            _mm512_extracti32x4_epi32::<3>(keys_4_7),
        ],
    );
    let s = _mm512_permutex2var_epi8(
        _mm512_castsi128_si512(n2),
        load_table(&SPREAD_HALVES),
        _mm512_castsi128_si512(n1),
    );
    gather(_mm512_xor_si512(mixed, psi(&PSI_74, s)))
}

/// 5.1 for the four keys at once: word k of all four keys lies in lane k, four lanes a register.
///
/// A is linear over GF(2), so that Uⱼ = Aʲ⁻¹(H) ⊕ const and Vⱼ = A²⁽ʲ⁻¹⁾(M) are sums of at most three permutations of the
/// 64-bit words: A²(y) = y₃, y₄, y₁₂, y₂₃ (y₁₂ = y₁ ⊕ y₂ …), A³ = y₄, y₁₂, y₂₃, y₃₄, A⁴ = y₁₂, y₂₃, y₃₄, y₄₁₂,
/// A⁶ = y₃₄, y₄₁₂, y₁₃, y₂₄.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,gfni")]
fn keys(h: __m512i, m: __m512i) -> (__m512i, __m512i) {
    let c = _mm512_set_epi64(
        (C3[0] ^ C3[1]).cast_signed(),
        C3[3].cast_signed(),
        C3[2].cast_signed(),
        C3[1].cast_signed(),
        C3[3].cast_signed(),
        C3[2].cast_signed(),
        C3[1].cast_signed(),
        C3[0].cast_signed(),
    );
    let v12 = _mm512_xor_si512(
        _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 1, 2, 3, 2, 3, 0, 1), m),
        _mm512_maskz_permutexvar_epi64(0b1100_0000, _mm512_setr_epi64(0, 0, 0, 0, 0, 0, 1, 2), m),
    );
    let v34 = xor3(
        _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 1, 2, 3, 2, 3, 0, 1), m),
        _mm512_permutexvar_epi64(_mm512_setr_epi64(1, 2, 3, 0, 3, 0, 2, 3), m),
        _mm512_maskz_permutexvar_epi64(0b0010_1000, _mm512_setr_epi64(0, 0, 0, 1, 0, 1, 0, 0), m),
    );
    let w12 = xor3(
        v12,
        _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 1, 2, 3, 1, 2, 3, 0), h),
        _mm512_maskz_permutexvar_epi64(0b1000_0000, _mm512_set1_epi64(1), h),
    );
    let w34 = xor3(
        _mm512_xor_si512(v34, c),
        _mm512_permutexvar_epi64(_mm512_setr_epi64(2, 3, 0, 1, 3, 0, 1, 2), h),
        _mm512_maskz_permutexvar_epi64(0b1110_1100, _mm512_setr_epi64(0, 0, 1, 2, 0, 1, 2, 3), h),
    );
    (
        _mm512_permutex2var_epi8(w12, load_table(&KEYS_0_3), w34),
        _mm512_permutex2var_epi8(w12, load_table(&KEYS_4_7), w34),
    )
}

/// 5.2: 32 rounds of four encryptions; the halves of S, the upper one first.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,gfni")]
fn encrypt(sboxes: &Sboxes, mut n1: __m128i, mut n2: __m128i, k: [__m128i; 8]) -> (__m128i, __m128i) {
    let low_nibbles = _mm_set1_epi32(0x0F0F_0F0F);
    // Octet q of a word reads the sixteen entries from 16·q on.
    let rows = _mm_set1_epi32(0x3020_1000);
    let round = |half: __m128i, n: __m128i, key: __m128i| {
        let x = _mm_add_epi32(n, key);
        // (x & low_nibbles) | rows
        let low = _mm_ternarylogic_epi32::<0xEA>(x, low_nibbles, rows);
        let high = _mm_ternarylogic_epi32::<0xEA>(_mm_srli_epi32::<4>(x), low_nibbles, rows);
        let (low, high) = (look_up(sboxes.low, low), look_up(sboxes.high, high));
        // A rotation takes 2 cycles, its two shifts side by side take 1. The low nibbles come a cycle before the high
        // ones, which had to be shifted down: so they are summed first.
        let half = xor3_128(half, _mm_slli_epi32::<11>(low), _mm_srli_epi32::<21>(low));
        xor3_128(half, _mm_slli_epi32::<11>(high), _mm_srli_epi32::<21>(high))
    };
    for _ in 0..3 {
        n2 = round(n2, n1, k[0]);
        n1 = round(n1, n2, k[1]);
        n2 = round(n2, n1, k[2]);
        n1 = round(n1, n2, k[3]);
        n2 = round(n2, n1, k[4]);
        n1 = round(n1, n2, k[5]);
        n2 = round(n2, n1, k[6]);
        n1 = round(n1, n2, k[7]);
    }
    n2 = round(n2, n1, k[7]);
    n1 = round(n1, n2, k[6]);
    n2 = round(n2, n1, k[5]);
    n1 = round(n1, n2, k[4]);
    n2 = round(n2, n1, k[3]);
    n1 = round(n1, n2, k[2]);
    n2 = round(n2, n1, k[1]);
    n1 = round(n1, n2, k[0]);
    (n1, n2)
}

/// ψⁿ of 5.3 on spread octets, halves not yet summed: each 8 × 8 bits are transposed, then multiplied.
///
/// `GF2P8AFFINEQB` multiplies octets (its first operand) by a matrix (its second): bit i of a result octet is the parity
/// of row 7 − i and the octet. With the data as the matrix and unit vectors as octets it transposes; with the transposed
/// data as the matrix and rows of ψⁿ as octets it applies ψⁿ and puts bits and words back in their places.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,gfni")]
fn psi(power: &PsiPower, spread: __m512i) -> __m512i {
    let units = _mm512_set1_epi64(0x0102_0408_1020_4080);
    let columns = _mm512_gf2p8affine_epi64_epi8::<0>(units, spread);
    _mm512_gf2p8affine_epi64_epi8::<0>(load_table(&power.0), columns)
}

/// Spread and doubled octets → 256 bits in their order.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,gfni")]
fn gather(y: __m512i) -> __m256i {
    _mm256_xor_si256(
        _mm512_castsi512_si256(_mm512_permutexvar_epi8(load_table(&GATHER), y)),
        _mm512_castsi512_si256(_mm512_permutexvar_epi8(load_table(&GATHER_OTHER), y)),
    )
}

#[inline]
#[target_feature(enable = "avx512f")]
fn xor3(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi64::<0x96>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn xor3_128(a: __m128i, b: __m128i, c: __m128i) -> __m128i {
    _mm_ternarylogic_epi32::<0x96>(a, b, c)
}

/// Any 64 octets as a register.
#[inline]
#[target_feature(enable = "avx512f")]
fn load_table<T>(table: &T) -> __m512i {
    const { assert!(size_of::<T>() == 64, "a register is 64 octets") };
    // SAFETY: `table` is readable for its 64 octets; this load asks for no alignment. All users are arrays of integers,
    // which have no padding.
    unsafe { _mm512_loadu_si512(core::ptr::from_ref(table).cast()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn load(words: &Words) -> __m256i {
    // SAFETY: `words` is readable for its 32 octets; this load asks for no alignment.
    unsafe { _mm256_loadu_si256(core::ptr::from_ref(words).cast()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn store(words: &mut Words, value: __m256i) {
    // SAFETY: `words` is writable for its 32 octets; this store asks for no alignment.
    unsafe { _mm256_storeu_si256(core::ptr::from_mut(words).cast(), value) }
}
