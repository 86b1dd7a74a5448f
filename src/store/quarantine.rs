//! Letters that were given up: their bytes stay as a blob, they are accounted for, and a person decides.

use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use super::columns::{as_json, facts, moment, moment_maybe, parsed, value};
use super::ledger::By;
use super::work::{Statement, Work};
use super::{Store, StoreError, attempts, audit, filings, ledger};
use crate::mishap::{self, Point};
use crate::model::{
    Attempt, AttemptFault, Digest, FilingId, MailboxId, Outcome, QuarantineId, QuarantineState, Quarantined,
    RawMail, Timestamp,
};

impl Store {
    /// Gives a letter up at `at`: it is accounted for, and its attempts end. One that somebody filed meanwhile is filed.
    ///
    /// # Errors
    /// When its blob is not there; when the database cannot be written.
    pub async fn quarantine(
        &self,
        attempt: &Attempt,
        failures: u32,
        fault: &AttemptFault,
        at: Timestamp,
    ) -> Result<Outcome, StoreError> {
        let Attempt { mailbox, source, digest, .. } = attempt;
        self.require_blob(digest, usize::try_from(attempt.bytes).unwrap_or(usize::MAX)).await?;
        let mut work = self.writing().await?;
        let (outcome, by) = match filings::filed(&mut work, mailbox, digest).await? {
            Some(filing) => (Outcome::AlreadyFiled(filing), By::Filing(filing)),
            None => {
                let id = match of(&mut work, mailbox, digest).await? {
                    Some(id) => id,
                    None => insert(&mut work, attempt, failures, fault, at).await?,
                };
                (Outcome::Quarantined(id), By::Quarantine(id))
            }
        };
        ledger::enter(&mut work, mailbox, source, digest, by).await?;
        attempts::end(&mut work, mailbox, digest).await?;
        mishap::at(Point::QuarantineUncommitted);
        work.commit().await?;
        Ok(outcome)
    }

    /// Accounts for another appearance of a letter that is in quarantine.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn account_quarantined(&self, mail: &RawMail, id: QuarantineId) -> Result<(), StoreError> {
        let mut work = self.writing().await?;
        ledger::enter(&mut work, &mail.mailbox, &mail.source, &mail.digest, By::Quarantine(id)).await?;
        work.commit().await
    }

    /// Letters that were given up, the newest first: those that wait for a person, or `all` that ever did.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn quarantined(&self, all: bool) -> Result<Vec<Quarantined>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM quarantine WHERE $1 OR (filing IS NULL AND released_at IS NULL) ORDER BY id DESC",
        )
        .bind(all);
        self.reading().await?.all(rows).await?.iter().map(quarantined).collect()
    }

    /// One letter that was given up.
    ///
    /// # Errors
    /// When there is none of that number; when the database cannot be read.
    pub async fn quarantined_letter(&self, id: QuarantineId) -> Result<Quarantined, StoreError> {
        one(&mut self.reading().await?, id).await
    }

    /// Counts a retry of a letter in quarantine that failed.
    ///
    /// # Errors
    /// When there is none of that number; when the database cannot be written.
    pub async fn retry_failed(&self, id: QuarantineId, fault: &AttemptFault) -> Result<(), StoreError> {
        let failed = sqlx::query("UPDATE quarantine SET failures = failures + 1, fault = $2 WHERE id = $1")
            .bind(id.0)
            .bind(as_json(fault, "fault")?);
        self.change(id, failed, None).await
    }

    /// Marks a letter as taken by a person at `at`. It can be retried all the same.
    ///
    /// # Errors
    /// When there is none of that number; when the database cannot be written.
    pub async fn release(&self, id: QuarantineId, at: Timestamp) -> Result<(), StoreError> {
        let released = sqlx::query("UPDATE quarantine SET released_at = $2 WHERE id = $1")
            .bind(id.0)
            .bind(at.as_microsecond());
        self.change(id, released, Some(("quarantine.released", at))).await
    }

    async fn change(
        &self,
        id: QuarantineId,
        change: Statement<'_>,
        noted: Option<(&str, Timestamp)>,
    ) -> Result<(), StoreError> {
        let mut work = self.writing().await?;
        if work.run(change).await? == 0 {
            return Err(StoreError::NotInQuarantine(id));
        }
        if let Some((action, at)) = noted {
            audit::note(&mut work, at, action, &subject(id), &()).await?;
        }
        work.commit().await
    }
}

