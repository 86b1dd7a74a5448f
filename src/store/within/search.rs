//! A query and filters → the letters of a scope that they find, newest first, each with where.

use std::collections::BTreeMap;

use super::{Within, ids, rows, rows_with};
use crate::model::{BranchId, DeskRow, DocumentCode, KyivDay, MatchedField, Query, ServiceId, Timestamp};
use crate::store::StoreError;
use crate::store::columns::as_json;
use crate::store::dialect::{self, Expression, Words};
use crate::store::found::{Sought, matched, numbers};
use crate::store::scope::{InScope, filing_in_scope};
use crate::store::seeking;
use crate::store::work::Statement;

/// What a search is narrowed down to; nothing by default.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SearchFilter {
    /// Only this branch's.
    pub branch: Option<BranchId>,
    /// Only letters matched to a code of this service.
    pub service: Option<ServiceId>,
    /// Only with such a document.
    pub document: Option<DocumentCode>,
    /// Received on this day or later.
    pub from: Option<KyivDay>,
    /// Received on this day or earlier.
    pub until: Option<KyivDay>,
}

/// A letter that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeskHit {
    /// The letter.
    pub desk: DeskRow,
    /// Where the terms were found, in their order, each place once.
    pub matched: Vec<MatchedField>,
}

/// What narrows a search: the scope (`$1` to `$3`) and the filter (`$4` to `$8`).
macro_rules! narrowed {
    () => {
        concat!(
            filing_in_scope!("filing", "$1", "$2", "$3"),
            " AND ($4 IS NULL OR filing.branch = $4)
              AND ($5 IS NULL OR EXISTS (SELECT 1 FROM code_service WHERE code = filing.code AND service = $5))
              AND ($6 IS NULL OR EXISTS (SELECT 1 FROM json_each(filing.documents) WHERE value = $6))
              AND filing.received_at >= $7 AND filing.received_at < $8"
        )
    };
}

/// As `dialect::FOUND`, narrowed; at most `$9`; `$10` is the expression.
const FOUND: &str = concat!(
    "SELECT json_group_array(id) AS ids FROM
     (SELECT filing_text.rowid AS id FROM filing_text JOIN filing ON filing.id = filing_text.rowid
      WHERE filing_text MATCH $10 AND ",
    narrowed!(),
    " ORDER BY filing_text.rowid DESC LIMIT $9)"
);

const ALL: &str = concat!("SELECT id FROM filing WHERE ", narrowed!(), " ORDER BY id DESC LIMIT $9");

impl Within<'_> {
    /// As [`Store::search`](crate::store::Store::search), within the scope and the filter. A query without terms finds
    /// all that the filter lets through.
    ///
    /// # Errors
    /// When the database cannot be read. What was typed is never an error.
    pub async fn search(
        &self,
        query: &Query,
        filter: &SearchFilter,
        limit: u32,
    ) -> Result<Vec<DeskHit>, StoreError> {
        let (mut work, seen) = self.begin().await?;
        if query.terms.is_empty() {
            let found = ids(&mut work, narrow(sqlx::query(ALL), &seen, filter).bind(limit)).await?;
            let desks = rows(&mut work, &seen, &found).await?;
            return Ok(desks.into_iter().map(|desk| DeskHit { desk, matched: Vec::new() }).collect());
        }
        let Some(mut clauses) = seeking::clauses(query) else { return Ok(Vec::new()) };
        let within = |expression: &Expression, limit| {
            narrow(sqlx::query(FOUND), &seen, filter).bind(limit).bind(expression.as_str().to_owned())
        };
        let found = numbers(&mut work, &mut clauses, limit, &within).await?;
        let words = dialect::words_of(&mut work, &as_json(&found, "id")?).await?;
        let desks = rows_with(&mut work, &seen, &found, &words).await?;
        let words: BTreeMap<i64, &Words> = words.iter().map(|words| (words.filing, words)).collect();
        let sought = Sought::of(&clauses);
        let hit = |desk: DeskRow| {
            let matched = match words.get(&desk.row.id.0) {
                Some(words) => matched(&desk.row, words, &sought)?,
                None => Vec::new(),
            };
            Ok(DeskHit { desk, matched })
        };
        desks.into_iter().map(hit).collect()
    }
}

fn narrow<'q>(statement: Statement<'q>, seen: &InScope, filter: &SearchFilter) -> Statement<'q> {
    let from = filter.from.map_or(Timestamp::MIN, KyivDay::begins);
    let until = filter.until.map_or(Timestamp::MAX, KyivDay::ends);
    statement
        .bind(seen.branches.clone())
        .bind(seen.mailboxes.clone())
        .bind(seen.has_all)
        .bind(filter.branch.as_ref().map(ToString::to_string))
        .bind(filter.service.as_ref().map(ToString::to_string))
        .bind(filter.document.as_ref().map(ToString::to_string))
        .bind(from.as_microsecond())
        .bind(until.as_microsecond())
}
