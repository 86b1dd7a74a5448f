use super::*;
use crate::model::{
    BranchAddress, CodeId, CodeKind, Digest, DocumentCode, KnownVisit, ReadingWay, SessionId, SessionKind,
    VisitId,
};

const RECEIVED: &str = "2026-03-15T10:00:00Z";

fn branch(id: &str, mailbox: &str) -> Branch {
    let part = String::new;
    Branch {
        id: id.parse().unwrap(),
        organisation: "org".parse().unwrap(),
        name: id.to_owned(),
        address: BranchAddress {
            region: part(),
            district: part(),
            location: part(),
            street: part(),
            house: part(),
        },
        mailbox: mailbox.parse().unwrap(),
        known_as: vec![],
        admins: vec![],
    }
}

fn documents(list: &str) -> Vec<DocumentCode> {
    list.split_whitespace().map(|code| code.parse().unwrap()).collect()
}

fn code(id: i64, branch: &str, list: &str, token: Option<u64>, issued: &str) -> (QrCode, Session) {
    let issued_on: crate::model::KyivDay = issued.parse().unwrap();
    let code = QrCode {
        id: CodeId(id),
        kind: token.map_or(CodeKind::Registered, |bits| CodeKind::Own { token: Token::new(bits).unwrap() }),
        branch: branch.parse().unwrap(),
        services: vec![],
        documents: documents(list),
        payload: String::new(),
        issued_on,
        valid_until: issued_on.plus(179),
        retired_at: None,
    };
    let session = Session { id: SessionId(id * 10), code: code.id, kind: SessionKind::Standing };
    (code, session)
}

/// Copies of these kinds; `?` is one whose kind is unknown.
fn copies(list: &str) -> Vec<Copy> {
    list.split_whitespace()
        .map(|kind| Copy {
            digest: Some(Digest::of(kind.as_bytes())),
            document: kind.parse().ok(),
            way: ReadingWay::FileName,
            file_name: format!("{kind}.pdf"),
            pdf_at: Some(0),
            p7s_at: Some(1),
        })
        .collect()
}

fn known(codes: Vec<(QrCode, Session)>) -> Known {
    Known {
        branches: vec![branch("cnap", "cnap@x.org"), branch("hotel", "hotel@x.org")],
        codes,
        ..Known::default()
    }
}

fn subject(bits: u64) -> TokensFound {
    TokensFound { subject: vec![Token::new(bits).unwrap()], ..TokensFound::default() }
}

fn decided(tokens: &TokensFound, copies: &[Copy], known: &Known) -> Match {
    decide(tokens, copies, known, &"cnap@x.org".parse().unwrap(), RECEIVED.parse().unwrap())
}

#[track_caller]
fn goes_to(answer: &Match, id: i64) {
    assert_eq!(
        answer.matched,
        Matched::Session { session: SessionId(id * 10), code: CodeId(id) },
        "{answer:?}"
    );
}

#[test]
fn a_token_in_the_subject_decides_over_the_documents() {
    let known = known(vec![
        code(1, "cnap", "internal-passport", Some(7), "2026-01-01"),
        code(2, "cnap", "taxpayer-card", None, "2026-01-01"),
    ]);
    let answer = decided(&subject(7), &copies("taxpayer-card"), &known);
    goes_to(&answer, 1);
    assert_eq!(
        answer.reasons,
        [
            MatchReason::TokenInSubject,
            MatchReason::ValidAtReceipt,
            MatchReason::Mailbox { mailbox: "cnap@x.org".parse().unwrap() }
        ]
    );
    assert_eq!(
        answer.anomalies,
        [
            Anomaly::MissingDocuments { documents: documents("internal-passport") },
            Anomaly::ExtraDocuments { documents: documents("taxpayer-card") }
        ]
    );
    assert_eq!(answer.branch, Some("cnap".parse().unwrap()));
}

