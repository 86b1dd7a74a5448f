//! The live list.

use std::collections::BTreeSet;

use skrynka::model::Role;

use super::house::{HOTEL, House, NORTH};

#[tokio::test]
async fn a_row_arrives_as_soon_as_its_letter_is_filed_and_foreign_ones_do_not() {
    let house = House::open().await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    let mut events = browser.events("/live?after=0").await;
    assert!(events.head.contains("text/event-stream"), "{}", events.head);
    house.file(HOTEL, "чужий", "Чужинська").await;
    let own = house.file(NORTH, "свій", "Прикладенко").await;
    let event = events.next().await.unwrap();
    assert_eq!((event.kind.as_str(), event.id), ("letter", own.to_string()));
    assert!(event.data.contains("Прикладенко Марія Іванівна"), "{}", event.data);
}

#[tokio::test]
async fn a_browser_that_comes_back_misses_none_and_gets_none_twice() {
    let house = House::open().await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    let (mut seen, mut last) = (Vec::new(), 0);
    for round in 0..5 {
        for number in 0..7 {
            house.file(NORTH, &format!("лист-{round}-{number}"), "Прикладенко").await;
        }
        browser.more = vec![("Last-Event-ID".to_owned(), last.to_string())];
        let mut events = browser.events("/live?after=0").await;
        // It goes away in the middle: what it did not read it gets the next time.
        for _ in 0..5 {
            let event = events.next().await.unwrap();
            last = event.id.parse::<i64>().unwrap();
            seen.push(last);
        }
    }
    browser.more = vec![("Last-Event-ID".to_owned(), last.to_string())];
    let mut events = browser.events("/live?after=0").await;
    while seen.len() < 35 {
        seen.push(events.next().await.unwrap().id.parse().unwrap());
    }
    assert!(seen.is_sorted() && seen.iter().collect::<BTreeSet<_>>().len() == 35, "{seen:?}");
}

#[tokio::test]
async fn letters_that_are_filed_at_the_same_time_all_arrive_in_order() {
    let house = std::sync::Arc::new(House::open().await);
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    let mut events = browser.events("/live?after=0").await;
    let filing = (0..30).map(|number| {
        let house = std::sync::Arc::clone(&house);
        async move { house.file(NORTH, &format!("лист-{number}"), "Прикладенко").await.0 }
    });
    let mut filed = futures_util::future::join_all(filing).await;
    filed.sort_unstable();
    for id in filed {
        assert_eq!(events.next().await.unwrap().id, id.to_string());
    }
}

#[tokio::test]
async fn a_stream_ends_when_its_session_does() {
    let house = House::open().await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    let mut events = browser.clone().events("/live?after=0").await;
    browser.post("/logout", &[]).await;
    // The hint of a letter has the session looked at, and the letter is not shown.
    house.file(NORTH, "свій", "Прикладенко").await;
    assert_eq!(events.next().await.unwrap().kind, "over");
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn an_open_list_keeps_no_session_from_growing_idle() {
    let house = House::open().await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    let mut events = browser.events("/live?after=0").await;
    house.later(20);
    house.file(NORTH, "перший", "Прикладенко").await;
    assert_eq!(events.next().await.unwrap().kind, "letter");
    house.later(20);
    house.file(NORTH, "другий", "Прикладенко").await;
    assert_eq!(events.next().await.unwrap().kind, "over");
    assert_eq!(browser.get("/").await.status, 303);
}
