//! Which letters of a mailbox are accounted for, by a filing or by their quarantine, so that each is fetched once.

use super::columns::{as_json, facts, value};
use super::work::{Statement, Work};
use super::{Store, StoreError, dialect};
use crate::mishap::{self, Point};
use crate::model::{Digest, FilingId, ImapFolder, MailboxId, QuarantineId, RawMail, Source, Standing};

impl Store {
    /// The UIDs among `uids` of an account's folder that nothing accounts for, in the order given.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unaccounted(&self, folder: &ImapFolder, uids: &[u32]) -> Result<Vec<u32>, StoreError> {
        let left = of_folder(dialect::UNACCOUNTED, folder, uids)?;
        self.reading().await?.all(left).await?.iter().map(|row| value(row, "uid")).collect()
    }

    /// How the letters with these UIDs are accounted for, in the order given; without those that are not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn standings(
        &self,
        folder: &ImapFolder,
        uids: &[u32],
    ) -> Result<Vec<(u32, Standing)>, StoreError> {
        let known = of_folder(dialect::STANDINGS, folder, uids)?;
        let standing = |row| {
            let uid = value(row, "uid")?;
            let Some(filing) = value::<Option<i64>>(row, "filing")?.map(FilingId) else {
                return Ok((uid, Standing::Quarantined));
            };
            let first = facts::<Source>(row, "source")? == folder.letter(uid);
            Ok((uid, if first { Standing::Filed(filing) } else { Standing::AlreadyFiled(filing) }))
        };
        self.reading().await?.all(known).await?.iter().map(standing).collect()
    }

    /// How many letters of a folder with UIDs below `below` are accounted for, whether or not they still lie there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn accounted_below(&self, folder: &ImapFolder, below: u32) -> Result<u64, StoreError> {
        let count = sqlx::query(
            "SELECT COUNT(*) AS n FROM ledger_imap
             WHERE mailbox = $1 AND account = $2 AND folder = $3 AND uid_validity = $4 AND uid < $5",
        )
        .bind(folder.mailbox.as_str())
        .bind(&folder.account)
        .bind(&folder.folder)
        .bind(folder.uid_validity)
        .bind(below);
        value(&self.reading().await?.one(count).await?, "n")
    }

    /// The UIDs among `uids` that a filing accounts for, in the order given; not those of letters in quarantine.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn filed_uids(&self, folder: &ImapFolder, uids: &[u32]) -> Result<Vec<u32>, StoreError> {
        let filed = of_folder(dialect::FILED, folder, uids)?;
        self.reading().await?.all(filed).await?.iter().map(|row| value(row, "uid")).collect()
    }

    /// The filing that accounts for a file of a drop folder: the same name with the same bytes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn drop_file_accounted(
        &self,
        mailbox: &MailboxId,
        file: &str,
        digest: &Digest,
    ) -> Result<Option<FilingId>, StoreError> {
        let row = sqlx::query(
            "SELECT filing FROM ledger_drop
             WHERE mailbox = $1 AND file = $2 AND digest = $3 AND filing IS NOT NULL",
        )
        .bind(mailbox.as_str())
        .bind(file)
        .bind(digest.to_string());
        let row = self.reading().await?.maybe(row).await?;
        row.map(|row| value(&row, "filing").map(FilingId)).transpose()
    }

    /// Accounts for another appearance of a letter that is already filed: the same bytes in another folder, under
    /// another UID, in another file.
    ///
    /// # Errors
    /// When the filing is not of these bytes in this mailbox; when the database cannot be written.
    pub async fn account(&self, mail: &RawMail, filing: FilingId) -> Result<(), StoreError> {
        let mut work = self.writing().await?;
        let filed = sqlx::query("SELECT id FROM filing WHERE id = $1 AND mailbox = $2 AND digest = $3")
            .bind(filing.0)
            .bind(mail.mailbox.as_str())
            .bind(mail.digest.to_string());
        if work.maybe(filed).await?.is_none() {
            return Err(StoreError::WrongFiling(filing));
        }
        enter(&mut work, &mail.mailbox, &mail.source, &mail.digest, By::Filing(filing)).await?;
        mishap::at(Point::PlaceUncommitted);
        work.commit().await
    }
}

/// What accounts for a letter.
#[derive(Clone, Copy)]
pub(super) enum By {
    /// It is filed.
    Filing(FilingId),
    /// It was given up; see [`super::quarantine`].
    Quarantine(QuarantineId),
}

/// A statement about these UIDs (`$5`, a JSON list) of an account's folder (`$1` to `$4`).
fn of_folder<'q>(
    sql: &'static str,
    folder: &'q ImapFolder,
    uids: &[u32],
) -> Result<Statement<'q>, StoreError> {
    let uids = as_json(uids, "uids")?;
    let ImapFolder { mailbox, account, folder, uid_validity } = folder;
    Ok(sqlx::query(sql).bind(mailbox.as_str()).bind(account).bind(folder).bind(uid_validity).bind(uids))
}

/// Enters a letter's place in the ledger. A place that is there already stays as it is.
pub(super) async fn enter(
    work: &mut Work,
    mailbox: &MailboxId,
    source: &Source,
    digest: &Digest,
    by: By,
) -> Result<(), StoreError> {
    let (filing, quarantine) = match by {
        By::Filing(filing) => (Some(filing.0), None),
        By::Quarantine(quarantine) => (None, Some(quarantine.0)),
    };
    let entry = match source {
        Source::Imap { account, folder, uid_validity, uid } => sqlx::query(
            "INSERT INTO ledger_imap (mailbox, account, folder, uid_validity, uid, filing, quarantine)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(mailbox.as_str())
        .bind(account)
        .bind(folder)
        .bind(*uid_validity)
        .bind(*uid)
        .bind(filing)
        .bind(quarantine),
        Source::DropFolder { file } => sqlx::query(
            "INSERT INTO ledger_drop (mailbox, file, digest, filing, quarantine) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(mailbox.as_str())
        .bind(file)
        .bind(digest.to_string())
        .bind(filing)
        .bind(quarantine),
    };
    work.run(entry).await.map(|_| ())
}

/// Hands every place that a quarantine accounts for to the letter's filing.
pub(super) async fn hand_over(
    work: &mut Work,
    quarantine: QuarantineId,
    filing: FilingId,
) -> Result<(), StoreError> {
    for sql in [
        "UPDATE ledger_imap SET filing = $1, quarantine = NULL WHERE quarantine = $2",
        "UPDATE ledger_drop SET filing = $1, quarantine = NULL WHERE quarantine = $2",
    ] {
        work.run(sqlx::query(sql).bind(filing.0).bind(quarantine.0)).await?;
    }
    Ok(())
}
