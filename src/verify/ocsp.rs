//! DER bytes → an OCSP response with what a verdict needs to know of it. The signed bytes stay as they came.
//!
//! Who may sign it, and what it is worth at which moment, is said elsewhere. A nonce is read and not asked for: evidence
//! that travels in a file was never asked for by us.

use super::algorithm::{AlgorithmFault, AlgorithmIdentifier, DigestAlgorithm};
use super::certificate::Certificate;
use super::crl::{Reason, magnitude};
use super::extensions;
use super::key;
use super::limits::{OCSP_ANSWERS_MAX, OCSP_CERTIFICATES_MAX};
use super::name::NameWords;
use super::oid::{self, Oid};
use super::time;
use super::tlv::{self, CONTEXT, CONTEXT_PRIMITIVE, Element, Malformed, Reader, Rules};
use crate::model::Timestamp;

/// ```asn1
/// BasicOCSPResponse ::= SEQUENCE {
///     tbsResponseData     ResponseData,
///     signatureAlgorithm  AlgorithmIdentifier,
///     signature           BIT STRING,
///     certs           [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
///
/// ResponseData ::= SEQUENCE {
///     version             [0] EXPLICIT Version DEFAULT v1,
///     responderID             ResponderID,
///     producedAt              GeneralizedTime,
///     responses               SEQUENCE OF SingleResponse,
///     responseExtensions  [1] EXPLICIT Extensions OPTIONAL }
/// ```
/// RFC 6960 §4.2.1.
#[derive(Debug)]
pub(super) struct Response<'a> {
    pub(super) tbs: &'a [u8],
    pub(super) signature: &'a [u8],
    pub(super) signature_algorithm: AlgorithmIdentifier,
    pub(super) responder: ResponderId<'a>,
    pub(super) produced_at: Timestamp,
    pub(super) answers: Vec<Answer<'a>>,
    /// The certificates inside: they may help, and prove nothing.
    pub(super) certificates: Vec<Certificate>,
    /// The first critical extension that this program does not process.
    pub(super) unknown_critical: Option<Oid>,
}

/// ```asn1
/// ResponderID ::= CHOICE {
///     byName  [1] EXPLICIT Name,
///     byKey   [2] EXPLICIT OCTET STRING }   -- SHA-1 of the responder's public key
/// ```
/// RFC 6960 §4.2.1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ResponderId<'a> {
    Name(&'a [u8]),
    Key(&'a [u8]),
}

impl ResponderId<'_> {
    /// Whether it names this certificate's holder. It only chooses whose key is tried. Ukrainian responders without
    /// SHA-1 write the subject key identifier: GOST 34.311 of the same octets.
    pub(super) fn is(self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => certificate.subject() == name,
            Self::Key(hash) => {
                certificate.extensions.subject_key_id.as_deref() == Some(hash)
                    || key::spki_fields(certificate.spki())
                        .is_ok_and(|(_, key)| openssl::sha::sha1(key).as_slice() == hash)
            }
        }
    }
}

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
pub(super) struct Answer<'a> {
    id: CertId<'a>,
    pub(super) status: Status,
    pub(super) this_update: Timestamp,
    pub(super) next_update: Option<Timestamp>,
    /// Certificates that expired after this moment are still known (archiveCutoff, RFC 6960 §4.4.4).
    pub(super) expired_since: Option<Timestamp>,
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
pub(super) enum Status {
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
pub(super) enum About {
    It,
    Another,
    /// The serial number is the same, the authority is not.
    AnotherIssuer,
    /// The serial number is the same; the authority is named by a digest that this program does not know.
    Unclear(String),
}

impl<'a> Response<'a> {
    /// Reads an OCSPResponse that fills `der` to its end.
    ///
    /// ```asn1
    /// OCSPResponse ::= SEQUENCE {
    ///     responseStatus      ENUMERATED { successful (0), … },
    ///     responseBytes   [0] EXPLICIT ResponseBytes OPTIONAL }
    /// ResponseBytes ::= SEQUENCE {
    ///     responseType  OBJECT IDENTIFIER,
    ///     response      OCTET STRING }
    /// ```
    /// RFC 6960 §4.2.1.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Malformed> {
        let mut file = Reader::new(der, 0, Rules::Der);
        let mut fields = file.expect(tlv::SEQUENCE, "an OCSPResponse")?.inside();
        file.end("the end of the OCSP response")?;
        let status = fields.expect(tlv::ENUMERATED, "a responseStatus")?;
        if status.small_integer()? != 0 {
            return Err(status.malformed("the responseStatus «successful»"));
        }
        let mut explicit = fields.expect(CONTEXT, "responseBytes")?.inside();
        fields.end("the end of OCSPResponse")?;
        let mut bytes = explicit.expect(tlv::SEQUENCE, "ResponseBytes")?.inside();
        explicit.end("the end of responseBytes")?;
        let kind = bytes.expect(tlv::OID, "a responseType")?;
        if !Oid::read(&kind)?.is(oid::OCSP_BASIC) {
            return Err(kind.malformed("the responseType id-pkix-ocsp-basic"));
        }
        let response = bytes.expect(tlv::OCTET_STRING, "a response")?;
        bytes.end("the end of ResponseBytes")?;
        Self::read_basic(response.content)
    }

