//! Octets → their GOST 34.311-95 digest, with S-boxes (DKE) chosen at run time.

mod dke;
mod engine;
mod hasher;
#[cfg(target_arch = "x86_64")]
mod lanes;
#[cfg(target_arch = "x86_64")]
mod lanes_avx2;
#[cfg(target_arch = "x86_64")]
mod lanes_avx512;
mod many;
mod nibbles;
mod portable;
#[cfg(target_arch = "x86_64")]
mod vbmi;

pub use dke::{Dke, DkeLengthError};
#[doc(hidden)]
pub use engine::Path;
#[doc(hidden)]
pub use hasher::digest_on;
pub use hasher::{Gost34311, digest};
#[doc(hidden)]
pub use many::digest_many_on;
pub use many::{CountMismatch, digest_many};
