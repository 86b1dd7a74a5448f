//! What a backup holds ↔ `manifest.json`: the file that makes it one.

use serde::{Deserialize, Serialize};

use super::LostBlob;
use crate::model::{Digest, Timestamp};

/// The layout of today's backups; another number is another layout.
pub(super) const FORMAT: u32 = 1;

/// What a backup holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout of the backup's folder.
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
    /// The database's schema.
    pub schema: i64,
    /// When it was begun; the copy of the database is not older.
    pub taken_at: Timestamp,
    /// The copy of the database.
    pub database: DatabaseFile,
    /// Letters filed in it.
    pub filings: u64,
    /// Blobs that the database names.
    pub blobs: u64,
    /// Their bytes, as far as they are there.
    pub blob_bytes: u64,
    /// The newest line of the audit, by which a later backup sees that it goes on from here.
    pub mark: Option<Mark>,
    /// Blobs that the store had lost when the backup was taken: these are not in it.
    pub lost: Vec<LostBlob>,
}

/// A database in a backup.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DatabaseFile {
    /// Its name in the backup's folder.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Digest,
}

/// A line of the audit. Lines are never altered, removed or numbered anew, so a store that lacks it is another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// Its number.
    pub audit_line: i64,
    /// When it was written.
    pub at: Timestamp,
}

impl DatabaseFile {
    /// The name of the database with this digest: two databases never share one.
    pub(super) fn name(sha256: &Digest) -> String {
        format!("database-{sha256}.db")
    }

    /// Whether a file of a backup's folder is a database, of this or an earlier backup.
    pub(super) fn is_one(name: &str) -> bool {
        let middle = name.strip_prefix("database-").and_then(|name| name.strip_suffix(".db"));
        middle.is_some_and(|digest| digest.parse::<Digest>().is_ok())
    }
}
