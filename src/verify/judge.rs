//! Signed parts + trust + time → verdicts.

use super::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use super::attributes::{SignedAttributes, SigningCertificate};
use super::certificate::{Certificate, hexadecimal};
use super::chain::{self, Budget};
use super::cms::{SignedData, SignerIdentifier, SignerInfo};
use super::digests::{Content, Digests};
use super::fault::Fault;
use super::limits::CERTIFICATES_MAX;
use super::oid;
use super::trust::Trust;
use crate::model::{
    AttachmentKind, ContentSource, Indication, Letter, Level, Reason, Signed, SignedPart, SignerVerdict,
    SubIndication, Timestamp, Verdict,
};

/// A verdict for every signed part, in their order.
///
/// `proof_at` is our first durable write of the letter: the earliest moment at which we can prove that the signature
/// existed, and so the one at which certificates are judged while no time-stamp is looked at. `judged_at` is only
/// written down.
#[must_use]
pub fn judge_all(
    letter: &Letter,
    signed: &Signed,
    trust: &Trust,
    proof_at: Timestamp,
    judged_at: Timestamp,
) -> Vec<Verdict> {
    let mut work = Work { digests: Digests::new(letter), budget: Budget::of_letter() };
    signed.parts.iter().map(|part| judge(letter, part, trust, (proof_at, judged_at), &mut work)).collect()
}

/// What all parts of a letter share, so that a hundred of them do not do the same work a hundred times.
struct Work<'a> {
    digests: Digests<'a>,
    budget: Budget,
}

fn judge(
    letter: &Letter,
    part: &SignedPart,
    trust: &Trust,
    (proof_at, judged_at): (Timestamp, Timestamp),
    work: &mut Work<'_>,
) -> Verdict {
    let attachment = letter.attachments.get(part.p7s);
    let p7s = attachment.map(|attachment| attachment.file_name.clone()).filter(|name| !name.is_empty());
    let signers = match attachment.map(|attachment| &attachment.kind) {
        Some(AttachmentKind::Cms { der }) => judge_signers(part, der, trust, proof_at, work),
        _ => Err(no_signed_data()),
    };
    let mut verdict = Verdict {
        p7s: p7s.unwrap_or_else(|| (part.p7s + 1).to_string()),
        p7s_at: part.p7s,
        content: part.content.clone(),
        indication: Indication::TotalPassed,
        sub_indication: None,
        reason: None,
        signers: Vec::new(),
        proof_at,
        judged_at,
    };
    let (signers, worst) = signers.unwrap_or_else(|fault| (Vec::new(), Some(fault)));
    verdict.signers = signers;
    if let Some(fault) = worst {
        verdict.indication = fault.indication();
        verdict.sub_indication = Some(fault.sub_indication);
        verdict.reason = Some(fault.reason);
    }
    verdict
}

/// Every signer's verdict and the worst fault of all: one good signer never hides a bad one.
fn judge_signers(
    part: &SignedPart,
    der: &[u8],
    trust: &Trust,
    at: Timestamp,
    work: &mut Work<'_>,
) -> Result<(Vec<SignerVerdict>, Option<Fault>), Fault> {
    let cms = SignedData::read(der, CERTIFICATES_MAX)?;
    if cms.signers.is_empty() {
        return Err(Fault::new(SubIndication::FormatFailure, Reason::NoSigners));
    }
    // A SignedData over another type (a time-stamp token, another SignedData) says nothing about a document.
    if !cms.content_type.is(oid::ID_DATA) {
        let reason = Reason::ContentTypeNotData { oid: cms.content_type.to_string() };
        return Err(Fault::new(SubIndication::FormatFailure, reason));
    }
    // Certificates that cannot be read are none: the signer's will be missed, others were not needed.
    let embedded: Vec<Certificate> =
        cms.certificates.iter().filter_map(|der| Certificate::read(der).ok()).collect();
    let mut content = match (&cms.content, &part.content) {
        (Some(embedded), _) => Content::inside(embedded),
        (None, ContentSource::Detached { at }) => {
            at.first().map_or(Content::Missing, |place| Content::Beside(*place))
        }
        (None, ContentSource::Named { at }) => Content::Beside(*at),
        (None, _) => Content::Missing,
    };
    work.budget.next_part();
    let mut verdicts = Vec::new();
    let mut worst: Option<Fault> = None;
    for signer in &cms.signers {
        let case = Case { cms: &cms, signer, embedded: &embedded, trust, at };
        let (verdict, fault) = case.judge(&mut content, work);
        verdicts.push(verdict);
        worst = match (worst, fault) {
            (Some(known), Some(fault)) => Some(known.worse(fault)),
            (known, fault) => known.or(fault),
        };
    }
    Ok((verdicts, worst))
}

/// One signer with everything that bears on it.
struct Case<'a> {
    cms: &'a SignedData<'a>,
    signer: &'a SignerInfo<'a>,
    embedded: &'a [Certificate],
    trust: &'a Trust,
    at: Timestamp,
}

impl<'a> Case<'a> {
    /// Passed only if each of the checks was made and found nothing: a check that could not be made is a fault too.
    fn judge(&self, content: &mut Content<'_>, work: &mut Work<'_>) -> (SignerVerdict, Option<Fault>) {
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
                chain::check(signer, self.embedded, self.trust, self.at, &mut work.budget)
            }),
        ];
        let fault = checks.into_iter().filter_map(Result::err).reduce(Fault::worse);

        let verdict = SignerVerdict {
            indication: fault.as_ref().map_or(Indication::TotalPassed, Fault::indication),
            sub_indication: fault.as_ref().map(|fault| fault.sub_indication),
            reason: fault.as_ref().map(|fault| fault.reason.clone()),
            level: Some(Level::Bes),
            certificate: certificate.ok().map(Certificate::facts),
            chain: Vec::new(),
            revocation: Vec::new(),
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
        let found: Vec<&'a Certificate> = self.embedded.iter().chain(self.trust.all()).filter(fits).collect();
        let is_named = |certificate: &&&Certificate| {
            named.is_some_and(|named| is_identified(named, certificate).is_ok_and(|is| is))
        };
        found.iter().find(is_named).or(found.first()).copied().ok_or_else(|| {
            let sought = sought(&self.signer.identifier);
            let reason = Reason::SignerCertificateNotFound { sought };
            Fault::new(SubIndication::NoSigningCertificateFound, reason)
        })
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
            let issuer = super::name::NameWords::of(issuer).title();
            format!("{issuer}, {}", hexadecimal(serial))
        }
        SignerIdentifier::KeyId(key_id) => hexadecimal(key_id),
    }
}

fn no_signed_data() -> Fault {
    let reason = Reason::Malformed { expected: "a CMS SignedData".to_owned(), offset: 0 };
    Fault::new(SubIndication::FormatFailure, reason)
}
