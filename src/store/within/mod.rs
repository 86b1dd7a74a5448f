//! What the pages ask of the store: every answer is given within a scope, as if nothing else were kept.

mod house;
mod search;

pub use search::{DeskHit, SearchFilter};

use std::collections::BTreeMap;

use super::columns::{as_json, value};
use super::dialect::Words;
use super::holders::holders as holders_of;
use super::scope::{InScope, filing_in_scope};
use super::work::Work;
use super::{Store, StoreError, dialect, lists};
use crate::model::{BranchId, DeskRow, FilingId, FilingRow, FilingView, Scope};

/// The store as far as a scope reaches.
#[derive(Clone, Copy, Debug)]
pub struct Within<'a> {
    store: &'a Store,
    scope: &'a Scope,
}

/// Which letters of the scope a list shows; all by default.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LetterFilter {
    /// Only this branch's.
    pub branch: Option<BranchId>,
}

/// The newest numbers of a scope below `$4`, at most `$5`: each branch's own newest are read from its index, so that a
/// small branch beside large ones costs no more than a large one.
const NEWEST: &str = "SELECT id FROM (
         SELECT filing.id FROM json_each($1) AS branch JOIN filing ON filing.id IN
             (SELECT id FROM filing WHERE filing.branch = branch.value AND id < $4 ORDER BY id DESC LIMIT $5)
         UNION ALL
         SELECT id FROM (SELECT id FROM filing
             WHERE $6 AND branch IS NULL AND id < $4 AND ($3 OR mailbox IN (SELECT value FROM json_each($2)))
             ORDER BY id DESC LIMIT $5)
     ) ORDER BY id DESC LIMIT $5";

/// The numbers of a scope above `$4`, the lowest first, at most `$5`.
const SINCE: &str = concat!(
    "SELECT id FROM filing WHERE id > $4 AND ",
    filing_in_scope!("filing", "$1", "$2", "$3"),
    " ORDER BY id LIMIT $5"
);

/// Those of a list of numbers (`$4`) that lie in the scope.
const THESE: &str = concat!(
    "SELECT id FROM filing WHERE id IN (SELECT value FROM json_each($4)) AND ",
    filing_in_scope!("filing", "$1", "$2", "$3")
);

impl Store {
    /// The store as far as this scope reaches.
    #[must_use]
    pub const fn within<'a>(&'a self, scope: &'a Scope) -> Within<'a> {
        Within { store: self, scope }
    }
}

impl Within<'_> {
    /// At most `limit` letters, newest first, from the one before `before` on.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letters(
        &self,
        limit: u32,
        before: Option<FilingId>,
        filter: &LetterFilter,
    ) -> Result<Vec<DeskRow>, StoreError> {
        let (mut work, seen) = self.begin().await?;
        let branches = match &filter.branch {
            // A branch outside of the scope has no letters here.
            Some(branch) => {
                let all: Vec<String> = serde_json::from_str(&seen.branches).unwrap_or_default();
                as_json(&all.iter().filter(|one| *one == branch.as_str()).collect::<Vec<_>>(), "branches")?
            }
            None => seen.branches.clone(),
        };
        let newest = sqlx::query(NEWEST)
            .bind(branches)
            .bind(&seen.mailboxes)
            .bind(seen.has_all)
            .bind(before.map_or(i64::MAX, |id| id.0))
            .bind(limit)
            .bind(filter.branch.is_none());
        let found = ids(&mut work, newest).await?;
        rows(&mut work, &seen, &found).await
    }

    /// At most `limit` letters that were filed after this one, in the order of their filing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letters_since(&self, after: FilingId, limit: u32) -> Result<Vec<DeskRow>, StoreError> {
        let (mut work, seen) = self.begin().await?;
        let since = sqlx::query(SINCE)
            .bind(&seen.branches)
            .bind(&seen.mailboxes)
            .bind(seen.has_all)
            .bind(after.0)
            .bind(limit);
        let found = ids(&mut work, since).await?;
        rows(&mut work, &seen, &found).await
    }

    /// One letter with everything known of it; none when it lies outside of the scope, or nowhere.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letter(&self, id: FilingId) -> Result<Option<FilingView>, StoreError> {
        let (mut work, seen) = self.begin().await?;
        if !inside(&mut work, &seen, &[id.0]).await?.contains(&id.0) {
            return Ok(None);
        }
        let repeats = sqlx::query("SELECT duplicate_of FROM filing WHERE id = $1").bind(id.0);
        let repeats: Option<i64> = value(&work.one(repeats).await?, "duplicate_of")?;
        let tells = match repeats {
            Some(earlier) => !inside(&mut work, &seen, &[earlier]).await?.is_empty(),
            None => false,
        };
        drop(work);
        let mut view = self.store.view(id).await?;
        if let (Some(view), false) = (&mut view, tells) {
            view.row.duplicate_of = None;
        }
        Ok(view)
    }

    pub(super) async fn begin(&self) -> Result<(Work, InScope), StoreError> {
        let mut work = self.store.reading().await?;
        let seen = InScope::of(&mut work, self.scope).await?;
        Ok((work, seen))
    }
}

