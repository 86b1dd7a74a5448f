//! What a list vouches for ends paths, each for its own purpose.

use super::*;
use crate::model::{Indication, Policy, Reason, RevocationRule, SubIndication, Timestamp, Verdict};
use crate::verify::budget::Budget;
use crate::verify::chain::{self, Ground, Purpose, Question};
use crate::verify::oid;
use crate::verify::shelf::Shelf;
use crate::verify::testing::{
    AUTHORITY, CmsSpec, PKI, extension, key_usage, letter, oid as object_id, sequence,
};
use crate::verify::{Evidence, Judge, Trust, signed_parts};

fn trust(services: &str) -> Trust {
    let list = Spec { body: body(services), ..Spec::usual() }.make().into_bytes();
    let signers = [("signer.cer".to_owned(), SCHEME.signer.clone())].into_iter();
    Trust::from_folder([("list.xml".to_owned(), list)].into_iter(), signers).0
}

fn now() -> Timestamp {
    "2026-03-15T12:00:00Z".parse().unwrap()
}

fn policy() -> Policy {
    Policy { revocation: RevocationRule::Off, ..Policy::default() }
}

/// The verdict on a document by the test signer, whose authority's root nobody trusts.
fn judge(services: &str) -> Verdict {
    let (trust, evidence, policy) = (trust(services), Evidence::new(), policy());
    let letter = letter(&[("copy.pdf.p7s", &CmsSpec::good(b"%PDF-1.4 the copy", true).make())]);
    let judge = Judge { trust: &trust, evidence: &evidence, policy: &policy };
    judge.letter(&letter, &signed_parts(&letter), now(), now()).remove(0).verdict
}

#[track_caller]
fn has_no_path(verdict: &Verdict) {
    assert_eq!(verdict.indication, Indication::Indeterminate);
    assert_eq!(verdict.sub_indication, Some(SubIndication::NoCertificateChainFound));
}

#[test]
fn a_signer_of_a_granted_authority_passes_although_nobody_trusts_its_root() {
    let verdict = judge(&service(CA_QC, GRANTED, &[&PKI.authority]));
    assert_eq!((verdict.indication, &verdict.reason), (Indication::TotalPassed, &None));
    assert_eq!(verdict.signers[0].chain.len(), 2, "the path ends at the authority");
    let withdrawn = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn";
    has_no_path(&judge(&service(CA_QC, withdrawn, &[&PKI.authority])));
    has_no_path(&judge(&service(CA_QC, GRANTED, &[&SCHEME.authority])));
}

#[test]
fn an_authority_of_time_stamps_vouches_for_no_document() {
    has_no_path(&judge(&service(TSA_QTST, GRANTED, &[&PKI.authority])));
    has_no_path(&judge(&service(TSA_QTST, GRANTED, &[&PKI.authority, &PKI.signer])));
}

#[test]
fn a_time_stamping_certificate_of_a_list_is_the_end_of_its_own_path() {
    let key = Key::p256("unit");
    let purpose = extension(oid::EXTENDED_KEY_USAGE, true, &sequence(&[object_id(oid::TIME_STAMPING)]));
    let spec = CertificateSpec::signer("Позначки", &key, "Корінь", &PKI.root_key);
    let unit = CertificateSpec { extensions: vec![key_usage(0xc0), purpose], ..spec }.make();
    let trust = trust(&service(TSA_QTST, GRANTED, &[&unit]));
    let (evidence, policy, embedded) = (Evidence::new(), policy(), Shelf::default());
    let sources = evidence.sources();
    let ground = Ground {
        trust: &trust,
        evidence: &evidence,
        policy: &policy,
        embedded: &embedded,
        inside: embedded.fingerprints(),
        sources: &sources,
        validated_at: now(),
    };
    let unit = certificate(&unit);
    let length = |purpose| {
        let question = Question { purpose, at: now(), signed_after: None };
        let path = chain::find(&unit, &ground, question, &mut Budget::of_letter());
        path.fault.is_none().then_some(path.certificates.len())
    };
    assert_eq!(length(Purpose::TimeStamping), Some(1));
    assert_eq!(length(Purpose::Document), None);
    assert_eq!(length(Purpose::Authority), None);
}

const WITHDRAWN: &str = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn";

/// A service that is what it is since this moment; without one, the list does not say.
fn since(service: &str, moment: Option<&str>) -> String {
    let usual = "<StatusStartingTime>2025-01-01T00:00:00Z</StatusStartingTime>";
    assert!(service.contains(usual));
    let other = moment.map(|moment| format!("<StatusStartingTime>{moment}</StatusStartingTime>"));
    service.replace(usual, &other.unwrap_or_default())
}

/// Trust in the test root, whose file lies in the folder beside these lists.
fn trust_beside(lists: &[String]) -> Trust {
    let lists = lists.iter().enumerate().map(|(number, services)| {
        let list = Spec { body: body(services), ..Spec::usual() }.make().into_bytes();
        (format!("{number}.xml"), list)
    });
    let files = lists.chain([("root.cer".to_owned(), PKI.root.clone())]);
    Trust::from_folder(files, [("signer.cer".to_owned(), SCHEME.signer.clone())].into_iter()).0
}

