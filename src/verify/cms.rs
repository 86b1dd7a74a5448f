//! DER or BER bytes → a CMS SignedData, over the original bytes.

use std::borrow::Cow;

use super::algorithm::AlgorithmIdentifier;
use super::fault::Fault;
use super::limits::{LINE_BREAK_BYTES_MAX, LIST_MAX, SIGNERS_MAX};
use super::oid::{self, Oid};
use super::tlv::{self, CONTEXT, CONTEXT_PRIMITIVE, Element, Malformed, Reader, Rules};

/// ```asn1
/// ContentInfo ::= SEQUENCE {
///     contentType  ContentType,
///     content      [0] EXPLICIT ANY DEFINED BY contentType }
///
/// SignedData ::= SEQUENCE {
///     version           CMSVersion,
///     digestAlgorithms  DigestAlgorithmIdentifiers,
///     encapContentInfo  EncapsulatedContentInfo,
///     certificates      [0] IMPLICIT CertificateSet OPTIONAL,
///     crls              [1] IMPLICIT RevocationInfoChoices OPTIONAL,
///     signerInfos       SignerInfos }
/// ```
/// RFC 5652 §3, §5.1.
#[derive(Debug)]
pub(super) struct SignedData<'a> {
    pub(super) digest_algorithms: Vec<AlgorithmIdentifier>,
    pub(super) content_type: Oid,
    /// The content's octets, without their tag and length; none when it is detached.
    pub(super) content: Content<'a>,
    /// Every certificate's original bytes; other kinds of the CHOICE are left out.
    pub(super) certificates: Vec<&'a [u8]>,
    /// Revocation lists and responses, not read yet.
    pub(super) crls: Option<Element<'a>>,
    pub(super) signers: Vec<SignerInfo<'a>>,
}

/// Borrowed from the file, or put together from the pieces of a constructed OCTET STRING.
pub(super) type Content<'a> = Option<Cow<'a, [u8]>>;

/// ```asn1
/// SignerInfo ::= SEQUENCE {
///     version             CMSVersion,
///     sid                 SignerIdentifier,
///     digestAlgorithm     DigestAlgorithmIdentifier,
///     signedAttrs         [0] IMPLICIT SignedAttributes OPTIONAL,
///     signatureAlgorithm  SignatureAlgorithmIdentifier,
///     signature           SignatureValue,
///     unsignedAttrs       [1] IMPLICIT UnsignedAttributes OPTIONAL }
/// ```
/// RFC 5652 §5.3. The attributes are not read yet.
#[derive(Debug)]
pub(super) struct SignerInfo<'a> {
    pub(super) identifier: SignerIdentifier<'a>,
    pub(super) digest_algorithm: AlgorithmIdentifier,
    pub(super) signed_attributes: Option<Element<'a>>,
    pub(super) signature_algorithm: AlgorithmIdentifier,
    pub(super) signature: &'a [u8],
    pub(super) unsigned_attributes: Option<Element<'a>>,
}

/// ```asn1
/// SignerIdentifier ::= CHOICE {
///     issuerAndSerialNumber  IssuerAndSerialNumber,
///     subjectKeyIdentifier   [0] SubjectKeyIdentifier }
/// ```
/// RFC 5652 §5.3, §10.2.4.
#[derive(Clone, Copy, Debug)]
pub(super) enum SignerIdentifier<'a> {
    /// The issuer's Name as it came, and the serial number's value octets.
    IssuerAndSerial { issuer: &'a [u8], serial: &'a [u8] },
    /// The subject key identifier's octets.
    KeyId(&'a [u8]),
}

