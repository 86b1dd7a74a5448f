//! Octets → their GOST 34.311-95 digest, with S-boxes (DKE) chosen at run time.

mod dke;
mod engine;
mod hasher;
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
