//! What would have helped a verdict: whom the certificates name, and whom nobody may be sent to.

use super::*;
use crate::model::Need;
use crate::verify::Lacks;
use crate::verify::oid;
use crate::verify::testing::{
    AUTHORITY, CertificateSpec, Hash, Key, ROOT, SIGNER, SignerSpec, element, extension, oid as oid_of,
    sequence,
};
use crate::verify::testing_revocation::{AnswerSpec, CrlSpec, OcspSpec, good, point};
use crate::verify::tlv::CONTEXT_PRIMITIVE;

const OCSP: &str = "http://ca.test/ocsp";
const LIST: &str = "http://ca.test/full.crl";
const DELTA: &str = "http://ca.test/delta.crl";
const ISSUER: &str = "http://ca.test/ca.cer";

fn access(entries: &[(&[u8], &str)]) -> Vec<u8> {
    let entry = |(method, url): &(&[u8], &str)| {
        sequence(&[oid_of(method), element(CONTEXT_PRIMITIVE + 6, url.as_bytes())])
    };
    let value = sequence(&entries.iter().map(entry).collect::<Vec<_>>());
    extension(oid::AUTHORITY_INFORMATION_ACCESS, false, &value)
}

fn points(id: &[u8], url: &str) -> Vec<u8> {
    extension(id, false, &sequence(&[sequence(&[point(url)])]))
}

/// The test signer's certificate with these extensions besides, issued by the test authority or by a stranger.
fn signer(extensions: Vec<Vec<u8>>, issuer: &Key) -> Vec<u8> {
    let mut spec = CertificateSpec::signer(SIGNER, &PKI.signer_key, AUTHORITY, issuer);
    spec.extensions.extend(extensions);
    spec.make()
}

fn naming_everybody() -> Vec<Vec<u8>> {
    vec![
        access(&[(oid::ACCESS_CA_ISSUERS, ISSUER), (oid::ACCESS_OCSP, OCSP)]),
        points(oid::CRL_DISTRIBUTION_POINTS, LIST),
        points(oid::FRESHEST_CRL, DELTA),
    ]
}

/// A file signed by the first of these certificates.
fn signed_by(certificates: &[&[u8]]) -> CmsSpec<'static> {
    let signer = SignerSpec::new(&PKI.signer_key, certificates[0], Hash::Sha256, PDF);
    CmsSpec::by(PDF, true, signer, certificates.iter().map(|der| der.to_vec()).collect())
}

/// The verdict on a file by this signer with these certificates, and what would have helped.
fn judged(
    certificates: &[&[u8]],
    trust: &Trust,
    evidence: &Evidence,
    rule: RevocationRule,
) -> (Verdict, Lacks) {
    let spec = signed_by(certificates);
    let letter = letter(&[("copy.pdf.p7s", &spec.make())]);
    let policy = Policy { revocation: rule, ..Policy::default() };
    let judge = Judge { trust, evidence, policy: &policy };
    let (mut verdicts, lacks) = judge.letter_and_lacks(&letter, &signed_parts(&letter), now(), now());
    (verdicts.pop().unwrap().verdict, lacks)
}

fn urls(ways: &[Vec<Need>]) -> Vec<Vec<&str>> {
    ways.iter().map(|way| way.iter().map(Need::url).collect()).collect()
}

#[test]
fn a_certificate_of_a_trusted_path_names_its_responder_before_its_lists() {
    let signer = signer(naming_everybody(), &PKI.authority_key);
    let (verdict, lacks) =
        judged(&[&signer, &PKI.authority], &trust(), &Evidence::new(), RevocationRule::WhereTold);
    let why = "no OCSP or CRL".to_owned();
    let unknown = Reason::RevocationUnknown { subject: SIGNER.to_owned(), why };
    is_indeterminate(&verdict, SubIndication::TryLater, &unknown);
    assert_eq!(lacks.missing.len(), 1, "the authority names nobody");
    assert_eq!(urls(&lacks.missing[0].ways), [vec![OCSP], vec![LIST, DELTA]]);
    assert!(lacks.newer.is_empty() && !lacks.settled);
}

#[test]
fn where_nobody_is_named_nothing_is_asked_and_nothing_is_wrong() {
    let signer = signer(vec![], &PKI.authority_key);
    let judge = |rule| judged(&[&signer, &PKI.authority], &trust(), &Evidence::new(), rule);
    let (verdict, lacks) = judge(RevocationRule::WhereTold);
    passes(&verdict);
    assert!(lacks.missing.is_empty() && lacks.settled);
    assert_eq!(judge(RevocationRule::Required).0.sub_indication, Some(SubIndication::TryLater));
}

#[test]
fn policy_may_forbid_to_ask() {
    let signer = signer(naming_everybody(), &PKI.authority_key);
    let (_, lacks) = judged(&[&signer, &PKI.authority], &trust(), &Evidence::new(), RevocationRule::Off);
    assert!(lacks.missing.is_empty() && lacks.newer.is_empty() && lacks.settled);
}