/// The quarantine of these bytes of this mailbox, if there is one.
pub(super) async fn of(
    work: &mut Work,
    mailbox: &MailboxId,
    digest: &Digest,
) -> Result<Option<QuarantineId>, StoreError> {
    let row = sqlx::query("SELECT id FROM quarantine WHERE mailbox = $1 AND digest = $2")
        .bind(mailbox.as_str())
        .bind(digest.to_string());
    work.maybe(row).await?.map(|row| value(&row, "id").map(QuarantineId)).transpose()
}

/// Ends a quarantine by the letter's filing: every place that it accounts for is the filing's.
pub(super) async fn end(
    work: &mut Work,
    id: QuarantineId,
    mail: &RawMail,
    filing: FilingId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let held = one(work, id).await?;
    if (&held.mailbox, &held.digest) != (&mail.mailbox, &mail.digest) {
        return Err(StoreError::NotInQuarantine(id));
    }
    let filed = sqlx::query("UPDATE quarantine SET filing = $2 WHERE id = $1").bind(id.0).bind(filing.0);
    work.run(filed).await?;
    ledger::hand_over(work, id, filing).await?;
    audit::note(work, at, "quarantine.filed", &subject(id), &Filed { filing }).await
}

#[derive(Serialize)]
struct Filed {
    filing: FilingId,
}

#[derive(Serialize)]
struct GivenUp<'a> {
    mailbox: &'a MailboxId,
    digest: &'a Digest,
    failures: u32,
}

fn subject(id: QuarantineId) -> String {
    format!("quarantine {id}")
}

async fn insert(
    work: &mut Work,
    attempt: &Attempt,
    failures: u32,
    fault: &AttemptFault,
    at: Timestamp,
) -> Result<QuarantineId, StoreError> {
    let Attempt { mailbox, source, received_at, digest, bytes, first_at, .. } = attempt;
    let row = sqlx::query(
        "INSERT INTO quarantine (mailbox, digest, source, received_at, bytes, first_at, quarantined_at, failures,
             fault)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
    )
    .bind(mailbox.as_str())
    .bind(digest.to_string())
    .bind(as_json(source, "source")?)
    .bind(received_at.as_microsecond())
    .bind(i64::try_from(*bytes).unwrap_or(i64::MAX))
    .bind(first_at.as_microsecond())
    .bind(at.as_microsecond())
    .bind(failures)
    .bind(as_json(fault, "fault")?);
    let id = QuarantineId(value(&work.one(row).await?, "id")?);
    audit::note(work, at, "quarantine.given_up", &subject(id), &GivenUp { mailbox, digest, failures })
        .await?;
    Ok(id)
}

async fn one(work: &mut Work, id: QuarantineId) -> Result<Quarantined, StoreError> {
    let row = sqlx::query("SELECT * FROM quarantine WHERE id = $1").bind(id.0);
    match work.maybe(row).await? {
        Some(row) => quarantined(&row),
        None => Err(StoreError::NotInQuarantine(id)),
    }
}

pub(super) fn quarantined(row: &SqliteRow) -> Result<Quarantined, StoreError> {
    let filing = value::<Option<i64>>(row, "filing")?.map(FilingId);
    let state = match (filing, moment_maybe(row, "released_at")?) {
        (Some(filing), _) => QuarantineState::Filed { filing },
        (None, Some(at)) => QuarantineState::Released { at },
        (None, None) => QuarantineState::Held,
    };
    Ok(Quarantined {
        id: QuarantineId(value(row, "id")?),
        mailbox: parsed(row, "mailbox")?,
        source: facts(row, "source")?,
        received_at: moment(row, "received_at")?,
        digest: parsed(row, "digest")?,
        bytes: value(row, "bytes")?,
        first_at: moment(row, "first_at")?,
        quarantined_at: moment(row, "quarantined_at")?,
        failures: value(row, "failures")?,
        fault: facts(row, "fault")?,
        state,
    })
}
