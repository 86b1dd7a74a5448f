use std::collections::BTreeSet;

use super::*;
use crate::model::{ContentSource, Reason, SubIndication, TimeStampKind, Timestamp};

/// Samples of every variant, kept complete by the compiler: a new one breaks the `match` until it has its line here.
macro_rules! every {
    ($type:ty: $($pattern:pat => $sample:expr),+ $(,)?) => {{
        fn _is_complete(value: &$type) {
            match value { $($pattern => {})+ }
        }
        let samples: Vec<$type> = vec![$($sample),+];
        samples
    }};
}

fn moment() -> Timestamp {
    "2026-03-15T12:05:09Z".parse().unwrap()
}

/// The subject in every sample, which the sentences must repeat.
const WHO: &str = "ТЕСТ Дія, печатка";

fn every_reason() -> Vec<Reason> {
    let who = || WHO.to_owned();
    let word = || "content-type".to_owned();
    let oid = || "1.2.3.4".to_owned();
    every! { Reason:
        Reason::Malformed { .. } => Reason::Malformed { expected: "a SEQUENCE".to_owned(), offset: 12 },
        Reason::NoSigners => Reason::NoSigners,
        Reason::OverBudget { .. } => Reason::OverBudget { limit: "CERTIFICATES_MAX".to_owned() },
        Reason::ContentTypeNotData { .. } => Reason::ContentTypeNotData { oid: oid() },
        Reason::ContentChanged => Reason::ContentChanged,
        Reason::NoSignedAttributes => Reason::NoSignedAttributes,
        Reason::AttributeMissing { .. } => Reason::AttributeMissing { name: word() },
        Reason::AttributeNotSingle { .. } => Reason::AttributeNotSingle { name: word() },
        Reason::AttributeWrong { .. } => Reason::AttributeWrong { name: word() },
        Reason::DigestAlgorithmsDiffer { .. } => Reason::DigestAlgorithmsDiffer { digest: oid(), other: oid() },
        Reason::UnsupportedAlgorithm { .. } => Reason::UnsupportedAlgorithm { oid: oid() },
        Reason::WeakAlgorithm { .. } => Reason::WeakAlgorithm { what: "RSA, 1024 bits".to_owned() },
        Reason::SignatureWrong => Reason::SignatureWrong,
        Reason::SignerCertificateNotFound { .. } => Reason::SignerCertificateNotFound { sought: "АЦСК, 0a".to_owned() },
        Reason::NoPathToAnchor { .. } => Reason::NoPathToAnchor { last: who() },
        Reason::UntrustedRoot { .. } => Reason::UntrustedRoot { subject: who() },
        Reason::ChainConstraint { .. } => Reason::ChainConstraint { subject: who(), constraint: "keyUsage".to_owned() },
        Reason::ServiceNotGranted { .. } => Reason::ServiceNotGranted {
            subject: who(), since: Some(moment()), list: "TL-UA.xml".to_owned(),
        },
        Reason::CertificateExpired { .. } => Reason::CertificateExpired { subject: who(), not_after: moment() },
        Reason::CertificateNotYetValid { .. } => Reason::CertificateNotYetValid { subject: who(), not_before: moment() },
        Reason::CertificateRevoked { .. } => Reason::CertificateRevoked {
            subject: who(), since: moment(), cause: Some("keyCompromise".to_owned()),
        },
        Reason::CertificateOnHold { .. } => Reason::CertificateOnHold { subject: who(), since: moment() },
        Reason::RevocationUnknown { .. } => Reason::RevocationUnknown { subject: who(), why: "no OCSP or CRL".to_owned() },
        Reason::SealerNotAllowed { .. } => Reason::SealerNotAllowed { edrpou: vec!["00032129".to_owned()] },
        Reason::LevelTooLow { .. } => Reason::LevelTooLow { level: "CAdES-BES".to_owned(), level_min: "CAdES-T".to_owned() },
        Reason::TimeStampOfOther => Reason::TimeStampOfOther,
        Reason::NoValidTimeStamp => Reason::NoValidTimeStamp,
        Reason::TimeStampOrder { .. } => Reason::TimeStampOrder { earlier: moment(), later: moment() },
        Reason::SignaturePolicyBroken => Reason::SignaturePolicyBroken,
        Reason::ContentNotFound => Reason::ContentNotFound,
    }
}