#[test]
fn a_strangers_certificate_sends_us_nowhere() {
    let (stranger, root) = (Key::p256("stranger"), Key::p256("strange root"));
    let forged = CertificateSpec::authority(AUTHORITY, &stranger, ROOT, &root).make();
    let signer = signer(naming_everybody(), &stranger);
    for certificates in [&[&signer[..], &forged][..], &[&signer], &[&signer, &PKI.authority]] {
        let (verdict, lacks) = judged(certificates, &trust(), &Evidence::new(), RevocationRule::Required);
        assert_eq!(verdict.indication, Indication::Indeterminate);
        assert_eq!(lacks.missing, [], "{:?}", verdict.reason);
    }
}

#[test]
fn an_issuer_is_asked_for_only_where_a_trusted_certificate_says_that_its_authority_serves() {
    let signer = signer(naming_everybody(), &PKI.authority_key);
    let asked =
        |trust: &Trust| judged(&[&signer], trust, &Evidence::new(), RevocationRule::WhereTold).1.missing;
    assert_eq!(asked(&trust()), []);
    let known = CertificateSpec::authority("Інший центр", &PKI.authority_key, ROOT, &PKI.root_key);
    let mut known = CertificateSpec { serial: 3, ..known };
    known.extensions.push(points(oid::CRL_DISTRIBUTION_POINTS, "http://CA.test:80/root.crl"));
    let lacks = asked(&trust_in(&[&PKI.root, &known.make()]));
    assert_eq!(lacks.len(), 1);
    assert_eq!(urls(&lacks[0].ways), [vec![ISSUER]]);
}

#[test]
fn what_is_not_of_the_web_is_no_address() {
    let long = format!("http://ca.test/{}", "a".repeat(2048));
    for url in ["ldap://ca.test/cn=crl", "http://ca.test/a b", "ca.test", long.as_str()] {
        let signer = signer(vec![access(&[(oid::ACCESS_OCSP, url)])], &PKI.authority_key);
        let (verdict, lacks) =
            judged(&[&signer, &PKI.authority], &trust(), &Evidence::new(), RevocationRule::WhereTold);
        passes(&verdict);
        assert_eq!(lacks.missing, [], "{url}");
    }
}

#[test]
fn evidence_from_before_the_moment_that_counts_may_be_renewed_and_later_one_settles() {
    let signer = signer(naming_everybody(), &PKI.authority_key);
    let with = |this_update: &'static str, judged_at: &str| {
        let mut evidence = Evidence::new();
        let list = CrlSpec { this_update, ..CrlSpec::good() };
        assert_eq!(evidence.add_crl("crl", &list.make()), []);
        let spec = signed_by(&[&signer, &PKI.authority]);
        let letter = letter(&[("copy.pdf.p7s", &spec.make())]);
        let policy = Policy { revocation: RevocationRule::WhereTold, ..Policy::default() };
        let judge = Judge { trust: &trust(), evidence: &evidence, policy: &policy };
        let judged_at = judged_at.parse().unwrap();
        let (parts, lacks) = judge.letter_and_lacks(&letter, &signed_parts(&letter), now(), judged_at);
        (verdicts(parts), lacks)
    };
    let (verdicts, lacks) = with("20260315000000Z", NOW);
    passes(&verdicts[0]);
    assert!(lacks.missing.is_empty() && lacks.newer.len() == 1 && !lacks.settled);
    let (verdicts, lacks) = with("20260316000000Z", "2026-03-16T12:00:00Z");
    passes(&verdicts[0]);
    assert!(
        lacks.newer.len() == 1 && lacks.settled,
        "asked again later all the same: a revocation may be told late"
    );
    let (verdicts, _) = with("20260316000000Z", NOW);
    assert_eq!(verdicts[0].sub_indication, Some(SubIndication::TryLater), "it is from the future");
}

#[test]
fn an_answer_is_read_for_its_next_update_and_one_about_another_certificate_is_none() {
    use crate::verify::next_update;
    let (_, lacks) = judged(
        &[&signer(naming_everybody(), &PKI.authority_key), &PKI.authority],
        &trust(),
        &Evidence::new(),
        RevocationRule::Required,
    );
    let [ocsp] = &lacks.missing[0].ways[0][..] else { panic!("one responder") };
    let response = OcspSpec::saying(good()).make();
    assert_eq!(next_update(ocsp, &response), Ok(Some("2026-03-16T00:00:00Z".parse().unwrap())));
    let other = OcspSpec::with(vec![AnswerSpec { serial: vec![8], ..AnswerSpec::new(good()) }.make()]);
    assert!(next_update(ocsp, &other.make()).is_err());
    assert!(next_update(ocsp, b"<html>").is_err());
    let list = Need::Crl { url: LIST.to_owned() };
    assert_eq!(
        next_update(&list, &CrlSpec::good().make()),
        Ok(Some("2026-03-22T00:00:00Z".parse().unwrap()))
    );
    assert!(next_update(&list, &response).is_err());
    let issuer = Need::Issuer { url: ISSUER.to_owned() };
    assert_eq!(next_update(&issuer, &PKI.authority), Ok(None));
    assert!(next_update(&issuer, b"-----BEGIN").is_err());
}
