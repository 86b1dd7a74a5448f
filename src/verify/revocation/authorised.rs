//! Signed evidence + the certificate's issuer → whether somebody signed it who may speak of that issuer's certificates.
//!
//! RFC 5280 §6.3.3 (f) for lists, RFC 6960 §4.2.2.2 for responses. An authority may change its key: a certificate with its
//! Name and another key speaks for it too, if it leads to an anchor by itself. A signer is judged at the moment that the
//! evidence names for itself: it expires later than that without harm, but speaks of no moment after its end. Nor does one that is known to be revoked. Whether a responder's certificate is revoked
//! itself is not asked, with id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1) or without: its word lives for hours, and its
//! authority answers for it.

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;

use super::Authorities;
use crate::model::{Digest, Proof, ProofKind, ProofOrigin, ProofRole, Timestamp};
use crate::verify::algorithm::{AlgorithmFault, AlgorithmIdentifier};
use crate::verify::certificate::Certificate;
use crate::verify::crl::Crl;
use crate::verify::fault::Fault;
use crate::verify::ocsp::{ResponderId, Response};
use crate::verify::oid;
use crate::verify::proofs::{of_certificate, of_revocation};
use crate::verify::tlv::Malformed;

/// Whether evidence counts; why not, in English. The outer fault is a spent budget.
pub(super) type Authorised = Result<Result<Word, String>, Fault>;

/// By whom evidence speaks.
pub(super) struct Word {
    /// The certificates that it counts by, beside the issuer's.
    pub(super) by: Vec<Proof>,
    pub(super) until: Until,
}

/// The end of whoever signed, where nothing else judges it at the moment that counts: the evidence may be from before,
/// and what it says «good» of may not be from after. Nobody guards the key of a responder that has ended, and its thief
/// writes any thisUpdate and nextUpdate. None: the issuer itself, whom the path judges.
pub(super) type Until = Option<Timestamp>;

/// A list or a response, with the answers of keys that were asked about its signature: it is hashed once for each, for a
/// list may be as long as a book and one verdict asks it about several certificates.
#[derive(Debug)]
pub(super) struct Source<'a, T> {
    pub(super) said: T,
    der: &'a [u8],
    origin: ProofOrigin,
    proof: OnceCell<Proof>,
    asked: RefCell<Vec<(Digest, bool)>>,
}

impl<'a, T> Source<'a, T> {
    /// What was read in `der`, all of it.
    pub(super) const fn new(said: T, der: &'a [u8], origin: ProofOrigin) -> Self {
        Self { said, der, origin, proof: OnceCell::new(), asked: RefCell::new(Vec::new()) }
    }

    /// It as what a verdict rests on.
    pub(super) fn proof(&self, kind: ProofKind) -> Proof {
        self.proof.get_or_init(|| of_revocation(kind, self.origin, self.der)).clone()
    }

    fn is_signed_by(
        &self,
        by: &Certificate,
        (algorithm, tbs, signature): (&AlgorithmIdentifier, &[u8], &[u8]),
        authorities: &mut dyn Authorities<'_>,
    ) -> Result<Result<bool, String>, Fault> {
        let known =
            self.asked.borrow().iter().find(|(key, _)| *key == by.fingerprint).map(|(_, holds)| *holds);
        if let Some(holds) = known {
            return Ok(Ok(holds));
        }
        authorities.spend(tbs.len())?;
        Ok(by.has_signed(algorithm, tbs, signature).map_err(words).inspect(|holds| {
            self.asked.borrow_mut().push((by.fingerprint, *holds));
        }))
    }
}

