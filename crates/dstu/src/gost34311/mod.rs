//! Octets → their GOST 34.311-95 digest, with S-boxes (DKE) chosen at run time.
//!
//! GOST 34.311-95 is the interstate edition of GOST R 34.11-94 (RFC 5831 is a translation); section numbers here and in
//! the modules below are the same in both. Ukrainian signatures of the older kind sign this digest.
//!
//! # The digest
//! The message is cut into blocks Mᵢ of 256 bits, the first octet the least significant, the last block filled up with
//! zeros. From H = 0 (the starting vector of all Ukrainian profiles), with Σ = 0 and L = 0 (section 6):
//!
//! ```text
//! for each block:  H ← χ(Mᵢ, H);  Σ ← Σ + Mᵢ mod 2²⁵⁶;  L ← L + |Mᵢ|      (in bits, without the filling)
//! at the end:      H ← χ(L, H);   H ← χ(Σ, H);   the digest is H, the least significant octet first
//! ```
//!
//! An empty message has no block at all: its digest is χ(0, χ(0, 0)).
//!
//! # One step χ(M, H)
//! **Keys (5.1).** y₄‖y₃‖y₂‖y₁ are words of 64 bits:
//!
//! ```text
//! A(y₄‖y₃‖y₂‖y₁) = (y₁ ⊕ y₂)‖y₄‖y₃‖y₂           P: octet 8i + k goes to place i + 1 + 4(k − 1), i = 0…3, k = 1…8
//! K₁ = P(H ⊕ M);   U ← A(U) ⊕ Cⱼ,  V ← A(A(V)),  Kⱼ = P(U ⊕ V)  for j = 2, 3, 4;   C₂ = C₄ = 0
//! ```
//!
//! **Encryption (5.2).** The four words of H, each under its own key: sᵢ = E(Kᵢ, hᵢ). E is GOST 28147-89 in the mode of
//! simple substitution: 32 rounds over two halves of 32 bits,
//!
//! ```text
//! n₂ ⊕ rotate₁₁(S(n₁ + k mod 2³²)),  then the halves change places; key words k₁…k₈ three times, then k₈…k₁
//! ```
//!
//! where S replaces each of the eight nibbles by its own row of the [`Dke`]. These 4 × 32 rounds are nearly all the work,
//! and within one encryption each round waits for the one before. Between the four encryptions nothing waits.
//!
//! **Mixing (5.3).** Over sixteen words of 16 bits ψ shifts in a new one, linear over GF(2):
//!
//! ```text
//! ψ(y₁₆‖…‖y₁) = (y₁ ⊕ y₂ ⊕ y₃ ⊕ y₄ ⊕ y₁₃ ⊕ y₁₆)‖y₁₆‖…‖y₂        χ(M, H) = ψ⁶¹(H ⊕ ψ(M ⊕ ψ¹²(S)))
//! ```
//!
//! # Why the S-boxes are a value
//! The standard leaves them open. Ukraine's profile names a default, DKE №1, and lets the parameters of a public key carry
//! another DKE: then that one digests what this key signs. A verifier learns it from the certificate, at run time.
//!
//! # The ways to compute it
//! All give the same octets; the processor is asked once. See [`digest_many`] for independent messages.
//!
//! | module | one stream | many |
//! |---|---|---|
//! | `portable` | tables of 4 KiB, four encryptions interleaved, ψ⁴ on 64-bit integers | one after another |
//! | `lanes` with `lanes_avx2` | as `portable` | eight, S-boxes as 16-octet shuffles |
//! | `vbmi`; `lanes` with `lanes_avx512` | four encryptions in one register, ψⁿ as bit matrices | sixteen, S-boxes as 64-octet permutations |
//!
//! The paths with shuffles read no memory at addresses that depend on the data. The portable one does; digests of signed
//! documents are no secret, but do not use it as a MAC's core where others share the cache.

#[cfg(target_arch = "x86_64")]
mod blocks;
mod dke;
mod engine;
#[cfg(target_arch = "x86_64")]
mod feed;
mod hasher;
#[cfg(target_arch = "x86_64")]
mod lanes;
#[cfg(target_arch = "x86_64")]
mod lanes_avx2;
#[cfg(target_arch = "x86_64")]
mod lanes_avx512;
mod many;
#[cfg(target_arch = "x86_64")]
mod nibbles;
#[cfg(target_arch = "x86_64")]
mod places;
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
