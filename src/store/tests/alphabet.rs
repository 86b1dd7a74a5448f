use serde_json::json;

use super::*;
use crate::store::{AlphabetKeeping, AlphabetRow};

fn row(shape: &str, letter: &str, copies: u32, trusted: bool) -> AlphabetRow {
    AlphabetRow { shape: shape.to_owned(), trusted, facts: json!({ "letter": letter, "copies": copies }) }
}

#[tokio::test]
async fn shapes_are_kept_merged_and_replaced_with_their_history() {
    let place = empty().await;
    let (a, b) = (row("a1", "а", 1, false), row("b2", "б", 3, true));
    let kept = |rows: Vec<AlphabetRow>, keeping, by: &'static str| {
        let place = place.store.clone();
        async move { place.keep_alphabet(&rows, keeping, by, now()).await.unwrap() }
    };
    assert_eq!(kept(vec![b.clone(), a.clone()], AlphabetKeeping::Merge, "shipped").await, 2);
    assert_eq!(place.alphabet().await.unwrap(), [a.clone(), b.clone()]);
    assert_eq!(kept(vec![a.clone()], AlphabetKeeping::Merge, "shipped").await, 0, "known already");
    assert_eq!(place.alphabet_history(None, 10).await.unwrap().len(), 1);
    assert_eq!(place.alphabet_revision().await.unwrap(), 1);
    // More evidence for the same letter reads no copy anew; another letter does.
    assert_eq!(kept(vec![row("b2", "б", 4, true)], AlphabetKeeping::Merge, "learned").await, 1);
    assert_eq!(place.alphabet_revision().await.unwrap(), 1);
    assert_eq!(kept(vec![row("b2", "в", 4, true)], AlphabetKeeping::Merge, "Олена").await, 1);
    assert_eq!(place.alphabet_revision().await.unwrap(), 2);
    assert_eq!(kept(vec![row("c3", "в", 4, true)], AlphabetKeeping::Replace, "import").await, 3);
    assert_eq!(place.alphabet().await.unwrap(), [row("c3", "в", 4, true)]);
    let history = place.alphabet_history(Some("b2"), 10).await.unwrap();
    let said: Vec<(&str, bool)> =
        history.iter().map(|change| (change.by.as_str(), change.distrusted.is_empty())).collect();
    assert_eq!(said, [("import", false), ("Олена", true), ("learned", true), ("shipped", true)]);
}
