//! Every row of the table alone, and every two that could hide one another.

use super::case::{RECEIVED, code, copy, good, moment, passed, say, service, signer};
use crate::light::{TABLE, assess};
use crate::model::{
    Anomaly, BranchId, CodeId, CodeKind, CodeState, Defect, EarlierUse, FieldKind, FilingId, Ground,
    Indication, Light, LightCase, LightPolicy, LightRow, Reading, ReadingTrouble, ReadingWarning, Reason,
    SignerKind, SubIndication, Token, VisitStanding,
};

/// A way to spoil the good letter (or to leave it good): the row that must come, which fact it touches, and how.
struct Spoilt {
    row: LightRow,
    /// Rows of one fact exclude each other; all others must show beside each other.
    fact: &'static str,
    spoil: fn(&mut LightCase),
}

const fn spoilt(row: LightRow, fact: &'static str, spoil: fn(&mut LightCase)) -> Spoilt {
    Spoilt { row, fact, spoil }
}

fn verdict(case: &mut LightCase, sub: SubIndication, reason: Option<Reason>) {
    let verdict = &mut case.verdicts[0];
    verdict.indication = sub.indication();
    verdict.sub_indication = Some(sub);
    verdict.reason = reason;
}

fn odd(case: &mut LightCase, anomaly: Anomaly) {
    case.matched.anomalies.push(anomaly);
}

fn not_live(case: &mut LightCase, state: CodeState) {
    odd(case, Anomaly::CodeNotLive { code: CodeId(1), state });
}

fn earlier(case: &mut LightCase, elsewhere: bool) {
    let branch: Option<BranchId> = Some("hotel".parse().unwrap());
    case.earlier.push(EarlierUse { copy: 0, filing: FilingId(7), branch, elsewhere });
}

fn own_code(case: &mut LightCase) {
    case.code.as_mut().unwrap().kind = CodeKind::Own { token: Token::new(17).unwrap() };
}

