//! What a list vouches for ends paths, each for its own purpose.

use super::*;
use crate::model::{Indication, Policy, RevocationRule, SubIndication, Timestamp, Verdict};
use crate::verify::budget::Budget;
use crate::verify::chain::{self, Ground, Purpose, Question};
use crate::verify::oid;
use crate::verify::shelf::Shelf;
use crate::verify::testing::{CmsSpec, PKI, extension, key_usage, letter, oid as object_id, sequence};
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
