//! One signature: good ones of every algorithm, and every way in which one can be wrong.

use openssl::nid::Nid;

use super::*;
use crate::model::ContentSource;
use crate::verify::certificate::Certificate;
use crate::verify::oid;
use crate::verify::testing::{
    AUTHORITY, CertificateSpec, Hash, Key, SIGNER, SignerSpec, algorithm, attribute, content_type, element,
    message_digest, octets, pss_algorithm, sequence, set, signing_certificate,
};
use crate::verify::{limits, tlv};

fn sub(name: &str) -> Reason {
    Reason::AttributeMissing { name: name.to_owned() }
}

fn single(name: &str) -> Reason {
    Reason::AttributeNotSingle { name: name.to_owned() }
}

fn wrong(name: &str) -> Reason {
    Reason::AttributeWrong { name: name.to_owned() }
}

#[track_caller]
fn breaks_a_constraint(spec: &CmsSpec<'_>, reason: &Reason) {
    is_indeterminate(&judge_spec(spec), SubIndication::SigConstraintsFailure, reason);
}

#[track_caller]
fn is_malformed(file: &[u8], expected: &str) {
    let verdict = judge_file(file, &trust());
    let Some(Reason::Malformed { expected: found, .. }) = &verdict.reason else { panic!("{verdict:?}") };
    assert_eq!(found, expected);
    assert_eq!(
        (verdict.indication, verdict.sub_indication),
        (Indication::TotalFailed, Some(SubIndication::FormatFailure))
    );
}

fn good() -> CmsSpec<'static> {
    CmsSpec::good(PDF, true)
}

#[test]
fn a_good_signature_passes_attached_and_detached_with_every_algorithm() {
    let keys = [
        (Key::p256("some"), Hash::Sha256),
        (Key::on(Nid::SECP384R1, "some"), Hash::Sha384),
        (Key::on(Nid::SECP521R1, "some"), Hash::Sha512),
        (Key::rsa(2048), Hash::Sha256),
        (Key::rsa(2048), Hash::Sha384),
        (Key::rsa(2048), Hash::Sha512),
        (Key::rsa(2048).with_pss(), Hash::Sha256),
        (Key::rsa(2048).with_pss(), Hash::Sha512),
    ];
    for (key, hash) in &keys {
        let root = CertificateSpec { hash: *hash, ..CertificateSpec::authority("R", key, "R", key) }.make();
        let certificate =
            CertificateSpec { hash: *hash, ..CertificateSpec::signer("S", key, "R", key) }.make();
        let signer = || SignerSpec::new(key, &certificate, *hash, PDF);
        let attached = CmsSpec::by(PDF, true, signer(), vec![certificate.clone()]).make();
        passes(&judge_file(&attached, &trust_in(&[&root])));
        let detached = CmsSpec::by(PDF, false, signer(), vec![certificate.clone()]).make();
        passes(&judge(&letter(&[("a.p7s", &detached), ("a.pdf", PDF)]), &trust_in(&[&root]))[0]);
    }
}

#[test]
fn a_verdict_tells_who_signed_and_when_it_was_judged() {
    let letter = letter(&[("copy.pdf.p7s", &good().make())]);
    let judged_at = "2026-03-15T12:30:00Z".parse().unwrap();
    let verdict = judge_later(&letter, &trust(), now(), judged_at).remove(0);
    passes(&verdict);
    assert_eq!(
        (verdict.p7s.as_str(), verdict.proof_at, verdict.judged_at),
        ("copy.pdf.p7s", now(), judged_at)
    );
    assert!(matches!(verdict.content, ContentSource::Embedded { is_pdf: true, .. }));
    let signer = &verdict.signers[0];
    let certificate = signer.certificate.as_ref().unwrap();
    assert_eq!((certificate.subject.as_str(), certificate.issuer.as_str()), (SIGNER, AUTHORITY));
    assert_eq!(certificate.edrpou.as_deref(), Some("43395033"));
    assert_eq!((certificate.organisation.as_deref(), certificate.serial.as_str()), (Some("ДП «ТЕСТ»"), "07"));
    assert_eq!(signer.claimed_at, Some("2026-03-15T12:00:00Z".parse().unwrap()));
    assert_eq!(signer.signature_oid.as_deref(), Some("1.2.840.10045.4.3.2"));
    assert_eq!(signer.digest_oid.as_deref(), Some("2.16.840.1.101.3.4.2.1"));
    assert!(texts::verdict(&verdict).uk.contains("ЄДРПОУ 43395033"));
}

