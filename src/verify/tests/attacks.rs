//! What a forger with a genuine signature, or with a paid certificate, would try: each was tried here with such a file.

use super::*;
use crate::verify::certificate::Certificate;
use crate::verify::limits::{CERTIFICATES_MAX, LETTER_SIGNATURES_MAX};
use crate::verify::oid;
use crate::verify::testing::{
    AUTHORITY, CertificateSpec, Hash, Key, ROOT, SIGNER, SignerSpec, algorithm, content_type, element,
    extension, integer, key_usage, name_of, octets, oid as oid_of, sequence, signing_certificate,
};
use crate::verify::testing_revocation::{CrlSpec, OcspSpec, by_key, entry, good as says_good, revoked};
use crate::verify::testing_time_stamps::{TSA, TokenSpec, content_stamp, purposes, signature_stamp};
use crate::verify::tlv;

/// A token whose authority took the requester's word for the S-boxes.
fn token_with_sboxes(sboxes: &[u8], stamped: &[u8]) -> Vec<u8> {
    let dke = dstu::gost34311::Dke::try_from(sboxes).unwrap();
    let digest = dstu::gost34311::digest(&dke, stamped);
    let imprint = sequence(&[sequence(&[oid_of(oid::GOST_34311), octets(sboxes)]), octets(digest.as_ref())]);
    let info = sequence(&[
        integer(1),
        oid_of(&[0x2a, 0x03]),
        imprint,
        integer(5),
        element(tlv::GENERALIZED_TIME, b"20260315120000Z"),
    ]);
    let signer = SignerSpec::new(&TSA.key, &TSA.certificate, Hash::Sha256, &info)
        .without(oid::CONTENT_TYPE)
        .with(content_type(oid::TST_INFO));
    let mut cms = CmsSpec::by(&info, true, signer, vec![TSA.certificate.clone()]);
    cms.content_type = oid::TST_INFO;
    cms.make()
}

/// With S-boxes of the requester's choice the digest is no digest: a stamp of today would fit a signature of next year.
#[test]
fn an_imprint_with_s_boxes_of_the_requesters_choice_proves_no_time() {
    let judged = |sboxes: [u8; 64]| {
        let spec = CmsSpec::good(PDF, true).signer(|signer| {
            signer.stamped(move |signature| signature_stamp(&[token_with_sboxes(&sboxes, signature)]))
        });
        let mut verdict = judge_with(&spec.make(), &Evidence::new(), &policy(), NOW);
        verdict.signers.remove(0).time_stamps.remove(0)
    };
    let usual = judged(dstu::gost34311::Dke::NO_1.to_packed());
    assert_eq!((usual.indication, usual.reason), (Indication::TotalPassed, None));
    for sboxes in [[0; 64], [0x77; 64]] {
        let stamp = judged(sboxes);
        let reason = Reason::UnsupportedAlgorithm { oid: "1.2.804.2.1.1.1.1.2.1".to_owned() };
        assert_eq!(stamp.sub_indication, Some(SubIndication::CryptoConstraintsFailure));
        assert_eq!(stamp.reason, Some(reason));
    }
}

/// Two authorities of time-stamps do not keep one clock, and not all of them tell fractions of a second.
#[test]
fn time_stamps_of_two_clocks_do_not_contradict_each_other_over_seconds() {
    let stamped = |content: &'static str, signature: &'static str| {
        let over_content = content_stamp(&[TokenSpec::at(content).over(PDF)]);
        let spec = CmsSpec::good(PDF, true).signer(|signer| {
            let signer = signer.with(over_content);
            signer.stamped(move |octets| signature_stamp(&[TokenSpec::at(signature).over(octets)]))
        });
        judge_spec(&spec)
    };
    passes(&stamped("20260315110000.7Z", "20260315110000Z"));
    passes(&stamped("20260315110002Z", "20260315110000Z"));
    let verdict = stamped("20260315110002.1Z", "20260315110000Z");
    assert_eq!(verdict.sub_indication, Some(SubIndication::TimestampOrderFailure));
}

/// A signer of the test authority with these extensions, whose subject has these parts.
fn judge_sealer(subject: &[(&[u8], &str)], extensions: Vec<Vec<u8>>) -> Verdict {
    let key = Key::p256("sealer");
    let spec = CertificateSpec::signer(SIGNER, &key, AUTHORITY, &PKI.authority_key);
    let extensions = [vec![key_usage(0xc0)], extensions].concat();
    let certificate = CertificateSpec { subject: name_of(subject), extensions, ..spec }.make();
    let signer = SignerSpec::new(&key, &certificate, Hash::Sha256, PDF);
    let p7s = CmsSpec::by(PDF, true, signer, vec![certificate, PKI.authority.clone()]).make();
    let policy = Policy { sealers: vec!["43395033".to_owned()], ..policy() };
    judge_with(&p7s, &Evidence::new(), &policy, NOW)
}

