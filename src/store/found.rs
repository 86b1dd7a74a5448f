//! A query → the filings that it finds, newest first, each with where it was found.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{as_json, facts};
use super::dialect::{self, Expression, Words};
use super::lists::{THESE_FILINGS, rows};
use super::search_text::{Column, Part};
use super::seeking::{self, Clause, Way};
use super::work::{Statement, Work};
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
        let found = numbers(&mut work, &mut clauses, limit, &everywhere).await?;
        hits(&mut work, &found, &clauses).await
    }
}

fn everywhere(expression: &Expression, limit: u32) -> Statement<'static> {
    sqlx::query(dialect::FOUND).bind(expression.as_str().to_owned()).bind(limit)
}

/// Asks for the filings (`ids`, a JSON list) that an expression finds, at most so many.
type Ask<'a> = dyn Fn(&Expression, u32) -> Statement<'static> + Sync + 'a;

/// The numbers of at most `limit` filings: as typed, then what is forgiven, each newest first.
pub(super) async fn numbers(
    work: &mut Work,
    clauses: &mut [Clause],
    limit: u32,
    ask: &Ask<'_>,
) -> Result<Vec<i64>, StoreError> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let begun = dialect::begun(work, clauses).await?;
    let mut found = ids(work, ask(&Expression::exact(clauses, &begun), limit)).await?;
    if found.len() >= most {
        return Ok(found);
    }
    dialect::forgive(work, clauses).await?;
    if let Some(loose) = Expression::loose(clauses, &begun) {
        // All that are there as typed are known by now.
        let known: BTreeSet<i64> = found.iter().copied().collect();
        let forgiven = ids(work, ask(&loose, limit)).await?;
        found.extend(forgiven.into_iter().filter(|id| !known.contains(id)));
        found.truncate(most);
    }
    Ok(found)
}

async fn ids(work: &mut Work, found: Statement<'_>) -> Result<Vec<i64>, StoreError> {
    facts(&work.one(found).await?, "ids")
}

/// The filings in the order of their numbers, with where each term was found.
async fn hits(work: &mut Work, found: &[i64], clauses: &[Clause]) -> Result<Vec<Hit>, StoreError> {
    let numbers = as_json(found, "id")?;
    let filings = rows(work, sqlx::query(THESE_FILINGS).bind(&numbers)).await?;
    let mut filings: BTreeMap<FilingId, FilingRow> = filings.into_iter().map(|row| (row.id, row)).collect();
    let words = dialect::words_of(work, &numbers).await?;
    let words: BTreeMap<i64, &Words> = words.iter().map(|words| (words.filing, words)).collect();
    let sought = Sought::of(clauses);
    let mut hits = Vec::with_capacity(found.len());
    for id in found {
        let Some(row) = filings.remove(&FilingId(*id)) else { continue };
        let matched = match words.get(id) {
            Some(words) => matched(&row, words, &sought)?,
            None => Vec::new(),
        };
        hits.push(Hit { row, matched });
    }
    Ok(hits)
}

/// The ways of a clause, each with the text that it looks for.
pub(super) struct Sought<'a> {
    exact: Vec<(&'a Way, String)>,
    loose: Vec<(&'a Way, String)>,
}

impl<'a> Sought<'a> {
    /// Those of the clauses of which it is told where they were found.
    pub(super) fn of(clauses: &'a [Clause]) -> Vec<Self> {
        clauses.iter().filter(|clause| clause.is_told).map(Self::by).collect()
    }

    fn by(clause: &'a Clause) -> Self {
        let with_text = |ways: &'a [Way]| ways.iter().map(|way| (way, way.text())).collect();
        Self { exact: with_text(&clause.exact), loose: with_text(&clause.loose) }
    }
}

/// Where the terms were found in one filing, each place once.
pub(super) fn matched(
    row: &FilingRow,
    words: &Words,
    sought: &[Sought<'_>],
) -> Result<Vec<MatchedField>, StoreError> {
    let mut parts: Option<Vec<Part>> = None;
    let mut all: Vec<MatchedField> = Vec::new();
    for sought in sought {
        let Some((column, ways)) = place(words, sought) else { continue };
        let typo = ways.iter().all(|(way, _)| way.is_typo);
        let parts = match &mut parts {
            Some(parts) => parts,
            None => parts.insert(words.parts()?),
        };
        // As typed before the other spellings: those are in the same name once more.
        let told = ways.iter().find_map(|(way, text)| {
            let has = |part: &&Part| part.column == column && way.is_in(text, &part.words);
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
fn place<'s, 'a>(words: &Words, sought: &'s Sought<'a>) -> Option<(Column, Vec<&'s (&'a Way, String)>)> {
    for ways in [&sought.exact, &sought.loose] {
        for column in Column::ALL.into_iter().filter(|column| *column != Column::Marks) {
            let here = words.of(column);
            let is_here =
                |(way, text): &&(&Way, String)| way.columns.contains(&column) && way.is_in(text, here);
            let here: Vec<_> = ways.iter().filter(is_here).collect();
            if !here.is_empty() {
                return Some((column, here));
            }
        }
    }
    None
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

/// The numbers alone, for filings that a test wrote by hand.
#[cfg(test)]
pub(super) async fn numbers_of(store: &Store, query: &Query) -> Vec<i64> {
    let mut work = store.reading().await.unwrap();
    numbers(&mut work, &mut seeking::clauses(query).unwrap(), 10, &everywhere).await.unwrap()
}