#[test]
fn rsa_without_a_digest_in_its_name_takes_the_signers_digest() {
    let key = Key::rsa(2048);
    let root = CertificateSpec::authority("R", &key, "R", &key).make();
    let certificate = CertificateSpec::signer("S", &key, "R", &key).make();
    let signer = SignerSpec {
        signature_algorithm: sequence(&[element(tlv::OID, oid::RSA_ENCRYPTION), vec![tlv::NULL, 0]]),
        ..SignerSpec::new(&key, &certificate, Hash::Sha256, PDF)
    };
    passes(&judge_file(&CmsSpec::by(PDF, true, signer, vec![certificate]).make(), &trust_in(&[&root])));
}

#[test]
fn changed_content_is_a_hash_failure() {
    let mut file = good().make();
    let at = file.windows(PDF.len()).position(|window| window == PDF).unwrap();
    file[at + 9] ^= 1;
    is_failed(&judge_file(&file, &trust()), SubIndication::HashFailure, &Reason::ContentChanged);
}

#[test]
fn a_signature_by_another_key_is_a_crypto_failure_even_without_a_trusted_chain() {
    let other = Key::p256("other");
    let spec = good().signer(|signer| SignerSpec { key: &other, ..signer });
    is_failed(&judge_spec(&spec), SubIndication::SigCryptoFailure, &Reason::SignatureWrong);
    is_failed(
        &judge_file(&spec.make(), &Trust::default()),
        SubIndication::SigCryptoFailure,
        &Reason::SignatureWrong,
    );
}

#[test]
fn each_required_attribute_is_required() {
    breaks_a_constraint(&good().signer(|s| s.without(oid::CONTENT_TYPE)), &sub("content-type"));
    breaks_a_constraint(&good().signer(|s| s.without(oid::MESSAGE_DIGEST)), &sub("message-digest"));
    breaks_a_constraint(
        &good().signer(|s| s.without(oid::SIGNING_CERTIFICATE_V2)),
        &sub("signing-certificate-v2"),
    );
    passes(&judge_spec(&good().signer(|s| s.without(oid::SIGNING_TIME))));
}

#[test]
fn the_first_signing_certificate_attribute_does_not_count() {
    const V1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c];
    let v1 = attribute(V1, &[sequence(&[sequence(&[sequence(&[octets(&Hash::Sha1.of(&PKI.signer))])])])]);
    let spec = good().signer(|s| s.without(oid::SIGNING_CERTIFICATE_V2).with(v1.clone()));
    breaks_a_constraint(&spec, &sub("signing-certificate-v2"));
    passes(&judge_spec(&good().signer(|s| s.with(v1))));
}

#[test]
fn attributes_stand_once_and_with_one_value() {
    let digest = Hash::Sha256.of(PDF);
    breaks_a_constraint(&good().signer(|s| s.with(message_digest(&digest))), &single("message-digest"));
    breaks_a_constraint(&good().signer(|s| s.with(message_digest(&[1; 32]))), &single("message-digest"));
    breaks_a_constraint(&good().signer(|s| s.with(content_type(oid::ID_DATA))), &single("content-type"));
    for values in [vec![], vec![octets(&digest), octets(&digest)]] {
        let spec =
            good().signer(|s| s.without(oid::MESSAGE_DIGEST).with(attribute(oid::MESSAGE_DIGEST, &values)));
        breaks_a_constraint(&spec, &single("message-digest"));
    }
    let unknown = attribute(&[0x2a, 0x03], &[octets(b"x")]);
    passes(&judge_spec(&good().signer(|s| s.with(unknown.clone()))));
    breaks_a_constraint(&good().signer(|s| s.with(unknown.clone()).with(unknown)), &single("1.2.3"));
}

