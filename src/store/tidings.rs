//! What people are told of besides codes that end: claimed once for each recipient, whatever crashes, and sent by the
//! mails of `notices`.
//!
//! A change of a verdict is noted in the transaction that makes it, and settled in the one that decides whom to tell. A
//! mail that was surely not taken takes newer tidings along; one that may have arrived keeps its content.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;

use super::columns::{as_json, facts, moment, moment_maybe, parsed, parsed_maybe, value};
use super::notices::claim::{AHEAD_MAX, new_mail};
use super::notices::fate;
use super::work::Work;
use super::{Store, StoreError};
use crate::model::{
    ClaimedMail, CodeId, DueTiding, FilingId, MailAddress, PartChange, TidingKind, TidingMail, TidingRow,
    Timestamp, Verdict, VerdictChange,
};

/// Changes with what is told of their letters.
macro_rules! changes_sql {
    ($which:literal) => {
        concat!(
            "SELECT verdict_change.id, verdict_change.filing, verdict_change.changed_at, verdict_change.parts,
                 filing.mailbox, filing.branch, filing.code, filing.documents, branch.name AS branch_name
             FROM verdict_change JOIN filing ON filing.id = verdict_change.filing
             LEFT JOIN branch ON branch.id = filing.branch ",
            $which,
            " ORDER BY verdict_change.id"
        )
    };
}

impl Store {
    /// The changes of verdicts of which nobody has decided yet whom to tell, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_changes(&self) -> Result<Vec<VerdictChange>, StoreError> {
        let open = sqlx::query(changes_sql!("WHERE verdict_change.settled_at IS NULL"));
        self.reading().await?.all(open).await?.iter().map(change_of).collect()
    }

    /// The changes that a mail tells of, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes_told(&self, mail: &ClaimedMail) -> Result<Vec<VerdictChange>, StoreError> {
        let told = sqlx::query(changes_sql!(
            "WHERE verdict_change.id IN (SELECT CAST(key AS INTEGER) FROM tiding
                 WHERE kind = 'verdict' AND mail = $1 AND passed_over_at IS NULL)"
        ));
        self.reading().await?.all(told.bind(mail.id)).await?.iter().map(change_of).collect()
    }

    /// Claims what is due and was never claimed, one mail for each recipient and kind, and settles these changes; how
    /// many tidings are new.
    ///
    /// # Errors
    /// When the database cannot be written. Then nothing is claimed.
    pub async fn claim_tidings(
        &self,
        due: &[DueTiding],
        settled: &[VerdictChange],
        domain: &str,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let mut work = self.writing().await?;
        let mut open = mails_to_add_to(&mut work).await?;
        let mut claimed = 0;
        for tiding in due {
            if is_claimed(&mut work, tiding).await? {
                continue;
            }
            let DueTiding { kind, key, recipient } = tiding;
            let mail = match open.get(&(recipient.clone(), *kind)) {
                Some(mail) => *mail,
                None => {
                    let mail = new_mail(&mut work, recipient, domain, now).await?.id;
                    open.insert((recipient.clone(), *kind), mail);
                    mail
                }
            };
            let claim = sqlx::query(
                "INSERT INTO tiding (kind, key, recipient, claimed_at, mail) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(kind.word())
            .bind(key)
            .bind(recipient.as_str())
            .bind(now.as_microsecond())
            .bind(mail);
            work.run(claim).await?;
            claimed += 1;
        }
        for change in settled {
            let settle =
                sqlx::query("UPDATE verdict_change SET settled_at = $2 WHERE id = $1 AND settled_at IS NULL");
            work.run(settle.bind(change.id).bind(now.as_microsecond())).await?;
        }
        work.commit().await?;
        Ok(claimed)
    }

    /// Those of these that were never claimed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unclaimed_tidings(&self, due: Vec<DueTiding>) -> Result<Vec<DueTiding>, StoreError> {
        let mut work = self.reading().await?;
        let mut unclaimed = Vec::new();
        for tiding in due {
            if !is_claimed(&mut work, &tiding).await? {
                unclaimed.push(tiding);
            }
        }
        Ok(unclaimed)
    }

    /// The mails with tidings that may be tried now, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tiding_mails(&self, now: Timestamp) -> Result<Vec<TidingMail>, StoreError> {
        // A time further ahead than any wait was written while the clock was wrong.
        let too_far = super::notices::ahead(now, AHEAD_MAX);
        let open = sqlx::query(
            "SELECT notice_mail.*, MIN(tiding.kind) AS kind FROM notice_mail
             JOIN tiding ON tiding.mail = notice_mail.id
             WHERE notice_mail.delivered_at IS NULL AND tiding.passed_over_at IS NULL
                 AND (notice_mail.not_before <= $1 OR notice_mail.not_before > $2)
             GROUP BY notice_mail.id ORDER BY notice_mail.id",
        );
        let open = open.bind(now.as_microsecond()).bind(too_far.as_microsecond());
        let rows = self.reading().await?.all(open).await?;
        rows.iter().map(|row| Ok(TidingMail { mail: mail_of(row)?, kind: parsed(row, "kind")? })).collect()
    }

    /// What a mail tells of, by key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tiding_keys(&self, mail: &ClaimedMail) -> Result<Vec<String>, StoreError> {
        let keys =
            sqlx::query("SELECT key FROM tiding WHERE mail = $1 AND passed_over_at IS NULL ORDER BY key");
        self.reading().await?.all(keys.bind(mail.id)).await?.iter().map(|row| value(row, "key")).collect()
    }

    /// Nothing is left to tell of what this mail was to tell of.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn pass_over_tidings(&self, mail: &ClaimedMail, now: Timestamp) -> Result<(), StoreError> {
        let pass = sqlx::query(
            "UPDATE tiding SET passed_over_at = $2 WHERE mail = $1 AND passed_over_at IS NULL
                 AND EXISTS (SELECT 1 FROM notice_mail WHERE id = $1 AND delivered_at IS NULL)",
        );
        let mut work = self.writing().await?;
        work.run(pass.bind(mail.id).bind(now.as_microsecond())).await?;
        work.commit().await
    }

    /// When the next undelivered mail with tidings may be tried, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn next_tiding_try(&self) -> Result<Option<Timestamp>, StoreError> {
        let next = sqlx::query(
            "SELECT MIN(not_before) AS next FROM notice_mail
             WHERE delivered_at IS NULL AND EXISTS (SELECT 1 FROM tiding
                 WHERE tiding.mail = notice_mail.id AND tiding.passed_over_at IS NULL)",
        );
        moment_maybe(&self.reading().await?.one(next).await?, "next")
    }

    /// At most `limit` tidings, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tidings(&self, limit: u32) -> Result<Vec<TidingRow>, StoreError> {
        let newest = sqlx::query(
            "SELECT tiding.*, notice_mail.fired_at, notice_mail.delivered_at, notice_mail.attempts,
                 notice_mail.failure, notice_mail.not_before, verdict_change.filing
             FROM tiding JOIN notice_mail ON notice_mail.id = tiding.mail
             LEFT JOIN verdict_change ON tiding.kind = 'verdict' AND verdict_change.id = CAST(tiding.key AS INTEGER)
             ORDER BY tiding.claimed_at DESC, tiding.kind, tiding.key, tiding.recipient LIMIT $1",
        );
        self.reading().await?.all(newest.bind(limit)).await?.iter().map(row_of).collect()
    }
}

