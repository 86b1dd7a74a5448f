//! Silent mailboxes, kept over restarts; and the figures and trials by which the store's own health is told.

use std::io::Write as _;
use std::time::Duration;

use sqlx::sqlite::SqliteRow;

use super::columns::{moment, moment_maybe, parsed, value};
use super::folder::new_private;
use super::{Store, StoreError, off_the_async_workers};
use crate::model::{Digest, FilingId, Incident, MailboxId, Silence, Timestamp};

/// What the store says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoreFigures {
    /// Letters filed, ever.
    pub filings: u64,
    /// Bytes of the database with its write-ahead log.
    pub database_bytes: u64,
    /// Bytes that are free in the store's file system for this user.
    pub free_bytes: u64,
    /// Bytes of the store's whole file system.
    pub total_bytes: u64,
    /// Letters in quarantine that nobody has settled.
    pub quarantined: u64,
}

/// The newest letter of a mailbox.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewestFiling {
    /// The mailbox.
    pub mailbox: MailboxId,
    /// When the server received it.
    pub received_at: Timestamp,
    /// When it was filed.
    pub filed_at: Timestamp,
}

impl Store {
    /// Keeps an incident, or what has become of it.
    ///
    /// # Errors
    /// When another incident of the same mailbox is open; when the database cannot be written.
    pub async fn keep_incident(&self, incident: &Incident) -> Result<(), StoreError> {
        let micros = |moment: Option<Timestamp>| moment.map(Timestamp::as_microsecond);
        let keep = sqlx::query(
            "INSERT INTO incident (mailbox, opened_at, last_round_at, reason, closed_at, told_open_at, told_close_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (mailbox, opened_at) DO UPDATE SET closed_at = excluded.closed_at,
                 told_open_at = excluded.told_open_at, told_close_at = excluded.told_close_at",
        )
        .bind(&incident.mailbox)
        .bind(incident.opened_at.as_microsecond())
        .bind(micros(incident.last_round_at))
        .bind(&incident.reason)
        .bind(micros(incident.closed_at))
        .bind(micros(incident.told_open_at))
        .bind(micros(incident.told_close_at));
        let mut work = self.writing().await?;
        work.run(keep).await?;
        work.commit().await
    }