fn statements(kinds: &[&[u8]]) -> Vec<u8> {
    let kinds: Vec<Vec<u8>> = kinds.iter().map(|kind| oid_of(kind)).collect();
    let statement = sequence(&[oid_of(oid::QC_TYPE), sequence(&kinds)]);
    extension(oid::QC_STATEMENTS, false, &sequence(&[statement]))
}

const NUMBER: (&[u8], &str) = (oid::ORGANISATION_IDENTIFIER, "NTRUA-43395033");

/// The certificates of an organisation's people, servers and responders bear its number too.
#[test]
fn a_person_or_a_server_of_the_organisation_does_not_seal_for_it() {
    let seal = (oid::COMMON_NAME, "Печатка");
    passes(&judge_sealer(&[seal, NUMBER], vec![]));
    passes(&judge_sealer(&[seal, NUMBER], vec![purposes(false, &[oid::SEAL])]));
    passes(&judge_sealer(&[seal, NUMBER], vec![statements(&[oid::QC_TYPE_SEAL])]));
    let nobody = Reason::SealerNotAllowed { edrpou: vec![] };
    let vendors = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x81, 0x97, 0x46, 0x01, 0x01, 0x08, 0x1f];
    let person = (oid::SERIAL_NUMBER, "TINUA-3656801869");
    for (subject, extensions) in [
        (vec![person, NUMBER], vec![]),
        (vec![NUMBER], vec![statements(&[oid::QC_TYPE_SIGN])]),
        (vec![NUMBER], vec![purposes(false, &[oid::OCSP_SIGNING, vendors])]),
        (vec![NUMBER], vec![purposes(false, &[oid::TIME_STAMPING, vendors])]),
    ] {
        let verdict = judge_sealer(&subject, extensions);
        is_indeterminate(&verdict, SubIndication::SigConstraintsFailure, &nobody);
        assert_eq!(verdict.signers[0].indication, Indication::TotalPassed);
    }
}

/// What is cleaned away for people must not make another organisation's number out of a text.
#[test]
fn a_number_with_anything_inside_is_no_number() {
    for number in ["NTRUA-4339\u{202e}5033", "NTRUA-43395\u{0}033", "NTRUA-43395033\u{200f}"] {
        let verdict = judge_sealer(&[(oid::ORGANISATION_IDENTIFIER, number)], vec![]);
        let nobody = Reason::SealerNotAllowed { edrpou: vec![] };
        is_indeterminate(&verdict, SubIndication::SigConstraintsFailure, &nobody);
    }
}

/// Certificates with the test authority's name and keys that nobody has.
fn strangers_of_its_name(count: usize) -> Vec<Vec<u8>> {
    let key = Key::p256("nobody's");
    let made = CertificateSpec::authority(AUTHORITY, &key, AUTHORITY, &key).make();
    let spki = Certificate::read(&made).unwrap().spki().to_vec();
    let end_of_key = made.windows(spki.len()).position(|window| window == spki).unwrap() + spki.len();
    let numbered = |number: usize| {
        let mut der = made.clone();
        der[end_of_key - 8..end_of_key].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
        der
    };
    (0..count).map(numbered).collect()
}

/// The good signature with OCSP responses that bring these certificates, sixteen each.
fn with_responses_of(certificates: &[Vec<u8>]) -> Vec<u8> {
    let mut spec = CmsSpec::good(PDF, true);
    for few in certificates.chunks(16) {
        let stranger = Key::p256("nobody's");
        let response = OcspSpec {
            key: &stranger,
            certificates: few.to_vec(),
            responder: element(tlv::CONTEXT + 2, &octets(&[0; 20])),
            ..OcspSpec::saying(says_good())
        };
        let other = [oid_of(oid::CRLS_OCSP_BASIC), response.make_basic()].concat();
        spec.crls.push(element(tlv::CONTEXT + 1, &other));
    }
    spec.make()
}

/// Every one of them would be looked at for every response.
#[test]
fn certificates_inside_responses_are_certificates_of_the_file() {
    let required = Policy::default();
    let over = Reason::OverBudget { limit: "PART_CERTIFICATES_MAX".to_owned() };
    let verdict =
        judge_with(&with_responses_of(&strangers_of_its_name(500)), &Evidence::new(), &required, NOW);
    assert_eq!(verdict.sub_indication, Some(SubIndication::TryLater));
    let p7s = with_responses_of(&strangers_of_its_name(512));
    let verdict = judge_with(&p7s, &Evidence::new(), &required, NOW);
    is_indeterminate(&verdict, SubIndication::CertificateChainGeneralFailure, &over);
}

