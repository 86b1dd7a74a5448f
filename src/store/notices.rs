//! Notices: each step of each code once for each recipient, whatever crashes.
//!
//! A notice is *claimed* (a row, unique by code, step and recipient) before anything is sent. Its mail is *fired* when it
//! is handed to a server and *delivered* when the server took it: two facts, both kept. A mail that is being sent is
//! leased; when the lease is over and nothing was delivered, whoever comes next sends it again **with the same
//! Message-ID**: at least once, and a mailbox that knows Message-IDs shows it once. A try that surely failed leaves
//! its notices free to go in a newer digest; one that ended without an answer does not, so that no notice is in two
//! mails that may both have arrived.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use sqlx::sqlite::SqliteRow;

use super::columns::{moment, moment_maybe, parsed, value};
use super::work::Work;
use super::{Store, StoreError};
use crate::model::{ClaimedMail, CodeId, DueNotice, MailAddress, NoticeRow, Rung, Timestamp};

/// No lease and no wait after a failure is longer. A time further ahead was written while the clock was wrong.
const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(2);

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

/// A mail with notices that are neither delivered nor passed over.
struct Open {
    mail: ClaimedMail,
    busy: bool,
}

/// What is known of a notice that has a row.
struct Known {
    /// Passed over although a mail had it, and that mail was surely not taken: it can come back.
    revivable: bool,
}

async fn claim(
    work: &mut Work,
    due: &[DueNotice],
    domain: &str,
    now: Timestamp,
    lease: SignedDuration,
) -> Result<Vec<ClaimedMail>, StoreError> {
    let mut open = open_mails(work, now).await?;
    let mut wanted: BTreeMap<&MailAddress, Vec<&DueNotice>> = BTreeMap::new();
    for notice in due {
        wanted.entry(&notice.recipient).or_default().push(notice);
    }
    let recipients: BTreeSet<MailAddress> =
        open.keys().cloned().chain(wanted.keys().map(|recipient| (*recipient).clone())).collect();
    let mut claimed = Vec::new();
    for recipient in recipients {
        let mails = open.remove(&recipient).unwrap_or_default();
        if mails.iter().any(|open| open.busy) {
            continue;
        }
        let mails = mails.into_iter().map(|open| open.mail).collect();
        let wanted = wanted.remove(&recipient).unwrap_or_default();
        let mails = claim_for(work, &recipient, mails, &wanted, domain, now).await?;
        claimed.extend(mails);
    }
    for mail in &mut claimed {
        mail.not_before = ahead(now, lease);
        let leased = sqlx::query("UPDATE notice_mail SET not_before = $2 WHERE id = $1")
            .bind(mail.id)
            .bind(mail.not_before.as_microsecond());
        work.run(leased).await?;
    }
    Ok(claimed)
}

/// Everything of one recipient, who has no mail under way.
async fn claim_for(
    work: &mut Work,
    recipient: &MailAddress,
    mut mails: Vec<ClaimedMail>,
    wanted: &[&DueNotice],
    domain: &str,
    now: Timestamp,
) -> Result<Vec<ClaimedMail>, StoreError> {
    let still_due: BTreeSet<_> = wanted.iter().map(|due| (due.code, due.rung.to_string())).collect();
    for mail in &mut mails {
        for (code, rung) in std::mem::take(&mut mail.notices) {
            if still_due.contains(&(code, rung.to_string())) {
                mail.notices.push((code, rung));
            } else {
                pass_over(work, code, rung, recipient, now).await?;
            }
        }
    }
    let (unclear, free): (Vec<_>, Vec<_>) =
        mails.into_iter().filter(|mail| !mail.notices.is_empty()).partition(|mail| mail.unclear);
    let mut fresh = Vec::new();
    for due in wanted {
        let known = known(work, due.code, recipient).await?;
        for rung in due.passed.iter().filter(|rung| !known.contains_key(&rung.to_string())) {
            pass_over(work, due.code, *rung, recipient, now).await?;
        }
        match known.get(&due.rung.to_string()) {
            None => fresh.push((due.code, due.rung)),
            Some(known) if known.revivable => fresh.push((due.code, due.rung)),
            Some(_) => {}
        }
    }
    let mut free = free.into_iter();
    let digest = match free.next() {
        Some(oldest) => Some(oldest),
        None if fresh.is_empty() => None,
        None => Some(new_mail(work, recipient, domain, now).await?),
    };
    let mut claimed = unclear;
    if let Some(mut digest) = digest {
        let more: Vec<_> = free.flat_map(|mail| mail.notices).chain(fresh).collect();
        for (code, rung) in more {
            put_into(work, digest.id, code, rung, recipient, now).await?;
            digest.notices.push((code, rung));
        }
        digest.notices.sort_by_key(|(code, _)| *code);
        claimed.push(digest);
    }
    Ok(claimed)
}

