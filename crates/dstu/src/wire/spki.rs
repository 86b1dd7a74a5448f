//! A `SubjectPublicKeyInfo` → its curve, base point, DKE and compressed key; nothing computed yet.
//!
//! ```text
//! SubjectPublicKeyInfo ::= SEQUENCE {                      -- RFC 5280 §4.1
//!     algorithm         SEQUENCE { algorithm OBJECT IDENTIFIER, parameters DSTU4145Params },
//!     subjectPublicKey  BIT STRING }                       -- holds the DER of an OCTET STRING: the compressed point
//!
//! DSTU4145Params ::= SEQUENCE {                            -- the ministry's requirements to key formats (2012)
//!     definition  CHOICE { ecbinary ECBinary, namedCurve OBJECT IDENTIFIER },
//!     dke         OCTET STRING OPTIONAL }                  -- 64 octets: the S-boxes of GOST 34.311-95, permutations
//!
//! ECBinary ::= SEQUENCE {
//!     version  [0] EXPLICIT INTEGER DEFAULT 0,
//!     f        BinaryField,
//!     a        INTEGER (0..1),
//!     b        OCTET STRING,
//!     n        INTEGER,
//!     bp       OCTET STRING }                              -- the compressed base point
//!
//! BinaryField ::= SEQUENCE {
//!     m        INTEGER,
//!     CHOICE { trinomial INTEGER, pentanomial SEQUENCE { k INTEGER, j INTEGER, l INTEGER } } OPTIONAL }
//!                                                          -- absent: an optimal normal basis, not seen in use
//! ```
//!
//! The algorithm is 1.2.804.2.1.1.1.1.3.1.1, also for keys that sign Kupyna digests. Octet strings are then
//! little-endian. Under 1.2.804.2.1.1.1.1.3.1.1.1.1 all three (b, bp, the key) are big-endian; the OCSP and
//! time-stamp keys of the State Treasury are written so.

use super::der::{self, NotDer, Reader};
use crate::compress::words_from_le;
use crate::curve::{Curve, OCTETS_MAX, Words};
use crate::gost34311::Dke;
use crate::key::KeyError;

/// 1.2.804.2.1.1.1.1.3.1.1: DSTU 4145 in a polynomial basis, little-endian.
const LITTLE_ENDIAN: &[u8] = &[0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 3, 1, 1];
/// 1.2.804.2.1.1.1.1.3.1.1.1.1: the same, big-endian.
const BIG_ENDIAN: &[u8] = &[0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 3, 1, 1, 1, 1];
/// Octets of packed S-boxes.
const DKE_OCTETS: usize = 64;

/// What a `SubjectPublicKeyInfo` says; points still compressed, little-endian.
pub(crate) struct Spki {
    pub(crate) curve: Curve,
    /// The base point, where the parameters are explicit.
    pub(crate) base: Option<CompressedPoint>,
    pub(crate) dke: Option<Dke>,
    pub(crate) key: CompressedPoint,
}

/// Octets of a compressed point, little-endian, as long as they came.
#[derive(Clone, Copy)]
pub(crate) struct CompressedPoint {
    octets: [u8; OCTETS_MAX],
    length: usize,
}

impl CompressedPoint {
    pub(crate) fn octets(&self) -> &[u8] {
        self.octets.get(..self.length).unwrap_or_default()
    }
}

/// How the octet strings are to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    LittleEndian,
    BigEndian,
}

impl Order {
    fn point(self, curve: Curve, octets: &[u8]) -> Result<CompressedPoint, KeyError> {
        let mut point = CompressedPoint { octets: [0; OCTETS_MAX], length: octets.len() };
        let wrong = KeyError::PointLength { expected: curve.element_octets(), found: octets.len() };
        let to = point.octets.get_mut(..octets.len()).ok_or(wrong)?;
        to.copy_from_slice(octets);
        if self == Self::BigEndian {
            to.reverse();
        }
        Ok(point)
    }
}

