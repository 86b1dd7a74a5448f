//! The store → a backup: a folder with one consistent copy of the database, every blob that it names, and a manifest.
//!
//! Why in this order. A blob is durable before the filing that names it, and no blob is ever removed; so whatever the
//! copied database names lies in the store once the copy is made, and blobs are copied after it, once. Blobs in the
//! backup are only added to, so an earlier database finds its own there all the time. The new database gets a name of
//! its own, and the manifest, which says which database counts, is replaced last and in one step: killed at any moment,
//! the folder holds the earlier backup or the new one, whole.
//!
//! Why `VACUUM INTO`. It reads one moment of the database within a single read transaction: in WAL mode neither the
//! daemon nor anybody else waits for it, and it ends however much is written meanwhile (SQLite's backup steps begin
//! anew at every write of another process). Until it ends the write-ahead log is not reset, and grows by what is written.
//!
//! No hard links to the store's blobs: a link shares the very bits that a backup is to outlive.

mod blob;
mod folder;
mod manifest;
mod restore;
mod still;

pub use blob::LostBlob;
pub use manifest::{DatabaseFile, Manifest, Mark};
pub use restore::RestoreReport;

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use sqlx::sqlite::SqliteConnectOptions;

use self::blob::{Copied, copy_all};
use self::folder::BackupFolder;
use self::still::Still;
use super::{LOCK_WAIT, Store, StoreError, off_the_async_workers, pool};
use crate::model::Timestamp;

/// What a backup did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BackupReport {
    /// What the folder now holds.
    pub manifest: Manifest,
    /// Blobs that were copied now.
    pub copied: u64,
    /// Their bytes.
    pub copied_bytes: u64,
    /// Blobs that an earlier backup had copied.
    pub already_there: u64,
}

impl Store {
    /// Brings the backup in `to` to the store's present state, beside a running daemon: the database as it was at one
    /// moment, and of the blobs those that are not there yet. With `reread`, blobs that are there are read and copied
    /// anew where they are damaged; else their length must do.
    ///
    /// A blob that the store itself has lost does not keep the rest from being saved: it is named in the manifest.
    ///
    /// # Errors
    /// When the folder holds anything but a backup of this store; when the database is damaged; when the folder cannot
    /// be written. What was there before can be restored as before.
    pub async fn backup(
        &self,
        to: &Path,
        program: &str,
        now: Timestamp,
        reread: bool,
    ) -> Result<BackupReport, StoreError> {
        let (to, store) = (to.to_owned(), self.folder().path().to_owned());
        let folder = off_the_async_workers(move || BackupFolder::prepare(&to, &store)).await?;
        let folder = Arc::new(folder);
        let done = self.backup_into(&folder, program, now, reread).await;
        if done.is_err() {
            // Else a copy of the database would lie there until the next backup. The first fault is the one to tell.
            let _ = folder.sweep();
        }
        done
    }

    async fn backup_into(
        &self,
        folder: &Arc<BackupFolder>,
        program: &str,
        now: Timestamp,
        reread: bool,
    ) -> Result<BackupReport, StoreError> {
        let earlier = folder.manifest()?;
        let half = folder.new_database()?;
        self.copy_database(&half).await?;
        let still = Still::open(&half).await?;
        still.require_soundness(&self.folder().database()).await?;
        if let Some(mark) = earlier.and_then(|manifest| manifest.mark)
            && !still.has(&mark).await?
        {
            let folder = folder.path().to_owned();
            return Err(StoreError::BackupOfAnother { folder, audit_line: mark.audit_line });
        }
        let Copied { copied, copied_bytes, already_there, named, named_bytes, lost } =
            copy_all(&still, &self.folder().blobs(), &folder.blobs(), &folder.incoming(), reread)
                .await
                .map_err(folder::of_backup)?;
        let facts = still.facts().await?;
        still.close().await;
        let (folder, program) = (Arc::clone(folder), program.to_owned());
        let manifest = off_the_async_workers(move || {
            folder.publish(&half, |database| Manifest {
                format: manifest::FORMAT,
                program,
                schema: facts.schema,
                taken_at: now,
                database,
                filings: facts.filings,
                blobs: named,
                blob_bytes: named_bytes,
                mark: facts.mark,
                lost,
            })
        })
        .await?;
        Ok(BackupReport { manifest, copied, copied_bytes, already_there })
    }

    /// The database as it is at one moment → a new file.
    async fn copy_database(&self, to: &Path) -> Result<(), StoreError> {
        let database = self.folder().database();
        // A connection of its own: it must not be in a transaction, nor hold up our queue of writers.
        let options = SqliteConnectOptions::new().filename(&database).read_only(true).busy_timeout(LOCK_WAIT);
        let own = pool(1).connect_with(options).await;
        let own = own.map_err(|error| StoreError::of_database(&database, error))?;
        let Some(name) = to.to_str() else {
            let error = std::io::Error::other("the name is not UTF-8");
            return Err(StoreError::in_backup(to, error));
        };
        let copied = sqlx::query("VACUUM INTO $1").bind(name).execute(&own).await;
        own.close().await;
        match copied.map_err(|error| StoreError::of_database(&database, error)) {
            Ok(_) => Ok(()),
            // The store itself is only read here.
            Err(StoreError::DiskFull { .. } | StoreError::NotWritable { .. }) => {
                let error = std::io::Error::other("no room left, or not writable");
                Err(StoreError::in_backup(to, error))
            }
            Err(error) => Err(error),
        }
    }
}