async fn is_claimed(work: &mut Work, tiding: &DueTiding) -> Result<bool, StoreError> {
    let known = sqlx::query("SELECT 1 AS one FROM tiding WHERE kind = $1 AND key = $2 AND recipient = $3")
        .bind(tiding.kind.word())
        .bind(&tiding.key)
        .bind(tiding.recipient.as_str());
    Ok(work.maybe(known).await?.is_some())
}

/// Notes that verdicts of a letter changed so that people are to be told.
pub(super) async fn note_change(
    work: &mut Work,
    filing: FilingId,
    old: &[Verdict],
    new: &[Verdict],
    at: Timestamp,
) -> Result<(), StoreError> {
    let changes = new.iter().filter_map(|new| {
        let old = old.iter().find(|old| old.p7s_at == new.p7s_at)?;
        let (before, now) = (old.indication, new.indication);
        Some(PartChange { part: new.p7s_at, before, now, why: new.sub_indication })
    });
    let parts: Vec<PartChange> = changes.filter(PartChange::is_told).collect();
    if parts.is_empty() {
        return Ok(());
    }
    let row = sqlx::query("INSERT INTO verdict_change (filing, changed_at, parts) VALUES ($1, $2, $3)")
        .bind(filing.0)
        .bind(at.as_microsecond())
        .bind(as_json(&parts, "parts")?);
    work.run(row).await.map(|_| ())
}

/// For each recipient and kind the mail that was not handed to anybody, or surely not taken.
async fn mails_to_add_to(work: &mut Work) -> Result<BTreeMap<(MailAddress, TidingKind), i64>, StoreError> {
    let rows = sqlx::query(
        "SELECT notice_mail.id, notice_mail.recipient, MIN(tiding.kind) AS kind FROM notice_mail
         JOIN tiding ON tiding.mail = notice_mail.id
         WHERE notice_mail.delivered_at IS NULL AND notice_mail.unclear = 0 AND tiding.passed_over_at IS NULL
         GROUP BY notice_mail.id ORDER BY notice_mail.id DESC",
    );
    let rows = work.all(rows).await?;
    rows.iter()
        .map(|row| Ok(((parsed(row, "recipient")?, parsed(row, "kind")?), value(row, "id")?)))
        .collect()
}

fn change_of(row: &SqliteRow) -> Result<VerdictChange, StoreError> {
    Ok(VerdictChange {
        id: value(row, "id")?,
        filing: FilingId(value(row, "filing")?),
        mailbox: parsed(row, "mailbox")?,
        branch: parsed_maybe(row, "branch")?,
        branch_name: value(row, "branch_name")?,
        code: value::<Option<i64>>(row, "code")?.map(CodeId),
        documents: facts(row, "documents")?,
        changed_at: moment(row, "changed_at")?,
        parts: facts(row, "parts")?,
    })
}

fn mail_of(row: &SqliteRow) -> Result<ClaimedMail, StoreError> {
    Ok(ClaimedMail {
        id: value(row, "id")?,
        message_id: value(row, "message_id")?,
        recipient: parsed(row, "recipient")?,
        notices: Vec::new(),
        attempts: value(row, "attempts")?,
        unclear: value(row, "unclear")?,
        not_before: moment(row, "not_before")?,
    })
}

fn row_of(row: &SqliteRow) -> Result<TidingRow, StoreError> {
    Ok(TidingRow {
        kind: parsed(row, "kind")?,
        key: value(row, "key")?,
        filing: value::<Option<i64>>(row, "filing")?.map(FilingId),
        recipient: parsed(row, "recipient")?,
        fate: fate(row)?,
    })
}
