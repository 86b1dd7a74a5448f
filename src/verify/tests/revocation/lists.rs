//! Lists, full and delta.

use super::*;
use crate::verify::oid;
use crate::verify::testing::{Hash, basic_constraints, element, extension, integer, key_usage, sequence};
use crate::verify::testing_revocation::{
    CrlSpec, crl_number, delta_from, entry, entry_with, flag, point, scope, time,
};
use crate::verify::tlv::{CONTEXT, CONTEXT_PRIMITIVE};

const CRL: RevocationSource = RevocationSource::Crl;
const THIS: &str = "2026-03-15T00:00:00Z";
const BEFORE: &str = "20260310000000Z";

fn say(spec: &CrlSpec<'_>) -> Standing {
    lists(&[spec.make()]).say()
}

fn with_extension(extension: Vec<u8>) -> CrlSpec<'static> {
    let mut spec = CrlSpec::good();
    spec.extensions.push(extension);
    spec
}

fn delta(number: u8, base: u8, entries: Vec<Vec<u8>>) -> Vec<u8> {
    let extensions = vec![crl_number(number), delta_from(base)];
    CrlSpec { this_update: "20260315060000Z", entries, extensions, ..CrlSpec::good() }.make()
}

#[test]
fn a_certificate_that_a_fresh_list_does_not_name_is_good() {
    is_good(&say(&CrlSpec::good()), CRL, THIS);
    let empty = CrlSpec { entries: vec![], ..CrlSpec::good() };
    is_good(&say(&empty), CRL, THIS);
    let other_hash = CrlSpec { hash: Hash::Sha512, ..CrlSpec::good() };
    is_good(&say(&other_hash), CRL, THIS);
}

#[test]
fn a_listed_certificate_is_revoked_since_its_date_for_its_reason() {
    is_revoked(&say(&CrlSpec::revoking(BEFORE, None)), "2026-03-10T00:00:00Z", None);
    for (code, word) in [(1, "keyCompromise"), (4, "superseded"), (6, "certificateHold"), (7, "reasonCode 7")]
    {
        is_revoked(&say(&CrlSpec::revoking(BEFORE, Some(code))), "2026-03-10T00:00:00Z", Some(word));
    }
    // After the moment that counts: the caller sees when.
    let later = CrlSpec::revoking("20260315130000Z", Some(1));
    is_revoked(&say(&later), "2026-03-15T13:00:00Z", Some("keyCompromise"));
}

#[test]
fn a_serial_number_with_zeros_before_it_is_the_same_number() {
    let mut spec = CrlSpec::good();
    spec.entries.push(entry(&[0, 7], BEFORE, None));
    is_revoked(&say(&spec), "2026-03-10T00:00:00Z", None);
    spec.entries.pop();
    spec.entries.push(entry(&[7, 0], BEFORE, None));
    is_good(&say(&spec), CRL, THIS);
}

#[test]
fn of_a_history_the_revocation_counts_since_the_first_date() {
    let mut spec = CrlSpec::revoking("20260301000000Z", Some(6));
    spec.entries.push(entry(&[7], BEFORE, Some(4)));
    is_revoked(&say(&spec), "2026-03-01T00:00:00Z", Some("superseded"));
    spec.entries.reverse();
    is_revoked(&say(&spec), "2026-03-01T00:00:00Z", Some("superseded"));
}

#[test]
fn an_old_list_says_nothing_of_a_later_moment_but_its_revocations_stay() {
    let old = |spec: CrlSpec<'static>| CrlSpec {
        this_update: "20260301000000Z",
        next_update: Some("20260315115959Z"),
        ..spec
    };
    is_unknown(&say(&old(CrlSpec::good())), "from before 2026-03-15T12:00:00Z");
    let just = CrlSpec { next_update: Some("20260315120000Z"), ..old(CrlSpec::good()) };
    is_good(&say(&just), CRL, "2026-03-01T00:00:00Z");
    is_revoked(
        &say(&old(CrlSpec::revoking("20260201000000Z", Some(1)))),
        "2026-02-01T00:00:00Z",
        Some("keyCompromise"),
    );
    is_unknown(&say(&old(CrlSpec::revoking("20260201000000Z", Some(6)))), "from before");
}

