//! Time-stamps: what a valid one saves, and that a broken one is named and proves nothing.

use super::*;
use crate::model::{Level, TimeStampKind, TimeStampVerdict};
use crate::verify::limits::TIME_STAMPS_MAX;
use crate::verify::oid;
use crate::verify::testing::{
    CertificateSpec, Hash, Key, ROOT, SIGNER, attribute, element, extension, integer, key_usage, octets,
    sequence,
};
use crate::verify::testing_time_stamps::{
    TSA, TSA_NAME, TokenSpec, content_stamp, purposes, signature_stamp, tsa_certificate,
};
use crate::verify::tlv;

/// The test signer's certificate has ended by then; that of the authority of time-stamps has not.
const LATER: &str = "2027-06-01T00:00:00Z";
const STAMPED: &str = "20260315120000Z";

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A good signature with these tokens over it.
fn stamped(tokens: Vec<TokenSpec<'_>>) -> Vec<u8> {
    let spec = CmsSpec::good(PDF, true).signer(|signer| {
        signer.stamped(move |signature| {
            signature_stamp(&tokens.iter().map(|token| token.over(signature)).collect::<Vec<_>>())
        })
    });
    spec.make()
}

/// A good signature with this token over its content, and one over itself.
fn content_stamped(content: &TokenSpec<'_>, signature: Option<TokenSpec<'_>>) -> Vec<u8> {
    let over_content = content_stamp(&[content.over(PDF)]);
    let spec = CmsSpec::good(PDF, true).signer(|signer| {
        let signer = signer.with(over_content);
        match signature {
            None => signer,
            Some(token) => signer.stamped(move |octets| signature_stamp(&[token.over(octets)])),
        }
    });
    spec.make()
}

fn judge_later_on(p7s: &[u8]) -> Verdict {
    judge_with(p7s, &Evidence::new(), &policy(), LATER)
}

fn expired() -> Reason {
    let not_after = moment("2026-12-31T23:59:59Z");
    Reason::CertificateExpired { subject: SIGNER.to_owned(), not_after }
}

fn stamps(verdict: &Verdict) -> &[TimeStampVerdict] {
    &verdict.signers[0].time_stamps
}

/// The one time-stamp is broken in this way: the signature stands where it stands without one, and nowhere else.
#[track_caller]
fn is_broken(p7s: &[u8], sub: SubIndication, reason: &Reason) {
    let verdict = judge_file(p7s, &trust());
    passes(&verdict);
    assert_eq!(verdict.signers[0].proven_at, now());
    let [stamp] = stamps(&verdict) else { panic!("{verdict:?}") };
    assert_eq!((stamp.sub_indication, stamp.reason.as_ref()), (Some(sub), Some(reason)));
    assert_eq!(stamp.indication, sub.indication());
    is_indeterminate(&judge_later_on(p7s), SubIndication::OutOfBoundsNoPoe, &expired());
}

fn by(certificate: &CertificateSpec<'_>) -> Vec<u8> {
    let made = certificate.make();
    stamped(vec![TokenSpec { certificate: made.clone(), embedded: vec![made], ..TokenSpec::at(STAMPED) }])
}

#[test]
fn a_valid_time_stamp_keeps_a_signature_valid_after_its_certificate_ended() {
    let verdict = judge_later_on(&stamped(vec![TokenSpec::at(STAMPED)]));
    passes(&verdict);
    let signer = &verdict.signers[0];
    assert_eq!((signer.proven_at, verdict.proof_at), (moment("2026-03-15T12:00:00Z"), moment(LATER)));
    assert_eq!(signer.level, Some(Level::T));
    let [stamp] = stamps(&verdict) else { panic!("{signer:?}") };
    assert_eq!((stamp.kind, stamp.indication), (TimeStampKind::Signature, Indication::TotalPassed));
    assert_eq!(stamp.authority.as_ref().unwrap().subject, TSA_NAME);
    let bare = CmsSpec::good(PDF, true).make();
    is_indeterminate(&judge_later_on(&bare), SubIndication::OutOfBoundsNoPoe, &expired());
}

#[test]
fn of_several_time_stamps_the_earliest_valid_one_counts() {
    let late = TokenSpec::at("20270201000000Z");
    let verdict = judge_later_on(&stamped(vec![late.clone(), TokenSpec::at(STAMPED)]));
    passes(&verdict);
    assert_eq!(stamps(&verdict).len(), 2);
    is_indeterminate(&judge_later_on(&stamped(vec![late])), SubIndication::OutOfBoundsNoPoe, &expired());
}

