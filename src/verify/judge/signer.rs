//! One SignerInfo → its verdict.

use super::{Judge, Work};
use crate::model::{
    Indication, Level, Reason, RevocationFacts, RevocationRule, RevocationStanding, SignerVerdict,
    SubIndication, Timestamp,
};
use crate::verify::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::verify::attributes::{SignedAttributes, SigningCertificate};
use crate::verify::certificate::{Certificate, hexadecimal};
use crate::verify::chain::{self, Budget};
use crate::verify::cms::{SignedData, SignerIdentifier, SignerInfo};
use crate::verify::digests::{Content, Digests};
use crate::verify::fault::Fault;
use crate::verify::name::NameWords;

const NO_EVIDENCE: &str = "no OCSP or CRL";

/// One signer with everything that bears on it.
pub(super) struct Case<'a> {
    pub(super) cms: &'a SignedData<'a>,
    pub(super) signer: &'a SignerInfo<'a>,
    pub(super) embedded: &'a [Certificate],
    pub(super) judge: &'a Judge<'a>,
    pub(super) at: Timestamp,
}

impl<'a> Case<'a> {
    /// Passed only if each of the checks was made and found nothing: a check that could not be made is a fault too.
    pub(super) fn judge(
        &self,
        content: &mut Content<'_>,
        work: &mut Work<'_>,
    ) -> (SignerVerdict, Option<Fault>) {
        let attributes = self.attributes();
        let digest = DigestAlgorithm::of(&self.signer.digest_algorithm).map_err(Fault::from);
        let algorithm = SignatureAlgorithm::of(&self.signer.signature_algorithm, digest.clone().ok());
        let algorithm = algorithm.map_err(Fault::from);
        let named = attributes.as_ref().map_err(Clone::clone).and_then(SignedAttributes::signing_certificate);
        let certificate = self.certificate(named.as_ref().ok());
        let claimed = attributes.as_ref().map_err(Clone::clone).and_then(SignedAttributes::signing_time);

        let checks = [
            self.check_attributes(&attributes),
            check_content(&attributes, &digest, content, &mut work.digests),
            self.check_algorithms(&digest, &algorithm),
            certificate.clone().map(|_| ()),
            check_identity(&named, &certificate),
            self.check_signature(&attributes, &algorithm, &certificate, &mut work.budget),
            claimed.as_ref().map(|_| ()).map_err(Clone::clone),
            certificate.clone().and_then(|signer| {
                let helpers = self.embedded.iter().chain(self.judge.evidence.certificates()).collect();
                chain::check(signer, helpers, self.judge.trust, self.at, &mut work.budget)
            }),
            self.check_revocation(&certificate),
        ];
        let fault = checks.into_iter().filter_map(Result::err).reduce(Fault::worse);

        let verdict = SignerVerdict {
            indication: fault.as_ref().map_or(Indication::TotalPassed, Fault::indication),
            sub_indication: fault.as_ref().map(|fault| fault.sub_indication),
            reason: fault.as_ref().map(|fault| fault.reason.clone()),
            level: Some(Level::Bes),
            revocation: self.revocation(&certificate),
            certificate: certificate.ok().map(Certificate::facts),
            chain: Vec::new(),
            proven_at: self.at,
            time_stamps: Vec::new(),
            policy_oid: None,
            claimed_at: claimed.ok().flatten(),
            signature_oid: Some(self.signer.signature_algorithm.oid.to_string()),
            digest_oid: Some(self.signer.digest_algorithm.oid.to_string()),
        };
        (verdict, fault)
    }

    /// Without signed attributes the signature lies over the content itself, and then every signature ever made with
    /// attributes is also one over another «document»: its own attributes put in the content's place. ETSI EN 319 102-1
    /// §5.2.7 gives a missing mandatory attribute SIG_CONSTRAINTS_FAILURE, and so do we.
    fn attributes(&self) -> Result<SignedAttributes<'a>, Fault> {
        match &self.signer.signed_attributes {
            None => Err(Fault::attribute(Reason::NoSignedAttributes)),
            Some(raw) => Ok(SignedAttributes::read(raw)?),
        }
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

