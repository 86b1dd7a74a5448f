//! What responses say, and of whom.

use super::*;
use crate::verify::ocsp::Response;
use crate::verify::oid;
use crate::verify::testing::{Hash, element, extension, integer, octets, oid as identifier, sequence};
use crate::verify::testing_revocation::{
    AnswerSpec, CrlSpec, OcspSpec, by_key, good, revoked, time, unknown,
};
use crate::verify::tlv::{self, CONTEXT};

const OCSP: RevocationSource = RevocationSource::Ocsp;
const THIS: &str = "2026-03-15T00:00:00Z";

fn say(spec: &OcspSpec<'_>) -> Standing {
    responses(&[spec.make()]).say()
}

fn answer(spec: &AnswerSpec<'_>) -> Standing {
    say(&OcspSpec::with(vec![spec.make()]))
}

#[test]
fn a_response_says_good_revoked_or_nothing() {
    is_good(&say(&OcspSpec::saying(good())), OCSP, THIS);
    let revoked_before = OcspSpec::saying(revoked("20260310000000Z", Some(1)));
    is_revoked(&say(&revoked_before), "2026-03-10T00:00:00Z", Some("keyCompromise"));
    is_revoked(&say(&OcspSpec::saying(revoked("20260310000000Z", None))), "2026-03-10T00:00:00Z", None);
    let later = OcspSpec::saying(revoked("20260315130000Z", None));
    is_revoked(&say(&later), "2026-03-15T13:00:00Z", None);
    let held = OcspSpec::saying(revoked("20260310000000Z", Some(6)));
    is_revoked(&say(&held), "2026-03-10T00:00:00Z", Some("certificateHold"));
    is_unknown(&say(&OcspSpec::saying(unknown())), "does not know the certificate");
}

#[test]
fn a_basic_response_is_read_without_its_envelope() {
    let basic = OcspSpec::saying(good()).make_basic();
    let mut sources = Sources::default();
    assert_eq!(sources.add_basic_ocsp(&basic), Ok(()));
    let (certificate, issuer) =
        (Certificate::read(&PKI.signer).unwrap(), Certificate::read(&PKI.authority).unwrap());
    let known = known(&[]);
    let said = standing(&certificate, &issuer, &sources, moments(), &mut &known).unwrap().standing;
    is_good(&said, OCSP, THIS);
}

#[test]
fn every_digest_that_names_an_issuer_will_do() {
    for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        is_good(&answer(&AnswerSpec { hash, ..AnswerSpec::new(good()) }), OCSP, THIS);
    }
}

#[test]
fn an_answer_about_another_certificate_says_nothing() {
    let other_serial = AnswerSpec { serial: vec![8], ..AnswerSpec::new(revoked("20260310000000Z", None)) };
    is_unknown(&answer(&other_serial), "no OCSP or CRL");
    let other_issuer = AnswerSpec { issuer: &PKI.root, ..AnswerSpec::new(good()) };
    is_unknown(&answer(&other_issuer), "another issuer's certificate");
    // The same name and another key: that authority's serial numbers are its own.
    let re_keyed = AnswerSpec { issuer: &NEW_AUTHORITY, ..AnswerSpec::new(good()) };
    is_unknown(&answer(&re_keyed), "another issuer's certificate");
    let both = vec![other_serial.make(), AnswerSpec::new(good()).make()];
    is_good(&say(&OcspSpec::with(both)), OCSP, THIS);
}

#[test]
fn an_issuer_named_by_a_digest_that_we_lack_is_told() {
    const SHA3_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x08];
    let id = sequence(&[sequence(&[identifier(SHA3_256)]), octets(&[0; 32]), octets(&[0; 32]), integer(7)]);
    let answer = sequence(&[id, good(), time("20260315000000Z")]);
    is_unknown(&say(&OcspSpec::with(vec![answer])), "unknown digest 2.16.840.1.101.3.4.2.8");
}

#[test]
fn an_old_response_says_nothing_of_a_later_moment_but_its_revocations_stay() {
    let spec = |status, next_update| AnswerSpec {
        this_update: "20260301000000Z",
        next_update,
        ..AnswerSpec::new(status)
    };
    is_unknown(&answer(&spec(good(), Some("20260315115959Z"))), "from before 2026-03-15T12:00:00Z");
    is_good(&answer(&spec(good(), Some("20260315120000Z"))), OCSP, "2026-03-01T00:00:00Z");
    is_unknown(&answer(&spec(good(), None)), "from before");
    let revoked_then = spec(revoked("20260201000000Z", Some(1)), None);
    is_revoked(&answer(&revoked_then), "2026-02-01T00:00:00Z", Some("keyCompromise"));
    is_unknown(&answer(&spec(revoked("20260201000000Z", Some(6)), None)), "from before");
    let aged = |seconds| Moments { age_seconds_max: Some(seconds), ..moments() };
    let given = responses(&[OcspSpec::with(vec![spec(good(), None).make()]).make()]);
    let age = 14 * 86_400 + 43_200;
    is_good(&given.say_at(aged(age)), OCSP, "2026-03-01T00:00:00Z");
    is_unknown(&given.say_at(aged(age - 1)), "from before");
}

#[test]
fn a_response_from_after_the_validation_does_not_exist_yet() {
    let this = |this_update| AnswerSpec { this_update, ..AnswerSpec::new(good()) };
    is_good(&answer(&this("20260315120500Z")), OCSP, "2026-03-15T12:05:00Z");
    is_unknown(&answer(&this("20260315120501Z")), "from after the validation");
    let produced = OcspSpec { produced_at: "20260315120501Z", ..OcspSpec::saying(good()) };
    is_unknown(&say(&produced), "from after the validation");
}

