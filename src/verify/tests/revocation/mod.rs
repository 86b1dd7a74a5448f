//! What lists and responses say of a certificate: each rule and its neighbour.

mod hostile;
mod lists;
mod real;
mod responders;
mod responses;

use std::sync::LazyLock;

use crate::model::{Proof, ProofOrigin, ProofRole, RevocationSource, Timestamp};
use crate::verify::certificate::Certificate;
use crate::verify::fault::Fault;
use crate::verify::ocsp::ResponderId;
use crate::verify::proofs::of_certificate;
use crate::verify::revocation::{Authorities, Moments, Sources, Standing, standing};
use crate::verify::testing::{AUTHORITY, CertificateSpec, Key, PKI, ROOT};

/// Authorities that a test knows; those that the root signed are trusted.
struct Known {
    certificates: Vec<Certificate>,
    checks: usize,
}

impl<'a> Authorities<'a> for &'a Known {
    fn issuers_named(&self, name: &[u8]) -> Vec<&'a Certificate> {
        self.certificates.iter().filter(|certificate| certificate.subject() == name).collect()
    }

    fn keyed(&self, hash: &[u8]) -> Vec<&'a Certificate> {
        self.certificates.iter().filter(|certificate| ResponderId::Key(hash).is(certificate)).collect()
    }

    fn path_to_anchor(
        &mut self,
        authority: &'a Certificate,
        at: Timestamp,
    ) -> Result<Option<Vec<Proof>>, Fault> {
        let root = Certificate::read(&PKI.root).unwrap();
        let in_force = authority.not_before <= at && at <= authority.not_after;
        let leads = in_force && authority.is_signed_by(&root).unwrap_or(false);
        Ok(leads.then(|| vec![self.proof(authority, ProofRole::Authority)]))
    }

    fn proof(&self, certificate: &Certificate, role: ProofRole) -> Proof {
        of_certificate(certificate, role, ProofOrigin::Operator)
    }

    fn spend(&mut self, _: usize) -> Result<(), Fault> {
        if self.checks == 0 { Err(Fault::over_budget("a test's")) } else { Ok(()) }
    }
}

fn known(certificates: &[&[u8]]) -> Known {
    let read = |der: &&[u8]| Certificate::read(der).unwrap();
    Known { certificates: certificates.iter().map(read).collect(), checks: 1 }
}

static ISSUER: LazyLock<Certificate> = LazyLock::new(|| Certificate::read(&PKI.authority).unwrap());

/// The re-keyed test authority: the same name and root, another key.
static NEW_KEY: LazyLock<Key> = LazyLock::new(|| Key::p256("authority, the new key"));
static NEW_AUTHORITY: LazyLock<Vec<u8>> =
    LazyLock::new(|| CertificateSpec::authority(AUTHORITY, &NEW_KEY, ROOT, &PKI.root_key).make());

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn moments() -> Moments {
    Moments { best: super::now(), proof: super::now(), age_seconds_max: None }
}

/// Evidence of one question.
#[derive(Default)]
struct Given {
    lists: Vec<Vec<u8>>,
    responses: Vec<Vec<u8>>,
}

fn lists(lists: &[Vec<u8>]) -> Given {
    Given { lists: lists.to_vec(), ..Given::default() }
}

fn responses(responses: &[Vec<u8>]) -> Given {
    Given { responses: responses.to_vec(), ..Given::default() }
}

impl Given {
    /// What it says of the test signer.
    fn say(&self) -> Standing {
        self.say_at(moments())
    }

    fn say_at(&self, moments: Moments) -> Standing {
        self.say_of(&PKI.signer, moments, &known(&[&PKI.authority]))
    }

    fn say_to(&self, known: &Known) -> Standing {
        self.say_of(&PKI.signer, moments(), known)
    }

    fn say_of(&self, certificate: &[u8], moments: Moments, known: &Known) -> Standing {
        let mut sources = Sources::default();
        for list in &self.lists {
            let _ = sources.add_crl(list);
        }
        for response in &self.responses {
            let _ = sources.add_ocsp(response);
        }
        let certificate = Certificate::read(certificate).unwrap();
        let mut authorities = known;
        standing(&certificate, &ISSUER, &sources, moments, &mut authorities)
            .expect("within the budget")
            .standing
    }
}

#[track_caller]
fn is_good(standing: &Standing, from: RevocationSource, since: &str) {
    assert_eq!(*standing, Standing::Good { source: from, as_of: at(since) });
}

#[track_caller]
fn is_revoked(standing: &Standing, expected: &str, expected_cause: Option<&str>) {
    let Standing::Revoked { since, cause, hold, .. } = standing else { panic!("{standing:?}") };
    assert_eq!((*since, cause.as_deref()), (at(expected), expected_cause));
    assert_eq!(*hold, expected_cause == Some("certificateHold"));
}

#[track_caller]
fn is_unknown(standing: &Standing, expected: &str) {
    let Standing::Unknown { why } = standing else { panic!("{standing:?}") };
    assert!(why.contains(expected), "{why}");
}

#[test]
fn no_evidence_says_nothing() {
    assert_eq!(Given::default().say(), Standing::Unknown { why: "no OCSP or CRL".to_owned() });
}