#[test]
fn several_attributes_of_time_stamps_count_as_several_values_do() {
    let spec = CmsSpec::good(PDF, true).signer(|signer| {
        let one =
            |time: &'static str| move |octets: &[u8]| signature_stamp(&[TokenSpec::at(time).over(octets)]);
        signer.stamped(one("20270201000000Z")).stamped(one(STAMPED))
    });
    passes(&judge_later_on(&spec.make()));
}

#[test]
fn a_time_stamp_from_before_the_signers_certificate_fails_the_signature() {
    let p7s = stamped(vec![TokenSpec::at("20241231235959Z")]);
    let not_before = moment("2025-01-01T00:00:00Z");
    let reason = Reason::CertificateNotYetValid { subject: SIGNER.to_owned(), not_before };
    is_failed(&judge_file(&p7s, &trust()), SubIndication::NotYetValid, &reason);
    passes(&judge_file(&stamped(vec![TokenSpec::at("20250101000000Z")]), &trust()));
}

#[test]
fn a_signature_made_after_its_certificate_ended_has_expired() {
    let at = |time: &str| judge_later_on(&content_stamped(&TokenSpec::at(time), None));
    is_failed(&at("20270101000000Z"), SubIndication::Expired, &expired());
    is_indeterminate(&at("20261231235959Z"), SubIndication::OutOfBoundsNoPoe, &expired());
}

#[test]
fn a_content_time_stamp_proves_no_end() {
    let p7s = content_stamped(&TokenSpec::at("20260101000000Z"), Some(TokenSpec::at(STAMPED)));
    let verdict = judge_later_on(&p7s);
    passes(&verdict);
    let kinds: Vec<TimeStampKind> = stamps(&verdict).iter().map(|stamp| stamp.kind).collect();
    assert_eq!(kinds, [TimeStampKind::Content, TimeStampKind::Signature]);
    assert_eq!(verdict.signers[0].proven_at, moment("2026-03-15T12:00:00Z"));
}

#[test]
fn a_content_time_stamp_later_than_the_signatures_own_contradicts_it() {
    let at = |content: &str| {
        judge_file(
            &content_stamped(&TokenSpec::at(content), Some(TokenSpec::at("20260301000000Z"))),
            &trust(),
        )
    };
    let (earlier, later) = (moment("2026-03-02T00:00:00Z"), moment("2026-03-01T00:00:00Z"));
    let reason = Reason::TimeStampOrder { earlier, later };
    is_indeterminate(&at("20260302000000Z"), SubIndication::TimestampOrderFailure, &reason);
    passes(&at("20260301000000Z"));
}

#[test]
fn a_content_time_stamp_is_over_the_content_attached_or_detached() {
    let over = |octets: &[u8]| {
        let stamp = content_stamp(&[TokenSpec { hash: Hash::Sha384, ..TokenSpec::at(STAMPED) }.over(octets)]);
        CmsSpec::good(PDF, false).signer(|signer| signer.with(stamp)).make()
    };
    let judge = |p7s: &[u8]| judge(&letter(&[("a.p7s", p7s), ("a.pdf", PDF)]), &trust()).remove(0);
    let verdict = judge(&over(PDF));
    passes(&verdict);
    assert_eq!(stamps(&verdict)[0].indication, Indication::TotalPassed);
    let verdict = judge(&over(OTHER_PDF));
    passes(&verdict);
    assert_eq!(stamps(&verdict)[0].reason, Some(Reason::TimeStampOfOther));
}

#[test]
fn a_time_stamp_over_something_else_is_named_and_proves_nothing() {
    let token = TokenSpec::at(STAMPED).over(b"another signature");
    let spec = CmsSpec::good(PDF, true)
        .signer(|signer| signer.stamped(move |_| signature_stamp(std::slice::from_ref(&token))));
    is_broken(&spec.make(), SubIndication::HashFailure, &Reason::TimeStampOfOther);
}

#[test]
fn a_time_stamp_by_another_key_is_named_and_proves_nothing() {
    let other = Key::p256("another time");
    let p7s = stamped(vec![TokenSpec { key: &other, ..TokenSpec::at(STAMPED) }]);
    is_broken(&p7s, SubIndication::SigCryptoFailure, &Reason::SignatureWrong);
}

