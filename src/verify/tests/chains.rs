//! Paths from a signer to an anchor: the good one, and every way in which one can be wrong.

use super::*;
use crate::verify::limits;
use crate::verify::oid;
use crate::verify::testing::{
    AUTHORITY, CertificateSpec, Hash, Key, ROOT, SIGNER, SignerSpec, basic_constraints, element, extension,
    key_usage, octets, sequence,
};
use crate::verify::tlv;

/// The verdict on a file signed with the test signer's key under these certificates, the signer's own first.
fn judge_chain(certificates: &[Vec<u8>], trust: &Trust) -> Verdict {
    let signer = SignerSpec::new(&PKI.signer_key, &certificates[0], Hash::Sha256, PDF);
    judge_file(&CmsSpec::by(PDF, true, signer, certificates.to_vec()).make(), trust)
}

fn signer_by(issuer: &str, key: &Key) -> Vec<u8> {
    CertificateSpec::signer(SIGNER, &PKI.signer_key, issuer, key).make()
}

#[track_caller]
fn breaks(verdict: &Verdict, subject: &str, constraint: &str) {
    let reason = Reason::ChainConstraint { subject: subject.to_owned(), constraint: constraint.to_owned() };
    is_indeterminate(verdict, SubIndication::ChainConstraintsFailure, &reason);
}

#[track_caller]
fn has_no_path(verdict: &Verdict, reason: &Reason) {
    is_indeterminate(verdict, SubIndication::NoCertificateChainFound, reason);
}

fn untrusted(subject: &str) -> Reason {
    Reason::UntrustedRoot { subject: subject.to_owned() }
}

fn no_path(last: &str) -> Reason {
    Reason::NoPathToAnchor { last: last.to_owned() }
}

#[test]
fn a_root_inside_the_file_is_nothing() {
    let chain = [PKI.signer.clone(), PKI.authority.clone(), PKI.root.clone()];
    passes(&judge_chain(&chain, &trust()));
    has_no_path(&judge_chain(&chain, &Trust::default()), &untrusted(ROOT));
    // One's own root with the trusted one's very name.
    let key = Key::p256("impostor");
    let root = CertificateSpec::authority(ROOT, &key, ROOT, &key).make();
    let chain = [signer_by(ROOT, &key), root];
    has_no_path(&judge_chain(&chain, &trust()), &untrusted(ROOT));
}

#[test]
fn a_self_signed_signer_is_trusted_by_nobody() {
    let chain = [signer_by(SIGNER, &PKI.signer_key)];
    has_no_path(&judge_chain(&chain, &trust()), &untrusted(SIGNER));
    // Known from the folder is not trusted either: it is no authority.
    has_no_path(&judge_chain(&chain, &trust_in(&[&PKI.root, &chain[0]])), &untrusted(SIGNER));
}

#[test]
fn an_authority_that_is_missing_breaks_the_path_and_the_folder_can_supply_it() {
    let chain = [PKI.signer.clone()];
    has_no_path(&judge_chain(&chain, &trust()), &no_path(SIGNER));
    passes(&judge_chain(&chain, &trust_in(&[&PKI.root, &PKI.authority])));
    // Known without the root is not trusted.
    has_no_path(&judge_chain(&chain, &trust_in(&[&PKI.authority])), &no_path(AUTHORITY));
}

#[test]
fn a_certificate_with_a_wrong_signature_leads_nowhere() {
    let mut authority = PKI.authority.clone();
    let last = authority.len() - 1;
    authority[last] ^= 1;
    has_no_path(&judge_chain(&[PKI.signer.clone(), authority], &trust()), &no_path(AUTHORITY));
}

#[test]
fn validity_is_judged_at_the_proof_of_existence_and_both_ends_belong_to_it() {
    let letter = letter(&[("a.p7s", &CmsSpec::good(PDF, true).make())]);
    let at = |moment: &str| judge_at(&letter, &trust(), moment.parse().unwrap()).remove(0);
    passes(&at("2025-01-01T00:00:00Z"));
    passes(&at("2026-12-31T23:59:59Z"));
    let not_after = "2026-12-31T23:59:59Z".parse().unwrap();
    let expired = Reason::CertificateExpired { subject: SIGNER.to_owned(), not_after };
    is_indeterminate(&at("2027-01-01T00:00:00Z"), SubIndication::OutOfBoundsNoPoe, &expired);
    let not_before = "2025-01-01T00:00:00Z".parse().unwrap();
    let early = Reason::CertificateNotYetValid { subject: SIGNER.to_owned(), not_before };
    is_failed(&at("2024-12-31T23:59:59Z"), SubIndication::NotYetValid, &early);
}

