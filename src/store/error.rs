//! What can go wrong in the store → a sentence with the place and the remedy, and whether to try again.

use std::io;
use std::path::{Path, PathBuf};

use super::VisitRefusal;
use crate::model::{BranchId, CodeId, FilingId, Login, OrganisationId, QuarantineId, ServiceId};

/// Why the store did not do what it was asked. Nothing is half done: every use case is one transaction.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store's folder or a file in it cannot be used.
    #[error(
        "`{path}` in the store cannot be used: {source}; see that this user owns the store folder and may write there"
    )]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder named for the store holds something else.
    #[error(
        "`{folder}` holds other files and no store (found `{found}`): give the store a folder of its own"
    )]
    NotAStore {
        /// The folder.
        folder: PathBuf,
        /// One of the other files.
        found: String,
    },
    /// Another daemon watches for this store.
    #[error(
        "another `skrynka run` works on the store `{folder}`: stop it first, or give this one a store of its own"
    )]
    DaemonRuns {
        /// The store's folder.
        folder: PathBuf,
    },
    /// The file system has no room.
    #[error("no room left for the store in `{path}`: free some space or move the store")]
    DiskFull {
        /// Where.
        path: PathBuf,
    },
    /// Another program held the database for longer than we wait.
    #[error(
        "the store's database `{database}` is locked by another program: wait for it to end, or look who holds it (`fuser`)"
    )]
    Locked {
        /// The database.
        database: PathBuf,
    },
    /// The database cannot be written.
    #[error(
        "the store's database `{database}` cannot be written: see that this user owns it and that the file system is not read-only"
    )]
    NotWritable {
        /// The database.
        database: PathBuf,
    },
    /// The database was made by a newer program.
    #[error(
        "the store's database `{database}` was made by a newer skrynka (schema {found}, this one knows {known}): use the newer program"
    )]
    NewerSchema {
        /// The database.
        database: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// The database is not readable as one.
    #[error(
        "the store's database `{database}` is damaged ({detail}): stop the daemon and restore the folder from a backup"
    )]
    Damaged {
        /// The database.
        database: PathBuf,
        /// What the database said.
        detail: String,
    },
    /// The database refused for another reason.
    #[error("the store's database `{database}` refused: {source}")]
    Database {
        /// The database.
        database: PathBuf,
        /// What it said.
        source: sqlx::Error,
    },
    /// A value in the database is not what this program would have written.
    #[error(
        "the store holds a {column} that cannot be read ({detail}): the row was written by another program"
    )]
    Unreadable {
        /// The column.
        column: String,
        /// Why not.
        detail: String,
    },
    /// A blob's bytes are not those that were kept.
    #[error(
        "the blob `{path}` is damaged: its bytes no longer have the digest of its name; restore it from a backup"
    )]
    BlobDamaged {
        /// Its file.
        path: PathBuf,
    },
    /// A blob that should be there is not.
    #[error("the blob `{path}` is missing: restore it from a backup")]
    BlobMissing {
        /// Its file.
        path: PathBuf,
    },
    /// A backup's folder or a file in it cannot be used.
    #[error(
        "`{path}` in the backup cannot be used: {source}; see that its disk is there and has room, and that this user may read and write there"
    )]
    Backup {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder named for a backup holds something else.
    #[error(
        "`{folder}` holds other files and no backup (found `{found}`): give the backup a folder of its own"
    )]
    NotABackup {
        /// The folder.
        folder: PathBuf,
        /// One of the other files.
        found: String,
    },
    /// The backup's folder and the store's lie in each other.
    #[error(
        "the backup `{folder}` and the store `{store}` lie in each other: a backup belongs on another disk"
    )]
    BackupInStore {
        /// The backup's folder.
        folder: PathBuf,
        /// The store's.
        store: PathBuf,
    },
    /// Another program has the backup's folder.
    #[error("the backup `{folder}` is being written or restored by another skrynka: wait for it to end")]
    BackupBusy {
        /// The folder.
        folder: PathBuf,
    },
    /// The backup in the folder has something that the store has not.
    #[error(
        "`{folder}` holds a backup of another store, or this store was set back to an earlier state (the backup has an audit line {audit_line} that this store has not); nothing was replaced: give this backup another folder"
    )]
    BackupOfAnother {
        /// The folder.
        folder: PathBuf,
        /// The audit line that tells.
        audit_line: i64,
    },
    /// There is no finished backup in the folder.
    #[error(
        "`{folder}` holds no finished backup (there is no `manifest.json`): name a folder that `skrynka backup` wrote"
    )]
    NoBackup {
        /// The folder.
        folder: PathBuf,
    },
    /// A backup is not what it was when it was made.
    #[error("the backup's `{path}` is damaged ({detail}): restore from another backup; nothing was restored")]
    BackupDamaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// A backup lacks letters.
    #[error(
        "the backup `{folder}` lacks the bytes of {count} letters, first `{first}` ({why}): restore from another backup, or restore what there is with --keep-going"
    )]
    BackupIncomplete {
        /// The folder.
        folder: PathBuf,
        /// How many.
        count: usize,
        /// The first of them.
        first: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A restored store would overwrite something.
    #[error(
        "`{folder}` is not empty (found `{found}`): a store is restored into an empty or new folder only"
    )]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
        /// What it holds.
        found: String,
    },
    /// The program stopped while the work ran.
    #[error("the store was closed before the work was done")]
    Interrupted,

    /// Two entries of a registry have the same key.
    #[error("the registry names {what} `{id}` twice: give each its own id")]
    RepeatedEntry {
        /// `organisation`, `branch` or `service`.
        what: &'static str,
        /// The key.
        id: String,
    },
    /// A service names a branch twice.
    #[error("service `{service}` names the branch `{branch}` twice: name it once")]
    RepeatedBranch {
        /// The service.
        service: ServiceId,
        /// The branch.
        branch: BranchId,
    },
    /// An entry refers to one that is not in the registry.
    #[error(
        "{what} `{id}` refers to {missing_what} `{missing}`, which the registry does not have: add it or correct the id"
    )]
    MissingEntry {
        /// `branch` or `service`.
        what: &'static str,
        /// The key of the one that refers.
        id: String,
        /// `organisation` or `branch`.
        missing_what: &'static str,
        /// The key referred to.
        missing: String,
    },
    /// No such branch, or it is closed.
    #[error("there is no open branch `{0}`: see `skrynka registry show`")]
    NoSuchBranch(BranchId),
    /// No such service at this branch, or it is closed.
    #[error("there is no open service `{service}` at the branch `{branch}`: see `skrynka registry show`")]
    NoSuchService {
        /// The service.
        service: ServiceId,
        /// The branch.
        branch: BranchId,
    },
    /// Copies may be asked for only on a legal ground, for a term, with somebody responsible.
    #[error(
        "service `{service}` has no {lacks}: copies may be asked for only with a legal ground, a retention term and a responsible person; add it to the registry"
    )]
    ServiceNotReady {
        /// The service.
        service: ServiceId,
        /// What it lacks.
        lacks: &'static str,
    },
    /// A code must be for something and ask for something.
    #[error("a code needs at least one {0}")]
    EmptyCode(&'static str),
    /// Another code has the same payload.
    #[error(
        "this payload is already that of code {code}: each code is kept once (see `skrynka code show {code}`)"
    )]
    PayloadTaken {
        /// That code.
        code: CodeId,
    },
    /// Another code has the same token.
    #[error("the token is already that of code {code}: draw another one")]
    TokenTaken {
        /// That code.
        code: CodeId,
    },
    /// No such code.
    #[error("there is no code {0}: see `skrynka code list`")]
    NoSuchCode(CodeId),
    /// A visit cannot do what was asked.
    #[error(transparent)]
    Visit(#[from] VisitRefusal),
    /// The login is another person's.
    #[error("the login `{0}` is taken: see `skrynka person list`")]
    LoginTaken(Login),
    /// No such person.
    #[error("there is no person with the login `{0}`: see `skrynka person list`")]
    NoSuchPerson(Login),
    /// No such organisation.
    #[error("there is no organisation `{0}`: see `skrynka registry show`")]
    NoSuchOrganisation(OrganisationId),
    /// A person who would see nothing.
    #[error("name at least one branch (`--branch`) or organisation (`--organisation`) that the person sees")]
    SeesNothing,
    /// No such letter in quarantine.
    #[error("there is no letter {0} in quarantine: see `skrynka quarantine list --all`")]
    NotInQuarantine(QuarantineId),
    /// A letter was to be accounted for by a filing of other bytes or of another mailbox.
    #[error("filing {0} is not of this letter")]
    WrongFiling(FilingId),
}

