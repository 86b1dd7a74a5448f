//! Notices: each step of each code once for each recipient, whatever crashes.
//!
//! A notice is *claimed* (a row, unique by code, step and recipient) before anything is sent. Its mail is *fired* when it
//! is handed to a server and *delivered* when the server took it: two facts, both kept. A mail that is being sent is
//! leased; when the lease is over and nothing was delivered, whoever comes next sends it again **with the same
//! Message-ID**: at least once, and a mailbox that knows Message-IDs shows it once. A try that surely failed leaves
//! its notices free to go in a newer digest; one that ended without an answer does not, so that no notice is in two
//! mails that may both have arrived.

pub(super) mod claim;

use jiff::SignedDuration;
use sqlx::sqlite::SqliteRow;

use super::columns::{moment, moment_maybe, parsed, value};
use super::{Store, StoreError};
use crate::model::{ClaimedMail, CodeId, DueNotice, MailFate, NoticeRow, Timestamp};
use claim::claim;

impl Store {
    /// Claims what is due and not yet delivered, as one digest a recipient (and one more for each earlier mail that may
    /// have arrived). Steps that are no longer the most urgent, and notices of which nothing is left to say, are marked
    /// as passed over. A recipient with a mail that is leased or waits after a failure is left alone.
    ///
    /// `due` is everything that is due now; the mails returned are the caller's until `lease` is over.
    ///
    /// # Errors
    /// When the database cannot be written. Then nothing is claimed.
    pub async fn claim_notices(
        &self,
        due: &[DueNotice],
        domain: &str,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Vec<ClaimedMail>, StoreError> {
        let mut work = self.writing().await?;
        let mails = claim(&mut work, due, domain, now, lease).await?;
        work.commit().await?;
        Ok(mails)
    }

    /// What [`Store::claim_notices`] would claim, without claiming it.
    ///
    /// # Errors
    /// As for claiming.
    pub async fn plan_notices(
        &self,
        due: &[DueNotice],
        domain: &str,
        now: Timestamp,
    ) -> Result<Vec<ClaimedMail>, StoreError> {
        let mut work = self.writing().await?;
        claim(&mut work, due, domain, now, SignedDuration::ZERO).await
    }

    /// Notes that the mail is handed to a server now, and leases it again. False when it is no longer the caller's.
    ///
    /// # Errors
    /// When the database cannot be written; then it must not be sent.
    pub async fn fire_mail(
        &self,
        mail: &mut ClaimedMail,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<bool, StoreError> {
        let until = ahead(now, lease);
        let fire = sqlx::query(
            "UPDATE notice_mail SET fired_at = COALESCE(fired_at, $3), attempts = attempts + 1, unclear = 1,
                 not_before = $4
             WHERE id = $1 AND not_before = $2 AND delivered_at IS NULL",
        )
        .bind(mail.id)
        .bind(mail.not_before.as_microsecond())
        .bind(now.as_microsecond())
        .bind(until.as_microsecond());
        let mut work = self.writing().await?;
        let ours = work.run(fire).await? == 1;
        work.commit().await?;
        if ours {
            mail.not_before = until;
            mail.attempts += 1;
        }
        Ok(ours)
    }

    /// Notes that a server took the mail.
    ///
    /// # Errors
    /// When the database cannot be written; then the mail is sent again, with the same Message-ID.
    pub async fn mail_delivered(&self, mail: &ClaimedMail, now: Timestamp) -> Result<(), StoreError> {
        let delivered = sqlx::query(
            "UPDATE notice_mail SET delivered_at = $2, failure = NULL WHERE id = $1 AND delivered_at IS NULL",
        )
        .bind(mail.id)
        .bind(now.as_microsecond());
        let mut work = self.writing().await?;
        work.run(delivered).await?;
        work.commit().await
    }

    /// Notes that the mail was not taken, why, and when to try again. `unclear`: it may have been taken after all.
    /// Also for a mail that was claimed and never fired because the server takes nothing at present.
    ///
    /// # Errors
    /// When the database cannot be written; then it is tried again when its lease is over.
    pub async fn mail_failed(
        &self,
        mail: &ClaimedMail,
        failure: &str,
        unclear: bool,
        next_try: Timestamp,
    ) -> Result<(), StoreError> {
        let failed = sqlx::query(
            "UPDATE notice_mail SET failure = $3, unclear = $4, not_before = $5
             WHERE id = $1 AND not_before = $2 AND delivered_at IS NULL",
        )
        .bind(mail.id)
        .bind(mail.not_before.as_microsecond())
        .bind(failure)
        .bind(unclear || mail.unclear)
        .bind(next_try.as_microsecond());
        let mut work = self.writing().await?;
        work.run(failed).await?;
        work.commit().await
    }

    /// When the next undelivered mail may be tried, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn next_notice_try(&self) -> Result<Option<Timestamp>, StoreError> {
        let next = sqlx::query(
            "SELECT MIN(not_before) AS next FROM notice_mail
             WHERE delivered_at IS NULL AND EXISTS (SELECT 1 FROM notice
                 WHERE notice.mail = notice_mail.id AND notice.passed_over_at IS NULL)",
        );
        moment_maybe(&self.reading().await?.one(next).await?, "next")
    }

    /// At most `limit` notices, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notices(&self, limit: u32) -> Result<Vec<NoticeRow>, StoreError> {
        let newest = sqlx::query(
            "SELECT notice.*, notice_mail.fired_at, notice_mail.delivered_at, notice_mail.attempts,
                 notice_mail.failure, notice_mail.not_before
             FROM notice LEFT JOIN notice_mail ON notice_mail.id = notice.mail
             ORDER BY notice.claimed_at DESC, notice.code, notice.recipient, notice.rung LIMIT $1",
        )
        .bind(limit);
        self.reading().await?.all(newest).await?.iter().map(notice_row).collect()
    }
}

fn notice_row(row: &SqliteRow) -> Result<NoticeRow, StoreError> {
    Ok(NoticeRow {
        code: CodeId(value(row, "code")?),
        rung: parsed(row, "rung")?,
        recipient: parsed(row, "recipient")?,
        fate: fate(row)?,
    })
}

/// What became of a notice's or a tiding's mail; none may have been made of it.
pub(super) fn fate(row: &SqliteRow) -> Result<MailFate, StoreError> {
    let delivered_at = moment_maybe(row, "delivered_at")?;
    let passed_over_at = moment_maybe(row, "passed_over_at")?;
    let waiting = delivered_at.is_none() && passed_over_at.is_none();
    Ok(MailFate {
        claimed_at: moment(row, "claimed_at")?,
        passed_over_at,
        fired_at: moment_maybe(row, "fired_at")?,
        // What was passed over was not in the mail when it was taken.
        delivered_at: delivered_at.filter(|_| passed_over_at.is_none()),
        attempts: value::<Option<u32>>(row, "attempts")?.unwrap_or_default(),
        failure: value(row, "failure")?,
        not_before: if waiting { moment_maybe(row, "not_before")? } else { None },
    })
}

pub(super) fn ahead(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}
