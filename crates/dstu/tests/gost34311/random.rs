//! A seed → repeatable octets, lengths and S-boxes.

use dstu::gost34311::Dke;

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    /// 0 … `end` − 1.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    /// Octets; one time in four only 0x00 and 0xFF, for carries and for the like of them.
    pub(crate) fn octets(&mut self, count: usize) -> Vec<u8> {
        let extreme = self.below(4) == 0;
        let octet = |value: u64| value.to_le_bytes()[5];
        (0..count).map(|_| if extreme { [0x00, 0xFF][self.below(2)] } else { octet(self.next()) }).collect()
    }

    /// Eight random rows, permutations or not.
    pub(crate) fn dke(&mut self) -> Dke {
        Dke::try_from(self.octets(64).as_slice()).unwrap()
    }
}
