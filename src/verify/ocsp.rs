//! DER bytes → an OCSP response with what a verdict needs to know of it. The signed bytes stay as they came.
//!
//! Who may sign it, and what it is worth at which moment, is said elsewhere. A nonce is read and not asked for: evidence
//! that travels in a file was never asked for by us.

mod answer;
mod request;

pub(super) use self::answer::{About, Answer, Status};
pub(super) use self::request::request;

use super::algorithm::AlgorithmIdentifier;
use super::certificate::Certificate;
use super::extensions;
use super::limits::{OCSP_ANSWERS_MAX, OCSP_CERTIFICATES_MAX};
use super::name::NameWords;
use super::oid::{self, Oid};
use super::time;
use super::tlv::{self, CONTEXT, Element, Malformed, Reader, Rules};
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
    /// What is wrong with the first one that cannot be read: real responses carry such ones beside the responder's.
    pub(super) unreadable_certificate: Option<Malformed>,
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
                    || certificate.key_sha1.is_some_and(|key| key.as_slice() == hash)
            }
        }
    }
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
        let (certificates, unreadable_certificate) = match fields.optional(CONTEXT)? {
            Some(explicit) => read_certificates(&explicit)?,
            None => (Vec::new(), None),
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
            unreadable_certificate,
            unknown_critical,
        })
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

/// RFC 6960 §4.2.2.1: GeneralizedTime in the form of RFC 5280 §4.1.2.5.2. Some Ukrainian responders tell fractions of a
/// second too; they change nothing about whose word it is.
fn read_time(element: &Element<'_>) -> Result<Timestamp, Malformed> {
    if element.tag == tlv::GENERALIZED_TIME {
        time::read_fractional(element)
    } else {
        Err(element.malformed("a GeneralizedTime"))
    }
}

fn read_certificates(explicit: &Element<'_>) -> Result<(Vec<Certificate>, Option<Malformed>), Malformed> {
    let mut outer = explicit.inside();
    let mut list = outer.expect(tlv::SEQUENCE, "certs")?.inside();
    outer.end("the end of certs")?;
    let (mut certificates, mut unreadable) = (Vec::new(), None);
    let mut count = 0usize;
    while let Some(certificate) = list.next()? {
        count += 1;
        if count > OCSP_CERTIFICATES_MAX {
            return Err(certificate.malformed("at most OCSP_CERTIFICATES_MAX certificates"));
        }
        match Certificate::read(certificate.whole) {
            Ok(certificate) => certificates.push(certificate),
            Err(fault) => {
                unreadable.get_or_insert(fault);
            }
        }
    }
    Ok((certificates, unreadable))
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
            _ if critical && known.unknown_critical.is_none() => known.unknown_critical = Some(id.clone()),
            _ => {}
        }
        Ok(())
    })?;
    Ok(known)
}