#[test]
fn what_expired_after_the_proof_of_existence_still_passes_when_judged_later() {
    let letter = letter(&[("a.p7s", &CmsSpec::good(PDF, true).make())]);
    let later = "2030-01-01T00:00:00Z".parse().unwrap();
    passes(&judge_later(&letter, &trust(), now(), later)[0]);
}

#[test]
fn an_authority_or_a_root_that_has_ended_is_named() {
    let spec = CertificateSpec::authority(AUTHORITY, &PKI.authority_key, ROOT, &PKI.root_key);
    let ended = CertificateSpec { not_after: "20250601000000Z", ..spec }.make();
    let not_after = "2025-06-01T00:00:00Z".parse().unwrap();
    let reason = |subject: &str| Reason::CertificateExpired { subject: subject.to_owned(), not_after };
    let verdict = judge_chain(&[PKI.signer.clone(), ended], &trust());
    is_indeterminate(&verdict, SubIndication::OutOfBoundsNoPoe, &reason(AUTHORITY));
    let spec = CertificateSpec::authority(ROOT, &PKI.root_key, ROOT, &PKI.root_key);
    let root = CertificateSpec { not_after: "20250601000000Z", ..spec }.make();
    let verdict = judge_chain(&[PKI.signer.clone(), PKI.authority.clone()], &trust_in(&[&root]));
    is_indeterminate(&verdict, SubIndication::OutOfBoundsNoPoe, &reason(ROOT));
}

#[test]
fn a_good_path_is_found_beside_a_bad_one() {
    let spec = CertificateSpec::authority(AUTHORITY, &PKI.authority_key, ROOT, &PKI.root_key);
    let ended = CertificateSpec { not_after: "20250601000000Z", ..spec }.make();
    // The key is the same, so only another certificate of it helps.
    passes(&judge_chain(&[PKI.signer.clone(), ended, PKI.authority.clone()], &trust()));
}

#[test]
fn an_ordinary_certificate_issues_nothing() {
    let honest = Key::p256("honest");
    for extensions in [vec![key_usage(0xc0)], vec![], vec![basic_constraints(false, None)]] {
        let spec = CertificateSpec::signer("Чесна особа", &honest, AUTHORITY, &PKI.authority_key);
        let ordinary = CertificateSpec { extensions, ..spec }.make();
        let chain = [signer_by("Чесна особа", &honest), ordinary, PKI.authority.clone()];
        breaks(&judge_chain(&chain, &trust()), "Чесна особа", "basicConstraints");
    }
}

#[test]
fn an_authority_must_be_allowed_to_sign_certificates() {
    let spec = CertificateSpec::authority(AUTHORITY, &PKI.authority_key, ROOT, &PKI.root_key);
    let authority =
        CertificateSpec { extensions: vec![basic_constraints(true, None), key_usage(0xc2)], ..spec }.make();
    breaks(&judge_chain(&[PKI.signer.clone(), authority], &trust()), AUTHORITY, "keyUsage");
}

#[test]
fn the_path_is_no_longer_than_an_authority_allows() {
    let root = |max| {
        let spec = CertificateSpec::authority(ROOT, &PKI.root_key, ROOT, &PKI.root_key);
        CertificateSpec { extensions: vec![basic_constraints(true, Some(max))], ..spec }.make()
    };
    let chain = [PKI.signer.clone(), PKI.authority.clone()];
    passes(&judge_chain(&chain, &trust_in(&[&root(1)])));
    breaks(&judge_chain(&chain, &trust_in(&[&root(0)])), ROOT, "pathLenConstraint");
}

