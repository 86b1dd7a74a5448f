//! A secret key and a digest → a signature: DSTU 4145-2002 §12. For tests and fixtures.
//!
//! **Not hardened against side channels**: time and memory accesses depend on the secret. Do not sign with it where
//! somebody may watch.

use core::fmt;

use digest::Digest as _;

use crate::backend::{self, Task};
use crate::compress::{StoredPoint, words_from_le};
use crate::curve::{Curve, OCTETS_MAX, WORDS_MAX, Words, bit_length};
use crate::equation::digest_element;
use crate::field::{Field, invert};
use crate::joint::{self, Term};
use crate::key::{PublicKey, base_point};
use crate::point::{self, Affine};
use crate::signature::{Signature, is_below};
use crate::table::{self, Multiples, Shape};

/// A secret key d, 0 < d < n, for the curve's standard base point.
#[derive(Clone)]
pub struct SecretKey {
    curve: Curve,
    d: Words,
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretKey").field("curve", &self.curve).finish_non_exhaustive()
    }
}

/// Why there is no key or no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The secret is 0, not below n, or of the wrong length.
    Secret,
    /// The source of randomness gave nothing that could be used, many times in a row.
    Randomness,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret => "the secret key is zero, not below the order, or of the wrong length",
            Self::Randomness => "the source of randomness gives nothing usable",
        })
    }
}

impl core::error::Error for SignError {}

/// Draws before giving up. Each honest one fails with a probability below one half.
const DRAWS_MAX: usize = 256;

impl SecretKey {
    /// From ⌈L(n)/8⌉ octets, little-endian.
    ///
    /// # Errors
    /// Zero, not below n, or the wrong length.
    pub fn from_octets_le(curve: Curve, octets: &[u8]) -> Result<Self, SignError> {
        let d = words_from_le(octets).filter(|_| octets.len() == curve.order_bits().div_ceil(8));
        let d =
            d.filter(|d| bit_length(d) > 0 && is_below(d, &curve.numbers().n)).ok_or(SignError::Secret)?;
        Ok(Self { curve, d })
    }

    /// A random key. `random` fills its argument with random octets.
    ///
    /// # Errors
    /// Nothing usable after many draws.
    pub fn random(curve: Curve, mut random: impl FnMut(&mut [u8])) -> Result<Self, SignError> {
        Ok(Self { curve, d: draw(curve, &mut random)? })
    }

    /// The curve.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// Q = −d·P.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        let mut point = multiple_of_base(self.curve, &self.d);
        // −(x, λ) = (x, λ + 1): the lowest word of λ follows the words of x.
        let lambda = self.curve.field_bits().div_ceil(64);
        if let Some(word) = point.get_mut(lambda) {
            *word ^= 1;
        }
        PublicKey::from_point(self.curve, point)
    }

    /// Signs a digest; `random` fills its argument with random octets.
    ///
    /// e random, r = the low L(n) − 1 bits of h·x(e·P), s = e + d·r mod n; again while r or s is 0.
    ///
    /// # Errors
    /// Nothing usable after many draws.
    pub fn sign_digest(
        &self,
        digest: &[u8],
        mut random: impl FnMut(&mut [u8]),
    ) -> Result<Signature, SignError> {
        let n = &self.curve.numbers().n;
        for _ in 0..DRAWS_MAX {
            let e = draw(self.curve, &mut random)?;
            let point = multiple_of_base(self.curve, &e);
            let r = backend::run(self.curve, Commitment { point: &point, digest });
            let s = add_modulo(&e, &multiply_modulo(&self.d, &r, n), n);
            if let Ok(signature) = Signature::from_numbers(self.curve, r, s) {
                return Ok(signature);
            }
        }
        Err(SignError::Randomness)
    }

    /// Signs a digest with an e computed from the secret and the digest: the same signature every time.
    ///
    /// e comes from Kupyna-512 of (d ‖ digest ‖ a counter) instead of a source of randomness, in the spirit of RFC 6979.
    ///
    /// # Errors
    /// None that can be reached in practice.
    pub fn sign_digest_deterministic(&self, digest: &[u8]) -> Result<Signature, SignError> {
        let mut counter = 0u32;
        self.sign_digest(digest, |octets| {
            let mut hash = kupyna::Kupyna512::new();
            for word in self.d {
                hash.update(word.to_le_bytes());
            }
            hash.update(digest);
            hash.update(counter.to_le_bytes());
            counter = counter.wrapping_add(1);
            for (to, from) in octets.iter_mut().zip(hash.finalize()) {
                *to = from;
            }
        })
    }
}

