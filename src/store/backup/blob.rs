//! The blobs that a database names → another folder of blobs, each whole or absent.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::still::Still;
use crate::model::Digest;
use crate::store::blobs::{place_in, read_through};
use crate::store::folder::{make_folder, new_private};
use crate::store::{StoreError, off_the_async_workers};

/// Blobs that are looked at between two questions to the database.
const PAGE: u32 = 500;

/// Blobs that are copied at the same time.
const COPIERS: usize = 8;

/// A blob that could not be copied, because its source is gone or no longer what its name says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LostBlob {
    /// Its name.
    pub digest: Digest,
    /// What is wrong with it.
    pub why: String,
}

/// What became of all blobs.
#[derive(Default)]
pub(super) struct Copied {
    pub(super) copied: u64,
    pub(super) copied_bytes: u64,
    pub(super) already_there: u64,
    pub(super) named: u64,
    pub(super) named_bytes: u64,
    pub(super) lost: Vec<LostBlob>,
}

/// Copies every blob that the database names from one folder of blobs to another, where it is not there yet. With
/// `reread`, one that is there counts only if its bytes are right; else its length must do, because it was given its
/// name only when it was whole.
pub(super) async fn copy_all(
    still: &Still,
    from: &Path,
    to: &Path,
    incoming: &Path,
    reread: bool,
) -> Result<Copied, StoreError> {
    let mut all = Copied::default();
    let mut after = None;
    loop {
        let page = still.named(after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = Some(*last);
        let (from, to, incoming) = (from.to_owned(), to.to_owned(), incoming.to_owned());
        let some = off_the_async_workers(move || copy_page(&page, &from, &to, &incoming, reread)).await?;
        all.add(some);
    }
}

/// Several at a time: a disk that makes many files durable in one go is several times as fast as one after the other.
fn copy_page(
    page: &[Digest],
    from: &Path,
    to: &Path,
    incoming: &Path,
    reread: bool,
) -> Result<Copied, StoreError> {
    let each = page.len().div_ceil(COPIERS).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = page
            .chunks(each)
            .map(|part| scope.spawn(|| copy_part(part, from, to, incoming, reread)))
            .collect();
        let mut all = Copied::default();
        for part in parts {
            all.add(part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(all)
    })
}

fn copy_part(
    part: &[Digest],
    from: &Path,
    to: &Path,
    incoming: &Path,
    reread: bool,
) -> Result<Copied, StoreError> {
    let mut all = Copied::default();
    for digest in part {
        all.named += 1;
        match copy(from, to, incoming, digest, reread)? {
            Fate::Copied(bytes) => {
                all.copied += 1;
                all.copied_bytes += bytes;
                all.named_bytes += bytes;
            }
            Fate::AlreadyThere(bytes) => {
                all.already_there += 1;
                all.named_bytes += bytes;
            }
            Fate::Lost(why) => all.lost.push(LostBlob { digest: *digest, why }),
        }
    }
    Ok(all)
}

impl Copied {
    fn add(&mut self, other: Self) {
        self.copied += other.copied;
        self.copied_bytes += other.copied_bytes;
        self.already_there += other.already_there;
        self.named += other.named;
        self.named_bytes += other.named_bytes;
        self.lost.extend(other.lost);
    }
}

enum Fate {
    Copied(u64),
    AlreadyThere(u64),
    Lost(String),
}

fn copy(from: &Path, to: &Path, incoming: &Path, digest: &Digest, reread: bool) -> Result<Fate, StoreError> {
    let (source, target) = (place_in(from, digest), place_in(to, digest));
    if let Ok(there) = fs::metadata(&target) {
        let alike = !reread && fs::metadata(&source).is_ok_and(|source| source.len() == there.len());
        // A source that is gone or cut short must not replace what may be the last good copy.
        if alike || matches!(read_through(&target, |_| Ok(()))?, Ok((found, _)) if found == *digest) {
            return Ok(Fate::AlreadyThere(there.len()));
        }
    }
    let half = incoming.join(digest.to_string());
    let written = |error| StoreError::at(&half, error);
    let mut file = new_or_emptied(&half).map_err(written)?;
    let read = read_through(&source, |bytes| file.write_all(bytes).map_err(written))?;
    let why = match read {
        Ok((found, bytes)) if found == *digest => {
            file.sync_all().map_err(written)?;
            if let Some(shelf) = target.parent() {
                make_folder(shelf)?;
            }
            fs::rename(&half, &target).map_err(written)?;
            return Ok(Fate::Copied(bytes));
        }
        Ok(_) => "its bytes no longer have the digest of its name".to_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => "it is missing".to_owned(),
        Err(error) => format!("it cannot be read: {error}"),
    };
    fs::remove_file(&half).map_err(written)?;
    Ok(Fate::Lost(why))
}

/// A private file; one that an interrupted restore left is written anew.
fn new_or_emptied(path: &Path) -> io::Result<File> {
    match new_private(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            new_private(path)
        }
        opened => opened,
    }
}
