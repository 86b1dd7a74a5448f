//! The store's folder on disk: made, closed to everybody but its owner, and held while the store is open.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Where things lie in the store's folder.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    /// The folder itself, absolute.
    path: PathBuf,
}

/// Who may read and write: the owner, nobody else.
const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

pub(super) const DATABASE: &str = "skrynka.db";
const LOCK: &str = "lock";
const DAEMON_LOCK: &str = "daemon.lock";

impl Folder {
    /// Makes or opens the folder and the files that must exist before the database does, all private.
    ///
    /// The lock returned is held as long as the store is open. Whoever finds himself alone holds it exclusively, clears
    /// what an earlier process left half written, and keeps others waiting until [`Folder::share`].
    pub(super) fn prepare(path: &Path) -> Result<(Self, File), StoreError> {
        let path = std::path::absolute(path).map_err(|error| StoreError::at(path, error))?;
        let folder = Self { path };
        make_folder(&folder.path)?;
        folder.refuse_other_files()?;
        narrow(&folder.path)?;
        make_folder(&folder.blobs())?;
        narrow(&folder.blobs())?;
        let lock = open_private(&folder.path.join(LOCK))?;
        // SQLite gives its -wal and -shm files the mode of the database, so this one mode decides all three.
        open_private(&folder.database())?;
        folder.sweep(&lock)?;
        Ok((folder, lock))
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The database's file.
    pub(super) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// Where blobs lie.
    pub(super) fn blobs(&self) -> PathBuf {
        self.path.join("blobs")
    }

    /// Where blobs are written before they get their name: in the same file system, so that a rename is whole.
    pub(super) fn incoming(&self) -> PathBuf {
        self.blobs().join("incoming")
    }

    /// A wrong path (`/tmp`, somebody's home) must not have its mode narrowed nor be filled with letters.
    fn refuse_other_files(&self) -> Result<(), StoreError> {
        if self.database().exists() {
            return Ok(());
        }
        let ours = [LOCK, DAEMON_LOCK, "blobs", "lost+found"]; // the last one: a file system of its own
        for entry in fs::read_dir(&self.path).map_err(|error| StoreError::at(&self.path, error))? {
            let name = entry.map_err(|error| StoreError::at(&self.path, error))?.file_name();
            if !ours.iter().any(|known| name == *known) && !name.to_string_lossy().starts_with(DATABASE) {
                let found = name.to_string_lossy().into_owned();
                return Err(StoreError::NotAStore { folder: self.path.clone(), found });
            }
        }
        Ok(())
    }

    /// The lock of the one daemon that may watch mailboxes for this store; none when another daemon has it.
    pub(super) fn daemon_lock(&self) -> Result<Option<File>, StoreError> {
        let path = self.path.join(DAEMON_LOCK);
        let lock = open_private(&path)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(StoreError::at(&path, error)),
        }
    }

    /// Lets other processes in, once the database has its shape.
    pub(super) fn share(&self, lock: &File) -> Result<(), StoreError> {
        lock.lock_shared().map_err(|error| StoreError::at(&self.path.join(LOCK), error))
    }

    /// Takes the lock, and removes half-written blobs if no other process has the store open.
    fn sweep(&self, lock: &File) -> Result<(), StoreError> {
        let incoming = self.incoming();
        if lock.try_lock().is_ok() {
            match fs::remove_dir_all(&incoming) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::at(&incoming, error));
                }
                _ => {}
            }
        } else {
            self.share(lock)?;
        }
        make_folder(&incoming)
    }
}

/// Makes a folder and those above it, readable by the owner only; one that exists is left as it is.
pub(super) fn make_folder(path: &Path) -> Result<(), StoreError> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)
        .map_err(|error| StoreError::at(path, error))
}

/// Makes a new file that only the owner can read.
pub(super) fn new_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)
}

pub(super) fn open_private(path: &Path) -> Result<File, StoreError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(path)
        .map_err(|error| StoreError::at(path, error))?;
    narrow(path)?;
    Ok(file)
}

/// Takes the rights of group and others away, if they have any.
pub(super) fn narrow(path: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::at(path, error);
    let mut permissions = fs::metadata(path).map_err(failed)?.permissions();
    if permissions.mode() & 0o077 != 0 {
        permissions.set_mode(permissions.mode() & 0o700);
        fs::set_permissions(path, permissions).map_err(failed)?;
    }
    Ok(())
}
