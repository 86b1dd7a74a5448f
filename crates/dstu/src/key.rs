//! Public keys: octets → a point of the prime-order subgroup → tables → verdicts on signatures.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::fmt;

use crate::backend::{self, Task};
use crate::compress::{self, StoredPoint, decompress};
use crate::curve::{Curve, OCTETS_MAX, WORDS_MAX, Words};
use crate::equation;
use crate::field::Field;
use crate::gost34311::Dke;
use crate::point;
use crate::signature::Signature;
use crate::table::{self, Multiples, Shape};
use crate::wire::Spki;

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

/// Why octets are no public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// Not the DER of a `SubjectPublicKeyInfo`, or something left over inside or after it.
    NotDer,
    /// Another algorithm than DSTU 4145 in a polynomial basis.
    Algorithm,
    /// Neither the OID nor the numbers of one of the ten standard curves.
    UnknownCurve,
    /// Explicit parameters in an optimal normal basis.
    NormalBasis,
    /// A base point of its own, and the rule was [`BasePointRule::StandardOnly`].
    OtherBasePoint,
    /// The S-boxes (DKE) are not 64 octets.
    DkeLength {
        /// Octets found.
        found: usize,
    },
    /// A compressed point (or a coefficient) of the wrong length.
    PointLength {
        /// Octets of an element of the field.
        expected: usize,
        /// Octets found.
        found: usize,
    },
    /// A number of more than m bits.
    PointOutsideField,
    /// No point of the curve has this x.
    PointNotOnCurve,
    /// The point of order two.
    PointOfOrderTwo,
    /// On the curve, but not in the subgroup of prime order.
    PointOutsideSubgroup,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotDer => "the key is not the DER of a SubjectPublicKeyInfo",
            Self::Algorithm => "the key's algorithm is not DSTU 4145 in a polynomial basis",
            Self::UnknownCurve => "the key's curve is none of the ten standard ones",
            Self::NormalBasis => "the key's field is in an optimal normal basis",
            Self::OtherBasePoint => "the key has a base point of its own",
            Self::DkeLength { found } => return write!(f, "the key's S-boxes are {found} octets, not 64"),
            Self::PointLength { expected, found } => {
                return write!(f, "an element of this field has {expected} octets, here are {found}");
            }
            Self::PointOutsideField => "the compressed point has more bits than the field",
            Self::PointNotOnCurve => "no point of the curve has this x",
            Self::PointOfOrderTwo => "the key is the point of order two",
            Self::PointOutsideSubgroup => "the key is outside the subgroup of prime order",
        })
    }
}

impl core::error::Error for KeyError {}

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

/// Multiples of the base point, or the point to compute a small table of.
enum Base {
    #[cfg_attr(not(feature = "std"), expect(dead_code, reason = "tables shared by the process need std"))]
    Shared(Multiples<'static>),
    Point(StoredPoint),
}

impl Base {
    fn standard(curve: Curve) -> Self {
        #[cfg(feature = "std")]
        return Self::Shared(shared_base(curve));
        #[cfg(not(feature = "std"))]
        return Self::Point(base_point(curve));
    }
}

/// A key with tables of its multiples.
#[cfg(feature = "alloc")]
#[derive(Clone)]
pub struct PreparedKey {
    curve: Curve,
    dke: Option<Dke>,
    key: Table,
    /// The base point's table, unless the process shares one.
    base: Option<Table>,
}

#[cfg(feature = "alloc")]
#[derive(Clone)]
struct Table {
    shape: Shape,
    words: Box<[u64]>,
}

#[cfg(feature = "alloc")]
impl Table {
    fn new(curve: Curve, point: &StoredPoint, shape: Shape) -> Self {
        Self { shape, words: backend::run(curve, Fill { point, shape }) }
    }

    fn multiples(&self) -> Multiples<'_> {
        Multiples { shape: self.shape, words: &self.words }
    }
}

#[cfg(feature = "alloc")]
impl PreparedKey {
    fn new(key: &PublicKey, shape: Shape) -> Self {
        let base = match (key.other_base, Base::standard(key.curve)) {
            (Some(point), _) | (None, Base::Point(point)) => Some(Table::new(key.curve, &point, shape)),
            (None, Base::Shared(_)) => None,
        };
        Self { curve: key.curve, dke: key.dke, key: Table::new(key.curve, &key.point, shape), base }
    }

