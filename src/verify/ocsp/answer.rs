//! One SingleResponse → which certificate it is about, and what it says of it.

use super::{AnswerExtensions, read_extensions, read_time};
use crate::model::Timestamp;
use crate::verify::algorithm::{AlgorithmFault, AlgorithmIdentifier, DigestAlgorithm};
use crate::verify::certificate::Certificate;
use crate::verify::crl::{Reason, magnitude};
use crate::verify::key;
use crate::verify::oid::{self, Oid};
use crate::verify::tlv::{self, CONTEXT, CONTEXT_PRIMITIVE, Element, Malformed, Reader, Rules};

/// ```asn1
/// SingleResponse ::= SEQUENCE {
///     certID                CertID,
///     certStatus            CertStatus,
///     thisUpdate            GeneralizedTime,
///     nextUpdate        [0] EXPLICIT GeneralizedTime OPTIONAL,
///     singleExtensions  [1] EXPLICIT Extensions OPTIONAL }
/// ```
/// RFC 6960 §4.2.1.
#[derive(Debug)]
pub(in crate::verify) struct Answer<'a> {
    id: CertId<'a>,
    pub(in crate::verify) status: Status,
    pub(in crate::verify) this_update: Timestamp,
    pub(in crate::verify) next_update: Option<Timestamp>,
    /// Certificates that expired after this moment are still known (archiveCutoff, RFC 6960 §4.4.4).
    pub(in crate::verify) expired_since: Option<Timestamp>,
    unknown_critical: Option<Oid>,
}

/// ```asn1
/// CertStatus ::= CHOICE {
///     good     [0] IMPLICIT NULL,
///     revoked  [1] IMPLICIT RevokedInfo,
///     unknown  [2] IMPLICIT NULL }
/// RevokedInfo ::= SEQUENCE {
///     revocationTime        GeneralizedTime,
///     revocationReason  [0] EXPLICIT CRLReason OPTIONAL }
/// ```
/// RFC 6960 §4.2.1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::verify) enum Status {
    Good,
    Revoked { since: Timestamp, reason: Reason },
    Unknown,
}

/// ```asn1
/// CertID ::= SEQUENCE {
///     hashAlgorithm   AlgorithmIdentifier,
///     issuerNameHash  OCTET STRING,
///     issuerKeyHash   OCTET STRING,
///     serialNumber    CertificateSerialNumber }
/// ```
/// RFC 6960 §4.1.1.
#[derive(Debug)]
struct CertId<'a> {
    algorithm: AlgorithmIdentifier,
    name_hash: &'a [u8],
    key_hash: &'a [u8],
    serial: &'a [u8],
}

/// Whether an answer is about a certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::verify) enum About {
    It,
    Another,
    /// The serial number is the same, the authority is not.
    AnotherIssuer,
    /// The serial number is the same; the authority is named by a digest that this program does not know.
    Unclear(String),
}

impl<'a> Answer<'a> {
    pub(super) fn read(answer: &Element<'a>) -> Result<Self, Malformed> {
        let mut fields = answer.inside_of(tlv::SEQUENCE, "a SingleResponse")?;
        let id = CertId::read(&fields.expect(tlv::SEQUENCE, "a CertID")?)?;
        let status = Status::read(&fields.any("a certStatus")?)?;
        let this_update = read_time(&fields.any("a thisUpdate")?)?;
        let next_update = match fields.optional(CONTEXT)? {
            Some(explicit) => Some(read_time(&explicit.inside().any("a nextUpdate")?)?),
            None => None,
        };
        let extensions = match fields.optional(CONTEXT + 1)? {
            Some(explicit) => read_extensions(&explicit)?,
            None => AnswerExtensions::default(),
        };
        fields.end("the end of SingleResponse")?;
        let AnswerExtensions { expired_since, unknown_critical } = extensions;
        Ok(Self { id, status, this_update, next_update, expired_since, unknown_critical })
    }

