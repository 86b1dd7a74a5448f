//! Many callers, few requests: one flight for all, deadlines, turns, and servers that are left alone.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use skrynka::evidence::{EvidenceFault, NEEDS_MAX, Settings};
use skrynka::model::Need;
use tokio::time::Instant;

use super::house::{Answer, House, Memory, Mute, OCSP, SEQUENCE, Server, Zone, http, in_an_hour, near};

#[tokio::test]
async fn a_hundred_callers_that_need_the_same_cause_one_request() {
    let server = Server::start(|_, _| Answer::Later(http("200 OK", "", SEQUENCE))).await;
    let house = House::near(&[&server]);
    let need = server.crl();
    let callers = join_all((0..100).map(|_| house.one(&need)));
    let open = async {
        // Nobody is answered until all have asked: each polls the gatherer once before this runs.
        tokio::task::yield_now().await;
        server.gate.add_permits(100);
    };
    let (gathered, ()) = tokio::join!(callers, open);
    assert!(gathered.iter().all(|gathered| &*gathered.found.as_ref().unwrap().bytes == SEQUENCE));
    assert_eq!(server.asked().len(), 1);
    assert_eq!(house.shelf.gets.load(Ordering::SeqCst), 1, "the shelf is asked once as well");
    house.one(&need).await.found.unwrap();
    assert_eq!(server.asked().len(), 1, "and later it is on the shelf");
}

