//! A backup → a store in a new folder, every byte of it checked before it is one.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::LostBlob;
use super::blob::{Copied, copy_all};
use super::folder::{BackupFolder, names_in, sync_above, sync_blobs};
use super::manifest::Manifest;
use super::still::Still;
use crate::store::blobs::{place_in, read_through, sync_folder};
use crate::store::check::{Checked, Depth};
use crate::store::folder::{DATABASE, make_folder, narrow, open_private};
use crate::store::{Store, StoreError, off_the_async_workers, schema};

/// The database while it is being restored. A folder in which it lies is no store yet ([`Store::open`] refuses it), and
/// becomes one in the step that gives it its real name.
const RESTORING: &str = "restoring";

/// What was restored.
#[derive(Clone, Debug, Serialize)]
pub struct RestoreReport {
    /// The store's folder.
    pub folder: PathBuf,
    /// The backup's manifest.
    pub manifest: Manifest,
    /// Blobs restored, each read and found right.
    pub blobs: u64,
    /// Their bytes.
    pub blob_bytes: u64,
    /// Blobs that the backup does not have as they should be.
    pub lost: Vec<LostBlob>,
    /// The restored store, checked.
    pub checked: Vec<Checked>,
}

impl Store {
    /// Makes a store in `to`, a new or empty folder, from the backup in `from`. The database's digest, its inner
    /// soundness and every blob's digest are checked on the way, and the store as a whole at the end. Killed and
    /// called again, it goes on where it was.
    ///
    /// # Errors
    /// When there is no backup, or the folder holds anything. When the backup is damaged: a damaged database is never
    /// restored, missing or damaged blobs only with `keep_going`.
    pub async fn restore(from: &Path, to: &Path, keep_going: bool) -> Result<RestoreReport, StoreError> {
        let backup = from.to_owned();
        let backup = off_the_async_workers(move || BackupFolder::look_into(&backup)).await?;
        let Some(manifest) = backup.manifest()? else {
            return Err(StoreError::NoBackup { folder: backup.path().to_owned() });
        };
        let database = backup.path().join(&manifest.database.file);
        let still = sound(&database, &manifest).await?;
        let place = to.to_owned();
        let (to, half) = off_the_async_workers(move || begin(&place)).await?;
        let blobs = to.join("blobs");
        let incoming = blobs.join("incoming");
        let Copied { named, named_bytes, lost, .. } =
            copy_all(&still, &backup.blobs(), &blobs, &incoming, true).await?;
        still.close().await;
        if let (Some(first), false) = (lost.first(), keep_going) {
            return Err(StoreError::BackupIncomplete {
                folder: backup.path().to_owned(),
                count: lost.len(),
                first: place_in(&backup.blobs(), &first.digest),
                why: first.why.clone(),
            });
        }
        let (folder, sha256) = (to.clone(), manifest.database.sha256);
        off_the_async_workers(move || {
            sync_blobs(&blobs)?;
            let mut file = &half;
            let found = read_through(&database, |bytes| {
                file.write_all(bytes).map_err(|error| StoreError::at(&folder.join(RESTORING), error))
            })?;
            let found = found.map_err(|error| StoreError::in_backup(&database, error))?.0;
            if found != sha256 {
                let detail = "its digest is not the manifest's".to_owned();
                return Err(StoreError::BackupDamaged { path: database, detail });
            }
            let named =
                file.sync_all().and_then(|()| fs::rename(folder.join(RESTORING), folder.join(DATABASE)));
            named.map_err(|error| StoreError::at(&folder.join(DATABASE), error))?;
            sync_folder(&folder)?;
            sync_above(&folder);
            Ok(())
        })
        .await?;
        let store = Self::open(&to).await?;
        let checked = store.check(Depth::Present).await;
        store.close().await;
        let blobs = named - u64::try_from(lost.len()).unwrap_or(named);
        Ok(RestoreReport { folder: to, manifest, blobs, blob_bytes: named_bytes, lost, checked })
    }
}

/// The backup's database, opened once it is known to be what the manifest says.
async fn sound(database: &Path, manifest: &Manifest) -> Result<Still, StoreError> {
    let damaged = |detail: String| StoreError::BackupDamaged { path: database.to_owned(), detail };
    let known = schema::newest();
    if manifest.schema > known {
        let database = database.to_owned();
        return Err(StoreError::NewerSchema { database, found: manifest.schema, known });
    }
    let file = database.to_owned();
    let found = off_the_async_workers(move || {
        let read = read_through(&file, |_| Ok(()))?;
        read.map_err(|error| StoreError::in_backup(&file, error))
    })
    .await?;
    if found != (manifest.database.sha256, manifest.database.bytes) {
        return Err(damaged("its digest is not the manifest's".to_owned()));
    }
    let still = Still::open(database).await?;
    still.require_soundness(database).await?;
    let facts = still.facts().await?;
    if (facts.schema, facts.filings, facts.mark) != (manifest.schema, manifest.filings, manifest.mark) {
        return Err(damaged("the manifest tells of another database".to_owned()));
    }
    Ok(still)
}

/// Makes the folder and, in it, the empty database to restore into, held against a second restore.
fn begin(to: &Path) -> Result<(PathBuf, File), StoreError> {
    let to = std::path::absolute(to).map_err(|error| StoreError::at(to, error))?;
    make_folder(&to)?;
    // An interrupted restore left its mark, and nothing but its own files can have come since.
    if !to.join(RESTORING).exists() {
        let found = names_in(&to)?.into_iter().find(|name| name != "lost+found");
        if let Some(found) = found {
            return Err(StoreError::NotEmpty { folder: to, found });
        }
    }
    if to.join(DATABASE).exists() {
        return Err(StoreError::NotEmpty { folder: to, found: DATABASE.to_owned() });
    }
    narrow(&to)?;
    let half = open_private(&to.join(RESTORING))?;
    match half.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StoreError::BackupBusy { folder: to }),
        Err(TryLockError::Error(error)) => return Err(StoreError::at(&to, error)),
    }
    half.set_len(0).map_err(|error| StoreError::at(&to, error))?;
    make_folder(&to.join("blobs").join("incoming"))?;
    if !to.join(RESTORING).exists() {
        // Another restore ended between our look and our lock: the folder is a store now.
        let error = io::Error::other("another restore ended here just now");
        return Err(StoreError::at(&to, error));
    }
    Ok((to, half))
}