fn cases() -> Vec<Spoilt> {
    use LightRow as R;
    use SubIndication as S;
    vec![
        spoilt(R::ContentChanged, "signature", |c| verdict(c, S::HashFailure, Some(Reason::ContentChanged))),
        spoilt(R::SignatureFailed, "signature", |c| {
            verdict(c, S::SigCryptoFailure, Some(Reason::SignatureWrong));
        }),
        spoilt(R::SignatureUntrusted, "signature", |c| verdict(c, S::NoCertificateChainFound, None)),
        spoilt(R::SignerNotAllowed, "signature", |c| {
            verdict(
                c,
                S::SigConstraintsFailure,
                Some(Reason::SealerNotAllowed { edrpou: vec!["14360570".into()] }),
            );
        }),
        spoilt(R::SignatureUndecided, "signature", |c| verdict(c, S::TryLater, None)),
        spoilt(R::NotSigned, "signature", |c| c.copies[1].p7s_at = None),
        spoilt(R::SignaturePassed, "signature", |_| {}),
        spoilt(R::UsedBefore, "earlier", |c| earlier(c, true)),
        spoilt(R::SentAgain, "earlier", |c| earlier(c, false)),
        spoilt(R::InitiatorOther, "initiator", |c| {
            say(c, 0, FieldKind::RequestInitiator, Some("Готель «Палаццо»"));
        }),
        spoilt(R::InitiatorOtherBranch, "initiator", |c| {
            say(c, 0, FieldKind::RequestInitiator, Some("ЦНАП Житомира, західне відділення"));
        }),
        spoilt(R::InitiatorUnasked, "initiator", |c| {
            say(c, 0, FieldKind::RequestInitiator, Some("Готель «Палаццо»"));
            own_code(c);
        }),
        spoilt(R::InitiatorUnclear, "initiator", |c| {
            say(c, 0, FieldKind::RequestInitiator, Some("ЦНАП Житом□рської міської ради"));
        }),
        spoilt(R::InitiatorMissing, "initiator", |c| say(c, 0, FieldKind::RequestInitiator, None)),
        spoilt(R::InitiatorOurs, "initiator", |_| {}),
        spoilt(R::RequestStale, "request", |c| {
            say(c, 0, FieldKind::RequestTime, Some("2026-03-15T09:00:00"));
        }),
        spoilt(R::RequestFuture, "request", |c| {
            say(c, 0, FieldKind::RequestTime, Some("2026-03-15T12:30:00"));
        }),
        spoilt(R::RequestTimeMissing, "request", |c| say(c, 0, FieldKind::RequestTime, None)),
        spoilt(R::RequestFresh, "request", |_| {}),
        spoilt(R::VisitPersonDiffers, "visit-person", |c| {
            c.visit.as_mut().unwrap().name = "Бойко Петро".into();
        }),
        spoilt(R::VisitSpellingDiffers, "visit-person", |c| {
            c.visit.as_mut().unwrap().name = "Шевченко Оксанна".into();
        }),
        spoilt(R::VisitPersonAgrees, "visit-person", |_| {}),
        spoilt(R::VisitTaken, "visit", |c| c.visit.as_mut().unwrap().standing = VisitStanding::Taken),
        spoilt(R::VisitOver, "visit", |c| c.visit.as_mut().unwrap().standing = VisitStanding::Over),
        spoilt(R::PersonsDiffer, "persons", |c| say(c, 1, FieldKind::BirthDate, Some("1999-12-31"))),
        spoilt(R::SpellingDiffers, "persons", |c| {
            let card = c.readings[1].as_mut().unwrap();
            card.fields[0].value = "Шевчинко".into();
            card.fields[0].plain = Some("Шевчинко".into());
        }),
        spoilt(R::PersonsUnclear, "persons", |c| {
            let card = c.readings[1].as_mut().unwrap();
            card.fields.retain(|field| field.name.starts_with("request"));
        }),
        spoilt(R::PersonsAgree, "persons", |_| {}),
        spoilt(R::CitizenDiffers, "citizen", |c| {
            c.verdicts[0].signers.push(signer(
                SignerKind::Person,
                "Бойко Петро Іванович",
                Some("1759013776"),
            ));
        }),
        spoilt(R::CitizenAgrees, "citizen", |c| {
            c.verdicts[0].signers.push(signer(
                SignerKind::Person,
                "Шевченко Оксана Іванівна",
                Some("3656801869"),
            ));
        }),
        spoilt(R::DocumentExpired, "term", |c| say(c, 0, FieldKind::ValidUntil, Some("2026-03-14"))),
        spoilt(R::PartlyRead, "read", |c| c.readings[0].as_mut().unwrap().unread = 3),
        spoilt(R::SaysContradict, "warnings", |c| {
            let warning = ReadingWarning::CheckDigit { field: "rnokpp".into() };
            c.readings[0].as_mut().unwrap().warnings.push(warning);
        }),
        spoilt(R::CodeExpired, "code", |c| not_live(c, CodeState::Expired)),
        spoilt(R::CodeRetired, "code", |c| not_live(c, CodeState::Retired)),
        spoilt(R::CodeNotYetValid, "code", |c| not_live(c, CodeState::NotYetValid)),
        spoilt(R::CodeUnknown, "token", |c| odd(c, Anomaly::UnknownToken { token: "7K".into() })),
        spoilt(R::CodeAmbiguous, "several", |c| {
            odd(c, Anomaly::SeveralTokens { codes: vec![CodeId(1), CodeId(2)] });
        }),
        spoilt(R::CodeNone, "none", |c| odd(c, Anomaly::NoCandidate)),
        spoilt(R::CodeElsewhere, "elsewhere", |c| {
            let (branch, mailbox) = ("hotel".parse().unwrap(), "hotel@example.org".parse().unwrap());
            odd(c, Anomaly::OtherBranchMailbox { branch, mailbox });
        }),
        spoilt(R::SetIncomplete, "missing", |c| {
            odd(c, Anomaly::MissingDocuments { documents: vec![code("driver-license")] });
        }),
        spoilt(R::SetExtra, "extra", |c| {
            odd(c, Anomaly::ExtraDocuments { documents: vec![code("pension-card")] });
        }),
        spoilt(R::SetRepeated, "repeated", |c| {
            odd(c, Anomaly::RepeatedDocuments { documents: vec![code("taxpayer-card")] });
        }),
        spoilt(R::SetComplete, "missing", |_| {}),
        spoilt(R::KindUnknown, "kind", |c| {
            c.copies.push(copy(2, &code("taxpayer-card")));
            c.copies[2].document = None;
            c.verdicts.push(passed(5));
            c.readings.push(c.readings[1].clone());
        }),
        spoilt(R::LetterHides, "hides", |c| c.defects.push(Defect::CutShort)),
        spoilt(R::FileHides, "oddities", |c| {
            c.readings[0].as_mut().unwrap().oddities.push(pages::Oddity::JavaScript);
        }),
    ]
}

