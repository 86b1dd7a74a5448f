//! What SQLite says otherwise than PostgreSQL: full-text search (FTS5), a list as one value.

mod expression;

pub(super) use expression::Expression;

use super::StoreError;
use super::search_text::SearchText;
use super::work::{Statement, Work};
use crate::model::FilingId;

/// Selects the numbers (`id`) of the filings that an [`Expression`] (`$1`) finds, newest first, at most `$2`: the index
/// walks its rows from the newest down and stops there, so that nothing is sorted.
macro_rules! found_sql {
    () => {
        "SELECT rowid AS id FROM filing_text WHERE filing_text MATCH $1 ORDER BY rowid DESC LIMIT $2"
    };
}
pub(super) use found_sql;

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

/// How many filings the search index knows (`n`).
pub(super) const INDEX_COUNT: &str = "SELECT COUNT(*) AS n FROM filing_text";

/// The filings (`id`) that the search index does not know. Without its content the index reads its rows' numbers from
/// their sizes, so this is cheap.
pub(super) const UNINDEXED: &str = "SELECT id FROM filing EXCEPT SELECT rowid FROM filing_text ORDER BY id";

/// What the search index knows and is no filing.
pub(super) const INDEXED_WITHOUT_FILING: &str =
    "SELECT rowid AS id FROM filing_text EXCEPT SELECT id FROM filing ORDER BY id";

/// Enters a filing into the search index; its row is the filing's number.
pub(super) async fn index(work: &mut Work, id: FilingId, text: &SearchText) -> Result<(), StoreError> {
    let row: Statement<'_> = sqlx::query(
        "INSERT INTO filing_text (rowid, sender, subject, files, documents, branch, service, token, received,
             mailbox, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id.0)
    .bind(&text.sender)
    .bind(&text.subject)
    .bind(&text.files)
    .bind(&text.documents)
    .bind(&text.branch)
    .bind(&text.service)
    .bind(&text.token)
    .bind(&text.received)
    .bind(&text.mailbox)
    .bind(&text.body);
    work.run(row).await.map(|_| ())
}
