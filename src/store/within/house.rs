//! What of the house a scope has: branches, services, codes, mailboxes, letters that could not be filed, pictures.

use std::collections::{BTreeMap, BTreeSet};

use super::{Within, inside};
use crate::model::{
    Branch, CodeId, Digest, FilingId, MailboxId, PictureKind, QrCode, Quarantined, Service, Timestamp,
};
use crate::store::columns::{moment, parsed, value};
use crate::store::{StoreError, codes, quarantine, registry};

impl Within<'_> {
    /// The branches of the scope, closed ones not, in the registry's order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn branches(&self) -> Result<Vec<Branch>, StoreError> {
        let (mut work, seen) = self.begin().await?;
        let branches = sqlx::query(
            "SELECT * FROM branch WHERE closed = 0 AND id IN (SELECT value FROM json_each($1)) ORDER BY place, id",
        );
        work.all(branches.bind(&seen.branches)).await?.iter().map(registry::branch).collect()
    }

    /// The services that are offered at a branch of the scope, in the registry's order; of their branches, those of the
    /// scope.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn services(&self) -> Result<Vec<Service>, StoreError> {
        let (mut work, seen) = self.begin().await?;
        let offered = sqlx::query(
            "SELECT service, branch FROM service_branch WHERE branch IN (SELECT value FROM json_each($1))
             ORDER BY service, place",
        );
        let mut at: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for row in work.all(offered.bind(&seen.branches)).await? {
            at.entry(value(&row, "service")?).or_default().push(parsed(&row, "branch")?);
        }
        let all = sqlx::query("SELECT * FROM service WHERE closed = 0 ORDER BY place, id");
        let mut services = Vec::new();
        for row in work.all(all).await? {
            let mut service = registry::service(&row)?;
            if let Some(branches) = at.remove(service.id.as_str()) {
                service.branches = branches;
                services.push(service);
            }
        }
        Ok(services)
    }

    /// The codes of the scope's branches, oldest first, each with how many letters answered it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn codes(&self) -> Result<Vec<(QrCode, u64)>, StoreError> {
        let (mut work, seen) = self.begin().await?;
        let codes = codes::of_branches(&mut work, &seen.branches).await?;
        let counts = sqlx::query(
            "SELECT filing.code, COUNT(*) AS letters FROM code JOIN filing ON filing.code = code.id
             WHERE code.branch IN (SELECT value FROM json_each($1)) GROUP BY filing.code",
        );
        let mut letters: BTreeMap<i64, u64> = BTreeMap::new();
        for row in work.all(counts.bind(&seen.branches)).await? {
            letters.insert(value(&row, "code")?, value(&row, "letters")?);
        }
        let counted = |code: QrCode| {
            let count = letters.get(&code.id.0).copied().unwrap_or_default();
            (code, count)
        };
        Ok(codes.into_iter().map(counted).collect())
    }

    /// One code, if it hangs at a branch of the scope.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn code(&self, id: CodeId) -> Result<Option<(QrCode, u64)>, StoreError> {
        Ok(self.codes().await?.into_iter().find(|(code, _)| code.id == id))
    }

    /// The mailboxes of the scope's branches, each with when its newest letter was received and filed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mailboxes(&self) -> Result<Vec<(MailboxId, Option<(Timestamp, Timestamp)>)>, StoreError> {
        let boxes: BTreeSet<MailboxId> =
            self.branches().await?.into_iter().map(|branch| branch.mailbox).collect();
        let (mut work, seen) = self.begin().await?;
        let mut mailboxes = Vec::new();
        for mailbox in boxes {
            // Of a mailbox that is shared, only what the scope sees counts.
            let newest = sqlx::query(concat!(
                "SELECT received_at, filed_at FROM filing WHERE filing.mailbox = $4 AND ",
                crate::store::scope::filing_in_scope!("filing", "$1", "$2", "$3"),
                " ORDER BY id DESC LIMIT 1"
            ))
            .bind(&seen.branches)
            .bind(&seen.mailboxes)
            .bind(seen.has_all)
            .bind(mailbox.as_str());
            let newest = match work.maybe(newest).await? {
                Some(row) => Some((moment(&row, "received_at")?, moment(&row, "filed_at")?)),
                None => None,
            };
            mailboxes.push((mailbox, newest));
        }
        Ok(mailboxes)
    }

    /// Letters that wait in quarantine, of mailboxes whose letters without a branch belong to the scope.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn quarantined(&self) -> Result<Vec<Quarantined>, StoreError> {
        let (mut work, seen) = self.begin().await?;
        let waiting = sqlx::query(
            "SELECT * FROM quarantine WHERE filing IS NULL AND released_at IS NULL
                 AND ($2 OR mailbox IN (SELECT value FROM json_each($1))) ORDER BY id DESC",
        );
        let rows = work.all(waiting.bind(&seen.mailboxes).bind(seen.has_all)).await?;
        rows.iter().map(quarantine::quarantined).collect()
    }

    /// The file of a picture of a letter's copy; none when there is none, or the letter lies outside of the scope.
    ///
    /// # Errors
    /// When the database or the file cannot be read.
    pub async fn picture(
        &self,
        letter: FilingId,
        copy: usize,
        kind: PictureKind,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let (mut work, seen) = self.begin().await?;
        if inside(&mut work, &seen, &[letter.0]).await?.is_empty() {
            return Ok(None);
        }
        let picture = sqlx::query(
            "SELECT picture.digest FROM copy JOIN picture ON picture.document = copy.digest
             WHERE copy.filing = $1 AND copy.place = $2 AND picture.kind = $3 ORDER BY picture.place LIMIT 1",
        )
        .bind(letter.0)
        .bind(i64::try_from(copy).unwrap_or(i64::MAX))
        .bind(kind.word());
        let digest: Option<Digest> =
            work.maybe(picture).await?.map(|row| parsed(&row, "digest")).transpose()?;
        drop(work);
        match digest {
            Some(digest) => self.store.blob(&digest).await.map(Some),
            None => Ok(None),
        }
    }
}
