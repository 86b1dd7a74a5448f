//! Public keys: octets → a point of the prime-order subgroup → tables → verdicts on signatures.

mod base;
mod error;
#[cfg(feature = "alloc")]
mod prepared;

use core::fmt;

use crate::backend::{self, Task};
use crate::compress::{self, StoredPoint, decompress};
use crate::curve::{Curve, OCTETS_MAX, Words};
use crate::equation;
use crate::field::Field;
use crate::gost34311::Dke;
use crate::signature::Signature;
use crate::table::{self, Multiples, Shape};
use crate::wire::Spki;
use base::Base;

#[cfg(any(feature = "sign", test))]
pub(crate) use base::base_point;
pub(crate) use base::standard_base;
pub use error::KeyError;
#[cfg(feature = "alloc")]
pub use prepared::{PreparedKey, verify_digests};

/// Whether a key may bring its own base point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BasePointRule {
    /// Explicit parameters must be a standard curve with its standard base point.
    #[default]
    StandardOnly,
    /// Another base point of order n on a standard curve is taken too: the Ukrainian root of 2005 has one.
    OtherAllowed,
}

/// Which base point a key has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BasePoint {
    /// The curve's own.
    Standard,
    /// Another, from explicit parameters.
    Other,
}

/// A public key: a point of the prime-order subgroup of a standard curve, with the base point and the S-boxes (DKE)
/// that came with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    curve: Curve,
    point: StoredPoint,
    /// The base point, where it is not the standard one.
    other_base: Option<StoredPoint>,
    dke: Option<Dke>,
}

/// A compressed point's octets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CompressedOctets {
    octets: [u8; OCTETS_MAX],
    length: usize,
}

impl AsRef<[u8]> for CompressedOctets {
    fn as_ref(&self) -> &[u8] {
        self.octets.get(..self.length).unwrap_or_default()
    }
}

impl core::ops::Deref for CompressedOctets {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.as_ref()
    }
}

impl fmt::Debug for CompressedOctets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}

impl PublicKey {
    /// From a whole `SubjectPublicKeyInfo` (DER), named or explicit parameters, little-endian or (under its own OID)
    /// big-endian.
    ///
    /// # Errors
    /// What is wrong with the octets, the parameters or the point.
    pub fn from_spki(spki_der: &[u8], rule: BasePointRule) -> Result<Self, KeyError> {
        let spki = Spki::read(spki_der)?;
        let mut key = Self::from_compressed(spki.curve, spki.key.octets())?;
        key.dke = spki.dke;
        if let Some(base) = spki.base
            && *standard_base(spki.curve) != *base.octets()
        {
            if rule == BasePointRule::StandardOnly {
                return Err(KeyError::OtherBasePoint);
            }
            key.other_base = Some(Self::from_compressed(spki.curve, base.octets())?.point);
        }
        Ok(key)
    }

    /// From a compressed point (⌈m/8⌉ octets, little-endian) on a curve with its standard base point, without DKE.
    ///
    /// # Errors
    /// The wrong length, or no point of the prime-order subgroup.
    pub fn from_compressed(curve: Curve, octets_le: &[u8]) -> Result<Self, KeyError> {
        let compressed = compress::element_from_le(curve, octets_le)?;
        let point = backend::run(curve, Decompress(&compressed))?;
        Ok(Self { curve, point, other_base: None, dke: None })
    }

    /// From a point of order n.
    #[cfg(feature = "sign")]
    pub(crate) fn from_point(curve: Curve, point: StoredPoint) -> Self {
        Self { curve, point, other_base: None, dke: None }
    }

    /// The same key with these S-boxes, or without.
    #[must_use]
    pub fn with_dke(self, dke: Option<Dke>) -> Self {
        Self { dke, ..self }
    }

    /// The curve.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// The S-boxes that GOST 34.311 digests under this key must use; `None` means №1.
    #[must_use]
    pub const fn dke(&self) -> Option<&Dke> {
        self.dke.as_ref()
    }

    /// Whether the base point is the curve's own.
    #[must_use]
    pub const fn base_point(&self) -> BasePoint {
        if self.other_base.is_some() { BasePoint::Other } else { BasePoint::Standard }
    }

    /// The compressed point, little-endian.
    #[must_use]
    pub fn to_compressed(&self) -> CompressedOctets {
        let octets = backend::run(self.curve, Compress(&self.point));
        CompressedOctets { octets, length: self.curve.element_octets() }
    }

    /// Whether the signature of this digest was made by the key's owner. For one use: a small table of the key is
    /// computed on the way, on the stack.
    #[must_use]
    pub fn verify_digest(&self, digest: &[u8], signature: &Signature) -> bool {
        if signature.curve() != self.curve {
            return false;
        }
        let base = match self.other_base {
            Some(point) => Base::Point(point),
            None => Base::standard(self.curve),
        };
        backend::run(self.curve, VerifyOnce { key: &self.point, base, digest, signature })
    }

    /// Tables for several uses: a few kilobytes, worth it from the second signature on.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn prepare(&self) -> PreparedKey {
        PreparedKey::new(self, Shape::PREPARED)
    }

    /// Bigger tables, for keys that come back all the time: authorities, time-stamp and OCSP responders.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn prepare_split(&self) -> PreparedKey {
        PreparedKey::new(self, Shape::RETURNING)
    }
}

struct Decompress<'a>(&'a Words);

impl Task for Decompress<'_> {
    type Output = Result<StoredPoint, KeyError>;
    #[inline(always)]
    fn run<F: Field>(self, f: F) -> Self::Output {
        decompress(f, self.0)
    }
}

struct Compress<'a>(&'a StoredPoint);

impl Task for Compress<'_> {
    type Output = [u8; OCTETS_MAX];
    #[inline(always)]
    fn run<F: Field>(self, f: F) -> Self::Output {
        compress::compress(f, self.0)
    }
}

struct VerifyOnce<'a> {
    key: &'a StoredPoint,
    base: Base,
    digest: &'a [u8],
    signature: &'a Signature,
}

impl Task for VerifyOnce<'_> {
    type Output = bool;
    #[inline(always)]
    fn run<F: Field>(self, f: F) -> bool {
        // One call of `fill` for both points: it is long, and becomes part of this function.
        let mut words = [[0; table::WORDS_ONCE]; 2];
        let other = if let Base::Point(point) = &self.base { point } else { self.key };
        let tables = if matches!(self.base, Base::Point(_)) { 2 } else { 1 };
        for (words, point) in words.iter_mut().zip([self.key, other]).take(tables) {
            let filled = table::words(f.numbers(), Shape::ONCE);
            if let Some(words) = words.get_mut(..filled) {
                table::fill::<F, { Shape::ONCE.row() }>(f, point, Shape::ONCE, words);
            }
        }
        let [key, own_base] = &words;
        let base = match self.base {
            Base::Shared(multiples) => multiples,
            Base::Point(_) => Multiples { shape: Shape::ONCE, words: own_base },
        };
        equation::holds(f, self.digest, self.signature, base, Multiples { shape: Shape::ONCE, words: key })
    }
}
