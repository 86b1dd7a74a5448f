//! Everything that is kept: one SQLite database and a folder of blobs, readable by their owner only.
//!
//! Methods are use cases in the words of the domain, each one transaction: done wholly or not at all. SQL lives here and
//! nowhere else, written in what SQLite and PostgreSQL both understand; full-text search, which differs, sits in
//! `dialect`. Nothing here asks for the time: `now` is a parameter.

mod alphabet;
mod attempts;
mod audit;
mod backup;
mod blobs;
mod check;
mod codes;
mod columns;
mod dialect;
mod error;
mod filings;
mod folder;
mod found;
mod health;
mod holders;
mod ledger;
mod lights;
mod lists;
mod notices;
mod people;
mod pictures;
mod proofs;
mod quarantine;
mod readings;
mod registry;
mod review;
mod schema;
mod scope;
mod search_text;
mod seeking;
mod sessions;
mod shelf;
mod tidings;
mod verdicts;
mod visits;
mod within;
mod work;

#[cfg(test)]
mod tests;

pub use alphabet::{AlphabetChange, AlphabetRow};
pub use backup::{BackupReport, DatabaseFile, LostBlob, Manifest, Mark, RestoreReport};
pub use check::{Checked, Depth};
pub use error::StoreError;
pub use health::{NewestFiling, StoreFigures};
pub use lights::Assessor;
pub use people::{Deed, KeptPassword};
pub use readings::{MadeReading, UnreadFiling};
pub use review::{DueReview, Review};
pub use sessions::SessionLimits;
pub use shelf::{SHELF_AGE_MAX, SHELF_BYTES_MAX, Shelved, ShelvedTerms};
pub use visits::VisitRefusal;
pub use within::{DeskHit, LetterFilter, SearchFilter, Within};

use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use attempts::Forgiven;
use folder::Folder;
use work::Work;

/// How long to wait for another process (a command beside the daemon) that writes. Its transactions last milliseconds;
/// a copy of the whole database by a backup program, seconds.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// How long to wait for a connection of our own: the queue of writers, each at most [`LOCK_WAIT`] and seldom that.
const CONNECTION_WAIT: Duration = Duration::from_secs(30);

/// Readers at the same time. WAL lets them read beside the writer; more than a few only share the same disk.
const READERS_MAX: u32 = 4;

/// What a reader keeps of the database between its statements (`PRAGMA cache_size`, in KiB where negative): every search
/// walks the upper pages of the same indexes. SQLite's own measure is 2,000.
const READER_CACHE: &str = "-8192";

/// Held by the one daemon of a store; a process that ends, however it ends, gives it back.
#[derive(Debug)]
#[must_use = "another daemon may begin when it is dropped"]
pub struct DaemonLock(#[expect(dead_code, reason = "it is only held")] File);

/// The store, open. A clone is the same store.
#[derive(Clone, Debug)]
pub struct Store(Arc<Open>);

#[derive(Debug)]
struct Open {
    folder: Folder,
    /// One connection: SQLite has one writer at a time, and a queue is fairer than its lock.
    writer: SqlitePool,
    readers: SqlitePool,
    /// Held while the store is open; see [`Folder::prepare`].
    lock: File,
    /// Attempts that failed through the store itself, where that could not be written down.
    forgiven: Forgiven,
    /// Who says what a clerk may do with a letter; without one no lights are made.
    assessor: Assessing,
}

#[derive(Default)]
struct Assessing(RwLock<Option<Arc<dyn Assessor>>>);

impl fmt::Debug for Assessing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assessing")
    }
}

impl Store {
    /// Opens the store in `folder`, making what is missing. An older database is brought to today's shape. A folder
    /// that others could read is closed to them.
    ///
    /// # Errors
    /// When the folder cannot be used or holds other files, or the database is damaged or was made by a newer program.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.to_owned();
        let (folder, lock) = off_the_async_workers(move || Folder::prepare(&path)).await?;
        let database = folder.database();
        let options = SqliteConnectOptions::new()
            .filename(&database)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(LOCK_WAIT);
        let writer = pool(1)
            .connect_with(options.clone())
            .await
            .map_err(|error| StoreError::of_database(&database, error))?;
        let readers = pool(READERS_MAX)
            .connect_lazy_with(options.pragma("query_only", "ON").pragma("cache_size", READER_CACHE));
        let store = Self(Arc::new(Open {
            folder,
            writer,
            readers,
            lock,
            forgiven: Forgiven::default(),
            assessor: Assessing::default(),
        }));
        schema::migrate(&store).await?;
        let shared = store.clone();
        off_the_async_workers(move || shared.folder().share(&shared.0.lock)).await?;
        Ok(store)
    }

    /// Makes this process the one daemon of the store, for as long as the answer is held.
    ///
    /// # Errors
    /// When another daemon runs on the same store.
    pub fn be_the_daemon(&self) -> Result<DaemonLock, StoreError> {
        let lock = self.folder().daemon_lock()?;
        lock.map(DaemonLock).ok_or_else(|| StoreError::DaemonRuns { folder: self.folder().path().to_owned() })
    }

    /// Closes the connections in order, which empties the write-ahead log. A store dropped without it is whole too.
    pub async fn close(&self) {
        self.0.readers.close().await;
        self.0.writer.close().await;
    }

    /// From now on lights are made by `assessor`, in this store and its clones. Those made before stay until
    /// [`Store::relight`].
    pub fn assess_by(&self, assessor: Arc<dyn Assessor>) {
        *self.0.assessor.0.write().unwrap_or_else(PoisonError::into_inner) = Some(assessor);
    }

    fn assessor(&self) -> Option<Arc<dyn Assessor>> {
        self.0.assessor.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn folder(&self) -> &Folder {
        &self.0.folder
    }

    /// A transaction that writes; others wait for their turn.
    async fn writing(&self) -> Result<Work, StoreError> {
        Work::begin(&self.0.writer, "BEGIN IMMEDIATE", self.folder().database()).await
    }

    /// A transaction that reads: all its statements see the same moment.
    async fn reading(&self) -> Result<Work, StoreError> {
        Work::begin(&self.0.readers, "BEGIN", self.folder().database()).await
    }
}

fn pool(connections_max: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(CONNECTION_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        // When a commit finds the disk full, SQLite rolls back by itself; the library's own rollback then fails, and it
        // would count that transaction as open, and refuse to begin another, for as long as the connection lives.
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
}

/// Runs what hashes or waits for the disk where it holds nobody up.
async fn off_the_async_workers<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(StoreError::Interrupted),
        },
    }
}
