//! What an organisation demands → what a signature lacks of it.

use super::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use super::certificate::Certificate;
use super::fault::Fault;
use super::key;
use crate::model::{
    CertificateFacts, Indication, Level, Policy, PolicyAlgorithm, Reason, SignerKind, SignerVerdict,
    SubIndication,
};

/// The signature algorithm must be of an allowed family.
pub(super) fn check_algorithm(policy: &Policy, algorithm: SignatureAlgorithm) -> Result<(), Fault> {
    let (family, words) = family(algorithm);
    if policy.algorithms.contains(&family) { Ok(()) } else { Err(weak(words.to_owned())) }
}

/// The key must be large enough.
pub(super) fn check_key(policy: &Policy, certificate: &Certificate) -> Result<(), Fault> {
    match key::rsa_bits(certificate.spki()) {
        Some(bits) if bits < policy.rsa_bits_min => Err(weak(format!("RSA {bits}"))),
        _ => Ok(()),
    }
}

/// The form must be at least the one asked for, and its time proven where that form proves one.
pub(super) fn check_level(policy: &Policy, level: Level, is_time_proven: bool) -> Result<(), Fault> {
    if level < policy.level_min {
        let reason = Reason::LevelTooLow {
            level: level.word().to_owned(),
            level_min: policy.level_min.word().to_owned(),
        };
        return Err(Fault::new(SubIndication::SigConstraintsFailure, reason));
    }
    if policy.level_min >= Level::T && !is_time_proven {
        return Err(Fault::new(SubIndication::NoPoe, Reason::NoValidTimeStamp));
    }
    Ok(())
}

/// One of those whose signature passed must be allowed to seal copies.
///
/// The number alone is not enough: the certificates of an organisation's people bear it too, and those of its servers,
/// which sign what strangers send them. Not every seal says that it is one, so it must only not say otherwise.
pub(super) fn check_sealers(policy: &Policy, signers: &[SignerVerdict]) -> Result<(), Fault> {
    let passed = signers.iter().filter(|signer| signer.indication == Indication::TotalPassed);
    let seals = |facts: &&CertificateFacts| match facts.kind {
        SignerKind::Seal => true,
        SignerKind::Unsaid => facts.rnokpp.is_none(),
        SignerKind::Person | SignerKind::TimeStamping | SignerKind::OcspResponder | SignerKind::Authority => {
            false
        }
    };
    let certificates = passed.filter_map(|signer| signer.certificate.as_ref()).filter(seals);
    let numbers = certificates.filter_map(|facts| facts.edrpou.clone());
    let edrpou: Vec<String> = numbers.collect();
    if policy.sealers.is_empty() || edrpou.iter().any(|edrpou| policy.sealers.contains(edrpou)) {
        return Ok(());
    }
    Err(Fault::new(SubIndication::SigConstraintsFailure, Reason::SealerNotAllowed { edrpou }))
}

fn family(algorithm: SignatureAlgorithm) -> (PolicyAlgorithm, &'static str) {
    match algorithm {
        SignatureAlgorithm::Ecdsa(_) => (PolicyAlgorithm::Ecdsa, "ECDSA"),
        SignatureAlgorithm::Dstu4145(DigestAlgorithm::Gost34311(_)) => {
            (PolicyAlgorithm::Dstu4145Gost, "DSTU 4145 with GOST 34.311")
        }
        SignatureAlgorithm::Dstu4145(_) => (PolicyAlgorithm::Dstu4145Kupyna, "DSTU 4145 with Kupyna"),
        SignatureAlgorithm::RsaPkcs1(_) => (PolicyAlgorithm::RsaPkcs1, "RSASSA-PKCS1-v1_5"),
        SignatureAlgorithm::RsaPss(..) => (PolicyAlgorithm::RsaPss, "RSASSA-PSS"),
    }
}

fn weak(what: String) -> Fault {
    Fault::new(SubIndication::CryptoConstraintsFailure, Reason::WeakAlgorithm { what })
}
