//! Which letters of a mailbox are accounted for by a filing, so that each is fetched once.

use super::columns::{as_json, facts, value};
use super::work::Work;
use super::{Store, StoreError, dialect};
use crate::model::{Digest, FilingId, MailboxId, RawMail, Source, Standing};

impl Store {
    /// The UIDs among `uids` that no filing accounts for, in the order given.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unaccounted(
        &self,
        mailbox: &MailboxId,
        folder: &str,
        uid_validity: u32,
        uids: &[u32],
    ) -> Result<Vec<u32>, StoreError> {
        let left = sqlx::query(dialect::UNACCOUNTED)
            .bind(mailbox.as_str())
            .bind(folder)
            .bind(uid_validity)
            .bind(as_json(uids, "uids")?);
        self.reading().await?.all(left).await?.iter().map(|row| value(row, "uid")).collect()
    }

    /// How the letters with these UIDs are accounted for, in the order given; without those that are not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn standings(
        &self,
        mailbox: &MailboxId,
        folder: &str,
        uid_validity: u32,
        uids: &[u32],
    ) -> Result<Vec<(u32, Standing)>, StoreError> {
        let known = sqlx::query(dialect::STANDINGS)
            .bind(mailbox.as_str())
            .bind(folder)
            .bind(uid_validity)
            .bind(as_json(uids, "uids")?);
        let standing = |row| {
            let (uid, filing) = (value(row, "uid")?, FilingId(value(row, "filing")?));
            let here = Source::Imap { folder: folder.to_owned(), uid_validity, uid };
            let first = facts::<Source>(row, "source")? == here;
            Ok((uid, if first { Standing::Filed(filing) } else { Standing::AlreadyFiled(filing) }))
        };
        self.reading().await?.all(known).await?.iter().map(standing).collect()
    }

    /// How many letters of a folder with UIDs below `below` are accounted for, whether or not they still lie there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn accounted_below(
        &self,
        mailbox: &MailboxId,
        folder: &str,
        uid_validity: u32,
        below: u32,
    ) -> Result<u64, StoreError> {
        let count = sqlx::query(
            "SELECT COUNT(*) AS n FROM ledger_imap
             WHERE mailbox = $1 AND folder = $2 AND uid_validity = $3 AND uid < $4",
        )
        .bind(mailbox.as_str())
        .bind(folder)
        .bind(uid_validity)
        .bind(below);
        value(&self.reading().await?.one(count).await?, "n")
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
        let row =
            sqlx::query("SELECT filing FROM ledger_drop WHERE mailbox = $1 AND file = $2 AND digest = $3")
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
        enter(&mut work, mail, filing).await?;
        work.commit().await
    }
}

/// Enters a letter's place in the ledger. A place that is there already keeps its filing.
pub(super) async fn enter(work: &mut Work, mail: &RawMail, filing: FilingId) -> Result<(), StoreError> {
    let entry = match &mail.source {
        Source::Imap { folder, uid_validity, uid } => sqlx::query(
            "INSERT INTO ledger_imap (mailbox, folder, uid_validity, uid, filing) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(mail.mailbox.as_str())
        .bind(folder)
        .bind(*uid_validity)
        .bind(*uid)
        .bind(filing.0),
        Source::DropFolder { file } => sqlx::query(
            "INSERT INTO ledger_drop (mailbox, file, digest, filing) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
        )
        .bind(mail.mailbox.as_str())
        .bind(file)
        .bind(mail.digest.to_string())
        .bind(filing.0),
    };
    work.run(entry).await.map(|_| ())
}
