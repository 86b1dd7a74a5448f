//! A database file that nobody writes → what it holds.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use super::manifest::Mark;
use crate::model::{Digest, Timestamp};
use crate::store::columns::{moment, value};
use crate::store::work::Work;
use crate::store::{StoreError, blobs, check, pool, schema};

/// A copy of the database, opened as it lies: nothing is made beside it.
pub(super) struct Still {
    pool: SqlitePool,
    file: PathBuf,
}

/// What a manifest says of a database.
pub(super) struct Facts {
    pub(super) schema: i64,
    pub(super) filings: u64,
    pub(super) mark: Option<Mark>,
}

impl Still {
    pub(super) async fn open(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
        let pool = pool(1).connect_with(options).await;
        let pool = pool.map_err(|error| StoreError::of_database(file, error))?;
        Ok(Self { pool, file: file.to_owned() })
    }

    pub(super) async fn close(self) {
        self.pool.close().await;
    }

    /// That its pages and indexes are whole; the fault names `database`.
    pub(super) async fn require_soundness(&self, database: &Path) -> Result<(), StoreError> {
        match check::unsound(&mut self.work().await?).await?.first() {
            None => Ok(()),
            Some(detail) => {
                Err(StoreError::Damaged { database: database.to_owned(), detail: detail.clone() })
            }
        }
    }

    pub(super) async fn facts(&self) -> Result<Facts, StoreError> {
        let mut work = self.work().await?;
        let filings = work.one(sqlx::query("SELECT COUNT(*) AS n FROM filing")).await?;
        let newest = sqlx::query("SELECT id, at FROM audit ORDER BY id DESC LIMIT 1");
        let mark = work
            .maybe(newest)
            .await?
            .map(|row| Ok::<_, StoreError>(Mark { audit_line: value(&row, "id")?, at: moment(&row, "at")? }));
        Ok(Facts {
            schema: schema::version(&mut work).await?,
            filings: u64::try_from(value::<i64>(&filings, "n")?).unwrap_or_default(),
            mark: mark.transpose()?,
        })
    }

    /// Whether it has this line of the audit.
    pub(super) async fn has(&self, mark: &Mark) -> Result<bool, StoreError> {
        let line = sqlx::query("SELECT at FROM audit WHERE id = $1").bind(mark.audit_line);
        let row = self.work().await?.maybe(line).await?;
        let at: Option<Timestamp> = row.map(|row| moment(&row, "at")).transpose()?;
        Ok(at == Some(mark.at))
    }

    /// The next blobs that it names, in order.
    pub(super) async fn named(&self, after: Option<&Digest>, limit: u32) -> Result<Vec<Digest>, StoreError> {
        let after = after.map(ToString::to_string).unwrap_or_default();
        blobs::named(&mut self.work().await?, &after, blobs::ABOVE_ALL, limit).await
    }

    async fn work(&self) -> Result<Work, StoreError> {
        Work::begin(&self.pool, "BEGIN", self.file.clone()).await
    }
}
