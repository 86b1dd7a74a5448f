//! A signer's certificate → a path of names and keys to an anchor, or the most telling reason why there is none.
//!
//! RFC 5280 §6, with time as a parameter. Every certificate signature on the path is checked by mathematics; key
//! identifiers only order the search. Extended key usages of authorities are not nested: Ukrainian authorities carry
//! vendor ones.

use super::certificate::Certificate;
use super::fault::Fault;
use super::limits::{CHAIN_DEPTH_MAX, CHAIN_SIGNATURES_MAX, LETTER_SIGNATURES_MAX};
use super::oid;
use super::trust::Trust;
use crate::model::{Reason, SubIndication, Timestamp};

/// How many signature values may still be checked.
#[derive(Debug)]
pub(super) struct Budget {
    /// For the letter: signers' and certificates'.
    letter: usize,
    /// For the part that is judged now: certificates'.
    part: usize,
}

impl Budget {
    /// What one letter may ask for.
    pub(super) const fn of_letter() -> Self {
        Self { letter: LETTER_SIGNATURES_MAX, part: CHAIN_SIGNATURES_MAX }
    }

    /// Another part of the same letter begins.
    pub(super) const fn next_part(&mut self) {
        self.part = CHAIN_SIGNATURES_MAX;
    }

    /// Takes the check of a signer's signature.
    pub(super) fn spend(&mut self) -> Result<(), Fault> {
        self.letter =
            self.letter.checked_sub(1).ok_or_else(|| Fault::over_budget("LETTER_SIGNATURES_MAX"))?;
        Ok(())
    }

    /// Takes the check of a certificate's signature.
    fn spend_on_chain(&mut self) -> Result<(), Fault> {
        self.part = self.part.checked_sub(1).ok_or_else(|| Fault::over_budget("CHAIN_SIGNATURES_MAX"))?;
        self.spend()
    }
}

/// Whether a path leads from `signer` to an anchor, with every certificate in force at `at` and allowed to do what it
/// does there. `embedded` are certificates from the signature: they may help, and prove nothing.
pub(super) fn check(
    signer: &Certificate,
    embedded: Vec<&Certificate>,
    trust: &Trust,
    at: Timestamp,
    budget: &mut Budget,
) -> Result<(), Fault> {
    let mut search = Search { embedded, trust, at, budget, fault: None, exhausted: false };
    if search.walk(&mut vec![signer]) {
        return Ok(());
    }
    Err(search.fault.unwrap_or_else(|| no_path(signer)))
}

struct Search<'a, 'b> {
    embedded: Vec<&'a Certificate>,
    trust: &'a Trust,
    at: Timestamp,
    budget: &'b mut Budget,
    /// The most telling fault so far.
    fault: Option<Fault>,
    exhausted: bool,
}

impl<'a> Search<'a, '_> {
    /// Whether a good path begins with `path`. Not deeper than [`CHAIN_DEPTH_MAX`]; a certificate's name and key stand
    /// on a path once, so loops of cross-signed certificates end.
    fn walk(&mut self, path: &mut Vec<&'a Certificate>) -> bool {
        let Some(last) = path.last().copied() else { return false };
        if self.trust.is_anchor(last) {
            match path_fault(path, self.at) {
                None => return true,
                Some(fault) => self.note(fault),
            }
        }
        let mut continued = false;
        for issuer in self.issuers(last) {
            if path.iter().any(|seen| same_name_and_key(seen, issuer)) {
                continue;
            }
            if path.len() == CHAIN_DEPTH_MAX {
                self.note(Fault::over_budget("CHAIN_DEPTH_MAX"));
                return false;
            }
            if let Err(fault) = self.budget.spend_on_chain() {
                self.exhausted = true;
                self.note(fault);
                return false;
            }
            match last.is_signed_by(issuer) {
                Ok(true) => {
                    continued = true;
                    path.push(issuer);
                    let good = self.walk(path);
                    path.pop();
                    if good || self.exhausted {
                        return good;
                    }
                }
                Ok(false) => {}
                Err(fault) => self.note(fault.into()),
            }
        }
        if !continued && !self.trust.is_anchor(last) {
            self.note(no_path(last));
        }
        false
    }

    /// Certificates whose subject is the issuer of `certificate`: anchors first, then those whose key identifier fits.
    fn issuers(&self, certificate: &Certificate) -> Vec<&'a Certificate> {
        let named = |candidate: &&Certificate| candidate.subject() == certificate.issuer();
        let mut issuers: Vec<&'a Certificate> = self
            .trust
            .named(certificate.issuer())
            .chain(self.embedded.iter().copied().filter(named))
            .collect();
        let key_id = certificate.extensions.authority_key_id.as_ref();
        issuers.sort_by_key(|issuer| {
            let fits = key_id.is_some() && issuer.extensions.subject_key_id.as_ref() == key_id;
            (!self.trust.is_anchor(issuer), !fits)
        });
        issuers
    }

    fn note(&mut self, fault: Fault) {
        self.fault = Some(match self.fault.take() {
            Some(known) => known.worse(fault),
            None => fault,
        });
    }
}

