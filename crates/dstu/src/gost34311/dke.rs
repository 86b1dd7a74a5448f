//! 64 packed octets → the eight S-boxes (DKE) that a digest uses.

use core::fmt;

/// Octets of a packed DKE: eight rows of sixteen nibbles.
pub(crate) const PACKED_OCTETS: usize = 64;

/// The long-term key element (довгостроковий ключовий елемент, DKE): the eight S-boxes of GOST 28147-89.
///
/// GOST 34.311-95 leaves the S-boxes to the community that uses it. Ukraine's default is [`Dke::NO_1`], but the
/// parameters of a DSTU 4145 public key may name another one, and then what this key signs is digested with that one:
/// so the S-boxes are a value known at run time, not a type.
///
/// Any 64 octets are a DKE here, since a digest is defined for each. The standard wants eight permutations, and
/// [`PublicKey::from_spki`](crate::PublicKey::from_spki) refuses others: see [`Dke::is_permutation`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dke([u8; PACKED_OCTETS]);

/// A packed DKE was not 64 octets long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DkeLengthError {
    /// How many octets were given.
    pub octets: usize,
}

impl Dke {
    /// DKE №1, used where a key names none.
    pub const NO_1: Self = Self([
        0xA9, 0xD6, 0xEB, 0x45, 0xF1, 0x3C, 0x70, 0x82, 0x80, 0xC4, 0x96, 0x7B, 0x23, 0x1F, 0x5E,
        0xAD, //
        0xF6, 0x58, 0xEB, 0xA4, 0xC0, 0x37, 0x29, 0x1D, 0x38, 0xD9, 0x6B, 0xF0, 0x25, 0xCA, 0x4E,
        0x17, //
        0xF8, 0xE9, 0x72, 0x0D, 0xC6, 0x15, 0xB4, 0x3A, 0x28, 0x97, 0x5F, 0x0B, 0xC1, 0xDE, 0xA3,
        0x64, //
        0x38, 0xB5, 0x64, 0xEA, 0x2C, 0x17, 0x9F, 0xD0, 0x12, 0x3E, 0x6D, 0xB8, 0xFA, 0xC5, 0x79, 0x04,
    ]);

    /// Reads the form in which a public key's parameters carry a DKE: row after row, two entries an octet, the earlier
    /// entry in the high nibble; row 0 substitutes the lowest nibble of a 32-bit word.
    pub const fn from_packed(packed: &[u8; PACKED_OCTETS]) -> Self {
        Self(*packed)
    }

    /// The packed form, as [`Dke::from_packed`] reads it.
    pub const fn to_packed(&self) -> [u8; PACKED_OCTETS] {
        self.0
    }

    /// Whether each of the eight rows has every nibble once, as GOST 28147-89 has it («узел замены»: a substitution).
    #[must_use]
    pub const fn is_permutation(&self) -> bool {
        let mut row = 0;
        while row < 8 {
            let (mut met, mut nibble) = (0_u16, 0);
            while nibble < 16 {
                met |= 1 << self.substitute(row, nibble);
                nibble += 1;
            }
            if met != u16::MAX {
                return false;
            }
            row += 1;
        }
        true
    }

    /// What row `row` (0 … 7) makes of the nibble `nibble` (0 … 15).
    #[expect(
        clippy::indexing_slicing,
        reason = "const; masked to 8 rows of 16 nibbles, which the 64 octets hold"
    )]
    pub(super) const fn substitute(&self, row: usize, nibble: usize) -> u8 {
        let octet = self.0[(row & 7) * 8 + (nibble & 15) / 2];
        if nibble.is_multiple_of(2) { octet >> 4 } else { octet & 0x0F }
    }
}

impl Default for Dke {
    fn default() -> Self {
        Self::NO_1
    }
}

impl TryFrom<&[u8]> for Dke {
    type Error = DkeLengthError;

    fn try_from(packed: &[u8]) -> Result<Self, Self::Error> {
        packed.try_into().map(Self).map_err(|_| DkeLengthError { octets: packed.len() })
    }
}

impl fmt::Debug for Dke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dke(")?;
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02X}"))?;
        f.write_str(")")
    }
}

impl fmt::Display for DkeLengthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a DKE is {PACKED_OCTETS} octets, not {}", self.octets)
    }
}

impl core::error::Error for DkeLengthError {}
