//! Real lists and responses of Ukrainian authorities: what they say, who signed it, and what that proves.

use std::path::Path;

use super::*;
use crate::verify::cms::SignedData;
use crate::verify::crl::Crl;
use crate::verify::limits::TRUST_CERTIFICATES_MAX;
use crate::verify::ocsp::{About, ResponderId, Response, Status};

fn data(path: &str) -> Option<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/signatures");
    #[expect(clippy::print_stderr, reason = "a test that did not run says so")]
    std::fs::read(root.join(path)).map_err(|_| eprintln!("skipped: no ../shared/data")).ok()
}

fn serial(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn the_lists_of_the_root_authority_are_read_and_searched() {
    let Some(full) = data("revocation/CZO-Full.crl") else { return };
    let list = Crl::read(&full).unwrap();
    assert_eq!(list.this_update, at("2016-09-09T20:53:16Z"));
    assert_eq!(list.next_update, Some(at("2016-09-16T20:53:16Z")));
    assert!(!list.is_delta());
    assert_eq!(list.signature_algorithm.oid.to_string(), "1.2.804.2.1.1.1.1.3.1.1");
    assert_eq!(list.out_of_scope(true, &[]), None);
    // First on hold, and superseded twenty minutes later.
    let entry = list.find(&serial("3004751def2c78ae010000000100000017000000")).unwrap().unwrap();
    assert_eq!(
        (entry.since, entry.reason.word().as_deref()),
        (at("2012-12-18T14:50:46Z"), Some("superseded"))
    );
    assert_eq!(list.find(&serial("3004751def2c78ae0100000001000000ffffffff")), Ok(None));

    let delta = data("revocation/CZO-Delta.crl").unwrap();
    let delta = Crl::read(&delta).unwrap();
    assert!(delta.is_delta());
    assert_eq!(delta.issuer, list.issuer);
    assert_eq!(delta.authority_key_id(), list.authority_key_id());
    assert_eq!(delta.find(&serial("3004751def2c78ae010000000100000017000000")), Ok(None));
    assert!(delta.stands_on(&list), "{:?} on {:?}", delta.number(), list.number());
}

#[test]
fn a_real_delta_without_entries_has_an_empty_list_and_is_read() {
    let name = "BED5083160DBC59BCDDF707C10293F58BB6ED263C6EA5893D3781B61F493BE57-delta-0ABEA7.crl";
    let Some(delta) = data(&format!("diia-test/{name}")) else { return };
    let delta = Crl::read(&delta).unwrap();
    assert!(delta.is_delta());
    assert_eq!(delta.find(&[1]), Ok(None));
    let authority = data("diia-test/diia-CA-05E19E2CD92EA2990100000001000000E1000000.cer").unwrap();
    let authority = Certificate::read(&authority).unwrap();
    assert_eq!(delta.issuer, authority.subject());
    assert_eq!(delta.authority_key_id(), authority.extensions.subject_key_id.as_deref());
    assert!(authority.extensions.key_usage.is_some_and(|usage| usage.signs_lists()));
    assert_eq!(authority.has_signed(&delta.signature_algorithm, delta.tbs, delta.signature), Ok(true));
}

#[test]
fn the_lists_of_a_small_authority_are_read_and_searched() {
    let Some(full) = data("revocation/pki-example/full.crl") else { return };
    let delta = data("revocation/pki-example/delta.crl").unwrap();
    let (full, delta) = (Crl::read(&full).unwrap(), Crl::read(&delta).unwrap());
    for (list, number, cause) in [
        (&full, "313233", "aACompromise"),
        (&full, "343536", "affiliationChanged"),
        (&full, "373839", "keyCompromise"),
        (&full, "303938", "certificateHold"),
        (&delta, "373532", "aACompromise"),
        (&delta, "33343638", "affiliationChanged"),
    ] {
        let entry = list.find(&serial(number)).unwrap().unwrap();
        assert_eq!((entry.since, entry.reason.word().as_deref()), (at("2016-09-26T14:18:54Z"), Some(cause)));
    }
}

#[test]
fn a_real_response_about_a_revoked_certificate_is_read() {
    let Some(response) = data("revocation/ocsp_resp_for_revoked_cert.dat") else { return };
    let response = Response::read(&response).unwrap();
    assert_eq!(response.produced_at, at("2013-01-25T20:00:00Z"));
    let [responder] = &response.certificates[..] else { panic!("the responder") };
    // Its authority is beside it, with another signatureAlgorithm outside than inside.
    let fault = response.unreadable_certificate.unwrap();
    assert_eq!(fault.expected, "the signatureAlgorithm that is inside tbsCertificate");
    let authority = data("diia-test/diia-CA-05E19E2CD92EA2990100000001000000E1000000.cer").unwrap();
    let authority = Certificate::read(&authority).unwrap();
    assert!(response.responder.is(responder) && !response.responder.is(&authority));
    assert!(matches!(response.responder, ResponderId::Name(_)));
    let [answer] = &response.answers[..] else { panic!("one answer") };
    let Status::Revoked { since, reason } = answer.status else { panic!("{:?}", answer.status) };
    assert_eq!((since, reason.word().as_deref()), (at("2016-09-26T14:18:54Z"), Some("affiliationChanged")));
    assert_eq!(answer.this_update, at("2016-09-26T14:18:54Z"));
    assert_eq!(answer.next_update, Some(at("2016-09-27T14:18:54Z")));
    assert_eq!(answer.is_about(responder, &authority), About::Another);
}

/// RFC 6960 §4.2.2.1 knows no fractions of a second; a real responder does.
#[test]
fn a_real_response_with_fractions_of_a_second_is_read() {
    let Some(response) = data("revocation/ocsp_response.dat") else { return };
    let response = Response::read(&response).unwrap();
    assert_eq!(response.produced_at, at("2016-07-20T13:46:17.1Z"));
    assert_eq!(response.answers[0].this_update, at("2016-07-20T13:46:17.1Z"));
}

/// Certificates of the real bundle, as authorities of a question.
struct Bundle(Vec<Certificate>);

impl Bundle {
    fn read() -> Option<Self> {
        let bundle = data("ca-bundle/CACertificates.p7b")?;
        let cms = SignedData::read(&bundle, TRUST_CERTIFICATES_MAX).unwrap();
        Some(Self(cms.certificates.iter().map(|der| Certificate::read(der).unwrap()).collect()))
    }

    fn issued_by(&self, name: &[u8]) -> impl Iterator<Item = &Certificate> {
        self.0.iter().filter(move |certificate| certificate.issuer() == name)
    }
}

impl<'a> Authorities<'a> for &'a Bundle {
    fn issuers_named(&self, name: &[u8]) -> Vec<&'a Certificate> {
        self.0.iter().filter(|certificate| certificate.subject() == name).collect()
    }

    fn keyed(&self, _: &[u8]) -> Vec<&'a Certificate> {
        Vec::new()
    }

    fn path_to_anchor(&mut self, _: &'a Certificate, _: Timestamp) -> Result<Option<Vec<Proof>>, Fault> {
        Ok(None)
    }

    fn proof(&self, certificate: &Certificate, role: ProofRole) -> Proof {
        of_certificate(certificate, role, ProofOrigin::Operator)
    }

    fn spend(&mut self, _: usize) -> Result<(), Fault> {
        Ok(())
    }
}