/// A random number in 1 … n − 1: L(n) random bits, again while they are none.
fn draw(curve: Curve, random: &mut impl FnMut(&mut [u8])) -> Result<Words, SignError> {
    let bits = curve.order_bits();
    for _ in 0..DRAWS_MAX {
        let mut octets = [0; OCTETS_MAX];
        let Some(drawn) = octets.get_mut(..bits.div_ceil(8)) else { break };
        random(drawn);
        if let Some(last) = drawn.last_mut() {
            *last &= 0xff >> (8 * bits.div_ceil(8) - bits);
        }
        let Some(number) = words_from_le(drawn) else { break };
        if bit_length(&number) > 0 && is_below(&number, &curve.numbers().n) {
            return Ok(number);
        }
    }
    Err(SignError::Randomness)
}

/// k·P for the curve's base point, 0 < k < n.
fn multiple_of_base(curve: Curve, k: &Words) -> StoredPoint {
    struct Multiple<'a>(&'a StoredPoint, &'a Words);
    impl Task for Multiple<'_> {
        type Output = StoredPoint;
        #[inline(always)]
        fn run<F: Field>(self, f: F) -> StoredPoint {
            let mut words = [0; table::WORDS_ONCE];
            let filled = table::words(f.numbers(), Shape::ONCE);
            if let Some(words) = words.get_mut(..filled) {
                table::fill::<F, { Shape::ONCE.row() }>(f, self.0, Shape::ONCE, words);
            }
            let multiples = Multiples { shape: Shape::ONCE, words: &words };
            let nothing = [0; WORDS_MAX];
            let sum =
                joint::sum(f, &[Term { scalar: self.1, multiples }, Term { scalar: &nothing, multiples }]);
            let inverse = invert(f, sum.z);
            let affine = Affine { x: f.mul(sum.x, inverse), lambda: f.mul(sum.lambda, inverse) };
            let mut stored = [0; 2 * WORDS_MAX];
            point::store(f, affine, &mut stored);
            stored
        }
    }
    backend::run(curve, Multiple(&base_point(curve), k))
}

/// The low L(n) − 1 bits of h·x.
struct Commitment<'a> {
    point: &'a StoredPoint,
    digest: &'a [u8],
}

impl Task for Commitment<'_> {
    type Output = Words;
    #[inline(always)]
    fn run<F: Field>(self, f: F) -> Words {
        let h = f.load(&digest_element(f.numbers().m, self.digest));
        let y = f.mul(h, point::load(f, self.point).x);
        let mut words = f.store(y);
        let kept = f.numbers().order_bits - 1;
        for (index, word) in words.iter_mut().enumerate() {
            let bits = kept.saturating_sub(64 * index);
            if bits < 64 {
                *word &= (1 << bits) - 1;
            }
        }
        words
    }
}

/// a + b mod n for a, b < n. n has at most 431 bits of the 448: no carry out.
fn add_modulo(a: &Words, b: &Words, n: &Words) -> Words {
    let mut sum = *a;
    let mut carry = false;
    for (to, from) in sum.iter_mut().zip(b) {
        (*to, carry) = to.carrying_add(*from, carry);
    }
    if is_below(&sum, n) {
        return sum;
    }
    let mut borrow = false;
    for (to, from) in sum.iter_mut().zip(n) {
        (*to, borrow) = to.borrowing_sub(*from, borrow);
    }
    sum
}

/// a·b mod n for a < n, by doubling and adding.
fn multiply_modulo(a: &Words, b: &Words, n: &Words) -> Words {
    let mut product = [0; WORDS_MAX];
    for word in b.iter().rev() {
        for bit in (0..64).rev() {
            product = add_modulo(&product, &product, n);
            if word >> bit & 1 == 1 {
                product = add_modulo(&product, a, n);
            }
        }
    }
    product
}
