//! The RustCrypto traits, for code that is generic over signatures.
//!
//! [`PrehashVerifier`] takes the digest; which digest, the key does not say (the signature's algorithm does).

use signature::hazmat::PrehashVerifier;

#[cfg(feature = "alloc")]
use crate::key::PreparedKey;
use crate::key::PublicKey;
use crate::signature::Signature;

impl PrehashVerifier<Signature> for PublicKey {
    fn verify_prehash(&self, prehash: &[u8], signature: &Signature) -> Result<(), signature::Error> {
        if self.verify_digest(prehash, signature) { Ok(()) } else { Err(signature::Error::new()) }
    }
}

#[cfg(feature = "alloc")]
impl PrehashVerifier<Signature> for PreparedKey {
    fn verify_prehash(&self, prehash: &[u8], signature: &Signature) -> Result<(), signature::Error> {
        if self.verify_digest(prehash, signature) { Ok(()) } else { Err(signature::Error::new()) }
    }
}