impl StoreError {
    /// Whether the same call may succeed later without a change of what was asked: somebody may free the disk, the
    /// lock or the folder. A branch or session that went away between matching and filing counts too: matched anew, the
    /// letter is filed.
    #[must_use]
    pub fn retry(&self) -> bool {
        match self {
            Self::Folder { .. }
            | Self::DiskFull { .. }
            | Self::Locked { .. }
            | Self::NotWritable { .. }
            | Self::Backup { .. }
            | Self::BackupBusy { .. }
            | Self::Interrupted => true,
            Self::Database { source, .. } => {
                matches!(source, sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed)
                    || source.as_database_error().is_some_and(|error| error.is_foreign_key_violation())
            }
            _ => false,
        }
    }

    /// Whether this is the fault of what was to be written, in whatever state the store is: the database refused the
    /// statement itself. Everything else concerns the store as a whole, and waits.
    #[must_use]
    pub fn of_what_was_written(&self) -> bool {
        let Self::Database { source, .. } = self else { return matches!(self, Self::WrongFiling(_)) };
        // ERROR, TOOBIG, CONSTRAINT, MISMATCH, RANGE
        primary_code(source).is_some_and(|code| matches!(code, 1 | 18 | 19 | 20 | 25))
    }

    /// A failure of the file system at `path`.
    pub(super) fn at(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Folder { path, source },
        }
    }

    /// A failure of the file system at `path` in a backup.
    pub(super) fn in_backup(path: &Path, source: io::Error) -> Self {
        Self::Backup { path: path.to_owned(), source }
    }

    /// A failure of the database, told by SQLite's primary result code (<https://sqlite.org/rescode.html>).
    pub(super) fn of_database(database: &Path, source: sqlx::Error) -> Self {
        let database = database.to_owned();
        if matches!(source, sqlx::Error::PoolTimedOut) {
            return Self::Locked { database };
        }
        if matches!(source, sqlx::Error::PoolClosed) {
            return Self::Interrupted;
        }
        match primary_code(&source) {
            Some(5 | 6) => Self::Locked { database },           // BUSY, LOCKED
            Some(3 | 8 | 14) => Self::NotWritable { database }, // PERM, READONLY, CANTOPEN
            Some(13) => Self::DiskFull { path: database },      // FULL
            Some(11 | 26) => Self::Damaged { database, detail: source.to_string() }, // CORRUPT, NOTADB
            _ => Self::Database { database, source },
        }
    }
}

/// SQLite's primary result code, the low byte of the extended one (<https://sqlite.org/rescode.html>).
fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let extended: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(extended & 0xff)
}