    /// Incidents that last, or of whose end nobody was told yet; oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unfinished_incidents(&self) -> Result<Vec<Incident>, StoreError> {
        let unfinished = sqlx::query(
            "SELECT * FROM incident WHERE closed_at IS NULL OR told_close_at IS NULL ORDER BY opened_at, mailbox",
        );
        self.reading().await?.all(unfinished).await?.iter().map(incident).collect()
    }

    /// The newest incidents, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn incidents(&self, limit: u32) -> Result<Vec<Incident>, StoreError> {
        let newest =
            sqlx::query("SELECT * FROM incident ORDER BY opened_at DESC, mailbox LIMIT $1").bind(limit);
        self.reading().await?.all(newest).await?.iter().map(incident).collect()
    }

    /// Keeps how long a mailbox has been silent; of one that is silent no longer, nothing is kept.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn keep_silence(&self, silence: &Silence) -> Result<(), StoreError> {
        let keep = if silence.seconds == 0 {
            sqlx::query("DELETE FROM silence WHERE mailbox = $1").bind(&silence.mailbox)
        } else {
            sqlx::query(
                "INSERT INTO silence (mailbox, seconds, last_round_at) VALUES ($1, $2, $3)
                 ON CONFLICT (mailbox) DO UPDATE SET seconds = excluded.seconds,
                     last_round_at = excluded.last_round_at",
            )
            .bind(&silence.mailbox)
            .bind(i64::try_from(silence.seconds).unwrap_or(i64::MAX))
            .bind(silence.last_round_at.map(Timestamp::as_microsecond))
        };
        let mut work = self.writing().await?;
        work.run(keep).await?;
        work.commit().await
    }

    /// Every mailbox that was silent when the program ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn silences(&self) -> Result<Vec<Silence>, StoreError> {
        let rows = self.reading().await?.all(sqlx::query("SELECT * FROM silence ORDER BY mailbox")).await?;
        rows.iter()
            .map(|row| {
                Ok(Silence {
                    mailbox: value(row, "mailbox")?,
                    seconds: value(row, "seconds")?,
                    last_round_at: moment_maybe(row, "last_round_at")?,
                })
            })
            .collect()
    }

    /// The last filed letter of each of these mailboxes that has one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn newest_filings(&self, mailboxes: &[MailboxId]) -> Result<Vec<NewestFiling>, StoreError> {
        let mut work = self.reading().await?;
        let mut newest = Vec::new();
        for mailbox in mailboxes {
            let row = sqlx::query(
                "SELECT received_at, filed_at FROM filing WHERE mailbox = $1 ORDER BY id DESC LIMIT 1",
            )
            .bind(mailbox.as_str());
            if let Some(row) = work.maybe(row).await? {
                let (received_at, filed_at) = (moment(&row, "received_at")?, moment(&row, "filed_at")?);
                newest.push(NewestFiling { mailbox: mailbox.clone(), received_at, filed_at });
            }
        }
        Ok(newest)
    }

    /// What the store says of itself; quick, whatever its size.
    ///
    /// # Errors
    /// When the database or its file system does not answer.
    pub async fn figures(&self) -> Result<StoreFigures, StoreError> {
        let mut work = self.reading().await?;
        let known = sqlx::query("SELECT COALESCE(MAX(id), 0) AS filings FROM filing");
        let filings = value(&work.one(known).await?, "filings")?;
        let open = sqlx::query(
            "SELECT COUNT(*) AS letters FROM quarantine WHERE filing IS NULL AND released_at IS NULL",
        );
        let quarantined = value(&work.one(open).await?, "letters")?;
        drop(work);
        let folder = self.folder().clone();
        off_the_async_workers(move || {
            let database = folder.database();
            let size = |suffix: &str| {
                let mut path = database.clone().into_os_string();
                path.push(suffix);
                std::fs::metadata(path).map_or(0, |file| file.len())
            };
            let room =
                rustix::fs::statvfs(&database).map_err(|error| StoreError::at(&database, error.into()))?;
            Ok(StoreFigures {
                filings,
                database_bytes: size("") + size("-wal"),
                free_bytes: room.f_bavail.saturating_mul(room.f_frsize),
                total_bytes: room.f_blocks.saturating_mul(room.f_frsize),
                quarantined,
            })
        })
        .await
    }

    /// Tries to write to the database and beside the blobs; leaves nothing behind.
    ///
    /// # Errors
    /// When one of them cannot be written.
    pub async fn try_writing(&self) -> Result<(), StoreError> {
        let mut work = self.writing().await?;
        let probe = sqlx::query("INSERT INTO silence (mailbox, seconds, last_round_at) VALUES ('', 0, NULL)");
        work.run(probe).await?;
        drop(work); // not committed
        let incoming = self.folder().incoming();
        off_the_async_workers(move || {
            let path = incoming.join(format!("trial.{}", std::process::id()));
            let written = new_private(&path).and_then(|mut file| {
                file.write_all(&[0; 64 * 1024])?;
                file.sync_all()
            });
            let removed = std::fs::remove_file(&path);
            written.and(removed).map_err(|error| StoreError::at(&incoming, error))
        })
        .await
    }

    /// Reads blobs of at most `count` letters back, the newest and others spread over all; how many were read, and what
    /// is wrong with some.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn try_blobs(&self, count: u32) -> Result<(usize, Vec<(FilingId, StoreError)>), StoreError> {
        let half = (count / 2).max(1);
        let sample = sqlx::query(
            "SELECT id, digest FROM (SELECT id, digest FROM filing ORDER BY id DESC LIMIT $1) AS newest
             UNION
             SELECT id, digest FROM filing
             WHERE id % (1 + (SELECT MAX(id) FROM filing) / $1) = 0",
        )
        .bind(half);
        let rows = self.reading().await?.all(sample).await?;
        let mut wrong = Vec::new();
        for row in &rows {
            let (id, digest): (i64, Digest) = (value(row, "id")?, parsed(row, "digest")?);
            if let Err(error) = self.blob(&digest).await {
                wrong.push((FilingId(id), error));
            }
        }
        Ok((rows.len(), wrong))
    }

    /// Whether the database answers within `patience`.
    ///
    /// # Errors
    /// When it does not.
    pub async fn answers(&self, patience: Duration) -> Result<(), StoreError> {
        let asked = async { self.reading().await?.one(sqlx::query("SELECT 1 AS one")).await.map(|_| ()) };
        let locked = StoreError::Locked { database: self.folder().database() };
        tokio::time::timeout(patience, asked).await.unwrap_or(Err(locked))
    }
}

fn incident(row: &SqliteRow) -> Result<Incident, StoreError> {
    Ok(Incident {
        mailbox: value(row, "mailbox")?,
        opened_at: moment(row, "opened_at")?,
        last_round_at: moment_maybe(row, "last_round_at")?,
        reason: value(row, "reason")?,
        closed_at: moment_maybe(row, "closed_at")?,
        told_open_at: moment_maybe(row, "told_open_at")?,
        told_close_at: moment_maybe(row, "told_close_at")?,
    })
}
