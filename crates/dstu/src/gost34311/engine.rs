//! A DKE → the fastest compression function that this processor has, with the tables it needs.

use super::dke::Dke;
use super::portable::{self, RoundTables, Words};
#[cfg(target_arch = "x86_64")]
use super::{nibbles::Nibbles, vbmi};

/// A way to compute the digest; all ways give the same octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// Tables of 4 KiB, plain integers: everywhere.
    Portable,
    /// Eight streams side by side in AVX2 registers; a single stream goes [`Path::Portable`].
    Avx2,
    /// AVX-512 VBMI with GFNI: a single stream in one register, sixteen side by side in sixteen-word registers.
    Vbmi,
}

impl Path {
    /// Every path, the slowest first.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Vbmi];

    /// The best path on this processor; asked once, then remembered.
    pub fn best() -> Self {
        if Self::Vbmi.is_available() {
            Self::Vbmi
        } else if Self::Avx2.is_available() {
            Self::Avx2
        } else {
            Self::Portable
        }
    }

    /// Whether this processor (and its operating system) can go this way.
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => has_avx2::get(),
            #[cfg(target_arch = "x86_64")]
            Self::Vbmi => has_vbmi::get(),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Vbmi => false,
        }
    }

    /// This path, or the portable one where it is not available.
    pub(super) fn or_portable(self) -> Self {
        if self.is_available() { self } else { Self::Portable }
    }

    /// The name that `make bench` prints.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Vbmi => "avx512vbmi+gfni",
        }
    }
}

#[cfg(target_arch = "x86_64")]
cpufeatures::new!(has_avx2, "avx2");
#[cfg(target_arch = "x86_64")]
cpufeatures::new!(has_vbmi, "avx512f", "avx512bw", "avx512vl", "avx512vbmi", "avx512vbmi2", "gfni", "avx2");

/// One stream's compression function with its tables.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there is no heap in the core; №1 and AVX-512 keep it small")]
pub(super) enum Engine {
    Standard(&'static RoundTables),
    Other(RoundTables),
    /// Made only by [`Engine::new`], after the processor was asked.
    #[cfg(target_arch = "x86_64")]
    Vbmi(Nibbles),
}

impl Engine {
    pub(super) fn new(dke: &Dke, path: Path) -> Self {
        match path.or_portable() {
            #[cfg(target_arch = "x86_64")]
            Path::Vbmi => Self::Vbmi(Nibbles::new(dke)),
            _ if *dke == Dke::NO_1 => Self::Standard(RoundTables::NO_1),
            _ => Self::Other(RoundTables::new(dke)),
        }
    }

    /// Takes whole blocks into the chaining value and into the checksum.
    pub(super) fn absorb(&self, h: &mut Words, sum: &mut Words, blocks: &[[u8; 32]]) {
        match self {
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "the way into a function with target features")]
            // SAFETY: `Engine::new` makes this variant only where the processor has all its features.
            Self::Vbmi(sboxes) => unsafe { vbmi::absorb(sboxes, h, sum, blocks) },
            Self::Standard(tables) => absorb(tables, h, sum, blocks),
            Self::Other(tables) => absorb(tables, h, sum, blocks),
        }
    }

    /// One step, without the checksum.
    pub(super) fn step(&self, h: &mut Words, m: &Words) {
        match self {
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "the way into a function with target features")]
            // SAFETY: `Engine::new` makes this variant only where the processor has all its features.
            Self::Vbmi(sboxes) => unsafe {
                vbmi::absorb(sboxes, h, &mut [0; 4], &[portable::octets(m)]);
            },
            Self::Standard(tables) => portable::step(tables, h, m),
            Self::Other(tables) => portable::step(tables, h, m),
        }
    }
}

fn absorb(tables: &RoundTables, h: &mut Words, sum: &mut Words, blocks: &[[u8; 32]]) {
    for block in blocks {
        let m = portable::words(block);
        portable::step(tables, h, &m);
        portable::add(sum, &m);
    }
}