impl Spki {
    /// Reads the whole structure; trailing octets anywhere are refused.
    pub(crate) fn read(spki: &[u8]) -> Result<Self, KeyError> {
        let mut outer = Reader::new(spki);
        let mut info = outer.enter(der::SEQUENCE)?;
        outer.end()?;
        let mut algorithm = info.enter(der::SEQUENCE)?;
        let order = match algorithm.read(der::OBJECT_IDENTIFIER)? {
            LITTLE_ENDIAN => Order::LittleEndian,
            BIG_ENDIAN => Order::BigEndian,
            _ => return Err(KeyError::Algorithm),
        };
        let mut parameters = algorithm.enter(der::SEQUENCE)?;
        algorithm.end()?;
        let (curve, base) = match parameters.next_tag() {
            Some(der::OBJECT_IDENTIFIER) => {
                let oid = parameters.read(der::OBJECT_IDENTIFIER)?;
                (Curve::from_oid(oid).ok_or(KeyError::UnknownCurve)?, None)
            }
            _ => {
                explicit(parameters.enter(der::SEQUENCE)?, order).map(|(curve, base)| (curve, Some(base)))?
            }
        };
        let dke = dke(&mut parameters)?;
        let bits = info.read(der::BIT_STRING)?;
        info.end()?;
        let [0, nested @ ..] = bits else { return Err(KeyError::NotDer) };
        let mut nested = Reader::new(nested);
        let key = order.point(curve, nested.read(der::OCTET_STRING)?)?;
        nested.end()?;
        Ok(Self { curve, base, dke, key })
    }
}

fn dke(parameters: &mut Reader<'_>) -> Result<Option<Dke>, KeyError> {
    if parameters.next_tag().is_none() {
        return Ok(None);
    }
    let octets = parameters.read(der::OCTET_STRING)?;
    parameters.end()?;
    let packed: &[u8; DKE_OCTETS] =
        octets.try_into().map_err(|_| KeyError::DkeLength { found: octets.len() })?;
    let dke = Dke::from_packed(packed);
    // Constant rows, say, would make the digest linear.
    if dke.is_permutation() { Ok(Some(dke)) } else { Err(KeyError::DkeNotPermutation) }
}

/// `ECBinary`: the named curve with these very numbers, and the base point.
fn explicit(mut binary: Reader<'_>, order: Order) -> Result<(Curve, CompressedPoint), KeyError> {
    if binary.next_tag() == Some(der::CONTEXT_0) {
        let mut version = binary.enter(der::CONTEXT_0)?;
        version.small()?;
        version.end()?;
    }
    let (m, middle) = binary_field(binary.enter(der::SEQUENCE)?)?;
    let a = binary.small()?;
    let b = binary.read(der::OCTET_STRING)?;
    let n = binary.unsigned()?;
    let base = binary.read(der::OCTET_STRING)?;
    binary.end()?;

    let curve = Curve::ALL.into_iter().find(|curve| curve.field_bits() == m).ok_or(KeyError::UnknownCurve)?;
    let numbers = curve.numbers();
    let b = words_from_le(order.point(curve, b)?.octets());
    let equal = middle.iter().rev().copied().filter(|k| *k != 0).eq(numbers.middle.iter().copied())
        && a == usize::from(numbers.a)
        && b == Some(numbers.b)
        && words_from_be(n) == Some(numbers.n);
    if equal { Ok((curve, order.point(curve, base)?)) } else { Err(KeyError::UnknownCurve) }
}

/// `BinaryField`: m and the middle exponents, ascending, with zeros before.
fn binary_field(mut field: Reader<'_>) -> Result<(usize, [usize; 3]), KeyError> {
    let m = field.small()?;
    let middle = match field.next_tag() {
        Some(der::INTEGER) => [0, 0, field.small()?],
        Some(_) => {
            let mut exponents = field.enter(der::SEQUENCE)?;
            let middle = [exponents.small()?, exponents.small()?, exponents.small()?];
            exponents.end()?;
            if middle.contains(&0) {
                return Err(KeyError::UnknownCurve);
            }
            middle
        }
        None => return Err(KeyError::NormalBasis),
    };
    field.end()?;
    Ok((m, middle))
}

fn words_from_be(octets: &[u8]) -> Option<Words> {
    let mut little = [0; 8 * crate::curve::WORDS_MAX];
    let to = little.get_mut(..octets.len())?;
    to.copy_from_slice(octets);
    to.reverse();
    words_from_le(&little)
}

impl From<NotDer> for KeyError {
    fn from(_: NotDer) -> Self {
        Self::NotDer
    }
}
