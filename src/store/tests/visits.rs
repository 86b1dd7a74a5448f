use jiff::ToSpan as _;

use super::*;
use crate::model::{FilingId, NewVisit, Visit, VisitFacts, VisitId, VisitStanding, VisitState};
use crate::store::VisitRefusal;
use crate::store::visits::{claim_by_code, facts};

const LINK: &str = "https://diia.app/1";

fn wanted() -> NewVisit {
    NewVisit {
        branch: "centre".parse().unwrap(),
        service: "admin".parse().unwrap(),
        name: "Зразкова Надія".to_owned(),
        rnokpp: Some("3656801869".to_owned()),
        until: later(15),
        code: None,
    }
}

fn with_code(token: u64) -> NewVisit {
    let payload = format!("mailto:centre@example.org?subject={token}");
    NewVisit { code: Some((Token::new(token).unwrap(), payload)), ..wanted() }
}

/// So many minutes after [`now`].
fn later(minutes: i64) -> Timestamp {
    now() + minutes.minutes()
}

fn received(filing: Filing, at: Timestamp) -> Filing {
    Filing { mail: RawMail { received_at: at, ..filing.mail }, ..filing }
}

/// A letter of the code that came so many minutes after the visit was opened.
async fn letter(place: &Place, code: &IssuedCode, number: u32, minutes: i64) -> FilingId {
    let bytes = format!("letter {number}");
    let filing = matched_to(filing("centre@example.org", bytes.as_bytes(), number), code);
    keep_and_file(place, &received(filing, later(minutes))).await
}

async fn offered(place: &Place, visit: &Visit) -> Vec<FilingId> {
    place.offers(visit).await.unwrap().into_iter().map(|offer| offer.row.id).collect()
}

#[track_caller]
fn refuses<T: std::fmt::Debug>(result: Result<T, StoreError>, expected: &VisitRefusal) {
    match result.unwrap_err() {
        StoreError::Visit(refusal) => assert_eq!(refusal, *expected),
        other => unreachable!("{other}"),
    }
}

#[tokio::test]
async fn a_visit_is_opened_listed_and_closed() {
    let place = furnished().await;
    let visit = place.open_visit(&wanted(), now()).await.unwrap();
    assert_eq!(place.visit(visit.id).await.unwrap().unwrap(), visit);
    assert_eq!((visit.name.as_str(), visit.rnokpp.as_deref()), ("Зразкова Надія", Some("3656801869")));
    let centre = "centre".parse().unwrap();
    let south = "south".parse().unwrap();
    assert_eq!(place.visits(None, false, later(14)).await.unwrap(), std::slice::from_ref(&visit));
    assert_eq!(place.visits(Some(&centre), false, later(14)).await.unwrap(), std::slice::from_ref(&visit));
    assert_eq!(place.visits(Some(&south), true, later(14)).await.unwrap(), []);
    assert_eq!(place.visits(None, false, later(15)).await.unwrap(), [], "it is over");
    assert_eq!(place.visits(None, true, later(15)).await.unwrap(), std::slice::from_ref(&visit));
    let closed = place.close_visit(visit.id, later(5)).await.unwrap();
    assert_eq!((closed.closed_at, closed.state_at(later(5))), (Some(later(5)), VisitState::Closed));
    assert_eq!(place.close_visit(visit.id, later(6)).await.unwrap(), closed, "the first closing counts");
    assert_eq!(place.visits(None, false, later(6)).await.unwrap(), []);
    refuses(place.close_visit(VisitId(9), now()).await, &VisitRefusal::NoSuchVisit(VisitId(9)));
    let lines = "SELECT COUNT(*) AS n FROM audit WHERE subject = 'visit 1'";
    assert_eq!(count(&place, lines).await, 2);
    let personal =
        "SELECT COUNT(*) AS n FROM audit WHERE detail LIKE '%Зразкова%' OR detail LIKE '%3656801869%'";
    assert_eq!(count(&place, personal).await, 0);
}

#[tokio::test]
async fn a_visit_needs_an_open_branch_and_a_service_there() {
    let place = furnished().await;
    let nowhere = NewVisit { branch: "north".parse().unwrap(), ..wanted() };
    is(place.open_visit(&nowhere, now()).await, "no open branch `north`");
    let nothing = NewVisit { service: "nothing".parse().unwrap(), ..wanted() };
    is(place.open_visit(&nothing, now()).await, "no open service `nothing`");
    refuses(
        place.open_visit(&NewVisit { until: now(), ..wanted() }, now()).await,
        &VisitRefusal::EndsBeforeItBegins,
    );
}

