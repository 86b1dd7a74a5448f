//! Revocation of the certificates on a path at the moment that counts: each rule and its neighbour.

use super::*;
use crate::model::{RevocationSource, RevocationStanding};
use crate::verify::certificate::Certificate;
use crate::verify::oid;
use crate::verify::testing::{AUTHORITY, ROOT, SIGNER, attribute, element, oid as oid_of, sequence};
use crate::verify::testing_revocation::{CrlSpec, OcspSpec, entry, good as says_good};
use crate::verify::testing_time_stamps::{TokenSpec, content_stamp, signature_stamp};
use crate::verify::tlv;

/// The lists are of May, and the verdict is of June; the time-stamp is of March.
const JUNE: &str = "2026-06-01T00:00:00Z";

fn required() -> Policy {
    Policy { revocation: RevocationRule::Required, ..Policy::default() }
}

fn list(authority: bool, entries: Vec<Vec<u8>>) -> Vec<u8> {
    let spec = CrlSpec {
        this_update: "20260515000000Z",
        next_update: Some("20260615000000Z"),
        entries,
        ..CrlSpec::good()
    };
    if authority {
        return spec.make();
    }
    let issuer = Certificate::read(&PKI.root).unwrap().subject().to_vec();
    CrlSpec { issuer, key: &PKI.root_key, ..spec }.make()
}

/// Lists of the authority and of the root with these entries.
fn lists(of_authority: Vec<Vec<u8>>, of_root: Vec<Vec<u8>>) -> Evidence {
    let mut evidence = Evidence::new();
    for crl in [list(true, of_authority), list(false, of_root)] {
        assert_eq!(evidence.add_crl("crl", &crl), []);
    }
    evidence
}

fn signer_revoked(since: &str, reason: Option<u8>) -> Evidence {
    lists(vec![entry(&[7], since, reason)], vec![])
}

/// With a signature time-stamp of the fifteenth of March, and a content time-stamp.
fn stamped(content: Option<&str>) -> Vec<u8> {
    let spec = CmsSpec::good(PDF, true).signer(|signer| {
        let signer =
            signer.stamped(|octets| signature_stamp(&[TokenSpec::at("20260315120000Z").over(octets)]));
        match content {
            None => signer,
            Some(time) => signer.with(content_stamp(&[TokenSpec::at(time).over(PDF)])),
        }
    });
    spec.make()
}

fn bare() -> Vec<u8> {
    CmsSpec::good(PDF, true).make()
}

fn revoked(subject: &str, since: &str, cause: Option<&str>) -> Reason {
    let cause = cause.map(str::to_owned);
    Reason::CertificateRevoked { subject: subject.to_owned(), since: since.parse().unwrap(), cause }
}

#[test]
fn a_path_that_nobody_revoked_passes_and_tells_what_was_asked() {
    let verdict = judge_with(&bare(), &lists(vec![], vec![]), &required(), JUNE);
    passes(&verdict);
    let signer = &verdict.signers[0];
    let subjects: Vec<&str> = signer.chain.iter().map(|facts| facts.subject.as_str()).collect();
    assert_eq!(subjects, [SIGNER, AUTHORITY, ROOT]);
    let as_of = "2026-05-15T00:00:00Z".parse().unwrap();
    let good = RevocationStanding::Good { source: RevocationSource::Crl, as_of };
    let told: Vec<_> =
        signer.revocation.iter().map(|facts| (facts.subject.as_str(), &facts.standing)).collect();
    assert_eq!(told, [(SIGNER, &good), (AUTHORITY, &good)]);
}

#[test]
fn without_evidence_policy_decides() {
    let judge = |revocation: RevocationRule| {
        let policy = Policy { revocation, ..Policy::default() };
        judge_with(&bare(), &Evidence::new(), &policy, JUNE)
    };
    let why = "no OCSP or CRL".to_owned();
    let unknown = Reason::RevocationUnknown { subject: SIGNER.to_owned(), why: why.clone() };
    is_indeterminate(&judge(RevocationRule::Required), SubIndication::TryLater, &unknown);
    let standing = |verdict: &Verdict| verdict.signers[0].revocation[0].standing.clone();
    let if_available = judge(RevocationRule::IfAvailable);
    passes(&if_available);
    assert_eq!(standing(&if_available), RevocationStanding::Unknown { why });
    let off = judge(RevocationRule::Off);
    passes(&off);
    assert_eq!(standing(&off), RevocationStanding::NotAsked);
}

