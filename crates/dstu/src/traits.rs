//! The RustCrypto traits, for code that is generic over signatures.
//!
//! [`PrehashVerifier`] takes the digest; which digest, the key does not say (the signature's algorithm does).
//! [`DigestVerifier`] says it by its type: GOST 34.311-95 with the key's own S-boxes, or Kupyna-256.

use digest::FixedOutput as _;
use kupyna::Kupyna256;
use signature::hazmat::PrehashVerifier;
use signature::{DigestVerifier, Error};

use crate::gost34311::{Dke, Gost34311};
#[cfg(feature = "alloc")]
use crate::key::PreparedKey;
use crate::key::PublicKey;
use crate::signature::Signature;

macro_rules! verifiers {
    ($key:ty) => {
        impl PrehashVerifier<Signature> for $key {
            fn verify_prehash(&self, prehash: &[u8], signature: &Signature) -> Result<(), Error> {
                if self.verify_digest(prehash, signature) { Ok(()) } else { Err(Error::new()) }
            }
        }

        impl DigestVerifier<Gost34311, Signature> for $key {
            fn verify_digest<F>(&self, f: F, signature: &Signature) -> Result<(), Error>
            where
                F: Fn(&mut Gost34311) -> Result<(), Error>,
            {
                let mut digest = Gost34311::new(self.dke().unwrap_or(&Dke::NO_1));
                f(&mut digest)?;
                self.verify_prehash(&digest.finalize_fixed(), signature)
            }
        }

        impl DigestVerifier<Kupyna256, Signature> for $key {
            fn verify_digest<F>(&self, f: F, signature: &Signature) -> Result<(), Error>
            where
                F: Fn(&mut Kupyna256) -> Result<(), Error>,
            {
                let mut digest = Kupyna256::default();
                f(&mut digest)?;
                self.verify_prehash(&digest.finalize_fixed(), signature)
            }
        }
    };
}

verifiers!(PublicKey);
#[cfg(feature = "alloc")]
verifiers!(PreparedKey);
