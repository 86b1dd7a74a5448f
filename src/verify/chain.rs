//! A leaf's certificate → a path of names and keys to an anchor, judged at a given time, or the most telling reason why
//! there is none.
//!
//! RFC 5280 §6, with time as a parameter. Every certificate signature on the path is checked by mathematics; key
//! identifiers only order the search. Extended key usages of authorities are not nested: Ukrainian authorities carry
//! vendor ones.

use std::collections::HashSet;

use super::budget::Budget;
use super::certificate::Certificate;
use super::constraints::{authority_fault, critical_fault, signer_fault, time_stamping_fault};
use super::evidence::Evidence;
use super::fault::Fault;
use super::limits::CHAIN_DEPTH_MAX;
use super::policy;
use super::revocation::{self, Authorities, Found, Moments, Sources, Standing};
use super::shelf::Shelf;
use super::trust::Trust;
use super::trusted_list::ServiceKind;
use crate::model::{
    Digest, Policy, Proof, ProofRole, Reason, RevocationFacts, RevocationRule, RevocationStanding,
    SubIndication, Timestamp,
};

/// What paths are built from and judged by.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) trust: &'a Trust,
    pub(super) evidence: &'a Evidence,
    pub(super) policy: &'a Policy,
    /// Certificates from the signed file: they may help, and prove nothing.
    pub(super) embedded: &'a Shelf,
    /// Fingerprints of those of them that travelled in the file itself.
    pub(super) inside: &'a HashSet<Digest>,
    /// Revocation lists and responses, from the file and from the operator.
    pub(super) sources: &'a Sources<'a>,
    /// The moment of validation: evidence from after it does not exist yet.
    pub(super) validated_at: Timestamp,
}

/// What the first certificate of a path does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    /// Signs a document.
    Document,
    /// Makes time-stamps (RFC 3161 §2.3).
    TimeStamping,
    /// Issues certificates or revocation data. Its own revocation is not asked here: the evidence that would answer is
    /// signed by such certificates itself, and the question would have no end.
    Authority,
}

/// What is asked of a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) purpose: Purpose,
    /// The moment that every certificate must be in force at.
    pub(super) at: Timestamp,
    /// The moment that the signature is proven to be later than, if any.
    pub(super) signed_after: Option<Timestamp>,
}

/// The path that was judged.
pub(super) struct Path<'a> {
    /// The leaf first, the anchor last; empty where no anchor was reached.
    pub(super) certificates: Vec<&'a Certificate>,
    /// Of every certificate but the anchor.
    pub(super) revocation: Vec<RevocationFacts>,
    /// What told of it.
    pub(super) proofs: Vec<Proof>,
    /// What is wrong; nothing: the leaf is trusted.
    pub(super) fault: Option<Fault>,
    /// Whether the search stopped because the budget was spent.
    is_cut_short: bool,
}

impl<'a> Ground<'a> {
    /// Certificates with this subject, anchors first.
    fn named(&self, subject: &[u8]) -> Vec<&'a Certificate> {
        let Ground { trust, evidence, embedded, .. } = *self;
        let known =
            trust.named(subject).chain(embedded.named(subject)).chain(evidence.shelf().named(subject));
        let mut known: Vec<&'a Certificate> = known.collect();
        known.sort_by_key(|certificate| !trust.is_anchor(certificate));
        known
    }
}

/// The good path from `leaf` to an anchor. Where there is none: of several that reach an anchor, the one that is nearest
/// to good, for evidence that comes later may mend it; where none reaches one, the most telling fault of all.
pub(super) fn find<'a>(
    leaf: &'a Certificate,
    ground: &Ground<'a>,
    question: Question,
    budget: &mut Budget,
) -> Path<'a> {
    let mut search = Search {
        ground,
        question,
        budget,
        anchored: None,
        unanchored: None,
        spent: None,
        orphans: Vec::new(),
    };
    if let Some(good) = search.walk(&mut vec![leaf]) {
        return good;
    }
    let Search { anchored, unanchored, spent, orphans, budget, .. } = search;
    if anchored.is_none() {
        orphans.iter().for_each(|orphan| budget.lacks.miss_issuer(orphan, ground.trust));
    }
    let is_cut_short = spent.is_some();
    let mut path = anchored.unwrap_or_else(|| Path::without(unanchored.unwrap_or_else(|| no_path(leaf))));
    path.fault = spent.or(path.fault);
    Path { is_cut_short, ..path }
}