#[test]
fn an_attribute_that_is_not_true_breaks_a_constraint() {
    let signed_data = content_type(oid::ID_SIGNED_DATA);
    breaks_a_constraint(
        &good().signer(|s| s.without(oid::CONTENT_TYPE).with(signed_data)),
        &wrong("content-type"),
    );
    for digest_as in [element(tlv::INTEGER, &Hash::Sha256.of(PDF)), octets(&[])] {
        let spec = good()
            .signer(|s| s.without(oid::MESSAGE_DIGEST).with(attribute(oid::MESSAGE_DIGEST, &[digest_as])));
        assert_ne!(judge_spec(&spec).indication, Indication::TotalPassed);
    }
    let time = attribute(oid::SIGNING_TIME, &[element(tlv::UTC_TIME, b"yesterday")]);
    breaks_a_constraint(&good().signer(|s| s.without(oid::SIGNING_TIME).with(time)), &wrong("signing-time"));
}

#[test]
fn the_signing_certificate_attribute_must_name_this_certificate() {
    let signer = Certificate::read(&PKI.signer).unwrap();
    let authority = Certificate::read(&PKI.authority).unwrap();
    let hash = Hash::Sha256.of(&PKI.signer);
    let with = |value: Vec<u8>| good().signer(|s| s.without(oid::SIGNING_CERTIFICATE_V2).with(value));
    breaks_a_constraint(&with(signing_certificate(&[], &[0; 32], None)), &wrong("signing-certificate-v2"));
    breaks_a_constraint(
        &with(signing_certificate(&[], &hash, Some(&authority))),
        &wrong("signing-certificate-v2"),
    );
    breaks_a_constraint(&with(signing_certificate(&[], &hash[..31], None)), &wrong("signing-certificate-v2"));
    let nothing = attribute(oid::SIGNING_CERTIFICATE_V2, &[sequence(&[sequence(&[])])]);
    breaks_a_constraint(&with(nothing), &wrong("signing-certificate-v2"));
    passes(&judge_spec(&with(signing_certificate(&[], &hash, None))));
    passes(&judge_spec(&with(signing_certificate(&algorithm(oid::SHA_256), &hash, Some(&signer)))));
    let sha512 = Hash::Sha512.of(&PKI.signer);
    passes(&judge_spec(&with(signing_certificate(&algorithm(oid::SHA_512), &sha512, None))));
    let sha1 = signing_certificate(&algorithm(oid::SHA_1), &Hash::Sha1.of(&PKI.signer), None);
    let weak = Reason::WeakAlgorithm { what: "SHA-1".to_owned() };
    is_indeterminate(&judge_spec(&with(sha1)), SubIndication::CryptoConstraintsFailure, &weak);
}

#[test]
fn another_persons_certificate_with_the_same_key_is_not_the_signers() {
    let other = CertificateSpec::signer("Інша особа", &PKI.signer_key, AUTHORITY, &PKI.authority_key).make();
    // The same issuer and serial number, so that the identifier fits it as well.
    let mut spec = good();
    spec.certificates = vec![other.clone(), PKI.authority.clone()];
    breaks_a_constraint(&spec, &wrong("signing-certificate-v2"));
    // With both there, the attribute says whose signature it is.
    spec.certificates = vec![other, PKI.authority.clone(), PKI.signer.clone()];
    let verdict = judge_spec(&spec);
    passes(&verdict);
    assert_eq!(verdict.signers[0].certificate.as_ref().unwrap().subject, SIGNER);
}

#[test]
fn a_signature_without_signed_attributes_never_passes() {
    let spec = good().signer(|s| SignerSpec { attributes: None, ..s });
    breaks_a_constraint(&spec, &Reason::NoSignedAttributes);
}

#[test]
fn attributes_moved_into_the_content_are_not_a_signature_over_it() {
    let genuine = good();
    let mut attributes = genuine.signers[0].attributes.clone().unwrap();
    attributes.sort();
    let forged_content = set(&attributes);
    // The very signature of the genuine file, now without attributes and over «content» that is their encoding.
    let spec = CmsSpec::good(&forged_content, true).signer(|s| SignerSpec { attributes: None, ..s });
    let file = spec.make();
    let signer = Certificate::read(&PKI.signer).unwrap();
    let key = signer.public_key().unwrap();
    let parsed = crate::verify::cms::SignedData::read(&file, 9).unwrap();
    let ecdsa = crate::verify::algorithm::SignatureAlgorithm::Ecdsa(
        crate::verify::algorithm::DigestAlgorithm::Sha256,
    );
    assert!(key.verifies(ecdsa, &forged_content, parsed.signers[0].signature), "the mathematics is deceived");
    is_indeterminate(
        &judge_file(&file, &trust()),
        SubIndication::SigConstraintsFailure,
        &Reason::NoSignedAttributes,
    );
}

