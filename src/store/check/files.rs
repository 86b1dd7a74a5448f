//! The store's folder → whether every blob that is named is there and whole, what else lies there, and who may read it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::{CLOSE, Checked, Depth, FETCH_BLOB};
use crate::model::Digest;
use crate::store::blobs::{ABOVE_ALL, named, place_in, read_through};
use crate::store::{Store, StoreError, off_the_async_workers};

/// Shelves (`blobs/ab`): two hexadecimal digits.
const SHELVES: u32 = 256;

impl Store {
    /// Every blob that the database names, shelf by shelf.
    pub(super) async fn check_blobs(&self, depth: Depth) -> Checked {
        let mut line = Checked::new("blobs", FETCH_BLOB);
        let mut strays = 0;
        for shelf in 0..SHELVES {
            let below =
                if shelf + 1 == SHELVES { ABOVE_ALL.to_owned() } else { format!("{:02x}", shelf + 1) };
            if let Err(error) = self.check_shelf(&mut line, &mut strays, depth, shelf, &below).await {
                line.unless_failed(Err(error));
                break;
            }
        }
        if strays > 0 {
            line.notes.push(format!(
                "{strays} blobs that nothing names: a letter was kept and the program ended before it was filed (it was \
                 fetched again, nothing is lost), or a copy's pictures were made anew"
            ));
        }
        let incoming = self.folder().incoming();
        let half = fs::read_dir(&incoming).map_or(0, Iterator::count);
        if half > 0 {
            line.notes.push(format!(
                "{half} half-written files in {}: being written now, or swept at the next start that finds no other \
                 skrynka running",
                incoming.display()
            ));
        }
        line
    }

    async fn check_shelf(
        &self,
        line: &mut Checked,
        strays: &mut usize,
        depth: Depth,
        shelf: u32,
        below: &str,
    ) -> Result<(), StoreError> {
        let (blobs, name) = (self.folder().blobs(), format!("{shelf:02x}"));
        // The folder first: what is named afterwards and lies there was not yet named, and no stray.
        let lying = blobs_on(&blobs.join(&name), &name)?;
        let named = named(&mut self.reading().await?, &name, below, u32::MAX).await?;
        let named_set: BTreeSet<Digest> = named.iter().copied().collect();
        *strays += lying.difference(&named_set).count();
        line.count += u64::try_from(named.len()).unwrap_or(u64::MAX);
        let faults = off_the_async_workers(move || {
            let mut faults = Vec::new();
            for digest in named {
                let path = place_in(&blobs, &digest);
                faults.extend(fault_of(&path, &digest, depth)?);
            }
            Ok(faults)
        })
        .await?;
        faults.into_iter().for_each(|fault| line.wrong(fault));
        Ok(())
    }

    /// That nobody but the owner can read anything.
    pub(super) async fn check_rights(&self) -> Checked {
        let mut line = Checked::new("files closed to others", CLOSE);
        let folder = self.folder().path().to_owned();
        let looked = off_the_async_workers(move || {
            let (mut count, mut open) = (0, Vec::new());
            look_at_rights(&folder, &mut count, &mut open).map_err(|error| StoreError::at(&folder, error))?;
            Ok((count, open))
        })
        .await;
        match looked {
            Ok((count, open)) => {
                line.count = count;
                for (path, mode) in open {
                    line.wrong(format!("{} can be used by others (mode {mode:o})", path.display()));
                }
            }
            Err(error) => line.unless_failed(Err(error)),
        }
        line
    }
}

/// The digests whose blobs lie on a shelf.
fn blobs_on(shelf: &Path, first: &str) -> Result<BTreeSet<Digest>, StoreError> {
    let entries = match fs::read_dir(shelf) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(StoreError::at(shelf, error)),
    };
    let mut found = BTreeSet::new();
    for entry in entries {
        let name = entry.map_err(|error| StoreError::at(shelf, error))?.file_name();
        found.extend(format!("{first}{}", name.to_string_lossy()).parse::<Digest>().ok());
    }
    Ok(found)
}

fn fault_of(path: &Path, digest: &Digest, depth: Depth) -> Result<Option<String>, StoreError> {
    let read = match depth {
        Depth::Digests => read_through(path, |_| Ok(()))?.map(|(found, _)| found == *digest),
        Depth::Present => fs::metadata(path).map(|found| found.is_file()),
    };
    Ok(match read {
        Ok(true) => None,
        Ok(false) => {
            Some(format!("{} is damaged: its bytes no longer have the digest of its name", path.display()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Some(format!("{} is missing", path.display()))
        }
        Err(error) => Some(format!("{} cannot be read: {error}", path.display())),
    })
}

/// Folders lie three deep (`blobs/incoming/file`), so the depth is bounded by what we make ourselves.
fn look_at_rights(folder: &Path, count: &mut u64, open: &mut Vec<(PathBuf, u32)>) -> io::Result<()> {
    let mut folders = vec![folder.to_owned()];
    while let Some(path) = folders.pop() {
        let Ok(found) = fs::symlink_metadata(&path) else { continue }; // went away meanwhile: a half-written file
        *count += 1;
        let mode = found.permissions().mode() & 0o777;
        if mode & 0o077 != 0 && !found.is_symlink() {
            open.push((path.clone(), mode));
        }
        if found.is_dir() {
            for entry in fs::read_dir(&path)? {
                folders.push(entry?.path());
            }
        }
    }
    Ok(())
}