    /// The signer's certificate: from the signature, then from the operator's folder. Of several that fit the
    /// identifier, the one that the signing-certificate-v2 attribute names.
    fn certificate(&self, named: Option<&SigningCertificate<'_>>) -> Result<&'a Certificate, Fault> {
        let fits = |certificate: &&Certificate| match self.signer.identifier {
            SignerIdentifier::IssuerAndSerial { issuer, serial } => {
                certificate.issuer() == issuer && certificate.serial() == serial
            }
            SignerIdentifier::KeyId(key_id) => {
                certificate.extensions.subject_key_id.as_deref() == Some(key_id)
            }
        };
        let found: Vec<&'a Certificate> = self
            .embedded
            .iter()
            .chain(self.judge.evidence.certificates())
            .chain(self.judge.trust.all())
            .filter(fits)
            .collect();
        let is_named = |certificate: &&&Certificate| {
            named.is_some_and(|named| is_identified(named, certificate).is_ok_and(|is| is))
        };
        found.iter().find(is_named).or(found.first()).copied().ok_or_else(|| {
            let sought = sought(&self.signer.identifier);
            let reason = Reason::SignerCertificateNotFound { sought };
            Fault::new(SubIndication::NoSigningCertificateFound, reason)
        })
    }

    /// Nothing is known of any revocation yet.
    fn check_revocation(&self, certificate: &Result<&Certificate, Fault>) -> Result<(), Fault> {
        match (certificate, self.judge.policy.revocation) {
            (Ok(signer), RevocationRule::Required) => {
                let reason =
                    Reason::RevocationUnknown { subject: signer.title(), why: NO_EVIDENCE.to_owned() };
                Err(Fault::new(SubIndication::TryLater, reason))
            }
            _ => Ok(()),
        }
    }

    fn revocation(&self, certificate: &Result<&Certificate, Fault>) -> Vec<RevocationFacts> {
        let standing = match self.judge.policy.revocation {
            RevocationRule::Off => RevocationStanding::NotAsked,
            _ => RevocationStanding::Unknown { why: NO_EVIDENCE.to_owned() },
        };
        let facts = |signer: &&Certificate| RevocationFacts { subject: signer.title(), standing };
        certificate.as_ref().ok().map(facts).into_iter().collect()
    }

    fn check_signature(
        &self,
        attributes: &Result<SignedAttributes<'_>, Fault>,
        algorithm: &Result<SignatureAlgorithm, Fault>,
        certificate: &Result<&Certificate, Fault>,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        let attributes = attributes.as_ref().map_err(Clone::clone)?;
        let algorithm = algorithm.clone()?;
        let certificate = certificate.clone()?;
        budget.spend()?;
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
    match content.has(digest.clone()?, signed, digests) {
        Some(true) => Ok(()),
        Some(false) => Err(Fault::new(SubIndication::HashFailure, Reason::ContentChanged)),
        None => Err(Fault::new(SubIndication::SignedDataNotFound, Reason::ContentNotFound)),
    }
}

/// Whether the signing-certificate-v2 attribute names the certificate that was found.
fn check_identity(
    named: &Result<SigningCertificate<'_>, Fault>,
    certificate: &Result<&Certificate, Fault>,
) -> Result<(), Fault> {
    let named = named.as_ref().map_err(Clone::clone)?;
    if is_identified(named, certificate.clone()?)? {
        Ok(())
    } else {
        Err(Fault::attribute(Reason::AttributeWrong { name: "signing-certificate-v2".to_owned() }))
    }
}

fn is_identified(named: &SigningCertificate<'_>, certificate: &Certificate) -> Result<bool, Fault> {
    let digest = match &named.hash_algorithm {
        None => DigestAlgorithm::Sha256,
        Some(algorithm) => DigestAlgorithm::of(algorithm)?,
    };
    let right_issuer = named
        .issuer_serial
        .is_none_or(|(issuer, serial)| issuer == certificate.issuer() && serial == certificate.serial());
    Ok(right_issuer && digest.digest(certificate.der()) == named.hash)
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