    /// Whether it is about `certificate`, which `issuer` issued.
    pub(in crate::verify) fn is_about(&self, certificate: &Certificate, issuer: &Certificate) -> About {
        if magnitude(self.id.serial) != magnitude(certificate.serial()) {
            return About::Another;
        }
        // The BIT STRING's octets (RFC 6960 §4.1.1). A DSTU 4145 key is an OCTET STRING inside them, and its tag and
        // length are hashed too: real responses and subject key identifiers agree.
        let Ok((_, key)) = key::spki_fields(issuer.spki()) else { return About::AnotherIssuer };
        match (index(&self.id.algorithm, certificate.issuer()), index(&self.id.algorithm, key)) {
            (Some(name), Some(key)) if name == self.id.name_hash && key == self.id.key_hash => About::It,
            (Some(_), Some(_)) => About::AnotherIssuer,
            _ => About::Unclear(self.id.algorithm.oid.to_string()),
        }
    }

    /// Whether it answers this OCSPRequest. Where responder and request name the authority by different digests, the
    /// serial number decides: what is found proves itself later.
    pub(in crate::verify) fn answers(&self, request: &[u8]) -> Result<bool, Malformed> {
        let mut whole = Reader::new(request, 0, Rules::Der);
        let mut tbs = whole.expect(tlv::SEQUENCE, "an OCSPRequest")?.inside();
        let mut list = tbs.expect(tlv::SEQUENCE, "a TBSRequest")?.inside();
        let mut first = list.expect(tlv::SEQUENCE, "a requestList")?.inside();
        let mut request = first.expect(tlv::SEQUENCE, "a Request")?.inside();
        let asked = CertId::read(&request.expect(tlv::SEQUENCE, "a reqCert")?)?;
        let is_of_it = magnitude(asked.serial) == magnitude(self.id.serial);
        let is_comparable = asked.algorithm == self.id.algorithm;
        let is_same = (asked.name_hash, asked.key_hash) == (self.id.name_hash, self.id.key_hash);
        Ok(is_of_it && (is_same || !is_comparable))
    }

    /// Why it may not be used.
    pub(in crate::verify) const fn unknown_critical(&self) -> Option<&Oid> {
        self.unknown_critical.as_ref()
    }
}

/// The digest that finds an authority. SHA-1 will do here: what is found proves itself by a signature.
fn index(algorithm: &AlgorithmIdentifier, bytes: &[u8]) -> Option<Vec<u8>> {
    match DigestAlgorithm::of(algorithm) {
        Ok(digest) => Some(digest.digest(bytes)),
        Err(AlgorithmFault::Weak { .. }) if algorithm.oid.is(oid::SHA_1) => {
            Some(openssl::sha::sha1(bytes).to_vec())
        }
        Err(_) => None,
    }
}

impl<'a> CertId<'a> {
    fn read(id: &Element<'a>) -> Result<Self, Malformed> {
        let mut fields = id.inside();
        let algorithm = AlgorithmIdentifier::read(&fields.expect(tlv::SEQUENCE, "a hashAlgorithm")?)?;
        let name_hash = fields.expect(tlv::OCTET_STRING, "an issuerNameHash")?.content;
        let key_hash = fields.expect(tlv::OCTET_STRING, "an issuerKeyHash")?.content;
        let serial = fields.expect(tlv::INTEGER, "a serialNumber")?.content;
        fields.end("the end of CertID")?;
        Ok(Self { algorithm, name_hash, key_hash, serial })
    }
}

impl Status {
    fn read(status: &Element<'_>) -> Result<Self, Malformed> {
        const REVOKED: u8 = CONTEXT + 1;
        const UNKNOWN: u8 = CONTEXT_PRIMITIVE + 2;
        match (status.tag, status.content) {
            (CONTEXT_PRIMITIVE, []) => Ok(Self::Good),
            (UNKNOWN, []) => Ok(Self::Unknown),
            (REVOKED, _) => {
                let mut fields = status.inside();
                let since = read_time(&fields.any("a revocationTime")?)?;
                let reason = match fields.optional(CONTEXT)? {
                    Some(explicit) => Reason::read(&explicit.inside().any("a CRLReason")?)?,
                    None => Reason::UNSAID,
                };
                fields.end("the end of RevokedInfo")?;
                Ok(Self::Revoked { since, reason })
            }
            _ => Err(status.malformed("the certStatus good, revoked or unknown")),
        }
    }
}
