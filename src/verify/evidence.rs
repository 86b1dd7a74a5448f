//! Files that the operator gives, or that were fetched before → certificates and revocation data that help and are not trusted.

use std::collections::HashSet;

use super::armour;
use super::certificate::Certificate;
use super::crl::Crl;
use super::limits::{REVOCATION_SOURCES_MAX, TRUST_CERTIFICATES_MAX};
use super::ocsp::{Answer, Response};
use super::revocation::Sources;
use super::shelf::Shelf;
use super::tlv::{self, Malformed, Reader, Rules};
use super::trust::certificates_of;
use crate::model::{Digest, Found, Need, NeedKind, ProofOrigin, Timestamp};

/// What may help a verdict and proves nothing by itself: certificates of authorities, time-stamps and responders that
/// are not in the signature, CRLs (RFC 5280 §5) and responses of OCSP (RFC 6960). Each counts only if its own signature
/// leads to an anchor.
#[derive(Debug, Default)]
pub struct Evidence {
    shelf: Shelf,
    crls: Vec<Vec<u8>>,
    ocsp: Vec<Vec<u8>>,
    /// Whether what is added now was fetched.
    is_fetched: bool,
    /// SHA-256 of what was fetched; all else is the operator's.
    fetched: HashSet<Digest>,
}

/// Why a file of evidence, or something in it, was left out. The rest is in use.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EvidenceFault {
    /// The file holds nothing of the kind.
    #[error("{file}: no {kind} in it (DER or PEM)")]
    NotOfKind {
        /// The file's name.
        file: String,
        /// What was expected: `certificate`, `CRL`, `OCSP response`.
        kind: &'static str,
    },
    /// One of them cannot be read.
    #[error("{file}, {kind} {number}: broken at byte {offset}, where {expected} was expected")]
    Malformed {
        /// The file's name.
        file: String,
        /// What was expected: `certificate`, `CRL`, `OCSP response`.
        kind: &'static str,
        /// Its number in the file, counted from 1.
        number: usize,
        /// Byte offset in it.
        offset: usize,
        /// What was expected there.
        expected: String,
    },
    /// There are more than this program keeps.
    #[error("{file}: more than {max} of the kind {kind}")]
    TooMany {
        /// The file at which the limit was reached.
        file: String,
        /// What: `certificate`, `CRL`, `OCSP response`.
        kind: &'static str,
        /// The limit.
        max: usize,
    },
}

impl Evidence {
    /// No evidence.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that whatever is added from now on was fetched and kept, and is not the operator's word.
    pub const fn mark_fetched(&mut self) {
        self.is_fetched = true;
    }

    /// Where an object of it came from, by its SHA-256.
    pub(super) fn origin(&self, digest: &Digest) -> ProofOrigin {
        if self.fetched.contains(digest) { ProofOrigin::Fetched } else { ProofOrigin::Operator }
    }

    /// Adds the certificates of a file (DER or PEM, one or several, or a PKCS #7 bundle). None of them becomes an anchor.
    pub fn add_certificates(&mut self, file: &str, bytes: &[u8]) -> Vec<EvidenceFault> {
        let (shelf, mut fetched) = (&mut self.shelf, self.is_fetched.then_some(&mut self.fetched));
        add(file, "certificate", certificates_of(bytes), |der| {
            let certificate = Certificate::read(&der)?;
            let has_room = shelf.len() < TRUST_CERTIFICATES_MAX;
            if has_room {
                note(&mut fetched, &der);
                shelf.add(certificate);
            }
            Ok(if has_room { None } else { Some(TRUST_CERTIFICATES_MAX) })
        })
    }

    /// Adds the CRLs of a file (DER or PEM), full and delta ones.
    pub fn add_crl(&mut self, file: &str, bytes: &[u8]) -> Vec<EvidenceFault> {
        let (crls, mut fetched) = (&mut self.crls, self.is_fetched.then_some(&mut self.fetched));
        add(file, "CRL", ders_of(bytes), |der| {
            Sources::default().add_crl(&der)?;
            note(&mut fetched, &der);
            Ok(keep(crls, der))
        })
    }

    /// Adds an OCSP response of a file (DER or PEM): an OCSPResponse or the BasicOCSPResponse inside one.
    pub fn add_ocsp(&mut self, file: &str, bytes: &[u8]) -> Vec<EvidenceFault> {
        let (ocsp, mut fetched) = (&mut self.ocsp, self.is_fetched.then_some(&mut self.fetched));
        add(file, "OCSP response", ders_of(bytes), |der| {
            add_response(&mut Sources::default(), &der)?;
            note(&mut fetched, &der);
            Ok(keep(ocsp, der))
        })
    }

