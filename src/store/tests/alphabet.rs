use serde_json::json;

use super::*;
use crate::store::AlphabetRow;

fn row(shape: &str, letter: &str, copies: u32, trusted: bool) -> AlphabetRow {
    AlphabetRow { shape: shape.to_owned(), trusted, facts: json!({ "letter": letter, "copies": copies }) }
}

/// The rows after somebody put `row` in place of what is known of its shape.
async fn put(store: &Store, row: AlphabetRow, by: &str) -> Vec<AlphabetRow> {
    let change = |known: &[AlphabetRow]| {
        let others = known.iter().filter(|other| other.shape != row.shape).cloned();
        others.chain([row.clone()]).collect()
    };
    store.change_alphabet(by, now(), change).await.unwrap();
    store.alphabet().await.unwrap()
}

#[tokio::test]
async fn shapes_are_kept_changed_and_taken_away_with_their_history() {
    let place = empty().await;
    let (a, b) = (row("a1", "а", 1, false), row("b2", "б", 3, true));
    put(&place, b.clone(), "shipped").await;
    assert_eq!(put(&place, a.clone(), "shipped").await, [a.clone(), b.clone()]);
    assert_eq!(place.alphabet_history(None, 10).await.unwrap().len(), 2);
    put(&place, a.clone(), "shipped").await;
    assert_eq!(place.alphabet_history(None, 10).await.unwrap().len(), 2, "known already");
    assert_eq!(place.alphabet_revision().await.unwrap(), 1, "no copy is read by the other one");
    // More evidence for the same letter reads no copy anew; another letter does.
    put(&place, row("b2", "б", 4, true), "learnt").await;
    assert_eq!(place.alphabet_revision().await.unwrap(), 1);
    put(&place, row("b2", "в", 4, true), "Олена").await;
    assert_eq!(place.alphabet_revision().await.unwrap(), 2);
    let only = vec![row("c3", "в", 4, true)];
    let kept = place.change_alphabet("import", now(), |_| only.clone()).await.unwrap();
    assert_eq!((place.alphabet().await.unwrap(), kept), (only.clone(), only));
    let history = place.alphabet_history(Some("b2"), 10).await.unwrap();
    let said: Vec<(&str, bool)> =
        history.iter().map(|change| (change.by.as_str(), change.distrusted.is_empty())).collect();
    assert_eq!(said, [("import", false), ("Олена", true), ("learnt", true), ("shipped", true)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobodys_word_is_lost_when_many_change_the_alphabet_at_once() {
    let place = empty().await;
    let each = (0..20).map(|number| {
        let store = place.store.clone();
        tokio::spawn(
            async move { put(&store, row(&format!("{number:02}"), "а", 1, true), "many").await.len() },
        )
    });
    futures_util::future::join_all(each).await.into_iter().for_each(|done| assert!(done.unwrap() >= 1));
    assert_eq!(place.alphabet().await.unwrap().len(), 20);
}