#[test]
fn an_authority_of_time_stamps_must_be_one() {
    let with = |extensions: Vec<Vec<u8>>| by(&CertificateSpec { extensions, ..tsa_certificate(&TSA.key) });
    let constraint = |constraint: &str| Reason::ChainConstraint {
        subject: TSA_NAME.to_owned(),
        constraint: constraint.to_owned(),
    };
    let (sub, purpose) = (SubIndication::ChainConstraintsFailure, constraint("extKeyUsage timeStamping"));
    is_broken(&with(vec![key_usage(0xc0)]), sub, &purpose);
    is_broken(&with(vec![purposes(true, &[oid::OCSP_SIGNING])]), sub, &purpose);
    is_broken(
        &with(vec![key_usage(0x04), purposes(true, &[oid::TIME_STAMPING])]),
        sub,
        &constraint("keyUsage"),
    );
    // As real ones are: not critical, with a vendor's purpose.
    passes(&judge_later_on(&with(vec![purposes(false, &[oid::TIME_STAMPING, &[0x2a, 0x03]])])));
}

#[test]
fn an_authority_of_time_stamps_must_be_trusted_and_in_force() {
    let key = Key::p256("stranger");
    let stranger = CertificateSpec { issuer_key: &key, ..tsa_certificate(&TSA.key) };
    let no_path = Reason::NoPathToAnchor { last: TSA_NAME.to_owned() };
    is_broken(&by(&stranger), SubIndication::NoCertificateChainFound, &no_path);
    let ended = CertificateSpec { not_after: "20260314000000Z", ..tsa_certificate(&TSA.key) };
    let not_after = moment("2026-03-14T00:00:00Z");
    let reason = Reason::CertificateExpired { subject: TSA_NAME.to_owned(), not_after };
    is_broken(&by(&ended), SubIndication::OutOfBoundsNoPoe, &reason);
}

#[test]
fn a_time_stamp_from_the_future_or_from_before_its_authority_is_named_and_proves_nothing() {
    let ahead = |time: &str| judge_file(&stamped(vec![TokenSpec::at(time)]), &trust());
    let within = ahead("20260315120500Z");
    passes(&within);
    assert_eq!(stamps(&within)[0].indication, Indication::TotalPassed);
    assert_eq!(within.signers[0].proven_at, now());
    let beyond = ahead("20260315120501Z");
    passes(&beyond);
    let order = |earlier: &str, later: &str| Reason::TimeStampOrder {
        earlier: moment(earlier),
        later: moment(later),
    };
    assert_eq!(stamps(&beyond)[0].sub_indication, Some(SubIndication::TimestampOrderFailure));
    assert_eq!(stamps(&beyond)[0].reason, Some(order("2026-03-15T12:05:01Z", NOW)));
    let young = CertificateSpec { not_before: "20260315120001Z", ..tsa_certificate(&TSA.key) }.make();
    let token = TokenSpec { certificate: young.clone(), embedded: vec![young], ..TokenSpec::at(STAMPED) };
    let verdict = judge_later_on(&stamped(vec![token]));
    is_indeterminate(&verdict, SubIndication::OutOfBoundsNoPoe, &expired());
    assert_eq!(stamps(&verdict)[0].reason, Some(order("2026-03-15T12:00:01Z", "2026-03-15T12:00:00Z")));
}

#[test]
fn a_tokens_certificate_is_found_inside_it_beside_it_or_at_the_operator() {
    let bare = || TokenSpec { embedded: Vec::new(), ..TokenSpec::at(STAMPED) };
    let p7s = stamped(vec![bare()]);
    let missing = Reason::SignerCertificateNotFound { sought: format!("{ROOT}, 08") };
    is_broken(&p7s, SubIndication::NoSigningCertificateFound, &missing);
    let mut evidence = Evidence::new();
    assert_eq!(evidence.add_certificates("tsa.cer", &TSA.certificate), []);
    passes(&judge_with(&p7s, &evidence, &policy(), LATER));
    let known = trust_in(&[&PKI.root, &TSA.certificate]);
    passes(&judge_at(&letter(&[("a.p7s", &p7s)]), &known, moment(LATER))[0]);
    let mut beside = CmsSpec::good(PDF, true)
        .signer(|signer| signer.stamped(move |octets| signature_stamp(&[bare().over(octets)])));
    beside.certificates.push(TSA.certificate.clone());
    passes(&judge_later_on(&beside.make()));
}