#[test]
fn without_a_next_update_a_list_must_be_from_after_the_moment() {
    let spec = |this_update| CrlSpec { this_update, next_update: None, ..CrlSpec::good() };
    // By another clock, which may differ by five minutes.
    is_unknown(&say(&spec("20260315115459Z")), "from before 2026-03-15T12:00:00Z");
    is_good(&say(&spec("20260315115500Z")), CRL, "2026-03-15T11:55:00Z");
}

#[test]
fn with_an_age_the_next_update_does_not_matter() {
    let aged = |seconds| Moments { age_seconds_max: Some(seconds), ..moments() };
    let given = lists(&[CrlSpec::good().make()]);
    is_good(&given.say_at(aged(43_200)), CRL, THIS);
    is_unknown(&given.say_at(aged(43_199)), "from before 2026-03-15T00:00:01Z");
    let ended = lists(&[CrlSpec { next_update: Some("20260315010000Z"), ..CrlSpec::good() }.make()]);
    is_good(&ended.say_at(aged(43_200)), CRL, THIS);
}

#[test]
fn a_list_from_after_the_validation_does_not_exist_yet() {
    let spec = |this_update| CrlSpec { this_update, ..CrlSpec::revoking(BEFORE, Some(1)) };
    is_revoked(&say(&spec("20260315120500Z")), "2026-03-10T00:00:00Z", Some("keyCompromise"));
    is_unknown(&say(&spec("20260315120501Z")), "from after the validation");
}

#[test]
fn silence_about_an_expired_certificate_says_nothing_unless_the_list_keeps_it() {
    let late = Moments { proof: at("2027-06-01T00:00:00Z"), ..moments() };
    let list =
        CrlSpec { this_update: "20270501000000Z", next_update: Some("20270701000000Z"), ..CrlSpec::good() };
    is_unknown(&lists(&[list.make()]).say_at(late), "from after the certificate's end");
    let keeping = |since: &str| {
        let mut kept = list.clone();
        kept.extensions.push(extension(oid::EXPIRED_CERTS_ON_CRL, false, &time(since)));
        lists(&[kept.make()]).say_at(late)
    };
    is_good(&keeping("20200101000000Z"), CRL, "2027-05-01T00:00:00Z");
    is_unknown(&keeping("20270101000000Z"), "from after the certificate's end");
    let mut named = list.clone();
    named.entries.push(entry(&[7], BEFORE, None));
    is_revoked(&lists(&[named.make()]).say_at(late), "2026-03-10T00:00:00Z", None);
}

#[test]
fn a_list_of_another_name_or_key_says_nothing() {
    let stranger = Key::p256("stranger");
    let wrong_key = CrlSpec { key: &stranger, ..CrlSpec::revoking(BEFORE, None) };
    is_unknown(&say(&wrong_key), "the CRL is a stranger's");
    let issuer = Certificate::read(&PKI.root).unwrap().subject().to_vec();
    is_unknown(&say(&CrlSpec { issuer, ..CrlSpec::revoking(BEFORE, None) }), "no OCSP or CRL");
}

#[test]
fn a_re_keyed_authority_speaks_if_it_leads_to_an_anchor() {
    let spec = CrlSpec { key: &NEW_KEY, ..CrlSpec::revoking(BEFORE, None) };
    let given = lists(&[spec.make()]);
    is_revoked(&given.say_to(&known(&[&PKI.authority, &NEW_AUTHORITY])), "2026-03-10T00:00:00Z", None);
    let impostor = CertificateSpec::authority(AUTHORITY, &NEW_KEY, AUTHORITY, &NEW_KEY).make();
    is_unknown(&given.say_to(&known(&[&PKI.authority, &impostor])), "leads to no anchor");
    is_unknown(&given.say_to(&known(&[&PKI.authority])), "a stranger's");
    let later = CertificateSpec {
        not_before: "20260316000000Z",
        ..CertificateSpec::authority(AUTHORITY, &NEW_KEY, ROOT, &PKI.root_key)
    };
    is_unknown(&given.say_to(&known(&[&later.make()])), "leads to no anchor");
    let no_authority = CertificateSpec {
        extensions: vec![key_usage(0x02)],
        ..CertificateSpec::authority(AUTHORITY, &NEW_KEY, ROOT, &PKI.root_key)
    };
    is_unknown(&given.say_to(&known(&[&no_authority.make()])), "a stranger's");
}