#[test]
fn a_signer_must_be_allowed_to_sign_documents() {
    let with = |extensions: Vec<Vec<u8>>| {
        let spec = CertificateSpec::signer(SIGNER, &PKI.signer_key, AUTHORITY, &PKI.authority_key);
        judge_chain(&[CertificateSpec { extensions, ..spec }.make(), PKI.authority.clone()], &trust())
    };
    passes(&with(vec![]));
    passes(&with(vec![key_usage(0x80)]));
    passes(&with(vec![key_usage(0x40)]));
    breaks(&with(vec![key_usage(0x08)]), SIGNER, "keyUsage");
    breaks(&with(vec![key_usage(0x00)]), SIGNER, "keyUsage");
    let purposes = |list: &[&[u8]]| {
        let list: Vec<Vec<u8>> = list.iter().map(|id| element(tlv::OID, id)).collect();
        extension(oid::EXTENDED_KEY_USAGE, true, &sequence(&list))
    };
    // 1.2.804.2.1.1.1.3.9, an electronic seal.
    let seal: &[u8] = &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x03, 0x09];
    passes(&with(vec![purposes(&[seal])]));
    passes(&with(vec![purposes(&[oid::TIME_STAMPING, seal])]));
    breaks(&with(vec![purposes(&[oid::TIME_STAMPING])]), SIGNER, "extKeyUsage");
    breaks(&with(vec![purposes(&[oid::OCSP_SIGNING, oid::TIME_STAMPING])]), SIGNER, "extKeyUsage");
}

#[test]
fn a_critical_extension_that_is_not_processed_breaks_the_path() {
    let with = |extension: Vec<u8>| {
        let spec = CertificateSpec::authority(AUTHORITY, &PKI.authority_key, ROOT, &PKI.root_key);
        let mut extensions = vec![basic_constraints(true, None), key_usage(0x06)];
        extensions.push(extension);
        judge_chain(&[PKI.signer.clone(), CertificateSpec { extensions, ..spec }.make()], &trust())
    };
    let name_constraints: &[u8] = &[0x55, 0x1d, 0x1e];
    breaks(
        &with(extension(name_constraints, true, &sequence(&[]))),
        AUTHORITY,
        "criticalExtension 2.5.29.30",
    );
    passes(&with(extension(name_constraints, false, &sequence(&[]))));
    passes(&with(extension(oid::CERTIFICATE_POLICIES, true, &sequence(&[]))));
    passes(&with(extension(oid::QC_STATEMENTS, true, &sequence(&[]))));
}

#[test]
fn a_certificate_with_an_extension_twice_is_not_read() {
    let spec = CertificateSpec::authority(AUTHORITY, &PKI.authority_key, ROOT, &PKI.root_key);
    let extensions = vec![basic_constraints(false, None), basic_constraints(true, None)];
    let chain = [PKI.signer.clone(), CertificateSpec { extensions, ..spec }.make()];
    has_no_path(&judge_chain(&chain, &trust()), &no_path(SIGNER));
}

#[test]
fn a_weak_or_unknown_algorithm_on_the_path_is_told() {
    let spec = CertificateSpec::authority(AUTHORITY, &PKI.authority_key, ROOT, &PKI.root_key);
    let sha1 = CertificateSpec { hash: Hash::Sha1, ..spec }.make();
    let weak = Reason::WeakAlgorithm { what: "ECDSA with SHA-1".to_owned() };
    let verdict = judge_chain(&[PKI.signer.clone(), sha1], &trust());
    is_indeterminate(&verdict, SubIndication::CryptoConstraintsFailure, &weak);

    let k1 = Key::on(openssl::nid::Nid::SECP256K1, "k1");
    let root = CertificateSpec::authority("K1", &k1, "K1", &k1).make();
    let unsupported = Reason::UnsupportedAlgorithm { oid: "1.3.132.0.10".to_owned() };
    let verdict = judge_chain(&[signer_by("K1", &k1)], &trust_in(&[&root]));
    is_indeterminate(&verdict, SubIndication::CryptoConstraintsFailure, &unsupported);
}

#[test]
fn loops_of_cross_signed_authorities_end() {
    let (one, two) = (Key::p256("one"), Key::p256("two"));
    let chain = [
        signer_by("Один", &one),
        CertificateSpec::authority("Один", &one, "Два", &two).make(),
        CertificateSpec::authority("Два", &two, "Один", &one).make(),
    ];
    has_no_path(&judge_chain(&chain, &trust()), &no_path("Два"));
}

#[test]
fn a_tangle_of_one_name_and_many_keys_stops_at_the_budget() {
    // Every key certifies every other under one name: without a budget, 8! orders and more.
    let keys: Vec<Key> = (0..10).map(|n| Key::p256(&format!("tangle {n}"))).collect();
    let mut chain = vec![signer_by("Клубок", &keys[0])];
    for (n, key) in keys.iter().enumerate() {
        for issuer_key in keys.iter().skip(n % 2).step_by(2) {
            chain.push(CertificateSpec::authority("Клубок", key, "Клубок", issuer_key).make());
        }
    }
    let verdict = judge_chain(&chain, &trust());
    let limit = Reason::OverBudget { limit: "CHAIN_SIGNATURES_MAX".to_owned() };
    is_indeterminate(&verdict, SubIndication::CertificateChainGeneralFailure, &limit);
}

