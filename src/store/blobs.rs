//! Bytes ↔ files named by their SHA-256: `blobs/ab/cdef…`, each whole or absent.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

use super::columns::parsed;
use super::folder::{Folder, make_folder, new_private};
use super::work::Work;
use super::{Store, StoreError, off_the_async_workers};
use crate::mishap::{self, Point};
use crate::model::Digest;

/// A text that is above every digest.
pub(super) const ABOVE_ALL: &str = "g";

/// How much of a file is in memory while it is read through (bytes): large enough that the disk, not the calls, decides.
const WINDOW_BYTES: usize = 256 * 1024;

impl Store {
    /// Keeps `bytes` durably under their digest: when this returns, they survive a power cut. Keeping the same bytes
    /// again changes nothing, except that a damaged blob is made whole.
    ///
    /// # Errors
    /// When the folder cannot be written or is full.
    pub async fn keep_blob(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let folder = self.folder().clone();
        let bytes = bytes.to_vec(); // the blocking thread outlives a dropped future; a copy costs less than an fsync
        off_the_async_workers(move || keep(&folder, &bytes)).await
    }

    /// The bytes with this digest, checked against it.
    ///
    /// # Errors
    /// When there is no such blob, or its bytes are no longer those that were kept.
    pub async fn blob(&self, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        let path = blob_path(self.folder(), digest);
        let digest = *digest;
        off_the_async_workers(move || match fs::read(&path) {
            Ok(bytes) if Digest::of(&bytes) == digest => Ok(bytes),
            Ok(_) => Err(StoreError::BlobDamaged { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::BlobMissing { path }),
            Err(error) => Err(StoreError::at(&path, error)),
        })
        .await
    }

    /// That the blob of a letter is there in its full length. Its bytes were hashed and synced when it was kept.
    pub(super) async fn require_blob(&self, digest: &Digest, length: usize) -> Result<(), StoreError> {
        let path = blob_path(self.folder(), digest);
        match tokio::fs::metadata(&path).await {
            Ok(found) if usize::try_from(found.len()) == Ok(length) => Ok(()),
            Ok(_) => Err(StoreError::BlobDamaged { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::BlobMissing { path }),
            Err(error) => Err(StoreError::at(&path, error)),
        }
    }
}

fn blob_path(folder: &Folder, digest: &Digest) -> PathBuf {
    place_in(&folder.blobs(), digest)
}

/// The file of a blob below a folder of blobs: the store's own or a backup's.
pub(super) fn place_in(blobs: &Path, digest: &Digest) -> PathBuf {
    let name = digest.to_string();
    let (first, rest) = name.split_at(2);
    blobs.join(first).join(rest)
}

/// The digests of the blobs that the database names, in order, after `after` and before `below` (hexadecimal), at most
/// `limit`. Every table that names a blob belongs into this statement: what it leaves out is in no backup.
pub(super) async fn named(
    work: &mut Work,
    after: &str,
    below: &str,
    limit: u32,
) -> Result<Vec<Digest>, StoreError> {
    let named = sqlx::query(
        "SELECT digest FROM filing WHERE digest > $1 AND digest < $2
         UNION SELECT digest FROM quarantine WHERE digest > $1 AND digest < $2
         UNION SELECT digest FROM picture WHERE digest > $1 AND digest < $2
         UNION SELECT digest FROM proof WHERE der IS NULL AND digest > $1 AND digest < $2
         ORDER BY digest LIMIT $3",
    )
    .bind(after)
    .bind(below)
    .bind(limit);
    work.all(named).await?.iter().map(|row| parsed(row, "digest")).collect()
}

/// Digest and length of a file's bytes; what is read goes to `each` too.
pub(super) fn read_through(
    path: &Path,
    mut each: impl FnMut(&[u8]) -> Result<(), StoreError>,
) -> Result<io::Result<(Digest, u64)>, StoreError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return Ok(Err(error)),
    };
    let (mut hash, mut length, mut window) = (Sha256::new(), 0_u64, vec![0; WINDOW_BYTES]);
    loop {
        let bytes = match file.read(&mut window) {
            Ok(0) => return Ok(Ok((Digest(hash.finalize().into()), length))),
            Ok(count) => window.get(..count).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Ok(Err(error)),
        };
        hash.update(bytes);
        length = length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        each(bytes)?;
    }
}

fn keep(folder: &Folder, bytes: &[u8]) -> Result<Digest, StoreError> {
    let digest = Digest::of(bytes);
    let path = blob_path(folder, &digest);
    let shelf = path.parent().unwrap_or(&path);
    if !shelf.exists() {
        make_folder(shelf)?;
        sync_folder(&folder.blobs())?;
    }
    if fs::read(&path).is_ok_and(|kept| kept == bytes) {
        // Perhaps another process renamed it a moment ago and did not sync the folder yet.
        sync_folder(shelf)?;
        return Ok(digest);
    }
    let half = write_half(&folder.incoming(), &digest, bytes)?;
    mishap::at(Point::BlobWritten);
    if let Err(error) = fs::rename(&half, &path) {
        let _ = fs::remove_file(&half); // the rename's error is the one to tell; a left-over is swept at the next start
        return Err(StoreError::at(&path, error));
    }
    mishap::at(Point::BlobNamed);
    sync_folder(shelf)?;
    Ok(digest)
}

/// Writes the bytes, synced, under a name that nobody else uses.
fn write_half(incoming: &Path, digest: &Digest, bytes: &[u8]) -> Result<PathBuf, StoreError> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let path = loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = incoming.join(format!("{digest}.{}.{number}", std::process::id()));
        match new_private(&path) {
            Ok(file) => break fill(file, bytes).map(|()| path.clone()).map_err(|error| (path, error)),
            // Left by an earlier process that had our number.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(StoreError::at(&path, error)),
        }
    };
    path.map_err(|(path, error)| {
        let _ = fs::remove_file(&path); // as above
        // The folder, not the name that nobody will find: the same trouble is then told in the same words.
        StoreError::at(incoming, error)
    })
}

fn fill(mut file: File, bytes: &[u8]) -> io::Result<()> {
    mishap::at(Point::BlobBegun);
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a rename in the folder durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|error| StoreError::at(path, error))
}
