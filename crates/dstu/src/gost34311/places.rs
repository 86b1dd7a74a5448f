//! The permutations and matrices of [`super::vbmi`], computed by the compiler from the standard's definitions.
#![expect(clippy::indexing_slicing, reason = "const; loop bounds are the arrays' lengths")]
#![expect(
    clippy::cast_possible_truncation,
    reason = "const; places are below 128, rows are cut to octets on purpose"
)]

/// 5.1's P: lane k (0 … 3), octet 4j + i takes octet 8i + k of Wⱼ₊₁, which begins at octet 32j.
pub(super) static KEYS_0_3: [u8; 64] = key_places(0);
pub(super) static KEYS_4_7: [u8; 64] = key_places(4);
/// 256 bits → the low octets of words 1–8 and 9–16, twice; then their high octets, twice: doubled for `psi`.
pub(super) static SPREAD: [u8; 64] = spread_places();
/// The same from the halves of S in two registers: word i of H is n2's lane i below n1's.
pub(super) static SPREAD_HALVES: [u8; 64] = spread_halves_places();
/// The way back: the first half of each pair of products, and the other one eight octets on.
pub(super) static GATHER: [u8; 64] = gather_places(0);
pub(super) static GATHER_OTHER: [u8; 64] = gather_places(8);

/// ψⁿ as eight 8 × 8 bit matrices in the order of [`SPREAD`].
pub(super) struct PsiPower(pub(super) [u64; 8]);

pub(super) static PSI_61: PsiPower = psi_power(61);
pub(super) static PSI_62: PsiPower = psi_power(62);
/// ψ⁶¹ ∘ ψ ∘ ψ¹².
pub(super) static PSI_74: PsiPower = psi_power(74);

const fn key_places(first: usize) -> [u8; 64] {
    let mut places = [0; 64];
    let mut at = 0;
    while at < 64 {
        let (k, j, i) = (at / 16, at / 4 % 4, at % 4);
        places[at] = (32 * j + 8 * i + first + k) as u8;
        at += 1;
    }
    places
}

const fn spread_places() -> [u8; 64] {
    let mut places = [0; 64];
    let mut at = 0;
    while at < 64 {
        let (odd, group, word) = (at / 32, at / 8 % 2, at % 8);
        places[at] = (16 * group + 2 * word + odd) as u8;
        at += 1;
    }
    places
}

const fn spread_halves_places() -> [u8; 64] {
    let mut places = spread_places();
    let mut at = 0;
    while at < 64 {
        let (word, octet) = (places[at] / 8, places[at] % 8);
        places[at] = if octet < 4 { 4 * word + octet } else { 64 + 4 * word + octet - 4 };
        at += 1;
    }
    places
}

const fn gather_places(other: usize) -> [u8; 64] {
    let mut places = [0; 64];
    let mut at = 0;
    while at < 32 {
        let (word, odd) = (at / 2, at % 2);
        places[at] = (32 * odd + 16 * (word / 8) + word % 8 + other) as u8;
        at += 1;
    }
    places
}

const fn psi_power(n: usize) -> PsiPower {
    // rows[i] has bit j set if word i of the result takes word j.
    let mut rows = [0_u16; 16];
    let mut i = 0;
    while i < 16 {
        rows[i] = 1 << i;
        i += 1;
    }
    let mut k = 0;
    while k < n {
        let new = rows[0] ^ rows[1] ^ rows[2] ^ rows[3] ^ rows[12] ^ rows[15];
        let mut i = 0;
        while i < 15 {
            rows[i] = rows[i + 1];
            i += 1;
        }
        rows[15] = new;
        k += 1;
    }
    let mut matrices = [0; 8];
    let mut at = 0;
    while at < 64 {
        let (group, from, word) = (at / 16 % 2, at / 8 % 2, at % 8);
        let row = (rows[8 * group + word] >> (8 * from)) as u8;
        // The transposition numbers words downwards.
        matrices[at / 8] |= (row.reverse_bits() as u64) << (8 * word);
        at += 1;
    }
    PsiPower(matrices)
}