/// Rows whose facts leave nothing for others to say, or need another policy: tested by themselves below.
const APART: [LightRow; 5] = [
    LightRow::NoDocuments,
    LightRow::Unread,
    LightRow::ReadLater,
    LightRow::InitiatorNotNeeded,
    LightRow::VisitPersonUnclear,
];

fn light_of(row: LightRow) -> Light {
    TABLE.iter().find(|(of, _)| *of == row).unwrap().1
}

fn rows(grounds: &[Ground]) -> Vec<LightRow> {
    grounds.iter().map(|ground| ground.row).collect()
}

#[test]
fn a_letter_of_which_everything_is_right_is_green() {
    let good = assess(&good(), &LightPolicy::default());
    assert_eq!(good.light, Light::Green, "{:?}", good.grounds);
    assert_eq!(good.copies, [Light::Green, Light::Green]);
}

#[test]
fn every_row_is_in_the_table_once_and_has_a_case() {
    for (at, (row, light)) in TABLE.iter().enumerate() {
        assert_eq!(TABLE.iter().filter(|(other, _)| other == row).count(), 1, "{row:?}");
        assert!(cases().iter().any(|case| case.row == *row) || APART.contains(row), "{row:?} has no case");
        // The order of the table is that of the enum, and the lights stand together.
        assert!(TABLE[..at].iter().all(|(before, its)| before < row && its >= light), "{row:?}");
    }
}

#[test]
fn each_row_holds_by_itself_and_gives_its_light() {
    for Spoilt { row, spoil, .. } in cases() {
        let mut case = good();
        spoil(&mut case);
        let assessment = assess(&case, &LightPolicy::default());
        let found = assessment.grounds.iter().find(|ground| ground.row == row);
        let found = found.unwrap_or_else(|| panic!("{row:?} is not among {:?}", rows(&assessment.grounds)));
        assert_eq!(found.light, light_of(row), "{row:?}");
        let worst = assessment.grounds.iter().map(|ground| ground.light).max().unwrap();
        assert_eq!(assessment.light, worst);
        if light_of(row) > Light::Green {
            assert_eq!(assessment.light, light_of(row), "{row:?}: {:?}", rows(&assessment.grounds));
        }
    }
}

#[test]
fn no_row_hides_another() {
    for first in cases() {
        for second in cases().into_iter().filter(|second| second.fact != first.fact) {
            let mut case = good();
            (first.spoil)(&mut case);
            (second.spoil)(&mut case);
            let assessment = assess(&case, &LightPolicy::default());
            let found = rows(&assessment.grounds);
            for row in [first.row, second.row] {
                // That a set is complete cannot be said while the kind of a document is not known.
                let open = row == LightRow::SetComplete && found.contains(&LightRow::KindUnknown);
                assert!(open || found.contains(&row), "{:?} and {:?}: {found:?}", first.row, second.row);
            }
            assert!(assessment.light >= light_of(first.row).max(light_of(second.row)));
        }
    }
}

#[test]
fn the_worst_reasons_come_first_and_three_are_shown() {
    let mut case = good();
    for spoilt in cases().iter().filter(|case| ["earlier", "initiator", "term", "read"].contains(&case.fact))
    {
        (spoilt.spoil)(&mut case);
        if spoilt.row == LightRow::InitiatorOther {
            break;
        }
    }
    say(&mut case, 0, FieldKind::ValidUntil, Some("2026-03-14"));
    case.readings[0].as_mut().unwrap().unread = 1;
    let assessment = assess(&case, &LightPolicy::default());
    let shown: Vec<LightRow> = assessment.shown().map(|ground| ground.row).collect();
    assert_eq!(shown, [LightRow::UsedBefore, LightRow::InitiatorOther, LightRow::SentAgain]);
    assert!(rows(&assessment.grounds).contains(&LightRow::PartlyRead), "the others are kept");
}

#[test]
fn a_letter_without_documents_is_red() {
    let case = LightCase { copies: vec![], readings: vec![], verdicts: vec![], visit: None, ..good() };
    let assessment = assess(&case, &LightPolicy::default());
    assert_eq!((assessment.light, rows(&assessment.grounds)), (Light::Red, vec![LightRow::NoDocuments]));
}