#[test]
fn a_path_is_only_so_deep() {
    let keys: Vec<Key> = (0..limits::CHAIN_DEPTH_MAX).map(|n| Key::p256(&format!("deep {n}"))).collect();
    let chain = |depth: usize| {
        let mut chain = vec![signer_by("0", &keys[0])];
        for n in 0..depth - 2 {
            let (subject, issuer) = (n.to_string(), (n + 1).to_string());
            chain.push(CertificateSpec::authority(&subject, &keys[n], &issuer, &keys[n + 1]).make());
        }
        let top = (depth - 2).to_string();
        let root = CertificateSpec::authority(&top, &keys[depth - 2], &top, &keys[depth - 2]).make();
        judge_chain(&chain, &trust_in(&[&root]))
    };
    passes(&chain(limits::CHAIN_DEPTH_MAX));
    let limit = Reason::OverBudget { limit: "CHAIN_DEPTH_MAX".to_owned() };
    is_indeterminate(
        &chain(limits::CHAIN_DEPTH_MAX + 1),
        SubIndication::CertificateChainGeneralFailure,
        &limit,
    );
}

#[test]
fn a_rekeyed_authority_is_found_by_key_and_key_identifiers_are_only_hints() {
    let old = Key::p256("old");
    let id = |byte: u8| extension(oid::SUBJECT_KEY_IDENTIFIER, false, &octets(&[byte; 20]));
    let certificate = |key: &Key, byte: u8| {
        let spec = CertificateSpec::authority(AUTHORITY, key, ROOT, &PKI.root_key);
        CertificateSpec { extensions: vec![basic_constraints(true, None), id(byte)], key, ..spec }.make()
    };
    // The identifiers lie: the signer points at the old key's, and the new key signed it.
    let points_at_old = extension(
        oid::AUTHORITY_KEY_IDENTIFIER,
        false,
        &sequence(&[element(tlv::CONTEXT_PRIMITIVE, &[1; 20])]),
    );
    let spec = CertificateSpec::signer(SIGNER, &PKI.signer_key, AUTHORITY, &PKI.authority_key);
    let signer = CertificateSpec { extensions: vec![points_at_old], ..spec }.make();
    let chain = [signer, certificate(&old, 1), certificate(&PKI.authority_key, 2)];
    passes(&judge_chain(&chain, &trust()));
}

/// The name of an anchor, and its key identifier, with another key behind them; and the anchor's own key under a twin.
#[test]
fn a_twin_of_an_anchor_inside_the_file_is_no_anchor() {
    let other = Key::p256("twin");
    let key_id = |bytes: &[u8]| extension(oid::SUBJECT_KEY_IDENTIFIER, false, &octets(bytes));
    let root = CertificateSpec::authority(ROOT, &PKI.root_key, ROOT, &PKI.root_key);
    let root = CertificateSpec {
        extensions: vec![basic_constraints(true, None), key_usage(0x06), key_id(b"root")],
        ..root
    };
    let trust = trust_in(&[&root.make()]);
    let twin = CertificateSpec {
        extensions: vec![basic_constraints(true, None), key_usage(0x06), key_id(b"root")],
        ..CertificateSpec::authority(ROOT, &other, ROOT, &other)
    };
    let signer = CertificateSpec::signer(SIGNER, &PKI.signer_key, ROOT, &other).make();
    has_no_path(&judge_chain(&[signer.clone(), twin.make()], &trust), &untrusted(ROOT));
    // The twin says that the anchor issued it.
    let claims = CertificateSpec { serial: 9, not_after: "20300101000000Z", ..twin };
    assert_ne!(judge_chain(&[signer, claims.make()], &trust).indication, Indication::TotalPassed);
    // The anchor's key under the anchor's name in another certificate adds nothing and spoils nothing.
    let again = CertificateSpec { serial: 9, ..root };
    let genuine = CertificateSpec::signer(SIGNER, &PKI.signer_key, ROOT, &PKI.root_key).make();
    passes(&judge_chain(&[genuine, again.make()], &trust));
}
