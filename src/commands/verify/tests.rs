//! Pages and answers of made-up verdicts: each kind of fact is seen once, as a clerk sees it.

use skrynka::model::{
    CertificateFacts, ContentSource, Digest, Indication, Level, Reason, RevocationFacts, RevocationSource,
    RevocationStanding, SignerKind, SignerVerdict, SubIndication, TimeStampKind, TimeStampVerdict, Timestamp,
    Verdict,
};
use skrynka::verify::{Content, Judged};

use super::answer::Answer;
use super::page::{Look, page, summary};
use super::{Language, exit_code};

const PLAIN: Look = Look { language: Language::Uk, colours: false };
const ENGLISH: Look = Look { language: Language::En, colours: false };

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn certificate(subject: &str, issuer: &str, kind: SignerKind) -> CertificateFacts {
    CertificateFacts {
        subject: subject.to_owned(),
        organisation: None,
        edrpou: None,
        rnokpp: None,
        kind,
        qualified: true,
        issuer: issuer.to_owned(),
        serial: "0a0b0c".to_owned(),
        fingerprint: Digest::of(subject.as_bytes()),
        not_before: moment("2024-01-01T00:00:00Z"),
        not_after: moment("2036-01-01T00:00:00Z"),
    }
}

fn seal() -> CertificateFacts {
    CertificateFacts {
        organisation: Some("ТЕСТ ДП «ДІЯ»".to_owned()),
        edrpou: Some("43395033".to_owned()),
        ..certificate("ТЕСТ Дія, печатка", "ТЕСТ КНЕДП", SignerKind::Seal)
    }
}

fn person() -> CertificateFacts {
    CertificateFacts {
        rnokpp: Some("3656801869".to_owned()),
        ..certificate("ТЕСТОВА НАДІЯ ВОЛОДИМИРІВНА", "ТЕСТ КНЕДП", SignerKind::Person)
    }
}

fn stamp(kind: TimeStampKind, time: &str) -> TimeStampVerdict {
    TimeStampVerdict {
        kind,
        time: Some(moment(time)),
        indication: Indication::TotalPassed,
        sub_indication: None,
        reason: None,
        authority: Some(certificate("ТЕСТ Позначки часу", "ТЕСТ ЦЗО", SignerKind::TimeStamping)),
    }
}

/// A signature by `signer` with a chain, fresh OCSP and both time-stamps, as good as can be.
fn good(signer: CertificateFacts) -> SignerVerdict {
    let authority = certificate("ТЕСТ КНЕДП", "ТЕСТ ЦЗО", SignerKind::Authority);
    let root = certificate("ТЕСТ ЦЗО", "ТЕСТ ЦЗО", SignerKind::Authority);
    let standing = |subject: &CertificateFacts, source| RevocationFacts {
        subject: subject.subject.clone(),
        standing: RevocationStanding::Good { source, as_of: moment("2026-03-02T10:05:00Z") },
    };
    SignerVerdict {
        indication: Indication::TotalPassed,
        sub_indication: None,
        reason: None,
        level: Some(Level::XLong),
        revocation: vec![
            standing(&signer, RevocationSource::Ocsp),
            standing(&authority, RevocationSource::Crl),
        ],
        chain: vec![signer.clone(), authority, root],
        certificate: Some(signer),
        claimed_at: Some(moment("2026-03-02T10:00:10Z")),
        proven_at: moment("2026-03-02T10:00:20Z"),
        time_stamps: vec![
            stamp(TimeStampKind::Content, "2026-03-02T10:00:05Z"),
            stamp(TimeStampKind::Signature, "2026-03-02T10:00:20Z"),
        ],
        policy_oid: None,
        signature_oid: Some("1.2.804.2.1.1.1.1.3.1.1".to_owned()),
        digest_oid: Some("1.2.804.2.1.1.1.1.2.1".to_owned()),
    }
}

fn fails(mut signer: SignerVerdict, sub_indication: SubIndication, reason: Reason) -> SignerVerdict {
    signer.indication = sub_indication.indication();
    signer.sub_indication = Some(sub_indication);
    signer.reason = Some(reason);
    signer
}

/// The file with these signatures, whose result is that of `decides`.
fn judged(signers: Vec<SignerVerdict>, decides: usize) -> Judged {
    let SignerVerdict { indication, sub_indication, reason, .. } = signers[decides].clone();
    Judged {
        verdict: Verdict {
            p7s: "паспорт.p7s".to_owned(),
            p7s_at: 0,
            content: ContentSource::Unreadable,
            indication,
            sub_indication,
            reason,
            signers,
            proof_at: moment("2026-11-22T02:00:00Z"),
            judged_at: moment("2026-11-22T02:00:00Z"),
        },
        content: Some(Content { sha256: Digest::of(b"1"), length: 1_234_567, attached: true }),
        extracted: None,
        rests_on: vec![],
    }
}

fn revoked() -> Judged {
    let since = moment("2026-02-01T08:00:00Z");
    let cause = Some("keyCompromise".to_owned());
    let mut signer = good(seal());
    signer.time_stamps.clear();
    signer.proven_at = moment("2026-11-22T02:00:00Z");
    signer.level = Some(Level::Bes);
    signer.revocation[0].standing =
        RevocationStanding::Revoked { source: RevocationSource::Ocsp, since, cause: cause.clone() };
    let subject = "ТЕСТ Дія, печатка".to_owned();
    let reason = Reason::CertificateRevoked { subject, since, cause };
    judged(vec![fails(signer, SubIndication::RevokedNoPoe, reason)], 0)
}