#[test]
fn a_plus_address_comes_before_the_subject_and_the_subject_before_the_body() {
    let known = known(vec![
        code(1, "cnap", "passport", Some(1), "2026-01-01"),
        code(2, "cnap", "passport", Some(2), "2026-01-01"),
        code(3, "cnap", "passport", Some(3), "2026-01-01"),
    ]);
    let token = |bits| vec![Token::new(bits).unwrap()];
    let all = TokensFound { address: token(3), subject: token(2), body: token(1) };
    let answer = decided(&all, &copies("internal-passport"), &known);
    goes_to(&answer, 3);
    assert!(
        answer.anomalies.contains(&Anomaly::SeveralTokens { codes: vec![CodeId(3), CodeId(2), CodeId(1)] })
    );
    let two = TokensFound { address: vec![], ..all };
    goes_to(&decided(&two, &copies("internal-passport"), &known), 2);
}

#[test]
fn an_unknown_token_is_said_and_the_documents_decide() {
    let known = known(vec![code(1, "cnap", "internal-passport", None, "2026-01-01")]);
    let answer = decided(&subject(99), &copies("internal-passport"), &known);
    goes_to(&answer, 1);
    let token = Token::new(99).unwrap().to_string();
    assert_eq!(answer.anomalies, [Anomaly::UnknownToken { token }]);
}

#[test]
fn a_token_of_an_ended_or_retired_code_still_names_its_session_and_says_so() {
    let ended = code(1, "cnap", "internal-passport", Some(7), "2025-01-01");
    let mut retired = code(2, "cnap", "internal-passport", Some(8), "2026-01-01");
    retired.0.retired_at = Some("2026-03-15T09:59:59Z".parse().unwrap());
    let known = known(vec![ended, retired]);
    for (bits, id, state) in [(7, 1, CodeState::Expired), (8, 2, CodeState::Retired)] {
        let answer = decided(&subject(bits), &copies("internal-passport"), &known);
        goes_to(&answer, id);
        assert_eq!(answer.anomalies, [Anomaly::CodeNotLive { code: CodeId(id), state }]);
    }
}

#[test]
fn a_token_of_another_branch_is_followed_and_its_mailbox_is_named() {
    let known = known(vec![code(1, "hotel", "internal-passport", Some(7), "2026-01-01")]);
    let answer = decided(&subject(7), &copies("internal-passport"), &known);
    goes_to(&answer, 1);
    assert_eq!(
        answer.anomalies,
        [Anomaly::OtherBranchMailbox {
            branch: "hotel".parse().unwrap(),
            mailbox: "hotel@x.org".parse().unwrap()
        }]
    );
    assert_eq!(answer.branch, Some("hotel".parse().unwrap()));
}

#[test]
fn without_a_token_mailbox_documents_and_validity_decide() {
    let known = known(vec![
        code(1, "cnap", "internal-passport taxpayer-card", None, "2026-01-01"),
        code(2, "cnap", "internal-passport", None, "2026-01-01"),
        code(3, "cnap", "internal-passport", None, "2025-01-01"),
        code(4, "hotel", "internal-passport", None, "2026-01-01"),
    ]);
    let answer = decided(&TokensFound::default(), &copies("internal-passport"), &known);
    goes_to(&answer, 2);
    assert_eq!(answer.anomalies, []);
    assert!(answer.reasons.contains(&MatchReason::DocumentSet));
    goes_to(&decided(&TokensFound::default(), &copies("taxpayer-card internal-passport"), &known), 1);
}

#[test]
fn either_passport_answers_a_request_for_a_passport() {
    let both = known(vec![code(1, "cnap", "passport taxpayer-card", None, "2026-01-01")]);
    for list in ["foreign-passport taxpayer-card", "taxpayer-card internal-passport"] {
        let answer = decided(&TokensFound::default(), &copies(list), &both);
        goes_to(&answer, 1);
        assert_eq!(answer.anomalies, []);
    }
    let picky = known(vec![code(1, "cnap", "passport internal-passport", None, "2026-01-01")]);
    let answer = decided(&TokensFound::default(), &copies("internal-passport foreign-passport"), &picky);
    assert_eq!(answer.anomalies, []);
}

