//! Ukrainian signatures: DSTU 4145-2002 over binary curves, with GOST 34.311-95 and Kupyna (DSTU 7564) digests.
//!
//! Pure mathematics and wire forms; nothing here knows of mail, files or trust.
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod gost34311;

pub use kupyna;
