//! What a verdict rests on: with that, and nothing else, it is reached again.

use std::collections::HashSet;

use super::*;
use crate::model::{Digest, Proof, ProofKind, ProofOrigin, ProofRole};
use crate::verify::Judged;
use crate::verify::certificate::Certificate;
use crate::verify::oid;
use crate::verify::testing::{AUTHORITY, CertificateSpec, Key, extension, oid as oid_of, sequence};
use crate::verify::testing_revocation::{CrlSpec, OcspSpec, crl_number, entry, good as says_good};
use crate::verify::testing_time_stamps::{TokenSpec, signature_stamp};

const JUNE: &str = "2026-06-01T00:00:00Z";

fn required() -> Policy {
    Policy { revocation: RevocationRule::Required, ..Policy::default() }
}

fn judged(p7s: &[u8], trust: &Trust, evidence: &Evidence) -> Judged {
    let at = JUNE.parse().unwrap();
    Judge { trust, evidence, policy: &required() }.file("copy.p7s", p7s, None, at, at)
}

/// Lists of the authority and of the root.
fn lists(of_authority: Vec<Vec<u8>>) -> [Vec<u8>; 2] {
    let (this_update, next_update) = ("20260515000000Z", Some("20260615000000Z"));
    let spec = CrlSpec { this_update, next_update, entries: of_authority, ..CrlSpec::good() };
    let root = Certificate::read(&PKI.root).unwrap().subject().to_vec();
    [spec.make(), CrlSpec { issuer: root, key: &PKI.root_key, entries: vec![], ..spec }.make()]
}

fn evidence_of(crls: &[Vec<u8>]) -> Evidence {
    let mut evidence = Evidence::new();
    crls.iter().for_each(|crl| assert_eq!(evidence.add_crl("crl", crl), []));
    evidence
}

fn stamped() -> Vec<u8> {
    let spec = CmsSpec::good(PDF, true).signer(|signer| {
        signer.stamped(|octets| signature_stamp(&[TokenSpec::at("20260520120000Z").over(octets)]))
    });
    spec.make()
}

fn roles(judged: &Judged, kind: ProofKind) -> Vec<(ProofRole, ProofOrigin)> {
    let of_kind = judged.rests_on.iter().filter(|proof| proof.kind == kind);
    of_kind.map(|proof| (proof.role, proof.origin)).collect()
}

/// Judges again with the proofs alone.
fn again(p7s: &[u8], proofs: &[Proof]) -> Judged {
    let of = |anchors: bool| {
        let certificates = proofs.iter().filter(|proof| proof.kind == ProofKind::Certificate);
        certificates.filter(move |proof| (proof.role == ProofRole::Anchor) == anchors)
    };
    let (trust, _) = Trust::new(of(true).map(|proof| proof.der.to_vec()).collect());
    let mut evidence = Evidence::new();
    of(false).for_each(|proof| assert_eq!(evidence.add_certificates("certificate", &proof.der), []));
    for proof in proofs {
        match proof.kind {
            ProofKind::Crl => assert_eq!(evidence.add_crl("crl", &proof.der), []),
            ProofKind::Ocsp => assert_eq!(evidence.add_ocsp("ocsp", &proof.der), []),
            ProofKind::Certificate => {}
        }
    }
    judged(p7s, &trust, &evidence)
}

#[test]
fn a_verdict_rests_on_its_paths_and_on_what_told_of_revocation_each_once() {
    let p7s = stamped();
    let judged = judged(&p7s, &trust(), &evidence_of(&lists(vec![])));
    passes(&judged.verdict);
    use ProofOrigin::{File, Operator};
    use ProofRole::{Anchor, Authority, Revocation, Signer, TimeStamping};
    assert_eq!(
        roles(&judged, ProofKind::Certificate),
        [(Signer, File), (Authority, File), (Anchor, Operator), (TimeStamping, File)]
    );
    assert_eq!(roles(&judged, ProofKind::Crl), [(Revocation, Operator); 2]);
    assert_eq!(roles(&judged, ProofKind::Ocsp), []);
    let digests: HashSet<_> = judged.rests_on.iter().map(|proof| proof.digest).collect();
    assert_eq!(digests.len(), judged.rests_on.len(), "each once");
    for proof in &judged.rests_on {
        assert_eq!(Digest::of(&proof.der), proof.digest, "the original octets");
    }
    assert_eq!(again(&p7s, &judged.rests_on).verdict, judged.verdict);
}