#[test]
fn signed_attributes_out_of_der_order_or_in_ber_are_a_format_failure() {
    let mut spec = good();
    spec.signers[0].sorted = false;
    spec.signers[0].attributes.as_mut().unwrap().sort();
    spec.signers[0].attributes.as_mut().unwrap().reverse();
    is_malformed(&spec.make(), "a SET OF in DER order");
    // One attribute with a long length, signed as it stands.
    let spec = good().signer(|s| {
        let value = [vec![tlv::SET, 0x81, 0x03], element(tlv::OCTET_STRING, b"x")].concat();
        s.with(sequence(&[element(tlv::OID, &[0x2a, 0x03]), value]))
    });
    is_malformed(&spec.make(), "the shortest length");
}

#[test]
fn content_of_another_type_than_data_is_a_format_failure() {
    let tst_info: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
    let mut spec = good().signer(|s| s.without(oid::CONTENT_TYPE).with(content_type(tst_info)));
    spec.content_type = tst_info;
    let reason = Reason::ContentTypeNotData { oid: "1.2.840.113549.1.9.16.1.4".to_owned() };
    is_failed(&judge_spec(&spec), SubIndication::FormatFailure, &reason);
}

#[test]
fn a_file_without_signers_is_a_format_failure() {
    for attached in [true, false] {
        let mut spec = CmsSpec::good(PDF, attached);
        spec.signers.clear();
        is_failed(&judge_spec(&spec), SubIndication::FormatFailure, &Reason::NoSigners);
    }
}

#[test]
fn nothing_but_a_line_break_may_follow() {
    for tail in ["\n", "\r\n"] {
        passes(&judge_file(&[good().make(), tail.into()].concat(), &trust()));
    }
    for tail in ["\0", " ", "\n\n\n", "x", "%PDF-1.4"] {
        is_malformed(&[good().make(), tail.into()].concat(), "the end of the file");
    }
    is_malformed(&[good().make(), good().make()].concat(), "the end of the file");
}

#[test]
fn digests_that_differ_between_places_break_a_constraint() {
    let mut spec = good();
    spec.digest_algorithms = vec![algorithm(oid::SHA_512)];
    let differ = |other: &str| Reason::DigestAlgorithmsDiffer {
        digest: "2.16.840.1.101.3.4.2.1".to_owned(),
        other: other.to_owned(),
    };
    breaks_a_constraint(&spec, &differ("digestAlgorithms"));
    // A true ECDSA with SHA-384 signature over attributes whose digest is SHA-256.
    let spec = good().signer(|s| SignerSpec {
        hash: Hash::Sha384,
        signature_algorithm: algorithm(oid::ECDSA_WITH_SHA_384),
        ..s
    });
    breaks_a_constraint(&spec, &differ("1.2.840.10045.4.3.3"));
}

#[test]
fn the_algorithm_protection_attribute_is_believed_when_present() {
    let protection = |digest: &[u8], signature: &[u8]| {
        let signature = element(tlv::CONTEXT + 1, &element(tlv::OID, signature));
        attribute(oid::CMS_ALGORITHM_PROTECTION, &[sequence(&[algorithm(digest), signature])])
    };
    let with = |value: Vec<u8>| good().signer(|s| s.with(value));
    passes(&judge_spec(&with(protection(oid::SHA_256, oid::ECDSA_WITH_SHA_256))));
    for other in [
        protection(oid::SHA_512, oid::ECDSA_WITH_SHA_256),
        protection(oid::SHA_256, oid::ECDSA_WITH_SHA_512),
        attribute(oid::CMS_ALGORITHM_PROTECTION, &[sequence(&[algorithm(oid::SHA_256)])]),
    ] {
        breaks_a_constraint(&with(other), &wrong("CMSAlgorithmProtection"));
    }
}

