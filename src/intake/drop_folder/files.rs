//! Files in a folder → their bytes, once they are whole; and from there to the subfolder of filed ones.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::LETTER_BYTES_HARD_MAX;
use crate::mishap::{self, Point};
use crate::model::Timestamp;

/// Names tried in `filed` before giving up: a program that always writes `letter.eml` gets `letter (2).eml` …
const NAMES_MAX: u32 = 100_000;

/// A file that is empty for longer is not one that somebody has just begun to write: it is told of.
const EMPTY_MAX: Duration = Duration::from_secs(60);

/// A file that may become a letter.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    path: PathBuf,
    seen: Seen,
}

/// What changes when a file does.
type Seen = (u64, u64, u64, i64, i64);

/// A candidate when it was looked at again.
pub(super) enum Opened {
    /// It changed, or is empty: somebody is still writing it.
    Changing,
    /// More than may be taken (bytes).
    TooLarge {
        /// The file's time.
        received_at: Timestamp,
        /// The file's size.
        bytes: u64,
    },
    /// It is whole.
    Whole {
        /// The file's time.
        received_at: Timestamp,
        /// All of it.
        bytes: Vec<u8>,
    },
}

/// Every `.eml` in the folder, by name; not those whose name begins with a dot, and no folders.
pub(super) fn letters(folder: &Path) -> io::Result<Vec<Candidate>> {
    let mut letters = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        let eml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("eml"));
        if hidden || !eml {
            continue;
        }
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) => letters.push(Candidate { path, seen: seen(&metadata) }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    letters.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(letters)
}

impl Candidate {
    /// The file's name.
    pub(super) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Reads the file if it is as it was when it was found, and stays so while it is read.
    pub(super) fn open_if_settled(&self) -> io::Result<Opened> {
        if !self.path.symlink_metadata()?.is_file() {
            // A link could name any file that this program may read, and others may not.
            return Err(io::Error::other("not a plain file"));
        }
        let mut file = File::open(&self.path)?;
        let metadata = file.metadata()?;
        let same = seen(&metadata) == self.seen;
        if same && metadata.len() == 0 && metadata.modified()?.elapsed().is_ok_and(|age| age > EMPTY_MAX) {
            return Err(io::Error::other("empty"));
        }
        if !same || metadata.len() == 0 {
            return Ok(Opened::Changing);
        }
        let received_at = Timestamp::try_from(metadata.modified()?).map_err(io::Error::other)?;
        if metadata.len() > LETTER_BYTES_HARD_MAX {
            return Ok(Opened::TooLarge { received_at, bytes: metadata.len() });
        }
        let mut bytes = Vec::new();
        file.by_ref().take(LETTER_BYTES_HARD_MAX).read_to_end(&mut bytes)?;
        let same = seen(&file.metadata()?) == self.seen && u64::try_from(bytes.len()) == Ok(metadata.len());
        Ok(if same { Opened::Whole { received_at, bytes } } else { Opened::Changing })
    }

    /// Moves the file to `filed`, durably, never over another file there. A file that changed meanwhile stays.
    pub(super) fn put_away(&self, filed: &Path) -> io::Result<PutAway> {
        if seen(&self.path.symlink_metadata()?) != self.seen {
            return Err(io::Error::other("it changed while it was being filed"));
        }
        // Letters are nobody else's, whatever rights their files came with.
        match DirBuilder::new().mode(0o700).create(filed) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let target = self.reserve(filed)?;
        mishap::at(Point::FileReserved);
        fs::rename(&self.path, &target)?;
        mishap::at(Point::FileMoved);
        File::open(filed)?.sync_all()?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(PutAway { filed: target, origin: self.path.clone(), seen: self.seen })
    }

    /// Makes an empty file under a free name, for the letter to be moved over.
    fn reserve(&self, filed: &Path) -> io::Result<PathBuf> {
        for number in 1..=NAMES_MAX {
            let mut name = OsString::new();
            if number == 1 {
                name.push(self.path.file_name().unwrap_or_default());
            } else {
                name.push(self.path.file_stem().unwrap_or_default());
                name.push(format!(" ({number}).eml"));
            }
            let target = filed.join(name);
            match OpenOptions::new().write(true).create_new(true).open(&target) {
                Ok(_) => return Ok(target),
                // Reserved by a process that ended before it could move the letter: no letter is empty.
                Err(_)
                    if target.symlink_metadata().is_ok_and(|found| found.is_file() && found.len() == 0) =>
                {
                    return Ok(target);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("too many files of that name"))
    }
}

/// A file that lies in `filed`, as it was when it came there.
#[derive(Debug)]
pub(super) struct PutAway {
    filed: PathBuf,
    origin: PathBuf,
    seen: Seen,
}

impl PutAway {
    /// Moves the file back if somebody has written to it since: what was filed is not all of it.
    pub(super) fn take_back_if_changed(&self) -> io::Result<bool> {
        match self.filed.symlink_metadata() {
            Ok(metadata) if seen(&metadata) == self.seen => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            found => found?,
        };
        // Not over another file that has come meanwhile.
        fs::hard_link(&self.filed, &self.origin)?;
        fs::remove_file(&self.filed)?;
        Ok(true)
    }
}

fn seen(metadata: &Metadata) -> Seen {
    (metadata.dev(), metadata.ino(), metadata.len(), metadata.mtime(), metadata.mtime_nsec())
}
