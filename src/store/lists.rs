//! Filings as people see them: in lists, found by search, one in full.

use sqlx::sqlite::SqliteRow;

use super::columns::{facts, moment, parsed, parsed_maybe, value, word_maybe};
use super::work::{Statement, Work};
use super::{Store, StoreError, codes, lights, readings, verdicts};
use crate::model::{
    BranchId, CodeId, Digest, FilingFilter, FilingId, FilingRow, FilingView, Indication, Light, Match, Source,
};

/// Selects filings with their branch's name; the rest of the statement follows.
macro_rules! filing_sql {
    ($($rest:expr),+) => {
        concat!(
            "SELECT filing.*, branch.name AS branch_name
             FROM filing LEFT JOIN branch ON branch.id = filing.branch ",
            $($rest),+
        )
    };
}

impl Store {
    /// At most `limit` filings, newest first, from the one before `before` on.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(
        &self,
        limit: u32,
        before: Option<FilingId>,
        filter: &FilingFilter,
    ) -> Result<Vec<FilingRow>, StoreError> {
        let before = before.map_or(i64::MAX, |id| id.0);
        let branch = filter.branch.as_ref().map(BranchId::as_str);
        let indication = filter.indication.map(Indication::word);
        // A statement for each, so that each has an index of its own to walk.
        macro_rules! page {
            ($also:literal) => {
                filing_sql!("WHERE filing.id < $1 ", $also, " ORDER BY filing.id DESC LIMIT $2")
            };
        }
        let light = filter.light.map(Light::word);
        let sql = match (branch, indication, light) {
            (None, None, None) => page!(""),
            (Some(_), None, None) => page!("AND filing.branch = $3"),
            (None, Some(_), None) => page!("AND filing.indication = $4"),
            (Some(_), Some(_), None) => page!("AND filing.branch = $3 AND filing.indication = $4"),
            (None, None, Some(_)) => page!("AND filing.light = $5"),
            (Some(_), None, Some(_)) => page!("AND filing.branch = $3 AND filing.light = $5"),
            (None, Some(_), Some(_)) => page!("AND filing.indication = $4 AND filing.light = $5"),
            (Some(_), Some(_), Some(_)) => {
                page!("AND filing.branch = $3 AND filing.indication = $4 AND filing.light = $5")
            }
        };
        let list = sqlx::query(sql).bind(before).bind(limit).bind(branch).bind(indication).bind(light);
        rows(&mut self.reading().await?, list).await
    }

    /// One filing with everything that is known of it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn view(&self, id: FilingId) -> Result<Option<FilingView>, StoreError> {
        let mut work = self.reading().await?;
        let one = sqlx::query(filing_sql!("WHERE filing.id = $1")).bind(id.0);
        let Some(filing) = work.maybe(one).await? else { return Ok(None) };
        let copies = readings::copies_of(&mut work, id).await?;
        let row = filing_row(&filing)?;
        let token = match row.code {
            Some(code) => {
                let code = sqlx::query("SELECT token FROM code WHERE id = $1").bind(code.0);
                codes::token(&work.one(code).await?, "token")?
            }
            None => None,
        };
        let Match { matched, reasons, anomalies, .. } = facts(&filing, "matched")?;
        Ok(Some(FilingView {
            row,
            filed_at: moment(&filing, "filed_at")?,
            source: facts::<Source>(&filing, "source")?.place(),
            message_id: value(&filing, "message_id")?,
            digest: parsed(&filing, "digest")?,
            verdicts: verdicts::newest(&mut work, id).await?,
            readings: readings::of_filing(&mut work, id, copies.len()).await?,
            rules: verdicts::newest_rules(&mut work, id).await?,
            copies,
            assessment: lights::newest(&mut work, id).await?,
            matched,
            match_reasons: reasons,
            anomalies,
            defects: facts(&filing, "defects")?,
            token,
            attachments: attachments(&mut work, id).await?,
        }))
    }
}

/// The filings of a list of numbers (`$1`), in no order.
pub(super) const THESE_FILINGS: &str = filing_sql!("WHERE filing.id IN (SELECT value FROM json_each($1))");

/// The rows of a list.
pub(super) async fn rows(work: &mut Work, filings: Statement<'_>) -> Result<Vec<FilingRow>, StoreError> {
    work.all(filings).await?.iter().map(filing_row).collect()
}

/// A filing as a list shows it.
pub(super) fn filing_row(row: &SqliteRow) -> Result<FilingRow, StoreError> {
    Ok(FilingRow {
        id: FilingId(value(row, "id")?),
        received_at: moment(row, "received_at")?,
        mailbox: parsed(row, "mailbox")?,
        branch: parsed_maybe(row, "branch")?,
        branch_name: value(row, "branch_name")?,
        sender: value(row, "sender")?,
        subject: value(row, "subject")?,
        documents: facts(row, "documents")?,
        signers: facts(row, "signers")?,
        indication: word_maybe(row, "indication")?,
        sub_indication: word_maybe(row, "sub_indication")?,
        unsigned: value(row, "unsigned")?,
        code: value::<Option<i64>>(row, "code")?.map(CodeId),
        remarks: value(row, "remarks")?,
        duplicate_of: value::<Option<i64>>(row, "duplicate_of")?.map(FilingId),
        light: parsed_maybe(row, "light")?,
    })
}

async fn attachments(
    work: &mut Work,
    id: FilingId,
) -> Result<Vec<(String, String, u64, Digest)>, StoreError> {
    let attachments =
        sqlx::query("SELECT file_name, kind, bytes, digest FROM attachment WHERE filing = $1 ORDER BY place")
            .bind(id.0);
    let rows = work.all(attachments).await?;
    rows.iter()
        .map(|row| {
            Ok((value(row, "file_name")?, value(row, "kind")?, value(row, "bytes")?, parsed(row, "digest")?))
        })
        .collect()
}