#[test]
fn broken_digests_and_small_keys_prove_nothing() {
    #[track_caller]
    fn is_weak(verdict: &Verdict, what: &str) {
        let reason = Reason::WeakAlgorithm { what: what.to_owned() };
        is_indeterminate(verdict, SubIndication::CryptoConstraintsFailure, &reason);
    }
    let sha1 = SignerSpec::new(&PKI.signer_key, &PKI.signer, Hash::Sha1, PDF);
    is_weak(&judge_spec(&CmsSpec::by(PDF, true, sha1, good().certificates)), "SHA-1");
    let detached = SignerSpec::new(&PKI.signer_key, &PKI.signer, Hash::Sha1, PDF);
    let detached = CmsSpec::by(PDF, false, detached, good().certificates).make();
    is_weak(&judge(&letter(&[("a.p7s", &detached), ("a.pdf", PDF)]), &trust())[0], "SHA-1");

    let small = Key::rsa(1024);
    let certificate = CertificateSpec::signer("S", &small, AUTHORITY, &PKI.authority_key).make();
    let signer = SignerSpec::new(&small, &certificate, Hash::Sha256, PDF);
    let file = CmsSpec::by(PDF, true, signer, vec![certificate, PKI.authority.clone()]).make();
    is_weak(&judge_file(&file, &trust()), "RSA 1024");

    let md5 = good().signer(|s| SignerSpec { digest_algorithm: algorithm(oid::MD5), ..s });
    let md5 = CmsSpec { digest_algorithms: vec![algorithm(oid::MD5)], ..md5 };
    is_weak(&judge_spec(&md5), "MD5");
}

#[test]
fn an_unknown_algorithm_is_named_and_no_error() {
    /// SHA3-256, and DSTU 4145 in a normal basis.
    const SHA3_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x08];
    const DSTU_4145_ONB: &[u8] = &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x01, 0x03, 0x01, 0x02];
    let unsupported = |oid: &str| Reason::UnsupportedAlgorithm { oid: oid.to_owned() };
    let sha3 = good().signer(|s| SignerSpec { digest_algorithm: algorithm(SHA3_256), ..s });
    let sha3 = CmsSpec { digest_algorithms: vec![algorithm(SHA3_256)], ..sha3 };
    is_indeterminate(
        &judge_spec(&sha3),
        SubIndication::CryptoConstraintsFailure,
        &unsupported("2.16.840.1.101.3.4.2.8"),
    );
    let detached = CmsSpec { attached: false, ..sha3 }.make();
    let verdict = judge(&letter(&[("a.p7s", &detached), ("a.pdf", PDF)]), &trust()).remove(0);
    assert_eq!(verdict.content, ContentSource::Named { at: 1 });
    is_indeterminate(
        &verdict,
        SubIndication::CryptoConstraintsFailure,
        &unsupported("2.16.840.1.101.3.4.2.8"),
    );
    let dstu = good().signer(|s| SignerSpec { signature_algorithm: algorithm(DSTU_4145_ONB), ..s });
    is_indeterminate(
        &judge_spec(&dstu),
        SubIndication::CryptoConstraintsFailure,
        &unsupported("1.2.804.2.1.1.1.1.3.1.2"),
    );
    let curve = Key::on(Nid::SECP256K1, "some");
    let certificate = CertificateSpec::signer("S", &curve, AUTHORITY, &PKI.authority_key).make();
    let signer = SignerSpec::new(&curve, &certificate, Hash::Sha256, PDF);
    let file = CmsSpec::by(PDF, true, signer, vec![certificate, PKI.authority.clone()]).make();
    is_indeterminate(
        &judge_file(&file, &trust()),
        SubIndication::CryptoConstraintsFailure,
        &unsupported("1.3.132.0.10"),
    );
}

#[test]
fn pss_takes_only_a_salt_as_long_as_its_digest() {
    let key = Key::rsa(2048).with_pss();
    let certificate = CertificateSpec::signer("S", &key, AUTHORITY, &PKI.authority_key).make();
    let signer = SignerSpec {
        signature_algorithm: pss_algorithm(Hash::Sha256, 20),
        ..SignerSpec::new(&key, &certificate, Hash::Sha256, PDF)
    };
    let file = CmsSpec::by(PDF, true, signer, vec![certificate, PKI.authority.clone()]).make();
    let reason = Reason::UnsupportedAlgorithm { oid: "1.2.840.113549.1.1.10".to_owned() };
    is_indeterminate(&judge_file(&file, &trust()), SubIndication::CryptoConstraintsFailure, &reason);
}

