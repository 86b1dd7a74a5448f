//! Octets as they come → a digest: padding, length and checksum around the compression function.

use core::fmt;

use digest::consts::U32;
use digest::{FixedOutput, FixedOutputReset, HashMarker, Output, OutputSizeUser, Reset, Update};

use super::dke::Dke;
use super::engine::{Engine, Path};
use super::portable::{Words, octets, words};

/// A GOST 34.311-95 digest being computed, with the S-boxes it was made with.
///
/// The starting vector is zero. Ukrainian profiles use no other. It serves as any RustCrypto digest:
///
/// ```
/// use digest::Digest;
/// use dstu::gost34311::{Dke, Gost34311, digest};
///
/// let mut hasher = Gost34311::new(&Dke::NO_1);
/// hasher.update(b"ab");
/// hasher.update(b"c");
/// assert_eq!(<[u8; 32]>::from(hasher.finalize()), digest(&Dke::NO_1, b"abc"));
/// ```
#[derive(Clone)]
pub struct Gost34311 {
    engine: Engine,
    h: Words,
    sum: Words,
    length: Length,
    /// The beginning of the next block; what lies behind is zero.
    waiting: [u8; 32],
    /// How many octets wait: 0 … 31.
    filled: usize,
}

impl Gost34311 {
    /// A digest with these S-boxes; [`Default`] takes [`Dke::NO_1`].
    pub fn new(dke: &Dke) -> Self {
        Self::on(Path::best(), dke)
    }

    /// As [`Gost34311::new`] on a given path, or on the portable one where the processor has not this one.
    #[doc(hidden)]
    pub fn on(path: Path, dke: &Dke) -> Self {
        Self {
            engine: Engine::new(dke, path),
            h: [0; 4],
            sum: [0; 4],
            length: Length::default(),
            waiting: [0; 32],
            filled: 0,
        }
    }

    /// GOST 34.311-95, 6: the last block is filled up with zeros, then the length and the checksum each make a step.
    fn finish(&mut self) -> [u8; 32] {
        if self.filled > 0 {
            self.engine.absorb(&mut self.h, &mut self.sum, &[self.waiting]);
        }
        self.engine.step(&mut self.h, &self.length.block());
        self.engine.step(&mut self.h, &self.sum);
        octets(&self.h)
    }

    /// Fills the waiting block; what is left of `data` when the block was full, or nothing.
    fn fill<'d>(&mut self, data: &'d [u8]) -> &'d [u8] {
        let (_, room) = self.waiting.split_at_mut_checked(self.filled).unwrap_or_default();
        let taken = room.len().min(data.len());
        let (now, later) = data.split_at_checked(taken).unwrap_or_default();
        room.iter_mut().zip(now).for_each(|(place, octet)| *place = *octet);
        self.filled += taken;
        if self.filled == self.waiting.len() {
            self.engine.absorb(&mut self.h, &mut self.sum, &[self.waiting]);
            self.waiting = [0; 32];
            self.filled = 0;
        }
        later
    }
}

impl Update for Gost34311 {
    fn update(&mut self, mut data: &[u8]) {
        self.length.add(data.len());
        if self.filled > 0 {
            data = self.fill(data);
        }
        let (blocks, rest) = data.as_chunks::<32>();
        self.engine.absorb(&mut self.h, &mut self.sum, blocks);
        if !rest.is_empty() {
            self.fill(rest);
        }
    }
}

impl Reset for Gost34311 {
    /// Forgets the data; keeps the S-boxes.
    fn reset(&mut self) {
        self.h = [0; 4];
        self.sum = [0; 4];
        self.length = Length::default();
        self.waiting = [0; 32];
        self.filled = 0;
    }
}

impl OutputSizeUser for Gost34311 {
    type OutputSize = U32;
}

impl digest::common::BlockSizeUser for Gost34311 {
    type BlockSize = U32;
}

impl FixedOutput for Gost34311 {
    fn finalize_into(mut self, out: &mut Output<Self>) {
        out.0 = self.finish();
    }
}

impl FixedOutputReset for Gost34311 {
    fn finalize_into_reset(&mut self, out: &mut Output<Self>) {
        out.0 = self.finish();
        self.reset();
    }
}

impl HashMarker for Gost34311 {}

impl Default for Gost34311 {
    fn default() -> Self {
        Self::new(&Dke::NO_1)
    }
}

impl fmt::Debug for Gost34311 {
    /// Not the state: it is the data's secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gost34311").finish_non_exhaustive()
    }
}

/// The digest of `data` with the S-boxes `dke`.
pub fn digest(dke: &Dke, data: &[u8]) -> [u8; 32] {
    digest_on(Path::best(), dke, data)
}

/// As [`digest`] on a given path, or on the portable one where the processor has not this one.
#[doc(hidden)]
pub fn digest_on(path: Path, dke: &Dke, data: &[u8]) -> [u8; 32] {
    let mut hasher = Gost34311::on(path, dke);
    hasher.update(data);
    hasher.finish()
}

/// How many octets were seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Length(u128);

impl Length {
    pub(super) fn add(&mut self, octets: usize) {
        // 2¹²⁵ octets, where bits would leave 128 bits, are out of reach: it wraps there, as the standard's 256 bits would.
        self.0 = self.0.wrapping_add(octets as u128);
    }

    /// GOST 34.311-95, 6: L, the length in bits, as a block.
    pub(super) fn block(self) -> Words {
        let bits = (self.0 << 3).to_le_bytes();
        let mut block = [0; 32];
        block.iter_mut().zip(bits).for_each(|(place, octet)| *place = octet);
        words(&block)
    }
}

#[cfg(test)]
mod tests {
    use super::super::portable::add;
    use super::*;

    #[test]
    fn the_length_block_counts_bits_beyond_32_and_64_bits() {
        let mut length = Length::default();
        length.add(1);
        assert_eq!(length.block(), [8, 0, 0, 0]);
        length.add(u32::MAX as usize);
        assert_eq!(length.block(), [1 << 35, 0, 0, 0]);
        let mut length = Length::default();
        length.add(1 << 61);
        assert_eq!(length.block(), [0, 1, 0, 0]);
        length.add(usize::MAX);
        assert_eq!(length.block(), [u64::MAX - 7, 8, 0, 0]);
    }

    #[test]
    fn the_checksum_carries_through_all_words_and_out_of_the_last() {
        let mut sum = [u64::MAX; 4];
        add(&mut sum, &[1, 0, 0, 0]);
        assert_eq!(sum, [0; 4]);
        let mut sum = [u64::MAX, u64::MAX, 7, 0];
        add(&mut sum, &[u64::MAX, u64::MAX, 0, 5]);
        assert_eq!(sum, [u64::MAX - 1, u64::MAX, 8, 5]);
    }
}