#[test]
fn evidence_for_every_certificate_but_the_anchor_is_required() {
    let mut evidence = Evidence::new();
    assert_eq!(evidence.add_crl("crl", &list(true, vec![])), []);
    let verdict = judge_with(&bare(), &evidence, &required(), JUNE);
    let unknown =
        Reason::RevocationUnknown { subject: AUTHORITY.to_owned(), why: "no OCSP or CRL".to_owned() };
    is_indeterminate(&verdict, SubIndication::TryLater, &unknown);
}

#[test]
fn a_signer_revoked_after_the_time_stamp_still_passes() {
    let evidence = signer_revoked("20260401000000Z", Some(1));
    let verdict = judge_with(&stamped(None), &evidence, &required(), JUNE);
    passes(&verdict);
    let since = "2026-04-01T00:00:00Z".parse().unwrap();
    let told = RevocationStanding::Revoked {
        source: RevocationSource::Crl,
        since,
        cause: Some("keyCompromise".to_owned()),
    };
    assert_eq!(verdict.signers[0].revocation[0].standing, told);
    let reason = revoked(SIGNER, "2026-04-01T00:00:00Z", Some("keyCompromise"));
    let verdict = judge_with(&bare(), &evidence, &required(), JUNE);
    is_indeterminate(&verdict, SubIndication::RevokedNoPoe, &reason);
    // Whatever is asked for: what is known counts.
    let if_available = Policy { revocation: RevocationRule::IfAvailable, ..Policy::default() };
    let verdict = judge_with(&bare(), &evidence, &if_available, JUNE);
    is_indeterminate(&verdict, SubIndication::RevokedNoPoe, &reason);
    passes(&judge_with(&bare(), &evidence, &policy(), JUNE));
}

#[test]
fn a_signer_revoked_before_the_time_stamp_does_not_pass_and_has_failed_if_it_signed_later() {
    let evidence = signer_revoked("20260301000000Z", None);
    let reason = revoked(SIGNER, "2026-03-01T00:00:00Z", None);
    let judge = |content: Option<&str>| judge_with(&stamped(content), &evidence, &required(), JUNE);
    is_indeterminate(&judge(None), SubIndication::RevokedNoPoe, &reason);
    is_indeterminate(&judge(Some("20260228235959Z")), SubIndication::RevokedNoPoe, &reason);
    is_failed(&judge(Some("20260301000000Z")), SubIndication::Revoked, &reason);
}

#[test]
fn a_signer_on_hold_is_to_be_tried_later() {
    let since = "2026-03-01T00:00:00Z".parse().unwrap();
    let reason = Reason::CertificateOnHold { subject: SIGNER.to_owned(), since };
    let verdict = judge_with(&bare(), &signer_revoked("20260301000000Z", Some(6)), &required(), JUNE);
    is_indeterminate(&verdict, SubIndication::TryLater, &reason);
    let later = signer_revoked("20260401000000Z", Some(6));
    passes(&judge_with(&stamped(None), &later, &required(), JUNE));
}

#[test]
fn a_revoked_authority_is_told_apart() {
    let evidence = lists(vec![], vec![entry(&[1], "20260301000000Z", Some(2))]);
    let reason = revoked(AUTHORITY, "2026-03-01T00:00:00Z", Some("cACompromise"));
    let verdict = judge_with(&stamped(None), &evidence, &required(), JUNE);
    is_indeterminate(&verdict, SubIndication::RevokedCaNoPoe, &reason);
    let later = lists(vec![], vec![entry(&[1], "20260401000000Z", Some(2))]);
    passes(&judge_with(&stamped(None), &later, &required(), JUNE));
}

#[test]
fn a_time_stamp_of_a_revoked_authority_proves_nothing() {
    let evidence =
        lists(vec![entry(&[7], "20260401000000Z", None)], vec![entry(&[8], "20260501000000Z", None)]);
    let verdict = judge_with(&stamped(None), &evidence, &required(), JUNE);
    is_indeterminate(&verdict, SubIndication::RevokedNoPoe, &revoked(SIGNER, "2026-04-01T00:00:00Z", None));
    assert_eq!(verdict.signers[0].time_stamps[0].sub_indication, Some(SubIndication::RevokedNoPoe));
}

