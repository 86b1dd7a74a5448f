//! Who may sign a response.

use super::*;
use crate::verify::oid;
use crate::verify::testing::{Hash, extension, key_usage, oid as identifier, sequence};
use crate::verify::testing_revocation::{AnswerSpec, CrlSpec, OcspSpec, good, revoked};

const THIS: &str = "2026-03-15T00:00:00Z";
const RESPONDER: &str = "Тестовий OCSP";

static RESPONDER_KEY: LazyLock<Key> = LazyLock::new(|| Key::p256("responder"));

fn purpose(id: &[u8]) -> Vec<u8> {
    extension(oid::EXTENDED_KEY_USAGE, true, &sequence(&[identifier(id)]))
}

/// A good responder of the test authority.
fn responder<'a>() -> CertificateSpec<'a> {
    CertificateSpec {
        extensions: vec![key_usage(0x80), purpose(oid::OCSP_SIGNING)],
        ..CertificateSpec::signer(RESPONDER, &RESPONDER_KEY, AUTHORITY, &PKI.authority_key)
    }
}

fn response_by(spec: &CertificateSpec<'_>) -> Given {
    responses(&[OcspSpec::saying(good()).by(&spec.make(), &RESPONDER_KEY).make()])
}

fn is_good_by(spec: &CertificateSpec<'_>) {
    is_good(&response_by(spec).say(), RevocationSource::Ocsp, THIS);
}

fn is_refused(spec: &CertificateSpec<'_>, why: &str) {
    is_unknown(&response_by(spec).say(), why);
}

#[test]
fn a_delegated_responder_speaks_for_its_authority() {
    is_good_by(&responder());
    is_good_by(&CertificateSpec { extensions: vec![purpose(oid::OCSP_SIGNING)], ..responder() });
}

#[test]
fn a_responder_need_not_come_inside_the_response() {
    let certificate = responder().make();
    let mut spec = OcspSpec::saying(good()).by(&certificate, &RESPONDER_KEY);
    spec.certificates.clear();
    let given = responses(&[spec.make()]);
    is_good(&given.say_to(&known(&[&certificate])), RevocationSource::Ocsp, THIS);
    is_unknown(&given.say(), "a stranger's");
}

#[test]
fn an_unreadable_certificate_beside_the_responders_does_not_matter() {
    let certificate = responder().make();
    let mut spec = OcspSpec::saying(good()).by(&certificate, &RESPONDER_KEY);
    spec.certificates.insert(0, sequence(&[]));
    is_good(&responses(&[spec.make()]).say(), RevocationSource::Ocsp, THIS);
    spec.certificates.pop();
    is_unknown(
        &responses(&[spec.make()]).say(),
        "or its certificate cannot be read: expected a TBSCertificate",
    );
}

#[test]
fn a_responder_must_be_certified_for_this_work() {
    is_refused(&CertificateSpec { extensions: vec![key_usage(0x80)], ..responder() }, "not for OCSPSigning");
    let stamper = vec![purpose(oid::TIME_STAMPING)];
    is_refused(&CertificateSpec { extensions: stamper, ..responder() }, "not for OCSPSigning");
    let mute = vec![key_usage(0x20), purpose(oid::OCSP_SIGNING)];
    is_refused(&CertificateSpec { extensions: mute, ..responder() }, "keyUsage");
    let strange = vec![purpose(oid::OCSP_SIGNING), extension(&[0x2a, 0x03], true, &[])];
    is_refused(&CertificateSpec { extensions: strange, ..responder() }, "unknown critical extension 1.2.3");
}

#[test]
fn a_responder_of_another_authority_is_a_stranger() {
    let stranger = Key::p256("stranger");
    let of_root = CertificateSpec::signer(RESPONDER, &RESPONDER_KEY, ROOT, &PKI.root_key);
    let extensions = || responder().extensions;
    is_refused(
        &CertificateSpec { extensions: extensions(), ..of_root },
        "another authority issued its responder",
    );
    // The right name of the issuer, and somebody else's key.
    is_refused(&CertificateSpec { issuer_key: &stranger, ..responder() }, "no authority of its name issued");
    let weak = CertificateSpec { hash: Hash::Sha1, ..responder() };
    is_refused(&weak, "the OCSP responder's certificate proves nothing: weak algorithm");
}

