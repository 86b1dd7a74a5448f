//! What was judged → what the verdict rests on: each object once, by its SHA-256.

use std::collections::HashMap;
use std::sync::Arc;

use super::certificate::Certificate;
use super::chain::{Ground, Path};
use crate::model::{Digest, Proof, ProofKind, ProofOrigin, ProofRole};

/// The objects of one verdict, in the order in which they were needed.
#[derive(Debug, Default)]
pub(super) struct Proofs {
    all: Vec<Proof>,
    places: HashMap<Digest, usize>,
}

impl Proofs {
    /// Adds one that is not there yet. What is an anchor once, is one.
    pub(super) fn add(&mut self, proof: Proof) {
        match self.places.get(&proof.digest).and_then(|place| self.all.get_mut(*place)) {
            Some(known) if proof.role == ProofRole::Anchor => *known = proof,
            Some(_) => {}
            None => {
                self.places.insert(proof.digest, self.all.len());
                self.all.push(proof);
            }
        }
    }

    /// Adds a judged path: its leaf in this role, its authorities, its anchor, and what told of their revocation. Where no
    /// path was found, the leaf alone.
    pub(super) fn add_path(
        &mut self,
        leaf: Option<&Certificate>,
        path: &Path<'_>,
        role: ProofRole,
        ground: &Ground<'_>,
    ) {
        if let Some(leaf) = leaf {
            self.add(ground.proof(leaf, role));
        }
        for certificate in &path.certificates {
            self.add(ground.proof(certificate, ProofRole::Authority));
        }
        path.proofs.iter().cloned().for_each(|proof| self.add(proof));
    }

    pub(super) fn into_vec(self) -> Vec<Proof> {
        self.all
    }
}

impl Ground<'_> {
    /// The certificate as a proof. An anchor is one in whatever role, and is the operator's wherever else it came.
    pub(super) fn proof(&self, certificate: &Certificate, role: ProofRole) -> Proof {
        if self.trust.is_anchor(certificate) {
            return of_certificate(certificate, ProofRole::Anchor, ProofOrigin::Operator);
        }
        let origin = if self.inside.contains(&certificate.fingerprint) {
            ProofOrigin::File
        } else if self.trust.has(certificate) {
            ProofOrigin::Operator
        } else {
            self.evidence.origin(&certificate.fingerprint)
        };
        of_certificate(certificate, role, origin)
    }
}

/// A certificate as a proof.
pub(super) fn of_certificate(certificate: &Certificate, role: ProofRole, origin: ProofOrigin) -> Proof {
    let digest = certificate.fingerprint;
    Proof { kind: ProofKind::Certificate, role, origin, digest, der: Arc::from(certificate.der()) }
}

/// A list or response as a proof.
pub(super) fn of_revocation(kind: ProofKind, origin: ProofOrigin, der: &[u8]) -> Proof {
    Proof { kind, role: ProofRole::Revocation, origin, digest: Digest::of(der), der: Arc::from(der) }
}
