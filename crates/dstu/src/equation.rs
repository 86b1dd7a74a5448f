//! Digest, signature, tables → valid or not: DSTU 4145-2002 §13.
//!
//! R = s·P + r·Q; y = h·x(R) in the field; valid if the low L(n) − 1 bits of y are r. Q = −d·P, hence the plus.

use crate::curve::{WORDS_MAX, Words, bit_length};
use crate::field::Field;
use crate::joint::{self, Term};
use crate::point::Projective;
use crate::signature::Signature;
use crate::table::Multiples;

/// The digest as a field element h: little-endian, cut to m bits, 0 replaced by 1 (DSTU 4145-2002 §5.9).
#[expect(clippy::indexing_slicing, reason = "bits below m, m below the words' bits")]
pub(crate) fn digest_element(field_bits: usize, digest: &[u8]) -> Words {
    let mut words = [0; WORDS_MAX];
    for (index, octet) in digest.iter().take(field_bits.div_ceil(8)).enumerate() {
        words[index / 8] |= u64::from(*octet) << (8 * (index % 8));
    }
    words[field_bits / 64] &= (1 << (field_bits % 64)) - 1;
    if bit_length(&words) == 0 {
        words[0] = 1;
    }
    words
}

/// Whether the signature fits the digest under the key.
#[inline(always)]
pub(crate) fn holds<F: Field>(
    f: F,
    digest: &[u8],
    signature: &Signature,
    base: Multiples<'_>,
    key: Multiples<'_>,
) -> bool {
    let terms =
        [Term { scalar: &signature.s, multiples: base }, Term { scalar: &signature.r, multiples: key }];
    let sum = joint::sum(f, &terms);
    let h = f.load(&digest_element(f.numbers().m, digest));
    answers(f, sum, h, &signature.r)
}

/// Extra bits of a field element above those that r is compared with: at most this many (a test counts them).
const EXTRA_BITS_MAX: usize = 2;

/// Whether the low L(n) − 1 bits of h·x(R) are r.
///
/// Without dividing: x(R) = X/Z, so h·x(R) = y exactly if h·X = y·Z, and y is r plus one of the few values of the
/// bits from L(n) − 1 up. (The same thought as comparing r·Z² with X for ECDSA.)
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "constant indices, at most EXTRA_BITS_MAX bits")]
fn answers<F: Field>(f: F, sum: Projective<F::Element>, h: F::Element, r: &Words) -> bool {
    let compared = f.numbers().order_bits - 1;
    // Infinity has no x; the point of order two has x = 0, and r ≠ 0.
    if f.is_zero(sum.z) || bit_length(r) > compared {
        return false;
    }
    let difference = f.add(f.mul(f.load(r), sum.z), f.mul(h, sum.x));
    let mut candidates = [difference; 1 << EXTRA_BITS_MAX];
    let mut count = 1;
    for bit in compared..f.numbers().m {
        let mut power = [0; WORDS_MAX];
        power[bit / 64] = 1 << (bit % 64);
        let step = f.mul(f.load(&power), sum.z);
        for index in 0..count {
            candidates[count + index] = f.add(candidates[index], step);
        }
        count *= 2;
    }
    candidates[..count].iter().any(|candidate| f.is_zero(*candidate))
}
