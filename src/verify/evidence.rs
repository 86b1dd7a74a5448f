//! Files that the operator gives, or that were fetched before → certificates and revocation data that help and are not trusted.

use super::armour;
use super::certificate::Certificate;
use super::limits::TRUST_CERTIFICATES_MAX;
use super::trust::certificates_of;

/// What may help a verdict and proves nothing by itself: certificates of authorities, time-stamps and responders that
/// are not in the signature, CRLs (RFC 5280 §5) and responses of OCSP (RFC 6960). Each counts only if its own signature
/// leads to an anchor.
#[derive(Debug, Default)]
pub struct Evidence {
    certificates: Vec<Certificate>,
    crls: Vec<Vec<u8>>,
    ocsp: Vec<Vec<u8>>,
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

    /// Adds the certificates of a file (DER or PEM, one or several, or a PKCS #7 bundle). None of them becomes an anchor.
    pub fn add_certificates(&mut self, file: &str, bytes: &[u8]) -> Vec<EvidenceFault> {
        const KIND: &str = "certificate";
        let ders = certificates_of(bytes);
        if ders.is_empty() {
            return vec![EvidenceFault::NotOfKind { file: file.to_owned(), kind: KIND }];
        }
        let mut faults = Vec::new();
        for (place, der) in ders.iter().enumerate() {
            match Certificate::read(der) {
                Ok(_) if self.certificates.len() == TRUST_CERTIFICATES_MAX => {
                    let max = TRUST_CERTIFICATES_MAX;
                    faults.push(EvidenceFault::TooMany { file: file.to_owned(), kind: KIND, max });
                    break;
                }
                Ok(certificate) => self.certificates.push(certificate),
                Err(fault) => faults.push(EvidenceFault::Malformed {
                    file: file.to_owned(),
                    kind: KIND,
                    number: place + 1,
                    offset: fault.offset,
                    expected: fault.expected.to_owned(),
                }),
            }
        }
        faults
    }

    /// Adds the CRLs of a file (DER or PEM), full and delta ones.
    pub fn add_crl(&mut self, file: &str, bytes: &[u8]) -> Vec<EvidenceFault> {
        let blocks = armour::blocks(bytes);
        if blocks.is_empty() {
            return vec![EvidenceFault::NotOfKind { file: file.to_owned(), kind: "CRL" }];
        }
        self.crls.extend(blocks.into_iter().map(|block| block.bytes));
        Vec::new()
    }

    /// Adds an OCSP response of a file (DER or PEM): an OCSPResponse or the BasicOCSPResponse inside one.
    pub fn add_ocsp(&mut self, file: &str, bytes: &[u8]) -> Vec<EvidenceFault> {
        let blocks = armour::blocks(bytes);
        if blocks.is_empty() {
            return vec![EvidenceFault::NotOfKind { file: file.to_owned(), kind: "OCSP response" }];
        }
        self.ocsp.extend(blocks.into_iter().map(|block| block.bytes));
        Vec::new()
    }

    /// The certificates, none of them trusted.
    pub(super) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }
}