#[tokio::test]
async fn a_caller_that_goes_away_ends_nothing_for_the_others() {
    let server = Server::start(|_, _| Answer::Later(http("200 OK", "", SEQUENCE))).await;
    let house = House::near(&[&server]);
    let need = server.crl();
    let first = house.one(&need);
    drop(tokio::time::timeout(Duration::ZERO, first).await);
    server.gate.add_permits(1);
    assert!(house.one(&need).await.fault.is_none());
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_beyond_the_deadline_whatever_hangs() {
    let house = House::with(Settings::default(), Arc::new(()), Arc::new(Mute));
    let needs: Vec<Need> = (0..10).map(|n| Need::Crl { url: format!("http://ca{n}.test/") }).collect();
    let began = Instant::now();
    let gathered = house.fetcher.gather(&needs, began + Duration::from_secs(2)).await;
    assert!(gathered.iter().all(|gathered| gathered.fault == Some(EvidenceFault::Late)));
    assert_eq!(began.elapsed().as_millis() / 10, 200, "on the paused clock");
    // The resolver is given up after three seconds, and later callers are told so at once.
    let gathered = house.one(&needs[0]).await;
    assert_eq!(gathered.fault.unwrap().to_string(), "ca0.test: too slow while its name is resolved");
}

#[tokio::test]
async fn what_comes_late_lands_on_the_shelf() {
    let server = Server::start(|_, _| Answer::Later(http("200 OK", "", SEQUENCE))).await;
    let house = House::near(&[&server]);
    let need = server.crl();
    let gathered = house.fetcher.gather(std::slice::from_ref(&need), Instant::now()).await.remove(0);
    assert_eq!((gathered.found, gathered.fault), (None, Some(EvidenceFault::Late)));
    server.gate.add_permits(1);
    house.shelf.put.notified().await;
    assert!(house.one(&need).await.fault.is_none());
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_server_that_is_down_is_left_alone_with_all_that_it_has() {
    let server = Server::saying(http("200 OK", "", OCSP)).await;
    let allowed = ["127.0.0.2".to_owned(), format!("127.0.0.1:{}", server.port)];
    let allowed = allowed.iter().map(|text| text.parse().unwrap()).collect();
    // Nobody listens on port 80 of 127.0.0.2; each connection would ask for the name.
    let zone = Zone::of(&[("down.test", &[&["127.0.0.2"]])]);
    let settings = Settings { addresses_allowed: allowed, ..Settings::default() };
    let house = House::with(settings, Arc::new(()), zone.clone());
    let ocsp = |n: u8| Need::Ocsp { url: "http://down.test/".to_owned(), request: vec![n] };
    let first = house.one(&ocsp(0)).await;
    assert!(matches!(first.fault, Some(EvidenceFault::Unreachable { .. })), "{first:?}");
    assert!(first.retry_after.unwrap() >= Duration::from_secs(20));
    for n in 1..20 {
        assert_eq!(house.one(&ocsp(n)).await.fault, first.fault);
    }
    assert_eq!(zone.questions.load(Ordering::SeqCst), 1);
    assert!(house.one(&server.ocsp(1)).await.fault.is_none(), "others are asked as ever");
}

#[tokio::test]
async fn those_who_wait_for_their_turn_learn_that_the_server_is_down() {
    let zone = Zone::of(&[("down.test", &[&["127.0.0.2"]])]);
    let settings = Settings { addresses_allowed: vec!["127.0.0.2".parse().unwrap()], ..Settings::default() };
    let house = House::with(settings, Arc::new(()), zone.clone());
    let ocsp = |n: u8| Need::Ocsp { url: "http://down.test/".to_owned(), request: vec![n] };
    let needs: Vec<Need> = (0..40).map(ocsp).collect();
    let gathered = house.fetcher.gather(&needs, in_an_hour()).await;
    assert!(
        gathered.iter().all(|gathered| matches!(gathered.fault, Some(EvidenceFault::Unreachable { .. })))
    );
    assert_eq!(zone.questions.load(Ordering::SeqCst), 2, "as many as have their turn at once");
}

#[tokio::test]
async fn a_bad_answer_to_one_question_does_not_keep_others_from_the_server() {
    let server = Server::start(|_, asked| {
        Answer::Bytes(if asked.contains("/bad") {
            http("404 No", "", b"")
        } else {
            http("200 OK", "", SEQUENCE)
        })
    })
    .await;
    let house = House::near(&[&server]);
    let bad = Need::Crl { url: server.url("/bad") };
    for _ in 0..10 {
        assert_eq!(house.fault(&bad).await, "127.0.0.1: HTTP status 404");
    }
    assert_eq!(server.asked().len(), 1);
    assert!(house.one(&server.crl()).await.fault.is_none());
}

#[tokio::test]
async fn after_its_pause_a_server_that_came_back_is_asked_again() {
    let server = Server::start(|number, _| {
        Answer::Bytes(if number == 0 {
            http("500 Oh", "Retry-After: 0\r\n", b"")
        } else {
            http("200 OK", "", SEQUENCE)
        })
    })
    .await;
    let house = House::near(&[&server]);
    assert_eq!(house.fault(&server.crl()).await, "127.0.0.1: HTTP status 500");
    assert!(house.one(&server.crl()).await.fault.is_none(), "the server asked for no pause");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_pause_ends_by_itself() {
    let zone = Zone::of(&[]);
    let house = House::with(Settings::default(), Arc::new(()), zone.clone());
    let need = Need::Crl { url: "http://gone.test/".to_owned() };
    let pause = house.one(&need).await.retry_after.unwrap();
    tokio::time::advance(pause.checked_sub(Duration::from_secs(1)).unwrap()).await;
    house.one(&need).await;
    assert_eq!(zone.questions.load(Ordering::SeqCst), 1);
    tokio::time::advance(Duration::from_secs(2)).await;
    let again = house.one(&need).await.retry_after.unwrap();
    assert_eq!(zone.questions.load(Ordering::SeqCst), 2);
    assert!(again > pause, "and the next one is longer: {again:?} after {pause:?}");
}

#[tokio::test]
async fn one_host_serves_two_at_once_and_holds_up_no_other() {
    let slow = Server::start(|_, _| Answer::Later(http("200 OK", "", OCSP))).await;
    let quick = Server::saying(http("200 OK", "", OCSP)).await;
    let house = House::near(&[&slow, &quick]);
    let needs: Vec<Need> = (0..20).map(|n| slow.ocsp(n)).collect();
    let all = house.fetcher.gather(&needs, in_an_hour());
    let meanwhile = async {
        assert!(house.one(&quick.ocsp(1)).await.fault.is_none());
        while slow.asked().len() < 2 {
            tokio::task::yield_now().await;
        }
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        assert_eq!(slow.asked().len(), 2);
        slow.gate.add_permits(20);
    };
    let (gathered, ()) = tokio::join!(all, meanwhile);
    assert!(gathered.iter().all(|gathered| gathered.fault.is_none()));
    assert_eq!(slow.asked().len(), 20);
}

#[tokio::test]
async fn more_needs_than_a_letter_can_have_are_refused_by_name() {
    let server = Server::saying(http("200 OK", "", OCSP)).await;
    let house = House::near(&[&server]);
    let needs = vec![server.ocsp(1); NEEDS_MAX + 3];
    let gathered = house.fetcher.gather(&needs, in_an_hour()).await;
    assert_eq!(gathered.len(), NEEDS_MAX + 3);
    assert!(gathered[..NEEDS_MAX].iter().all(|gathered| gathered.found.is_some()));
    assert!(
        gathered[NEEDS_MAX..]
            .iter()
            .all(|gathered| gathered.fault == Some(EvidenceFault::TooMany { max: NEEDS_MAX }))
    );
}

#[tokio::test]
async fn switched_off_nothing_is_asked_for() {
    let server = Server::saying(http("200 OK", "", OCSP)).await;
    let settings = Settings { allowed: false, ..near(&[&server]) };
    let house = House::with(settings, Arc::new(()), Zone::of(&[]));
    let gathered = house.one(&server.ocsp(1)).await;
    assert_eq!((gathered.fault, gathered.retry_after), (Some(EvidenceFault::Off), None));
    assert_eq!((server.asked().len(), house.shelf.gets.load(Ordering::SeqCst)), (0, 0));
}

#[tokio::test]
async fn a_shelf_that_does_not_work_costs_requests_and_nothing_else() {
    let server = Server::saying(http("200 OK", "", OCSP)).await;
    let shelf = Memory { broken: true, ..Memory::default() };
    let house = House::on(shelf, near(&[&server]), Arc::new(()), Zone::of(&[]));
    assert!(house.one(&server.ocsp(1)).await.fault.is_none());
    assert!(house.one(&server.ocsp(1)).await.fault.is_none());
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn dropping_the_fetcher_abandons_what_is_under_way() {
    let server = Server::start(|_, _| Answer::Silence(Vec::new())).await;
    let House { fetcher, shelf, .. } = House::near(&[&server]);
    fetcher.gather(&[server.crl()], Instant::now()).await;
    while server.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(fetcher);
    // The flight holds the last clones of the shelf; they go when it is gone.
    while Arc::strong_count(&shelf.kept) > 1 {
        tokio::task::yield_now().await;
    }
}