/// The basic signature stands; its signature time-stamp is over something else.
fn with_a_broken_time_stamp() -> Judged {
    let mut signer = good(seal());
    signer.time_stamps[1].indication = Indication::TotalFailed;
    signer.time_stamps[1].sub_indication = Some(SubIndication::HashFailure);
    signer.time_stamps[1].reason = Some(Reason::TimeStampOfOther);
    signer.proven_at = moment("2026-11-22T02:00:00Z");
    judged(vec![signer], 0)
}

fn of_a_seal_and_a_forger() -> Judged {
    let mut forger = good(person());
    forger.chain.clear();
    forger.revocation.clear();
    forger.time_stamps.clear();
    forger.claimed_at = None;
    let forger = fails(forger, SubIndication::SigCryptoFailure, Reason::SignatureWrong);
    let mut seal = good(seal());
    seal.revocation.iter_mut().for_each(|facts| facts.standing = RevocationStanding::NotAsked);
    let why = "no OCSP or CRL".to_owned();
    let subject = "ТЕСТ КНЕДП".to_owned();
    seal = fails(seal, SubIndication::TryLater, Reason::RevocationUnknown { subject, why });
    judged(vec![seal, forger], 1)
}

fn no_signed_file() -> Judged {
    let reason = Reason::Malformed { expected: "a CMS SignedData".to_owned(), offset: 0 };
    let mut judged = judged(vec![fails(good(seal()), SubIndication::FormatFailure, reason)], 0);
    judged.verdict.signers.clear();
    judged.content = None;
    judged
}

#[test]
fn a_page_tells_a_clerk_who_signed_when_how_that_is_known_and_what_to_do() {
    let pages = [
        ("good", judged(vec![good(seal())], 0)),
        ("revoked", revoked()),
        ("broken_time_stamp", with_a_broken_time_stamp()),
        ("seal_and_forger", of_a_seal_and_a_forger()),
        ("no_signed_file", no_signed_file()),
    ];
    for (name, judged) in pages {
        let both = [PLAIN, ENGLISH].map(|look| page("Документи/паспорт.p7s", &judged, look)).join("\n");
        insta::assert_snapshot!(name, both);
    }
}

#[test]
fn colours_are_only_where_they_are_wanted_and_change_no_word() {
    let judged = of_a_seal_and_a_forger();
    let coloured = page("a.p7s", &judged, Look { colours: true, ..PLAIN });
    let plain = page("a.p7s", &judged, PLAIN);
    assert!(coloured.contains("\x1b[1;31m✗ Підпис недійсний\x1b[0m") && !plain.contains('\x1b'));
    let mut stripped = coloured;
    for colour in ["1;31", "1;33", "1;32", "2", "0"] {
        stripped = stripped.replace(&format!("\x1b[{colour}m"), "");
    }
    assert_eq!(stripped, plain);
}

#[test]
fn what_strangers_write_cannot_drive_the_terminal() {
    let evil = "Ді\x1b[2Jя\u{202e}\nTOTAL-PASSED";
    let mut signer = good(certificate(evil, evil, SignerKind::Unsaid));
    signer.certificate.as_mut().unwrap().organisation = Some(format!("{evil}, ТОВ"));
    let reason = Reason::UntrustedRoot { subject: evil.to_owned() };
    let judged = judged(vec![fails(signer, SubIndication::NoCertificateChainFound, reason)], 0);
    for look in [PLAIN, ENGLISH] {
        let text = page(&format!("{evil}.p7s"), &judged, look);
        assert!(!text.contains(['\x1b', '\u{202e}']), "{text}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("TOTAL-PASSED")), "{text}");
    }
}

#[test]
fn lines_are_short_and_several_files_are_counted() {
    for judged in [revoked(), with_a_broken_time_stamp(), of_a_seal_and_a_forger()] {
        let text = page("a.p7s", &judged, PLAIN);
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
    use Indication::{Indeterminate, TotalFailed, TotalPassed};
    assert_eq!(summary(&[TotalPassed], PLAIN), None);
    let three = summary(&[TotalPassed, Indeterminate, TotalFailed], PLAIN).unwrap();
    assert_eq!(three, "Усього файлів: 3. Дійсних: 1, не підтверджених: 1, недійсних: 1.");
}

#[test]
fn time_stamps_that_contradict_each_other_prove_no_time() {
    let mut signer = good(seal());
    signer.time_stamps[0].time = Some(moment("2026-03-02T10:00:30Z"));
    let text = page("a.p7s", &judged(vec![signer], 0), PLAIN);
    assert!(
        text.contains("Коли        позначки часу суперечать одна одній") && !text.contains("між"),
        "{text}"
    );
}

#[test]
fn time_stamps_of_one_second_prove_that_second() {
    let mut signer = good(seal());
    signer.time_stamps[0].time = Some(signer.proven_at);
    let text = page("a.p7s", &judged(vec![signer], 0), PLAIN);
    assert!(text.contains("доведено позначками часу") && !text.contains("між"), "{text}");
}

#[test]
fn the_exit_code_is_that_of_the_worst_file() {
    use Indication::{Indeterminate, TotalFailed, TotalPassed};
    for (indications, code) in [
        (vec![TotalPassed, TotalPassed], 0),
        (vec![TotalPassed, Indeterminate], 2),
        (vec![TotalFailed, Indeterminate], 1),
        (vec![Indeterminate, TotalFailed, TotalPassed], 1),
    ] {
        assert_eq!(exit_code(&indications), code, "{indications:?}");
    }
}

#[test]
fn an_answer_says_every_fact_to_programs() {
    let answer = serde_json::to_value(Answer::of("паспорт.p7s", &with_a_broken_time_stamp())).unwrap();
    insta::assert_snapshot!("answer", serde_json::to_string_pretty(&answer).unwrap());
}