async fn ids(work: &mut Work, found: super::work::Statement<'_>) -> Result<Vec<i64>, StoreError> {
    work.all(found).await?.iter().map(|row| value(row, "id")).collect()
}

/// Those of these filings that lie in the scope.
async fn inside(work: &mut Work, seen: &InScope, these: &[i64]) -> Result<Vec<i64>, StoreError> {
    let these = sqlx::query(THESE)
        .bind(&seen.branches)
        .bind(&seen.mailboxes)
        .bind(seen.has_all)
        .bind(as_json(these, "id")?);
    ids(work, these).await
}

/// These filings in their order, with whose they are and what for. A repetition of a letter outside of the scope is none.
pub(super) async fn rows(work: &mut Work, seen: &InScope, found: &[i64]) -> Result<Vec<DeskRow>, StoreError> {
    let words = dialect::words_of(work, &as_json(found, "id")?).await?;
    rows_with(work, seen, found, &words).await
}

/// [`rows`] by words that are there already.
async fn rows_with(
    work: &mut Work,
    seen: &InScope,
    found: &[i64],
    words: &[Words],
) -> Result<Vec<DeskRow>, StoreError> {
    let numbers = as_json(found, "id")?;
    let filings = lists::rows(work, sqlx::query(lists::THESE_FILINGS).bind(&numbers)).await?;
    let earlier: Vec<i64> = filings.iter().filter_map(|row| Some(row.duplicate_of?.0)).collect();
    let earlier = inside(work, seen, &earlier).await?;
    let mut filings: BTreeMap<i64, FilingRow> = filings.into_iter().map(|row| (row.id.0, row)).collect();
    let mut holders = BTreeMap::new();
    for words in words {
        holders.insert(words.filing, holders_of(&words.parts()?));
    }
    let purposes = sqlx::query(
        "SELECT filing.id, service.purpose FROM filing
         JOIN code_service ON code_service.code = filing.code JOIN service ON service.id = code_service.service
         WHERE filing.id IN (SELECT value FROM json_each($1)) ORDER BY code_service.place",
    );
    let mut purposes_of: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for row in work.all(purposes.bind(&numbers)).await? {
        purposes_of.entry(value(&row, "id")?).or_default().push(value(&row, "purpose")?);
    }
    let desk_row = |id: &i64| {
        let mut row = filings.remove(id)?;
        row.duplicate_of = row.duplicate_of.filter(|id| earlier.contains(&id.0));
        let holders = holders.remove(id).unwrap_or_default();
        Some(DeskRow { row, holders, purposes: purposes_of.remove(id).unwrap_or_default() })
    };
    Ok(found.iter().filter_map(desk_row).collect())
}