    /// Whether the signature of this digest was made by the key's owner.
    #[must_use]
    pub fn verify_digest(&self, digest: &[u8], signature: &Signature) -> bool {
        if signature.curve() != self.curve {
            return false;
        }
        let base = match &self.base {
            Some(table) => table.multiples(),
            None => match Base::standard(self.curve) {
                Base::Shared(multiples) => multiples,
                // `new` has made a table of its own where none is shared.
                Base::Point(_) => return false,
            },
        };
        backend::run(self.curve, Verify { key: self.key.multiples(), base, digest, signature })
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

    /// Octets of the tables on the heap.
    #[must_use]
    pub fn table_octets(&self) -> usize {
        8 * (self.key.words.len() + self.base.as_ref().map_or(0, |table| table.words.len()))
    }
}

#[cfg(feature = "alloc")]
impl fmt::Debug for PreparedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedKey")
            .field("curve", &self.curve)
            .field("shape", &self.key.shape)
            .finish_non_exhaustive()
    }
}

/// Checks independent signatures; `out[i]` answers `items[i]`. Slots without an item become false.
#[cfg(feature = "alloc")]
pub fn verify_digests(items: &[(&PreparedKey, &[u8], &Signature)], out: &mut [bool]) {
    out.fill(false);
    for ((key, digest, signature), valid) in items.iter().zip(out) {
        *valid = key.verify_digest(digest, signature);
    }
}

/// The base point of a curve, decompressed from annex Г's x and y by λ = x + y/x.
pub(crate) fn base_point(curve: Curve) -> StoredPoint {
    struct Ratio(Curve);
    impl Task for Ratio {
        type Output = StoredPoint;
        #[inline(always)]
        fn run<F: Field>(self, f: F) -> StoredPoint {
            let numbers = self.0.numbers();
            let (x, y) = (f.load(&numbers.gx), f.load(&numbers.gy));
            let lambda = f.add(x, f.mul(y, crate::field::invert(f, x)));
            let mut stored = [0; 2 * WORDS_MAX];
            point::store(f, point::Affine { x, lambda }, &mut stored);
            stored
        }
    }
    backend::run(curve, Ratio(curve))
}

/// The compressed base point of a curve.
pub(crate) fn standard_base(curve: Curve) -> CompressedOctets {
    let octets = backend::run(curve, Compress(&base_point(curve)));
    CompressedOctets { octets, length: curve.element_octets() }
}

/// The table of the curve's base point: once a process, a few hundred kilobytes for each curve that is used.
#[cfg(feature = "std")]
pub(crate) fn shared_base(curve: Curve) -> Multiples<'static> {
    use std::sync::OnceLock;
    static TABLES: [OnceLock<Table>; Curve::ALL.len()] = [const { OnceLock::new() }; Curve::ALL.len()];
    #[expect(clippy::indexing_slicing, reason = "a place for each of the ten")]
    let table = &TABLES[curve as usize];
    table.get_or_init(|| Table::new(curve, &base_point(curve), Shape::BASE)).multiples()
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

#[cfg(feature = "alloc")]
struct Fill<'a> {
    point: &'a StoredPoint,
    shape: Shape,
}

#[cfg(feature = "alloc")]
impl Task for Fill<'_> {
    type Output = Box<[u64]>;
    #[inline(always)]
    fn run<F: Field>(self, f: F) -> Self::Output {
        let mut words = alloc::vec![0_u64; table::words(f.numbers(), self.shape)];
        table::fill::<F, { table::BATCH_MAX }>(f, self.point, self.shape, &mut words);
        words.into_boxed_slice()
    }
}

#[cfg(feature = "alloc")]
struct Verify<'a> {
    key: Multiples<'a>,
    base: Multiples<'a>,
    digest: &'a [u8],
    signature: &'a Signature,
}

#[cfg(feature = "alloc")]
impl Task for Verify<'_> {
    type Output = bool;
    #[inline(always)]
    fn run<F: Field>(self, f: F) -> bool {
        equation::holds(f, self.digest, self.signature, self.base, self.key)
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
