//! DER bytes → an X.509 certificate with what a path needs to know of it. The signed bytes stay as they came.

use std::ops::Range;
use std::sync::OnceLock;

use super::algorithm::{AlgorithmFault, AlgorithmIdentifier, SignatureAlgorithm};
use super::extensions::Extensions;
use super::key::{self, PublicKey};
use super::limits::CERTIFICATE_BYTES_MAX;
use super::name::NameWords;
use super::oid;
use super::time;
use super::tlv::{self, CONTEXT, CONTEXT_PRIMITIVE, Element, Malformed, Reader, Rules};
use crate::model::{CertificateFacts, Digest, SignerKind, Timestamp};

/// ```asn1
/// Certificate ::= SEQUENCE {
///     tbsCertificate      TBSCertificate,
///     signatureAlgorithm  AlgorithmIdentifier,
///     signatureValue      BIT STRING }
///
/// TBSCertificate ::= SEQUENCE {
///     version          [0] EXPLICIT Version DEFAULT v1,
///     serialNumber         CertificateSerialNumber,
///     signature            AlgorithmIdentifier,
///     issuer               Name,
///     validity             Validity,
///     subject              Name,
///     subjectPublicKeyInfo SubjectPublicKeyInfo,
///     issuerUniqueID   [1] IMPLICIT UniqueIdentifier OPTIONAL,
///     subjectUniqueID  [2] IMPLICIT UniqueIdentifier OPTIONAL,
///     extensions       [3] EXPLICIT Extensions OPTIONAL }
///
/// Validity ::= SEQUENCE { notBefore Time, notAfter Time }
/// ```
/// RFC 5280 §4.1.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    der: Vec<u8>,
    tbs: Range<usize>,
    serial: Range<usize>,
    issuer: Range<usize>,
    subject: Range<usize>,
    spki: Range<usize>,
    signature: Range<usize>,
    signature_algorithm: AlgorithmIdentifier,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    pub(super) extensions: Extensions,
    pub(super) fingerprint: Digest,
    /// Read when first asked for: OpenSSL takes longer to read a key than to check a signature with it.
    key: OnceLock<Result<PublicKey, AlgorithmFault>>,
    /// SHA-1 of the public key's octets, as an index (RFC 6960 §4.2.1); computed once, for hundreds of responses may ask
    /// hundreds of certificates. None where the key cannot be read.
    pub(super) key_sha1: Option<[u8; 20]>,
}

impl Certificate {
    /// Reads one certificate that fills `der` to its end.
    pub(super) fn read(der: &[u8]) -> Result<Self, Malformed> {
        let mut file = Reader::new(der, 0, Rules::Der);
        if der.len() > CERTIFICATE_BYTES_MAX {
            return Err(file.malformed("a certificate of at most CERTIFICATE_BYTES_MAX octets"));
        }
        let certificate = file.expect(tlv::SEQUENCE, "a Certificate")?;
        file.end("the end of the certificate")?;
        let mut fields = certificate.inside();
        let tbs = fields.expect(tlv::SEQUENCE, "a TBSCertificate")?;
        let outer_algorithm = fields.expect(tlv::SEQUENCE, "a signatureAlgorithm")?;
        let signature = fields.expect(tlv::BIT_STRING, "a signatureValue")?;
        fields.end("the end of Certificate")?;

        let mut inside = tbs.inside();
        read_version(&mut inside)?;
        let serial = inside.expect(tlv::INTEGER, "a serialNumber")?;
        let algorithm = inside.expect(tlv::SEQUENCE, "a signature AlgorithmIdentifier")?;
        // RFC 5280 §4.1.1.2: the two must be the same; only the inner one is signed.
        if algorithm.whole != outer_algorithm.whole {
            return Err(outer_algorithm.malformed("the signatureAlgorithm that is inside tbsCertificate"));
        }
        let issuer = name(&mut inside, "an issuer")?;
        let (not_before, not_after) = read_validity(&mut inside)?;
        let subject = name(&mut inside, "a subject")?;
        let spki = inside.expect(tlv::SEQUENCE, "a subjectPublicKeyInfo")?;
        inside.optional(CONTEXT_PRIMITIVE + 1)?;
        inside.optional(CONTEXT_PRIMITIVE + 2)?;
        let extensions = match inside.optional(CONTEXT + 3)? {
            Some(explicit) => Extensions::read(&explicit)?,
            None => Extensions::default(),
        };
        inside.end("the end of TBSCertificate")?;

        Ok(Self {
            tbs: tbs.range(),
            serial: serial.content_range(),
            issuer: issuer.range(),
            subject: subject.range(),
            spki: spki.range(),
            signature: signature.whole_bits()?,
            signature_algorithm: AlgorithmIdentifier::read(&algorithm)?,
            not_before,
            not_after,
            extensions,
            fingerprint: Digest::of(der),
            key_sha1: key::spki_fields(spki.whole).ok().map(|(_, key)| openssl::sha::sha1(key)),
            der: der.to_vec(),
            key: OnceLock::new(),
        })
    }

    /// The whole certificate, as it came.
    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    /// The serial number's value octets.
    pub(super) fn serial(&self) -> &[u8] {
        self.slice(&self.serial)
    }