#[test]
fn a_certificate_that_the_operator_gives_as_evidence_is_no_anchor() {
    let mut evidence = Evidence::new();
    for der in [&PKI.root, &PKI.authority, &PKI.signer] {
        assert_eq!(evidence.add_certificates("x.cer", der), []);
    }
    let p7s = CmsSpec::good(PDF, true).make();
    let judge = Judge { trust: &Trust::default(), evidence: &evidence, policy: &policy() };
    let verdict = judge.file("a.p7s", &p7s, None, now(), now()).verdict;
    let untrusted = Reason::UntrustedRoot { subject: ROOT.to_owned() };
    is_indeterminate(&verdict, SubIndication::NoCertificateChainFound, &untrusted);
}

#[test]
fn the_first_signing_certificate_attribute_counts_in_a_token() {
    let with =
        |hash: Vec<u8>| stamped(vec![TokenSpec { first_version: Some(hash), ..TokenSpec::at(STAMPED) }]);
    passes(&judge_later_on(&with(Hash::Sha1.of(&TSA.certificate))));
    let wrong = Reason::AttributeWrong { name: "signing-certificate".to_owned() };
    is_broken(&with(vec![0; 20]), SubIndication::SigConstraintsFailure, &wrong);
    is_broken(&with(Hash::Sha256.of(&TSA.certificate)), SubIndication::SigConstraintsFailure, &wrong);
}

#[test]
fn what_a_token_says_beside_its_time_is_read_and_changes_nothing() {
    let tail = vec![
        sequence(&[integer(1), element(tlv::CONTEXT_PRIMITIVE, &[1])]),
        element(tlv::BOOLEAN, &[0xff]),
        element(tlv::INTEGER, &[7; 16]),
        element(tlv::CONTEXT, &element(tlv::CONTEXT + 4, &sequence(&[]))),
        element(tlv::CONTEXT + 1, &extension(&[0x2a, 0x03], false, b"x")),
    ];
    passes(&judge_later_on(&stamped(vec![TokenSpec { tail, ..TokenSpec::at("20260315120000.25Z") }])));
    let critical = element(tlv::CONTEXT + 1, &extension(&[0x2a, 0x03], true, b"x"));
    let p7s = stamped(vec![TokenSpec { tail: vec![critical], ..TokenSpec::at(STAMPED) }]);
    let verdict = judge_later_on(&p7s);
    assert_eq!(stamps(&verdict)[0].sub_indication, Some(SubIndication::FormatFailure));
    is_indeterminate(&verdict, SubIndication::OutOfBoundsNoPoe, &expired());
}

#[test]
fn a_token_is_a_signature_over_a_tst_info_by_one_signer() {
    let broken = [
        TokenSpec { content_type: oid::ID_DATA, ..TokenSpec::at(STAMPED) },
        TokenSpec { signers: 0, ..TokenSpec::at(STAMPED) },
        TokenSpec { signers: 2, ..TokenSpec::at(STAMPED) },
        TokenSpec::at("yesterday"),
    ];
    for token in broken {
        let verdict = judge_later_on(&stamped(vec![token]));
        let stamp = &stamps(&verdict)[0];
        assert_eq!((stamp.sub_indication, stamp.time), (Some(SubIndication::FormatFailure), None));
        is_indeterminate(&verdict, SubIndication::OutOfBoundsNoPoe, &expired());
    }
    // The signed file is no token of itself, and a token no signed file.
    let token = TokenSpec::at(STAMPED).over(PDF);
    let reason = Reason::ContentTypeNotData { oid: "1.2.840.113549.1.9.16.1.4".to_owned() };
    is_failed(&judge_file(&token, &trust()), SubIndication::FormatFailure, &reason);
}

#[test]
fn a_weak_digest_in_a_token_proves_nothing() {
    let p7s = stamped(vec![TokenSpec { hash: Hash::Sha1, ..TokenSpec::at(STAMPED) }]);
    let weak = Reason::WeakAlgorithm { what: "SHA-1".to_owned() };
    is_broken(&p7s, SubIndication::CryptoConstraintsFailure, &weak);
}

