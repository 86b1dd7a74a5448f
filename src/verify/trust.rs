//! The operator's folder of certificates → what is trusted, and what is merely known.

use std::collections::{HashMap, HashSet};

use super::armour;
use super::certificate::Certificate;
use super::cms::SignedData;
use super::lacks;
use super::limits::TRUST_CERTIFICATES_MAX;
use super::oid::{self, Oid};
use super::tlv::{self, Reader, Rules};
use crate::model::{CertificateFacts, Digest};

/// Certificates that the operator gave us.
///
/// A self-issued one with basicConstraints cA is an **anchor**: a path that ends there is trusted. Every other one is
/// only known: it helps to find a path (authorities) or a signer whose certificate is not in the signature, and proves
/// nothing itself. Anchors of algorithms that are not verified yet (DSTU) are anchors all the same.
#[derive(Debug, Default)]
pub struct Trust {
    certificates: Vec<Known>,
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    anchors: HashSet<Digest>,
    /// Where the certificates say that their authorities serve.
    hosts: HashSet<String>,
}

#[derive(Debug)]
struct Known {
    certificate: Certificate,
    facts: CertificateFacts,
}

/// Why a file or a certificate of the operator's folder was left out. The rest is in use.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TrustFault {
    /// The file holds nothing that could be a certificate.
    #[error(
        "{file}: neither a certificate (DER or PEM) nor a bundle of them (.p7b): \
         take it out of the folder of trusted certificates, or put the right file in its place"
    )]
    NotCertificates {
        /// The file's name.
        file: String,
    },
    /// One certificate cannot be read.
    #[error(
        "{file}, certificate {number}: broken at byte {offset}, where {expected} was expected: \
         get the file again from the authority's site"
    )]
    Malformed {
        /// The file's name.
        file: String,
        /// The certificate's number in the file, counted from 1.
        number: usize,
        /// Byte offset in the certificate.
        offset: usize,
        /// What was expected there.
        expected: String,
    },
    /// There are more certificates than this program keeps.
    #[error(
        "{file}: more than {certificates_max} certificates in the folder: leave only the authorities that you need"
    )]
    TooMany {
        /// The file at which the limit was reached.
        file: String,
        /// The limit.
        certificates_max: usize,
    },
    /// Nothing is trusted.
    #[error(
        "no trusted authority: no certificate of the folder is a root (self-issued, with basicConstraints CA), \
         so no signature can pass: put the roots there"
    )]
    NoAnchors,
}

impl Trust {
    /// Trust in these certificates (DER), and what is wrong with some of them; repeated ones count once.
    #[must_use]
    pub fn new(certificates: Vec<Vec<u8>>) -> (Self, Vec<TrustFault>) {
        let named = certificates.into_iter().enumerate();
        Self::from_files(named.map(|(place, der)| (format!("certificate {}", place + 1), der)))
    }

    /// Trust in the certificates of these files (name, bytes): DER or PEM, one or several in a file, or a PKCS #7
    /// bundle (.p7b: a SignedData of certificates only, RFC 5652 §5.1). Names are only for the faults.
    #[must_use]
    pub fn from_files(files: impl Iterator<Item = (String, Vec<u8>)>) -> (Self, Vec<TrustFault>) {
        let mut trust = Self::default();
        let mut faults = Vec::new();
        for (file, bytes) in files {
            let ders = certificates_of(&bytes);
            if ders.is_empty() {
                faults.push(TrustFault::NotCertificates { file });
                continue;
            }
            for (place, der) in ders.iter().enumerate() {
                match Certificate::read(der) {
                    Ok(_) if trust.certificates.len() == TRUST_CERTIFICATES_MAX => {
                        let certificates_max = TRUST_CERTIFICATES_MAX;
                        faults.push(TrustFault::TooMany { file: file.clone(), certificates_max });
                        break;
                    }
                    Ok(certificate) => trust.add(certificate),
                    Err(fault) => faults.push(TrustFault::Malformed {
                        file: file.clone(),
                        number: place + 1,
                        offset: fault.offset,
                        expected: fault.expected.to_owned(),
                    }),
                }
            }
        }
        if trust.anchors.is_empty() {
            faults.push(TrustFault::NoAnchors);
        }
        (trust, faults)
    }

    /// The trusted authorities, in the order in which they were given.
    pub fn anchors(&self) -> impl Iterator<Item = &CertificateFacts> {
        self.certificates
            .iter()
            .map(|known| &known.facts)
            .filter(|facts| self.anchors.contains(&facts.fingerprint))
    }

    /// Every certificate, anchors too, in the order in which they were given.
    pub fn certificates(&self) -> impl Iterator<Item = &CertificateFacts> {
        self.certificates.iter().map(|known| &known.facts)
    }

    /// Whether one of these certificates names an address at this host: then the operator's authorities serve there.
    pub(super) fn names_host(&self, host: &str) -> bool {
        self.hosts.contains(host)
    }

    /// Whether this very certificate is an anchor.
    pub(super) fn is_anchor(&self, certificate: &Certificate) -> bool {
        self.anchors.contains(&certificate.fingerprint)
    }

    /// Whether this very certificate is among them, anchor or not.
    pub(super) fn has(&self, certificate: &Certificate) -> bool {
        self.named(certificate.subject()).any(|known| known.fingerprint == certificate.fingerprint)
    }

    /// Certificates whose subject is this very Name.
    pub(super) fn named(&self, subject: &[u8]) -> impl Iterator<Item = &Certificate> {
        let places = self.by_subject.get(subject).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.certificates.get(*place)).map(|known| &known.certificate)
    }

    /// All certificates.
    pub(super) fn all(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().map(|known| &known.certificate)
    }

    fn add(&mut self, certificate: Certificate) {
        if self.has(&certificate) {
            return;
        }
        if certificate.is_self_issued() && certificate.is_authority() {
            self.anchors.insert(certificate.fingerprint);
        }
        self.hosts.extend(certificate.extensions.places.all().filter_map(|url| lacks::host(url)));
        self.by_subject.entry(certificate.subject().to_vec()).or_default().push(self.certificates.len());
        self.certificates.push(Known { facts: certificate.facts(), certificate });
    }
}

/// The certificates in one file, unread.
pub(super) fn certificates_of(file: &[u8]) -> Vec<Vec<u8>> {
    let speaks_of_certificates =
        |label: &str| matches!(label, "CERTIFICATE" | "X509 CERTIFICATE") || armour::is_cms(label);
    let blocks = armour::blocks(file).into_iter();
    let blocks = blocks.filter(|block| block.label.as_deref().is_none_or(speaks_of_certificates));
    blocks.flat_map(|block| certificates_of_der(&block.bytes)).collect()
}

fn certificates_of_der(der: &[u8]) -> Vec<Vec<u8>> {
    // A certificate begins with a SEQUENCE in a SEQUENCE, a ContentInfo with an OBJECT IDENTIFIER in one.
    let first = Reader::new(der, 0, Rules::Ber).any("a file").and_then(|file| file.inside().any("a field"));
    match first {
        Ok(field)
            if field.tag == tlv::OID && Oid::read(&field).is_ok_and(|oid| oid.is(oid::ID_SIGNED_DATA)) =>
        {
            SignedData::read(der, TRUST_CERTIFICATES_MAX)
                .map(|bundle| bundle.certificates.iter().map(|der| der.to_vec()).collect())
                .unwrap_or_default()
        }
        Ok(field) if field.tag == tlv::SEQUENCE => vec![armour::without_line_break(der).to_vec()],
        _ => Vec::new(),
    }
}
