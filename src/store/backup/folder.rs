//! A backup's folder on disk: made, held by one writer at a time, and changed to the next backup in one step.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::manifest::{DatabaseFile, FORMAT, Manifest};
use crate::store::StoreError;
use crate::store::blobs::{read_through, sync_folder};
use crate::store::folder::{make_folder, narrow, new_private, open_private};

const MANIFEST: &str = "manifest.json";
const LOCK: &str = "lock";

/// A backup's folder.
pub(super) struct BackupFolder {
    path: PathBuf,
    /// Held as long as the folder is used.
    _lock: Option<File>,
}

impl BackupFolder {
    /// Makes or opens a folder to write a backup of `store` into; what an interrupted one left half written goes.
    pub(super) fn prepare(path: &Path, store: &Path) -> Result<Self, StoreError> {
        let made = !path.exists();
        make_folder(path).map_err(of_backup)?;
        let failed = |error| StoreError::in_backup(path, error);
        let path = path.canonicalize().map_err(failed)?;
        let store = store.canonicalize().map_err(failed)?;
        if path.starts_with(&store) || store.starts_with(&path) {
            if made {
                let _ = fs::remove_dir(&path); // ours, empty, and of no use there
            }
            return Err(StoreError::BackupInStore { folder: path, store });
        }
        refuse_other_files(&path)?;
        narrow(&path).map_err(of_backup)?;
        let lock = open_private(&path.join(LOCK)).map_err(of_backup)?;
        held(lock.try_lock(), &path)?;
        let folder = Self { path, _lock: Some(lock) };
        folder.sweep()?;
        for part in [folder.blobs(), folder.incoming()] {
            make_folder(&part).map_err(of_backup)?;
        }
        Ok(folder)
    }

    /// Opens a folder to restore from. It may lie on a disk that cannot be written.
    pub(super) fn look_into(path: &Path) -> Result<Self, StoreError> {
        let path = std::path::absolute(path).map_err(|error| StoreError::in_backup(path, error))?;
        let lock = match File::open(path.join(LOCK)) {
            Ok(lock) => {
                held(lock.try_lock_shared(), &path)?;
                Some(lock)
            }
            // A copy of a backup may have come without it.
            Err(_) => None,
        };
        Ok(Self { path, _lock: lock })
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where its blobs lie.
    pub(super) fn blobs(&self) -> PathBuf {
        self.path.join("blobs")
    }

    /// Where files are written before they get their name.
    pub(super) fn incoming(&self) -> PathBuf {
        self.path.join("incoming")
    }

    /// The manifest of the finished backup that it holds, if any.
    pub(super) fn manifest(&self) -> Result<Option<Manifest>, StoreError> {
        let path = self.path.join(MANIFEST);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::in_backup(&path, error)),
        };
        let damaged = |detail: String| StoreError::BackupDamaged { path: path.clone(), detail };
        let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if manifest.format != FORMAT {
            return Err(damaged(format!("its layout is {}, this program knows {FORMAT}", manifest.format)));
        }
        // The name leads to a file: it must not lead out of the folder.
        if !DatabaseFile::is_one(&manifest.database.file) {
            return Err(damaged(format!("it names the database `{}`", manifest.database.file)));
        }
        Ok(Some(manifest))
    }

    /// An empty file for the new copy of the database, private before there is anything in it.
    pub(super) fn new_database(&self) -> Result<PathBuf, StoreError> {
        let path = self.incoming().join("database");
        new_private(&path).map_err(|error| StoreError::in_backup(&path, error))?;
        Ok(path)
    }

    /// Makes the copy `half` and all blobs durable, and then the folder's backup, in one step.
    pub(super) fn publish(
        &self,
        half: &Path,
        manifest: impl FnOnce(DatabaseFile) -> Manifest,
    ) -> Result<Manifest, StoreError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| StoreError::in_backup(&path, error)
        };
        sync_blobs(&self.blobs()).map_err(of_backup)?;
        File::open(half).and_then(|file| file.sync_all()).map_err(failed(half))?;
        let (sha256, bytes) = read_through(half, |_| Ok(()))?.map_err(failed(half))?;
        let file = DatabaseFile::name(&sha256);
        fs::rename(half, self.path.join(&file)).map_err(failed(half))?;
        sync_folder(&self.path).map_err(of_backup)?;
        let manifest = manifest(DatabaseFile { file, bytes, sha256 });
        let text = serde_json::to_vec_pretty(&manifest).map_err(io::Error::other);
        let new = self.incoming().join(MANIFEST);
        let written = text.and_then(|text| {
            let mut file = new_private(&new)?;
            file.write_all(&text)?;
            file.sync_all()
        });
        written.map_err(failed(&new))?;
        fs::rename(&new, self.path.join(MANIFEST)).map_err(failed(&new))?;
        sync_folder(&self.path).map_err(of_backup)?;
        sync_above(&self.path);
        self.sweep()?;
        Ok(manifest)
    }

    /// Removes what belongs to no finished backup: half-written files, and databases that the manifest does not name.
    pub(super) fn sweep(&self) -> Result<(), StoreError> {
        let incoming = self.incoming();
        match fs::remove_dir_all(&incoming) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StoreError::in_backup(&incoming, error));
            }
            _ => {}
        }
        let counts = self.manifest()?.map(|manifest| manifest.database.file);
        for name in names_in(&self.path)? {
            if DatabaseFile::is_one(&name) && Some(&name) != counts.as_ref() {
                let path = self.path.join(&name);
                fs::remove_file(&path).map_err(|error| StoreError::in_backup(&path, error))?;
            }
        }
        Ok(())
    }
}

/// Makes every rename below a folder of blobs durable; a killed backup may have left some that are not.
pub(super) fn sync_blobs(blobs: &Path) -> Result<(), StoreError> {
    for name in names_in(blobs)? {
        let shelf = blobs.join(name);
        if shelf.is_dir() {
            sync_folder(&shelf)?;
        }
    }
    sync_folder(blobs)
}

/// Makes durable that a folder is there; the one above it may be closed to us, and then was made by somebody else.
pub(super) fn sync_above(folder: &Path) {
    if let Some(above) = folder.parent() {
        let _ = sync_folder(above);
    }
}

/// The names in a folder.
pub(super) fn names_in(folder: &Path) -> Result<Vec<String>, StoreError> {
    let names = fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    });
    names.map_err(|error| StoreError::in_backup(folder, error))
}

/// A wrong path must not have its mode narrowed, nor its files swept.
fn refuse_other_files(folder: &Path) -> Result<(), StoreError> {
    let ours = [MANIFEST, LOCK, "blobs", "incoming", "lost+found"]; // the last one: a disk of its own
    let found = names_in(folder)?.into_iter();
    match found.into_iter().find(|name| !ours.contains(&name.as_str()) && !DatabaseFile::is_one(name)) {
        Some(found) => Err(StoreError::NotABackup { folder: folder.to_owned(), found }),
        None => Ok(()),
    }
}

fn held(locked: Result<(), TryLockError>, folder: &Path) -> Result<(), StoreError> {
    match locked {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(StoreError::BackupBusy { folder: folder.to_owned() }),
        Err(TryLockError::Error(error)) => Err(StoreError::in_backup(&folder.join(LOCK), error)),
    }
}

/// The same fault, told as one of the backup and not of the store.
pub(super) fn of_backup(error: StoreError) -> StoreError {
    match error {
        StoreError::Folder { path, source } => StoreError::Backup { path, source },
        StoreError::DiskFull { path } => {
            StoreError::Backup { path, source: io::Error::from(io::ErrorKind::StorageFull) }
        }
        other => other,
    }
}
