//! The signed attributes: what the signer's signature really covers, and what of it is required.

use super::algorithm::AlgorithmIdentifier;
use super::fault::Fault;
use super::limits::LIST_MAX;
use super::oid::{self, Oid};
use super::time;
use super::tlv::{self, CONTEXT, Element, Malformed};
use crate::model::{Reason, Timestamp};

/// ```asn1
/// SignedAttributes ::= SET SIZE (1..MAX) OF Attribute
/// Attribute ::= SEQUENCE {
///     attrType    OBJECT IDENTIFIER,
///     attrValues  SET OF AttributeValue }
/// ```
/// RFC 5652 §5.3.
///
/// They must be DER, in DER's order too (X.690 §11.6). A verifier may hash them as received or sort them first
/// (RFC 5652 §5.4 speaks of a DER encoding): for attributes out of order the two disagree, and a verdict must not depend
/// on who reads. So anything else than DER is a fault of the format.
#[derive(Debug)]
pub(super) struct SignedAttributes<'a> {
    attributes: Vec<(Oid, Vec<Element<'a>>)>,
    /// What the signature is made over: the received bytes under the tag of a SET.
    pub(super) signed_bytes: Vec<u8>,
}

/// ```asn1
/// SigningCertificateV2 ::= SEQUENCE {
///     certs     SEQUENCE OF ESSCertIDv2,
///     policies  SEQUENCE OF PolicyInformation OPTIONAL }
/// ESSCertIDv2 ::= SEQUENCE {
///     hashAlgorithm  AlgorithmIdentifier DEFAULT {algorithm id-sha256},
///     certHash       OCTET STRING,
///     issuerSerial   IssuerSerial OPTIONAL }
/// IssuerSerial ::= SEQUENCE {
///     issuer        GeneralNames,
///     serialNumber  CertificateSerialNumber }
/// ```
/// RFC 5035 §3, §4, §5: the first ESSCertIDv2, which is the signer's. RFC 5816 uses the same in time-stamps.
#[derive(Debug)]
pub(super) struct SigningCertificate<'a> {
    /// None: the default, SHA-256.
    pub(super) hash_algorithm: Option<AlgorithmIdentifier>,
    pub(super) hash: &'a [u8],
    /// The issuer's Name as it came, and the serial number's value octets.
    pub(super) issuer_serial: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> SignedAttributes<'a> {
    pub(super) fn read(element: &Element<'a>) -> Result<Self, Malformed> {
        let set = element.as_der()?;
        let mut reader = set.inside();
        let mut attributes = Vec::new();
        let mut before: &[u8] = &[];
        while let Some(attribute) = reader.next()? {
            if attributes.len() == LIST_MAX {
                return Err(attribute.malformed("fewer attributes"));
            }
            before = in_order(before, &attribute)?;
            let mut fields = attribute.inside_of(tlv::SEQUENCE, "an Attribute")?;
            let kind = Oid::read(&fields.expect(tlv::OID, "an attrType")?)?;
            let mut values = Vec::new();
            let mut set = fields.expect(tlv::SET, "attrValues")?.inside();
            fields.end("the end of Attribute")?;
            let mut value_before: &[u8] = &[];
            while let Some(value) = set.next()? {
                value_before = in_order(value_before, &value)?;
                values.push(value);
            }
            attributes.push((kind, values));
        }
        let mut signed_bytes = set.whole.to_vec();
        if let Some(tag) = signed_bytes.first_mut() {
            *tag = tlv::SET;
        }
        Ok(Self { attributes, signed_bytes })
    }

    /// No attribute occurs twice (RFC 5652 §5.3 with §11), and none is without a value.
    pub(super) fn each_once(&self) -> Result<(), Fault> {
        for (place, (kind, values)) in self.attributes.iter().enumerate() {
            let again = self.attributes.iter().skip(place + 1).any(|(other, _)| other == kind);
            if again || values.is_empty() {
                return Err(Fault::attribute(Reason::AttributeNotSingle { name: attribute_name(kind) }));
            }
        }
        Ok(())
    }

    /// content-type, RFC 5652 §11.1: required.
    pub(super) fn content_type(&self) -> Result<Oid, Fault> {
        let value = self.required(oid::CONTENT_TYPE, "content-type")?;
        Oid::read(&value).map_err(|_| wrong("content-type"))
    }

    /// message-digest, RFC 5652 §11.2: required.
    pub(super) fn message_digest(&self) -> Result<&'a [u8], Fault> {
        let value = self.required(oid::MESSAGE_DIGEST, "message-digest")?;
        if value.tag == tlv::OCTET_STRING { Ok(value.content) } else { Err(wrong("message-digest")) }
    }

    /// signing-certificate-v2, RFC 5035 §3: required. Without it the certificate, and so the person, could be exchanged
    /// for another one with the same key. The first version of the attribute hashes with SHA-1 and does not count.
    pub(super) fn signing_certificate(&self) -> Result<SigningCertificate<'a>, Fault> {
        let value = self.required(oid::SIGNING_CERTIFICATE_V2, "signing-certificate-v2")?;
        read_signing_certificate(&value).map_err(|_| wrong("signing-certificate-v2"))
    }

    /// signing-time, RFC 5652 §11.3: the signer's word, which proves nothing.
    pub(super) fn signing_time(&self) -> Result<Option<Timestamp>, Fault> {
        match self.optional(oid::SIGNING_TIME, "signing-time")? {
            None => Ok(None),
            Some(value) => time::read(&value).map(Some).map_err(|_| wrong("signing-time")),
        }
    }

    /// CMSAlgorithmProtection, RFC 6211 §2: when it is there, it names the SignerInfo's own algorithms.
    pub(super) fn protects(
        &self,
        digest: &AlgorithmIdentifier,
        signature: &AlgorithmIdentifier,
    ) -> Result<(), Fault> {
        let Some(value) = self.optional(oid::CMS_ALGORITHM_PROTECTION, "CMSAlgorithmProtection")? else {
            return Ok(());
        };
        match read_protection(&value) {
            Ok((named_digest, named_signature))
                if named_digest == *digest && named_signature == *signature =>
            {
                Ok(())
            }
            _ => Err(wrong("CMSAlgorithmProtection")),
        }
    }

    fn required(&self, kind: &[u8], name: &str) -> Result<Element<'a>, Fault> {
        self.optional(kind, name)?
            .ok_or_else(|| Fault::attribute(Reason::AttributeMissing { name: name.to_owned() }))
    }

    fn optional(&self, kind: &[u8], name: &str) -> Result<Option<Element<'a>>, Fault> {
        let mut found = self.attributes.iter().filter(|(oid, _)| oid.is(kind));
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some((_, values)), None) if values.len() == 1 => Ok(values.first().copied()),
            _ => Err(Fault::attribute(Reason::AttributeNotSingle { name: name.to_owned() })),
        }
    }
}

