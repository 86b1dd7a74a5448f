//! The alphabet that came with the program + what the store has learnt ↔ the alphabet in use.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use pages::{Alphabet, Standing, TrustRule};

use super::Lesson;
use crate::model::{Digest, Timestamp};
use crate::store::{AlphabetRow, Store, StoreError};

/// The alphabet in use, shared by everybody who reads; when it learns, the next copy is read by the new one.
#[derive(Clone)]
pub struct Letters {
    now: Arc<RwLock<Now>>,
    store: Option<Store>,
}

#[derive(Clone)]
struct Now {
    alphabet: Arc<Alphabet>,
    /// The store's revision that it has.
    revision: u32,
}

impl Letters {
    /// An alphabet that learns nothing.
    #[must_use]
    pub fn fixed(alphabet: Alphabet) -> Self {
        Self { now: Arc::new(RwLock::new(Now { alphabet: Arc::new(alphabet), revision: 0 })), store: None }
    }

    /// The alphabet of a store: what came with the program, and what was learnt since.
    #[must_use]
    pub fn of(store: Store) -> Self {
        Self { store: Some(store), ..Self::fixed(Alphabet::shipped()) }
    }

    /// The alphabet and its revision, as the store has it now: others change it too.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn now(&self) -> Result<(Arc<Alphabet>, u32), StoreError> {
        let mut now = self.held();
        if let Some(store) = &self.store {
            let revision = store.alphabet_revision().await?;
            if revision != now.revision {
                now = Now { alphabet: Arc::new(in_use(&store.alphabet().await?)), revision };
                *self.now.write().unwrap_or_else(PoisonError::into_inner) = now.clone();
            }
        }
        Ok((now.alphabet, now.revision))
    }

    /// Adds what copies teach, each under its digest. Safe to repeat: a copy counts once.
    ///
    /// # Errors
    /// When the store cannot be written; nothing was learnt then.
    pub async fn learn(&self, lessons: &[(Digest, Lesson)], at: Timestamp) -> Result<(), StoreError> {
        let Some(store) = self.store.as_ref().filter(|_| !lessons.is_empty()) else { return Ok(()) };
        let teach = |alphabet: &mut Alphabet| {
            for (copy, lesson) in lessons {
                lesson.teach(alphabet, copy);
            }
        };
        change(store, "learnt", at, teach).await
    }

    fn held(&self) -> Now {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Changes the alphabet of a store: `by` says in its history who did.
///
/// # Errors
/// When the store cannot be written; nothing changed then.
pub async fn change(
    store: &Store,
    by: &str,
    at: Timestamp,
    change: impl FnOnce(&mut Alphabet),
) -> Result<(), StoreError> {
    let change = |rows: &[AlphabetRow]| {
        let (mut alphabet, unreadable) = read(rows);
        change(&mut alphabet);
        learnt(&alphabet).into_iter().chain(unreadable.into_iter().cloned()).collect()
    };
    store.change_alphabet(by, at, change).await.map(drop)
}

/// What came with the program and what is kept.
#[must_use]
pub fn in_use(rows: &[AlphabetRow]) -> Alphabet {
    read(rows).0
}

/// The alphabet in use, and the rows that this program cannot read: copies are not read by them, and they stay.
fn read(rows: &[AlphabetRow]) -> (Alphabet, Vec<&AlphabetRow>) {
    let mut alphabet = Alphabet::shipped();
    let mut unreadable = Vec::new();
    for row in rows {
        match Alphabet::import(&row.facts.to_string(), TrustRule::default()) {
            Ok(entry) => drop(alphabet.merge(&entry)),
            Err(_) => unreadable.push(row),
        }
    }
    (alphabet, unreadable)
}

/// What is to be kept of an alphabet: entries that did not come with the program just so.
fn learnt(alphabet: &Alphabet) -> Vec<AlphabetRow> {
    let shipped = Alphabet::shipped();
    let shipped: HashMap<_, _> = shipped.entries().iter().map(|entry| (entry.id(), &entry.votes)).collect();
    let export = alphabet.export();
    alphabet
        .entries()
        .iter()
        .zip(export.lines())
        .filter(|(entry, _)| shipped.get(&entry.id()) != Some(&&entry.votes))
        .filter_map(|(entry, line)| {
            Some(AlphabetRow {
                shape: entry.id().to_string(),
                trusted: matches!(alphabet.standing(entry), Standing::Known(_)),
                facts: serde_json::from_str(line).ok()?,
            })
        })
        .collect()
}
