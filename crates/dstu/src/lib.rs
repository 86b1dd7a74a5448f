//! Ukrainian signatures: DSTU 4145-2002 over binary curves, with GOST 34.311-95 and Kupyna (DSTU 7564) digests.
//!
//! Pure mathematics and wire forms; nothing here knows of mail, files or trust.
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod backend;
#[cfg(feature = "std")]
mod cache;
mod compress;
mod curve;
mod equation;
mod field;
pub mod gost34311;
mod joint;
mod key;
mod point;
mod recode;
#[cfg(feature = "sign")]
mod sign;
mod signature;
mod table;
mod traits;
mod wire;

#[cfg(feature = "std")]
pub use cache::KeyCache;
pub use curve::Curve;
pub use key::{BasePoint, BasePointRule, CompressedOctets, KeyError, PublicKey};
#[cfg(feature = "alloc")]
pub use key::{PreparedKey, verify_digests};
pub use kupyna;
#[cfg(feature = "sign")]
pub use sign::{SecretKey, SignError};
pub use signature::{Signature, SignatureError, SignatureOctets};