#[test]
fn a_missing_signer_certificate_is_sought_in_the_folder_of_trust() {
    let mut spec = good();
    spec.certificates = vec![PKI.authority.clone()];
    let reason = Reason::SignerCertificateNotFound { sought: format!("{AUTHORITY}, 07") };
    is_indeterminate(&judge_spec(&spec), SubIndication::NoSigningCertificateFound, &reason);
    spec.certificates.clear();
    passes(&judge_file(&spec.make(), &trust_in(&[&PKI.root, &PKI.signer, &PKI.authority])));
}

#[test]
fn a_signer_may_be_named_by_its_key_identifier() {
    let key_id = crate::verify::testing::extension(oid::SUBJECT_KEY_IDENTIFIER, false, &octets(&[9; 20]));
    let spec = CertificateSpec::signer("S", &PKI.signer_key, AUTHORITY, &PKI.authority_key);
    let certificate = CertificateSpec { extensions: vec![key_id], ..spec }.make();
    let by = |id: &[u8]| {
        let signer = SignerSpec::new(&PKI.signer_key, &certificate, Hash::Sha256, PDF);
        let signer = SignerSpec { identifier: element(tlv::CONTEXT_PRIMITIVE, id), ..signer };
        judge_spec(&CmsSpec::by(PDF, true, signer, vec![certificate.clone(), PKI.authority.clone()]))
    };
    passes(&by(&[9; 20]));
    let reason = Reason::SignerCertificateNotFound { sought: "08".repeat(20) };
    is_indeterminate(&by(&[8; 20]), SubIndication::NoSigningCertificateFound, &reason);
}

#[test]
fn one_good_signer_never_hides_a_bad_one() {
    let two = |second: SignerSpec<'static>| {
        let mut spec = good();
        spec.signers.push(second);
        judge_spec(&spec)
    };
    let signer = || good().signers.remove(0);
    passes(&two(signer()));
    let wrong_content = SignerSpec::new(&PKI.signer_key, &PKI.signer, Hash::Sha256, OTHER_PDF);
    let verdict = two(wrong_content);
    is_failed(&verdict, SubIndication::HashFailure, &Reason::ContentChanged);
    assert_eq!(verdict.signers[0].indication, Indication::TotalPassed);
    assert_eq!(verdict.signers[1].indication, Indication::TotalFailed);
    let verdict = two(SignerSpec { attributes: None, ..signer() });
    is_indeterminate(&verdict, SubIndication::SigConstraintsFailure, &Reason::NoSignedAttributes);
}

#[test]
fn more_signers_or_certificates_than_the_limit_are_over_budget() {
    let over = |limit: &str| Reason::OverBudget { limit: limit.to_owned() };
    let mut spec = good();
    for _ in 0..limits::SIGNERS_MAX {
        spec.signers.extend(good().signers);
    }
    is_indeterminate(&judge_spec(&spec), SubIndication::CertificateChainGeneralFailure, &over("SIGNERS_MAX"));
    let mut spec = good();
    spec.certificates = vec![PKI.signer.clone(); limits::CERTIFICATES_MAX + 1];
    is_indeterminate(
        &judge_spec(&spec),
        SubIndication::CertificateChainGeneralFailure,
        &over("CERTIFICATES_MAX"),
    );
}

#[test]
fn content_cut_in_pieces_under_indefinite_lengths_is_read() {
    let pieces = [vec![0x24, 0x80], octets(&PDF[..5]), octets(&PDF[5..]), vec![0, 0]].concat();
    let explicit = [vec![tlv::CONTEXT, 0x80], pieces, vec![0, 0]].concat();
    let encapsulated =
        [vec![tlv::SEQUENCE, 0x80], element(tlv::OID, oid::ID_DATA), explicit, vec![0, 0]].concat();
    passes(&judge_file(&good().make_around(&encapsulated), &trust()));
}

#[test]
fn the_content_must_be_an_octet_string() {
    for inside in [sequence(&[octets(PDF)]), element(tlv::UTF8_STRING, PDF)] {
        let encapsulated = sequence(&[element(tlv::OID, oid::ID_DATA), element(tlv::CONTEXT, &inside)]);
        is_malformed(&good().make_around(&encapsulated), "an OCTET STRING");
    }
}