#[test]
fn later_forms_are_named_by_their_attributes_and_stand_on_a_time_stamp() {
    let level = |kinds: &[&'static [u8]], crls: bool| {
        let mut spec = CmsSpec::good(PDF, true);
        for kind in kinds {
            spec = spec.signer(|signer| signer.stamped(|_| attribute(kind, &[sequence(&[])])));
        }
        if crls {
            spec.crls = vec![sequence(&[])];
        }
        judge_spec(&spec).signers[0].level.unwrap()
    };
    let t = oid::SIGNATURE_TIME_STAMP;
    assert_eq!(level(&[], true), Level::Bes);
    assert_eq!(level(&[oid::REVOCATION_VALUES, oid::ARCHIVE_TIME_STAMP_V3], false), Level::Bes);
    assert_eq!(level(&[t], false), Level::T);
    assert_eq!(level(&[t, oid::CERTIFICATE_REFERENCES], false), Level::C);
    assert_eq!(level(&[t], true), Level::XLong);
    assert_eq!(level(&[t, oid::REVOCATION_REFERENCES, oid::REVOCATION_VALUES], false), Level::XLong);
    for archive in [oid::ARCHIVE_TIME_STAMP, oid::ARCHIVE_TIME_STAMP_V2, oid::ARCHIVE_TIME_STAMP_V3] {
        assert_eq!(level(&[t, archive, oid::CERTIFICATE_VALUES], false), Level::A);
    }
}

#[test]
fn time_stamps_over_references_and_archives_are_named_and_prove_nothing() {
    for (kind, name) in [
        (oid::EVIDENCE_TIME_STAMP, TimeStampKind::Evidence),
        (oid::ARCHIVE_TIME_STAMP_V3, TimeStampKind::Archive),
    ] {
        let spec = CmsSpec::good(PDF, true).signer(|signer| {
            signer.stamped(|octets| attribute(kind, &[TokenSpec::at(STAMPED).over(octets)]))
        });
        let verdict = judge_later_on(&spec.make());
        is_indeterminate(&verdict, SubIndication::OutOfBoundsNoPoe, &expired());
        let stamp = &stamps(&verdict)[0];
        assert_eq!((stamp.kind, stamp.time), (name, Some(moment("2026-03-15T12:00:00Z"))));
        assert_eq!(
            (stamp.indication, stamp.sub_indication),
            (Indication::Indeterminate, Some(SubIndication::Generic))
        );
    }
}

#[test]
fn a_token_inside_a_token_is_not_followed() {
    let mut token = TokenSpec::at(STAMPED).over(b"innermost");
    for _ in 0..200 {
        let inner = signature_stamp(&[token]);
        let spec = CmsSpec::good(PDF, true).signer(|signer| signer.stamped(move |_| inner.clone()));
        token = spec.make();
    }
    let spec = CmsSpec::good(PDF, true)
        .signer(|signer| signer.stamped(move |_| signature_stamp(std::slice::from_ref(&token))));
    let verdict = judge_spec(&spec);
    passes(&verdict);
    assert_eq!(stamps(&verdict).len(), 1);
}

#[test]
fn more_time_stamps_than_the_limit_are_over_budget() {
    let many = |count: usize| judge_file(&stamped(vec![TokenSpec::at(STAMPED); count]), &trust());
    let verdict = many(TIME_STAMPS_MAX);
    passes(&verdict);
    assert_eq!(stamps(&verdict).len(), TIME_STAMPS_MAX);
    let over = Reason::OverBudget { limit: "TIME_STAMPS_MAX".to_owned() };
    is_indeterminate(&many(1_000), SubIndication::CertificateChainGeneralFailure, &over);
    let over = Reason::OverBudget { limit: "LIST_MAX".to_owned() };
    let attributes = (0..1_000).flat_map(|_| attribute(&[0x2a, 0x03], &[octets(b"x")])).collect::<Vec<u8>>();
    let spec = CmsSpec::good(PDF, true).signer(|mut signer| {
        signer.unsigned_attributes = element(tlv::CONTEXT + 1, &attributes);
        signer
    });
    is_indeterminate(&judge_spec(&spec), SubIndication::CertificateChainGeneralFailure, &over);
}

#[test]
fn unsigned_attributes_that_are_none_are_a_format_failure() {
    for broken in [octets(b"x"), sequence(&[octets(b"x")]), sequence(&[element(tlv::OID, &[0x2a, 0x03])])] {
        let spec = CmsSpec::good(PDF, true).signer(|mut signer| {
            signer.unsigned_attributes = element(tlv::CONTEXT + 1, &broken);
            signer
        });
        assert_eq!(judge_spec(&spec).sub_indication, Some(SubIndication::FormatFailure));
    }
}