#[test]
fn two_codes_that_fit_equally_are_left_to_a_person() {
    let known = known(vec![
        code(1, "cnap", "internal-passport", None, "2026-01-01"),
        code(2, "cnap", "internal-passport", Some(5), "2026-02-01"),
    ]);
    let answer = decided(&TokensFound::default(), &copies("internal-passport"), &known);
    let codes = vec![CodeId(1), CodeId(2)];
    assert_eq!(answer.matched, Matched::Ambiguous { codes: codes.clone() });
    assert_eq!(answer.anomalies, [Anomaly::SeveralCandidates { codes }]);
    assert_eq!(answer.branch, Some("cnap".parse().unwrap()), "both hang in one branch");
}

#[test]
fn a_part_of_the_set_goes_to_the_code_it_fits_best_and_names_what_is_missing() {
    let known = known(vec![
        code(1, "cnap", "internal-passport taxpayer-card", None, "2026-01-01"),
        code(2, "cnap", "driver-license", None, "2026-01-01"),
    ]);
    let answer = decided(&TokensFound::default(), &copies("taxpayer-card"), &known);
    goes_to(&answer, 1);
    assert_eq!(answer.anomalies, [Anomaly::MissingDocuments { documents: documents("internal-passport") }]);
}

#[test]
fn renamed_files_go_to_the_only_live_code_and_say_that_their_kind_is_unknown() {
    let one = known(vec![code(1, "cnap", "internal-passport", None, "2026-01-01")]);
    let answer = decided(&TokensFound::default(), &copies("?"), &one);
    goes_to(&answer, 1);
    assert!(answer.reasons.contains(&MatchReason::OnlyLiveCode));
    assert_eq!(answer.anomalies, [Anomaly::UnknownDocuments { count: 1 }], "the missing one is perhaps here");
    let two = known(vec![
        code(1, "cnap", "internal-passport", None, "2026-01-01"),
        code(2, "cnap", "taxpayer-card", None, "2026-01-01"),
    ]);
    let answer = decided(&TokensFound::default(), &copies("?"), &two);
    assert_eq!(answer.matched, Matched::Ambiguous { codes: vec![CodeId(1), CodeId(2)] });
}

#[test]
fn documents_that_nobody_asked_for_match_nothing() {
    let known = known(vec![code(1, "cnap", "internal-passport", None, "2026-01-01")]);
    let answer = decided(&TokensFound::default(), &copies("driver-license"), &known);
    assert_eq!(answer.matched, Matched::Nothing);
    assert_eq!(answer.anomalies, [Anomaly::NoCandidate]);
    assert_eq!(answer.branch, Some("cnap".parse().unwrap()), "the mailbox has one branch");
}

#[test]
fn an_ended_code_with_exactly_these_documents_is_better_than_none() {
    let known = known(vec![
        code(1, "cnap", "internal-passport", None, "2024-01-01"),
        code(2, "cnap", "internal-passport", None, "2025-01-01"),
        code(3, "cnap", "internal-passport", None, "2026-04-01"),
    ]);
    let answer = decided(&TokensFound::default(), &copies("internal-passport"), &known);
    goes_to(&answer, 2);
    assert_eq!(answer.anomalies, [Anomaly::CodeNotLive { code: CodeId(2), state: CodeState::Expired }]);
}