impl Path<'_> {
    /// No path, and why.
    pub(super) const fn without(fault: Fault) -> Self {
        Self {
            certificates: Vec::new(),
            revocation: Vec::new(),
            proofs: Vec::new(),
            fault: Some(fault),
            is_cut_short: false,
        }
    }
}

struct Search<'a, 'b> {
    ground: &'b Ground<'a>,
    question: Question,
    budget: &'b mut Budget,
    /// Of the paths that reached an anchor, the one that is nearest to good.
    anchored: Option<Path<'a>>,
    /// The most telling fault of the others.
    unanchored: Option<Fault>,
    /// The limit that ended the search.
    spent: Option<Fault>,
    /// Certificates that nobody known issued.
    orphans: Vec<&'a Certificate>,
}

impl<'a> Search<'a, '_> {
    /// A good path that begins with `path`. Not deeper than [`CHAIN_DEPTH_MAX`]; a certificate's name and key stand on a
    /// path once, so loops of cross-signed certificates end.
    fn walk(&mut self, path: &mut Vec<&'a Certificate>) -> Option<Path<'a>> {
        let last = path.last().copied()?;
        let is_anchor = self.ground.trust.is_anchor_for(self.question.purpose, last);
        if is_anchor {
            let judged = self.judge(path);
            if judged.fault.is_none() && self.spent.is_none() {
                return Some(judged);
            }
            self.note_anchored(judged);
        }
        let mut continued = false;
        for issuer in self.issuers(last) {
            if path.iter().any(|seen| same_name_and_key(seen, issuer)) {
                continue;
            }
            if path.len() == CHAIN_DEPTH_MAX {
                self.note(Fault::over_budget("CHAIN_DEPTH_MAX"));
                return None;
            }
            match self.budget.is_signed_by(last, issuer) {
                Ok(Ok(true)) => {
                    continued = true;
                    path.push(issuer);
                    let good = self.walk(path);
                    path.pop();
                    if good.is_some() {
                        return good;
                    }
                }
                Ok(Ok(false)) => {}
                Ok(Err(fault)) => self.note(fault.into()),
                Err(spent) => self.spent = Some(spent),
            }
            if self.spent.is_some() {
                return None;
            }
        }
        if !continued && !is_anchor {
            self.note(no_path(last));
            self.orphans.push(last);
        }
        None
    }

    /// Certificates whose subject is the issuer of `certificate`: anchors first, then those whose key identifier fits.
    fn issuers(&self, certificate: &Certificate) -> Vec<&'a Certificate> {
        let mut issuers = self.ground.named(certificate.issuer());
        let key_id = certificate.extensions.authority_key_id.as_ref();
        issuers.sort_by_key(|issuer| {
            let fits = key_id.is_some() && issuer.extensions.subject_key_id.as_ref() == key_id;
            (!self.ground.trust.is_anchor(issuer), !fits)
        });
        issuers
    }

    fn note(&mut self, fault: Fault) {
        self.unanchored = Some(match self.unanchored.take() {
            Some(known) => known.worse(fault),
            None => fault,
        });
    }

    fn note_anchored(&mut self, path: Path<'a>) {
        let rank = |path: &Path<'_>| path.fault.as_ref().map_or(0, Fault::rank);
        if self.anchored.as_ref().is_none_or(|known| rank(&path) < rank(known)) {
            self.anchored = Some(path);
        }
    }

    /// What is wrong with a path that reached an anchor: leaf first, anchor last. The anchor is held to the same rules.
    fn judge(&mut self, path: &[&'a Certificate]) -> Path<'a> {
        let mut faults = Vec::new();
        // Certificates of other authorities that stand between the one looked at and the leaf (RFC 5280 §4.2.1.9).
        let mut authorities_below = 0u64;
        for (place, certificate) in path.iter().enumerate() {
            let is_leaf = place == 0;
            faults.push(self.validity(certificate, is_leaf));
            faults.push(critical_fault(certificate));
            faults.push(match self.question.purpose {
                Purpose::Document if is_leaf => signer_fault(certificate),
                Purpose::TimeStamping if is_leaf => time_stamping_fault(certificate),
                _ => authority_fault(certificate, authorities_below),
            });
            if !(is_leaf || certificate.is_self_issued()) {
                authorities_below += 1;
            }
            faults.push(self.policy_fault(certificate, place + 1 == path.len()));
            faults.push(self.service_fault(certificate, is_leaf));
        }
        let (mut revocation, mut proofs) = (Vec::new(), Vec::new());
        for (place, pair) in path.windows(2).enumerate() {
            let [certificate, issuer] = pair else { continue };
            let (standing, fault) = self.revocation(certificate, issuer, place == 0, &mut proofs);
            revocation.push(RevocationFacts { subject: certificate.title(), standing });
            faults.push(fault);
        }
        let fault = faults.into_iter().flatten().reduce(Fault::worse);
        Path { certificates: path.to_vec(), revocation, proofs, fault, is_cut_short: false }
    }

    /// What a trusted list says against a certificate, whatever else trusts it. Revocation data are taken from a service
    /// that is not granted any more: it has to tell on of what it issued before (ETSI TS 119 612 §5.5.4).
    fn service_fault(&self, certificate: &Certificate, is_leaf: bool) -> Option<Fault> {
        let kind = match self.question.purpose {
            Purpose::Authority => return None,
            Purpose::TimeStamping if is_leaf => ServiceKind::QualifiedTimeStamping,
            Purpose::Document | Purpose::TimeStamping => ServiceKind::QualifiedAuthority,
        };
        let said = self.ground.trust.not_granted(kind, certificate, self.question.at)?;
        let list = said.list.rsplit('/').next().unwrap_or_default().to_owned();
        let reason = Reason::ServiceNotGranted { subject: certificate.title(), since: said.since, list };
        Some(Fault::new(SubIndication::ChainConstraintsFailure, reason))
    }

    /// Both ends belong to the validity (RFC 5280 §4.1.2.5). Only of the leaf can it be proven that its key was used
    /// outside of it: ETSI EN 319 102-1 §5.2.6, §5.2.7.
    fn validity(&self, certificate: &Certificate, is_leaf: bool) -> Option<Fault> {
        let Question { at, signed_after, .. } = self.question;
        let subject = certificate.title();
        if at < certificate.not_before {
            let sub = if is_leaf { SubIndication::NotYetValid } else { SubIndication::OutOfBoundsNoPoe };
            let not_before = certificate.not_before;
            Some(Fault::new(sub, Reason::CertificateNotYetValid { subject, not_before }))
        } else if at > certificate.not_after {
            let not_after = certificate.not_after;
            let was_late = is_leaf && signed_after.is_some_and(|after| after > not_after);
            let sub = if was_late { SubIndication::Expired } else { SubIndication::OutOfBoundsNoPoe };
            Some(Fault::new(sub, Reason::CertificateExpired { subject, not_after }))
        } else {
            None
        }
    }

    /// An anchor's own signature proves nothing and is not looked at; its key signed what is below.
    fn policy_fault(&self, certificate: &Certificate, is_anchor: bool) -> Option<Fault> {
        let policy = self.ground.policy;
        let algorithm = || certificate.algorithm().map_err(Fault::from);
        let signed = || algorithm().and_then(|algorithm| policy::check_algorithm(policy, algorithm));
        let signature = if is_anchor { Ok(()) } else { signed() };
        signature.and_then(|()| policy::check_key(policy, certificate)).err()
    }

    /// What is known of a certificate's revocation, and what of it is a fault by policy; `proofs` get what told of it.
    fn revocation(
        &mut self,
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        is_leaf: bool,
        proofs: &mut Vec<Proof>,
    ) -> (RevocationStanding, Option<Fault>) {
        let rule = self.ground.policy.revocation;
        if rule == RevocationRule::Off || self.question.purpose == Purpose::Authority || self.spent.is_some()
        {
            return (RevocationStanding::NotAsked, None);
        }
        let subject = certificate.title();
        let found = self.standing(certificate, issuer).map(|found| {
            proofs.extend(found.proofs);
            found.standing
        });
        match found {
            Ok(Standing::Good { source, as_of }) => {
                self.budget.lacks.want_newer(certificate, issuer, as_of >= self.question.at);
                (RevocationStanding::Good { source, as_of }, None)
            }
            Ok(Standing::Revoked { source, since, cause, hold }) => {
                if hold {
                    self.budget.lacks.want_newer(certificate, issuer, false);
                }
                let fault = (since <= self.question.at).then(|| {
                    let cause = cause.clone();
                    if hold {
                        Fault::new(SubIndication::TryLater, Reason::CertificateOnHold { subject, since })
                    } else {
                        let reason = Reason::CertificateRevoked { subject, since, cause };
                        Fault::new(self.revoked(since, is_leaf), reason)
                    }
                });
                (RevocationStanding::Revoked { source, since, cause }, fault)
            }
            Ok(Standing::Unknown { why }) => {
                self.budget.lacks.miss_revocation(certificate, issuer);
                let is_told = certificate.extensions.places.tell_revocation();
                let is_wanted = match rule {
                    RevocationRule::Required => true,
                    RevocationRule::WhereTold => is_told,
                    RevocationRule::IfAvailable | RevocationRule::Off => false,
                };
                let fault = is_wanted.then(|| {
                    let reason = Reason::RevocationUnknown { subject, why: why.clone() };
                    Fault::new(SubIndication::TryLater, reason)
                });
                (RevocationStanding::Unknown { why }, fault)
            }
            Err(spent) => {
                self.spent = Some(spent.clone());
                (RevocationStanding::NotAsked, Some(spent))
            }
        }
    }

    fn revoked(&self, since: Timestamp, is_leaf: bool) -> SubIndication {
        match self.question.signed_after {
            _ if !is_leaf => SubIndication::RevokedCaNoPoe,
            Some(after) if after >= since => SubIndication::Revoked,
            _ => SubIndication::RevokedNoPoe,
        }
    }

    fn standing(&mut self, certificate: &'a Certificate, issuer: &'a Certificate) -> Result<Found, Fault> {
        let at = self.question.at;
        let key = (certificate.fingerprint, issuer.fingerprint, at);
        if let Some(known) = self.budget.standing(&key) {
            return Ok(known);
        }
        let age_seconds_max = self.ground.policy.revocation_age_seconds_max;
        let moments = Moments { best: at, proof: self.ground.validated_at, age_seconds_max };
        let mut asked =
            Asked { ground: self.ground, budget: &mut *self.budget, moments, of_authority: false };
        let found = revocation::standing(certificate, issuer, self.ground.sources, moments, &mut asked)?;
        self.budget.remember_standing(key, found.clone());
        Ok(found)
    }
}

/// Answers what revocation asks.
struct Asked<'a, 'b> {
    ground: &'b Ground<'a>,
    budget: &'b mut Budget,
    moments: Moments,
    /// Whether the question is about an authority that changed its key. Then only who issued it may answer: the question
    /// would have no end.
    of_authority: bool,
}

impl<'a> Asked<'a, '_> {
    /// Whether an authority on this path is revoked for good at the moment that counts, and not at the one that its own
    /// word names: authorities change their keys when these are stolen, and the thief chooses what he writes. Nothing
    /// known is no fault.
    fn is_revoked(&mut self, path: &[&'a Certificate]) -> Result<bool, Fault> {
        let Some(authority) = path.first() else { return Ok(false) };
        let key = (authority.fingerprint, self.moments.best);
        if let Some(known) = self.budget.is_revoked(&key) {
            return Ok(known);
        }
        let mut is_revoked = false;
        for pair in path.windows(2) {
            let [certificate, issuer] = pair else { continue };
            let Self { ground, moments, .. } = *self;
            let mut asked = Asked { ground, budget: &mut *self.budget, moments, of_authority: true };
            let Found { standing, .. } =
                revocation::standing(certificate, issuer, ground.sources, moments, &mut asked)?;
            is_revoked |=
                matches!(standing, Standing::Revoked { since, hold: false, .. } if since <= moments.best);
        }
        self.budget.remember_revoked(key, is_revoked);
        Ok(is_revoked)
    }
}

impl<'a> Authorities<'a> for Asked<'a, '_> {
    fn issuers_named(&self, name: &[u8]) -> Vec<&'a Certificate> {
        if self.of_authority { Vec::new() } else { self.ground.named(name) }
    }

    fn keyed(&self, hash: &[u8]) -> Vec<&'a Certificate> {
        let Ground { trust, evidence, embedded, .. } = *self.ground;
        trust.keyed(hash).chain(embedded.keyed(hash)).chain(evidence.shelf().keyed(hash)).collect()
    }

    fn path_to_anchor(
        &mut self,
        authority: &'a Certificate,
        at: Timestamp,
    ) -> Result<Option<Vec<Proof>>, Fault> {
        let question = Question { purpose: Purpose::Authority, at, signed_after: None };
        let path = find(authority, self.ground, question, self.budget);
        match path.fault {
            None if self.is_revoked(&path.certificates)? => Ok(None),
            None => {
                let proof = |certificate: &&Certificate| self.proof(certificate, ProofRole::Authority);
                Ok(Some(path.certificates.iter().map(proof).collect()))
            }
            Some(fault) if path.is_cut_short => Err(fault),
            Some(_) => Ok(None),
        }
    }

    fn proof(&self, certificate: &Certificate, role: ProofRole) -> Proof {
        self.ground.proof(certificate, role)
    }

    fn spend(&mut self, octets: usize) -> Result<(), Fault> {
        self.budget.spend(octets)
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
