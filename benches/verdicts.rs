//! `make bench`, second part: whole signed files a second, beside the cost of hashing their content alone.
//!
//! Each file is CAdES-T with the content inside, a content-time-stamp and a signature-time-stamp, every certificate
//! under a root with an authority in between. It is read, hashed and judged from its bytes, on one thread. All
//! contestants take turns; a figure is the first quartile of all calls, so that other programs beside count little.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program that prints a table of rounded figures"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use skrynka::model::{Indication, Policy, RevocationRule, Timestamp};
use skrynka::verify::{Evidence, Judge, Trust};
use skrynka_fixtures::cms::{self, SignedData, SignerInfo};
use skrynka_fixtures::der;
use skrynka_fixtures::pki::{Algorithm, House};
use skrynka_fixtures::revocation::{Crl, Ocsp, Status};
use skrynka_fixtures::time_stamp::TimeStamp;

/// A copy of a document with its picture has about so many octets.
const CONTENT_BYTES: usize = 140_000;
const TURNS: usize = 5;
const TURN: Duration = Duration::from_millis(400);

fn main() {
    println!(
        "\nwhole CAdES-T files with {} KB of content, two time-stamps, chains of three; one thread",
        CONTENT_BYTES / 1000
    );
    let content: Vec<u8> = b"%PDF-1.7\n".iter().copied().chain(noise()).take(CONTENT_BYTES).collect();
    let houses: Vec<Contest> = House::all().iter().map(|house| Contest::new(house, &content)).collect();
    let mut calls = vec![[const { Vec::new() }; 3]; houses.len()];
    for _ in 0..TURNS {
        for (contest, [hashing, plain, proven]) in houses.iter().zip(&mut calls) {
            take_turn(hashing, || contest.hash(&content));
            take_turn(plain, || contest.judge(&contest.plain, RevocationRule::Off));
            take_turn(proven, || contest.judge(&contest.proven, RevocationRule::Required));
        }
    }
    println!(
        "{:<26}{:>16}{:>12}{:>20}{:>9}{:>22}{:>9}",
        "", "hashing alone", "", "revocation off", "", "with OCSP and CRL", ""
    );
    println!(
        "{:<26}{:>16}{:>12}{:>20}{:>9}{:>22}{:>9}",
        "", "contents/s", "MiB/s", "files/s", "× time", "files/s", "× time"
    );
    for (contest, calls) in houses.iter().zip(calls) {
        let [hashing, plain, proven] = calls.map(|calls| first_quartile(calls).as_secs_f64());
        println!(
            "{:<26}{:>16.0}{:>12.0}{:>20.0}{:>9.2}{:>22.0}{:>9.2}",
            contest.title,
            hashing.recip(),
            CONTENT_BYTES as f64 / hashing / f64::from(1 << 20),
            plain.recip(),
            plain / hashing,
            proven.recip(),
            proven / hashing,
        );
    }
}

/// A house's files, and what they are judged by.
struct Contest {
    title: &'static str,
    algorithm: Algorithm,
    trust: Trust,
    evidence: Evidence,
    policy: Policy,
    plain: Vec<u8>,
    proven: Vec<u8>,
}

impl Contest {
    fn new(house: &'static House, content: &[u8]) -> Self {
        let root = (house.root.file.clone(), house.root.certificate.clone());
        let (trust, faults) = Trust::from_files(std::iter::once(root));
        assert_eq!(faults, []);
        let contest = Self {
            title: match house.algorithm {
                Algorithm::Rsa => "RSA-2048, SHA-256",
                Algorithm::Ecdsa => "ECDSA P-256, SHA-256",
                Algorithm::DstuGost => "DSTU 4145, GOST 34.311-95",
                Algorithm::DstuKupyna => "DSTU 4145, Kupyna-256",
            },
            algorithm: house.algorithm,
            trust,
            evidence: Evidence::new(),
            policy: Policy::default(),
            plain: stamped(house, content).der(),
            proven: with_evidence(house, stamped(house, content)).der(),
        };
        for (file, rule) in
            [(&contest.plain, RevocationRule::Off), (&contest.proven, RevocationRule::Required)]
        {
            assert_eq!(contest.judge(file, rule), Indication::TotalPassed, "{}", contest.title);
        }
        contest
    }

    /// The content's digest as the signature needs it.
    fn hash(&self, content: &[u8]) -> Option<u8> {
        use dstu::gost34311::{self, Dke};
        use dstu::kupyna::{Digest as _, Kupyna256};
        match self.algorithm {
            Algorithm::Rsa | Algorithm::Ecdsa => {
                <sha2::Sha256 as sha2::Digest>::digest(content).first().copied()
            }
            Algorithm::DstuGost => gost34311::digest(&Dke::NO_1, content).first().copied(),
            Algorithm::DstuKupyna => Kupyna256::digest(content).first().copied(),
        }
    }

    fn judge(&self, file: &[u8], rule: RevocationRule) -> Indication {
        let policy = Policy { revocation: rule, ..self.policy.clone() };
        let judge = Judge { trust: &self.trust, evidence: &self.evidence, policy: &policy };
        let at = moment("2026-03-02T12:00:00Z");
        judge.file("file.p7s", file, None, at, at).verdict.indication
    }
}

/// A seal's signature with both time-stamps.
fn stamped(house: &House, content: &[u8]) -> SignedData {
    let seal = &house.seal;
    let mut attributes = cms::usual_attributes(seal, cms::ID_DATA, content, moment("2026-03-02T10:00:10Z"));
    let token = TimeStamp::over(&house.tsa, moment("2026-03-02T10:00:05Z"), content).der();
    attributes.push(cms::attribute(cms::CONTENT_TIME_STAMP, token));
    let mut signed = SignedData::attached(content, seal, SignerInfo::over(seal, attributes));
    let token = TimeStamp::over(&house.tsa, moment("2026-03-02T10:00:12Z"), &signed.signer().signature).der();
    signed.signer().unsigned.push(cms::attribute(cms::SIGNATURE_TIME_STAMP, token));
    signed
}

/// With an OCSP response for the seal and one for the time-stamping authority, and the root's list for the authority.
fn with_evidence(house: &House, mut signed: SignedData) -> SignedData {
    let at = moment("2026-03-02T11:00:00Z");
    let answer =
        |party| cms::ocsp_in_crls(Ocsp::about(&house.ocsp, &house.ca, party, Status::Good, at).der());
    signed.version = der::unsigned(&[5]);
    signed.crls = vec![
        Crl::empty(&house.root, at, moment("2026-03-09T00:00:00Z")).der(),
        answer(&house.seal),
        answer(&house.tsa),
    ];
    signed
}

/// Calls until the turn is over, and how long each took.
fn take_turn<T>(calls: &mut Vec<Duration>, mut call: impl FnMut() -> T) {
    let begun = Instant::now();
    while begun.elapsed() < TURN {
        let before = Instant::now();
        black_box(call());
        calls.push(before.elapsed());
    }
}

fn first_quartile(mut calls: Vec<Duration>) -> Duration {
    calls.sort_unstable();
    calls.get(calls.len() / 4).copied().unwrap_or_default()
}

/// Octets that do not repeat (xorshift64, G. Marsaglia 2003): a hash must not find them in its branch predictor.
fn noise() -> impl Iterator<Item = u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes().first().copied().unwrap_or_default()
    })
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}
