//! What an organisation demands → what a signature lacks of it.

use super::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use super::certificate::Certificate;
use super::fault::Fault;
use super::key;
use crate::model::{Indication, Level, Policy, PolicyAlgorithm, Reason, SignerVerdict, SubIndication};

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
pub(super) fn check_sealers(policy: &Policy, signers: &[SignerVerdict]) -> Result<(), Fault> {
    let passed = signers.iter().filter(|signer| signer.indication == Indication::TotalPassed);
    let numbers = passed.filter_map(|signer| signer.certificate.as_ref()?.edrpou.clone());
    let edrpou: Vec<String> = numbers.collect();
    if policy.sealers.is_empty() || edrpou.iter().any(|edrpou| policy.sealers.contains(edrpou)) {
        return Ok(());
    }
    Err(Fault::new(SubIndication::SigConstraintsFailure, Reason::SealerNotAllowed { edrpou }))
}

fn family(algorithm: SignatureAlgorithm) -> (PolicyAlgorithm, &'static str) {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    match algorithm {
        SignatureAlgorithm::Ecdsa(Sha256 | Sha384 | Sha512) => (PolicyAlgorithm::Ecdsa, "ECDSA"),
        SignatureAlgorithm::RsaPkcs1(_) => (PolicyAlgorithm::RsaPkcs1, "RSASSA-PKCS1-v1_5"),
        SignatureAlgorithm::RsaPss(..) => (PolicyAlgorithm::RsaPss, "RSASSA-PSS"),
    }
}

fn weak(what: String) -> Fault {
    Fault::new(SubIndication::CryptoConstraintsFailure, Reason::WeakAlgorithm { what })
}
