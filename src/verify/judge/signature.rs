//! One SignerInfo, of a document or of a time-stamp token → what its structure and its mathematics say.

use super::Work;
use crate::model::{Reason, SubIndication, Timestamp};
use crate::verify::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::verify::attributes::{HashedBy, SignedAttributes, SigningCertificate};
use crate::verify::budget::Budget;
use crate::verify::certificate::{Certificate, hexadecimal};
use crate::verify::chain::{Ground, Purpose};
use crate::verify::cms::{SignedData, SignerIdentifier, SignerInfo};
use crate::verify::digests::{Content, Digests};
use crate::verify::fault::Fault;
use crate::verify::limits::SIGNER_CANDIDATES_MAX;
use crate::verify::name::NameWords;
use crate::verify::policy;

/// One signature with everything that it lies over.
pub(super) struct Signature<'a> {
    pub(super) cms: &'a SignedData<'a>,
    pub(super) signer: &'a SignerInfo<'a>,
    pub(super) attributes: &'a Result<SignedAttributes<'a>, Fault>,
    pub(super) purpose: Purpose,
}

/// What was found of a signature before its certificates are judged.
pub(super) struct Examined<'a> {
    pub(super) certificate: Result<&'a Certificate, Fault>,
    /// The signer's word for the time.
    pub(super) claimed_at: Option<Timestamp>,
    pub(super) fault: Option<Fault>,
}

impl<'a> Signature<'a> {
    /// Without a fault only if each of the checks was made and found nothing: a check that could not be made is one too.
    pub(super) fn examine(
        &self,
        ground: &Ground<'a>,
        content: &mut Content<'_>,
        work: &mut Work<'_>,
    ) -> Examined<'a> {
        let attributes = || self.attributes.as_ref().map_err(Clone::clone);
        let digest = DigestAlgorithm::of(&self.signer.digest_algorithm).map_err(Fault::from);
        let algorithm = SignatureAlgorithm::of(&self.signer.signature_algorithm, digest.clone().ok());
        let algorithm = algorithm.map_err(Fault::from);
        let named = attributes().and_then(|attributes| match self.purpose {
            Purpose::TimeStamping => attributes.token_signing_certificate(),
            Purpose::Document | Purpose::Authority => attributes.signing_certificate(),
        });
        let certificate = self.certificate(named.as_ref().ok(), ground, &mut work.budget);
        // What the signer's own S-boxes make of the content.
        let sboxes = certificate.as_ref().ok().and_then(|signer| signer.public_key().ok()?.sboxes());
        let in_content = digest.clone().map(|digest| digest.with_sboxes(sboxes));
        let claimed = attributes().and_then(SignedAttributes::signing_time);
        let allowed = |algorithm| policy::check_algorithm(ground.policy, algorithm);
        let checks = [
            self.check_attributes(self.attributes),
            check_content(self.attributes, &in_content, content, &mut work.digests),
            self.check_algorithms(&digest, &algorithm),
            algorithm.clone().and_then(allowed),
            certificate.clone().map(|_| ()),
            check_identity(&named, &certificate, &mut work.budget),
            self.check_signature(&algorithm, &certificate, &mut work.budget),
            claimed.as_ref().map(|_| ()).map_err(Clone::clone),
        ];
        let fault = checks.into_iter().filter_map(Result::err).reduce(Fault::worse);
        Examined { certificate, claimed_at: claimed.ok().flatten(), fault }
    }

    fn check_attributes(&self, attributes: &Result<SignedAttributes<'_>, Fault>) -> Result<(), Fault> {
        let attributes = attributes.as_ref().map_err(Clone::clone)?;
        attributes.each_once()?;
        if attributes.content_type()? != self.cms.content_type {
            return Err(Fault::attribute(Reason::AttributeWrong { name: "content-type".to_owned() }));
        }
        attributes.protects(&self.signer.digest_algorithm, &self.signer.signature_algorithm)
    }

    /// The digest is named in three places: SignedData (a hint for a reader in one pass, RFC 5652 §5.1), SignerInfo and
    /// the signature algorithm. They must agree; what disagrees was put together by someone, or by a broken program.
    fn check_algorithms(
        &self,
        digest: &Result<DigestAlgorithm, Fault>,
        algorithm: &Result<SignatureAlgorithm, Fault>,
    ) -> Result<(), Fault> {
        let differ = |other: String| {
            let digest = self.signer.digest_algorithm.oid.to_string();
            Err(Fault::attribute(Reason::DigestAlgorithmsDiffer { digest, other }))
        };
        if !self.cms.digest_algorithms.contains(&self.signer.digest_algorithm) {
            return differ("digestAlgorithms".to_owned());
        }
        let (digest, algorithm) = (digest.clone()?, algorithm.clone()?);
        if algorithm.digest() == digest {
            Ok(())
        } else {
            differ(self.signer.signature_algorithm.oid.to_string())
        }
    }

    /// The signer's certificate: from the file, then from the operator's. Of several that fit the identifier, the one
    /// that the signing-certificate attribute names.
    fn certificate(
        &self,
        named: Option<&SigningCertificate<'_>>,
        ground: &Ground<'a>,
        budget: &mut Budget,
    ) -> Result<&'a Certificate, Fault> {
        let Ground { trust, evidence, embedded, .. } = *ground;
        let identifier = &self.signer.identifier;
        let fits = |certificate: &&Certificate| match identifier {
            SignerIdentifier::IssuerAndSerial { issuer, serial } => {
                certificate.serial() == *serial && certificate.issuer() == *issuer
            }
            SignerIdentifier::KeyId(id) => certificate.extensions.subject_key_id.as_deref() == Some(id),
        };
        let known = embedded.identified(identifier).chain(evidence.shelf().identified(identifier));
        let known = known.chain(trust.all().filter(fits).take(SIGNER_CANDIDATES_MAX));
        let found: Vec<&'a Certificate> = known.collect();
        let is_named = |certificate: &&&Certificate| {
            named.is_some_and(|named| is_identified(named, certificate, budget).is_ok_and(|is| is))
        };
        found.iter().find(is_named).or(found.first()).copied().ok_or_else(|| {
            let reason = Reason::SignerCertificateNotFound { sought: sought(identifier) };
            Fault::new(SubIndication::NoSigningCertificateFound, reason)
        })
    }

    fn check_signature(
        &self,
        algorithm: &Result<SignatureAlgorithm, Fault>,
        certificate: &Result<&Certificate, Fault>,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        let attributes = self.attributes.as_ref().map_err(Clone::clone)?;
        let algorithm = algorithm.clone()?;
        let certificate = certificate.clone()?;
        budget.spend(attributes.signed_bytes.len())?;
        let key = certificate.public_key()?;
        if key.verifies(algorithm, &attributes.signed_bytes, self.signer.signature) {
            Ok(())
        } else {
            Err(Fault::new(SubIndication::SigCryptoFailure, Reason::SignatureWrong))
        }
    }
}