/// Each signer's attribute may name any digest, and each candidate's certificate would be hashed with it.
#[test]
fn hashing_long_certificates_for_many_signers_is_paid_for() {
    let pki = &*PKI;
    let padding = extension(&[0x2a, 0x03], false, &vec![0; 40_000]);
    let candidates: Vec<Vec<u8>> = (0..8)
        .map(|number| {
            let spec = CertificateSpec::signer(SIGNER, &pki.signer_key, AUTHORITY, &pki.authority_key);
            let mark = extension(&[0x2a, 0x04], false, &[number]);
            CertificateSpec { extensions: vec![key_usage(0xc0), padding.clone(), mark], ..spec }.make()
        })
        .collect();
    let signer = || {
        SignerSpec::new(&pki.signer_key, &candidates[0], Hash::Sha256, PDF)
            .without(oid::SIGNING_CERTIFICATE_V2)
            .with(signing_certificate(&algorithm(oid::SHA_512), &[0; 64], None))
    };
    let mut spec = CmsSpec::by(PDF, true, signer(), candidates.clone());
    spec.signers = (0..32).map(|_| signer()).collect();
    assert!(spec.certificates.len() < CERTIFICATES_MAX);
    let p7s = spec.make();
    // Nine digests and one signature value for each of 32 signers.
    let enough = LETTER_SIGNATURES_MAX / (32 * 10) + 1;
    let verdicts = judge(&letter(&vec![("a.p7s", p7s.as_slice()); enough]), &trust());
    let wrong = Reason::AttributeWrong { name: "signing-certificate-v2".to_owned() };
    is_indeterminate(&verdicts[0], SubIndication::SigConstraintsFailure, &wrong);
    let over = Reason::OverBudget { limit: "LETTER_SIGNATURES_MAX".to_owned() };
    let last = verdicts.last().unwrap().signers.last().unwrap();
    assert_eq!(last.reason, Some(over));
}

/// RFC 6960 §4.2.1: the certificates inside a response are optional. Long-term forms keep them beside it, and operators
/// in their folder.
#[test]
fn a_responder_named_by_its_key_is_found_wherever_its_certificate_is() {
    let key = Key::p256("responder");
    let spec = CertificateSpec::signer("OCSP", &key, AUTHORITY, &PKI.authority_key);
    let extensions = vec![key_usage(0x80), purposes(true, &[oid::OCSP_SIGNING])];
    let responder = CertificateSpec { serial: 11, extensions, ..spec }.make();
    let response =
        |status: Vec<u8>| OcspSpec { responder: by_key(&responder), key: &key, ..OcspSpec::saying(status) };
    let judged = |beside: bool, given: bool, trusted: bool| {
        let mut spec = CmsSpec::good(PDF, true);
        if beside {
            spec.certificates.push(responder.clone());
        }
        let mut evidence = Evidence::new();
        assert_eq!(evidence.add_ocsp("ocsp", &response(revoked("20260101000000Z", Some(1))).make()), []);
        if given {
            assert_eq!(evidence.add_certificates("cer", &responder), []);
        }
        let trust = if trusted { trust_in(&[&PKI.root, &responder]) } else { trust() };
        let policy = Policy { revocation: RevocationRule::IfAvailable, ..Policy::default() };
        let judge = Judge { trust: &trust, evidence: &evidence, policy: &policy };
        judge.file("a.p7s", &spec.make(), None, now(), now()).verdict
    };
    passes(&judged(false, false, false));
    for (beside, given, trusted) in [(true, false, false), (false, true, false), (false, false, true)] {
        let verdict = judged(beside, given, trusted);
        assert_eq!(verdict.sub_indication, Some(SubIndication::RevokedNoPoe));
    }
}

/// Authorities change their keys when these are stolen.
#[test]
fn an_authority_whose_former_key_was_revoked_does_not_speak_with_it() {
    let former = Key::p256("the stolen key");
    let spec = CertificateSpec::authority(AUTHORITY, &former, ROOT, &PKI.root_key);
    let certificate = CertificateSpec { serial: 21, ..spec }.make();
    let judged = |entries: Vec<Vec<u8>>| {
        let issuer = Certificate::read(&PKI.root).unwrap().subject().to_vec();
        let list = CrlSpec { issuer, key: &PKI.root_key, entries, ..CrlSpec::good() };
        let mut evidence = Evidence::new();
        assert_eq!(evidence.add_certificates("cer", &certificate), []);
        assert_eq!(evidence.add_crl("crl", &list.make()), []);
        let by_thief = OcspSpec { key: &former, ..OcspSpec::saying(says_good()) };
        assert_eq!(evidence.add_ocsp("ocsp", &by_thief.make()), []);
        judge_with(&CmsSpec::good(PDF, true).make(), &evidence, &Policy::default(), NOW)
    };
    passes(&judged(vec![]));
    passes(&judged(vec![entry(&[21], "20260315130000Z", Some(4))]));
    let verdict = judged(vec![entry(&[21], "20260301000000Z", Some(1))]);
    assert_eq!(verdict.sub_indication, Some(SubIndication::TryLater));
}