#[tokio::test]
async fn letters_that_came_while_it_was_open_are_offered_to_a_visit() {
    let place = furnished().await;
    let mut registry = registry_of_two();
    registry.services.push(service("other", &["centre"], &["passport"]));
    place.apply_registry(&registry, now()).await.unwrap();
    let code = place.issue_code(&registered_code("centre", LINK), now()).await.unwrap();
    let of_other = NewCode {
        services: vec!["other".parse().unwrap()],
        ..registered_code("centre", "https://diia.app/other")
    };
    let other = place.issue_code(&of_other, now()).await.unwrap();
    let south = place.issue_code(&registered_code("south", "https://diia.app/south"), now()).await.unwrap();
    let visit = place.open_visit(&wanted(), now()).await.unwrap();

    let before = letter(&place, &code, 1, -1).await;
    let first = letter(&place, &code, 2, 0).await;
    let elsewhere = letter(&place, &south, 3, 1).await;
    let other_service = letter(&place, &other, 4, 1).await;
    let late = letter(&place, &code, 5, 15).await;
    let unmatched = received(filing("centre@example.org", b"6", 6), later(2));
    let unmatched = Filing {
        matched: Match { branch: Some("centre".parse().unwrap()), ..unmatched.matched },
        ..unmatched
    };
    let unmatched = keep_and_file(&place, &unmatched).await;
    let of_nobody = keep_and_file(&place, &received(filing("centre@example.org", b"7", 7), later(3))).await;
    let of_nobody_else =
        keep_and_file(&place, &received(filing("south@example.org", b"8", 8), later(3))).await;
    assert_eq!(offered(&place, &visit).await, [of_nobody, unmatched, first], "newest first");

    for filing in [before, elsewhere, other_service, late, of_nobody_else] {
        let refusal = VisitRefusal::NotOffered { filing, visit: visit.id };
        refuses(place.claim_letter(visit.id, filing, later(4)).await, &refusal);
    }
    let claimed = place.claim_letter(visit.id, first, later(4)).await.unwrap();
    assert_eq!(claimed.claimed, Some((first, later(4))));
    assert_eq!(offered(&place, &claimed).await, [first], "its letter, and no other");
    let second = place.open_visit(&wanted(), now()).await.unwrap();
    assert_eq!(offered(&place, &second).await, [of_nobody, unmatched], "what is claimed is not offered");
    let closed = place.close_visit(second.id, later(3)).await.unwrap();
    assert_eq!(offered(&place, &closed).await, [unmatched], "nothing that came after it was closed");
}

#[tokio::test]
async fn a_letter_has_one_visit_and_a_visit_one_letter() {
    let place = furnished().await;
    let code = place.issue_code(&registered_code("centre", LINK), now()).await.unwrap();
    let one = place.open_visit(&wanted(), now()).await.unwrap().id;
    let other = place.open_visit(&wanted(), now()).await.unwrap().id;
    let (first, second) = (letter(&place, &code, 1, 1).await, letter(&place, &code, 2, 2).await);
    refuses(place.claim_letter(VisitId(9), first, later(3)).await, &VisitRefusal::NoSuchVisit(VisitId(9)));
    refuses(place.claim_letter(one, FilingId(9), later(3)).await, &VisitRefusal::NoSuchLetter(FilingId(9)));
    place.claim_letter(one, first, later(3)).await.unwrap();
    let has_letter = VisitRefusal::VisitHasLetter { visit: one, filing: first };
    refuses(place.claim_letter(one, second, later(3)).await, &has_letter);
    refuses(place.claim_letter(one, first, later(3)).await, &has_letter);
    refuses(
        place.claim_letter(other, first, later(3)).await,
        &VisitRefusal::LetterHasVisit { filing: first, visit: one },
    );
    refuses(place.claim_letter(other, second, later(15)).await, &VisitRefusal::Over(other));
    place.close_visit(other, later(4)).await.unwrap();
    refuses(place.claim_letter(other, second, later(5)).await, &VisitRefusal::Closed(other));
    let closed = place.close_visit(one, later(5)).await.unwrap();
    assert_eq!(closed.claimed, Some((first, later(3))), "closing keeps the letter");
    let lines = "SELECT COUNT(*) AS n FROM audit WHERE action = 'visit.claimed' AND detail = '{\"filing\":1,\"by_code\":false}'";
    assert_eq!(count(&place, lines).await, 1);
}