    /// The issuer's Name, as it came. Chains compare these bytes: an authority copies its own name, and RFC 5280 §7.1's
    /// folding of case and spaces would only make different names equal.
    pub(super) fn issuer(&self) -> &[u8] {
        self.slice(&self.issuer)
    }

    /// The subject's Name, as it came.
    pub(super) fn subject(&self) -> &[u8] {
        self.slice(&self.subject)
    }

    /// The SubjectPublicKeyInfo, as it came.
    pub(super) fn spki(&self) -> &[u8] {
        self.slice(&self.spki)
    }

    /// Whether issuer and subject are one name (RFC 5280 §3.2: self-issued).
    pub(super) fn is_self_issued(&self) -> bool {
        self.issuer() == self.subject()
    }

    /// Whether it says to be an authority's.
    pub(super) fn is_authority(&self) -> bool {
        self.extensions.basic_constraints.is_some_and(|constraints| constraints.authority)
    }

    /// The algorithm that it is signed with, if this program can use it.
    pub(super) fn algorithm(&self) -> Result<SignatureAlgorithm, AlgorithmFault> {
        SignatureAlgorithm::of(&self.signature_algorithm, None)
    }

    /// Its public key, if this program can use it.
    pub(super) fn public_key(&self) -> Result<&PublicKey, AlgorithmFault> {
        self.key.get_or_init(|| PublicKey::of(self.spki())).as_ref().map_err(Clone::clone)
    }

    /// Whether `issuer`'s key signed the original bytes of tbsCertificate. Names are not looked at.
    pub(super) fn is_signed_by(&self, issuer: &Self) -> Result<bool, AlgorithmFault> {
        issuer.has_signed(&self.signature_algorithm, self.slice(&self.tbs), self.slice(&self.signature))
    }

    /// Whether its key made the signature of a certificate, list or response: the octets of a BIT STRING over `tbs`.
    pub(super) fn has_signed(
        &self,
        algorithm: &AlgorithmIdentifier,
        tbs: &[u8],
        signature: &[u8],
    ) -> Result<bool, AlgorithmFault> {
        let algorithm = SignatureAlgorithm::of(algorithm, None)?;
        Ok(self.public_key()?.verifies(algorithm, tbs, signature))
    }

    /// Subject in words.
    pub(super) fn title(&self) -> String {
        NameWords::of(self.subject()).title()
    }

    /// What people want to know of it.
    pub(super) fn facts(&self) -> CertificateFacts {
        let subject = NameWords::of(self.subject());
        CertificateFacts {
            subject: subject.title(),
            edrpou: subject.edrpou.or_else(|| self.extensions.edrpou.clone()),
            rnokpp: subject.rnokpp.or_else(|| self.extensions.rnokpp.clone()),
            kind: self.kind(),
            qualified: self.extensions.is_qualified(),
            organisation: subject.organisation,
            issuer: NameWords::of(self.issuer()).title(),
            serial: hexadecimal(self.serial()),
            fingerprint: self.fingerprint,
            not_before: self.not_before,
            not_after: self.not_after,
        }
    }

    /// What it says to be for.
    fn kind(&self) -> SignerKind {
        let extensions = &self.extensions;
        let has_purpose = |purpose: &[u8]| extensions.extended_key_usage.iter().any(|oid| oid.is(purpose));
        let has_statement = |statement: &[u8]| extensions.qc_statements.iter().any(|oid| oid.is(statement));
        if self.is_authority() {
            SignerKind::Authority
        } else if has_purpose(oid::TIME_STAMPING) {
            SignerKind::TimeStamping
        } else if has_purpose(oid::OCSP_SIGNING) {
            SignerKind::OcspResponder
        } else if has_purpose(oid::SEAL) || has_statement(oid::QC_TYPE_SEAL) {
            SignerKind::Seal
        } else if has_statement(oid::QC_TYPE_SIGN) || NameWords::of(self.subject()).rnokpp.is_some() {
            SignerKind::Person
        } else {
            SignerKind::Unsaid
        }
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.der.get(range.clone()).unwrap_or_default()
    }
}

/// Octets in lower-case hexadecimal.
pub(super) fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn read_version(inside: &mut Reader<'_>) -> Result<(), Malformed> {
    let Some(explicit) = inside.optional(CONTEXT)? else { return Ok(()) };
    let version = explicit.inside().expect(tlv::INTEGER, "a version")?;
    match version.small_integer()? {
        0..=2 => Ok(()),
        _ => Err(version.malformed("version 1, 2 or 3")),
    }
}

fn name<'a>(inside: &mut Reader<'a>, expected: &'static str) -> Result<Element<'a>, Malformed> {
    let name = inside.expect(tlv::SEQUENCE, expected)?;
    NameWords::read(&name)?;
    Ok(name)
}

fn read_validity(inside: &mut Reader<'_>) -> Result<(Timestamp, Timestamp), Malformed> {
    let mut times = inside.expect(tlv::SEQUENCE, "a validity")?.inside();
    let not_before = time::read(&times.any("a notBefore")?)?;
    let not_after = time::read(&times.any("a notAfter")?)?;
    times.end("the end of Validity")?;
    Ok((not_before, not_after))
}
