//! What SQLite says otherwise than PostgreSQL: full-text search (FTS5), a list as one value.

mod expression;
mod vocabulary;

use std::collections::BTreeSet;

use serde::Deserialize;

pub(super) use expression::Expression;
pub(super) use vocabulary::{begun, forgive};

use super::StoreError;
use super::columns::{as_json, facts, unreadable};
use super::search_text::{Column, CopyText, LetterText, NO_PATRONYMIC, Part};
use super::work::Work;
use crate::model::FilingId;

/// Selects the numbers (`ids`, a JSON list) of the filings that an [`Expression`] (`$1`) finds, newest first, at most `$2`:
/// the index walks its rows from the newest down and stops there, so that nothing is sorted.
pub(super) const FOUND: &str = "SELECT json_group_array(id) AS ids FROM
     (SELECT rowid AS id FROM filing_text WHERE filing_text MATCH $1 ORDER BY rowid DESC LIMIT $2)";

/// Selects, of a folder's UIDs (`$5`, a JSON list), those that the ledger does not know, in the order given. The list goes
/// down and what is new comes up: measured on 100,000 known UIDs, fetching the
/// ledger's rows instead took nearly twice as long.
pub(super) const UNACCOUNTED: &str = "SELECT value AS uid FROM json_each($5)
     WHERE NOT EXISTS (SELECT 1 FROM ledger_imap
         WHERE mailbox = $1 AND account = $2 AND folder = $3 AND uid_validity = $4 AND uid = value)
     ORDER BY key";

/// Selects, as [`UNACCOUNTED`] does, those that are filed.
pub(super) const FILED: &str = "SELECT value AS uid FROM json_each($5)
     WHERE EXISTS (SELECT 1 FROM ledger_imap
         WHERE mailbox = $1 AND account = $2 AND folder = $3 AND uid_validity = $4 AND uid = value
             AND filing IS NOT NULL)
     ORDER BY key";

/// Of a folder's UIDs (`$5`, a JSON list), those that the ledger knows, each with its filing and where that came from; with
/// neither for a letter in quarantine.
pub(super) const STANDINGS: &str = "SELECT uid, filing, filing.source FROM json_each($5)
     JOIN ledger_imap ON ledger_imap.mailbox = $1 AND account = $2 AND folder = $3 AND uid_validity = $4 AND uid = value
     LEFT JOIN filing ON filing.id = ledger_imap.filing
     ORDER BY key";

/// Selects (`words`, a JSON list) what is known of those of a list of letters' numbers (`$1`) that have a row in
/// `filing_words`: see [`Words`]. The driver hands over a thousand small values more slowly than one large one.
pub(super) const WORDS_OF: &str = "SELECT json_group_array(json_array(filing,
         json_array(names, rnokpp, numbers, born, fields, documents, sender, subject, branch, service, token, received,
             mailbox, files, page, body, marks),
         parts)) AS words
     FROM filing_words WHERE filing IN (SELECT value FROM json_each($1))";

/// The words of a filing.
#[derive(Debug, Deserialize)]
pub(super) struct Words {
    pub(super) filing: i64,
    /// In the order of [`Column::ALL`].
    columns: Vec<String>,
    /// The fields of its copies: JSON of [`Part`].
    parts: String,
}

impl Words {
    /// What stands in a column.
    pub(super) fn of(&self, column: Column) -> &str {
        let mut columns = Column::ALL.into_iter().zip(&self.columns);
        columns.find(|(other, _)| *other == column).map_or("", |(_, words)| words)
    }

    /// The fields of its copies.
    pub(super) fn parts(&self) -> Result<Vec<Part>, StoreError> {
        serde_json::from_str(&self.parts).map_err(|error| unreadable("parts", &error))
    }
}

/// The words of these filings, in no order.
pub(super) async fn words_of(work: &mut Work, filings: &str) -> Result<Vec<Words>, StoreError> {
    facts(&work.one(sqlx::query(WORDS_OF).bind(filings)).await?, "words")
}

/// How many filings the search index knows (`n`). Its rows' numbers are read from their sizes: that is cheap.
pub(super) const INDEX_COUNT: &str = "SELECT COUNT(*) AS n FROM filing_text_docsize";

/// The filings (`id`) that the search index does not know.
pub(super) const UNINDEXED: &str =
    "SELECT id FROM filing EXCEPT SELECT id FROM filing_text_docsize ORDER BY id";

/// The filings (`id`) whose words are not there: the index could not be made anew.
pub(super) const WORDLESS: &str = "SELECT id FROM filing EXCEPT SELECT filing FROM filing_words ORDER BY id";