#[test]
fn a_key_that_may_not_sign_lists_does_not() {
    let spec = |usage: Vec<Vec<u8>>| CertificateSpec {
        extensions: [vec![basic_constraints(true, None)], usage].concat(),
        ..CertificateSpec::authority(AUTHORITY, &NEW_KEY, ROOT, &PKI.root_key)
    };
    let given = lists(&[CrlSpec { key: &NEW_KEY, ..CrlSpec::good() }.make()]);
    is_unknown(&given.say_to(&known(&[&spec(vec![key_usage(0x04)]).make()])), "may not sign lists");
    is_good(&given.say_to(&known(&[&spec(vec![]).make()])), CRL, THIS);
}

#[test]
fn a_weak_signature_on_a_list_proves_nothing() {
    is_unknown(&say(&CrlSpec { hash: Hash::Sha1, ..CrlSpec::good() }), "weak algorithm ECDSA with SHA-1");
}

#[test]
fn a_list_with_another_scope_is_not_used() {
    for (fields, why) in [
        (vec![flag(4)], "indirect"),
        (vec![element(CONTEXT_PRIMITIVE + 3, &[1, 0x40])], "some reasons"),
        (vec![flag(2)], "other certificates"),
        (vec![flag(5)], "other certificates"),
        (vec![point("http://example.test/1.crl")], "other distribution points"),
        (vec![element(CONTEXT, &element(CONTEXT + 1, &[]))], "other distribution points"),
        (vec![flag(9)], "cannot be read"),
    ] {
        is_unknown(&say(&with_extension(scope(&fields))), why);
    }
    is_good(&say(&with_extension(scope(&[flag(1)]))), CRL, THIS);
    is_good(&say(&with_extension(scope(&[element(CONTEXT_PRIMITIVE + 4, &[0])]))), CRL, THIS);
}

#[test]
fn a_list_for_a_distribution_point_speaks_of_certificates_that_name_it() {
    let points = sequence(&[sequence(&[point("http://example.test/1.crl")])]);
    let spec = CertificateSpec::signer("named", &PKI.signer_key, AUTHORITY, &PKI.authority_key);
    let certificate =
        CertificateSpec { extensions: vec![extension(oid::CRL_DISTRIBUTION_POINTS, false, &points)], ..spec };
    let say = |uri: &str| {
        let list = with_extension(scope(&[point(uri)])).make();
        lists(&[list]).say_of(&certificate.make(), moments(), &known(&[&PKI.authority]))
    };
    is_good(&say("http://example.test/1.crl"), CRL, THIS);
    is_unknown(&say("http://example.test/2.crl"), "other distribution points");
}

#[test]
fn unknown_critical_extensions_spoil_a_list() {
    const UNKNOWN: &[u8] = &[0x2a, 0x03];
    is_unknown(&say(&with_extension(extension(UNKNOWN, true, &[]))), "unknown critical extension 1.2.3");
    is_good(&say(&with_extension(extension(UNKNOWN, false, &[]))), CRL, THIS);
    for (id, critical) in [(UNKNOWN, true), (UNKNOWN, false), (oid::CERTIFICATE_ISSUER, true)] {
        let mut spec = CrlSpec::good();
        // In an entry about somebody else.
        spec.entries.push(entry_with(&[9], BEFORE, &[extension(id, critical, &[])]));
        if critical {
            is_unknown(&say(&spec), "unknown critical extension");
        } else {
            is_good(&say(&spec), CRL, THIS);
        }
    }
}

#[test]
fn remove_from_crl_belongs_into_a_delta() {
    is_unknown(&say(&CrlSpec::revoking(BEFORE, Some(8))), "removeFromCRL and is no delta");
}