#[test]
fn a_copy_that_was_not_read_is_one_reason_and_not_three() {
    for (reading, row) in [
        (None, LightRow::Unread),
        (Some(Reading { trouble: Some(ReadingTrouble::Password), ..Reading::default() }), LightRow::Unread),
        (
            Some(Reading { trouble: Some(ReadingTrouble::OcrLater), ..Reading::default() }),
            LightRow::ReadLater,
        ),
    ] {
        let mut case = good();
        case.readings[0] = reading;
        let assessment = assess(&case, &LightPolicy::default());
        let of_it: Vec<_> = assessment
            .grounds
            .iter()
            .filter(|ground| ground.copy == Some(0) && ground.light > Light::Green)
            .collect();
        assert_eq!(of_it.iter().map(|ground| ground.row).collect::<Vec<_>>(), [row]);
        assert_eq!(assessment.light, Light::Amber);
    }
}

#[test]
fn a_visit_without_a_readable_copy_is_unclear() {
    let mut case = good();
    case.readings = vec![None, None];
    let assessment = assess(&case, &LightPolicy::default());
    assert!(rows(&assessment.grounds).contains(&LightRow::VisitPersonUnclear));
}

#[test]
fn a_service_may_do_without_the_initiator_and_nothing_else_becomes_greener_by_it() {
    let policy = LightPolicy { without_initiator: vec![service()], ..LightPolicy::default() };
    let mut case = good();
    say(&mut case, 0, FieldKind::RequestInitiator, None);
    assert_eq!(assess(&case, &LightPolicy::default()).light, Light::Amber);
    let assessment = assess(&case, &policy);
    assert!(rows(&assessment.grounds).contains(&LightRow::InitiatorNotNeeded));
    assert_eq!(assessment.light, Light::Green);
    earlier(&mut case, true);
    assert_eq!(assess(&case, &policy).light, Light::Red);
    // A code for two services needs both to allow it.
    case.earlier.clear();
    case.code.as_mut().unwrap().services.push("another".parse().unwrap());
    assert_eq!(assess(&case, &policy).light, Light::Amber);
}

#[test]
fn policy_makes_two_rows_worse_or_milder_and_never_green() {
    let mut stale = good();
    say(&mut stale, 0, FieldKind::RequestTime, Some("2026-03-14T09:00:00"));
    let mut unsigned = good();
    unsigned.copies[0].p7s_at = None;
    for (light, seen) in
        [(Light::Green, Light::Amber), (Light::Amber, Light::Amber), (Light::Red, Light::Red)]
    {
        let policy = LightPolicy { stale: light, unsigned: light, ..LightPolicy::default() };
        assert_eq!(assess(&stale, &policy).light, seen);
        assert_eq!(assess(&unsigned, &policy).light, seen);
    }
}

#[test]
fn freshness_counts_from_the_receipt_with_the_window_and_the_skew() {
    // Asked for at 12:00 in Kyiv, which is 10:00 UTC; two hours, and ten minutes of skew.
    for (received, row) in [
        ("2026-03-15T09:49:59Z", LightRow::RequestFuture),
        ("2026-03-15T09:50:00Z", LightRow::RequestFresh),
        (RECEIVED, LightRow::RequestFresh),
        ("2026-03-15T12:10:00Z", LightRow::RequestFresh),
        ("2026-03-15T12:10:01Z", LightRow::RequestStale),
    ] {
        let case = LightCase { received_at: moment(received), ..good() };
        assert!(rows(&assess(&case, &LightPolicy::default()).grounds).contains(&row), "{received}");
    }
}

#[test]
fn a_signature_without_a_verdict_is_none_that_passed() {
    let mut case = good();
    case.verdicts.remove(0);
    let assessment = assess(&case, &LightPolicy::default());
    assert!(rows(&assessment.grounds).contains(&LightRow::SignatureUndecided));
    // A signature that belongs to no copy counts too.
    let mut case = good();
    case.verdicts.push(passed(5));
    assert_eq!(assess(&case, &LightPolicy::default()).light, Light::Green);
    case.verdicts[2].indication = Indication::TotalFailed;
    case.verdicts[2].sub_indication = Some(SubIndication::FormatFailure);
    let assessment = assess(&case, &LightPolicy::default());
    assert_eq!((assessment.light, assessment.copies), (Light::Red, vec![Light::Green, Light::Green]));
}

#[test]
fn several_childrens_certificates_are_nothing_odd() {
    let mut case = good();
    odd(&mut case, Anomaly::RepeatedDocuments { documents: vec![code("birth-certificate")] });
    assert!(!rows(&assess(&case, &LightPolicy::default()).grounds).contains(&LightRow::SetRepeated));
}