/// A good signature whose file brings this evidence itself.
fn bringing(crls: Vec<Vec<u8>>, values: Option<Vec<u8>>) -> Verdict {
    let mut spec = CmsSpec::good(PDF, true);
    spec.crls = crls;
    if let Some(values) = values {
        spec = spec.signer(|signer| {
            signer.stamped(move |_| attribute(oid::REVOCATION_VALUES, std::slice::from_ref(&values)))
        });
    }
    judge_with(&spec.make(), &Evidence::new(), &required(), NOW)
}

/// Of the test's now.
fn root_list() -> Vec<u8> {
    let issuer = Certificate::read(&PKI.root).unwrap().subject().to_vec();
    CrlSpec { issuer, key: &PKI.root_key, entries: vec![], ..CrlSpec::good() }.make()
}

#[test]
fn evidence_inside_the_file_counts_wherever_it_stands() {
    let response = OcspSpec::saying(says_good()).make();
    // OCSPResponse ::= SEQUENCE { ENUMERATED, [0] { SEQUENCE { OID, OCTET STRING with the BasicOCSPResponse } } }
    let basic = {
        let mut outer = tlv::Reader::new(&response, 0, tlv::Rules::Der);
        let mut fields = outer.any("").unwrap().inside();
        fields.any("").unwrap();
        let mut bytes = fields.any("").unwrap().inside().any("").unwrap().inside();
        bytes.any("").unwrap();
        bytes.any("").unwrap().content.to_vec()
    };
    let other =
        |format: &[u8], info: &[u8]| element(tlv::CONTEXT + 1, &[oid_of(format), info.to_vec()].concat());
    passes(&bringing(vec![CrlSpec::good().make(), root_list()], None));
    passes(&bringing(vec![other(oid::CRLS_OCSP_RESPONSE, &response), root_list()], None));
    passes(&bringing(vec![other(oid::CRLS_OCSP_BASIC, &basic), root_list()], None));
    let values = |basic: &[u8]| {
        let crls = element(tlv::CONTEXT, &sequence(&[root_list()]));
        sequence(&[crls, element(tlv::CONTEXT + 1, &sequence(&[basic.to_vec()]))])
    };
    passes(&bringing(vec![], Some(values(&basic))));
    let broken = bringing(vec![], Some(values(&basic[..basic.len() - 4])));
    assert_eq!(broken.sub_indication, Some(SubIndication::TryLater));
    passes(&bringing(vec![sequence(&[]), CrlSpec::good().make(), root_list()], None));
}

#[test]
fn what_the_operator_gives_is_read_as_it_is_given() {
    let mut evidence = Evidence::new();
    let response = OcspSpec::saying(says_good()).make();
    let pem = |label: &str, der: &[u8]| {
        let body = openssl::base64::encode_block(der);
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n").into_bytes()
    };
    assert_eq!(evidence.add_ocsp("a.ors", &[response.clone(), b"\r\n".to_vec()].concat()), []);
    assert_eq!(evidence.add_crl("a.pem", &pem("X509 CRL", &root_list())), []);
    passes(&judge_with(&bare(), &evidence, &required(), NOW));
    assert_eq!(evidence.add_ocsp("a.pem", &pem("OCSP RESPONSE", &response)), []);
    let kinds = [
        evidence.add_crl("x", b"nothing"),
        evidence.add_ocsp("x", &root_list()),
        evidence.add_crl("x", &response),
        evidence.add_certificates("x", &root_list()),
    ];
    for faults in kinds {
        assert_eq!(faults.len(), 1);
        assert!(faults[0].to_string().starts_with('x'), "{faults:?}");
    }
}

#[test]
fn evidence_is_no_older_than_policy_allows() {
    let judge = |age: Option<i64>| {
        let policy = Policy { revocation_age_seconds_max: age, ..required() };
        judge_with(&bare(), &lists(vec![], vec![]), &policy, JUNE).sub_indication
    };
    // Seventeen days from the lists to the verdict.
    assert_eq!(judge(Some(17 * 86_400)), None);
    assert_eq!(judge(Some(17 * 86_400 - 1)), Some(SubIndication::TryLater));
    assert_eq!(judge(None), None);
}