#[test]
fn each_of_its_proofs_is_needed() {
    // The certificates of this one are in the file.
    let p7s = stamped();
    let judged = judged(&p7s, &trust(), &evidence_of(&lists(vec![])));
    for left_out in &judged.rests_on {
        let rest: Vec<Proof> =
            judged.rests_on.iter().filter(|proof| proof.digest != left_out.digest).cloned().collect();
        let same = again(&p7s, &rest).verdict == judged.verdict;
        assert_eq!(same, left_out.origin == ProofOrigin::File, "without {left_out:?}");
    }
}

#[test]
fn what_was_merely_looked_at_is_no_proof() {
    let [older, root] = lists(vec![]);
    let newer = CrlSpec {
        this_update: "20260520000000Z",
        next_update: Some("20260615000000Z"),
        extensions: vec![crl_number(11)],
        ..CrlSpec::good()
    }
    .make();
    let key = Key::p256("other");
    let other = CertificateSpec::authority("Інший центр", &key, "Інший центр", &key).make();
    let mut evidence = evidence_of(&[older.clone(), newer.clone(), root.clone()]);
    assert_eq!(evidence.add_certificates("other", &other), []);
    let judged = judged(&CmsSpec::good(PDF, true).make(), &trust(), &evidence);
    let kept: HashSet<_> = judged.rests_on.iter().map(|proof| proof.digest).collect();
    assert!(kept.contains(&Digest::of(&newer)) && kept.contains(&Digest::of(&root)));
    assert!(!kept.contains(&Digest::of(&older)) && !kept.contains(&Digest::of(&other)));
}

#[test]
fn a_revocation_is_kept_with_the_list_that_tells_of_it() {
    let p7s = CmsSpec::good(PDF, true).make();
    let lists = lists(vec![entry(&[7], "20260101000000Z", Some(1))]);
    let judged = judged(&p7s, &trust(), &evidence_of(&lists));
    assert_eq!(judged.verdict.sub_indication, Some(SubIndication::RevokedNoPoe));
    assert!(judged.rests_on.iter().any(|proof| proof.digest == Digest::of(&lists[0])));
    assert_eq!(again(&p7s, &judged.rests_on).verdict, judged.verdict);
}

#[test]
fn a_response_is_kept_with_its_responder_and_what_was_fetched_says_so() {
    let p7s = CmsSpec::good(PDF, true).make();
    let mut evidence = evidence_of(&lists(vec![])[1..]);
    evidence.mark_fetched();
    let key = Key::p256("responder");
    let mut responder = CertificateSpec::signer("Тестовий OCSP", &key, AUTHORITY, &PKI.authority_key);
    responder.extensions.push(extension(
        oid::EXTENDED_KEY_USAGE,
        false,
        &sequence(&[oid_of(oid::OCSP_SIGNING)]),
    ));
    let response = OcspSpec::saying(says_good()).by(&responder.make(), &key).make();
    assert_eq!(evidence.add_ocsp("ocsp", &response), []);
    let at = now();
    let policy = Policy { revocation: RevocationRule::IfAvailable, ..Policy::default() };
    let trust = trust();
    let judged =
        Judge { trust: &trust, evidence: &evidence, policy: &policy }.file("copy.p7s", &p7s, None, at, at);
    passes(&judged.verdict);
    assert_eq!(roles(&judged, ProofKind::Ocsp), [(ProofRole::Revocation, ProofOrigin::Fetched)]);
    let responders = judged.rests_on.iter().filter(|proof| proof.role == ProofRole::Responder);
    let origins: Vec<_> = responders.map(|proof| proof.origin).collect();
    assert_eq!(origins, [ProofOrigin::Fetched]);
}

#[test]
fn a_file_that_cannot_be_read_rests_on_nothing() {
    assert_eq!(judged(b"no CMS", &trust(), &Evidence::new()).rests_on, []);
}