#[test]
fn a_delta_changes_what_its_full_list_says() {
    let full = CrlSpec::good().make();
    let held = CrlSpec::revoking(BEFORE, Some(6)).make();
    let revoked = CrlSpec::revoking(BEFORE, Some(1)).make();
    let say = |full: &Vec<u8>, delta: Vec<u8>| lists(&[delta, full.clone()]).say();
    let mine = |reason| vec![entry(&[7], "20260315050000Z", Some(reason))];
    let newer = "2026-03-15T06:00:00Z";
    is_good(&say(&full, delta(11, 10, vec![])), CRL, newer);
    is_revoked(&say(&full, delta(11, 10, mine(1))), "2026-03-15T05:00:00Z", Some("keyCompromise"));
    is_revoked(&say(&full, delta(11, 10, mine(6))), "2026-03-15T05:00:00Z", Some("certificateHold"));
    is_good(&say(&held, delta(11, 10, mine(8))), CRL, newer);
    is_revoked(&say(&held, delta(11, 10, vec![])), "2026-03-10T00:00:00Z", Some("certificateHold"));
    is_revoked(&say(&held, delta(11, 10, mine(1))), "2026-03-10T00:00:00Z", Some("keyCompromise"));
    // Written also when a revoked certificate expires.
    is_revoked(&say(&revoked, delta(11, 10, mine(8))), "2026-03-10T00:00:00Z", Some("keyCompromise"));
}

#[test]
fn a_delta_stands_on_a_full_list_that_is_neither_too_old_nor_newer() {
    let old =
        CrlSpec { this_update: "20260301000000Z", next_update: Some("20260308000000Z"), ..CrlSpec::good() };
    let say = |delta: Vec<u8>| lists(&[old.make(), delta]).say();
    let newer = "2026-03-15T06:00:00Z";
    is_good(&say(delta(11, 10, vec![])), CRL, newer);
    is_good(&say(delta(11, 9, vec![])), CRL, newer);
    let unknown = |delta: Vec<u8>| assert!(matches!(say(delta), Standing::Unknown { .. }));
    unknown(delta(12, 11, vec![]));
    unknown(delta(10, 9, vec![]));
    is_unknown(&lists(&[delta(11, 10, vec![])]).say(), "no full CRL");
    let scoped = CrlSpec {
        this_update: "20260315060000Z",
        extensions: vec![crl_number(11), delta_from(10), scope(&[flag(1)])],
        ..CrlSpec::good()
    };
    unknown(scoped.make());
    // Alone it still names the revoked.
    let alone = lists(&[delta(11, 10, vec![entry(&[7], BEFORE, Some(1))])]).say();
    is_revoked(&alone, "2026-03-10T00:00:00Z", Some("keyCompromise"));
}

#[test]
fn numbers_of_lists_are_compared_as_numbers() {
    let number =
        |octets: &[u8]| extension(oid::CRL_NUMBER, false, &element(crate::verify::tlv::INTEGER, octets));
    let full = CrlSpec { extensions: vec![number(&[0, 0xff])], ..CrlSpec::good() };
    let delta = CrlSpec {
        this_update: "20260315060000Z",
        extensions: vec![number(&[1, 0]), extension(oid::DELTA_CRL_INDICATOR, true, &integer(0x7f))],
        ..CrlSpec::good()
    };
    is_good(&lists(&[full.make(), delta.make()]).say(), CRL, "2026-03-15T06:00:00Z");
}

#[test]
fn the_strictest_list_that_counts_wins() {
    let good = CrlSpec { this_update: "20260315110000Z", ..CrlSpec::good() }.make();
    let revoked = CrlSpec::revoking(BEFORE, Some(1)).make();
    is_revoked(&lists(&[good.clone(), revoked.clone()]).say(), "2026-03-10T00:00:00Z", Some("keyCompromise"));
    is_revoked(&lists(&[revoked, good.clone()]).say(), "2026-03-10T00:00:00Z", Some("keyCompromise"));
    // A hold ends: the newest word counts.
    let held = CrlSpec::revoking(BEFORE, Some(6)).make();
    is_good(&lists(&[held.clone(), good]).say(), CRL, "2026-03-15T11:00:00Z");
    let older = CrlSpec { this_update: "20260314000000Z", ..CrlSpec::good() }.make();
    is_revoked(&lists(&[held.clone(), older]).say(), "2026-03-10T00:00:00Z", Some("certificateHold"));
    let same = CrlSpec::good().make();
    is_revoked(&lists(&[same, held]).say(), "2026-03-10T00:00:00Z", Some("certificateHold"));
}