/// An authority that may speak: the issuer, or one of its Name with another key.
#[derive(Clone, Copy)]
enum Authority<'i, 'c> {
    Issuer(&'i Certificate),
    ReKeyed(&'c Certificate),
}

impl<'c> Authority<'_, 'c> {
    const fn certificate(&self) -> &Certificate {
        match self {
            Self::Issuer(issuer) => issuer,
            Self::ReKeyed(other) => other,
        }
    }

    /// The end of one that the path does not judge.
    fn until(&self) -> Until {
        match self {
            Self::Issuer(_) => None,
            Self::ReKeyed(certificate) => Some(certificate.not_after),
        }
    }

    /// The issuer stands on a path that is judged anyhow; another one must show its own.
    fn trusted(
        &self,
        at: Timestamp,
        authorities: &mut dyn Authorities<'c>,
    ) -> Result<Option<Vec<Proof>>, Fault> {
        match self {
            Self::Issuer(_) => Ok(Some(Vec::new())),
            Self::ReKeyed(certificate) => authorities.path_to_anchor(certificate, at),
        }
    }
}

/// The issuer first, then those with its Name and other keys; the one that `key_id` hints at before the rest.
fn of_name<'i, 'c>(
    issuer: &'i Certificate,
    key_id: Option<&[u8]>,
    authorities: &dyn Authorities<'c>,
) -> Vec<Authority<'i, 'c>> {
    let mut seen = HashSet::new();
    let mut re_keyed = authorities.issuers_named(issuer.subject());
    re_keyed.retain(|other| {
        other.is_authority() && other.spki() != issuer.spki() && seen.insert(other.fingerprint)
    });
    let mut all = vec![Authority::Issuer(issuer)];
    all.extend(re_keyed.into_iter().map(Authority::ReKeyed));
    all.sort_by_key(|authority| {
        key_id.is_none() || authority.certificate().extensions.subject_key_id.as_deref() != key_id
    });
    all
}

/// Whether `list` is signed by `issuer`, or by a trusted authority of its Name.
pub(super) fn list<'c>(
    list: &Source<'_, Crl<'_>>,
    issuer: &Certificate,
    authorities: &mut dyn Authorities<'c>,
) -> Authorised {
    let crl = &list.said;
    let signed = (&crl.signature_algorithm, crl.tbs, crl.signature);
    let mut why = None;
    for authority in of_name(issuer, crl.authority_key_id(), authorities) {
        let certificate = authority.certificate();
        match list.is_signed_by(certificate, signed, authorities)? {
            Ok(false) => continue,
            Err(words) => {
                why.get_or_insert(format!("the CRL's signature proves nothing: {words}"));
                continue;
            }
            Ok(true) => {}
        }
        if certificate.extensions.key_usage.is_some_and(|usage| !usage.signs_lists()) {
            why.get_or_insert("the CRL's signer may not sign lists (keyUsage)".to_owned());
        } else if let Some(by) = authority.trusted(crl.this_update, authorities)? {
            return Ok(Ok(Word { by, until: authority.until() }));
        } else {
            why.get_or_insert("the CRL is a stranger's: its signer leads to no anchor".to_owned());
        }
    }
    Ok(Err(why.unwrap_or_else(|| "the CRL is a stranger's: no authority of its name signed it".to_owned())))
}

/// Whether `response` is signed by `issuer`, by a trusted authority of its Name, or by a responder that one of them
/// certified for this work.
pub(super) fn response<'c>(
    response: &Source<'_, Response<'_>>,
    issuer: &Certificate,
    authorities: &mut dyn Authorities<'c>,
) -> Authorised {
    let said = &response.said;
    let signed = (&said.signature_algorithm, said.tbs, said.signature);
    let mut why = None;
    let of_name = of_name(issuer, None, authorities);
    for authority in of_name.iter().filter(|authority| said.responder.is(authority.certificate())) {
        match response.is_signed_by(authority.certificate(), signed, authorities)? {
            Ok(false) => {}
            Err(words) => {
                why.get_or_insert(format!("the OCSP response's signature proves nothing: {words}"));
            }
            Ok(true) => {
                if let Some(by) = authority.trusted(said.produced_at, authorities)? {
                    return Ok(Ok(Word { by, until: authority.until() }));
                }
                why.get_or_insert(
                    "the OCSP response is a stranger's: its signer leads to no anchor".to_owned(),
                );
            }
        }
    }
    let given = match said.responder {
        ResponderId::Name(name) => authorities.issuers_named(name),
        ResponderId::Key(hash) => authorities.keyed(hash),
    };
    let brought = said.certificates.iter().map(|brought| (brought, Some(response.origin)));
    let known = brought.chain(given.into_iter().map(|given| (given, None)));
    for (delegate, origin) in known.filter(|(delegate, _)| said.responder.is(delegate)) {
        if let Some(fault) = delegate_fault(delegate, issuer, said.produced_at) {
            why.get_or_insert(fault);
            continue;
        }
        match response.is_signed_by(delegate, signed, authorities)? {
            Ok(true) => {}
            Ok(false) => continue,
            Err(words) => {
                why.get_or_insert(format!("the OCSP response's signature proves nothing: {words}"));
                continue;
            }
        }
        match is_delegated(delegate, &of_name, said.produced_at, authorities)? {
            Ok(mut word) => {
                word.by.push(match origin {
                    Some(origin) => of_certificate(delegate, ProofRole::Responder, origin),
                    None => authorities.proof(delegate, ProofRole::Responder),
                });
                return Ok(Ok(word));
            }
            Err(fault) => why.get_or_insert(fault),
        };
    }
    Ok(Err(why.unwrap_or_else(|| strangers(said))))
}

