//! A chaining value and a message block → the next chaining value, on any processor.
//!
//! The four 64-bit encryptions of a block do not depend on each other, so they run round by round side by side: a
//! processor that waits for one table look-up has three others to work on.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is a constant or an octet, within arrays of fixed size"
)]

use super::dke::Dke;

/// 256 bits as four 64-bit words, the least significant first.
pub(super) type Words = [u64; 4];

/// C₃ of GOST 34.311-95, 5.1: the only non-zero constant of the key generation (C₂ = C₄ = 0).
pub(super) const C3: Words =
    [0xFF00_FF00_FF00_FF00, 0x00FF_00FF_00FF_00FF, 0xFF00_00FF_00FF_FF00, 0xFF00_FFFF_0000_00FF];

/// One table an octet of a 32-bit word: both its S-boxes and the rotation by 11 bits in one look-up (4 KiB).
#[derive(Clone)]
pub(super) struct RoundTables([[u32; 256]; 4]);

impl RoundTables {
    /// The tables of [`Dke::NO_1`], made by the compiler.
    pub(super) const NO_1: &'static Self = &Self::new(&Dke::NO_1);

    pub(super) const fn new(dke: &Dke) -> Self {
        let mut tables = [[0_u32; 256]; 4];
        let mut octet = 0;
        while octet < 4 {
            let mut value = 0;
            while value < 256 {
                let low = dke.substitute(2 * octet, value & 15);
                let high = dke.substitute(2 * octet + 1, value >> 4);
                tables[octet][value] = (((high << 4 | low) as u32) << (8 * octet)).rotate_left(11);
                value += 1;
            }
            octet += 1;
        }
        Self(tables)
    }

    /// The round function of GOST 28147-89: eight S-boxes, then a rotation by 11 bits towards the most significant.
    #[inline(always)]
    fn round(&self, word: u32) -> u32 {
        let [a, b, c, d] = word.to_le_bytes();
        let [ta, tb, tc, td] = &self.0;
        (ta[usize::from(a)] ^ tb[usize::from(b)]) ^ (tc[usize::from(c)] ^ td[usize::from(d)])
    }
}

/// One step χ(M, H) of GOST 34.311-95, 5: key generation, encryption, mixing.
#[inline]
pub(super) fn step(tables: &RoundTables, h: &mut Words, m: &Words) {
    let keys = keys(h, m);
    let s = encrypt(tables, h, &keys);
    *h = mix(h, m, &s);
}

/// A key as P leaves it: words 0 and 4, 1 and 5, 2 and 6, 3 and 7, the former in the low half.
type Key = Words;

/// The four keys of 5.1: U₁ = H, V₁ = M; Uⱼ = A(Uⱼ₋₁) ⊕ Cⱼ, Vⱼ = A(A(Vⱼ₋₁)); Kⱼ = P(Uⱼ ⊕ Vⱼ).
#[inline(always)]
fn keys(h: &Words, m: &Words) -> [Key; 4] {
    let (u1, v1) = (*h, *m);
    let (u2, v2) = (a(u1), a(a(v1)));
    let (u3, v3) = (xor(a(u2), C3), a(a(v2)));
    let (u4, v4) = (a(u3), a(a(v3)));
    [p(xor(u1, v1)), p(xor(u2, v2)), p(xor(u3, v3)), p(xor(u4, v4))]
}

/// 5.1: A(y₄‖y₃‖y₂‖y₁) = (y₁ ⊕ y₂)‖y₄‖y₃‖y₂.
#[inline(always)]
const fn a([y1, y2, y3, y4]: Words) -> Words {
    [y2, y3, y4, y1 ^ y2]
}

/// 5.1: P moves octet φ(i + 1 + 4(k − 1)) = 8i + k to place i + 1 + 4(k − 1), i = 0 … 3, k = 1 … 8: the octets as a
/// table of four rows (the 64-bit words), read by columns; a column is one 32-bit word of the key.
///
/// That is a transposition of 4 × 4 octets in each half of the words: neighbours two rows apart exchange 16 bits, then
/// neighbours exchange octets.
#[inline(always)]
const fn p([w1, w2, w3, w4]: Words) -> Key {
    let (w1, w3) = exchange::<16>(w1, w3, 0x0000_FFFF_0000_FFFF);
    let (w2, w4) = exchange::<16>(w2, w4, 0x0000_FFFF_0000_FFFF);
    let (w1, w2) = exchange::<8>(w1, w2, 0x00FF_00FF_00FF_00FF);
    let (w3, w4) = exchange::<8>(w3, w4, 0x00FF_00FF_00FF_00FF);
    [w1, w2, w3, w4]
}

/// Bits of `a` that lie `SHIFT` above `mask` change places with the bits of `b` under it.
#[inline(always)]
const fn exchange<const SHIFT: u32>(a: u64, b: u64, mask: u64) -> (u64, u64) {
    let differing = (a >> SHIFT ^ b) & mask;
    (a ^ differing << SHIFT, b ^ differing)
}