fn of(reason: Reason, sub_indication: SubIndication) -> Verdict {
    Verdict {
        p7s: "a.p7s".to_owned(),
        p7s_at: 0,
        content: ContentSource::Unreadable,
        indication: sub_indication.indication(),
        sub_indication: Some(sub_indication),
        reason: Some(reason),
        signers: Vec::new(),
        proof_at: moment(),
        judged_at: moment(),
    }
}

#[track_caller]
fn is_one_sentence(said: &Said, from: &str) {
    for text in [&said.uk, &said.en] {
        assert!(text.ends_with('.') && !text.contains(['\n', '{', '}']), "{from}: {text}");
        assert!(text.chars().next().is_some_and(char::is_uppercase), "{from}: {text}");
    }
    assert!(said.uk.chars().any(|c| ('а'..='я').contains(&c)), "{from}: {}", said.uk);
    assert_ne!(said.uk, said.en);
}

#[test]
fn every_reason_has_its_own_sentence_in_both_languages() {
    for say in [verdict, file_verdict] {
        let mut seen = BTreeSet::new();
        for reason in every_reason() {
            let name = format!("{reason:?}");
            let said = say(&of(reason, SubIndication::Generic));
            is_one_sentence(&said, &name);
            if name.contains(WHO) {
                assert!(
                    said.uk.contains(&format!("«{WHO}»")) && said.en.contains(&format!("“{WHO}”")),
                    "{said:?}"
                );
            }
            assert!(seen.insert(said.uk) && seen.insert(said.en), "{name} speaks like another");
        }
    }
}

#[test]
fn every_reason_has_one_next_step_in_a_letter_and_in_a_file() {
    for reason in every_reason() {
        let name = format!("{reason:?}");
        let verdict = of(reason, SubIndication::Generic);
        let in_letter = verdict_next_step(&verdict).unwrap();
        let in_file = file_next_step(&verdict);
        is_one_sentence(&in_file, &name);
        assert!(in_letter.uk.ends_with('.') && in_letter.en.ends_with('.'), "{in_letter:?}");
        assert!(!in_letter.uk.contains("--"), "a clerk types no options: {in_letter:?}");
        assert!(
            !in_file.uk.contains("лист ") && !in_file.uk.contains("Ді"),
            "a file came from anywhere: {in_file:?}"
        );
    }
}

#[test]
fn the_same_fact_is_said_as_the_sub_indication_means_it() {
    let ended = || Reason::CertificateExpired { subject: WHO.to_owned(), not_after: moment() };
    let proven = of(ended(), SubIndication::Expired);
    let unproven = of(ended(), SubIndication::OutOfBoundsNoPoe);
    assert!(file_verdict(&proven).uk.starts_with("Підпис поставлено вже після 15.03.2026 14:05:09"));
    assert!(file_verdict(&unproven).uk.contains("ніщо не доводить, що підпис давніший"));
    assert!(file_next_step(&unproven).uk.contains("--at"), "another time can be given");
    assert!(!file_next_step(&proven).uk.contains("--at"), "no other time helps");
    let revoked = |sub| {
        let cause = Some("keyCompromise".to_owned());
        of(Reason::CertificateRevoked { subject: WHO.to_owned(), since: moment(), cause }, sub)
    };
    assert!(file_verdict(&revoked(SubIndication::Revoked)).en.starts_with("The signature was made after"));
    assert!(file_verdict(&revoked(SubIndication::RevokedNoPoe)).uk.contains("чужих рук"));
}

#[test]
fn a_signature_by_persons_only_is_told_from_one_by_another_organisation() {
    let by = |edrpou: &[&str]| {
        let edrpou = edrpou.iter().map(ToString::to_string).collect();
        verdict(&of(Reason::SealerNotAllowed { edrpou }, SubIndication::SigConstraintsFailure)).uk
    };
    assert!(by(&[]).contains("особа") && by(&["00032129"]).contains("ЄДРПОУ 00032129"));
}

#[test]
fn a_broken_time_stamp_is_explained_and_never_blames_the_signer() {
    let stamp = |indication, reason| TimeStampVerdict {
        kind: TimeStampKind::Signature,
        time: None,
        indication,
        sub_indication: None,
        reason,
        authority: None,
    };
    assert_eq!(time_stamp_fault(&stamp(Indication::TotalPassed, None)), None);
    for reason in every_reason() {
        let name = format!("{reason:?}");
        let said = time_stamp_fault(&stamp(Indication::Indeterminate, Some(reason))).unwrap();
        is_one_sentence(&said, &name);
        assert!(!said.uk.contains("підписувач") && !said.uk.contains("підпис давніший"), "{said:?}");
    }
}
