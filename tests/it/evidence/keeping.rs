//! What is kept, for how long, and what becomes of it when it cannot be renewed.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use skrynka::evidence::{EvidenceFault, Reader, Settings};
use skrynka::model::{Need, Timestamp};

use super::house::{Answer, House, OCSP, SEQUENCE, Server, Zone, http, near};

/// Finds this nextUpdate in everything, or this fault.
struct Says(Result<Option<Timestamp>, String>);

impl Reader for Says {
    fn next_update(&self, _need: &Need, _bytes: &[u8]) -> Result<Option<Timestamp>, String> {
        self.0.clone()
    }
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn an_unchanged_list_is_confirmed_without_being_sent_again() {
    let server = Server::start(|_, asked| {
        let lines = "ETag: \"7\"\r\nLast-Modified: Mon, 01 Mar 2027 10:00:00 GMT\r\n";
        if asked.contains("if-none-match: \"7\"\r\n")
            && asked.contains("if-modified-since: Mon, 01 Mar 2027 10:00:00 GMT\r\n")
        {
            return Answer::Bytes(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec());
        }
        Answer::Bytes(http("200 OK", lines, SEQUENCE))
    })
    .await;
    let house = House::near(&[&server]);
    let first = house.one(&server.crl()).await.found.unwrap();
    for round in 1..=3 {
        house.clock.turn(HOUR);
        let again = house.one(&server.crl()).await;
        let found = again.found.unwrap();
        assert_eq!((again.fault, &found.bytes, found.fetched_at), (None, &first.bytes, first.fetched_at));
        assert_eq!(found.confirmed_at, first.confirmed_at + HOUR * round);
        assert_eq!(server.asked().len(), usize::try_from(round).unwrap() + 1);
    }
    assert_eq!(house.shelf.renewals.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_changed_list_takes_the_place_of_the_old_one() {
    let newer: &[u8] = &[0x30, 3, 2, 1, 9];
    let server = Server::start(move |number, _| {
        Answer::Bytes(http("200 OK", "ETag: \"1\"\r\n", if number == 0 { SEQUENCE } else { newer }))
    })
    .await;
    let house = House::near(&[&server]);
    house.one(&server.crl()).await;
    house.clock.turn(HOUR);
    assert_eq!(&*house.one(&server.crl()).await.found.unwrap().bytes, newer);
    assert_eq!(&*house.shelf.kept.lock().unwrap()[&server.crl().key()].bytes, newer);
}

#[tokio::test]
async fn its_next_update_says_when_to_ask_again() {
    let server = Server::saying(http("200 OK", "", OCSP)).await;
    let next: Timestamp = "2027-03-01T12:20:00Z".parse().unwrap();
    let house = House::with(near(&[&server]), Arc::new(Says(Ok(Some(next)))), Zone::of(&[]));
    house.one(&server.ocsp(1)).await;
    house.clock.turn(Duration::from_secs(19 * 60));
    house.one(&server.ocsp(1)).await;
    assert_eq!(server.asked().len(), 1);
    house.clock.turn(Duration::from_secs(60));
    house.one(&server.ocsp(1)).await;
    assert_eq!(server.asked().len(), 2);
    let kept = house.shelf.kept.lock().unwrap()[&server.ocsp(1).key()].clone();
    assert_eq!(kept.terms.next_update, Some(next));
}

#[tokio::test]
async fn a_policy_may_want_newer_answers_than_servers_promise() {
    let server = Server::saying(http("200 OK", "Cache-Control: max-age=3600\r\n", OCSP)).await;
    let settings = Settings { age_max: Some(Duration::from_secs(600)), ..near(&[&server]) };
    let house = House::with(settings, Arc::new(()), Zone::of(&[]));
    for asked in [1, 2, 3] {
        house.one(&server.ocsp(1)).await;
        assert_eq!(server.asked().len(), asked);
        house.clock.turn(Duration::from_secs(600));
    }
}

#[tokio::test]
async fn what_was_kept_is_still_given_when_it_cannot_be_renewed() {
    let server = Server::start(|number, _| {
        Answer::Bytes(if number == 0 { http("200 OK", "", SEQUENCE) } else { http("500 Oh", "", b"") })
    })
    .await;
    let house = House::near(&[&server]);
    let first = house.one(&server.crl()).await.found;
    house.clock.turn(48 * HOUR);
    for _ in 0..3 {
        let again = house.one(&server.crl()).await;
        assert_eq!(again.found, first);
        assert!(matches!(again.fault, Some(EvidenceFault::Status { status: 500, .. })));
    }
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn what_was_kept_is_given_at_the_deadline() {
    let server = Server::start(|number, _| match number {
        0 => Answer::Bytes(http("200 OK", "", SEQUENCE)),
        _ => Answer::Silence(Vec::new()),
    })
    .await;
    let house = House::near(&[&server]);
    let first = house.one(&server.crl()).await.found;
    house.clock.turn(48 * HOUR);
    let needs = [server.crl()];
    house.fetcher.gather(&needs, tokio::time::Instant::now()).await;
    while server.asked().len() < 2 {
        tokio::task::yield_now().await;
    }
    let again = house.fetcher.gather(&needs, tokio::time::Instant::now()).await.remove(0);
    assert_eq!((again.found, again.fault), (first, Some(EvidenceFault::Late)));
}

#[tokio::test]
async fn what_the_reader_cannot_use_is_not_kept() {
    let server = Server::saying(http("200 OK", "", OCSP)).await;
    let reader = Says(Err("it is about another certificate".to_owned()));
    let house = House::with(near(&[&server]), Arc::new(reader), Zone::of(&[]));
    let told = house.fault(&server.ocsp(1)).await;
    assert_eq!(told, "127.0.0.1: of no use: it is about another certificate");
    assert!(house.shelf.kept.lock().unwrap().is_empty());
    house.one(&server.ocsp(1)).await;
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_the_judge_refuses_is_fetched_anew_after_a_pause() {
    let server = Server::saying(http("200 OK", "ETag: \"1\"\r\n", SEQUENCE)).await;
    // The paused clock jumps whenever everybody waits: patience must outlast that.
    let settings = Settings {
        connect_patience: 24 * HOUR,
        patience: 24 * HOUR,
        crl_patience: 24 * HOUR,
        ..near(&[&server])
    };
    let house = House::with(settings, Arc::new(()), Zone::of(&[]));
    let ask = || async {
        let deadline = tokio::time::Instant::now() + 48 * HOUR;
        house.fetcher.gather(&[server.crl()], deadline).await.remove(0)
    };
    let found = ask().await.found.unwrap();
    house.fetcher.refuse(&found, "its signature does not hold");
    let refused = ask().await;
    assert!(refused.found.is_none(), "not even from the shelf");
    assert_eq!(refused.fault.unwrap().to_string(), "127.0.0.1: of no use: its signature does not hold");
    tokio::time::advance(refused.retry_after.unwrap()).await;
    house.clock.turn(HOUR);
    assert!(ask().await.found.is_some());
    assert!(!server.asked()[1].contains("if-none-match"), "the same again would be of no use");
}