/// 5.2: sᵢ = E(Kᵢ, hᵢ), the four blocks of H each under its own key, GOST 28147-89 in the mode of simple substitution.
#[inline(always)]
fn encrypt(tables: &RoundTables, h: &Words, keys: &[Key; 4]) -> Words {
    let mut n = h.map(halves);
    // One list for each word of the key: what is added in a round lies together.
    let k: [[u32; 4]; 8] = core::array::from_fn(|word| {
        keys.map(|key| {
            let (low, high) = halves(key[word & 3]);
            if word < 4 { low } else { high }
        })
    });
    for _ in 0..3 {
        pair(tables, &mut n, &k[0], &k[1]);
        pair(tables, &mut n, &k[2], &k[3]);
        pair(tables, &mut n, &k[4], &k[5]);
        pair(tables, &mut n, &k[6], &k[7]);
    }
    pair(tables, &mut n, &k[7], &k[6]);
    pair(tables, &mut n, &k[5], &k[4]);
    pair(tables, &mut n, &k[3], &k[2]);
    pair(tables, &mut n, &k[1], &k[0]);
    // The last round does not exchange the halves.
    n.map(|(n1, n2)| join(n2, n1))
}

/// Two rounds of the four encryptions.
#[inline(always)]
fn pair(tables: &RoundTables, n: &mut [(u32, u32); 4], odd: &[u32; 4], even: &[u32; 4]) {
    for ((n1, n2), key) in n.iter_mut().zip(odd) {
        *n2 ^= tables.round(n1.wrapping_add(*key));
    }
    for ((n1, n2), key) in n.iter_mut().zip(even) {
        *n1 ^= tables.round(n2.wrapping_add(*key));
    }
}

/// The low and the high half.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the halves are what is asked for")]
pub(super) const fn halves(word: u64) -> (u32, u32) {
    (word as u32, (word >> 32) as u32)
}

#[inline(always)]
pub(super) const fn join(low: u32, high: u32) -> u64 {
    (high as u64) << 32 | low as u64
}

/// 5.3: ψ⁶¹(H ⊕ ψ(M ⊕ ψ¹²(S))).
///
/// ψ is linear over GF(2), so ψ moves into the brackets: ψ⁶⁰(ψ(H) ⊕ ψ²(M ⊕ ψ¹²(S))), where all long runs are multiples
/// of four and go four words at a time.
#[inline(always)]
fn mix(h: &Words, m: &Words, s: &Words) -> Words {
    let mut y = *s;
    for _ in 0..3 {
        y = psi4(y);
    }
    y = xor(psi(psi(xor(y, *m))), psi(*h));
    for _ in 0..15 {
        y = psi4(y);
    }
    y
}

/// 5.3: ψ over 16-bit words: ψ(y₁₆‖…‖y₁) = (y₁ ⊕ y₂ ⊕ y₃ ⊕ y₄ ⊕ y₁₃ ⊕ y₁₆)‖y₁₆‖…‖y₂.
#[inline(always)]
const fn psi([a, b, c, d]: Words) -> Words {
    let y = a ^ a >> 16;
    let new = y ^ y >> 32 ^ d ^ d >> 48;
    [a >> 16 | b << 48, b >> 16 | c << 48, c >> 16 | d << 48, d >> 16 | new << 48]
}

/// ψ⁴: four words of feedback at once, each of which also takes the one made before it.
#[inline(always)]
const fn psi4([a, b, c, d]: Words) -> Words {
    // Pairwise sums yᵢ ⊕ yᵢ₊₁ serve twice: at i and, two words later, at i + 2.
    let ab = a ^ (a >> 16 | b << 48);
    let bc = b ^ (b >> 16 | c << 48);
    let mut new = ab ^ (ab >> 32 | bc << 32) ^ d ^ d >> 48;
    new ^= new << 16;
    new ^= new << 32;
    [b, c, d, new]
}

#[inline(always)]
const fn xor(a: Words, b: Words) -> Words {
    [a[0] ^ b[0], a[1] ^ b[1], a[2] ^ b[2], a[3] ^ b[3]]
}

/// Σ ⊞ M modulo 2²⁵⁶ (GOST 34.311-95, 6).
#[inline(always)]
pub(super) fn add(sum: &mut Words, m: &Words) {
    let mut carry = false;
    for (total, word) in sum.iter_mut().zip(m) {
        (*total, carry) = total.carrying_add(*word, carry);
    }
}

/// A block of 32 octets as words, the first octet the least significant.
#[inline(always)]
pub(super) fn words(block: &[u8; 32]) -> Words {
    let (words, _) = block.as_chunks::<8>();
    core::array::from_fn(|i| u64::from_le_bytes(words[i]))
}

/// The octets of `words`, the least significant first.
pub(super) fn octets(words: &Words) -> [u8; 32] {
    let mut octets = [0; 32];
    for (place, word) in octets.as_chunks_mut::<8>().0.iter_mut().zip(words) {
        *place = word.to_le_bytes();
    }
    octets
}
