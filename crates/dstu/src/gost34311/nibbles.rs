//! A DKE → look-up tables of one nibble for the processors' shuffle instructions.

use super::dke::Dke;

/// For each octet of a 32-bit word, sixteen substitutes of its low nibble and sixteen of its high one, in place.
///
/// A shuffle reads such a table out of a register: nothing is fetched from memory at an address that depends on the
/// data, so these paths do not leak through the cache either.
#[derive(Clone)]
#[repr(align(64))]
pub(super) struct Nibbles {
    pub(super) low: [[u8; 16]; 4],
    /// Already moved to the high nibble.
    pub(super) high: [[u8; 16]; 4],
}

impl Nibbles {
    #[expect(clippy::indexing_slicing, reason = "const; loop bounds are the arrays' lengths")]
    pub(super) const fn new(dke: &Dke) -> Self {
        let mut tables = Self { low: [[0; 16]; 4], high: [[0; 16]; 4] };
        let mut octet = 0;
        while octet < 4 {
            let mut nibble = 0;
            while nibble < 16 {
                tables.low[octet][nibble] = dke.substitute(2 * octet, nibble);
                tables.high[octet][nibble] = dke.substitute(2 * octet + 1, nibble) << 4;
                nibble += 1;
            }
            octet += 1;
        }
        tables
    }
}