    /// Reads a BasicOCSPResponse that fills `der` to its end.
    pub(super) fn read_basic(der: &'a [u8]) -> Result<Self, Malformed> {
        let mut file = Reader::new(der, 0, Rules::Der);
        let mut fields = file.expect(tlv::SEQUENCE, "a BasicOCSPResponse")?.inside();
        file.end("the end of the basic OCSP response")?;
        let tbs = fields.expect(tlv::SEQUENCE, "a ResponseData")?;
        let algorithm = fields.expect(tlv::SEQUENCE, "a signatureAlgorithm")?;
        let signature = fields.expect(tlv::BIT_STRING, "a signature")?;
        let certificates = match fields.optional(CONTEXT)? {
            Some(explicit) => read_certificates(&explicit)?,
            None => Vec::new(),
        };
        fields.end("the end of BasicOCSPResponse")?;

        let mut inside = tbs.inside();
        if let Some(version) = inside.optional(CONTEXT)?
            && version.inside().expect(tlv::INTEGER, "a version")?.small_integer()? != 0
        {
            return Err(version.malformed("version 1 of an OCSP response"));
        }
        let responder = read_responder(&inside.any("a responderID")?)?;
        let produced_at = read_time(&inside.any("a producedAt")?)?;
        let mut list = inside.expect(tlv::SEQUENCE, "responses")?.inside();
        let mut answers = Vec::new();
        while let Some(answer) = list.next()? {
            if answers.len() == OCSP_ANSWERS_MAX {
                return Err(answer.malformed("at most OCSP_ANSWERS_MAX responses"));
            }
            answers.push(Answer::read(&answer)?);
        }
        let unknown_critical = match inside.optional(CONTEXT + 1)? {
            Some(explicit) => read_extensions(&explicit)?.unknown_critical,
            None => None,
        };
        inside.end("the end of ResponseData")?;
        Ok(Self {
            tbs: tbs.whole,
            signature: der.get(signature.whole_bits()?).unwrap_or_default(),
            signature_algorithm: AlgorithmIdentifier::read(&algorithm)?,
            responder,
            produced_at,
            answers,
            certificates,
            unknown_critical,
        })
    }
}

impl<'a> Answer<'a> {
    fn read(answer: &Element<'a>) -> Result<Self, Malformed> {
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
    pub(super) fn is_about(&self, certificate: &Certificate, issuer: &Certificate) -> About {
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

    /// Why it may not be used.
    pub(super) const fn unknown_critical(&self) -> Option<&Oid> {
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

fn read_responder<'a>(id: &Element<'a>) -> Result<ResponderId<'a>, Malformed> {
    const NAME: u8 = CONTEXT + 1;
    const KEY: u8 = CONTEXT + 2;
    let mut inside = id.inside();
    let responder = match id.tag {
        NAME => {
            let name = inside.expect(tlv::SEQUENCE, "a responder's Name")?;
            NameWords::read(&name)?;
            ResponderId::Name(name.whole)
        }
        KEY => ResponderId::Key(inside.expect(tlv::OCTET_STRING, "a responder's KeyHash")?.content),
        _ => return Err(id.malformed("a ResponderID")),
    };
    inside.end("the end of ResponderID")?;
    Ok(responder)
}

/// RFC 6960 §4.2.2.1: GeneralizedTime in the form of RFC 5280 §4.1.2.5.2.
fn read_time(element: &Element<'_>) -> Result<Timestamp, Malformed> {
    if element.tag == tlv::GENERALIZED_TIME {
        time::read(element)
    } else {
        Err(element.malformed("a GeneralizedTime"))
    }
}

fn read_certificates(explicit: &Element<'_>) -> Result<Vec<Certificate>, Malformed> {
    let mut outer = explicit.inside();
    let mut list = outer.expect(tlv::SEQUENCE, "certs")?.inside();
    outer.end("the end of certs")?;
    let mut certificates = Vec::new();
    while let Some(certificate) = list.next()? {
        if certificates.len() == OCSP_CERTIFICATES_MAX {
            return Err(certificate.malformed("at most OCSP_CERTIFICATES_MAX certificates"));
        }
        certificates.push(Certificate::read(certificate.whole)?);
    }
    Ok(certificates)
}

/// What the extensions of a response, or of one answer, say (RFC 6960 §4.4).
#[derive(Debug, Default)]
struct AnswerExtensions {
    expired_since: Option<Timestamp>,
    unknown_critical: Option<Oid>,
}

fn read_extensions(explicit: &Element<'_>) -> Result<AnswerExtensions, Malformed> {
    let mut outer = explicit.inside();
    let mut list = outer.expect(tlv::SEQUENCE, "Extensions")?.inside();
    outer.end("the end of Extensions")?;
    let mut known = AnswerExtensions::default();
    extensions::each(&mut list, |id, critical, value| {
        match id.bytes() {
            oid::OCSP_ARCHIVE_CUTOFF => {
                known.expired_since = Some(read_time(&value.inside().any("an archiveCutoff")?)?);
            }
            // A CRL entry's extensions may stand here too (RFC 6960 §4.4.5); the revocationTime decides, not this date.
            oid::OCSP_NONCE | oid::REASON_CODE | oid::INVALIDITY_DATE => {}
            _ if critical => {
                known.unknown_critical = known.unknown_critical.take().or_else(|| Some(id.clone()))
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(known)
}