/// What is said where nobody fits; a certificate that cannot be read may have been the responder's.
fn strangers(said: &Response<'_>) -> String {
    let why = "the OCSP response is a stranger's: no authorised responder signed it";
    match said.unreadable_certificate {
        Some(Malformed { expected, .. }) => {
            format!("{why}, or its certificate cannot be read: expected {expected}")
        }
        None => why.to_owned(),
    }
}

/// Why a certificate is no responder's, as far as it says so itself.
fn delegate_fault(delegate: &Certificate, issuer: &Certificate, at: Timestamp) -> Option<String> {
    let extensions = &delegate.extensions;
    if delegate.issuer() != issuer.subject() {
        Some("the OCSP response is a stranger's: another authority issued its responder".to_owned())
    } else if !extensions.extended_key_usage.iter().any(|purpose| purpose.is(oid::OCSP_SIGNING)) {
        Some("the OCSP responder's certificate is not for OCSPSigning".to_owned())
    } else if extensions.key_usage.is_some_and(|usage| !usage.signs_documents()) {
        Some("the OCSP responder may not sign (keyUsage)".to_owned())
    } else if let Some(unknown) = &extensions.unknown_critical {
        Some(format!("the OCSP responder's certificate has the unknown critical extension {unknown}"))
    } else if at < delegate.not_before || at > delegate.not_after {
        Some(format!("the OCSP responder's certificate was not in force at {at}"))
    } else {
        None
    }
}

/// Whether one of these authorities issued the responder's certificate.
fn is_delegated<'c>(
    delegate: &Certificate,
    of_name: &[Authority<'_, 'c>],
    at: Timestamp,
    authorities: &mut dyn Authorities<'c>,
) -> Authorised {
    let mut why = None;
    for authority in of_name {
        authorities.spend(delegate.der().len())?;
        match delegate.is_signed_by(authority.certificate()) {
            Ok(false) => {}
            Err(fault) => {
                let words = words(fault);
                why.get_or_insert(format!("the OCSP responder's certificate proves nothing: {words}"));
            }
            Ok(true) => {
                if let Some(by) = authority.trusted(at, authorities)? {
                    let end = delegate.not_after;
                    let until = Some(authority.until().map_or(end, |until| until.min(end)));
                    return Ok(Ok(Word { by, until }));
                }
                why.get_or_insert(
                    "the OCSP response is a stranger's: its responder leads to no anchor".to_owned(),
                );
            }
        }
    }
    Ok(Err(why.unwrap_or_else(|| {
        "the OCSP response is a stranger's: no authority of its name issued its responder".to_owned()
    })))
}

fn words(fault: AlgorithmFault) -> String {
    match fault {
        AlgorithmFault::Unsupported { oid } => format!("unsupported algorithm {oid}"),
        AlgorithmFault::Weak { what } => format!("weak algorithm {what}"),
        AlgorithmFault::OverBudget { limit } => format!("it is over the limit {limit}"),
    }
}
