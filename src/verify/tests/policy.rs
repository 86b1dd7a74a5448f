//! What an organisation demands: algorithms, key sizes, forms, and who may seal.

use super::*;
use crate::model::{Level, PolicyAlgorithm};
use crate::verify::oid;
use crate::verify::testing::{
    CertificateSpec, Hash, Key, SignerSpec, algorithm, attribute, octets, oid as oid_of, sequence,
};
use crate::verify::testing_time_stamps::{TokenSpec, signature_stamp};
use crate::verify::tlv;

fn judge_by(p7s: &[u8], policy: &Policy) -> Verdict {
    judge_with(p7s, &Evidence::new(), policy, NOW)
}

fn weak(what: &str) -> Reason {
    Reason::WeakAlgorithm { what: what.to_owned() }
}

#[test]
fn only_allowed_algorithms_prove_anything() {
    let without = |left_out: PolicyAlgorithm| {
        let algorithms = PolicyAlgorithm::ALL.into_iter().filter(|allowed| *allowed != left_out).collect();
        Policy { algorithms, ..policy() }
    };
    let p7s = CmsSpec::good(PDF, true).make();
    let verdict = judge_by(&p7s, &without(PolicyAlgorithm::Ecdsa));
    is_indeterminate(&verdict, SubIndication::CryptoConstraintsFailure, &weak("ECDSA"));
    passes(&judge_by(&p7s, &without(PolicyAlgorithm::RsaPkcs1)));
    // An ECDSA signer under an authority that signs with RSA; the root's own signature is nobody's business.
    let rsa = Key::rsa(2048);
    let authority =
        CertificateSpec::authority("RSA", &rsa, crate::verify::testing::ROOT, &PKI.root_key).make();
    let signer = CertificateSpec::signer("S", &PKI.signer_key, "RSA", &rsa).make();
    let spec = SignerSpec::new(&PKI.signer_key, &signer, Hash::Sha256, PDF);
    let p7s = CmsSpec::by(PDF, true, spec, vec![signer, authority]).make();
    passes(&judge_by(&p7s, &without(PolicyAlgorithm::RsaPss)));
    let verdict = judge_by(&p7s, &without(PolicyAlgorithm::RsaPkcs1));
    is_indeterminate(&verdict, SubIndication::CryptoConstraintsFailure, &weak("RSASSA-PKCS1-v1_5"));
    let verdict = judge_by(&p7s, &Policy { rsa_bits_min: 3072, ..policy() });
    is_indeterminate(&verdict, SubIndication::CryptoConstraintsFailure, &weak("RSA 2048"));
}

#[test]
fn the_form_is_at_least_the_one_asked_for_and_its_time_proven() {
    let at_least = |level_min: Level| Policy { level_min, ..policy() };
    let stamped = |octets: &'static [u8], time: &'static str| {
        let spec = CmsSpec::good(PDF, true).signer(|signer| {
            signer.stamped(move |signature| {
                let over = if octets.is_empty() { signature } else { octets };
                signature_stamp(&[TokenSpec::at(time).over(over)])
            })
        });
        spec.make()
    };
    let low = |level: &str, level_min: &str| Reason::LevelTooLow {
        level: level.to_owned(),
        level_min: level_min.to_owned(),
    };
    let verdict = judge_by(&CmsSpec::good(PDF, true).make(), &at_least(Level::T));
    is_indeterminate(&verdict, SubIndication::SigConstraintsFailure, &low("CAdES-BES", "CAdES-T"));
    let good = stamped(b"", "20260301000000Z");
    passes(&judge_by(&good, &at_least(Level::T)));
    let verdict = judge_by(&good, &at_least(Level::XLong));
    is_indeterminate(&verdict, SubIndication::SigConstraintsFailure, &low("CAdES-T", "CAdES-X-Long"));
    let broken = stamped(b"another", "20260301000000Z");
    let verdict = judge_by(&broken, &at_least(Level::T));
    is_indeterminate(&verdict, SubIndication::NoPoe, &Reason::NoValidTimeStamp);
    passes(&judge_by(&broken, &at_least(Level::Bes)));
}

#[test]
fn one_of_the_signers_must_be_allowed_to_seal() {
    let sealers =
        |list: &[&str]| Policy { sealers: list.iter().map(|&n| n.to_owned()).collect(), ..policy() };
    let p7s = CmsSpec::good(PDF, true).make();
    passes(&judge_by(&p7s, &sealers(&["00000000", "43395033"])));
    let not_allowed = Reason::SealerNotAllowed { edrpou: vec!["43395033".to_owned()] };
    let verdict = judge_by(&p7s, &sealers(&["00000000"]));
    is_indeterminate(&verdict, SubIndication::SigConstraintsFailure, &not_allowed);
    assert_eq!(verdict.signers[0].indication, Indication::TotalPassed);
    // A citizen beside the seal, and a citizen alone.
    let key = Key::p256("citizen");
    let citizen =
        CertificateSpec::signer("Громадянка", &key, crate::verify::testing::AUTHORITY, &PKI.authority_key);
    let citizen = citizen.make();
    let mut both = CmsSpec::good(PDF, true);
    both.signers.push(SignerSpec::new(&key, &citizen, Hash::Sha256, PDF));
    both.certificates.push(citizen);
    passes(&judge_by(&both.make(), &sealers(&["43395033"])));
    both.signers.remove(0);
    let verdict = judge_by(&both.make(), &sealers(&["43395033"]));
    let nobody = Reason::SealerNotAllowed { edrpou: vec![] };
    is_indeterminate(&verdict, SubIndication::SigConstraintsFailure, &nobody);
    // What is wrong with the signature is told before who made it.
    let wrong = CmsSpec::good(PDF, true).signer(|signer| SignerSpec { key: &key, ..signer });
    let verdict = judge_by(&wrong.make(), &sealers(&["00000000"]));
    is_failed(&verdict, SubIndication::SigCryptoFailure, &Reason::SignatureWrong);
}

#[test]
fn a_signature_policy_is_named_or_cannot_be_processed() {
    let with = |values: &[Vec<u8>]| {
        let named = attribute(oid::SIGNATURE_POLICY, values);
        judge_spec(&CmsSpec::good(PDF, true).signer(|signer| signer.with(named)))
    };
    let hash = sequence(&[algorithm(oid::SHA_256), octets(&[0; 32])]);
    for rest in [vec![hash.clone()], vec![hash.clone(), sequence(&[])], vec![]] {
        let verdict = with(&[sequence(&[vec![oid_of(&[0x2a, 0x03])], rest].concat())]);
        passes(&verdict);
        assert_eq!(verdict.signers[0].policy_oid.as_deref(), Some("1.2.3"));
    }
    let implied = with(&[vec![tlv::NULL, 0]]);
    passes(&implied);
    assert_eq!(implied.signers[0].policy_oid, None);
    for broken in [octets(b"x"), sequence(&[octets(b"x")]), sequence(&[oid_of(&[0x2a, 0x03]), octets(b"x")])]
    {
        let verdict = with(&[broken]);
        is_indeterminate(&verdict, SubIndication::PolicyProcessingError, &Reason::SignaturePolicyBroken);
    }
}
