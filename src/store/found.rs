//! A query → the filings that it finds, newest first, each with where it was found.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::sqlite::SqliteRow;

use super::columns::{as_json, facts, value};
use super::dialect::{self, Expression};
use super::lists::{THESE_FILINGS, rows};
use super::search_text::{Column, Part};
use super::seeking::{self, Clause, Way};
use super::work::Work;
use super::{Store, StoreError};
use crate::model::{FilingFilter, FilingId, FilingRow, Hit, MatchedField, Query};

/// Fields of copies that are named for one term: the same name stands on every document of a letter.
const NAMED_MAX: usize = 4;

impl Store {
    /// At most `limit` filings in which every term is found, newest first, each with where. Where there are fewer, those
    /// follow in which a word of five letters or more differs by one letter, or a patronymic is missing, newest first. A
    /// query without terms finds all; a term without a letter or digit finds nothing.
    ///
    /// # Errors
    /// When the database cannot be read. What was typed is never an error.
    pub async fn search(&self, query: &Query, limit: u32) -> Result<Vec<Hit>, StoreError> {
        if query.terms.is_empty() {
            let all = self.list(limit, None, &FilingFilter::default()).await?;
            return Ok(all.into_iter().map(|row| Hit { row, matched: Vec::new() }).collect());
        }
        let Some(mut clauses) = seeking::clauses(query) else { return Ok(Vec::new()) };
        let mut work = self.reading().await?;
        let begun = dialect::begun(&mut work, &clauses).await?;
        let mut found = ids(&mut work, &Expression::exact(&clauses, &begun), limit).await?;
        let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        if left > 0 {
            dialect::forgive(&mut work, &mut clauses).await?;
            if let Some(loose) = Expression::loose(&clauses, &begun) {
                found.extend(ids(&mut work, &loose, left).await?);
            }
        }
        hits(&mut work, &found, &clauses).await
    }
}

async fn ids(work: &mut Work, expression: &Expression, limit: u32) -> Result<Vec<i64>, StoreError> {
    let found = sqlx::query(dialect::FOUND).bind(expression.as_str()).bind(limit);
    work.all(found).await?.iter().map(|row| value(row, "id")).collect()
}

/// The filings in the order of their numbers, with where each term was found.
async fn hits(work: &mut Work, found: &[i64], clauses: &[Clause]) -> Result<Vec<Hit>, StoreError> {
    let numbers = as_json(found, "id")?;
    let filings = rows(work, sqlx::query(THESE_FILINGS).bind(&numbers)).await?;
    let mut filings: BTreeMap<FilingId, FilingRow> = filings.into_iter().map(|row| (row.id, row)).collect();
    let words = work.all(sqlx::query(dialect::WORDS_OF).bind(&numbers)).await?;
    let words: BTreeMap<i64, &SqliteRow> =
        words.iter().map(|row| Ok((value(row, "filing")?, row))).collect::<Result<_, StoreError>>()?;
    let mut hits = Vec::with_capacity(found.len());
    for id in found {
        let Some(row) = filings.remove(&FilingId(*id)) else { continue };
        let matched = match words.get(id) {
            Some(words) => matched(&row, words, clauses)?,
            None => Vec::new(),
        };
        hits.push(Hit { row, matched });
    }
    Ok(hits)
}

/// Where the terms were found in one filing, each place once.
pub(super) fn matched(
    row: &FilingRow,
    words: &SqliteRow,
    clauses: &[Clause],
) -> Result<Vec<MatchedField>, StoreError> {
    let mut parts: Option<Vec<Part>> = None;
    let mut all: Vec<MatchedField> = Vec::new();
    for clause in clauses.iter().filter(|clause| clause.is_told) {
        let Some((column, ways)) = place(words, clause)? else { continue };
        let typo = ways.iter().all(|way| way.is_typo);
        let parts = match &mut parts {
            Some(parts) => parts,
            None => parts.insert(facts(words, "parts")?),
        };
        // As typed before the other spellings: those are in the same name once more.
        let told = ways.iter().find_map(|way| {
            let has = |part: &&Part| part.column == column && way.is_in(&part.words);
            let told: Vec<&Part> = parts.iter().filter(has).take(NAMED_MAX).collect();
            (!told.is_empty()).then_some(told)
        });
        let of_copies: Vec<MatchedField> = told
            .unwrap_or_default()
            .into_iter()
            .map(|Part { place, name, value, .. }| MatchedField {
                field: name.clone(),
                copy: Some(*place),
                value: Some(value.clone()),
                typo,
            })
            .collect();
        let fields = match of_copies.as_slice() {
            [] => vec![MatchedField { typo, ..of_letter(row, column) }],
            _ => of_copies,
        };
        let known: BTreeSet<(String, Option<usize>)> =
            all.iter().map(|field| (field.field.clone(), field.copy)).collect();
        all.extend(fields.into_iter().filter(|field| !known.contains(&(field.field.clone(), field.copy))));
    }
    Ok(all)
}

/// The most telling column in which a term is, and the ways in which it is there; as typed before what is forgiven.
fn place<'a>(words: &SqliteRow, clause: &'a Clause) -> Result<Option<(Column, Vec<&'a Way>)>, StoreError> {
    for ways in [&clause.exact, &clause.loose] {
        for column in Column::ALL.into_iter().filter(|column| *column != Column::Marks) {
            let text: &str = value(words, column.word())?;
            let here = ways.iter().filter(|way| way.columns.contains(&column) && way.is_in(text));
            let here: Vec<&Way> = here.collect();
            if !here.is_empty() {
                return Ok(Some((column, here)));
            }
        }
    }
    Ok(None)
}

/// A column of the letter as a place.
fn of_letter(row: &FilingRow, column: Column) -> MatchedField {
    let (field, value) = match column {
        Column::Documents => ("document", Some(row.documents.join(", "))),
        Column::Sender => ("sender", Some(row.sender.clone())),
        Column::Subject => ("subject", Some(row.subject.clone())),
        Column::Branch => ("branch", row.branch_name.clone()),
        Column::Mailbox => ("mailbox", Some(row.mailbox.to_string())),
        Column::Files => ("file-name", None),
        Column::Page => ("text", None),
        other => (other.word(), None),
    };
    MatchedField { field: field.to_owned(), copy: None, value, typo: false }
}

#[cfg(test)]
/// The numbers alone, for filings that a test wrote by hand.
pub(super) async fn numbers(store: &Store, query: &Query) -> Vec<i64> {
    let mut clauses = seeking::clauses(query).unwrap();
    let mut work = store.reading().await.unwrap();
    let begun = dialect::begun(&mut work, &clauses).await.unwrap();
    dialect::forgive(&mut work, &mut clauses).await.unwrap();
    let mut found = ids(&mut work, &Expression::exact(&clauses, &begun), 10).await.unwrap();
    if let Some(loose) = Expression::loose(&clauses, &begun) {
        found.extend(ids(&mut work, &loose, 10).await.unwrap());
    }
    found
}
