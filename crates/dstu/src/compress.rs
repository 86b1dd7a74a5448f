//! A compressed point on the wire ↔ a point of the prime-order subgroup.
//!
//! DSTU 4145-2002 §6.9, §6.10. The octets are x, little-endian, with bit 0 replaced by Tr(y/x). It can be replaced
//! because Tr(x) = a for every point of order n, and Tr(1) = 1: the trace tells what bit 0 was. This is not SEC 1.
#![expect(clippy::indexing_slicing, reason = "octets counted against the field's length first")]

use crate::curve::{Curve, OCTETS_MAX, WORDS_MAX, Words, bit_length};
use crate::field::{Field, half_trace, invert, trace};
use crate::key::KeyError;
use crate::point::{self, Affine};

/// A point in memory: x and λ, each in the words of its field, one after the other.
pub(crate) type StoredPoint = [u64; 2 * WORDS_MAX];

/// Octets, least significant first → words; `None` beyond 448 bits.
pub(crate) fn words_from_le(octets: &[u8]) -> Option<Words> {
    let mut words = [0; WORDS_MAX];
    if octets.len() > 8 * WORDS_MAX {
        return None;
    }
    for (index, octet) in octets.iter().enumerate() {
        words[index / 8] |= u64::from(*octet) << (8 * (index % 8));
    }
    Some(words)
}

/// Words → octets, least significant first, as many as asked for.
pub(crate) fn words_to_le(words: &[u64], octets: &mut [u8]) {
    for (octet, from) in octets.iter_mut().zip(words.iter().flat_map(|word| word.to_le_bytes())) {
        *octet = from;
    }
}

/// The octets of a compressed point → the number; refused where they are not the field's.
pub(crate) fn element_from_le(curve: Curve, octets: &[u8]) -> Result<Words, KeyError> {
    let expected = curve.element_octets();
    let words = words_from_le(octets).filter(|_| octets.len() == expected);
    let words = words.ok_or(KeyError::PointLength { expected, found: octets.len() })?;
    if bit_length(&words) > curve.field_bits() {
        return Err(KeyError::PointOutsideField);
    }
    Ok(words)
}

/// Decompression: the point of order n, or why there is none.
///
/// With x = 0 (the octets all zero, or 1 where a = 0) it is the point of order two, which no key may be.
#[inline(always)]
pub(crate) fn decompress<F: Field>(f: F, compressed: &Words) -> Result<StoredPoint, KeyError> {
    let mut x = *compressed;
    let a = f.numbers().a;
    let trace_of_ratio = x[0] & 1 == 1;
    if bit_length(&x) == 0 {
        return Err(KeyError::PointOfOrderTwo);
    }
    x[0] &= !1;
    if trace(f, f.load(&x)) != a {
        x[0] |= 1;
    }
    let x = f.load(&x);
    if f.is_zero(x) {
        return Err(KeyError::PointOfOrderTwo);
    }
    // y = x·w turns the curve's equation into w² + w = x + a + b/x².
    let mut z = f.add(x, f.mul(f.curve_b(), f.square(invert(f, x))));
    if a {
        z = f.add_one(z);
    }
    if trace(f, z) {
        return Err(KeyError::PointNotOnCurve);
    }
    let mut w = half_trace(f, z);
    if trace(f, w) != trace_of_ratio {
        w = f.add_one(w);
    }
    let point = Affine { x, lambda: f.add(x, w) };
    if !is_in_subgroup(f, point) {
        return Err(KeyError::PointOutsideSubgroup);
    }
    let mut stored = [0; 2 * WORDS_MAX];
    point::store(f, point, &mut stored);
    Ok(stored)
}

/// Whether a point with Tr(x) = a has order n (or a divisor of it).
///
/// A point can be halved on the curve exactly if Tr(x) = a (Knudsen 1999, theorem 1). With cofactor 2 (a = 1) that
/// is all. With cofactor 4 (a = 0) one of the halves must be halvable again: with λ a root of λ² + λ = x + a, the
/// half has x² = y + (λ + 1)·x, and Tr(x²) = Tr(x).
#[inline(always)]
fn is_in_subgroup<F: Field>(f: F, p: Affine<F::Element>) -> bool {
    if f.numbers().a {
        return true;
    }
    let y = f.mul(p.x, f.add(p.x, p.lambda));
    let lambda = half_trace(f, p.x);
    !trace(f, f.add(y, f.mul(f.add_one(lambda), p.x)))
}

/// Compression of a point of order n.
#[inline(always)]
pub(crate) fn compress<F: Field>(f: F, stored: &StoredPoint) -> [u8; OCTETS_MAX] {
    let point = point::load(f, stored);
    let mut x = f.store(point.x);
    let low = &mut x[0];
    *low = *low & !1 | u64::from(trace(f, f.add(point.x, point.lambda)));
    let mut octets = [0; OCTETS_MAX];
    words_to_le(&x, &mut octets);
    octets
}