/// The open mails of every recipient, oldest first.
async fn open_mails(work: &mut Work, now: Timestamp) -> Result<BTreeMap<MailAddress, Vec<Open>>, StoreError> {
    let rows = sqlx::query(
        "SELECT notice_mail.*, notice.code, notice.rung
         FROM notice_mail JOIN notice ON notice.mail = notice_mail.id
         WHERE notice_mail.delivered_at IS NULL AND notice.passed_over_at IS NULL
         ORDER BY notice_mail.id, notice.code, notice.rung",
    );
    let mut open: BTreeMap<MailAddress, Vec<Open>> = BTreeMap::new();
    for row in work.all(rows).await? {
        let id: i64 = value(&row, "id")?;
        let recipient: MailAddress = parsed(&row, "recipient")?;
        let mails = open.entry(recipient.clone()).or_default();
        if mails.last().is_none_or(|open| open.mail.id != id) {
            let not_before = moment(&row, "not_before")?;
            let mail = ClaimedMail {
                id,
                message_id: value(&row, "message_id")?,
                recipient,
                notices: Vec::new(),
                attempts: value(&row, "attempts")?,
                unclear: value(&row, "unclear")?,
                not_before,
            };
            mails.push(Open { mail, busy: not_before > now && not_before <= ahead(now, AHEAD_MAX) });
        }
        if let Some(open) = mails.last_mut() {
            open.mail.notices.push((CodeId(value(&row, "code")?), parsed(&row, "rung")?));
        }
    }
    Ok(open)
}

/// The rows that a code has for a recipient, by step.
async fn known(
    work: &mut Work,
    code: CodeId,
    recipient: &MailAddress,
) -> Result<BTreeMap<String, Known>, StoreError> {
    let rows = sqlx::query(
        "SELECT notice.rung, COALESCE(notice.passed_over_at IS NOT NULL AND notice_mail.unclear = 0
                 AND notice_mail.delivered_at IS NULL, 0) AS revivable
         FROM notice LEFT JOIN notice_mail ON notice_mail.id = notice.mail
         WHERE notice.code = $1 AND notice.recipient = $2",
    )
    .bind(code.0)
    .bind(recipient.as_str());
    let mut known = BTreeMap::new();
    for row in work.all(rows).await? {
        known.insert(value(&row, "rung")?, Known { revivable: value(&row, "revivable")? });
    }
    Ok(known)
}

async fn new_mail(
    work: &mut Work,
    recipient: &MailAddress,
    domain: &str,
    now: Timestamp,
) -> Result<ClaimedMail, StoreError> {
    let insert = sqlx::query(
        "INSERT INTO notice_mail (message_id, recipient, claimed_at, not_before, attempts, unclear)
         VALUES ($1, $2, $3, $3, 0, 0) RETURNING id",
    );
    // Unique before its number is known; the number comes in the next statement.
    let insert = insert
        .bind(format!("new {recipient} {}", now.as_microsecond()))
        .bind(recipient.as_str())
        .bind(now.as_microsecond());
    let id: i64 = value(&work.one(insert).await?, "id")?;
    // Number and time together are unlike those of another installation of the same domain, and tell nothing.
    let message_id = format!("<notice.{id}.{}@{domain}>", now.as_microsecond());
    let named =
        sqlx::query("UPDATE notice_mail SET message_id = $2 WHERE id = $1").bind(id).bind(&message_id);
    work.run(named).await?;
    Ok(ClaimedMail {
        id,
        message_id,
        recipient: recipient.clone(),
        notices: Vec::new(),
        attempts: 0,
        unclear: false,
        not_before: now,
    })
}

async fn put_into(
    work: &mut Work,
    mail: i64,
    code: CodeId,
    rung: Rung,
    recipient: &MailAddress,
    now: Timestamp,
) -> Result<(), StoreError> {
    let put = sqlx::query(
        "INSERT INTO notice (code, rung, recipient, claimed_at, mail) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (code, rung, recipient) DO UPDATE SET mail = excluded.mail, passed_over_at = NULL",
    )
    .bind(code.0)
    .bind(rung.to_string())
    .bind(recipient.as_str())
    .bind(now.as_microsecond())
    .bind(mail);
    work.run(put).await.map(|_| ())
}

async fn pass_over(
    work: &mut Work,
    code: CodeId,
    rung: Rung,
    recipient: &MailAddress,
    now: Timestamp,
) -> Result<(), StoreError> {
    let passed = sqlx::query(
        "INSERT INTO notice (code, rung, recipient, claimed_at, passed_over_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (code, rung, recipient) DO UPDATE SET passed_over_at = excluded.passed_over_at",
    )
    .bind(code.0)
    .bind(rung.to_string())
    .bind(recipient.as_str())
    .bind(now.as_microsecond());
    work.run(passed).await.map(|_| ())
}

fn notice_row(row: &SqliteRow) -> Result<NoticeRow, StoreError> {
    let delivered_at = moment_maybe(row, "delivered_at")?;
    let passed_over_at = moment_maybe(row, "passed_over_at")?;
    let waiting = delivered_at.is_none() && passed_over_at.is_none();
    Ok(NoticeRow {
        code: CodeId(value(row, "code")?),
        rung: parsed(row, "rung")?,
        recipient: parsed(row, "recipient")?,
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

fn ahead(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}