#[test]
fn a_response_that_its_responder_did_not_sign_is_a_strangers() {
    let stranger = Key::p256("stranger");
    let spec = OcspSpec::saying(good());
    is_unknown(&responses(&[spec.clone().by(&responder().make(), &stranger).make()]).say(), "a stranger's");
    is_unknown(&responses(&[OcspSpec { key: &stranger, ..spec }.make()]).say(), "a stranger's");
    let weak = OcspSpec { hash: Hash::Sha1, ..OcspSpec::saying(good()) };
    is_unknown(&responses(&[weak.make()]).say(), "weak algorithm ECDSA with SHA-1");
}

#[test]
fn a_responder_is_judged_at_the_moment_of_its_response() {
    let ended = CertificateSpec { not_after: "20260315000000Z", ..responder() };
    let then = response_by(&ended).say_at(Moments { best: at(THIS), ..moments() });
    is_good(&then, RevocationSource::Ocsp, THIS);
    is_refused(&CertificateSpec { not_after: "20260314235959Z", ..responder() }, "was not in force");
    is_good_by(&CertificateSpec { not_before: "20260315000000Z", ..responder() });
    is_refused(&CertificateSpec { not_before: "20260315000001Z", ..responder() }, "was not in force");
}

/// Nobody guards the key of a responder that has ended. Its thief says when he signed, and for how long it holds.
#[test]
fn the_word_of_a_responder_holds_no_longer_than_its_certificate() {
    let ended = CertificateSpec { not_after: "20260315000000Z", ..responder() }.make();
    let by_thief = |this_update: &'static str, status: Vec<u8>| {
        let answer =
            AnswerSpec { this_update, next_update: Some("20990101000000Z"), ..AnswerSpec::new(status) };
        responses(&[OcspSpec::with(vec![answer.make()]).by(&ended, &RESPONDER_KEY).make()]).say()
    };
    for this_update in ["20250601000000Z", "20260315000000Z", "20260315120000Z"] {
        is_unknown(&by_thief(this_update, good()), "has ended before (2026-03-15T00:00:00Z)");
    }
    // What it said of a revocation is for good.
    let since = "20260101000000Z";
    is_revoked(
        &by_thief("20260301000000Z", revoked(since, Some(1))),
        "2026-01-01T00:00:00Z",
        Some("keyCompromise"),
    );
}

#[test]
fn the_list_of_a_re_keyed_authority_holds_no_longer_than_its_certificate() {
    let until = |not_after: &'static str| {
        let spec = CertificateSpec::authority(AUTHORITY, &NEW_KEY, ROOT, &PKI.root_key);
        CertificateSpec { not_after, ..spec }.make()
    };
    let list = lists(&[CrlSpec { key: &NEW_KEY, ..CrlSpec::good() }.make()]);
    is_good(&list.say_to(&known(&[&until("20260315120000Z")])), RevocationSource::Crl, THIS);
    is_unknown(&list.say_to(&known(&[&until("20260315115959Z")])), "has ended before");
}

#[test]
fn a_re_keyed_authority_and_its_responder_speak_if_it_leads_to_an_anchor() {
    let by_new = CertificateSpec { issuer_key: &NEW_KEY, ..responder() };
    let delegated = response_by(&by_new);
    let direct = OcspSpec { key: &NEW_KEY, ..OcspSpec::saying(good()) };
    let direct = responses(&[direct.make()]);
    let trusted = known(&[&NEW_AUTHORITY]);
    let impostor = CertificateSpec::authority(AUTHORITY, &NEW_KEY, AUTHORITY, &NEW_KEY).make();
    let strangers = known(&[&impostor]);
    for given in [delegated, direct] {
        is_good(&given.say_to(&trusted), RevocationSource::Ocsp, THIS);
        is_unknown(&given.say_to(&strangers), "leads to no anchor");
        is_unknown(&given.say(), "a stranger's");
    }
}

#[test]
fn certificates_inside_responses_are_offered_to_the_search() {
    let certificate = responder().make();
    let response = OcspSpec::saying(good()).by(&certificate, &RESPONDER_KEY).make();
    let mut sources = Sources::default();
    sources.add_ocsp(&response).unwrap();
    assert_eq!(sources.certificates().map(Certificate::der).collect::<Vec<_>>(), [&certificate[..]]);
}
