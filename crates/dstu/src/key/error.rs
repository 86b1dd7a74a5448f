//! Why octets are no public key, in words.

use core::fmt;

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
    /// A base point of its own, and the rule was [`BasePointRule::StandardOnly`](super::BasePointRule::StandardOnly).
    OtherBasePoint,
    /// The S-boxes (DKE) are not 64 octets.
    DkeLength {
        /// Octets found.
        found: usize,
    },
    /// A row of the S-boxes (DKE) has a nibble twice: GOST 28147-89 §1.3 fills them with substitutions.
    DkeNotPermutation,
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
            Self::DkeNotPermutation => "a row of the key's S-boxes is not a permutation",
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