fn same_name_and_key(one: &Certificate, other: &Certificate) -> bool {
    one.subject() == other.subject() && one.spki() == other.spki()
}

fn no_path(last: &Certificate) -> Fault {
    let reason = if last.is_self_issued() {
        Reason::UntrustedRoot { subject: last.title() }
    } else {
        Reason::NoPathToAnchor { last: last.title() }
    };
    Fault::new(SubIndication::NoCertificateChainFound, reason)
}

/// What is wrong with a path that reached an anchor: signer first, anchor last. The anchor is held to the same rules.
fn path_fault(path: &[&Certificate], at: Timestamp) -> Option<Fault> {
    let mut worst: Option<Fault> = None;
    // Certificates of other authorities that stand between the one looked at and the signer (RFC 5280 §4.2.1.9).
    let mut authorities_below = 0u64;
    for (place, certificate) in path.iter().enumerate() {
        let faults = [
            validity_fault(certificate, at),
            critical_fault(certificate),
            if place == 0 {
                signer_fault(certificate)
            } else {
                authority_fault(certificate, authorities_below)
            },
        ];
        for fault in faults.into_iter().flatten() {
            worst = Some(match worst {
                Some(known) => known.worse(fault),
                None => fault,
            });
        }
        if place > 0 && !certificate.is_self_issued() {
            authorities_below += 1;
        }
    }
    worst
}

/// Both ends belong to the validity (RFC 5280 §4.1.2.5).
fn validity_fault(certificate: &Certificate, at: Timestamp) -> Option<Fault> {
    let subject = || certificate.title();
    if at < certificate.not_before {
        let reason =
            Reason::CertificateNotYetValid { subject: subject(), not_before: certificate.not_before };
        Some(Fault::new(SubIndication::NotYetValid, reason))
    } else if at > certificate.not_after {
        let reason = Reason::CertificateExpired { subject: subject(), not_after: certificate.not_after };
        Some(Fault::new(SubIndication::OutOfBoundsNoPoe, reason))
    } else {
        None
    }
}

fn critical_fault(certificate: &Certificate) -> Option<Fault> {
    let unknown = certificate.extensions.unknown_critical.as_ref()?;
    Some(Fault::chain(&certificate.title(), format!("criticalExtension {unknown}")))
}

fn signer_fault(signer: &Certificate) -> Option<Fault> {
    let extensions = &signer.extensions;
    if extensions.key_usage.is_some_and(|usage| !usage.signs_documents()) {
        return Some(Fault::chain(&signer.title(), "keyUsage"));
    }
    // A key that only makes time-stamps or answers about revocation does not sign documents (RFC 5280 §4.2.1.12).
    let other_work = [oid::TIME_STAMPING, oid::OCSP_SIGNING];
    let purposes = &extensions.extended_key_usage;
    if !purposes.is_empty() && purposes.iter().all(|purpose| purpose.is_one_of(&other_work)) {
        return Some(Fault::chain(&signer.title(), "extKeyUsage"));
    }
    None
}

fn authority_fault(authority: &Certificate, authorities_below: u64) -> Option<Fault> {
    let extensions = &authority.extensions;
    let Some(constraints) = extensions.basic_constraints.filter(|constraints| constraints.authority) else {
        return Some(Fault::chain(&authority.title(), "basicConstraints"));
    };
    if extensions.key_usage.is_some_and(|usage| !usage.signs_certificates()) {
        return Some(Fault::chain(&authority.title(), "keyUsage"));
    }
    if constraints.path_length_max.is_some_and(|max| authorities_below > max) {
        return Some(Fault::chain(&authority.title(), "pathLenConstraint"));
    }
    None
}