fn in_order<'a>(before: &[u8], element: &Element<'a>) -> Result<&'a [u8], Malformed> {
    if before <= element.whole { Ok(element.whole) } else { Err(element.malformed("a SET OF in DER order")) }
}

fn wrong(name: &str) -> Fault {
    Fault::attribute(Reason::AttributeWrong { name: name.to_owned() })
}

fn attribute_name(kind: &Oid) -> String {
    match kind.bytes() {
        oid::CONTENT_TYPE => "content-type".to_owned(),
        oid::MESSAGE_DIGEST => "message-digest".to_owned(),
        oid::SIGNING_TIME => "signing-time".to_owned(),
        oid::SIGNING_CERTIFICATE_V2 => "signing-certificate-v2".to_owned(),
        _ => kind.to_string(),
    }
}

fn read_signing_certificate<'a>(value: &Element<'a>) -> Result<SigningCertificate<'a>, Malformed> {
    let mut fields = value.inside_of(tlv::SEQUENCE, "a SigningCertificateV2")?;
    let mut certs = fields.expect(tlv::SEQUENCE, "certs")?.inside();
    fields.optional(tlv::SEQUENCE)?;
    fields.end("the end of SigningCertificateV2")?;
    let mut first = certs.expect(tlv::SEQUENCE, "an ESSCertIDv2")?.inside();
    let hash_algorithm =
        first.optional(tlv::SEQUENCE)?.map(|algorithm| AlgorithmIdentifier::read(&algorithm)).transpose()?;
    let hash = first.expect(tlv::OCTET_STRING, "a certHash")?.content;
    let issuer_serial = first.optional(tlv::SEQUENCE)?.map(|value| read_issuer_serial(&value)).transpose()?;
    first.end("the end of ESSCertIDv2")?;
    Ok(SigningCertificate { hash_algorithm, hash, issuer_serial })
}

/// GeneralNames with one directoryName: `[4] EXPLICIT Name` (RFC 5280 §4.2.1.6; RFC 5035 §5 asks for just that).
fn read_issuer_serial<'a>(value: &Element<'a>) -> Result<(&'a [u8], &'a [u8]), Malformed> {
    let mut fields = value.inside();
    let mut names = fields.expect(tlv::SEQUENCE, "an issuer")?.inside();
    let mut explicit = names.expect(CONTEXT + 4, "a directoryName")?.inside();
    names.end("a single GeneralName")?;
    let issuer = explicit.expect(tlv::SEQUENCE, "a Name")?.whole;
    explicit.end("the end of a directoryName")?;
    let serial = fields.expect(tlv::INTEGER, "a serialNumber")?.content;
    fields.end("the end of IssuerSerial")?;
    Ok((issuer, serial))
}

/// ```asn1
/// CMSAlgorithmProtection ::= SEQUENCE {
///     digestAlgorithm     DigestAlgorithmIdentifier,
///     signatureAlgorithm  [1] SignatureAlgorithmIdentifier OPTIONAL,
///     macAlgorithm        [2] MessageAuthenticationCodeAlgorithm OPTIONAL }
/// ```
/// RFC 6211 §2, IMPLICIT tags; in a signature the second is there.
fn read_protection(value: &Element<'_>) -> Result<(AlgorithmIdentifier, AlgorithmIdentifier), Malformed> {
    let mut fields = value.inside_of(tlv::SEQUENCE, "a CMSAlgorithmProtection")?;
    let digest = AlgorithmIdentifier::read(&fields.expect(tlv::SEQUENCE, "a digestAlgorithm")?)?;
    let signature = fields.expect(CONTEXT + 1, "a signatureAlgorithm")?;
    let signature = AlgorithmIdentifier::read_fields(signature.inside())?;
    fields.end("the end of CMSAlgorithmProtection")?;
    Ok((digest, signature))
}