    /// Adds what was fetched. What cannot be read is left out: [`next_update`] has looked at it when it came.
    pub fn add_found(&mut self, found: &Found) {
        let url = found.need.url();
        let _ = match found.need.kind() {
            NeedKind::Ocsp => self.add_ocsp(url, &found.bytes),
            NeedKind::Crl => self.add_crl(url, &found.bytes),
            NeedKind::Issuer => self.add_certificates(url, &found.bytes),
        };
    }

    /// The certificates, none of them trusted.
    pub(super) const fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// The revocation lists and responses. They were read when they came, so there are no faults.
    pub(super) fn sources(&self) -> Sources<'_> {
        let mut sources = Sources::default();
        let origin = |der: &[u8]| match self.fetched.is_empty() {
            true => ProofOrigin::Operator,
            false => self.origin(&Digest::of(der)),
        };
        for crl in &self.crls {
            sources.coming_from(origin(crl));
            let _ = sources.add_crl(crl);
        }
        for response in &self.ocsp {
            sources.coming_from(origin(response));
            let _ = add_response(&mut sources, response);
        }
        sources
    }
}

/// When the issuer of an answer promises a newer one: nextUpdate; none for certificates, and where nothing is promised.
///
/// # Errors
/// It is not what was asked for, with why in English.
pub fn next_update(need: &Need, answer: &[u8]) -> Result<Option<Timestamp>, String> {
    let unreadable = |fault: Malformed| format!("{} was expected at octet {}", fault.expected, fault.offset);
    match need {
        Need::Crl { .. } => {
            let der = ders_of(answer).into_iter().next().unwrap_or_default();
            Crl::read(&der).map(|list| list.next_update).map_err(unreadable)
        }
        Need::Ocsp { request, .. } => {
            let response = Response::read(answer).map_err(unreadable)?;
            let about = |answer: &&Answer<'_>| answer.answers(request).is_ok_and(|is| is);
            let answer = response.answers.iter().find(about);
            answer
                .map(|answer| answer.next_update)
                .ok_or_else(|| "it is about another certificate".to_owned())
        }
        Need::Issuer { .. } => {
            let readable = |der: &Vec<u8>| Certificate::read(der).is_ok();
            let found = certificates_of(answer).iter().any(readable);
            found.then_some(None).ok_or_else(|| "there is no certificate in it".to_owned())
        }
    }
}

/// Adds an OCSPResponse, or a BasicOCSPResponse: the first begins with an ENUMERATED, the second with a SEQUENCE
/// (RFC 6960 §4.2.1).
fn add_response<'a>(sources: &mut Sources<'a>, der: &'a [u8]) -> Result<(), Malformed> {
    let mut file = Reader::new(der, 0, Rules::Der);
    let first = file.expect(tlv::SEQUENCE, "an OCSPResponse")?.inside().any("a field")?;
    if first.tag == tlv::SEQUENCE { sources.add_basic_ocsp(der) } else { sources.add_ocsp(der) }
}

/// Notes what was fetched.
fn note(fetched: &mut Option<&mut HashSet<Digest>>, der: &[u8]) {
    if let Some(fetched) = fetched {
        fetched.insert(Digest::of(der));
    }
}

fn ders_of(file: &[u8]) -> Vec<Vec<u8>> {
    let blocks = armour::blocks(file).into_iter();
    blocks.map(|block| armour::without_line_break(&block.bytes).to_vec()).collect()
}

/// The limit when there is no room.
fn keep(into: &mut Vec<Vec<u8>>, der: Vec<u8>) -> Option<usize> {
    if into.len() == REVOCATION_SOURCES_MAX {
        return Some(REVOCATION_SOURCES_MAX);
    }
    into.push(der);
    None
}

/// Adds each of a file's structures; `add_one` says which limit leaves no room for it.
fn add(
    file: &str,
    kind: &'static str,
    ders: Vec<Vec<u8>>,
    mut add_one: impl FnMut(Vec<u8>) -> Result<Option<usize>, Malformed>,
) -> Vec<EvidenceFault> {
    let file = file.to_owned();
    if ders.is_empty() {
        return vec![EvidenceFault::NotOfKind { file, kind }];
    }
    let mut faults = Vec::new();
    for (place, der) in ders.into_iter().enumerate() {
        let fault = match add_one(der) {
            Ok(None) => continue,
            Ok(Some(max)) => EvidenceFault::TooMany { file: file.clone(), kind, max },
            Err(Malformed { expected, offset }) => EvidenceFault::Malformed {
                file: file.clone(),
                kind,
                number: place + 1,
                offset,
                expected: expected.to_owned(),
            },
        };
        faults.push(fault);
    }
    faults
}
