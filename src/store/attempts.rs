//! Attempts at a letter, each written down before anybody looks into it, so that a letter that kills the program counts.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use super::columns::{as_json, facts_maybe, moment, value};
use super::work::Work;
use super::{Store, StoreError, filings, quarantine};
use crate::model::{Attempt, AttemptFault, Digest, History, MailboxId, RawMail, Timestamp};

/// Attempts that failed through the store itself, where that could not be written down.
pub(super) type Forgiven = Mutex<HashSet<(MailboxId, Digest)>>;

impl Store {
    /// What is known of these bytes in this mailbox.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn history(&self, mailbox: &MailboxId, digest: &Digest) -> Result<History, StoreError> {
        let mut work = self.reading().await?;
        if let Some(filing) = filings::filed(&mut work, mailbox, digest).await? {
            return Ok(History::Filed(filing));
        }
        if let Some(id) = quarantine::of(&mut work, mailbox, digest).await? {
            return Ok(History::Quarantined(id));
        }
        let tried = row(&mut work, mailbox, digest).await?.is_some();
        Ok(if tried { History::Tried } else { History::New })
    }

    /// Writes down that a letter is being looked into from `now` on. Its blob must be kept before.
    ///
    /// An earlier attempt that was never settled counts as a failure: the program ended in between.
    ///
    /// # Errors
    /// When the blob is not there; when the database cannot be written.
    pub async fn begin_attempt(&self, mail: &RawMail, now: Timestamp) -> Result<Attempt, StoreError> {
        self.require_blob(&mail.digest, mail.bytes.len()).await?;
        let key = (mail.mailbox.clone(), mail.digest);
        let mut work = self.writing().await?;
        let mut tried = row(&mut work, &mail.mailbox, &mail.digest).await?.unwrap_or(Tried {
            begun: false,
            failures: 0,
            first_at: now,
            fault: None,
        });
        if tried.begun && !self.forgiven().contains(&key) {
            tried.failures += 1;
            tried.fault = Some(AttemptFault::Died);
        }
        let begun = sqlx::query(
            "INSERT INTO attempt (mailbox, digest, begun, failures, first_at, last_at, fault)
             VALUES ($1, $2, 1, $3, $4, $5, $6)
             ON CONFLICT (mailbox, digest) DO UPDATE
             SET begun = 1, failures = excluded.failures, last_at = excluded.last_at, fault = excluded.fault",
        )
        .bind(mail.mailbox.as_str())
        .bind(mail.digest.to_string())
        .bind(tried.failures)
        .bind(tried.first_at.as_microsecond())
        .bind(now.as_microsecond())
        .bind(tried.fault.as_ref().map(|fault| as_json(fault, "fault")).transpose()?);
        work.run(begun).await?;
        work.commit().await?;
        self.forgiven().remove(&key);
        Ok(Attempt {
            mailbox: mail.mailbox.clone(),
            source: mail.source.clone(),
            received_at: mail.received_at,
            digest: mail.digest,
            bytes: u64::try_from(mail.bytes.len()).unwrap_or(u64::MAX),
            first_at: tried.first_at,
            failures: tried.failures,
            fault: tried.fault,
        })
    }

    /// Counts an attempt that failed because of the letter; returns how many did.
    ///
    /// # Errors
    /// When the database cannot be written: the next attempt then counts this one.
    pub async fn attempt_failed(
        &self,
        attempt: &Attempt,
        fault: &AttemptFault,
        at: Timestamp,
    ) -> Result<u32, StoreError> {
        let failures = attempt.failures.saturating_add(1);
        let failed = sqlx::query(
            "UPDATE attempt SET begun = 0, failures = $3, last_at = $4, fault = $5
             WHERE mailbox = $1 AND digest = $2",
        )
        .bind(attempt.mailbox.as_str())
        .bind(attempt.digest.to_string())
        .bind(failures)
        .bind(at.as_microsecond())
        .bind(as_json(fault, "fault")?);
        let mut work = self.writing().await?;
        work.run(failed).await?;
        work.commit().await?;
        Ok(failures)
    }

    /// Settles an attempt that failed through the store: it does not count. Where `fault` keeps that from being written
    /// down, it is remembered while the program runs.
    pub async fn forgive_attempt(&self, attempt: &Attempt, fault: &StoreError) {
        let key = (attempt.mailbox.clone(), attempt.digest);
        self.forgiven().insert(key.clone());
        // A lock that held us up once would hold us up again.
        if !matches!(fault, StoreError::Locked { .. }) && self.write_forgiven(attempt).await.is_ok() {
            self.forgiven().remove(&key);
        }
    }

    async fn write_forgiven(&self, attempt: &Attempt) -> Result<(), StoreError> {
        let forgiven = sqlx::query("UPDATE attempt SET begun = 0 WHERE mailbox = $1 AND digest = $2")
            .bind(attempt.mailbox.as_str())
            .bind(attempt.digest.to_string());
        let mut work = self.writing().await?;
        work.run(forgiven).await?;
        work.commit().await
    }

    fn forgiven(&self) -> std::sync::MutexGuard<'_, HashSet<(MailboxId, Digest)>> {
        self.0.forgiven.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes the attempts at a letter, within the transaction that settles what becomes of it.
pub(super) async fn end(work: &mut Work, mailbox: &MailboxId, digest: &Digest) -> Result<(), StoreError> {
    let ended = sqlx::query("DELETE FROM attempt WHERE mailbox = $1 AND digest = $2")
        .bind(mailbox.as_str())
        .bind(digest.to_string());
    work.run(ended).await.map(|_| ())
}

struct Tried {
    begun: bool,
    failures: u32,
    first_at: Timestamp,
    fault: Option<AttemptFault>,
}

async fn row(work: &mut Work, mailbox: &MailboxId, digest: &Digest) -> Result<Option<Tried>, StoreError> {
    let row = sqlx::query(
        "SELECT begun, failures, first_at, fault FROM attempt WHERE mailbox = $1 AND digest = $2",
    )
    .bind(mailbox.as_str())
    .bind(digest.to_string());
    let Some(row) = work.maybe(row).await? else { return Ok(None) };
    Ok(Some(Tried {
        begun: value(&row, "begun")?,
        failures: value(&row, "failures")?,
        first_at: moment(&row, "first_at")?,
        fault: facts_maybe(&row, "fault")?,
    }))
}