#[tokio::test]
async fn a_one_time_code_rests_on_a_live_code_of_the_service_and_has_a_token_of_its_own() {
    let place = furnished().await;
    let missing =
        VisitRefusal::NoLiveCode { branch: "centre".parse().unwrap(), service: "admin".parse().unwrap() };
    refuses(place.open_visit(&with_code(70), now()).await, &missing);
    let ended = NewCode {
        issued_on: day("2025-01-01"),
        valid_until: day("2025-06-29"),
        ..registered_code("centre", LINK)
    };
    place.issue_code(&ended, now()).await.unwrap();
    refuses(place.open_visit(&with_code(70), now()).await, &missing);
    let live = place.issue_code(&own_code("centre", 7), now()).await.unwrap();
    let visit = place.open_visit(&with_code(70), now()).await.unwrap();
    assert_eq!(visit.code.as_ref().unwrap().code, live.code.id);
    for taken in [7, 70] {
        refuses(place.open_visit(&with_code(taken), now()).await, &VisitRefusal::TokenTaken);
    }
    is(place.issue_code(&own_code("centre", 70), now()).await, "already in use");

    let mailbox = "centre@example.org".parse().unwrap();
    let known = place.matching_context(&mailbox, &[Token::new(70).unwrap()]).await.unwrap();
    assert_eq!(known.visits.len(), 1);
    assert_eq!((known.visits[0].visit, known.visits[0].code), (visit.id, live.code.id));
    assert!(known.codes.iter().any(|(code, _)| code.id == live.code.id));
    let elsewhere = "south@example.org".parse().unwrap();
    let known = place.matching_context(&elsewhere, &[Token::new(70).unwrap()]).await.unwrap();
    assert_eq!(known.codes.len(), 1, "its code comes with it, wherever the letter arrives");
}

/// Claims as the transaction that files a letter does.
async fn by_code(place: &Place, visit: &Visit, filing: FilingId, received_at: Timestamp) -> VisitStanding {
    let mut work = place.writing().await.unwrap();
    let standing = claim_by_code(&mut work, visit.id, filing, received_at, later(20)).await.unwrap();
    work.commit().await.unwrap();
    standing
}

async fn known_of(place: &Place, filing: FilingId, matched: Option<VisitId>) -> Option<VisitFacts> {
    facts(&mut place.reading().await.unwrap(), filing, matched).await.unwrap()
}

#[tokio::test]
async fn a_one_time_codes_letter_claims_its_visit_once() {
    let place = furnished().await;
    let code = place.issue_code(&own_code("centre", 7), now()).await.unwrap();
    let visit = place.open_visit(&with_code(70), now()).await.unwrap();
    let late = place.open_visit(&with_code(71), now()).await.unwrap();
    let (first, second) = (letter(&place, &code, 1, 1).await, letter(&place, &code, 2, 2).await);
    let standing = async |filing| known_of(&place, filing, Some(visit.id)).await.unwrap().standing;

    assert_eq!(known_of(&place, first, None).await, None);
    assert_eq!(standing(first).await, VisitStanding::Waits);
    // Filed after the visit's time, received within it.
    assert_eq!(by_code(&place, &visit, first, later(1)).await, VisitStanding::Claimed);
    assert_eq!(by_code(&place, &visit, first, later(1)).await, VisitStanding::Claimed, "safe to repeat");
    assert_eq!(by_code(&place, &visit, second, later(2)).await, VisitStanding::Taken);
    assert_eq!(
        (standing(first).await, standing(second).await),
        (VisitStanding::Claimed, VisitStanding::Taken)
    );
    let facts = known_of(&place, first, None).await.unwrap();
    assert_eq!((facts.name.as_str(), facts.rnokpp.as_deref()), ("Зразкова Надія", Some("3656801869")));
    assert_eq!(by_code(&place, &late, second, later(15)).await, VisitStanding::Over);
    assert_eq!(
        by_code(&place, &late, first, later(2)).await,
        VisitStanding::Waits,
        "the letter has its visit"
    );
    let lines = "SELECT COUNT(*) AS n FROM audit WHERE action = 'visit.claimed'";
    assert_eq!(count(&place, lines).await, 1);
}

#[tokio::test]
async fn a_letter_that_names_a_visit_is_offered_to_no_other() {
    let place = furnished().await;
    let code = place.issue_code(&own_code("centre", 7), now()).await.unwrap();
    let visit = place.open_visit(&with_code(70), now()).await.unwrap();
    let other = place.open_visit(&wanted(), now()).await.unwrap();
    let filing = matched_to(filing("centre@example.org", b"1", 1), &code);
    let filing = Filing { matched: Match { visit: Some(visit.id), ..filing.matched }, ..filing };
    let id = keep_and_file(&place, &received(filing, later(1))).await;
    assert_eq!(offered(&place, &visit).await, [id], "its own clerk may take it, red or incomplete");
    assert_eq!(offered(&place, &other).await, []);
}