/// What the search index knows and is no filing.
pub(super) const INDEXED_WITHOUT_FILING: &str =
    "SELECT id FROM filing_text_docsize EXCEPT SELECT id FROM filing ORDER BY id";

/// Puts the words of a filing (`$1`) into the search index, in place of what was there.
const INDEX: &str =
    "INSERT OR REPLACE INTO filing_text (rowid, sender, subject, files, documents, branch, service,
         token, received, mailbox, body, names, rnokpp, numbers, born, fields, page, marks)
     SELECT filing, sender, subject, files, documents, branch, service,
         token, received, mailbox, body, names, rnokpp, numbers, born, fields, page, marks
     FROM filing_words WHERE filing = $1";

/// Enters a filing into the search index; its row is the filing's number.
pub(super) async fn index(
    work: &mut Work,
    id: FilingId,
    letter: &LetterText,
    copies: &CopyText,
) -> Result<(), StoreError> {
    let row = sqlx::query(
        "INSERT INTO filing_words (filing, sender, subject, files, branch, service, token, received, mailbox, body,
             documents, names, rnokpp, numbers, born, fields, page, marks, parts)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', '', '', '', '', '', '', '[]')",
    )
    .bind(id.0)
    .bind(&letter.sender)
    .bind(&letter.subject)
    .bind(&letter.files)
    .bind(&letter.branch)
    .bind(&letter.service)
    .bind(&letter.token)
    .bind(&letter.received)
    .bind(&letter.mailbox)
    .bind(&letter.body);
    work.run(row).await?;
    let LetterText { sender, subject, files, branch, service, token, received: _, mailbox, body } = letter;
    let letter = [
        (Column::Sender, sender),
        (Column::Subject, subject),
        (Column::Files, files),
        (Column::Branch, branch),
        (Column::Service, service),
        (Column::Token, token),
        (Column::Mailbox, mailbox),
        (Column::Body, body),
    ];
    learn(work, &letter).await?;
    index_copies(work, id, copies).await
}

/// Enters what a filing's copies say into the search index, in place of what they said before.
pub(super) async fn index_copies(work: &mut Work, id: FilingId, text: &CopyText) -> Result<(), StoreError> {
    let row = sqlx::query(
        "UPDATE filing_words SET documents = $2, names = $3, rnokpp = $4, numbers = $5, born = $6, fields = $7,
             page = $8, marks = TRIM($9 || ' ' || (SELECT COALESCE('light' || light, '') FROM filing WHERE id = $1)),
             parts = $10
         WHERE filing = $1",
    )
    .bind(id.0)
    .bind(&text.documents)
    .bind(&text.names)
    .bind(&text.rnokpp)
    .bind(&text.numbers)
    .bind(&text.born)
    .bind(&text.fields)
    .bind(&text.page)
    .bind(&text.marks)
    .bind(as_json(&text.parts, "parts")?);
    work.run(row).await?;
    let copies = [
        (Column::Documents, &text.documents),
        (Column::Names, &text.names),
        (Column::Numbers, &text.numbers),
        (Column::Fields, &text.fields),
        (Column::Born, &text.born),
        (Column::Page, &text.page),
    ];
    learn(work, &copies).await?;
    work.run(sqlx::query(INDEX).bind(id.0)).await.map(|_| ())
}

/// Enters a filing's light into the search index, in place of the one before.
pub(super) async fn index_light(work: &mut Work, id: FilingId) -> Result<(), StoreError> {
    let row = sqlx::query(
        "UPDATE filing_words SET marks = TRIM(CASE WHEN marks LIKE $2 || '%' THEN $2 ELSE '' END || ' ' ||
             (SELECT COALESCE('light' || light, '') FROM filing WHERE id = $1))
         WHERE filing = $1",
    );
    work.run(row.bind(id.0).bind(NO_PATRONYMIC)).await?;
    work.run(sqlx::query(INDEX).bind(id.0)).await.map(|_| ())
}

async fn learn(work: &mut Work, columns: &[(Column, &String)]) -> Result<(), StoreError> {
    let of = |some: &dyn Fn(Column) -> bool| -> BTreeSet<&str> {
        let columns = columns.iter().filter(|(column, _)| some(*column));
        columns.flat_map(|(_, words)| words.split(' ')).collect()
    };
    vocabulary::learn(work, &of(&|_| true), &of(&Column::forgives_typos)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_selected_in_the_order_of_their_columns() {
        let columns = WORDS_OF.split("json_array(").nth(2).and_then(|list| list.split(')').next()).unwrap();
        let named: Vec<&str> = columns.split(',').map(str::trim).collect();
        assert_eq!(named, Column::ALL.map(Column::word));
    }
}
