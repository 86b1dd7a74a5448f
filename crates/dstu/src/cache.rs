//! A key's octets → its tables, kept for the next time: bounded, and for all threads.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::key::{BasePointRule, KeyError, PreparedKey, PublicKey};

/// A key that was asked for so many times gets the bigger tables. They cost as much as about seventy of the savings
/// that they bring (measured: 310 µs against 4 µs each, m = 257).
const SPLIT_AFTER: u32 = 64;
/// After so many questions for each place, every key's count is halved: what was popular once can leave.
const AGING: u64 = 64;

/// Prepared keys by their `SubjectPublicKeyInfo`, at most `capacity` of them.
///
/// A key seen for the first time gets small tables ([`PublicKey::prepare`]), one that comes back often the bigger
/// ones ([`PublicKey::prepare_split`], about 110 KB for m = 257 and 260 KB for m = 431). When all places are taken,
/// the key that was asked for least has to leave: keys that a stranger makes up displace one another, not those of
/// the authorities. Octets that are no key take no place.
pub struct KeyCache {
    capacity: usize,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    entries: HashMap<(Box<[u8]>, BasePointRule), Entry>,
    questions: u64,
}

struct Entry {
    key: Arc<PreparedKey>,
    uses: u32,
    last_question: u64,
    split: bool,
}

impl KeyCache {
    /// A cache for at most so many keys; with 0 every key is prepared anew.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity, inside: Mutex::default() }
    }

    /// The key with its tables: from the cache, or prepared now and kept.
    ///
    /// Tables are computed without holding the lock: two threads may do the same work, none waits for it.
    ///
    /// # Errors
    /// As [`PublicKey::from_spki`].
    pub fn get(&self, spki_der: &[u8], rule: BasePointRule) -> Result<Arc<PreparedKey>, KeyError> {
        let place = (Box::from(spki_der), rule);
        let known = {
            let mut inside = self.lock();
            inside.questions += 1;
            let now = inside.questions;
            if now.is_multiple_of(AGING * (self.capacity as u64).max(1)) {
                inside.entries.values_mut().for_each(|entry| entry.uses /= 2);
            }
            match inside.entries.get_mut(&place) {
                Some(entry) => {
                    entry.uses = entry.uses.saturating_add(1);
                    entry.last_question = now;
                    if entry.split || entry.uses < SPLIT_AFTER {
                        return Ok(Arc::clone(&entry.key));
                    }
                    // This thread makes the bigger tables; the others go on with the small ones.
                    entry.split = true;
                    true
                }
                None => false,
            }
        };
        let key = PublicKey::from_spki(spki_der, rule)?;
        let prepared = Arc::new(if known { key.prepare_split() } else { key.prepare() });
        self.keep(place, &prepared);
        Ok(prepared)
    }

    /// How many keys are inside.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().entries.len()
    }

    /// Whether no key is inside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn keep(&self, place: (Box<[u8]>, BasePointRule), prepared: &Arc<PreparedKey>) {
        if self.capacity == 0 {
            return;
        }
        let mut inside = self.lock();
        if let Some(entry) = inside.entries.get_mut(&place) {
            // Another thread may have been here with small tables; the bigger ones stay.
            if prepared.table_octets() >= entry.key.table_octets() {
                entry.key = Arc::clone(prepared);
            }
            return;
        }
        if inside.entries.len() >= self.capacity {
            let least = inside.entries.iter().min_by_key(|(_, entry)| (entry.uses, entry.last_question));
            if let Some(least) = least.map(|(place, _)| place.clone()) {
                inside.entries.remove(&least);
            }
        }
        let last_question = inside.questions;
        let entry = Entry { key: Arc::clone(prepared), uses: 1, last_question, split: false };
        inside.entries.insert(place, entry);
    }

    /// Every change under the lock leaves the map whole, so a thread that panicked elsewhere has spoilt nothing.
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCache").field("capacity", &self.capacity).field("len", &self.len()).finish()
    }
}

#[cfg(test)]
mod tests;