#[test]
fn the_lists_of_the_root_authority_prove_who_was_revoked_and_who_was_not() {
    let (Some(full), Some(bundle)) = (data("revocation/CZO-Full.crl"), Bundle::read()) else { return };
    let delta = data("revocation/CZO-Delta.crl").unwrap();
    let list = Crl::read(&full).unwrap();
    let of_name = bundle.issued_by(list.issuer).find(|certificate| certificate.subject() == list.issuer);
    let root = of_name.expect("the root of 2012 is in the bundle");
    for der in [&full, &delta] {
        let list = Crl::read(der).unwrap();
        assert_eq!(root.has_signed(&list.signature_algorithm, list.tbs, list.signature), Ok(true));
    }
    let standings = |lists: &[&[u8]], moment: &str| {
        let mut sources = Sources::default();
        lists.iter().for_each(|list| sources.add_crl(list).unwrap());
        let moments = Moments { best: at(moment), proof: at(moment), age_seconds_max: None };
        let (mut good, mut revoked, mut unknown) = (0, 0, 0);
        for certificate in bundle.issued_by(root.subject()) {
            let mut authorities = &bundle;
            match standing(certificate, root, &sources, moments, &mut authorities).unwrap().standing {
                Standing::Good { .. } => good += 1,
                Standing::Revoked { cause, .. } => {
                    assert_eq!(cause.as_deref(), Some("certificateHold"));
                    assert!(certificate.title().contains("ПРИВАТБАНК"), "{}", certificate.title());
                    revoked += 1;
                }
                Standing::Unknown { .. } => unknown += 1,
            }
        }
        (good, revoked, unknown)
    };
    // An authority and its time-stamps were on hold, that autumn and for long before.
    assert_eq!(standings(&[&full], "2016-09-10T00:00:00Z"), (57, 2, 0));
    assert_eq!(standings(&[&full, &delta], "2016-09-16T11:00:00Z"), (57, 2, 0));
    assert_eq!(standings(&[&delta], "2016-09-16T11:00:00Z"), (0, 0, 59), "a delta alone");
    assert_eq!(standings(&[&full, &delta], "2016-09-30T00:00:00Z"), (0, 0, 59), "both are old");
}

/// No path can lead over it (RFC 5280 §4.1.1.2), so its lists and responses prove nothing to anybody.
#[test]
fn the_root_of_the_small_authority_contradicts_itself_and_is_refused() {
    let Some(root) = data("revocation/pki-example/root_certificate.cer") else { return };
    let fault = Certificate::read(&root).unwrap_err();
    assert_eq!(fault.expected, "the signatureAlgorithm that is inside tbsCertificate");
}