impl<'a> SignedData<'a> {
    /// Reads one ContentInfo that fills the file. A line break after it (a transport may add one) is not looked at;
    /// any other byte there is a fault: whoever hides something behind a signature must not get a pass with it.
    pub(super) fn read(file: &'a [u8], certificates_max: usize) -> Result<Self, Fault> {
        let mut outer = Reader::new(file, 0, Rules::Ber);
        let content_info = outer.expect(tlv::SEQUENCE, "a ContentInfo")?;
        let tail = outer.rest();
        if tail.len() > LINE_BREAK_BYTES_MAX || !tail.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
            return Err(outer.malformed("the end of the file").into());
        }
        Self::read_content_info(&content_info, certificates_max)
    }

    /// Reads a time-stamp token: a ContentInfo that is an attribute's value. What it signs lies in its own bytes, so BER
    /// is read here also where the attribute around it is DER.
    pub(super) fn read_token(value: &Element<'a>, certificates_max: usize) -> Result<Self, Fault> {
        let mut outer = Reader::new(value.whole, value.offset, Rules::Ber);
        let content_info = outer.expect(tlv::SEQUENCE, "a time-stamp token's ContentInfo")?;
        outer.end("the end of the time-stamp token")?;
        Self::read_content_info(&content_info, certificates_max)
    }

    fn read_content_info(content_info: &Element<'a>, certificates_max: usize) -> Result<Self, Fault> {
        let mut fields = content_info.inside();
        let kind = fields.expect(tlv::OID, "a contentType")?;
        if !Oid::read(&kind)?.is(oid::ID_SIGNED_DATA) {
            return Err(kind.malformed("id-signedData").into());
        }
        let content = fields.expect(CONTEXT, "a [0] content")?;
        fields.end("the end of ContentInfo")?;
        let mut explicit = content.inside();
        let signed_data = explicit.expect(tlv::SEQUENCE, "a SignedData")?;
        explicit.end("the end of content")?;
        Self::read_fields(signed_data.inside(), certificates_max)
    }

    fn read_fields(mut fields: Reader<'a>, certificates_max: usize) -> Result<Self, Fault> {
        read_version(&mut fields, &[1, 3, 4, 5])?;
        let mut digest_algorithms = Vec::new();
        let mut set = fields.expect(tlv::SET, "digestAlgorithms")?.inside();
        while let Some(algorithm) = set.next()? {
            within(digest_algorithms.len(), LIST_MAX, "LIST_MAX")?;
            digest_algorithms.push(AlgorithmIdentifier::read(&algorithm)?);
        }
        let (content_type, content) = read_content(&fields.expect(tlv::SEQUENCE, "an encapContentInfo")?)?;
        let mut certificates = Vec::new();
        if let Some(set) = fields.optional(CONTEXT)? {
            let mut set = set.inside();
            while let Some(certificate) = set.next()? {
                within(certificates.len(), certificates_max, "CERTIFICATES_MAX")?;
                // CertificateChoices also has [0] to [3]: obsolete forms and attribute certificates.
                if certificate.tag == tlv::SEQUENCE {
                    certificates.push(certificate.whole);
                }
            }
        }
        let crls = fields.optional(CONTEXT + 1)?;
        let mut signers = Vec::new();
        let mut set = fields.expect(tlv::SET, "signerInfos")?.inside();
        while let Some(signer) = set.next()? {
            within(signers.len(), SIGNERS_MAX, "SIGNERS_MAX")?;
            signers.push(SignerInfo::read(&signer)?);
        }
        fields.end("the end of SignedData")?;
        Ok(Self { digest_algorithms, content_type, content, certificates, crls, signers })
    }
}

impl<'a> SignerInfo<'a> {
    fn read(element: &Element<'a>) -> Result<Self, Malformed> {
        let mut fields = element.inside_of(tlv::SEQUENCE, "a SignerInfo")?;
        read_version(&mut fields, &[1, 3])?;
        let identifier = SignerIdentifier::read(&fields.any("a SignerIdentifier")?)?;
        let digest_algorithm =
            AlgorithmIdentifier::read(&fields.expect(tlv::SEQUENCE, "a digestAlgorithm")?)?;
        let signed_attributes = fields.optional(CONTEXT)?;
        let signature_algorithm =
            AlgorithmIdentifier::read(&fields.expect(tlv::SEQUENCE, "a signatureAlgorithm")?)?;
        let signature = fields.expect(tlv::OCTET_STRING, "a signature")?.content;
        let unsigned_attributes = fields.optional(CONTEXT + 1)?;
        fields.end("the end of SignerInfo")?;
        Ok(Self {
            identifier,
            digest_algorithm,
            signed_attributes,
            signature_algorithm,
            signature,
            unsigned_attributes,
        })
    }
}

impl<'a> SignerIdentifier<'a> {
    fn read(element: &Element<'a>) -> Result<Self, Malformed> {
        match element.tag {
            tlv::SEQUENCE => {
                let mut fields = element.inside();
                let issuer = fields.expect(tlv::SEQUENCE, "an issuer")?.whole;
                let serial = fields.expect(tlv::INTEGER, "a serialNumber")?.content;
                fields.end("the end of IssuerAndSerialNumber")?;
                Ok(Self::IssuerAndSerial { issuer, serial })
            }
            CONTEXT_PRIMITIVE => Ok(Self::KeyId(element.content)),
            _ => Err(element.malformed("a SignerIdentifier")),
        }
    }
}

/// ```asn1
/// EncapsulatedContentInfo ::= SEQUENCE {
///     eContentType  ContentType,
///     eContent      [0] EXPLICIT OCTET STRING OPTIONAL }
/// ```
/// RFC 5652 §5.2.
fn read_content<'a>(element: &Element<'a>) -> Result<(Oid, Content<'a>), Malformed> {
    let mut fields = element.inside();
    let kind = Oid::read(&fields.expect(tlv::OID, "an eContentType")?)?;
    let content = match fields.optional(CONTEXT)? {
        None => None,
        Some(explicit) => {
            let mut inner = explicit.inside();
            let octets = inner.any("an eContent")?.octets()?;
            inner.end("the end of eContent")?;
            Some(octets)
        }
    };
    fields.end("the end of EncapsulatedContentInfo")?;
    Ok((kind, content))
}

/// RFC 5652 §5.1 and §5.3 tie versions to what is inside. Writers get it wrong and nothing depends on it, so any of the
/// known ones will do.
fn read_version(fields: &mut Reader<'_>, known: &[u64]) -> Result<(), Malformed> {
    let version = fields.expect(tlv::INTEGER, "a CMSVersion")?;
    if known.contains(&version.small_integer()?) {
        Ok(())
    } else {
        Err(version.malformed("a known CMSVersion"))
    }
}

pub(super) fn within(count: usize, max: usize, limit: &str) -> Result<(), Fault> {
    if count < max { Ok(()) } else { Err(Fault::over_budget(limit)) }
}
