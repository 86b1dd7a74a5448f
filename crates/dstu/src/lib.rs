//! Ukrainian signatures: DSTU 4145-2002 over binary curves, with GOST 34.311-95 and Kupyna (DSTU 7564) digests.
//!
//! Pure mathematics and wire forms; nothing here knows of mail, files or trust.
//!
//! ```
//! use dstu::gost34311::{self, Dke};
//! use dstu::{BasePointRule, KeyError, PublicKey, Signature};
//!
//! /// Whether the key made the signature in a certificate's BIT STRING over these octets.
//! fn made_by(spki: &[u8], signed: &[u8], bit_string: &[u8]) -> Result<bool, KeyError> {
//!     let key = PublicKey::from_spki(spki, BasePointRule::StandardOnly)?;
//!     let digest = gost34311::digest(key.dke().unwrap_or(&Dke::NO_1), signed);
//!     let signature = Signature::from_nested(key.curve(), bit_string);
//!     Ok(signature.is_ok_and(|signature| key.verify_digest(&digest, &signature)))
//! }
//! # assert!(made_by(&[], &[], &[]).is_err());
//! ```
//!
//! # How a verification is computed
//!
//! A signature (r, s) of a digest h under Q = −d·P is valid if the low L(n) − 1 bits of h·x(s·P + r·Q) are r
//! (DSTU 4145-2002 §13).
//!
//! - Field: carry-less products (PCLMULQDQ, PMULL, or integer products with holes), Karatsuba, sums of products
//!   reduced once; inverses after Itoh and Tsujii.
//! - Points: lambda coordinates (Knudsen; Oliveira, López, Aranha and Rodríguez-Henríquez), the second summand
//!   affine. Every exception is answered: equal, opposite, infinity, the point of order two.
//! - s·P: a table of all signed 8-bit windows of the base point, once a process: 33 additions and no doubling.
//! - r·Q: [`PublicKey::verify_digest`] one chain of doublings and a table of eight points on the stack;
//!   [`PublicKey::prepare`] four parts of the scalar over a quarter of the doublings;
//!   [`PublicKey::prepare_split`] signed 6-bit windows, no doubling at all.
//! - x(R) is never divided out: h·X = y·Z is asked for the few y that have r as their low bits.
//!
//! Measured by `make bench` on one core of a shared Zen 4 server (the best of twelve turns, noisy), m = 257: 8 µs with a
//! prepared key, 5 µs with the bigger tables, 24 µs with a key seen for the first time, decoding included.
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
