//! Every filing with its attachments, copies and verdicts → whether each reads as what it is and agrees with the rest.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;

use super::{Checked, RESTORE};
use crate::model::{Copy, Defect, Digest, FilingRow, MailboxId, Match, Source, Verdict};
use crate::store::columns::{facts, moment, parsed, parsed_maybe, value};
use crate::store::work::Work;
use crate::store::{Store, StoreError, lists, verdicts};

/// Filings that are read at once.
const PAGE: u32 = 500;

/// What is known of a filing until the rows that belong to it have been read.
struct Awaited {
    row: FilingRow,
    copies: Vec<Copy>,
    /// The newest of every signed part.
    verdicts: BTreeMap<i64, Verdict>,
}

/// The four tables' lines.
struct Lines {
    filings: Checked,
    attachments: Checked,
    copies: Checked,
    verdicts: Checked,
}

impl Store {
    /// A line each for filings, attachments, copies and verdicts.
    pub(super) async fn check_rows(&self) -> [Checked; 4] {
        let mut lines = Lines {
            filings: Checked::new("filings", RESTORE),
            attachments: Checked::new("attachments", RESTORE),
            copies: Checked::new("copies", RESTORE),
            verdicts: Checked::new("verdicts", RESTORE),
        };
        let mut after = i64::MIN;
        loop {
            match self.check_page(&mut lines, after).await {
                Ok(Some(last)) => after = last,
                Ok(None) => break,
                Err(error) => {
                    lines.filings.wrong(error.to_string());
                    break;
                }
            }
        }
        [lines.filings, lines.attachments, lines.copies, lines.verdicts]
    }

    /// Reads the filings that follow `after`, all in one transaction; returns the last one's number.
    async fn check_page(&self, lines: &mut Lines, after: i64) -> Result<Option<i64>, StoreError> {
        let mut work = self.reading().await?;
        let page = sqlx::query(
            "SELECT filing.*, branch.name AS branch_name FROM filing LEFT JOIN branch ON branch.id = filing.branch
             WHERE filing.id > $1 ORDER BY filing.id LIMIT $2",
        );
        let page = work.all(page.bind(after).bind(PAGE)).await?;
        let Some(last) = page.last() else { return Ok(None) };
        let last: i64 = value(last, "id")?;
        let mut awaited = BTreeMap::new();
        for row in &page {
            let id: i64 = value(row, "id")?;
            lines.filings.count += 1;
            match read_filing(row) {
                Ok(row) => {
                    awaited.insert(id, Awaited { row, copies: Vec::new(), verdicts: BTreeMap::new() });
                }
                Err(error) => lines.filings.wrong(format!("filing {id}: {error}")),
            }
        }
        self.check_parts(&mut work, lines, &mut awaited, (after, last)).await?;
        for (id, filing) in awaited {
            disagreements(&filing)
                .into_iter()
                .for_each(|what| lines.filings.wrong(format!("filing {id}: {what}")));
        }
        Ok(Some(last))
    }

    async fn check_parts(
        &self,
        work: &mut Work,
        lines: &mut Lines,
        awaited: &mut BTreeMap<i64, Awaited>,
        (after, last): (i64, i64),
    ) -> Result<(), StoreError> {
        let attachments =
            "SELECT * FROM attachment WHERE filing > $1 AND filing <= $2 ORDER BY filing, place";
        for row in work.all(sqlx::query(attachments).bind(after).bind(last)).await? {
            let read = value::<&str>(&row, "file_name")
                .and_then(|_| value::<u64>(&row, "bytes"))
                .and_then(|_| parsed::<Digest>(&row, "digest"));
            noted(&mut lines.attachments, &row, read)?;
        }
        let copies = "SELECT * FROM copy WHERE filing > $1 AND filing <= $2 ORDER BY filing, place";
        for row in work.all(sqlx::query(copies).bind(after).bind(last)).await? {
            let read = parsed_maybe::<Digest>(&row, "digest").and_then(|_| facts::<Copy>(&row, "facts"));
            if let Some((filing, copy)) = noted(&mut lines.copies, &row, read)?
                && let Some(awaited) = awaited.get_mut(&filing)
            {
                awaited.copies.push(copy);
            }
        }
        let verdicts = "SELECT * FROM verdict WHERE filing > $1 AND filing <= $2 ORDER BY seq";
        for row in work.all(sqlx::query(verdicts).bind(after).bind(last)).await? {
            let read = read_verdict(&row);
            if let Some((filing, (p7s_at, verdict))) = noted(&mut lines.verdicts, &row, read)?
                && let Some(awaited) = awaited.get_mut(&filing)
            {
                awaited.verdicts.insert(p7s_at, verdict);
            }
        }
        Ok(())
    }
}

/// Counts a row and notes its fault; else gives what was read, with the filing that it belongs to.
fn noted<T>(
    line: &mut Checked,
    row: &SqliteRow,
    read: Result<T, StoreError>,
) -> Result<Option<(i64, T)>, StoreError> {
    let filing: i64 = value(row, "filing")?;
    line.count += 1;
    match read {
        Ok(read) => Ok(Some((filing, read))),
        Err(error) => {
            line.wrong(format!("filing {filing}: {error}"));
            Ok(None)
        }
    }
}

fn read_filing(row: &SqliteRow) -> Result<FilingRow, StoreError> {
    facts::<Source>(row, "source")?;
    facts::<Match>(row, "matched")?;
    facts::<Vec<Defect>>(row, "defects")?;
    parsed::<Digest>(row, "digest")?;
    parsed_maybe::<Digest>(row, "content_digest")?;
    parsed::<MailboxId>(row, "mailbox")?;
    moment(row, "filed_at")?;
    lists::filing_row(row)
}

fn read_verdict(row: &SqliteRow) -> Result<(i64, Verdict), StoreError> {
    moment(row, "judged_at")?;
    Ok((value(row, "p7s_at")?, facts(row, "facts")?))
}

/// What the list says of a filing and its own rows do not.
fn disagreements(filing: &Awaited) -> Vec<&'static str> {
    let newest: Vec<Verdict> = filing.verdicts.values().cloned().collect();
    let worst = verdicts::worst(&newest);
    let shown = filing.row.indication.map(|indication| (indication, filing.row.sub_indication));
    let documents: Vec<&str> =
        filing.copies.iter().filter_map(|copy| Some(copy.document.as_ref()?.as_str())).collect();
    let mut found = Vec::new();
    if worst != shown {
        found.push("its light is not that of its verdicts");
    }
    if documents != filing.row.documents {
        found.push("its documents are not those of its copies");
    }
    if filing.row.duplicate_of.is_some_and(|earlier| earlier >= filing.row.id) {
        found.push("it repeats a later filing");
    }
    found
}
