//! The two wire forms of a signature ↔ the pair (r, s).

use core::fmt;

use crate::compress::{words_from_le, words_to_le};
use crate::curve::{Curve, OCTETS_MAX, Words, bit_length};

/// A signature: r and s with 0 < r < n and 0 < s < n, for one curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    curve: Curve,
    pub(crate) r: Words,
    pub(crate) s: Words,
}

/// Why octets are no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureError {
    /// The wrong number of octets for the curve.
    Length {
        /// Octets of a raw signature on this curve.
        expected: usize,
        /// Octets found.
        found: usize,
    },
    /// Not exactly one DER OCTET STRING.
    NotNested,
    /// r or s is 0 or is not below the order n.
    OutOfRange,
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { expected, found } => {
                write!(f, "a signature on this curve has {expected} octets, here are {found}")
            }
            Self::NotNested => f.write_str("the signature is not exactly one DER OCTET STRING"),
            Self::OutOfRange => f.write_str("r or s is zero or not below the order of the base point"),
        }
    }
}

impl core::error::Error for SignatureError {}

/// A signature's octets, raw or nested.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SignatureOctets {
    octets: [u8; 2 + 2 * OCTETS_MAX],
    length: usize,
}

impl AsRef<[u8]> for SignatureOctets {
    fn as_ref(&self) -> &[u8] {
        self.octets.get(..self.length).unwrap_or_default()
    }
}

impl core::ops::Deref for SignatureOctets {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.as_ref()
    }
}

impl fmt::Debug for SignatureOctets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}

/// Tag of a DER OCTET STRING.
const OCTET_STRING: u8 = 4;

impl Signature {
    /// From a CMS `SignerInfo` or a time-stamp token: r ‖ s, each ⌈L(n)/8⌉ octets, little-endian.
    ///
    /// Some tools write the nested form there; it is taken where its length fits exactly.
    ///
    /// # Errors
    /// The wrong length, or r or s out of range.
    pub fn from_raw(curve: Curve, octets: &[u8]) -> Result<Self, SignatureError> {
        match Self::unnest(octets) {
            Some(inner) if inner.len() == curve.signature_octets() => Self::from_halves(curve, inner),
            _ => Self::from_halves(curve, octets),
        }
    }

    /// From the BIT STRING of a certificate, CRL or OCSP answer, which holds a DER OCTET STRING with r ‖ s.
    ///
    /// # Errors
    /// Not one OCTET STRING, the wrong length, or r or s out of range.
    pub fn from_nested(curve: Curve, octets: &[u8]) -> Result<Self, SignatureError> {
        Self::from_halves(curve, Self::unnest(octets).ok_or(SignatureError::NotNested)?)
    }

    /// r ‖ s.
    #[must_use]
    pub fn to_raw(&self) -> SignatureOctets {
        self.write(&[])
    }

    /// The DER OCTET STRING with r ‖ s.
    #[must_use]
    pub fn to_nested(&self) -> SignatureOctets {
        // At most 108: a short length.
        let length = u8::try_from(self.curve.signature_octets()).unwrap_or_default();
        self.write(&[OCTET_STRING, length])
    }

    /// The curve whose order bounds r and s.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// From numbers, if they are in range.
    pub(crate) fn from_numbers(curve: Curve, r: Words, s: Words) -> Result<Self, SignatureError> {
        let n = &curve.numbers().n;
        let in_range = |number: &Words| bit_length(number) > 0 && is_below(number, n);
        if in_range(&r) && in_range(&s) { Ok(Self { curve, r, s }) } else { Err(SignatureError::OutOfRange) }
    }

    fn unnest(octets: &[u8]) -> Option<&[u8]> {
        match octets {
            [OCTET_STRING, length, inner @ ..] if *length < 0x80 && usize::from(*length) == inner.len() => {
                Some(inner)
            }
            _ => None,
        }
    }

    fn from_halves(curve: Curve, octets: &[u8]) -> Result<Self, SignatureError> {
        let wrong = SignatureError::Length { expected: curve.signature_octets(), found: octets.len() };
        if octets.len() != curve.signature_octets() {
            return Err(wrong);
        }
        let (r, s) = octets.split_at_checked(octets.len() / 2).ok_or(wrong)?;
        let (r, s) = words_from_le(r).zip(words_from_le(s)).ok_or(wrong)?;
        Self::from_numbers(curve, r, s)
    }

    fn write(&self, head: &[u8]) -> SignatureOctets {
        let half = self.curve.signature_octets() / 2;
        let mut octets = [0; 2 + 2 * OCTETS_MAX];
        for (to, from) in octets.iter_mut().zip(head) {
            *to = *from;
        }
        if let Some(raw) = octets.get_mut(head.len()..head.len() + 2 * half) {
            let (r, s) = raw.split_at_mut(half);
            words_to_le(&self.r, r);
            words_to_le(&self.s, s);
        }
        SignatureOctets { octets, length: head.len() + 2 * half }
    }
}

/// a < b.
pub(crate) fn is_below(a: &Words, b: &Words) -> bool {
    a.iter().rev().lt(b.iter().rev())
}
