//! The signed attributes: what the signer's signature really covers, and what of it is required.

use super::algorithm::AlgorithmIdentifier;
use super::fault::Fault;
use super::limits::LIST_MAX;
use super::oid::{self, Oid};
use super::time;
use super::tlv::{self, CONTEXT, Element, Malformed, Reader};
use crate::model::{Reason, SubIndication, Timestamp};

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
    pub(super) hashed_by: HashedBy,
    pub(super) hash: &'a [u8],
    /// The issuer's Name as it came, and the serial number's value octets.
    pub(super) issuer_serial: Option<(&'a [u8], &'a [u8])>,
}

/// The digest of a certHash.
#[derive(Debug)]
pub(super) enum HashedBy {
    /// Not said: SHA-256.
    Default,
    /// The algorithm that is said.
    Named(AlgorithmIdentifier),
    /// The first version of the attribute, which knows no other.
    Sha1,
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
                if values.len() == LIST_MAX {
                    return Err(value.malformed("fewer values of an attribute"));
                }
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

    /// The same in a time-stamp token, where the first version of the attribute counts too: RFC 3161 §2.4.2 asks for it,
    /// and RFC 5816 §2.2.1 lets the second one take its place. A forger would need a second certificate with the SHA-1 of
    /// the authority's own and its issuer's signature, to lie about which of two certificates of one key was used.
    pub(super) fn token_signing_certificate(&self) -> Result<SigningCertificate<'a>, Fault> {
        if self.has(oid::SIGNING_CERTIFICATE_V2) || !self.has(oid::SIGNING_CERTIFICATE) {
            return self.signing_certificate();
        }
        let value = self.required(oid::SIGNING_CERTIFICATE, "signing-certificate")?;
        read_first_signing_certificate(&value).map_err(|_| wrong("signing-certificate"))
    }

    /// The values of content-time-stamp (ETSI EN 319 122-1 §5.2.8), each a time-stamp token.
    pub(super) fn content_time_stamps(&self) -> impl Iterator<Item = Element<'a>> {
        let found = self.attributes.iter().filter(|(kind, _)| kind.is(oid::CONTENT_TIME_STAMP));
        found.flat_map(|(_, values)| values.iter().copied())
    }

    /// The policy that signature-policy-identifier names (ETSI EN 319 122-1 §5.2.9); none also when it is implied.
    pub(super) fn signature_policy(&self) -> Result<Option<Oid>, Fault> {
        let broken = || Fault::new(SubIndication::PolicyProcessingError, Reason::SignaturePolicyBroken);
        let mut found = self.attributes.iter().filter(|(kind, _)| kind.is(oid::SIGNATURE_POLICY));
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some((_, values)), None) => match values.as_slice() {
                [value] => read_signature_policy(value).map_err(|_| broken()),
                _ => Err(broken()),
            },
            _ => Err(broken()),
        }
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

    fn has(&self, kind: &[u8]) -> bool {
        self.attributes.iter().any(|(known, _)| known.is(kind))
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
        oid::SIGNING_CERTIFICATE => "signing-certificate".to_owned(),
        oid::CONTENT_TIME_STAMP => "content-time-stamp".to_owned(),
        oid::SIGNATURE_POLICY => "signature-policy-identifier".to_owned(),
        _ => kind.to_string(),
    }
}

fn read_signing_certificate<'a>(value: &Element<'a>) -> Result<SigningCertificate<'a>, Malformed> {
    let mut fields = value.inside_of(tlv::SEQUENCE, "a SigningCertificateV2")?;
    let mut certs = fields.expect(tlv::SEQUENCE, "certs")?.inside();
    fields.optional(tlv::SEQUENCE)?;
    fields.end("the end of SigningCertificateV2")?;
    let mut first = certs.expect(tlv::SEQUENCE, "an ESSCertIDv2")?.inside();
    let hashed_by = match first.optional(tlv::SEQUENCE)? {
        None => HashedBy::Default,
        Some(algorithm) => HashedBy::Named(AlgorithmIdentifier::read(&algorithm)?),
    };
    let (hash, issuer_serial) = read_identified(first)?;
    Ok(SigningCertificate { hashed_by, hash, issuer_serial })
}

/// ```asn1
/// SigningCertificate ::= SEQUENCE {
///     certs     SEQUENCE OF ESSCertID,
///     policies  SEQUENCE OF PolicyInformation OPTIONAL }
/// ESSCertID ::= SEQUENCE {
///     certHash      OCTET STRING,    -- SHA-1
///     issuerSerial  IssuerSerial OPTIONAL }
/// ```
/// RFC 2634 §5.4.
fn read_first_signing_certificate<'a>(value: &Element<'a>) -> Result<SigningCertificate<'a>, Malformed> {
    let mut fields = value.inside_of(tlv::SEQUENCE, "a SigningCertificate")?;
    let mut certs = fields.expect(tlv::SEQUENCE, "certs")?.inside();
    fields.optional(tlv::SEQUENCE)?;
    fields.end("the end of SigningCertificate")?;
    let (hash, issuer_serial) = read_identified(certs.expect(tlv::SEQUENCE, "an ESSCertID")?.inside())?;
    Ok(SigningCertificate { hashed_by: HashedBy::Sha1, hash, issuer_serial })
}

/// The hash of a certificate, and its issuer and serial number.
type Identified<'a> = (&'a [u8], Option<(&'a [u8], &'a [u8])>);

fn read_identified(mut fields: Reader<'_>) -> Result<Identified<'_>, Malformed> {
    let hash = fields.expect(tlv::OCTET_STRING, "a certHash")?.content;
    let issuer_serial =
        fields.optional(tlv::SEQUENCE)?.map(|value| read_issuer_serial(&value)).transpose()?;
    fields.end("the end of the certificate's identifier")?;
    Ok((hash, issuer_serial))
}

/// ```asn1
/// SignaturePolicy ::= CHOICE {
///     signaturePolicyId       SignaturePolicyId,
///     signaturePolicyImplied  NULL }
/// SignaturePolicyId ::= SEQUENCE {
///     sigPolicyId          OBJECT IDENTIFIER,
///     sigPolicyHash        SigPolicyHash,
///     sigPolicyQualifiers  SEQUENCE OF SigPolicyQualifierInfo OPTIONAL }
/// SigPolicyHash ::= SEQUENCE {
///     hashAlgorithm  AlgorithmIdentifier,
///     hashValue      OCTET STRING }
/// ```
/// ETSI EN 319 122-1 §5.2.9.1; RFC 5126 §5.8.1 lets the hash away.
fn read_signature_policy(value: &Element<'_>) -> Result<Option<Oid>, Malformed> {
    if value.tag == tlv::NULL && value.content.is_empty() {
        return Ok(None);
    }
    let mut fields = value.inside_of(tlv::SEQUENCE, "a SignaturePolicyId")?;
    let policy = Oid::read(&fields.expect(tlv::OID, "a sigPolicyId")?)?;
    if let Some(hash) = fields.next()? {
        let mut hash = hash.inside_of(tlv::SEQUENCE, "a SigPolicyHash")?;
        AlgorithmIdentifier::read(&hash.expect(tlv::SEQUENCE, "a hashAlgorithm")?)?;
        hash.expect(tlv::OCTET_STRING, "a hashValue")?;
        hash.end("the end of SigPolicyHash")?;
    }
    if let Some(qualifiers) = fields.next()? {
        qualifiers.inside_of(tlv::SEQUENCE, "sigPolicyQualifiers")?;
    }
    fields.end("the end of SignaturePolicyId")?;
    Ok(Some(policy))
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
