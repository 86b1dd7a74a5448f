//! What is due and what is known → the mails to send now, each notice in one of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::super::StoreError;
use super::super::columns::{moment, parsed, value};
use super::super::work::Work;
use super::ahead;
use crate::model::{ClaimedMail, CodeId, DueNotice, MailAddress, Rung, Timestamp};

/// No lease and no wait after a failure is longer. A time further ahead was written while the clock was wrong.
pub(in crate::store) const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(2);

/// Claims for every recipient who has no mail under way; the mails are leased from `now` on.
pub(super) async fn claim(
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

/// A mail that nobody has tried yet.
pub(in crate::store) async fn new_mail(
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