/// The verdict on a document by the test signer, whose authority's root lies in the folder beside these lists.
fn judge_beside(lists: &[String]) -> Verdict {
    let (trust, evidence, policy) = (trust_beside(lists), Evidence::new(), policy());
    let letter = letter(&[("copy.pdf.p7s", &CmsSpec::good(b"%PDF-1.4 the copy", true).make())]);
    let judge = Judge { trust: &trust, evidence: &evidence, policy: &policy };
    judge.letter(&letter, &signed_parts(&letter), now(), now()).remove(0).verdict
}

#[track_caller]
fn passes_beside(lists: &[String]) {
    let verdict = judge_beside(lists);
    assert_eq!((verdict.indication, &verdict.reason), (Indication::TotalPassed, &None));
}

#[track_caller]
fn withdrawn_beside(lists: &[String], moment: Option<&str>, list: &str) {
    let verdict = judge_beside(lists);
    assert_eq!(verdict.indication, Indication::Indeterminate, "{verdict:?}");
    assert_eq!(verdict.sub_indication, Some(SubIndication::ChainConstraintsFailure));
    let Some(Reason::ServiceNotGranted { since, list: named, .. }) = &verdict.reason else {
        panic!("{:?}", verdict.reason)
    };
    let expected: Option<Timestamp> = moment.map(|moment| moment.parse().unwrap());
    assert_eq!((since, named.as_str()), (&expected, list));
}

#[test]
fn a_withdrawn_authority_passes_nothing_from_that_moment_on_though_its_root_lies_in_the_folder() {
    let withdrawn = service(CA_QC, WITHDRAWN, &[&PKI.authority]);
    passes_beside(&[]);
    passes_beside(&[since(&withdrawn, Some("2026-03-15T12:00:01Z"))]);
    for moment in ["2026-03-15T12:00:00Z", "2025-01-01T00:00:00Z"] {
        withdrawn_beside(&[since(&withdrawn, Some(moment))], Some(moment), "0.xml");
    }
    withdrawn_beside(&[since(&withdrawn, None)], None, "0.xml");
    // The root itself, though the operator put it there.
    withdrawn_beside(&[service(CA_QC, WITHDRAWN, &[&PKI.root])], Some("2025-01-01T00:00:00Z"), "0.xml");
}

#[test]
fn another_certificate_for_the_same_name_and_key_is_the_same_service() {
    let again = CertificateSpec::authority(AUTHORITY, &PKI.authority_key, "Інший корінь", &SCHEME.key).make();
    assert_eq!(certificate(&again).subject(), certificate(&PKI.authority).subject());
    assert_ne!(certificate(&again).fingerprint, certificate(&PKI.authority).fingerprint);
    let withdrawn = service(CA_QC, WITHDRAWN, &[&again]);
    withdrawn_beside(std::slice::from_ref(&withdrawn), Some("2025-01-01T00:00:00Z"), "0.xml");
    // Granted under either certificate, in the same list, counts.
    passes_beside(&[withdrawn + &service(CA_QC, GRANTED, &[&PKI.authority])]);
}

#[test]
fn of_two_lists_the_later_word_counts_in_whatever_order_they_lie() {
    let at = |status, moment| since(&service(CA_QC, status, &[&PKI.authority]), moment);
    let (early, late) = (Some("2024-01-01T00:00:00Z"), Some("2025-06-01T00:00:00Z"));
    passes_beside(&[at(WITHDRAWN, early), at(GRANTED, late)]);
    passes_beside(&[at(GRANTED, late), at(WITHDRAWN, early)]);
    withdrawn_beside(&[at(GRANTED, early), at(WITHDRAWN, late)], late, "1.xml");
    withdrawn_beside(&[at(WITHDRAWN, late), at(GRANTED, early)], late, "0.xml");
    withdrawn_beside(&[at(GRANTED, late), at(WITHDRAWN, None)], None, "1.xml");
    withdrawn_beside(&[at(GRANTED, None), at(WITHDRAWN, early)], early, "1.xml");
}

#[test]
fn a_withdrawn_service_of_time_stamps_spoils_no_document_and_revocation_data_are_still_taken() {
    passes_beside(&[service(TSA_QTST, WITHDRAWN, &[&PKI.authority])]);
    let trust = trust_beside(&[service(CA_QC, WITHDRAWN, &[&PKI.authority])]);
    let (evidence, policy, embedded) = (Evidence::new(), policy(), Shelf::default());
    let sources = evidence.sources();
    let ground = Ground {
        trust: &trust,
        evidence: &evidence,
        policy: &policy,
        embedded: &embedded,
        inside: embedded.fingerprints(),
        sources: &sources,
        validated_at: now(),
    };
    let authority = certificate(&PKI.authority);
    let is_good = |purpose| {
        let question = Question { purpose, at: now(), signed_after: None };
        chain::find(&authority, &ground, question, &mut Budget::of_letter()).fault.is_none()
    };
    assert!(is_good(Purpose::Authority), "who issued a certificate tells on of its revocation");
}
