//! Certificates that prove nothing by themselves, found by name, by issuer and serial number, or by key identifier.
//!
//! Found by map and not by search: hundreds of certificates with long names and thousands of questions in one crafted
//! file would else compare gigabytes.

use std::collections::{HashMap, HashSet};

use super::certificate::Certificate;
use super::cms::SignerIdentifier;
use super::limits::SIGNER_CANDIDATES_MAX;
use crate::model::Digest;

/// A set of certificates, each once.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    certificates: Vec<Certificate>,
    fingerprints: HashSet<Digest>,
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    by_identifier: HashMap<Vec<u8>, Vec<usize>>,
}

impl Shelf {
    pub(super) fn add(&mut self, certificate: Certificate) {
        if !self.fingerprints.insert(certificate.fingerprint) {
            return;
        }
        let place = self.certificates.len();
        self.by_subject.entry(certificate.subject().to_vec()).or_default().push(place);
        let serial = issuer_and_serial(certificate.issuer(), certificate.serial());
        let key_id = certificate.extensions.subject_key_id.as_deref().map(key_id);
        let key_hash = certificate.key_sha1.as_ref().map(|hash| key_hash(hash));
        for identifier in [Some(serial), key_id, key_hash].into_iter().flatten() {
            self.by_identifier.entry(identifier).or_default().push(place);
        }
        self.certificates.push(certificate);
    }

    /// The fingerprints of all of them.
    pub(super) const fn fingerprints(&self) -> &HashSet<Digest> {
        &self.fingerprints
    }

    pub(super) fn has(&self, fingerprint: &Digest) -> bool {
        self.fingerprints.contains(fingerprint)
    }

    pub(super) const fn len(&self) -> usize {
        self.certificates.len()
    }

    /// Those whose subject is this very Name.
    pub(super) fn named(&self, subject: &[u8]) -> impl Iterator<Item = &Certificate> {
        self.at(self.by_subject.get(subject))
    }

    /// Those that a signer may mean, at most [`SIGNER_CANDIDATES_MAX`].
    pub(super) fn identified(&self, identifier: &SignerIdentifier<'_>) -> impl Iterator<Item = &Certificate> {
        let identifier = match identifier {
            SignerIdentifier::IssuerAndSerial { issuer, serial } => issuer_and_serial(issuer, serial),
            SignerIdentifier::KeyId(id) => key_id(id),
        };
        self.at(self.by_identifier.get(&identifier)).take(SIGNER_CANDIDATES_MAX)
    }

    /// Those whose key a responder may mean (RFC 6960 §4.2.1): by its SHA-1, or by the subject key identifier.
    pub(super) fn keyed(&self, hash: &[u8]) -> impl Iterator<Item = &Certificate> {
        self.at(self.by_identifier.get(&key_hash(hash))).chain(self.at(self.by_identifier.get(&key_id(hash))))
    }

    fn at(&self, places: Option<&Vec<usize>>) -> impl Iterator<Item = &Certificate> {
        let places = places.map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.certificates.get(*place))
    }
}

/// A Name tells its own length, so no two pairs share a key; and it begins with 0x30, so no key identifier does.
fn issuer_and_serial(issuer: &[u8], serial: &[u8]) -> Vec<u8> {
    [issuer, serial].concat()
}

fn key_id(id: &[u8]) -> Vec<u8> {
    [&[0], id].concat()
}

fn key_hash(hash: &[u8]) -> Vec<u8> {
    [&[1], hash].concat()
}
