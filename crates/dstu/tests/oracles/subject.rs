//! The crate under test: one question put to every one of its ways, which must all answer alike.

use dstu::{Curve, KeyError, PreparedKey, PublicKey, Signature, verify_digests};

use crate::openssl::{Number, Twin};

/// A key in each of its three states.
pub(crate) struct Subject {
    pub(crate) key: PublicKey,
    pub(crate) prepared: PreparedKey,
    pub(crate) split: PreparedKey,
}

impl Subject {
    pub(crate) fn new(key: PublicKey) -> Self {
        let (prepared, split) = (key.prepare(), key.prepare_split());
        Self { key, prepared, split }
    }

    pub(crate) fn from_compressed(curve: Curve, octets: &[u8]) -> Result<Self, KeyError> {
        PublicKey::from_compressed(curve, octets).map(Self::new)
    }

    /// The verdict on r and s; numbers that no `Signature` holds are refused before any mathematics.
    #[track_caller]
    pub(crate) fn verifies(&self, digest: &[u8], r: &Number, s: &Number) -> bool {
        let length = self.key.curve().signature_octets() / 2;
        if r.bits().max(s.bits()) > 8 * length {
            return false;
        }
        self.verifies_raw(digest, &[r.to_le(length), s.to_le(length)].concat())
    }

    /// The verdict on r‖s, little-endian.
    #[track_caller]
    pub(crate) fn verifies_raw(&self, digest: &[u8], octets: &[u8]) -> bool {
        let Ok(signature) = Signature::from_raw(self.key.curve(), octets) else { return false };
        self.agree(digest, &signature)
    }

    #[track_caller]
    pub(crate) fn agree(&self, digest: &[u8], signature: &Signature) -> bool {
        let verdict = self.key.verify_digest(digest, signature);
        assert_eq!(
            self.prepared.verify_digest(digest, signature),
            verdict,
            "prepared: {digest:x?} {signature:?}"
        );
        assert_eq!(self.split.verify_digest(digest, signature), verdict, "split: {digest:x?} {signature:?}");
        let mut together = [!verdict; 3];
        let items = [&self.prepared, &self.split, &self.prepared].map(|key| (key, digest, signature));
        verify_digests(&items, &mut together);
        assert_eq!(together, [verdict; 3], "side by side: {digest:x?} {signature:?}");
        verdict
    }
}

/// The same numbers as r‖s, little-endian.
pub(crate) fn raw(twin: &Twin, r: &Number, s: &Number) -> Vec<u8> {
    [r.to_le(twin.scalar_octets()), s.to_le(twin.scalar_octets())].concat()
}