#[test]
fn good_of_an_expired_certificate_needs_an_archive() {
    let late = Moments { proof: at("2027-06-01T00:00:00Z"), ..moments() };
    let say = |extensions: Vec<Vec<u8>>| {
        let spec =
            AnswerSpec { this_update: "20270501000000Z", next_update: None, ..AnswerSpec::new(good()) };
        let answer = AnswerSpec { extensions, ..spec }.make();
        responses(&[OcspSpec::with(vec![answer]).make()]).say_at(late)
    };
    is_unknown(&say(vec![]), "from after the certificate's end");
    let archive = |since: &str| vec![extension(oid::OCSP_ARCHIVE_CUTOFF, false, &time(since))];
    is_good(&say(archive("20200501000000Z")), OCSP, "2027-05-01T00:00:00Z");
    is_unknown(&say(archive("20270101000000Z")), "from after the certificate's end");
}

#[test]
fn of_responses_in_conflict_a_revocation_wins_and_else_the_newest() {
    let at = |status, this_update| {
        OcspSpec::with(vec![AnswerSpec { this_update, ..AnswerSpec::new(status) }.make()]).make()
    };
    let (early, late) = ("20260314000000Z", "20260315110000Z");
    let revoked_before = || revoked("20260310000000Z", Some(4));
    for pair in [
        [at(revoked_before(), early), at(good(), late)],
        [at(good(), late), at(revoked_before(), early)],
        [at(good(), early), at(revoked_before(), late)],
    ] {
        is_revoked(&responses(&pair).say(), "2026-03-10T00:00:00Z", Some("superseded"));
    }
    let held = || revoked("20260310000000Z", Some(6));
    is_good(&responses(&[at(held(), early), at(good(), late)]).say(), OCSP, "2026-03-15T11:00:00Z");
    let still = responses(&[at(held(), late), at(good(), early)]).say();
    is_revoked(&still, "2026-03-10T00:00:00Z", Some("certificateHold"));
    let both = |status: Vec<u8>, list: CrlSpec<'_>| Given {
        lists: vec![list.make()],
        responses: vec![at(status, late)],
    };
    is_good(&both(unknown(), CrlSpec::good()).say(), RevocationSource::Crl, THIS);
    let listed = both(good(), CrlSpec::revoking("20260310000000Z", Some(1))).say();
    is_revoked(&listed, "2026-03-10T00:00:00Z", Some("keyCompromise"));
    let after = both(good(), CrlSpec::revoking("20260315130000Z", Some(1))).say();
    is_revoked(&after, "2026-03-15T13:00:00Z", Some("keyCompromise"));
}

#[test]
fn unknown_critical_extensions_spoil_a_response_and_a_nonce_does_not() {
    const UNKNOWN: &[u8] = &[0x2a, 0x03];
    for (id, critical, is_read) in
        [(UNKNOWN, true, false), (UNKNOWN, false, true), (oid::OCSP_NONCE, true, true)]
    {
        let extensions = vec![extension(id, critical, &octets(b"nonce"))];
        let of_response = OcspSpec { extensions: extensions.clone(), ..OcspSpec::saying(good()) };
        let of_answer = AnswerSpec { extensions, ..AnswerSpec::new(good()) };
        for said in [say(&of_response), answer(&of_answer)] {
            if is_read {
                is_good(&said, OCSP, THIS);
            } else {
                is_unknown(&said, "unknown critical extension 1.2.3");
            }
        }
    }
}

#[test]
fn a_responder_names_itself_by_its_key_too() {
    let spec = OcspSpec { responder: by_key(&PKI.authority), ..OcspSpec::saying(good()) };
    is_good(&say(&spec), OCSP, THIS);
    let other = OcspSpec { responder: by_key(&PKI.root), ..OcspSpec::saying(good()) };
    is_unknown(&say(&other), "a stranger's");
}

#[test]
fn what_is_no_response_is_kept_as_a_fact() {
    let refusal = sequence(&[element(tlv::ENUMERATED, &[3])]);
    let bytes = sequence(&[identifier(oid::OCSP_NONCE), octets(&[])]);
    let other_kind = sequence(&[element(tlv::ENUMERATED, &[0]), element(CONTEXT, &bytes)]);
    for (bytes, why) in
        [(&refusal[..], "«successful»"), (&other_kind, "id-pkix-ocsp-basic"), (b"x", "an OCSPResponse")]
    {
        let mut sources = Sources::default();
        assert!(sources.add_ocsp(bytes).is_err());
        assert!(sources.unreadable()[0].contains(why), "{:?}", sources.unreadable());
        is_unknown(&responses(&[bytes.to_vec()]).say(), "the OCSP response cannot be read");
    }
    is_unknown(&lists(&[b"x".to_vec()]).say(), "the CRL cannot be read");
    let with_good = responses(&[refusal, OcspSpec::saying(good()).make()]);
    is_good(&with_good.say(), OCSP, THIS);
}

#[test]
fn answers_and_certificates_of_a_response_are_few() {
    let answers = |count| vec![AnswerSpec::new(good()).make(); count];
    assert!(Response::read(&OcspSpec::with(answers(64)).make()).is_ok());
    assert!(Response::read(&OcspSpec::with(answers(65)).make()).is_err());
    let certificates =
        |count| OcspSpec { certificates: vec![PKI.authority.clone(); count], ..OcspSpec::saying(good()) };
    assert!(Response::read(&certificates(16).make()).is_ok());
    assert!(Response::read(&certificates(17).make()).is_err());
}