fn check_content(
    attributes: &Result<SignedAttributes<'_>, Fault>,
    digest: &Result<DigestAlgorithm, Fault>,
    content: &mut Content<'_>,
    digests: &mut Digests<'_>,
) -> Result<(), Fault> {
    let signed = attributes.as_ref().map_err(Clone::clone)?.message_digest()?;
    match content.has(digest.clone()?, signed, digests)? {
        Some(true) => Ok(()),
        Some(false) => Err(Fault::new(SubIndication::HashFailure, Reason::ContentChanged)),
        None => Err(Fault::new(SubIndication::SignedDataNotFound, Reason::ContentNotFound)),
    }
}

/// Whether the signing-certificate attribute names the certificate that was found.
fn check_identity(
    named: &Result<SigningCertificate<'_>, Fault>,
    certificate: &Result<&Certificate, Fault>,
    budget: &mut Budget,
) -> Result<(), Fault> {
    let named = named.as_ref().map_err(Clone::clone)?;
    if is_identified(named, certificate.clone()?, budget)? {
        return Ok(());
    }
    let name = match named.hashed_by {
        HashedBy::Sha1 => "signing-certificate",
        HashedBy::Default | HashedBy::Named(_) => "signing-certificate-v2",
    };
    Err(Fault::attribute(Reason::AttributeWrong { name: name.to_owned() }))
}

/// Whether the attribute's hash is the certificate's. Only SHA-256 is known already: the others are paid for, as a
/// certificate may be long and each of many signers may ask for several.
fn is_identified(
    named: &SigningCertificate<'_>,
    certificate: &Certificate,
    budget: &mut Budget,
) -> Result<bool, Fault> {
    let right_issuer = named
        .issuer_serial
        .is_none_or(|(issuer, serial)| issuer == certificate.issuer() && serial == certificate.serial());
    let digest = match &named.hashed_by {
        HashedBy::Default => DigestAlgorithm::Sha256,
        HashedBy::Named(algorithm) => DigestAlgorithm::of(algorithm)?,
        HashedBy::Sha1 => {
            budget.spend(certificate.der().len())?;
            return Ok(right_issuer && openssl::sha::sha1(certificate.der()) == *named.hash);
        }
    };
    let right_hash = match digest {
        DigestAlgorithm::Sha256 => certificate.fingerprint.0 == *named.hash,
        other => {
            budget.spend(certificate.der().len())?;
            other.digest(certificate.der()) == named.hash
        }
    };
    Ok(right_issuer && right_hash)
}

fn sought(identifier: &SignerIdentifier<'_>) -> String {
    match identifier {
        SignerIdentifier::IssuerAndSerial { issuer, serial } => {
            let issuer = NameWords::of(issuer).title();
            format!("{issuer}, {}", hexadecimal(serial))
        }
        SignerIdentifier::KeyId(key_id) => hexadecimal(key_id),
    }
}