#[test]
fn validity_is_judged_at_receipt_to_the_last_second_of_the_last_day() {
    // 180 days from 17.09.2025 end with 15.03.2026, Kyiv.
    let known = known(vec![code(1, "cnap", "internal-passport", None, "2025-09-17")]);
    let at = |moment: &str| {
        let mailbox = "cnap@x.org".parse().unwrap();
        decide(
            &TokensFound::default(),
            &copies("internal-passport"),
            &known,
            &mailbox,
            moment.parse().unwrap(),
        )
    };
    assert_eq!(at("2026-03-15T21:59:59Z").anomalies, []);
    assert_eq!(
        at("2026-03-15T22:00:00Z").anomalies,
        [Anomaly::CodeNotLive { code: CodeId(1), state: CodeState::Expired }]
    );
}

#[test]
fn a_letter_without_documents_matches_nothing_and_says_so() {
    let known = known(vec![code(1, "cnap", "internal-passport", None, "2026-01-01")]);
    let answer = decided(&TokensFound::default(), &[], &known);
    assert_eq!(answer.matched, Matched::Nothing);
    assert_eq!(answer.anomalies, [Anomaly::NoDocuments]);
}

#[test]
fn unsigned_and_repeated_documents_are_named() {
    let known = known(vec![code(1, "cnap", "internal-passport", None, "2026-01-01")]);
    let mut list = copies("internal-passport internal-passport");
    list[1].p7s_at = None;
    let answer = decided(&TokensFound::default(), &list, &known);
    goes_to(&answer, 1);
    assert_eq!(
        answer.anomalies,
        [
            Anomaly::RepeatedDocuments { documents: documents("internal-passport") },
            Anomaly::UnsignedDocuments { names: vec!["internal-passport.pdf".to_owned()] }
        ]
    );
}

#[test]
fn a_mailbox_without_a_branch_is_named() {
    let answer = decided(&TokensFound::default(), &copies("internal-passport"), &Known::default());
    assert_eq!(answer.branch, None);
    assert_eq!(answer.anomalies, [Anomaly::NoCandidate, Anomaly::MailboxWithoutBranch]);
}

#[test]
fn a_visits_token_leads_to_its_codes_session_and_names_the_visit() {
    let visit =
        |visit, token, code| KnownVisit { visit: VisitId(visit), token: Token::new(token).unwrap(), code };
    let known = Known {
        visits: vec![visit(5, 70, CodeId(1)), visit(6, 71, CodeId(1))],
        ..known(vec![
            code(1, "cnap", "internal-passport", Some(7), "2026-01-01"),
            code(2, "cnap", "taxpayer-card", None, "2026-01-01"),
        ])
    };
    let answer = decided(&subject(70), &copies("internal-passport"), &known);
    goes_to(&answer, 1);
    assert_eq!(
        (answer.visit, answer.reasons.first()),
        (Some(VisitId(5)), Some(&MatchReason::TokenInSubject))
    );
    assert!(answer.anomalies.is_empty(), "{answer:?}");
    // The poster's own token names no visit, and beside a visit's it is nothing odd.
    assert_eq!(decided(&subject(7), &copies("internal-passport"), &known).visit, None);
    let token = |bits| vec![Token::new(bits).unwrap()];
    let both = TokensFound { subject: token(7), body: token(70), ..TokensFound::default() };
    let answer = decided(&both, &copies("internal-passport"), &known);
    assert_eq!((answer.visit, answer.anomalies.len()), (Some(VisitId(5)), 0), "{answer:?}");
    let two = TokensFound { subject: token(71), body: token(70), ..TokensFound::default() };
    let answer = decided(&two, &copies("internal-passport"), &known);
    assert_eq!(answer.visit, Some(VisitId(6)), "the first in the order of places counts");
    assert_eq!(answer.anomalies, [Anomaly::SeveralTokens { codes: vec![CodeId(1)] }]);
}

#[test]
fn a_match_without_a_visit_is_kept_as_before() {
    let answer = decided(&TokensFound::default(), &[], &known(vec![]));
    let json = serde_json::to_string(&answer).unwrap();
    assert!(!json.contains("visit"), "{json}");
    assert_eq!(serde_json::from_str::<Match>(&json).unwrap(), answer);
}
