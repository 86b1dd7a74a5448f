//! Shapes of letters: what is known of each, kept as who knows them says it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::columns::{as_json, facts, moment, unreadable, value};
use super::work::Work;
use super::{Store, StoreError, audit};
use crate::model::Timestamp;

/// What is known of one shape.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AlphabetRow {
    /// Which shape: its fingerprint.
    pub shape: String,
    /// Whether copies are read by it.
    pub trusted: bool,
    /// The letter (`letter`) and the evidence for it. Nothing that a copy says beyond that.
    pub facts: serde_json::Value,
}

/// A change of the alphabet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AlphabetChange {
    /// When.
    pub at: Timestamp,
    /// Who settled it: `learned`, `shipped`, `import`, a person's name.
    pub by: String,
    /// The shapes that were added or of which something else is known since.
    pub changed: Vec<String>,
    /// Of these, the ones that copies are read by since.
    pub trusted: Vec<String>,
    /// The shapes that copies are no more read by, gone ones among them.
    pub distrusted: Vec<String>,
}

/// An audit line's detail.
#[derive(Default, Serialize, Deserialize)]
struct Changed {
    by: String,
    changed: Vec<String>,
    trusted: Vec<String>,
    distrusted: Vec<String>,
}

const ACTION: &str = "alphabet.kept";

impl Store {
    /// Everything that is known of shapes, in the order of their fingerprints.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn alphabet(&self) -> Result<Vec<AlphabetRow>, StoreError> {
        rows(&mut self.reading().await?).await
    }

    /// A number that grows whenever copies are read by other shapes, or by other letters, than before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn alphabet_revision(&self) -> Result<u32, StoreError> {
        let revision = sqlx::query("SELECT revision FROM alphabet_revision");
        value(&self.reading().await?.one(revision).await?, "revision")
    }

    /// Makes of the known shapes what `change` does, in one transaction with a line of who settled what at `at`: nobody
    /// else writes in between, so that no word of a person is lost to a program that learns. Shapes that `change` leaves
    /// out go. Returns the shapes as they are since.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn change_alphabet(
        &self,
        by: &str,
        at: Timestamp,
        change: impl FnOnce(&[AlphabetRow]) -> Vec<AlphabetRow>,
    ) -> Result<Vec<AlphabetRow>, StoreError> {
        let mut work = self.writing().await?;
        let before = rows(&mut work).await?;
        let after = change(&before);
        let mut known: BTreeMap<&str, &AlphabetRow> =
            before.iter().map(|row| (row.shape.as_str(), row)).collect();
        let mut changed = Changed { by: by.to_owned(), ..Changed::default() };
        for row in &after {
            let before = known.remove(row.shape.as_str());
            if before == Some(row) {
                continue;
            }
            put(&mut work, row).await?;
            match (before.is_some_and(|before| before.trusted), row.trusted) {
                (true, true) if before.is_some_and(|before| is_read_alike(before, row)) => {}
                (_, true) => changed.trusted.push(row.shape.clone()),
                (true, false) => changed.distrusted.push(row.shape.clone()),
                (false, false) => {}
            }
            changed.changed.push(row.shape.clone());
        }
        for gone in known.into_values() {
            work.run(sqlx::query("DELETE FROM alphabet WHERE shape = $1").bind(&gone.shape)).await?;
            changed.changed.push(gone.shape.clone());
            changed.distrusted.extend(gone.trusted.then(|| gone.shape.clone()));
        }
        if changed.changed.is_empty() {
            return Ok(after);
        }
        if !changed.trusted.is_empty() || !changed.distrusted.is_empty() {
            work.run(sqlx::query("UPDATE alphabet_revision SET revision = revision + 1")).await?;
        }
        audit::note(&mut work, at, ACTION, "alphabet", &changed).await?;
        work.commit().await?;
        Ok(after)
    }

    /// The newest changes, at most `limit`, newest first; with `shape`, only its own.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn alphabet_history(
        &self,
        shape: Option<&str>,
        limit: usize,
    ) -> Result<Vec<AlphabetChange>, StoreError> {
        let lines = sqlx::query(
            "SELECT at, detail FROM audit WHERE subject = 'alphabet' AND action = $1 ORDER BY id DESC",
        );
        let lines = self.reading().await?.all(lines.bind(ACTION)).await?;
        let mut history = Vec::new();
        for line in &lines {
            let Changed { by, changed, trusted, distrusted } = facts(line, "detail")?;
            let is_of = |shape: &str| changed.iter().chain(&distrusted).any(|changed| changed == shape);
            if shape.is_none_or(is_of) {
                let at = moment(line, "at")?;
                history.push(AlphabetChange { at, by, changed, trusted, distrusted });
            }
            if history.len() >= limit {
                break;
            }
        }
        Ok(history)
    }
}

/// Whether two rows give a shape the same letter (`letter` of their facts): more evidence for it reads no copy anew.
fn is_read_alike(a: &AlphabetRow, b: &AlphabetRow) -> bool {
    a.facts.get("letter").is_some() && a.facts.get("letter") == b.facts.get("letter")
}

async fn rows(work: &mut Work) -> Result<Vec<AlphabetRow>, StoreError> {
    let all = sqlx::query("SELECT shape, trusted, facts FROM alphabet ORDER BY shape");
    work.all(all)
        .await?
        .iter()
        .map(|row| {
            Ok(AlphabetRow {
                shape: value(row, "shape")?,
                trusted: value(row, "trusted")?,
                facts: serde_json::from_str(value(row, "facts")?)
                    .map_err(|error| unreadable("alphabet.facts", &error))?,
            })
        })
        .collect()
}

async fn put(work: &mut Work, AlphabetRow { shape, trusted, facts }: &AlphabetRow) -> Result<(), StoreError> {
    let row = sqlx::query(
        "INSERT INTO alphabet (shape, trusted, facts) VALUES ($1, $2, $3)
         ON CONFLICT (shape) DO UPDATE SET trusted = excluded.trusted, facts = excluded.facts",
    )
    .bind(shape)
    .bind(trusted)
    .bind(as_json(facts, "alphabet")?);
    work.run(row).await.map(|_| ())
}
